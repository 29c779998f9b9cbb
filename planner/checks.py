"""Refuses input that cannot be planned, before anything is computed from it."""

import math

import numpy as np
import numpy.typing as npt

from planner.errors import PlannerInputError
from planner.inputs import Budgets, Portfolio, Settings
from planner.result import COMMITTED, STATUTORY

LONGEST_PLAN_YEARS = 50
_SHOWN_ROWS = 5


def check_inputs(portfolio: Portfolio, budgets: Budgets, settings: Settings, seed: int) -> None:
    """Raises PlannerInputError with the first thing found wrong; returns nothing when all can be planned."""
    check_portfolio(portfolio)
    _check_budgets(portfolio, budgets)
    _check_settings(settings)
    if seed < 0:
        raise PlannerInputError("seed_negative", seed=seed)
    last_year = budgets.first_year + budgets.sek.shape[1] - 1
    outside = (portfolio.fixed_year < budgets.first_year) | (portfolio.fixed_year > last_year)
    _refuse("fixed_year_outside_plan", outside, first_year=budgets.first_year, last_year=last_year)


def check_portfolio(portfolio: Portfolio) -> None:
    """Raises PlannerInputError where columns do not fit together or hold what no asset can have."""
    _check_lengths(portfolio)
    _check_types(portfolio)
    _check_treatments(portfolio)
    n_assets = len(portfolio.asset_id)
    ids, first, count = np.unique(portfolio.asset_id, return_index=True, return_counts=True)
    if len(ids) < n_assets:
        raise PlannerInputError("asset_id_repeated", asset_id=int(ids[count > 1][0]), row=int(first[count > 1][0]))
    _check_index("fund", portfolio.fund, len(portfolio.funds))
    _check_index("curve", portfolio.curve, len(portfolio.curves))
    _check_index("option_asset", portfolio.option_asset, n_assets)
    _check_index("option_treatment", portfolio.option_treatment, len(portfolio.treatments))
    _check_index("fixed_asset", portfolio.fixed_asset, n_assets)
    _check_index("fixed_treatment", portfolio.fixed_treatment, len(portfolio.treatments), lowest=-1)
    _refuse("effective_age_impossible", np.isinf(portfolio.effective_age) | (portfolio.effective_age < 0))
    for name in ("failure_cost_sek", "replacement_value_sek"):
        column = getattr(portfolio, name)
        _refuse("amount_impossible", ~(np.isfinite(column) & (column >= 0)), column=name)
    _refuse("option_cost_not_positive", portfolio.option_cost_sek <= 0)
    _refuse("fixed_cost_negative", portfolio.fixed_cost_sek < 0)
    _refuse("fixed_class_unknown", ~np.isin(portfolio.fixed_class, [STATUTORY, COMMITTED]))
    pairs = portfolio.option_asset * max(len(portfolio.treatments), 1) + portfolio.option_treatment
    _, first_of_pair = np.unique(pairs, return_index=True)
    repeated = np.ones(len(pairs), dtype=np.bool_)
    repeated[first_of_pair] = False
    _refuse("option_repeated", repeated)


def _check_lengths(portfolio: Portfolio) -> None:
    groups = (
        ("asset_id", "fund", "curve", "effective_age", "failure_cost_sek", "replacement_value_sek"),
        ("option_asset", "option_treatment", "option_cost_sek"),
        ("fixed_asset", "fixed_year", "fixed_cost_sek", "fixed_treatment", "fixed_class"),
    )
    for names in groups:
        shapes = {name: getattr(portfolio, name).shape for name in names}
        if any(len(shape) != 1 for shape in shapes.values()) or len(set(shapes.values())) > 1:
            raise PlannerInputError("columns_differ_in_length", shapes=shapes)


def _check_types(portfolio: Portfolio) -> None:
    whole = (
        *("asset_id", "fund", "curve", "option_asset", "option_treatment", "option_cost_sek"),
        *("fixed_asset", "fixed_year", "fixed_cost_sek", "fixed_treatment"),
    )
    for name in whole:
        column = getattr(portfolio, name)
        if column.dtype != np.int64:
            raise PlannerInputError("column_not_whole_numbers", column=name, dtype=str(column.dtype))
    for name in ("effective_age", "failure_cost_sek", "replacement_value_sek"):
        column = getattr(portfolio, name)
        if column.dtype != np.float64:
            raise PlannerInputError("column_not_numbers", column=name, dtype=str(column.dtype))


def _check_treatments(portfolio: Portfolio) -> None:
    curve_names = [curve.name for curve in portfolio.curves]
    if len(set(curve_names)) < len(curve_names):
        raise PlannerInputError("curve_name_repeated", curves=curve_names)
    for treatment in portfolio.treatments:
        if not 0.0 <= treatment.age_removed <= 1.0:
            raise PlannerInputError("age_removed_not_a_share", treatment=treatment.name, value=treatment.age_removed)
        if treatment.curve_after is not None and treatment.curve_after not in curve_names:
            raise PlannerInputError("curve_after_unknown", treatment=treatment.name, curve=treatment.curve_after)
        if not 0.0 <= treatment.apply_at_or_below <= 100.0:
            raise PlannerInputError(
                "apply_at_or_below_not_a_health_index", treatment=treatment.name, value=treatment.apply_at_or_below
            )
        if not (math.isfinite(treatment.years_between) and treatment.years_between >= 0):
            raise PlannerInputError("years_between_impossible", treatment=treatment.name, value=treatment.years_between)


def _check_budgets(portfolio: Portfolio, budgets: Budgets) -> None:
    if budgets.sek.ndim != 2 or budgets.sek.shape[0] != len(portfolio.funds):
        raise PlannerInputError("budget_shape", shape=budgets.sek.shape, funds=portfolio.funds)
    if not 1 <= budgets.sek.shape[1] <= LONGEST_PLAN_YEARS:
        raise PlannerInputError("plan_length", years=budgets.sek.shape[1], longest=LONGEST_PLAN_YEARS)
    if budgets.sek.dtype != np.int64:
        raise PlannerInputError("budget_not_whole_kronor", dtype=str(budgets.sek.dtype))
    if (budgets.sek < 0).any():
        fund, year = (int(place[0]) for place in np.nonzero(budgets.sek < 0))
        raise PlannerInputError("budget_negative", fund=portfolio.funds[fund], year=budgets.first_year + year)


def _check_settings(settings: Settings) -> None:
    names = ("discount_rate", "risk_weight", "preserved_value_weight", "minimum_benefit_per_krona")
    for name in names:
        value = getattr(settings, name)
        if not (math.isfinite(value) and value >= 0):
            raise PlannerInputError("setting_impossible", setting=name, value=value)
    if settings.discount_rate > 1:
        raise PlannerInputError("discount_rate_not_a_share", value=settings.discount_rate)


def _check_index(name: str, column: npt.NDArray[np.int64], size: int, lowest: int = 0) -> None:
    _refuse("index_out_of_range", (column < lowest) | (column >= size), column=name, size=size)


def _refuse(code: str, bad: npt.NDArray[np.bool_], **details: object) -> None:
    if bad.any():
        rows = np.flatnonzero(bad)
        raise PlannerInputError(code, rows=rows[:_SHOWN_ROWS].tolist(), count=len(rows), **details)
