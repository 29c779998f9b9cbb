"""A plan as a workbook in words: cover, sums, measures, what has no money, checks and assumptions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from assetmgr.catalogue import ASSET_TYPES, KINDS
from assetmgr.catalogue.labels import FUND_LABELS
from assetmgr.catalogue.model import FUNDS, label
from assetmgr.exports.report import BarChart, Column, Fact, Report, Sheet, Table
from assetmgr.i18n import N_
from assetmgr.services import reasons
from assetmgr.services.plan_assumption_tables import assumption_tables
from assetmgr.services.plan_columns import (
    CHECK_COLUMNS,
    Reader,
    Row,
    measure_columns,
    table_of,
    unfunded_columns,
)

STATUSES = {"draft": N_("Draft"), "reviewed": N_("Reviewed"), "adopted": N_("Adopted")}
FUND_COLORS = {"va": "#0E7C93", "tax": "#7A3E6D"}
"""As on the pages."""
INVENTED_MARK = N_("Invented data: a demonstration, not the municipality's own register")


@dataclass(frozen=True)
class PlanInWords:
    """A plan with its rows and everything that is said around them; `year` narrows it to one."""

    plan: Mapping[Any, Any]
    measures: Sequence[Row]
    unfunded: Sequence[Row]
    year: int | None
    municipality: str
    municipality_code: str
    rows_withheld: bool
    reader: Reader

    @property
    def years(self) -> range:
        """The calendar years that are shown."""
        if self.year is not None:
            return range(self.year, self.year + 1)
        return range(self.plan["first_year"], self.plan["first_year"] + self.plan["years"])

    @property
    def made_at(self) -> datetime:
        """When the plan was last worked out."""
        moment: datetime = self.plan["refreshed_at"] or self.plan["created_at"]
        return moment

    def budget_sek(self, fund: str, year: int) -> int:
        """The fund's money in a year."""
        return int(self.plan["budgets"].get(fund, {}).get(str(year), 0))


def report_of(plan: PlanInWords) -> Report:
    """The whole workbook."""
    reader = plan.reader
    _ = reader.words
    checks = sorted(
        (row for row in (*plan.measures, *plan.unfunded) if reasons.is_check(row)),
        key=lambda row: (row["year"], row["treatment"], row["id"]),
    )
    mark = _(INVENTED_MARK) if reader.is_demo else ""
    status = plan.plan["status"]
    name = plan.plan["name"] if plan.year is None else f"{plan.plan['name']}, {plan.year}"
    return Report(
        title=name,
        header=f"{plan.municipality}  ·  {name}  ·  {_(STATUSES[status])}",
        page_words=(_("Page"), _("of")),
        made_at=plan.made_at,
        mark=mark,
        yes_no=reader.yes_no,
        properties={"company": plan.municipality, "subject": name},
        sheets=[
            Sheet(_("Cover"), [], facts=_facts(plan), title=name),
            _summary(plan),
            Sheet(_("Measures"), [table_of(plan.measures, measure_columns(reader), reader, _("No measures."))]),
            Sheet(
                _("Unfunded"),
                [table_of(plan.unfunded, unfunded_columns(reader), reader, _("Every need has its money."))],
            ),
            Sheet(_("Statutory checks"), [table_of(checks, CHECK_COLUMNS, reader, _("No checks fall due."))]),
            Sheet(_("Assumptions"), assumption_tables(plan.plan, reader)),
        ],
    )


# ---- cover ----------------------------------------------------------------------------------------------------------


def _facts(plan: PlanInWords) -> list[Fact]:
    _, language = plan.reader.words, plan.reader.language
    stored, sums = plan.plan, _Sums(plan)
    first, last, status = plan.years[0], plan.years[-1], stored["status"]
    facts = [
        Fact(_("Municipality"), f"{plan.municipality} ({plan.municipality_code})"),
        Fact(_("Maintenance plan"), stored["name"]),
        Fact(_("Status"), _(STATUSES[status])),
        Fact(_("Version"), stored["version"], "whole"),
        Fact(_("Years"), str(first) if first == last else f"{first}–{last}"),
        Fact(_("Price level"), _("%(year)s prices, excluding VAT, in kronor", year=stored["price_level"])),
        Fact(_("Worked out"), plan.made_at.date(), "date"),
    ]
    for fund in FUNDS:
        name = label(FUND_LABELS[fund], language)
        budget = sum(plan.budget_sek(fund, year) for year in plan.years)
        cost = sums.of_measures(fund)
        facts += [
            Fact(_("Budget, %(fund)s, SEK", fund=name), budget, "whole"),
            Fact(_("Cost, %(fund)s, SEK", fund=name), cost, "whole"),
            Fact(_("Left, %(fund)s, SEK", fund=name), budget - cost, "whole"),
            Fact(_("Unfunded needs, %(fund)s, SEK", fund=name), sums.of_unfunded(fund), "whole"),
        ]
    facts += [
        Fact(_("Measures"), len(plan.measures), "whole"),
        Fact(_("Of the cost, on unverified prices, SEK"), sums.unverified, "whole", sums.unverified > 0),
        Fact(_("Of the cost, on condition estimated from age, SEK"), sums.with_condition("estimated"), "whole"),
        Fact(_("Of the cost, on unknown condition, SEK"), sums.with_condition(None), "whole"),
        Fact(_("Distance to the best possible plan, at most"), _gap(stored["summary"]["gap"], language)),
        Fact(_("Fixed actions that the budget does not cover"), _flagged(plan), stands_out=bool(_flagged_years(plan))),
        Fact(_("Fingerprint of what the plan rests on"), stored["inputs_digest"]),
    ]
    if plan.rows_withheld:
        facts.append(
            Fact(_("Not shown"), _("Rows about objects that your role may not see are left out."), "text", True)
        )
    return facts


def _gap(gap: float, language: str) -> str:
    return reasons.percent(max(gap, 0.0), language)


def _flagged_years(plan: PlanInWords) -> list[Mapping[str, Any]]:
    return [entry for entry in plan.plan["summary"]["flagged_years"] if entry["year"] in plan.years]


def _flagged(plan: PlanInWords) -> str:
    _, language = plan.reader.words, plan.reader.language
    return "\n".join(
        _(
            "%(year)s, %(fund)s: %(sek)s missing",
            year=entry["year"],
            fund=label(FUND_LABELS[entry["fund"]], language),
            sek=reasons.money(entry["missing_sek"], language),
        )
        for entry in _flagged_years(plan)
    ) or _("None; each has its money")


# ---- sums -----------------------------------------------------------------------------------------------------------


class _Sums:
    """Kronor of the rows that are shown, so that every sum in the file is the sum of its rows."""

    def __init__(self, plan: PlanInWords) -> None:
        self.measures = _frame(plan.measures)
        self.unfunded = _frame(plan.unfunded)

    def of_measures(self, fund: str, year: int | None = None) -> int:
        return _sum(self.measures, fund, year)

    def of_unfunded(self, fund: str, year: int | None = None) -> int:
        return _sum(self.unfunded, fund, year)

    @property
    def unverified(self) -> int:
        return int(self.measures.loc[~self.measures["price_verified"], "cost_sek"].sum())

    def with_condition(self, source: str | None) -> int:
        """Kronor of treatments whose asset's condition has this source; None for unknown."""
        frame = self.measures[~self.measures["is_check"]]
        wanted = frame["condition"].isna() if source is None else frame["condition"] == source
        return int(frame.loc[wanted, "cost_sek"].sum())


_SUMMED = ("fund", "year", "kind", "asset_type", "cost_sek")


def _frame(rows: Sequence[Row]) -> pd.DataFrame:
    frame = pd.DataFrame({name: [row[name] for row in rows] for name in _SUMMED})
    frame["price_verified"] = pd.Series([row["price_verified"] for row in rows], dtype=bool)
    frame["is_check"] = pd.Series([reasons.is_check(row) for row in rows], dtype=bool)
    frame["condition"] = pd.Series([row["explanation"].get("health_source") for row in rows], dtype=object)
    return frame


def _sum(frame: pd.DataFrame, fund: str, year: int | None) -> int:
    wanted = frame["fund"] == fund
    if year is not None:
        wanted &= frame["year"] == year
    return int(frame.loc[wanted, "cost_sek"].sum())


def _summary(plan: PlanInWords) -> Sheet:
    _, language = plan.reader.words, plan.reader.language
    sums = _Sums(plan)
    years = len(plan.years)
    charts = [
        BarChart(
            title=_("%(fund)s: cost per year against the budget", fund=label(FUND_LABELS[fund], language)),
            color=FUND_COLORS[fund],
            table=0,
            first_row=place * years,
            last_row=place * years + years - 1,
            categories="year",
            bars="cost_sek",
            limit="budget_sek",
            value_axis=_("SEK, %(year)s prices", year=plan.plan["price_level"]),
        )
        for place, fund in enumerate(FUNDS)
    ]
    return Sheet(
        _("Summary"),
        [
            _money_table(plan, sums),
            _pivot(plan, sums.measures, "kind", _("Cost per kind and year"), _("Kind of action"), _kind_label),
            _pivot(plan, sums.measures, "asset_type", _("Cost per type and year"), _("Type"), _type_label),
        ],
        charts=charts,
        title=_("Summary"),
    )


def _kind_label(kind: str, language: str) -> str:
    return label(KINDS[kind], language)


def _type_label(asset_type: str, language: str) -> str:
    return label(ASSET_TYPES[asset_type], language)


def _money_table(plan: PlanInWords, sums: _Sums) -> Table:
    _, language = plan.reader.words, plan.reader.language
    flagged = {(entry["fund"], entry["year"]) for entry in _flagged_years(plan)}
    rows = []
    for fund in FUNDS:
        for year in plan.years:
            budget, cost = plan.budget_sek(fund, year), sums.of_measures(fund, year)
            rows.append(
                [
                    *(label(FUND_LABELS[fund], language), year, budget, cost, budget - cost),
                    *(sums.of_unfunded(fund, year), _("Yes") if (fund, year) in flagged else None),
                ]
            )
    return Table(
        columns=[
            Column("fund", _("Fund"), "text", 26),
            Column("year", _("Year"), "year", 24),
            Column("budget_sek", _("Budget SEK"), "whole", 14),
            Column("cost_sek", _("Cost SEK"), "whole", 14),
            Column("left_sek", _("Left SEK"), "whole", 14),
            Column("unfunded_sek", _("Unfunded SEK"), "whole", 14),
            Column("flagged", _("Fixed action without money"), "text", 14),
        ],
        rows=rows,
        heading=_("Money per fund and year"),
    )


def _pivot(
    plan: PlanInWords,
    frame: pd.DataFrame,
    by: str,
    heading: str,
    column_heading: str,
    name_of: Callable[[str, str], str],
) -> Table:
    """Cost per fund and value of a column, one column per year; funds are never summed together."""
    _, language = plan.reader.words, plan.reader.language
    costs = frame.groupby(["fund", by, "year"], as_index=False)["cost_sek"].sum()
    cost_of = {
        (fund, value, int(year)): int(sek)
        for fund, value, year, sek in costs[["fund", by, "year", "cost_sek"]].itertuples(index=False)
    }
    rows = []
    for fund in FUNDS:
        for value in sorted({key[1] for key in cost_of if key[0] == fund}):
            yearly = [cost_of.get((fund, value, year), 0) for year in plan.years]
            rows.append([label(FUND_LABELS[fund], language), name_of(value, language), *yearly, sum(yearly)])
    return Table(
        columns=[
            Column("fund", _("Fund"), "text", 26),
            Column(by, column_heading, "text", 24),
            *(Column(f"y{year}", str(year), "whole", 12) for year in plan.years),
            Column("total_sek", _("Total SEK"), "whole", 12),
        ],
        rows=rows,
        heading=heading,
        when_empty=_("No measures."),
    )
