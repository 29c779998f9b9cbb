import re

import pytest
from sqlalchemy import text

from tests.web.small_register import operator_of

PHONE = "070-555 01 23"


def rows(page: str) -> dict[str, str]:
    """Field and value of the page's lists of fields."""
    return {
        field: re.sub(r"<[^>]+>", "", value).strip()
        for field, value in re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", page, re.DOTALL)
    }


def address(site, key: str, tab: str = "") -> str:
    return f"/botkyrka/tillgang/{site.uids[key]}/{tab}"


def test_page_tells_what_it_is_in_words_and_units(site):
    page = site.signed_in("inspector").get(address(site, "V-0000")).text.replace("\u00a0", " ")
    assert rows(page)["Material"] == "Gråjärn"
    assert rows(page)["Dimension"] == "150 mm"
    assert rows(page)["Läggningsår"] == "1955"
    assert rows(page)["Längd"] == "100,5 m"
    assert "E 131" in page.replace("\u00a0", " ")
    assert "SWEREF 99 18 00" in page


def test_condition_has_its_native_grade_and_how_sure_it_is(site):
    client = site.signed_in("inspector")
    seen = client.get(address(site, "V-0000")).text
    assert "P122 4" in seen
    assert 'href="#mark-E"' in seen
    assert "2026-09-02" in seen
    assert seen.count('class="sure"') == 3
    older = client.get(address(site, "V-0001")).text
    assert older.split('class="facts"')[1].split("</dl>")[0].count('class="sure"') == 2
    estimated = client.get(address(site, "V-0002")).text
    assert estimated.split('class="facts"')[1].split("</dl>")[0].count('class="sure"') == 1


def test_inspections_are_drawn_and_stand_in_a_table_too(site):
    client = site.signed_in("inspector")
    assert 'class="curve"' in client.get(address(site, "V-0000")).text
    assert 'class="curve"' not in client.get(address(site, "V-0001")).text, "one point is no development"
    table = client.get(address(site, "V-0000", "besiktningar")).text
    assert table.index("2026-09-02") < table.index("2019-05-02")
    assert "Spricka i hjässan" in table


def test_parts_and_what_they_are_part_of_lead_to_each_other(site):
    client = site.signed_in("inspector")
    building = client.get(address(site, "B-1")).text
    for key in ("K-1", "K-2", "K-3", "F-1"):
        assert address(site, key) in building
    assert address(site, "B-1") in client.get(address(site, "K-1")).text


def test_pipe_and_its_nodes_lead_to_each_other(site):
    client = site.signed_in("inspector")
    pipe = client.get(address(site, "V-0007")).text
    assert address(site, "N-0") in pipe
    assert address(site, "N-1") in pipe
    assert address(site, "V-0007") in client.get(address(site, "N-0")).text


@pytest.mark.parametrize("identity", ["V-0000", "prov:V-0000"])
def test_key_leads_to_the_page_and_its_tabs(site, identity):
    client = site.signed_in("inspector")
    answer = client.get(f"/botkyrka/tillgang/{identity}/")
    assert (answer.status_code, answer.location) == (302, address(site, "V-0000"))
    assert client.get(f"/botkyrka/tillgang/{identity}/historik").status_code == 200


@pytest.mark.parametrize("identity", ["finns-inte", "prov:finns-inte", ":", "01a20eac", "%25", "a" * 3000])
def test_what_is_no_asset_is_not_there(site, identity):
    assert site.signed_in("inspector").get(f"/botkyrka/tillgang/{identity}/").status_code == 404


def test_planned_measure_stands_with_its_reason(site):
    page = site.signed_in("inspector").get(address(site, "V-0000", "atgarder")).text
    assert "/botkyrka/plan/2027/utkast-a" in page
    assert 'class="reason">' in page
    assert "Utkast Å" in site.signed_in("inspector").get(address(site, "V-0000")).text


def test_history_tells_who_when_why_and_each_value(site):
    page = site.signed_in("inspector").get(address(site, "V-0000", "historik")).text
    events = page.split('<li class="card">')[1:]
    assert len(events) == 4
    assert all("operatör" in event and "provregister" in event for event in events)
    assert "Gråjärn" in events[-1]
    assert "100,5" in events[-1]
    assert address(site, "N-0") in events[-1], "nodes by name, not by number"
    assert "01060000" not in page, "no raw geometry"


def test_change_shows_the_value_before_and_after(own_site):
    from assetmgr.store import assets

    with own_site.register.writing(operator_of(own_site), "Fel i underlaget") as work:
        row = assets.find(work.connection, work.actor, own_site.uids["V-0002"])
        assets.update_many(work, [row["id"]], [row["uid"]], [{"material": "GJJ"}], [{"material": "SEG"}])
    page = own_site.signed_in("inspector").get(address(own_site, "V-0002", "historik")).text
    change = page.split('<li class="card">')[1]
    assert "Fel i underlaget" in change
    assert [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td>(.*?)</td>", change)] == ["Gråjärn", "Segjärn"]


@pytest.mark.parametrize("tab", ["", "historik"])
@pytest.mark.parametrize(
    ("role", "may_see"),
    [("asset_owner", True), ("case_officer", True), ("inspector", False), ("planner", False), ("administrator", False)],
)
def test_values_about_people_are_for_those_with_the_right_to_them(site, tab, role, may_see):
    page = site.signed_in(role).get(address(site, "F-1", tab)).text
    assert (PHONE in page) is may_see
    assert ("Åsa Öberg" in page) is may_see
    assert "personal" not in page


def test_value_about_a_person_that_was_disposed_of_is_told_as_gone(own_site):
    with own_site.register.engine.begin() as connection:
        connection.execute(text("DELETE FROM personal_value"))
    page = own_site.signed_in("case_officer").get(address(own_site, "F-1", "historik")).text
    assert PHONE not in page
    assert page.count("No longer kept") + page.count("Finns inte längre") == 2


def test_every_tab_counts_what_it_holds(site):
    page = site.signed_in("inspector").get(address(site, "V-0000")).text
    tabs = page.split('class="tabs"')[1].split("</nav>")[0]
    assert re.findall(r'<span class="num count">(\d+)</span>', tabs) == ["2", "1", "4"]


def test_history_dates_an_inspection_by_when_it_was_done(site):
    page = site.signed_in("inspector").get(address(site, "V-0000", "historik")).text
    assert "Besiktat 2026-09-02" in page


def test_value_that_nobody_stated_is_calculated_and_said_to_be(site):
    client = site.signed_in("inspector")
    calculated, stated = (
        client.get(address(site, key)).text.split('class="facts"')[1].split("</dl>")[0].replace("\u00a0", " ")
        for key in ("V-0059", "V-0000")
    )
    assert re.search(r"≈ </span>[\d ]+ kr", calculated)
    assert "ej kontrollerat pris" in calculated
    assert "500 000 kr" in stated
    assert "≈" not in stated
    assert "ej kontrollerat" not in stated
