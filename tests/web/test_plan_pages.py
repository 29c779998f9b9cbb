import csv
import io
import json
import re
import sqlite3

import openpyxl
import pytest

from assetmgr.services import plan_exports
from assetmgr.web.budget_chart import budget_chart, round_up

PLAN = "/botkyrka/plan/2027/utkast-a"


@pytest.fixture
def planner(site):
    return site.signed_in("planner")


def shown_years(page: str) -> set[str]:
    body = page.split('class="data-table cards plan-rows"')[1].split("</table>")[0]
    return set(re.findall(r'<td class="num year">(\d{4})</td>', body))


def test_list_leads_to_each_plan(planner):
    page = planner.get("/botkyrka/plan/").text
    assert f'href="{PLAN}"' in page
    assert "2027–2031" in page


def test_plan_shows_money_against_budget_as_drawing_and_as_table(planner):
    page = planner.get(PLAN).text
    assert page.count('class="chart"') == 2
    assert page.count('<rect class="budget-tick" x') == 10
    table = page.split("<details>")[1].split("</table>")[0].replace("\u00a0", " ")
    assert table.count("2 500 000") >= 10


def test_sum_that_rests_on_unverified_prices_is_told_first(planner):
    page = planner.get(PLAN).text
    assert page.index("message-warn") < page.index('class="chart"')


def test_rows_are_filtered_by_year_fund_and_kind(planner):
    assert shown_years(planner.get(PLAN).text) == {"2027", "2028", "2029", "2030", "2031"}
    assert shown_years(planner.get(f"{PLAN}?ar=2029").text) == {"2029"}
    only_va = planner.get(f"{PLAN}?kollektiv=va").text
    assert 'class="tag fund-va"' in only_va
    assert 'class="tag fund-tax"' not in only_va
    checks = planner.get(f"{PLAN}?slag=lagstadgad-kontroll").text
    body = checks.split('class="data-table cards plan-rows"')[1]
    assert "kind-statutory_check" in body
    assert "kind-value_preserving" not in body


def test_each_row_says_why(planner):
    page = planner.get(PLAN).text
    body = page.split('class="data-table cards plan-rows"')[1].split("</table>")[0]
    assert body.count("<details>") == body.count("<tr>") - 1 == body.count('<tr class="why">')
    assert "Varför 2027?" in body
    reasons = re.findall(r'<p class="reason">([^<]+)</p>', body)
    assert all(len(reason) > 40 for reason in reasons)


@pytest.mark.parametrize("arguments", ["ar=1999", "ar=x", "ar=²²²²", "kollektiv=x", "slag=x", "sida=9999", "visa=x"])
def test_arguments_that_mean_nothing_still_open_the_plan(planner, arguments):
    assert planner.get(f"{PLAN}?{arguments}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/botkyrka/plan/2026/utkast-a",
        "/botkyrka/plan/2027/finns-inte",
        f"{PLAN}/hamta/exe",
        f"{PLAN}/hamta/csv?ar=1999",
    ],
)
def test_what_is_no_plan_or_file_is_not_there(planner, path):
    assert planner.get(path).status_code == 404


def test_uid_opens_the_plan_too(site, planner):
    from assetmgr.store import plans

    with site.register.engine.connect() as connection:
        uid = plans.find(connection, site.register.botkyrka, "Utkast Å")["uid"]
    assert planner.get(f"/botkyrka/plan/2027/{uid}").status_code == 200


def test_plans_whose_names_read_alike_have_addresses_of_their_own(own_site):
    from assetmgr.services import plans
    from tests.web.small_register import operator_of

    with own_site.register.writing(operator_of(own_site)) as work:
        plans.generate(work, "Utkast A", 2027, 1, {"va": {2027: 1_000_000}})
    client = own_site.signed_in("planner")
    links = re.findall(r'<th scope="row"><a href="([^"]+)">([^<]+)</a>', client.get("/botkyrka/plan/").text)
    assert len({href for href, _name in links}) == 2
    for href, name in links:
        assert f"<h1>{name}, " in client.get(href).text


def test_whoever_does_not_see_all_is_told_so_without_numbers(site):
    note = "You do not see every measure"
    swedish = "Du ser inte alla åtgärder"
    hidden = site.signed_in("decider").get(PLAN).text
    assert note in hidden or swedish in hidden
    whole = site.signed_in("asset_owner").get(PLAN).text
    assert note not in whole
    assert swedish not in whole


def test_downloads_are_offered_to_those_who_may_have_them(site):
    assert "/hamta/xlsx" in site.signed_in("decider").get(PLAN).text
    assert "/hamta/" not in site.signed_in("inspector").get(PLAN).text


@pytest.mark.parametrize("format_name", ["xlsx", "csv", "gpkg", "geojson"])
def test_file_comes_whole_with_a_safe_name_and_is_kept_nowhere(planner, format_name, tmp_path, monkeypatch):
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    answer = planner.get(f"{PLAN}/hamta/{format_name}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f"attachment; filename=botkyrka-utkast-a.{format_name}"
    assert int(answer.headers["Content-Length"]) == len(answer.data) > 0
    assert list(tmp_path.iterdir()) == []
    OPENED[format_name](answer.data, tmp_path)


def _workbook(data, _folder):
    sheets = openpyxl.load_workbook(io.BytesIO(data)).sheetnames
    assert len(sheets) == 6


def _text(data, _folder):
    assert data.startswith(b"\xef\xbb\xbf")
    assert len(list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))) > 3


def _package(data, folder):
    (folder / "plan.gpkg").write_bytes(data)
    tables = sqlite3.connect(folder / "plan.gpkg").execute("SELECT table_name FROM gpkg_contents").fetchall()
    assert len(tables) == 1


def _geojson(data, _folder):
    assert json.loads(data)["type"] == "FeatureCollection"


OPENED = {"xlsx": _workbook, "csv": _text, "gpkg": _package, "geojson": _geojson}


def test_every_format_of_the_exports_can_be_downloaded(planner):
    page = planner.get(f"{PLAN}?ar=2028").text
    for name in plan_exports.EXPORT_FORMATS:
        assert f"{PLAN}/hamta/{name}" in page
        assert f"{PLAN}/hamta/{name}?ar=2028" in page


def test_file_of_one_year_holds_that_year_alone(planner):
    answer = planner.get(f"{PLAN}/hamta/csv?ar=2028")
    assert "botkyrka-utkast-a-2028.csv" in answer.headers["Content-Disposition"]
    table = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    place = next(row for row in table if "År" in row or "Year" in row)
    column = place.index("År") if "År" in place else place.index("Year")
    years = {row[column] for row in table[table.index(place) + 1 :] if len(row) > column and row[column]}
    assert years == {"2028"}


def test_file_of_a_reader_holds_nothing_that_the_reader_may_not_see(site):
    from tests.web.small_register import HIDDEN_NAME

    assert HIDDEN_NAME not in site.signed_in("decider").get(f"{PLAN}/hamta/csv").data.decode("utf-8-sig")
    assert HIDDEN_NAME in site.signed_in("asset_owner").get(f"{PLAN}/hamta/csv").data.decode("utf-8-sig")


@pytest.mark.parametrize(("amount", "top"), [(1, 1), (6_500_000, 10_000_000), (10, 10), (1_100_000, 2_000_000)])
def test_scale_ends_at_a_round_number_above_the_largest_amount(amount, top):
    assert round_up(amount) == top


def test_bar_of_a_year_is_as_high_as_its_cost_and_the_tick_stands_at_the_budget():
    chart = budget_chart("va", [2027, 2028], {"2027": 500, "2028": 0}, {"2027": 1000, "2028": 250}, {}, frozenset())
    first, second = chart.bars
    assert (first.height, second.height) == (75.0, 0.0)
    assert (first.tick_y, second.tick_y) == (14.0, 126.5)
    assert (chart.cost_sek, chart.budget_sek) == (500, 1250)


def test_drawing_of_a_plan_without_money_has_no_bars():
    chart = budget_chart("va", range(2027, 2077), {}, {}, {}, frozenset())
    assert {bar.height for bar in chart.bars} == {0.0}
    assert sum(1 for bar in chart.bars if bar.label) <= 12
