"""Workbooks: text that stays text, characters that a cell cannot hold, and sheets with nothing in them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from assetmgr.exports.report import Column, Report, Sheet, Table
from assetmgr.exports.workbook import LONGEST_TEXT, clean_text, write

MADE_AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


def book_with(tmp_path: Path, table: Table, mark: str = "") -> Any:
    report = Report("Titel", [Sheet("Blad", [table])], "Kommun & plan", ("Sida", "av"), MADE_AT, mark)
    write(tmp_path / "x.xlsx", report)
    return openpyxl.load_workbook(tmp_path / "x.xlsx")["Blad"]


def test_each_kind_of_cell_is_written_as_what_it_is(tmp_path: Path) -> None:
    columns = [
        Column("a", "Text"),
        Column("b", "Kronor", "whole"),
        Column("c", "Tal", "decimal"),
        Column("d", "Andel", "percent"),
        Column("e", "Dag", "date"),
        Column("f", "Ja", "yes_no"),
    ]
    rows = [["=1+1", -1200, 2.5, 0.25, date(2026, 9, 14), True], ["http://x.se", 0, 3.0, None, None, False]]
    sheet = book_with(tmp_path, Table(columns, rows))
    values = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert values == [
        ["=1+1", -1200, 2.5, 0.25, datetime(2026, 9, 14), "ja"],
        ["http://x.se", 0, 3, None, None, "nej"],
    ]
    assert [sheet["A2"].data_type, sheet["A3"].hyperlink] == ["s", None]
    assert [sheet["B2"].number_format, sheet["C2"].number_format, sheet["C3"].number_format] == [
        "#,##0",
        "General",
        "#,##0",
    ]


def test_characters_that_a_cell_cannot_hold_do_not_break_the_file(tmp_path: Path) -> None:
    text = "a\x00b\x0bc\ufffed"
    sheet = book_with(tmp_path, Table([Column("a", "Text")], [[text], ["x" * 40_000]]))
    assert sheet["A2"].value == "a\ufffdb\ufffdc\ufffdd"
    assert len(sheet["A3"].value) == LONGEST_TEXT
    assert clean_text("Åvägen") == "Åvägen"


def test_a_list_without_rows_says_so_and_can_still_be_opened(tmp_path: Path) -> None:
    sheet = book_with(tmp_path, Table([Column("a", "Text"), Column("b", "Tal", "whole")], [], when_empty="Inget."))
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [["Text", "Tal"], ["Inget.", None]]
    assert sheet.auto_filter.ref == "A1:B2"


def test_signs_that_a_print_header_would_take_for_codes_are_kept(tmp_path: Path) -> None:
    sheet = book_with(tmp_path, Table([Column("a", "Text")], [["x"]]), mark="Påhittade uppgifter")
    assert sheet.oddHeader.left.text == "Kommun && plan"
    assert sheet.oddHeader.right.text == "Påhittade uppgifter"
