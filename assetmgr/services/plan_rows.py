"""From the planner's columns to the rows of a plan as they are saved, with the numbers that explain each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from assetmgr.catalogue.booking import CURRENT_BOOKING_RULE, capital_threshold_sek
from assetmgr.catalogue.model import FUNDS
from assetmgr.services.portfolio import PortfolioData
from planner.result import NEED, Plan, PlanRows

Column = npt.NDArray[Any]
CHECK_KIND, CHECK_BOOKING = "statutory_check", "operating"


@dataclass(frozen=True)
class RowsToStore:
    """Rows as columns of `store.plans.ROW_COLUMNS`, funded first, each part in the plan's own order."""

    columns: Mapping[str, Sequence[Any]]

    @cached_property
    def _frame(self) -> pd.DataFrame:
        names = ("funded", "row_class", "fund", "year", "kind", "cost_sek", "price_verified")
        frame = pd.DataFrame({name: list(self.columns[name]) for name in names}).astype(
            {"funded": bool, "price_verified": bool, "cost_sek": np.int64, "year": np.int64}
        )
        frame["is_fixed"] = frame["row_class"] != NEED
        frame["condition"] = [
            "" if kind == CHECK_KIND else (facts.get("health_source") or "unknown")
            for kind, facts in zip(self.columns["kind"], self.columns["explanation"], strict=True)
        ]
        return frame

    def unfunded_sek(self, first_year: int, years: int, *, fixed_only: bool = False) -> npt.NDArray[np.int64]:
        """Kronor that rows without money ask for, or only the fixed points among them: (n_funds, years)."""
        frame = self._frame[~self._frame["funded"]]
        if fixed_only:
            frame = frame[frame["is_fixed"]]
        amounts = np.zeros((len(FUNDS), years), dtype=np.int64)
        fund = frame["fund"].map({name: place for place, name in enumerate(FUNDS)}).to_numpy(dtype=np.int64)
        np.add.at(amounts, (fund, frame["year"].to_numpy() - first_year), frame["cost_sek"].to_numpy())
        return amounts

    def sums(self) -> dict[str, Any]:
        """Kronor of the plan, and those of them that rest on prices or conditions nobody has checked."""
        frame = self._frame
        funded = frame[frame["funded"]]
        by_condition = funded.groupby("condition")["cost_sek"].sum()
        return {
            "cost_sek": int(funded["cost_sek"].sum()),
            "unfunded_cost_sek": int(frame.loc[~frame["funded"], "cost_sek"].sum()),
            "unverified_cost_sek": int(funded.loc[~funded["price_verified"], "cost_sek"].sum()),
            "estimated_condition_cost_sek": int(by_condition.get("estimated", 0)),
            "unknown_condition_cost_sek": int(by_condition.get("unknown", 0)),
            "by_kind_sek": {str(kind): int(sek) for kind, sek in funded.groupby("kind")["cost_sek"].sum().items()},
        }

    def counts(self) -> dict[str, int]:
        """How many rows there are of what."""
        frame = self._frame
        return {
            "measures": int(frame["funded"].sum()),
            "unfunded": int((~frame["funded"]).sum()),
            "fixed": int(frame["is_fixed"].sum()),
            "unfunded_fixed": int((frame["is_fixed"] & ~frame["funded"]).sum()),
        }


def rows_to_store(data: PortfolioData, plan: Plan) -> RowsToStore:
    """All rows of a plan, what has money before what has not."""
    parts = [_columns(data, plan.planned, funded=True), _columns(data, plan.unfunded, funded=False)]
    return RowsToStore({name: [*parts[0][name], *parts[1][name]] for name in parts[0]})


def _columns(data: PortfolioData, rows: PlanRows, *, funded: bool) -> dict[str, list[Any]]:
    count = len(rows.asset)
    kind, booking, rule, treatment = _what(data, rows)
    price = _prices(data, rows)
    return {
        "asset_id": data.assets["id"][rows.asset].tolist(),
        "funded": [funded] * count,
        "row_class": rows.row_class.tolist(),
        "year": rows.year.tolist(),
        "fund": np.array(FUNDS)[data.portfolio.fund[rows.asset]].tolist(),
        "kind": kind,
        "booking": booking,
        "booking_rule": rule,
        "treatment": treatment,
        "cost_sek": rows.cost_sek.tolist(),
        "price_verified": price.verified.tolist(),
        "explanation": _explanations(data, rows, price),
    }


def _what(data: PortfolioData, rows: PlanRows) -> tuple[list[str], list[str], list[str], list[str]]:
    """Kind, booking, the rule that decided the booking, and the treatment's or check's name, per row."""
    treatments = data.treatments
    is_check = rows.treatment < 0
    number = np.where(is_check, len(treatments), rows.treatment)
    kinds = np.array([*(t.kind for t in treatments), CHECK_KIND], dtype=object)[number]
    rules = np.array([*(t.booking_rule for t in treatments), CURRENT_BOOKING_RULE], dtype=object)[number]
    names = np.array([*(t.name for t in treatments), ""], dtype=object)[number]
    names[is_check] = data.checks.name[rows.fixed[is_check]]
    may_be_capital = np.array([*(t.booking == "capital" for t in treatments), False])[number]
    booking = np.where(may_be_capital & (rows.cost_sek > _thresholds(data, rows.year)), "capital", CHECK_BOOKING)
    return kinds.tolist(), booking.tolist(), rules.tolist(), names.tolist()


def _thresholds(data: PortfolioData, year: Column) -> Column:
    """What a measure of each row's year must exceed to be capital, in SEK."""
    years, place = np.unique(year, return_inverse=True)
    values = data.catalogue.reference_values
    return np.array([capital_threshold_sek(int(y), values) for y in years], dtype=np.float64)[place]


@dataclass(frozen=True)
class _Prices:
    """Per row: quantity in `unit`, kronor per unit with all factors in it, and whether every figure is verified."""

    quantity: Column
    unit: Column
    unit_price_sek: Column
    verified: Column


def _prices(data: PortfolioData, rows: PlanRows) -> _Prices:
    """Where each row's price stands: with its option, or with its fixed point."""
    count = len(rows.asset)
    is_option, is_fixed = np.flatnonzero(rows.fixed < 0), np.flatnonzero(rows.fixed >= 0)
    option = data.option_of(rows.asset[is_option], rows.treatment[is_option])
    fixed = rows.fixed[is_fixed]
    found = _Prices(np.zeros(count), np.full(count, "each", dtype=object), np.zeros(count), np.zeros(count, dtype=bool))
    for place, source, where in ((is_option, data.options, option), (is_fixed, data.checks, fixed)):
        for name in ("quantity", "unit", "unit_price_sek", "verified"):
            getattr(found, name)[place] = getattr(source, name)[where]
    return found


def _explanations(data: PortfolioData, rows: PlanRows, price: _Prices) -> list[dict[str, Any]]:
    """The numbers behind each row; what is unknown is left out."""
    facts = {name: data.assets[name][rows.asset] for name in ("inspected_on", "native_scale", "native_grade")}
    is_check = rows.treatment < 0
    names = np.array([*(t.name for t in data.treatments), None], dtype=object)
    has_second = rows.runner_up_year > 0
    columns: dict[str, Column] = {
        "decided_by": rows.decided_by.astype(object),
        "quantity": _numbers(price.quantity, 2),
        "unit": price.unit,
        "unit_price_sek": _numbers(price.unit_price_sek, 2),
        "health_now": _numbers(data.health_now[rows.asset], 1),
        "health_source": data.health_source[rows.asset],
        "inspected_on": facts["inspected_on"],
        "native_scale": facts["native_scale"],
        "native_grade": facts["native_grade"],
        "age_from_year": _whole(data.age_from_year[rows.asset]),
        "health": _only(~is_check, _numbers(rows.health, 1)),
        "failure_probability": _only(~is_check, _numbers(rows.failure_probability, 5)),
        "failure_cost_sek": _only(~is_check, _whole(data.portfolio.failure_cost_sek[rows.asset])),
        "benefit_sek": _only(~is_check, _whole(rows.benefit_sek)),
        "waiting_cost_sek": _only(~is_check, _whole(rows.waiting_cost_sek)),
        "runner_up_treatment": _only(has_second, names[rows.runner_up_treatment]),
        "runner_up_year": _only(has_second, _whole(rows.runner_up_year.astype(np.float64))),
        "runner_up_benefit_sek": _only(has_second, _whole(rows.runner_up_benefit_sek)),
        **_check_facts(data, rows),
    }
    titles = list(columns)
    return [
        {title: value for title, value in zip(titles, values, strict=True) if value is not None}
        for values in zip(*(column.tolist() for column in columns.values()), strict=True)
    ]


def _check_facts(data: PortfolioData, rows: PlanRows) -> dict[str, Column]:
    is_check = rows.treatment < 0
    if not len(data.checks.name):
        return {}
    fixed = np.where(is_check, rows.fixed, 0)
    last = data.checks.last_approved[fixed]
    overdue = data.checks.overdue[fixed]
    return {
        "count": _only(is_check, data.checks.count[fixed]),
        "last_approved_on": _only(is_check & ~np.isnat(last), np.datetime_as_string(last, unit="D")),
        "overdue": _only(is_check & overdue, overdue),
    }


def _numbers(values: Column, decimals: int) -> Column:
    """Numbers as objects, nan as None."""
    rounded = np.round(values.astype(np.float64), decimals)
    return _only(~np.isnan(rounded), rounded)


def _whole(values: Column) -> Column:
    """Whole numbers as objects, nan as None."""
    known = ~np.isnan(values)
    return _only(known, np.rint(np.where(known, values, 0)).astype(np.int64))


def _only(wanted: Column, values: Column) -> Column:
    """The wanted values as objects, None elsewhere."""
    result = np.full(len(values), None, dtype=object)
    result[wanted] = values[wanted]
    return result
