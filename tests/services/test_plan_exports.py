"""Plans as files: sums that tie, real numbers and dates, text that stays text, and nobody's name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyogrio
import pytest
import python_calamine

from assetmgr.errors import AssetmgrError, NotAllowed, NotFound
from assetmgr.exports import workbook
from assetmgr.services import plan_exports
from assetmgr.services.plans import refresh
from assetmgr.store.access import Actor
from assetmgr.store.writing import reading
from tests.planned_register import BUDGETS, FIRST_YEAR, FORMULA_LIKE, make_plan, new_register, register_at, shown
from tests.registers import TestRegister

SHEETS = ["Försättsblad", "Sammanställning", "Åtgärder", "Ofinansierat", "Lagstadgade kontroller", "Antaganden"]
PERSON = "Karin Lindqvist"
DEAR_YEAR = 2030


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestRegister]:
    """A demonstration register with one plan, made by somebody with a name."""
    register = new_register(tmp_path_factory.mktemp("exports"), demo_as_of=date(2026, 1, 1))
    tax = {**BUDGETS["tax"], DEAR_YEAR: 10_000}
    # Money enough that the pipes with strange designations are among the measures.
    va = dict.fromkeys(BUDGETS["va"], 3_000_000)
    make_plan(register, budgets={"va": va, "tax": tax}, actor=replace(register.botkyrka, name=PERSON))
    yield register
    register.engine.dispose()


@pytest.fixture(scope="module")
def book_path(register: TestRegister, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole plan as a workbook in English."""
    return export(register, tmp_path_factory.mktemp("book"), "xlsx")


@pytest.fixture(scope="module")
def book(book_path: Path) -> Any:
    """That workbook, read."""
    return openpyxl.load_workbook(book_path)


def export(
    register: TestRegister,
    folder: Path,
    format_name: str,
    *,
    year: int | None = None,
    language: str = "en",
    actor: Actor | None = None,
    name: str = "Plan A",
) -> Path:
    path = folder / f"plan.{format_name}"
    with reading(register.engine) as connection:
        plan_exports.export(connection, actor or register.botkyrka, name, format_name, year, path, language)
    return path


def sheet_rows(book: Any, sheet: str) -> list[dict[str, Any]]:
    header, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def csv_rows(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


# ---- workbook -------------------------------------------------------------------------------------------------------


def test_the_workbook_has_the_sheets_that_people_know(register: TestRegister, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(export(register, tmp_path, "xlsx", language="sv"))
    assert book.sheetnames == SHEETS
    headings = [cell.value for cell in book["Åtgärder"][1]]
    assert {
        *("Beteckning", "Objekt-ID", "Källa", "Nyckel", "Typ", "Fastighet/överordnad", "Kollektiv", "År", "Åtgärd"),
        *("Åtgärdsslag", "Bokning", "Mängd", "Enhet", "À-pris kr", "Kostnad kr", "Prisnivå", "Pris kontrollerat"),
        *("Skick (index)", "Skickklass", "Skala", "Grad", "Skickets källa", "Senast besiktad", "Motiv", "Avgjort av"),
    } <= set(headings)


def test_sums_in_the_workbook_are_the_sums_of_the_plan(register: TestRegister, book: Any) -> None:
    plan = shown(register)
    for sheet, part in (("Measures", "measures"), ("Unfunded", "unfunded")):
        rows = sheet_rows(book, sheet)
        assert sum(row["Cost SEK"] for row in rows) == sum(row["cost_sek"] for row in plan[part])
        assert [row["Object ID"] for row in rows] == [row["asset"] for row in plan[part]]
        assert [row["Reason"] for row in rows] == [row["reason"] for row in plan[part]]


def test_the_summary_ties_to_the_rows_and_the_budgets(register: TestRegister, book: Any) -> None:
    plan = shown(register)
    values = list(book["Summary"].iter_rows(values_only=True))
    start = next(place for place, row in enumerate(values) if row[:3] == ("Fund", "Year", "Budget SEK"))
    money = values[start + 1 : start + 21]
    cost = {(row[0], row[1]): row[3] for row in money}
    for fund, name in (("va", "VA fund"), ("tax", "Tax fund")):
        for year, sek in plan["summary"]["spend_sek"][fund].items():
            assert cost[name, int(year)] == sek
    assert all(row[2] - row[3] == row[4] >= 0 for row in money)


def test_numbers_are_numbers_and_dates_are_dates(book: Any) -> None:
    sheet = book["Measures"]
    place = {cell.value: cell.column - 1 for cell in sheet[1]}
    inspected = 0
    for row in sheet.iter_rows(min_row=2):
        assert (row[place["Cost SEK"]].data_type, row[place["Cost SEK"]].number_format) == ("n", "#,##0")
        assert (row[place["Year"]].data_type, row[place["Year"]].number_format) == ("n", "0")
        if row[place["Last inspected"]].value is not None:
            inspected += 1
            assert row[place["Last inspected"]].is_date
            assert row[place["Last inspected"]].number_format == "yyyy-mm-dd"
    assert inspected > 0


@pytest.mark.parametrize("sheet", ["Measures", "Unfunded", "Statutory checks"])
def test_lists_are_set_up_to_be_read_filtered_and_printed(book: Any, sheet: str) -> None:
    paper = book[sheet]
    assert paper.freeze_panes == "B2"
    assert paper.auto_filter.ref.startswith("A1:")
    assert paper.print_title_rows == "$1:$1"
    assert (paper.page_setup.orientation, paper.page_setup.paperSize) == ("landscape", 8)
    assert (paper.page_setup.fitToWidth or 1, paper.page_setup.fitToHeight) == (1, 0)
    assert paper.sheet_properties.pageSetUpPr.fitToPage


def test_the_workbook_has_a_chart_of_its_own_per_fund(book: Any) -> None:
    assert len(book["Summary"]._charts) == 2


def test_text_like_formulas_stays_text_in_the_workbook(book_path: Path, book: Any) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert not [cell.coordinate for cell in cells if cell.hyperlink]
    seen = {cell.value for cell in cells if cell.data_type == "s"}
    assert set(FORMULA_LIKE) <= seen
    calamine = python_calamine.CalamineWorkbook.from_path(str(book_path))
    read = {
        value
        for name in ("Measures", "Unfunded")
        for row in calamine.get_sheet_by_name(name).to_python()
        for value in row
    }
    assert set(FORMULA_LIKE) <= read


def test_the_cover_says_what_the_plan_rests_on(register: TestRegister, book: Any) -> None:
    plan = shown(register)
    cover = book["Cover"]
    facts = {row[0]: row[1] for row in cover.iter_rows(values_only=True) if row[0]}
    assert facts["Municipality"] == "Botkyrka (0127)"
    assert facts["Price level"] == "2024 prices, excluding VAT, in kronor"
    assert facts["Of the cost, on unverified prices, SEK"] == plan["summary"]["unverified_cost_sek"]
    assert facts["Cost, VA fund, SEK"] == sum(plan["summary"]["spend_sek"]["va"].values())
    assert facts["Fixed actions that the budget does not cover"].startswith("2030, Tax fund: SEK")
    assert any("Invented data" in str(row[0]) for row in cover.iter_rows(values_only=True))
    assert "Invented data" in cover.oddHeader.right.text


def test_checks_have_their_own_sheet_with_and_without_money(book: Any) -> None:
    rows = sheet_rows(book, "Statutory checks")
    assert {row["Funded"] for row in rows} == {"yes", "no"}
    assert {row["Year"] for row in rows if row["Funded"] == "no"} == {DEAR_YEAR}
    assert all(row["Legal basis"] for row in rows)
    unfunded = sheet_rows(book, "Unfunded")
    assert {row["Class"] for row in unfunded} == {"Statutory", "Need"}
    assert all(row["Consequence"] for row in unfunded)


def test_assumptions_hold_every_figure_with_its_source(book: Any) -> None:
    rows = list(book["Assumptions"].iter_rows(values_only=True))
    ovk = next(row for row in rows if row[1] == "check_ovk")
    assert ovk[2:9] == ("SEK", 8000, 18000, 45000, "Branschschablon, ej kontrollerad", 2024, "no")
    curve = next(row for row in rows if row[0] == "water_grey_cast_iron")
    assert curve[3:6] == (60, 90, 130)


# ---- text -----------------------------------------------------------------------------------------------------------


def test_the_text_file_is_what_swedish_spreadsheets_read(register: TestRegister, tmp_path: Path) -> None:
    plan, path = shown(register), export(register, tmp_path, "csv")
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == len(plan["measures"]) + 1
    rows = csv_rows(path)
    assert sum(int(row["Cost SEK"]) for row in rows) == plan["summary"]["cost_sek"]
    decimals = [row["Unit price SEK"] for row in rows if not row["Unit price SEK"].isdigit()]
    assert all("," in number and "." not in number for number in decimals)
    assert [row["Object ID"] for row in rows] == [row["asset"] for row in plan["measures"]]


def test_text_like_formulas_gets_an_apostrophe_in_the_text_file(register: TestRegister, tmp_path: Path) -> None:
    designations = {row["Designation"] for row in csv_rows(export(register, tmp_path, "csv"))}
    planned = {row["designation"] for row in shown(register)["measures"]} & set(FORMULA_LIKE)
    assert len(planned) >= 3
    assert {f"'{text}" for text in planned} <= designations
    assert designations.isdisjoint(FORMULA_LIKE)


# ---- layers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("format_name", "crs"), [("gpkg", "EPSG:3011"), ("geojson", "EPSG:4326")])
def test_layers_hold_the_measures_where_they_are(
    register: TestRegister, tmp_path: Path, format_name: str, crs: str
) -> None:
    plan, path = shown(register), export(register, tmp_path, format_name)
    frame = pyogrio.read_dataframe(path)
    assert frame["uid"].tolist() == [row["asset"] for row in plan["measures"]]
    assert frame["cost_sek"].sum() == plan["summary"]["cost_sek"]
    assert {"source", "key", "designation", "year", "fund", "treatment", "reason"} <= set(frame.columns)
    assert frame.crs.to_string() == crs
    pipes = frame[frame["key"].str.match("[VS]")]
    assert (pipes.geometry.geom_type == "LineString").all()
    east, north, *_ = pipes.to_crs(3006).total_bounds
    assert (660_000 - 1 <= east <= 661_100, 6_549_900 < north < 6_550_100) == (True, True)
    assert set(frame["data_note"]) == {"Invented data"}


# ---- the other database ---------------------------------------------------------------------------------------------


def test_a_plan_and_its_files_are_the_same_on_postgis(tmp_path: Path, postgres_url: str) -> None:
    folders = [tmp_path / "sqlite", tmp_path / "postgis"]
    registers = [new_register(tmp_path), register_at(postgres_url)]
    plans, texts = [], []
    for register, folder in zip(registers, folders, strict=True):
        folder.mkdir()
        make_plan(register)
        plan = shown(register)
        plans.append([{**row, "asset": None} for row in [*plan["measures"], *plan["unfunded"]]])
        texts.append([{**row, "Object ID": ""} for row in csv_rows(export(register, folder, "csv"))])
        for format_name in ("xlsx", "gpkg", "geojson"):
            assert export(register, folder, format_name).stat().st_size > 0
        with register.writing() as work:
            assert refresh(work, "Plan A") is False
        register.engine.dispose()
    assert plans[0] == plans[1]
    assert texts[0] == texts[1]


# ---- one year, who and where ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_name", ["xlsx", "csv", "gpkg", "geojson"])
def test_one_year_holds_that_year_alone(register: TestRegister, tmp_path: Path, format_name: str) -> None:
    path = export(register, tmp_path, format_name, year=2029)
    wanted = [row["cost_sek"] for row in shown(register)["measures"] if row["year"] == 2029]
    if format_name == "xlsx":
        book = openpyxl.load_workbook(path)
        rows = sheet_rows(book, "Measures")
        years, costs = [row["Year"] for row in rows], [row["Cost SEK"] for row in rows]
        checks = {row["Year"] for row in sheet_rows(book, "Statutory checks")}
        assert checks == {2029}
    elif format_name == "csv":
        years, costs = zip(*((int(row["Year"]), int(row["Cost SEK"])) for row in csv_rows(path)), strict=True)
    else:
        frame = pyogrio.read_dataframe(path)
        years, costs = frame["year"].tolist(), frame["cost_sek"].tolist()
    assert set(years) == {2029}
    assert list(costs) == wanted


def test_no_persons_name_is_in_any_file(register: TestRegister, book: Any, tmp_path: Path) -> None:
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    properties = [book.properties.creator, book.properties.lastModifiedBy]
    assert not [text for text in [*cells, *map(str, properties)] if "Karin" in text]
    for format_name in ("csv", "gpkg", "geojson"):
        assert b"Karin" not in export(register, tmp_path, format_name).read_bytes()


def test_the_same_plan_gives_the_same_workbook(register: TestRegister, book_path: Path, tmp_path: Path) -> None:
    assert export(register, tmp_path, "xlsx").read_bytes() == book_path.read_bytes()


def test_rows_that_a_reader_may_not_see_are_left_out_and_the_cover_says_so(
    register: TestRegister, tmp_path: Path
) -> None:
    decider = replace(register.botkyrka, roles=frozenset({"decider"}))
    book = openpyxl.load_workbook(export(register, tmp_path, "xlsx", actor=decider))
    keys = {row["Key"] for sheet in ("Measures", "Unfunded") for row in sheet_rows(book, sheet)}
    facts = {row[0]: row[1] for row in book["Cover"].iter_rows(values_only=True) if row[0]}
    assert "K1" not in keys
    assert "Not shown" in facts
    assert facts["Measures"] == len(sheet_rows(book, "Measures"))


def test_an_inspector_may_read_a_plan_but_not_take_it_away(register: TestRegister, tmp_path: Path) -> None:
    inspector = replace(register.botkyrka, roles=frozenset({"inspector"}))
    assert shown(register, actor=inspector)["measures"]
    with pytest.raises(NotAllowed):
        export(register, tmp_path, "csv", actor=inspector)
    assert list(tmp_path.iterdir()) == []


def test_wrong_format_year_plan_and_folder_are_refused_with_nothing_written(
    register: TestRegister, tmp_path: Path
) -> None:
    for code, asked in (
        ("export_format_unknown", {"format_name": "pdf"}),
        ("year_outside_plan", {"format_name": "csv", "year": FIRST_YEAR - 1}),
        ("folder_missing", {"format_name": "gpkg", "folder": tmp_path / "none"}),
    ):
        with pytest.raises(AssetmgrError) as refused:
            export(register, **{"folder": tmp_path, **asked})
        assert refused.value.code == code
    with pytest.raises(NotFound):
        export(register, tmp_path, "csv", name="Plan B")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_fails_half_way_leaves_the_old_one(
    register: TestRegister, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = export(register, tmp_path, "xlsx").read_bytes()

    def fail(path: Path, report: object) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workbook, "write", fail)
    with pytest.raises(AssetmgrError) as refused:
        export(register, tmp_path, "xlsx")
    assert refused.value.code == "file_not_writable"
    assert [path.name for path in tmp_path.iterdir()] == ["plan.xlsx"]
    assert (tmp_path / "plan.xlsx").read_bytes() == old
