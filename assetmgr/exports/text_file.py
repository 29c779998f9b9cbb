"""Semicolon-separated text as Swedish spreadsheet programs read it: byte order mark, decimal comma, CRLF."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from assetmgr.exports.report import CellKind, Table

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins with one of these may be run as a formula by the program that opens the file."""


def write(path: Path, table: Table, yes_no: tuple[str, str]) -> None:
    """Write the table. Numbers have a decimal comma and no space inside; dates are ISO; an empty cell is empty."""
    kinds: list[CellKind] = [column.kind for column in table.columns]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow([safe_text(column.heading) for column in table.columns])
        writer.writerows(
            [_cell(value, kind, yes_no) for value, kind in zip(row, kinds, strict=True)] for row in table.rows
        )


def safe_text(text: str) -> str:
    """Text that no program takes for a formula: one that could be gets an apostrophe before it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _cell(value: Any, kind: CellKind, yes_no: tuple[str, str]) -> str:
    if value is None:
        return ""
    if kind in ("whole", "year"):
        return str(int(value))
    if kind in ("decimal", "percent"):
        return _number(float(value)).replace(".", ",")
    if kind == "yes_no":
        return yes_no[0] if value else yes_no[1]
    if kind == "date" and isinstance(value, date):
        return value.isoformat()
    return safe_text(str(value))


def _number(value: float) -> str:
    """Enough digits for the value to be read back, without an exponent."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
