"""A report as values: facts, tables and charts, in words that are already in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

CellKind = Literal["text", "whole", "year", "decimal", "percent", "date", "yes_no"]
"""What a cell holds: `whole` is a whole number (kronor among them), `percent` a fraction, `yes_no` a truth value."""


@dataclass(frozen=True)
class Column:
    """One column. `field` is its technical name, for files that programs read; `width` is in characters."""

    field: str
    heading: str
    kind: CellKind = "text"
    width: int = 12


@dataclass(frozen=True)
class Table:
    """Rows under columns; None is an unknown or empty cell. `when_empty` is said in place of rows.

    `printed` is how many of the columns, from the left, go on paper; 0 for all.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    heading: str = ""
    when_empty: str = ""
    printed: int = 0


@dataclass(frozen=True)
class Fact:
    """A label with its value, for the first sheet."""

    label: str
    value: Any
    kind: CellKind = "text"
    stands_out: bool = False


@dataclass(frozen=True)
class BarChart:
    """Amounts per year as bars, with a limit as a mark on each, both columns of one of the sheet's tables.

    `first_row` and `last_row` count the table's rows from 0; `color` is that of the bars, as #RRGGBB.
    """

    title: str
    color: str
    table: int
    first_row: int
    last_row: int
    categories: str
    bars: str
    limit: str
    value_axis: str


@dataclass(frozen=True)
class Sheet:
    """A sheet of one table with filters, or of charts, facts and several tables one below the other."""

    name: str
    tables: Sequence[Table]
    facts: Sequence[Fact] = ()
    title: str = ""
    charts: Sequence[BarChart] = ()


@dataclass(frozen=True)
class Report:
    """What a workbook holds. `mark` is repeated on every printed page; `page_words` are "Sida" and "av"."""

    title: str
    sheets: Sequence[Sheet]
    header: str
    page_words: tuple[str, str]
    made_at: datetime
    mark: str = ""
    yes_no: tuple[str, str] = ("ja", "nej")
    properties: Mapping[str, str] = field(default_factory=dict)


def is_date(value: Any) -> bool:
    """Whether a value is a day rather than a moment."""
    return isinstance(value, date) and not isinstance(value, datetime)
