"""The columns of a plan's rows in its files: the same in the workbook, the text file and the layers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assetmgr.catalogue import ASSET_TYPES, BOOKINGS, CHECKS, KINDS, SCALES, TREATMENTS, health_class
from assetmgr.catalogue.labels import FUND_LABELS
from assetmgr.catalogue.model import label
from assetmgr.exports.report import CellKind, Column, Table
from assetmgr.i18n import N_, Translate, translator
from assetmgr.services import reasons

Row = Mapping[Any, Any]
ROW_CLASSES = {"need": N_("Need"), "statutory": N_("Statutory"), "committed": N_("Committed")}
HEALTH_SOURCES = {"inspected": N_("Inspection"), "estimated": N_("Estimated from age")}
UNKNOWN = N_("Unknown")
UNITS = {"m": "m", "m2": "m²", "each": N_("pcs")}
DECISIONS = {
    "benefit": N_("Best year"),
    "budget": N_("Moved by the budget"),
    "fixed": N_("Year fixed"),
    "no_room": N_("No room in the budget"),
}
INVENTED = N_("Invented data")


@dataclass(frozen=True)
class Reader:
    """What it takes to put a row into words: the language, and facts that are the same for the whole plan."""

    language: str
    price_level: str
    is_demo: bool

    @property
    def words(self) -> Translate:
        """The translator of the reader's language."""
        return translator(self.language)

    @property
    def yes_no(self) -> tuple[str, str]:
        """What truth values are called."""
        _ = self.words
        return _("yes"), _("no")


Value = Callable[[Row, Reader], Any]


@dataclass(frozen=True)
class RowColumn:
    """A column of plan rows: its technical name, its heading as an English text, and how its value comes from a row."""

    field: str
    heading: str
    value: Value
    kind: CellKind = "text"
    width: int = 12


def _explained(name: str) -> Value:
    return lambda row, reader: row["explanation"].get(name)


def _of_row(name: str) -> Value:
    return lambda row, reader: row[name]


def _rounded(name: str) -> Value:
    def value(row: Row, reader: Reader) -> float | None:
        found = row["explanation"].get(name)
        return None if found is None else round(found, 1)

    return value


def _worded(words: Mapping[str, str], value: Value) -> Value:
    def translated(row: Row, reader: Reader) -> str | None:
        code = value(row, reader)
        return None if code is None else reader.words(words[code])

    return translated


def treatment_label(name: str, language: str) -> str:
    """The name of a treatment or check as people say it."""
    return label(CHECKS[name] if name in CHECKS else TREATMENTS[name], language)


def _health_source(row: Row, reader: Reader) -> str:
    facts = row["explanation"]
    source = facts.get("health_source") if facts.get("health_now") is not None else None
    return reader.words(HEALTH_SOURCES.get(source or "", UNKNOWN))


def _scale(row: Row, reader: Reader) -> str | None:
    scale = row["explanation"].get("native_scale")
    return label(SCALES[scale], reader.language) if scale in SCALES else scale


def _inspected_on(row: Row, reader: Reader) -> date | None:
    text = row["explanation"].get("inspected_on")
    return date.fromisoformat(text) if text else None


def parent_of(row: Row) -> str | None:
    """What the asset belongs to: the building, station or property above it."""
    above: str | None = row["parent_designation"] or row["property_designation"]
    return above


def _name_of(row: Row, reader: Reader) -> str:
    """What people call the asset: its key where it has no designation."""
    return str(row["designation"] or row["key"])


COLUMNS: tuple[RowColumn, ...] = (
    RowColumn("designation", N_("Designation"), _name_of, width=22),
    RowColumn("asset_type", N_("Type"), lambda row, r: label(ASSET_TYPES[row["asset_type"]], r.language), width=18),
    RowColumn("parent", N_("Property/parent"), lambda row, r: parent_of(row), width=26),
    RowColumn("fund", N_("Fund"), lambda row, r: label(FUND_LABELS[row["fund"]], r.language), width=17),
    RowColumn("year", N_("Year"), _of_row("year"), "year", 7),
    RowColumn("treatment", N_("Action"), lambda row, r: treatment_label(row["treatment"], r.language), width=40),
    RowColumn("kind", N_("Kind of action"), lambda row, r: label(KINDS[row["kind"]], r.language), width=18),
    RowColumn("booking", N_("Booking"), lambda row, r: label(BOOKINGS[row["booking"]], r.language), width=12),
    RowColumn("quantity", N_("Quantity"), _explained("quantity"), "decimal", 9),
    RowColumn("unit", N_("Unit"), lambda row, r: r.words(UNITS[row["explanation"].get("unit") or "each"]), width=7),
    RowColumn("unit_price_sek", N_("Unit price SEK"), _explained("unit_price_sek"), "decimal", 10),
    RowColumn("cost_sek", N_("Cost SEK"), _of_row("cost_sek"), "whole", 12),
    RowColumn("health_index", N_("Condition (index)"), _rounded("health_now"), "decimal", 9),
    RowColumn(
        "health_class",
        N_("Condition class"),
        lambda row, r: health_class(row["explanation"].get("health_now")).replace("U", r.words(UNKNOWN)),
        width=12,
    ),
    RowColumn("health_source", N_("Source of condition"), _health_source, width=21),
    RowColumn("inspected_on", N_("Last inspected"), _inspected_on, "date", 11),
    RowColumn("reason", N_("Reason"), lambda row, r: reasons.reason(row, r.language), width=60),
    RowColumn("price_level", N_("Price level"), lambda row, r: r.price_level, width=9),
    RowColumn("price_verified", N_("Price verified"), _of_row("price_verified"), "yes_no", 10),
    RowColumn("native_scale", N_("Scale"), _scale, width=18),
    RowColumn("native_grade", N_("Grade"), _explained("native_grade"), width=7),
    RowColumn("health_then", N_("Condition in that year (index)"), _rounded("health"), "decimal", 10),
    RowColumn(
        "failure_probability", N_("Risk of failure in that year"), _explained("failure_probability"), "percent", 10
    ),
    RowColumn("waiting_cost_sek", N_("Cost of waiting a year SEK"), _explained("waiting_cost_sek"), "whole", 12),
    RowColumn("decided_by", N_("Decided by"), _worded(DECISIONS, _explained("decided_by")), width=20),
    RowColumn("row_class", N_("Class"), _worded(ROW_CLASSES, _of_row("row_class")), width=12),
    RowColumn("booking_rule", N_("Booking rule"), _of_row("booking_rule"), width=13),
    RowColumn("department", N_("Department"), _of_row("department"), width=18),
    RowColumn("uid", N_("Object ID"), _of_row("asset_uid"), width=38),
    RowColumn("source", N_("Source"), _of_row("source"), width=16),
    RowColumn("key", N_("Key"), _of_row("key"), width=16),
)
LAST_PRINTED = ("reason", "consequence")
"""What stands to the right of these is there to be filtered and read by programs, and is not printed."""
CONSEQUENCE = RowColumn("consequence", N_("Consequence"), lambda row, r: reasons.consequence(row, r.language), width=50)
DATA_NOTE = RowColumn("data_note", N_("Note"), lambda row, r: r.words(INVENTED), width=18)


def measure_columns(reader: Reader) -> tuple[RowColumn, ...]:
    """The columns of what is funded; in a demonstration the last says of every row that it is invented."""
    return (*COLUMNS, DATA_NOTE) if reader.is_demo else COLUMNS


def unfunded_columns(reader: Reader) -> tuple[RowColumn, ...]:
    """The columns of what is not funded: class and consequence stand beside the reason."""
    columns: list[RowColumn] = []
    for column in measure_columns(reader):
        if column.field == "row_class":
            continue
        if column.field == "reason":
            columns.append(next(c for c in COLUMNS if c.field == "row_class"))
        columns.append(column)
        if column.field == "reason":
            columns.append(CONSEQUENCE)
    return tuple(columns)


CHECK_COLUMNS: tuple[RowColumn, ...] = (
    RowColumn("year", N_("Year"), _of_row("year"), "year", 7),
    RowColumn("check", N_("Check"), lambda row, r: treatment_label(row["treatment"], r.language), width=34),
    RowColumn("designation", N_("Designation"), _name_of, width=24),
    RowColumn("asset_type", N_("Type"), lambda row, r: label(ASSET_TYPES[row["asset_type"]], r.language), width=18),
    RowColumn("parent", N_("Property/parent"), lambda row, r: parent_of(row), width=24),
    RowColumn("fund", N_("Fund"), lambda row, r: label(FUND_LABELS[row["fund"]], r.language), width=18),
    RowColumn("funded", N_("Funded"), _of_row("funded"), "yes_no", 12),
    RowColumn("overdue", N_("Overdue"), lambda row, r: bool(row["explanation"].get("overdue")), "yes_no", 10),
    RowColumn("count", N_("Times in the year"), lambda row, r: row["explanation"].get("count", 1), "whole", 9),
    RowColumn("cost_sek", N_("Cost SEK"), _of_row("cost_sek"), "whole", 13),
    RowColumn("price_level", N_("Price level"), lambda row, r: r.price_level, width=9),
    RowColumn("price_verified", N_("Price verified"), _of_row("price_verified"), "yes_no", 10),
    RowColumn(
        "interval_months", N_("Interval, months"), lambda row, r: CHECKS[row["treatment"]].interval_months, "whole", 10
    ),
    RowColumn(
        "last_approved_on",
        N_("Last approved"),
        lambda row, r: _day(row["explanation"].get("last_approved_on")),
        "date",
        11,
    ),
    RowColumn("legal_basis", N_("Legal basis"), lambda row, r: CHECKS[row["treatment"]].legal_basis_sv, width=40),
    RowColumn("uid", N_("Object ID"), _of_row("asset_uid"), width=37),
    RowColumn("source", N_("Source"), _of_row("source"), width=16),
    RowColumn("key", N_("Key"), _of_row("key"), width=16),
)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def table_of(rows: Sequence[Row], columns: Sequence[RowColumn], reader: Reader, when_empty: str = "") -> Table:
    """Rows as a table in the reader's words."""
    translate = reader.words
    return Table(
        columns=[Column(c.field, translate(c.heading), c.kind, c.width) for c in columns],
        rows=[[column.value(row, reader) for column in columns] for row in rows],
        when_empty=when_empty,
        printed=max((place for place, c in enumerate(columns, 1) if c.field in LAST_PRINTED), default=0),
    )
