"""Which option in which year, within whole-krona budgets: prices on years, then a plan that fits, with a proven gap.

Every group takes at most one option in at most one year, and years are tied together only by their budgets. Put a price
on a krona of each year and the groups come apart: each takes what is worth most after its price. The sum of those, plus
what the budgets would fetch at the prices, is never below the best possible plan (Lagrangian duality), so the lowest
such sum is the bound (`prices`). A linear programme over the nearly undecided groups leaves about one group per year
divided; these are rounded down, room that is left is filled in order of least regret, and columns that would promise
more are forced in one by one for as long as the whole gains (`rounding`).

The price method for capital budgets is that of Karabakal, Bean and Lohmann (1994); the sum of bounds and rounding
follows the usual theory of multiple-choice knapsacks with few rows (Sinha and Zoltners, 1979).
"""

from dataclasses import dataclass

import numpy as np

from planner.columns import (
    NOTHING,
    Columns,
    best_choice,
    best_year,
    columns_of,
    first_of_each_group,
    usage,
    worth_of_each_option,
)
from planner.errors import PlannerInputError
from planner.inputs import FloatColumn, IntColumn
from planner.prices import lowest_bound
from planner.rounding import fill, fit, improve
from planner.ties import lower_groups_first


@dataclass(frozen=True)
class Allocation:
    """The chosen option and year per group, and the proof.

    `group` (g,) are the groups met, ascending; `option` (g,) indexes the options and `year` (g,) counts from 0, both -1
    where the group got nothing. `usage` and `price` are (n_years,): whole kronor, and value per extra krona. `value` <=
    `bound`.
    """

    group: IntColumn
    option: IntColumn
    year: IntColumn
    usage: IntColumn
    price: FloatColumn
    value: float
    bound: float


def allocate_one_per_group(
    value: FloatColumn, cost: IntColumn, group: IntColumn, budget: IntColumn, seed: int
) -> Allocation:
    """At most one option in one year for each group, so that the sum of values is as large as we can make it.

    `value` (n_years, m) is what an option is worth in a year, -inf or anything not above 0 where it is not to be had;
    `cost` (m,) whole kronor above 0, the same whatever the year; `group` (m,) ascending; `budget` (n_years,) whole
    kronor. Of groups with equal columns the lower goes first; of a group's equal columns the earlier option, then year.
    The seed draws the sample on which prices start, and what is tried when nothing more promises. Nothing that would
    fit and be better for its group is left undone. Raises PlannerInputError for costs or order that break this.
    """
    _check(value, cost, group, budget)
    everything = columns_of(value, cost.astype(np.float64), group)
    columns, kept = _useful_columns(everything, budget)
    rng = np.random.default_rng(seed)
    prices = lowest_bound(columns, budget, rng)
    choice = fit(columns, budget, prices.price, prices.choice)
    choice = fill(columns, budget, prices.price, choice)
    choice = improve(columns, budget, prices.price, choice, rng)
    choice = fill(columns, budget, prices.price, choice)
    choice = lower_groups_first(columns, choice)
    option = np.full(len(everything.groups), NOTHING, dtype=np.int64)
    year = np.full(len(everything.groups), NOTHING, dtype=np.int64)
    option[columns.groups] = np.where(choice.taken, kept[choice.option], NOTHING)
    year[columns.groups] = choice.year
    total = float(choice.value.sum())
    return Allocation(
        group=everything.groups,
        option=option,
        year=year,
        usage=usage(columns, choice),
        price=_with_first_krona(prices.price, everything, columns),
        value=total,
        # The plan itself attains its value, so a bound below it can only be rounding of the two sums.
        bound=max(prices.bound, total),
    )


def best_of_each_group(
    value: FloatColumn, cost: IntColumn, group: IntColumn, price: FloatColumn
) -> tuple[IntColumn, IntColumn, IntColumn]:
    """Groups (g,) that have anything to take, and the option and year of each that is worth most after its price.

    Arrays as in `allocate_one_per_group`, `price` (n_years,). The first option and then the first year of equals.
    """
    columns = columns_of(value, cost.astype(np.float64), group)
    if len(columns.starts) == 0:
        return columns.groups, columns.groups, columns.groups
    worth = worth_of_each_option(columns, price)
    top = np.maximum.reduceat(worth, columns.starts)
    is_best = (worth == top[columns.group]) & np.isfinite(worth)
    members, option = first_of_each_group(np.flatnonzero(is_best), columns.group)
    return columns.groups[members], option, best_year(columns, price, option)


def _check(value: FloatColumn, cost: IntColumn, group: IntColumn, budget: IntColumn) -> None:
    if value.ndim != 2 or value.shape != (len(budget), len(cost)) or len(group) != len(cost):
        raise PlannerInputError(
            "allocation_shapes", value=value.shape, cost=len(cost), group=len(group), budget=len(budget)
        )
    if np.isnan(value).any() or np.isposinf(value).any():
        raise PlannerInputError("allocation_value_not_a_number")
    if not (np.issubdtype(cost.dtype, np.integer) and (cost > 0).all()):
        raise PlannerInputError("allocation_cost_not_positive_integer")
    if not (np.issubdtype(budget.dtype, np.integer) and (budget >= 0).all()):
        raise PlannerInputError("allocation_budget_not_whole_kronor")
    if (np.diff(group) < 0).any():
        raise PlannerInputError("allocation_groups_not_ascending")


def _useful_columns(everything: Columns, budget: IntColumn) -> tuple[Columns, IntColumn]:
    """Columns that some plan could hold, and where their options stand among all.

    An option dearer than a year's whole budget is in no plan that year; leaving it out makes the bound sharper.
    """
    value, cost = everything.value, everything.cost
    useful = np.zeros(len(cost), dtype=np.bool_)
    for year, sek in enumerate(budget):
        useful |= (value[year] > 0) & (cost <= sek)
    kept = np.flatnonzero(useful)
    cost = cost[kept]
    possible = np.empty((len(budget), len(kept)))
    for year, sek in enumerate(budget):
        worth = value[year, kept]
        possible[year] = np.where((worth > 0) & (cost <= sek), worth, -np.inf)
    return columns_of(possible, cost, everything.group[kept]), kept


def _with_first_krona(price: FloatColumn, everything: Columns, columns: Columns) -> FloatColumn:
    """The prices, where a year whose money buys nothing at all gets what its first krona would bring, not 0."""
    result = price.copy()
    gain = np.zeros(len(everything.groups))
    gain[columns.groups] = best_choice(columns, price)[0]
    for year in np.flatnonzero(~np.isfinite(columns.value).any(axis=1)):
        tempting = everything.value[year] > 0
        extra = everything.value[year, tempting] - gain[everything.group[tempting]]
        result[year] = max(float((extra / everything.cost[tempting]).max(initial=0.0)), 0.0)
    return result
