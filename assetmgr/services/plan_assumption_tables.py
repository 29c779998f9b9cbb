"""Everything a plan rests on, as tables: figures with uncertainty and source, curves, effects, settings, rules."""

from collections.abc import Mapping, Sequence
from typing import Any

from assetmgr.catalogue import BOOKING_RULES, CHECKS, REFERENCE_VALUES, TREATMENTS
from assetmgr.catalogue.model import label
from assetmgr.exports.report import Column, Table
from assetmgr.i18n import N_, Translate
from assetmgr.services.plan_columns import Reader

SETTINGS = {
    "discount_rate": N_("Discount rate, share per year"),
    "risk_weight": N_("Weight of expected failure cost"),
    "preserved_value_weight": N_("Weight of preserved value"),
    "minimum_benefit_per_krona": N_("Least benefit per krona of cost"),
}
COUNTS = {
    "age_unknown": N_("Assets of unknown age and condition, taken to be in the middle of their life"),
    "no_length": N_("Actions left out because the length is unknown"),
    "no_area": N_("Actions left out because the area is unknown"),
    "no_quantity": N_("Actions left out because the number is unknown"),
    "dimension_assumed": N_("Prices that assume the dimension the price is given for, since it is unknown"),
    "number_assumed": N_("Checks reckoned for one thing, since the number is unknown"),
    "checks_undetermined": N_("Checks left out because what decides them is unknown"),
}
UNITS = {
    "SEK": N_("SEK"),
    "SEK/m": N_("SEK per m"),
    "SEK/m2": N_("SEK per m²"),
    "SEK/m2/year": N_("SEK per m² and year"),
    "factor": N_("factor"),
    "years": N_("years"),
    "price base amounts": N_("price base amounts"),
}
RULES = (
    N_("All amounts are whole kronor excluding VAT at the plan's price level; nothing is indexed."),
    N_("The two funds never mix: every action is paid by its asset's own fund."),
    N_("Money left in a year is not carried over to the next."),
    N_("Checks that the law asks for are paid first, in the year in which they fall due, and are never moved."),
    N_(
        "The owner's own rounds, and checks that only a standard or an insurer asks for, are operation and not part "
        "of the plan."
    ),
    N_("Only assets in service are planned for; retired, abandoned and planned ones are not."),
    N_("Condition comes from the latest inspection, else from age. The worst grade is never averaged away."),
    N_("Each asset gets at most one action of the planner's choosing during the plan, besides its checks."),
    N_(
        "Low, mid and high say how sure a figure is; the plan uses mid. The ages of a curve are something else: when "
        "10, 50 and 90 percent of a cohort have failed."
    ),
)


def assumption_tables(plan: Mapping[Any, Any], reader: Reader) -> list[Table]:
    """The tables of the sheet, from what was written down as the plan was made."""
    kept = plan["settings"]
    noted = kept["assumptions"]
    _ = reader.words
    return [
        _rules_table(noted, reader),
        _values_table(noted["reference_values"], reader),
        _curves_table(noted["curves"], _),
        _treatments_table(noted["treatments"], reader),
        _checks_table(noted["checks"], reader),
        _settings_table(plan, kept["planner"], _),
        _counts_table(noted["counts"], _),
    ]


def _source_columns(_: Translate) -> list[Column]:
    return [
        Column("source", _("Source"), "text", 44),
        Column("year", _("Year"), "year", 8),
        Column("verified", _("Verified"), "yes_no", 11),
    ]


def _source_cells(entry: Mapping[str, Any]) -> list[Any]:
    return [entry["source"], entry["year"], entry["verified"]]


def _rules_table(noted: Mapping[str, Any], reader: Reader) -> Table:
    _ = reader.words
    versions = sorted({entry["booking_rule"] for entry in noted["treatments"]} & BOOKING_RULES.keys())
    texts = [
        rule.text_en if reader.language == "en" else rule.text_sv
        for rule in (BOOKING_RULES[version] for version in versions)
    ]
    rows: list[Sequence[Any]] = [[_("Rule"), _(text)] for text in RULES]
    rows += [
        [_("Booking rule %(version)s", version=version), text] for version, text in zip(versions, texts, strict=True)
    ]
    return Table(
        [Column("what", _("What"), "text", 46), Column("text", _("What it says"), "text", 60)],
        rows,
        heading=_("Rules"),
    )


def _values_table(entries: Sequence[Mapping[str, Any]], reader: Reader) -> Table:
    _ = reader.words
    columns = [
        Column("what", _("Reference value"), "text", 46),
        Column("name", _("Name"), "text", 60),
        Column("unit", _("Unit"), "text", 14),
        Column("low", _("Low"), "decimal", 12),
        Column("mid", _("Mid (used)"), "decimal", 12),
        Column("high", _("High"), "decimal", 12),
        *_source_columns(_),
        Column("own", _("The municipality's own"), "yes_no", 14),
    ]
    rows = [
        [
            *(_reference_label(entry["name"], reader.language), entry["name"], _unit(entry["unit"], _)),
            *(entry["low"], entry["mid"], entry["high"], *_source_cells(entry), entry["own"]),
        ]
        for entry in entries
    ]
    return Table(columns, rows, heading=_("Reference values used"), when_empty=_("None used"))


def _unit(unit: str, _: Translate) -> str:
    return _(UNITS[unit]) if unit in UNITS else unit


def _reference_label(name: str, language: str) -> str:
    return label(REFERENCE_VALUES[name], language) if name in REFERENCE_VALUES else name


def _curves_table(entries: Sequence[Mapping[str, Any]], _: Translate) -> Table:
    columns = [
        Column("name", _("Survival curve"), "text", 46),
        Column("note", _("Meaning"), "text", 60),
        Column("unit", _("Unit"), "text", 14),
        Column("age_10", _("Age at which 10 percent have failed"), "decimal", 12),
        Column("age_50", _("Age at which 50 percent have failed"), "decimal", 12),
        Column("age_90", _("Age at which 90 percent have failed"), "decimal", 12),
        *_source_columns(_),
    ]
    meaning = _("Ages of a cohort, not an uncertainty")
    rows = [
        [
            *(entry["name"], meaning, _("years"), entry["age_10_failed"]),
            *(entry["age_50_failed"], entry["age_90_failed"], *_source_cells(entry)),
        ]
        for entry in entries
    ]
    return Table(columns, rows, heading=_("Survival curves used"), when_empty=_("None used"))


def _treatments_table(entries: Sequence[Mapping[str, Any]], reader: Reader) -> Table:
    _, language = reader.words, reader.language
    columns = [
        Column("treatment", _("Action"), "text", 46),
        Column("curve_after", _("Curve afterwards"), "text", 60),
        Column("booking_rule", _("Booking rule"), "text", 14),
        Column("age_removed", _("Share of age removed"), "decimal", 12),
        Column("limit", _("At condition index or below"), "decimal", 12),
        Column("between", _("Least years between"), "decimal", 12),
        *_source_columns(_),
    ]
    rows = [
        [
            label(TREATMENTS[entry["name"]], language) if entry["name"] in TREATMENTS else entry["name"],
            *(entry["curve_after"] or _("its own"), entry["booking_rule"], entry["age_removed"]),
            *(entry["apply_at_or_below"], entry["years_between"], *_source_cells(entry)),
        ]
        for entry in entries
    ]
    return Table(columns, rows, heading=_("What actions do"), when_empty=_("None used"))


def _checks_table(entries: Sequence[Mapping[str, Any]], reader: Reader) -> Table:
    _, language = reader.words, reader.language
    columns = [
        Column("check", _("Check"), "text", 46),
        Column("legal_basis", _("Legal basis"), "text", 60),
        Column("unit", _("Unit"), "text", 14),
        Column("interval", _("Interval, months"), "whole", 12),
        Column("empty_1", "", "text", 12),
        Column("empty_2", "", "text", 12),
        *_source_columns(_),
    ]
    rows = [
        [
            label(CHECKS[entry["name"]], language) if entry["name"] in CHECKS else entry["name"],
            *(entry["legal_basis"], _("months"), entry["interval_months"], None, None, *_source_cells(entry)),
        ]
        for entry in entries
    ]
    return Table(columns, rows, heading=_("Checks in the plan"), when_empty=_("None used"))


def _settings_table(plan: Mapping[Any, Any], settings: Mapping[str, float], _: Translate) -> Table:
    rows: list[Sequence[Any]] = [
        [_(words), settings[name]] for name, words in SETTINGS.items() if settings.get(name) is not None
    ]
    rows.append([_("Seed"), plan["seed"]])
    return Table(
        [Column("what", _("Setting"), "text", 46), Column("value", _("Value"), "decimal", 60)],
        rows,
        heading=_("Settings"),
    )


def _counts_table(counts: Mapping[str, int], _: Translate) -> Table:
    rows: list[Sequence[Any]] = [[_(words), counts.get(name, 0)] for name, words in COUNTS.items()]
    return Table(
        [Column("what", _("Gaps in the register"), "text", 46), Column("number", _("Number"), "whole", 60)],
        rows,
        heading=_("What is not known"),
    )
