"""How the whole stock's health develops, with a plan or without."""

import numpy as np

from planner.benefit import treatment_effects
from planner.checks import check_portfolio
from planner.deterioration import CLASS_LIMITS, curve_parameters, health_index
from planner.errors import PlannerInputError
from planner.fixed_points import shifted
from planner.generation import starting_state
from planner.inputs import IntColumn, Portfolio
from planner.result import Plan

HEALTH_CLASSES = ("A", "B", "C", "D", "E", "unknown")


def network_health(portfolio: Portfolio, plan: Plan | None, first_year: int, years: int) -> IntColumn:
    """Number of assets in each of `HEALTH_CLASSES` and year: (years, 6).

    A year shows the health with which it begins, its own funded actions counted as done; `first_year` is the year for
    whose start the portfolio's ages hold. Without a plan nothing is done. An asset of unknown age stays unknown until
    an action renews it wholly.
    """
    if years < 1:
        raise PlannerInputError("plan_length", years=years)
    check_portfolio(portfolio)
    curves = curve_parameters(portfolio.curves)
    effects = treatment_effects(portfolio.treatments, portfolio.curves)
    state = starting_state(portfolio, curves)
    curve, age, is_known = state.curve.copy(), state.start_age.copy(), state.is_known.copy()
    lower_limits = np.array(CLASS_LIMITS)[::-1]
    counts = np.zeros((years, len(HEALTH_CLASSES)), dtype=np.int64)
    for year in range(years):
        if plan is not None:
            acts = np.flatnonzero((plan.planned.year == first_year + year) & (plan.planned.treatment >= 0))
            # An asset may have several in a year; each turn takes the next of those.
            while len(acts):
                _, first = np.unique(plan.planned.asset[acts], return_index=True)
                asset, treatment = plan.planned.asset[acts[first]], plan.planned.treatment[acts[first]]
                curve[asset], age[asset] = shifted(
                    effects, curve[asset], age[asset], treatment, np.full(len(asset), year, dtype=np.int64)
                )
                is_known[asset] |= effects.age_kept[treatment] == 0.0
                acts = np.delete(acts, first)
        health = health_index(curves, curve, age + year)
        health_class = len(lower_limits) - np.searchsorted(lower_limits, health, side="right")
        counts[year] = np.bincount(
            np.where(is_known, health_class, len(lower_limits) + 1), minlength=len(HEALTH_CLASSES)
        )
    return counts
