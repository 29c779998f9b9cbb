"""`generate_plan`: from columns and budgets to a plan that says why, read top to bottom."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from planner.allocation import Allocation, allocate_one_per_group, best_of_each_group
from planner.benefit import (
    BenefitTables,
    TreatmentEffects,
    benefit_at,
    benefit_by_year,
    benefit_tables,
    treatment_effects,
)
from planner.checks import check_inputs
from planner.columns import NOTHING
from planner.deterioration import (
    CurveParameters,
    assumed_age,
    curve_parameters,
    effective_age_from_health,
    failure_probability_next_year,
    health_index,
)
from planner.fixed_points import (
    AssetState,
    GivenStates,
    first_year_again,
    fund_fixed_points,
    shifted,
    states_with_fixed_points,
)
from planner.inputs import Budgets, FloatColumn, IntColumn, Portfolio, Settings
from planner.result import NEED, Plan, PlanRows


def generate_plan(portfolio: Portfolio, budgets: Budgets, settings: Settings, seed: int) -> Plan:
    """The plan with the most benefit that the budgets can pay for, with reasons, and what found no room.

    Fixed points are paid first and stay in their years. Then every asset gets at most one action of the planner's own
    choosing, after its last fixed treatment. An action comes into question in the years when the forecast health is at
    or below its treatment's limit and its benefit is at least `minimum_benefit_per_krona` times its discounted cost.
    One that would be worth still more the year after the plan's last belongs to a later plan and is no need yet.

    `value`, `bound` and `gap` concern the planner's own choices. The same input gives the same plan, whatever the order
    of its rows; of equal assets the one with the lower id goes first. `seed` draws what the search samples and
    tries. Raises PlannerInputError for input that cannot be planned.
    """
    check_inputs(portfolio, budgets, settings, seed)
    method = _method(portfolio, budgets, settings)
    fixed = fund_fixed_points(portfolio, budgets)
    given = states_with_fixed_points(
        portfolio, method.effects, method.start, fixed.funded, budgets.first_year, method.years
    )
    options = _worthwhile_options(method, given)
    money = budgets.sek - fixed.spend_sek
    shares = [_plan_fund(options, fund, money[fund], seed) for fund in range(len(portfolio.funds))]
    planned = np.concatenate([share.planned for share in shares]) if shares else _NO_ACTIONS
    unfunded = np.concatenate([share.unfunded for share in shares]) if shares else _NO_ACTIONS
    fixed_rows = _fixed_rows(method, given, planned)
    value = sum(share.allocation.value for share in shares)
    bound = sum(share.allocation.bound for share in shares)
    return Plan(
        planned=_rows(portfolio, [_need_rows(method, given, planned), _take(fixed_rows, fixed.funded)]),
        unfunded=_rows(portfolio, [_need_rows(method, given, unfunded), _take(fixed_rows, ~fixed.funded)]),
        spend_sek=fixed.spend_sek
        + _per_fund_and_year([share.allocation.usage for share in shares], method.years, np.int64),
        flagged=fixed.flagged,
        price=_per_fund_and_year([share.allocation.price for share in shares], method.years, np.float64),
        value=value,
        bound=bound,
        gap=(bound - value) / bound if bound > 0 else 0.0,
    )


@dataclass(frozen=True)
class _Method:
    """The inputs with what is computed once from them. `start` holds the assets as the plan begins."""

    portfolio: Portfolio
    settings: Settings
    first_year: int
    years: int
    curves: CurveParameters
    effects: TreatmentEffects
    tables: BenefitTables
    start: AssetState


def _method(portfolio: Portfolio, budgets: Budgets, settings: Settings) -> _Method:
    curves = curve_parameters(portfolio.curves)
    effects = treatment_effects(portfolio.treatments, portfolio.curves)
    start = starting_state(portfolio, curves)
    years = budgets.sek.shape[1]
    oldest = float(start.start_age.max(initial=0.0))
    tables = benefit_tables(curves, effects, years, settings.discount_rate, oldest)
    return _Method(portfolio, settings, budgets.first_year, years, curves, effects, tables, start)


def starting_state(portfolio: Portfolio, curves: CurveParameters) -> AssetState:
    """The assets as the plan begins; those of unknown age are taken to be in the middle of their cohort."""
    is_known = ~np.isnan(portfolio.effective_age)
    age = np.where(is_known, portfolio.effective_age, assumed_age(curves)[portfolio.curve])
    return AssetState(portfolio.curve, age, is_known)


# --- which options come into question ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Options:
    """Options in question (m,), ordered by asset id and treatment: `benefit` (n_years, m) is -inf where not to be
    had."""

    asset: IntColumn
    rank: IntColumn
    fund: IntColumn
    treatment: IntColumn
    cost: IntColumn
    benefit: FloatColumn


def _worthwhile_options(method: _Method, given: GivenStates) -> _Options:
    """Options that in some year are applicable and worth their money, and that are not better left to a later plan."""
    portfolio, years = method.portfolio, method.years
    rank = np.empty(len(portfolio.asset_id), dtype=np.int64)
    rank[np.argsort(portfolio.asset_id)] = np.arange(len(portfolio.asset_id))
    order = np.lexsort((portfolio.option_treatment, rank[portfolio.option_asset]))
    earliest = _earliest_year(method, given, portfolio.option_asset, portfolio.option_treatment)
    order = order[earliest[order] < years]
    asset, treatment = portfolio.option_asset[order], portfolio.option_treatment[order]
    cost, earliest = portfolio.option_cost_sek[order], earliest[order]
    benefit = benefit_by_year(
        method.tables,
        method.settings,
        given.after.curve[asset],
        given.after.start_age[asset],
        treatment,
        portfolio.failure_cost_sek[asset],
        portfolio.replacement_value_sek[asset],
    )
    later = benefit[years]
    threshold = cost * method.settings.minimum_benefit_per_krona
    best = np.full(len(order), -np.inf)
    for year in range(years):
        least = threshold * (1.0 + method.settings.discount_rate) ** -year
        row = benefit[year]
        row[(earliest > year) | (row < least) | (row <= 0)] = -np.inf
        np.maximum(best, row, out=best)
    kept = np.flatnonzero((best > 0) & (best >= later))
    asset = asset[kept]
    whole = len(kept) == len(order)
    return _Options(
        asset=asset,
        rank=rank[asset],
        fund=portfolio.fund[asset],
        treatment=treatment[kept],
        cost=cost[kept],
        benefit=benefit[:years] if whole else benefit[:years, kept],
    )


def _earliest_year(method: _Method, given: GivenStates, asset: IntColumn, treatment: IntColumn) -> IntColumn:
    """The first plan year (m,) in which an option is applicable; at least the number of years where none is."""
    limit = np.array([t.apply_at_or_below for t in method.portfolio.treatments], dtype=np.float64)
    curve, age = given.after.curve[asset], given.after.start_age[asset]
    health = health_index(method.curves, curve, age)
    # Only those above their limit have to wait; a limit below what health can be is never reached.
    waits = np.flatnonzero(health > limit[treatment])
    earliest = np.zeros(len(asset), dtype=np.int64)
    floor = limit[treatment[waits]]
    reached = effective_age_from_health(method.curves, curve[waits], floor) - age[waits]
    earliest[waits] = np.ceil(np.clip(reached - 1e-9, 0.0, float(method.years))).astype(np.int64)
    again = first_year_again(method.portfolio, asset, treatment, method.first_year)
    return np.maximum(np.maximum(earliest, again), given.free_from[asset])


# --- one fund at a time: nothing ties them together -------------------------------------------------------------------

_ACTION = np.dtype(
    [
        ("asset", np.int64),
        ("treatment", np.int64),
        ("year", np.int64),
        ("cost", np.int64),
        ("benefit", np.float64),
        ("runner_up_treatment", np.int64),
        ("runner_up_year", np.int64),
        ("runner_up_benefit", np.float64),
        ("decided_by", "U10"),
    ]
)
_NO_ACTIONS = np.zeros(0, dtype=_ACTION)
_Number = TypeVar("_Number", np.int64, np.float64)
_Actions = npt.NDArray[np.void]


@dataclass(frozen=True)
class _FundShare:
    """One fund's allocation, its actions and its needs without room, as structured arrays with plan years from 0."""

    allocation: Allocation
    planned: _Actions
    unfunded: _Actions


def _plan_fund(options: _Options, fund: int, money: IntColumn, seed: int) -> _FundShare:
    """Allocate the fund's money, and say for each asset in question what it wanted, what it got and what came
    second."""
    mine = np.flatnonzero(options.fund == fund)
    benefit = options.benefit if len(mine) == len(options.fund) else options.benefit[:, mine]
    rank, cost = options.rank[mine], options.cost[mine]
    allocation = allocate_one_per_group(benefit, cost, rank, money, seed)
    _, wanted, wanted_year = best_of_each_group(benefit, cost, rank, np.zeros(len(money)))
    got = allocation.option != NOTHING
    option = np.where(got, allocation.option, wanted)
    year = np.where(got, allocation.year, wanted_year)

    actions = np.zeros(len(option), dtype=_ACTION)
    actions["asset"] = options.asset[mine[option]]
    actions["treatment"] = options.treatment[mine[option]]
    actions["year"] = year
    actions["cost"] = cost[option]
    actions["benefit"] = benefit[year, option]
    as_wanted = benefit[year, option] >= benefit[wanted_year, wanted]
    actions["decided_by"] = np.where(~got, "no_room", np.where(as_wanted, "benefit", "budget"))

    # The runner-up is what the same prices would have chosen had this option not existed in this year.
    benefit = benefit.copy() if benefit is options.benefit else benefit
    benefit[year, option] = -np.inf
    owners, second, second_year = best_of_each_group(benefit, cost, rank, allocation.price)
    actions["runner_up_treatment"] = NOTHING
    actions["runner_up_year"] = NOTHING
    has_second = np.searchsorted(allocation.group, owners)
    actions["runner_up_treatment"][has_second] = options.treatment[mine[second]]
    actions["runner_up_year"][has_second] = second_year
    actions["runner_up_benefit"][has_second] = benefit[second_year, second]
    return _FundShare(allocation, actions[got], actions[~got])


def _per_fund_and_year(rows: list[npt.NDArray[_Number]], years: int, kind: type[_Number]) -> npt.NDArray[_Number]:
    return np.array(rows, dtype=kind).reshape(len(rows), years)


# --- rows with their reasons ------------------------------------------------------------------------------------------


def _need_rows(method: _Method, given: GivenStates, actions: _Actions) -> PlanRows:
    """Rows for the planner's own choices, or for needs without room."""
    asset, year = actions["asset"], actions["year"]
    state = AssetState(given.after.curve[asset], given.after.start_age[asset], given.after.is_known[asset])
    has_second = actions["runner_up_year"] != NOTHING
    return PlanRows(
        asset=asset,
        year=year + method.first_year,
        treatment=actions["treatment"],
        fixed=np.full(len(asset), -1, dtype=np.int64),
        cost_sek=actions["cost"],
        row_class=np.full(len(asset), NEED),
        health=_health(method, state, year),
        failure_probability=_failure_probability(method, state, year),
        benefit_sek=actions["benefit"],
        waiting_cost_sek=actions["benefit"] - _benefit(method, asset, state, actions["treatment"], year + 1),
        runner_up_treatment=actions["runner_up_treatment"],
        runner_up_year=np.where(has_second, actions["runner_up_year"] + method.first_year, 0),
        runner_up_benefit_sek=actions["runner_up_benefit"],
        decided_by=actions["decided_by"],
    )


def _fixed_rows(method: _Method, given: GivenStates, planned: _Actions) -> PlanRows:
    """One row per fixed point, in the portfolio's order; an action that changes no condition has no benefit."""
    portfolio = method.portfolio
    asset, treatment = portfolio.fixed_asset, portfolio.fixed_treatment
    year = portfolio.fixed_year - method.first_year
    state = _after_planned(method, given, planned)
    acts = np.flatnonzero(treatment >= 0)
    acting = AssetState(state.curve[acts], state.start_age[acts], state.is_known[acts])
    benefit, waiting = np.zeros(len(asset)), np.zeros(len(asset))
    benefit[acts] = _benefit(method, asset[acts], acting, treatment[acts], year[acts])
    waiting[acts] = benefit[acts] - _benefit(method, asset[acts], acting, treatment[acts], year[acts] + 1)
    return PlanRows(
        asset=asset,
        year=portfolio.fixed_year,
        treatment=treatment,
        fixed=np.arange(len(asset), dtype=np.int64),
        cost_sek=portfolio.fixed_cost_sek,
        row_class=portfolio.fixed_class,
        health=_health(method, state, year),
        failure_probability=_failure_probability(method, state, year),
        benefit_sek=benefit,
        waiting_cost_sek=waiting,
        runner_up_treatment=np.full(len(asset), -1, dtype=np.int64),
        runner_up_year=np.zeros(len(asset), dtype=np.int64),
        runner_up_benefit_sek=np.zeros(len(asset)),
        decided_by=np.full(len(asset), "fixed"),
    )


def _after_planned(method: _Method, given: GivenStates, planned: _Actions) -> AssetState:
    """The state (k,) fixed points meet when a planned action of an earlier year has changed it."""
    portfolio, met = method.portfolio, given.met
    action_of = np.full(len(portfolio.asset_id), -1, dtype=np.int64)
    action_of[planned["asset"]] = np.arange(len(planned))
    action = action_of[portfolio.fixed_asset]
    changed = np.flatnonzero(action >= 0)
    year = planned["year"][action[changed]]
    earlier = year < portfolio.fixed_year[changed] - method.first_year
    changed, year = changed[earlier], year[earlier]
    treatment = planned["treatment"][action[changed]]
    curve, age, known = met.curve.copy(), met.start_age.copy(), met.is_known.copy()
    curve[changed], age[changed] = shifted(method.effects, curve[changed], age[changed], treatment, year)
    known[changed] |= method.effects.age_kept[treatment] == 0.0
    return AssetState(curve, age, known)


def _health(method: _Method, state: AssetState, year: IntColumn) -> FloatColumn:
    """Forecast health just before the action; nan where the age is only assumed."""
    return np.where(state.is_known, health_index(method.curves, state.curve, state.start_age + year), np.nan)


def _failure_probability(method: _Method, state: AssetState, year: IntColumn) -> FloatColumn:
    return failure_probability_next_year(method.curves, state.curve, np.maximum(state.start_age + year, 0.0))


def _benefit(
    method: _Method, asset: IntColumn, state: AssetState, treatment: IntColumn, year: IntColumn
) -> FloatColumn:
    portfolio = method.portfolio
    return benefit_at(
        method.tables,
        method.settings,
        state.curve,
        state.start_age,
        treatment,
        year,
        portfolio.failure_cost_sek[asset],
        portfolio.replacement_value_sek[asset],
    )


def _take(rows: PlanRows, kept: npt.NDArray[np.bool_] | IntColumn) -> PlanRows:
    return PlanRows(**{name: getattr(rows, name)[kept] for name in PlanRows.__dataclass_fields__})


def _rows(portfolio: Portfolio, parts: list[PlanRows]) -> PlanRows:
    """The parts as one, ordered by year, asset id, treatment and fixed point."""
    rows = PlanRows(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in PlanRows.__dataclass_fields__}
    )
    return _take(rows, np.lexsort((rows.fixed, rows.treatment, portfolio.asset_id[rows.asset], rows.year)))
