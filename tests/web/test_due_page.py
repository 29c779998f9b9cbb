"""The whole list of what falls due."""

import re

import pytest

PAGE = "/botkyrka/forfaller/"


def tab_counts(page: str) -> list[int]:
    tabs = page.split('class="tabs"')[1].split("</nav>")[0]
    return [int(count.replace("\u00a0", "")) for count in re.findall(r'class="num count">([^<]+)<', tabs)]


def rows(page: str) -> list[str]:
    return page.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:] if "<tbody>" in page else []


def test_start_page_leads_to_all_that_it_counts(site):
    assert f'href="{PAGE}"' in site.signed_in("inspector").get("/botkyrka/").text


def test_every_row_is_in_just_one_view_with_its_asset_and_day(site):
    client = site.signed_in("inspector")
    counts = tab_counts(client.get(PAGE).text)
    assert sum(counts) > 0
    for view, count in zip(("lagstadgat", "egna", "kommande"), counts, strict=True):
        found = rows(client.get(PAGE, query_string={"visa": view}).text)
        assert len(found) == min(count, 50)
        for row in found:
            assert re.search(r'href="/botkyrka/tillgang/[0-9a-f-]{36}/"', row)
            assert re.search(r"20\d\d-\d\d-\d\d", row)


@pytest.mark.parametrize("arguments", ["visa=x", "sida=9999", "sida=x", "sida=-1", "visa=kommande&sida=²"])
def test_arguments_that_mean_nothing_still_open_the_list(site, arguments):
    assert site.signed_in("inspector").get(f"{PAGE}?{arguments}").status_code == 200
