"""What is already given: statutory and committed actions, their money, and what they do to the assets they touch."""

from dataclasses import dataclass

import numpy as np

from planner.benefit import TreatmentEffects
from planner.inputs import BoolColumn, Budgets, FloatColumn, IntColumn, Portfolio
from planner.result import STATUTORY


@dataclass(frozen=True)
class FixedFunding:
    """`funded` (k,) per fixed point; `spend_sek` and `flagged` (n_funds, n_years), flagged where one did not fit."""

    funded: BoolColumn
    spend_sek: IntColumn
    flagged: BoolColumn


@dataclass(frozen=True)
class AssetState:
    """Assets in the state they are in from some plan year on.

    They follow `curve` as if they had been `start_age` old when the plan started; that age may be negative for one
    renewed during the plan. `is_known` is False where the age rests on the assumption for unknown ones.
    """

    curve: IntColumn
    start_age: FloatColumn
    is_known: BoolColumn


@dataclass(frozen=True)
class GivenStates:
    """What the fixed points leave to the planner.

    `after` are the assets (n,) after their fixed treatments; the planner may act on them from plan year `free_from`
    (n,) on, the number of plan years where it must leave them alone. `met` (k,) is the state each fixed point meets.
    """

    after: AssetState
    free_from: IntColumn
    met: AssetState


def fund_fixed_points(portfolio: Portfolio, budgets: Budgets) -> FixedFunding:
    """Pay for fixed points from their own fund and year: statutory first, then by asset id and cost while money lasts.

    One that does not fit is passed over and a cheaper one after it may still fit, so no budget is exceeded.
    """
    n_funds, n_years = budgets.sek.shape
    cost = portfolio.fixed_cost_sek
    cell = portfolio.fund[portfolio.fixed_asset] * n_years + portfolio.fixed_year - budgets.first_year
    money = budgets.sek.ravel()
    wanted = np.zeros(len(money), dtype=np.int64)
    np.add.at(wanted, cell, cost)
    short = wanted > money
    funded = ~short[cell]
    is_committed = portfolio.fixed_class != STATUTORY
    order = np.lexsort((cost, portfolio.asset_id[portfolio.fixed_asset], is_committed, cell))
    spent = np.where(short, 0, wanted)
    for index in order[short[cell[order]]]:
        if spent[cell[index]] + cost[index] <= money[cell[index]]:
            spent[cell[index]] += cost[index]
            funded[index] = True
    return FixedFunding(funded, spent.reshape(n_funds, n_years), short.reshape(n_funds, n_years))


def shifted(
    effects: TreatmentEffects, curve: IntColumn, start_age: FloatColumn, treatment: IntColumn, year: IntColumn
) -> tuple[IntColumn, FloatColumn]:
    """Curve and start age after a treatment in plan year `year`: the start age that gives the right age from then
    on."""
    age_then = np.maximum(start_age + year, 0.0)
    return effects.curve_after[treatment, curve], effects.age_kept[treatment] * age_then - year


def states_with_fixed_points(
    portfolio: Portfolio,
    effects: TreatmentEffects,
    start: AssetState,
    funded: BoolColumn,
    first_year: int,
    n_years: int,
) -> GivenStates:
    """What the fixed points leave behind.

    The planner acts on an asset only after its last funded fixed treatment, and not at all on one whose fixed treatment
    got no money: what to do about a commitment that does not fit is for people to decide.
    """
    curve, age, known = start.curve.copy(), start.start_age.copy(), start.is_known.copy()
    free_from = np.zeros(len(curve), dtype=np.int64)
    asset, treatment = portfolio.fixed_asset, portfolio.fixed_treatment
    year = portfolio.fixed_year - first_year
    met_curve, met_age, met_known = curve[asset], age[asset], known[asset]
    order = np.lexsort((portfolio.fixed_cost_sek, treatment, year, asset))
    # Turn by turn: the first fixed point of every asset, then the second of those that have one, and so on.
    turn = np.arange(len(order)) - np.searchsorted(asset[order], asset[order])
    for number in range(int(turn.max(initial=-1)) + 1):
        now = order[turn == number]
        of = asset[now]
        met_curve[now], met_age[now], met_known[now] = curve[of], age[of], known[of]
        acts = now[(treatment[now] >= 0) & funded[now]]
        of = asset[acts]
        curve[of], age[of] = shifted(effects, curve[of], age[of], treatment[acts], year[acts])
        known[of] |= effects.age_kept[treatment[acts]] == 0.0
        free_from[of] = year[acts] + 1
    free_from[asset[(treatment >= 0) & ~funded]] = n_years
    return GivenStates(AssetState(curve, age, known), free_from, AssetState(met_curve, met_age, met_known))


def first_year_again(
    portfolio: Portfolio, option_asset: IntColumn, option_treatment: IntColumn, first_year: int
) -> IntColumn:
    """The first plan year (m,) in which a treatment may come again after the same one as a fixed point; else 0."""
    gap = np.array([np.ceil(treatment.years_between) for treatment in portfolio.treatments], dtype=np.int64)
    n_treatments = max(len(portfolio.treatments), 1)
    acts = portfolio.fixed_treatment >= 0
    treatment = portfolio.fixed_treatment[acts]
    pairs, number = np.unique(portfolio.fixed_asset[acts] * n_treatments + treatment, return_inverse=True)
    again = np.zeros(len(pairs), dtype=np.int64)
    np.maximum.at(again, number, portfolio.fixed_year[acts] - first_year + gap[treatment])
    result = np.zeros(len(option_asset), dtype=np.int64)
    if len(pairs):
        wanted = option_asset * n_treatments + option_treatment
        place = np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)
        result = np.where(pairs[place] == wanted, again[place], 0)
    return result
