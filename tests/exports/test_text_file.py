"""Text files that spreadsheet programs open: nothing in them is run, and every number can be read back."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assetmgr.exports.report import Column, Table
from assetmgr.exports.text_file import FORMULA_STARTS, safe_text, write

NUMBERS = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 4))


def read(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";"))


def table(rows: list[list[Any]]) -> Table:
    return Table([Column("a", "Namn"), Column("b", "Tal", "decimal"), Column("c", "Ja", "yes_no")], rows)


@pytest.mark.parametrize("text", ["=1+1", "+46", "-x", "@cmd", "\tx", "\rx"])
def test_text_that_could_be_run_gets_an_apostrophe(text: str) -> None:
    assert safe_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Åvägen 1", "1-2", "a=b", "'x"])
def test_other_text_is_left_as_it_is(text: str) -> None:
    assert safe_text(text) == text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(rows=st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs", "Cc"])), NUMBERS, st.booleans())))
def test_what_is_written_is_read_back(tmp_path: Path, rows: list[tuple[str, float, bool]]) -> None:
    write(tmp_path / "x.csv", table([list(row) for row in rows]), ("ja", "nej"))
    header, *found = read(tmp_path / "x.csv")
    assert header == ["Namn", "Tal", "Ja"]
    assert [(text.removeprefix("'"), float(number.replace(",", ".")), yes == "ja") for text, number, yes in found] == [
        (text.removeprefix("'"), number, yes) for text, number, yes in rows
    ]
    assert not [text for text, *_ in found if text.startswith(FORMULA_STARTS)]


def test_a_negative_number_is_a_number_and_not_text(tmp_path: Path) -> None:
    write(tmp_path / "x.csv", table([["a", -12.5, None], ["b", None, True]]), ("ja", "nej"))
    assert read(tmp_path / "x.csv")[1:] == [["a", "-12,5", ""], ["b", "", "ja"]]
