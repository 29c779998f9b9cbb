"""Which option in which year, within whole-krona budgets: prices on years, then a plan that fits, with a proven gap.

Every group takes at most one option in at most one year, and years are tied together only by their budgets. Put a price
on a krona of each year and the groups come apart: each takes what is worth most after its price. The sum of those, plus
what the budgets would fetch at the prices, is never below the best possible plan (Lagrangian duality), so the lowest
such sum is the bound. The prices that give it are found by L-BFGS-B, on a sample first, and made exact by a linear
programme over the groups that are nearly undecided (at most a few thousand, however many there are). That programme
leaves about one group per year divided; these are rounded down, and what room is left is filled in order of least
regret.

The price method for capital budgets is that of Karabakal, Bean and Lohmann (1994); the sum of bounds and rounding
follows the usual theory of multiple-choice knapsacks with few rows (Sinha and Zoltners, 1979).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog, minimize
from scipy.sparse import csr_array

from planner.errors import PlannerInputError
from planner.inputs import BoolColumn, FloatColumn, IntColumn

NOTHING = -1
_SAMPLE_GROUPS = 6_000
_CORE_COLUMNS = 5_000
_CORE_ROUNDS = 3
_WIDEST_BOX = 0.25
_CHUNK = 16_384
_ENOUGH = 1e-6
_TRIES = 60


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
    kronor. Among equals the earlier option wins, then the earlier year. The seed draws the sample on which prices
    start. Nothing that would fit and be better for its group is left undone. Raises PlannerInputError for costs or
    order that break this.
    """
    _check(value, cost, group, budget)
    groups, group_number = np.unique(group, return_inverse=True)
    columns, kept = _useful_columns(value, cost, group_number, budget)
    prices = _lowest_bound(columns, budget, np.random.default_rng(seed))
    choice = _fit(columns, budget, prices.price, prices.choice)
    choice = _fill(columns, budget, prices.price, choice)
    choice = _fill(columns, budget, prices.price, _improve(columns, budget, prices.price, choice))
    option = np.full(len(groups), NOTHING, dtype=np.int64)
    year = np.full(len(groups), NOTHING, dtype=np.int64)
    option[columns.groups] = np.where(choice.taken, kept[choice.option], NOTHING)
    year[columns.groups] = choice.year
    total = float(choice.value.sum())
    return Allocation(
        group=groups,
        option=option,
        year=year,
        usage=_usage(columns, choice),
        price=_price_of_first_krona(value, cost, group_number, budget, prices, columns, len(groups)),
        value=total,
        # The plan itself attains its value, so a bound below it can only be rounding of the two sums.
        bound=max(prices.bound, total),
    )


@dataclass(frozen=True)
class _Columns:
    """Options that can be taken: `value` (n_years, m) with -inf where not, `cost` (m,) float of whole kronor.

    `group` (m,) numbers the groups that remain 0..g-1, ascending; `starts` (g,) is each group's first option; `groups`
    (g,) their numbers among all groups.
    """

    value: FloatColumn
    cost: FloatColumn
    group: IntColumn
    starts: IntColumn
    groups: IntColumn

    @property
    def years(self) -> int:
        return int(self.value.shape[0])

    def of_groups(self, wanted: BoolColumn) -> "_Columns":
        """The columns of the groups marked in `wanted` (g,), renumbered."""
        options = wanted[self.group]
        return _columns(self.value[:, options], self.cost[options], self.group[options])


def _columns(value: FloatColumn, cost: FloatColumn, group: IntColumn) -> _Columns:
    groups, starts, number = np.unique(group, return_index=True, return_inverse=True)
    return _Columns(value, cost, number, starts, groups)


@dataclass(frozen=True)
class _Choice:
    """Per group (g,): `option` (index, 0 where none), `year` (-1 none), and the `value` and `cost` of it (0 none)."""

    option: IntColumn
    year: IntColumn
    value: FloatColumn
    cost: FloatColumn

    @property
    def taken(self) -> BoolColumn:
        return self.year >= 0


@dataclass(frozen=True)
class _Prices:
    """Prices (n_years,), the lowest bound met, and what each group takes at them (divided groups take nothing)."""

    price: FloatColumn
    bound: float
    choice: _Choice


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


def _useful_columns(
    value: FloatColumn, cost: IntColumn, group: IntColumn, budget: IntColumn
) -> tuple[_Columns, IntColumn]:
    """Columns that some plan could hold, and where they stand among all options.

    An option dearer than a year's whole budget is in no plan that year; leaving it out makes the bound sharper.
    """
    useful = np.zeros(len(cost), dtype=np.bool_)
    for year, sek in enumerate(budget):
        useful |= (value[year] > 0) & (cost <= sek)
    kept = np.flatnonzero(useful)
    cost_kept = cost[kept]
    possible = np.empty((len(budget), len(kept)))
    for year, sek in enumerate(budget):
        worth = value[year, kept]
        possible[year] = np.where((worth > 0) & (cost_kept <= sek), worth, -np.inf)
    return _columns(possible, cost_kept.astype(np.float64), group[kept]), kept


def best_of_each_group(
    value: FloatColumn, cost: IntColumn, group: IntColumn, price: FloatColumn
) -> tuple[IntColumn, IntColumn, IntColumn]:
    """Groups (g,) that have anything to take, and the option and year of each worth most after its price, if only little.

    Arrays as in `allocate_one_per_group`, `price` (n_years,). The first option and then the first year of equals.
    """
    worth = _worth_of_each_option(value, cost.astype(np.float64), price)
    groups, starts, number = np.unique(group, return_index=True, return_inverse=True)
    if len(groups) == 0:
        return groups, groups, groups
    top = np.maximum.reduceat(worth, starts)
    members, option = _first_of_each_group(np.flatnonzero((worth == top[number]) & np.isfinite(worth)), number)
    return groups[members], option, _best_year(value, cost, price, option)


def _best(columns: _Columns, price: FloatColumn) -> tuple[FloatColumn, _Choice]:
    """What each group gains at the prices, (g,), and the choice that gives it; nothing where all are dearer."""
    gain, owner, chosen, chosen_year = _best_columns(columns, price)
    option = np.zeros(len(gain), dtype=np.int64)
    option[owner] = chosen
    year = np.full(len(gain), NOTHING, dtype=np.int64)
    year[owner] = chosen_year
    return gain, _choice(columns, option, year)


def _best_columns(columns: _Columns, price: FloatColumn) -> tuple[FloatColumn, IntColumn, IntColumn, IntColumn]:
    """What each group gains (g,), and the groups that gain anything (r,) with the option and year that give it."""
    worth = _worth_of_each_option(columns.value, columns.cost, price)
    gain = np.maximum(np.maximum.reduceat(worth, columns.starts), 0.0) if len(columns.starts) else np.zeros(0)
    owner, chosen = _first_of_each_group(np.flatnonzero((worth == gain[columns.group]) & (worth > 0)), columns.group)
    return gain, owner, chosen, _best_year(columns.value, columns.cost, price, chosen)


def _worth_of_each_option(value: FloatColumn, cost: FloatColumn, price: FloatColumn) -> FloatColumn:
    """The highest value less priced cost of each option (m,) over the years; in parts that fit a cache."""
    worth = np.full(len(cost), -np.inf)
    for start in range(0, len(cost), _CHUNK):
        part = slice(start, min(start + _CHUNK, len(cost)))
        trial = np.empty(part.stop - part.start)
        for year, worth_of_krona in enumerate(price):
            np.multiply(cost[part], worth_of_krona, out=trial)
            np.subtract(value[year, part], trial, out=trial)
            np.maximum(worth[part], trial, out=worth[part])
    return worth


def _best_year(value: FloatColumn, cost: npt.NDArray[Any], price: FloatColumn, option: IntColumn) -> IntColumn:
    """The first year in which an option (r,) is worth most after its price."""
    worth = np.take(value, option, axis=1)
    worth -= price[:, None] * cost[option]
    result: IntColumn = worth.argmax(axis=0)
    return result


def _first_of_each_group(candidates: IntColumn, group: IntColumn) -> tuple[IntColumn, IntColumn]:
    """The groups met among ascending options, and the first option of each."""
    owner = group[candidates]
    first = np.ones(len(candidates), dtype=np.bool_)
    first[1:] = owner[1:] != owner[:-1]
    return owner[first], candidates[first]


def _choice(columns: _Columns, option: IntColumn, year: IntColumn) -> _Choice:
    if len(option) == 0:
        return _Choice(option, year, np.zeros(0), np.zeros(0))
    taken = year >= 0
    return _Choice(
        option=np.where(taken, option, 0),
        year=year,
        value=np.where(taken, columns.value[year, option], 0.0),
        cost=np.where(taken, columns.cost[option], 0.0),
    )


def _usage(columns: _Columns, choice: _Choice) -> IntColumn:
    """Kronor taken per year; sums of whole numbers below 2**53, so exact."""
    taken = choice.taken
    total = np.bincount(choice.year[taken], weights=choice.cost[taken], minlength=columns.years)
    return np.rint(total).astype(np.int64)


class _Dual:
    """The bound as a function of the prices, remembering the lowest met."""

    def __init__(self, columns: _Columns, budget: FloatColumn) -> None:
        self.columns, self.budget = columns, budget
        self.bound, self.price = np.inf, np.zeros(len(budget))

    def at(self, price: FloatColumn) -> tuple[float, FloatColumn]:
        """The bound at the prices, and what is asked for in each year."""
        gain, _, chosen, year = _best_columns(self.columns, price)
        bound = float(gain.sum() + price @ self.budget)
        if bound < self.bound:
            self.bound, self.price = bound, price.copy()
        asked = np.bincount(year, weights=self.columns.cost[chosen], minlength=len(price))
        return bound, asked

    def descend(self, start: FloatColumn, evaluations: int) -> None:
        """Lower the bound from `start` by L-BFGS-B; scaled so that prices and slopes are near 1."""
        scale = max(float(start.max(initial=0.0)), 1e-12)
        size = max(float(self.budget.sum()), 1.0)

        def scaled(x: FloatColumn) -> tuple[float, FloatColumn]:
            bound, asked = self.at(x * scale)
            return bound / (size * scale), (self.budget - asked) / size

        minimize(
            scaled,
            start / scale,
            jac=True,
            method="L-BFGS-B",
            bounds=[(0.0, None)] * len(start),
            options={"maxfun": evaluations, "maxiter": evaluations, "ftol": 1e-12, "gtol": 1e-10, "maxcor": 10},
        )


def _lowest_bound(columns: _Columns, budget: IntColumn, rng: np.random.Generator) -> _Prices:
    """The prices with the lowest bound, and what the groups take at them."""
    dual = _Dual(columns, budget.astype(np.float64))
    n_groups = len(columns.starts)
    _, asked = dual.at(np.zeros(columns.years))
    if (asked <= budget).all():
        return _Prices(dual.price, dual.bound, _best(columns, dual.price)[1])
    if len(columns.cost) * columns.years > _CORE_COLUMNS:
        if n_groups > 3 * _SAMPLE_GROUPS:
            drawn = np.zeros(n_groups, dtype=np.bool_)
            drawn[rng.choice(n_groups, _SAMPLE_GROUPS, replace=False)] = True
            sample = _Dual(columns.of_groups(drawn), dual.budget * (_SAMPLE_GROUPS / n_groups))
            sample.descend(_uniform_price(sample), 200)
            dual.descend(sample.price, 25)
        else:
            dual.descend(_uniform_price(dual), 120)
    return _exact_prices(dual)


def _uniform_price(dual: _Dual) -> FloatColumn:
    """One price for all years at which about the whole money is asked for; by halving."""
    low, high = 0.0, 1.0
    money = dual.budget.sum()

    def asked(price: float) -> float:
        return float(dual.at(np.full(len(dual.budget), price))[1].sum())

    while asked(high) > money:
        low, high = high, high * 4.0
    for _ in range(12):
        middle = (low + high) / 2.0
        low, high = (middle, high) if asked(middle) > money else (low, middle)
    return np.full(len(dual.budget), high)


def _exact_prices(dual: _Dual) -> _Prices:
    """The lowest bound within a box around the best prices, moved until the box does not bind.

    Inside the box only groups that are tempted by another column within it can change their minds, so a linear
    programme over those alone is exact there.
    """
    best: _Choice | None = None
    for _ in range(_CORE_ROUNDS):
        before, centre = dual.bound, dual.price
        gain, choice = _best(dual.columns, centre)
        core = _core(dual.columns, centre, gain, choice)
        solved = _solve_core(dual, core, centre, choice)
        if solved is None:
            break
        price, best, box_binds = solved
        dual.at(price)
        if not box_binds or before - dual.bound <= _ENOUGH * before:
            break
    if best is None:
        best = _best(dual.columns, dual.price)[1]
    return _Prices(dual.price, dual.bound, best)


@dataclass(frozen=True)
class _Core:
    """Columns (option, year) of the undecided groups, and half the width of the box (n_years,); inf for no box."""

    undecided: BoolColumn
    option: IntColumn
    year: IntColumn
    reach: FloatColumn


def _core(columns: _Columns, price: FloatColumn, gain: FloatColumn, choice: _Choice) -> _Core:
    """The columns that a group could prefer for some prices in the box; the box is as wide as the column limit
    admits."""
    if len(columns.cost) * columns.years <= _CORE_COLUMNS:
        year, option = np.nonzero(np.isfinite(columns.value))
        return _Core(np.ones(len(gain), dtype=np.bool_), option, year, np.full(columns.years, np.inf))
    unit = price + 1e-3 * max(float(price.mean()), 1e-12)
    at_stake = np.where(choice.taken, choice.cost * unit[choice.year], 0.0)
    chosen_year = np.full(len(columns.cost), NOTHING, dtype=np.int8)
    chosen_year[choice.option[choice.taken]] = choice.year[choice.taken]
    leaving = np.divide(gain, at_stake, out=np.full(len(gain), np.inf), where=choice.taken)
    tempted = _Tempted(_WIDEST_BOX)
    for start in range(0, len(columns.cost), _CHUNK):
        part = slice(start, min(start + _CHUNK, len(columns.cost)))
        cost, owner = columns.cost[part], columns.group[part]
        for t in range(columns.years):
            # How far, as a share of the box, prices must move before the column draws level with the group's choice.
            strain = (gain[owner] - columns.value[t, part] + price[t] * cost) / (at_stake[owner] + unit[t] * cost)
            strain[chosen_year[part] == t] = np.inf
            tempted.add(strain, start, t)
        tempted.narrow()
    width, option, year = tempted.within(leaving)
    undecided = leaving <= width
    undecided[columns.group[option]] = True
    keeps = undecided & choice.taken
    option = np.concatenate([option, choice.option[keeps]])
    year = np.concatenate([year, choice.year[keeps]])
    return _Core(undecided, option, year, width * unit)


class _Tempted:
    """Columns near to being preferred, at most `_CORE_COLUMNS` of them: the width narrows as more are met."""

    def __init__(self, width: float) -> None:
        self.width = width
        self.strain, self.option, self.year = np.zeros(0), np.zeros(0, np.int64), np.zeros(0, np.int64)
        self._parts: list[tuple[FloatColumn, IntColumn, IntColumn]] = []

    def add(self, strain: FloatColumn, first_option: int, year: int) -> None:
        near = np.flatnonzero(strain <= self.width)
        self._parts.append((strain[near], near + first_option, np.full(len(near), year)))

    def narrow(self) -> None:
        parts = [(self.strain, self.option, self.year), *self._parts]
        self.strain, self.option, self.year = (np.concatenate(column) for column in zip(*parts, strict=True))
        self._parts = []
        self._limit(self.strain)

    def within(self, leaving: FloatColumn) -> tuple[float, IntColumn, IntColumn]:
        """The width, options and years, once leaving for nothing (g,) counts as a column too."""
        self._limit(np.concatenate([self.strain, leaving[leaving <= self.width]]))
        return self.width, self.option, self.year

    def _limit(self, strain: FloatColumn) -> None:
        if len(strain) > _CORE_COLUMNS:
            self.width = float(np.partition(strain, _CORE_COLUMNS)[_CORE_COLUMNS])
            near = self.strain <= self.width
            self.strain, self.option, self.year = self.strain[near], self.option[near], self.year[near]


def _solve_core(
    dual: _Dual, core: _Core, centre: FloatColumn, choice: _Choice
) -> tuple[FloatColumn, _Choice, bool] | None:
    """Prices, choice and whether the box binds, from the linear programme; None where the solver gives up.

    Overspending costs the box's upper price and leaving money its lower price, which is the box in the programme's
    dual.
    """
    columns = dual.columns
    members = np.flatnonzero(core.undecided)
    if len(members) == 0:
        return None
    row_of = np.cumsum(core.undecided) - 1
    decided = _choice(columns, choice.option, np.where(core.undecided, NOTHING, choice.year))
    room = dual.budget - _usage(columns, decided)
    unit = max(float(dual.budget.mean()), 1.0)
    boxed = bool(np.isfinite(core.reach).all())
    n, years = len(core.option), columns.years
    owner = columns.group[core.option]
    worth = columns.value[core.year, core.option]
    size = max(float(worth.max()), 1e-300)
    spare = np.arange(years)
    rows = [row_of[owner], len(members) + core.year, len(members) + spare]
    cols = [np.arange(n), np.arange(n), n + spare]
    data = [np.ones(n), columns.cost[core.option] / unit, np.ones(years)]
    low = np.maximum(centre - core.reach, 0.0) if boxed else np.zeros(years)
    objective = [-worth / size, -low * unit / size]
    if boxed:
        rows.append(len(members) + spare)
        cols.append(n + years + spare)
        data.append(-np.ones(years))
        objective.append((centre + core.reach) * unit / size)
    width = n + years * (2 if boxed else 1)
    matrix = csr_array(
        (np.concatenate(data), (np.concatenate(rows), np.concatenate(cols))), shape=(len(members) + years, width)
    )
    solution = linprog(
        np.concatenate(objective),
        A_ub=matrix[: len(members)],
        b_ub=np.ones(len(members)),
        A_eq=matrix[len(members) :],
        b_eq=room / unit,
        method="highs-ds",
    )
    if solution.status != 0:
        return None
    price = np.maximum(-solution.eqlin.marginals * size / unit, 0.0)
    whole = np.flatnonzero(solution.x[:n] > 1.0 - 1e-6)
    option, year = decided.option.copy(), decided.year.copy()
    option[owner[whole]] = core.option[whole]
    year[owner[whole]] = core.year[whole]
    edge = 1e-3 * core.reach
    binds = boxed and bool(((price >= centre + core.reach - edge) | ((price <= low + edge) & (low > 0.0))).any())
    return price, _choice(columns, option, year), binds


def _fit(
    columns: _Columns, budget: IntColumn, price: FloatColumn, choice: _Choice, kept: BoolColumn | None = None
) -> _Choice:
    """Move, cheapen or drop choices in overspent years, least loss per krona freed first, until every year fits.

    Groups in `kept` (g,) stay as they are for as long as there is another way.
    """
    while True:
        room = budget - _usage(columns, choice)
        over = room < 0
        if not over.any():
            return choice
        movable = choice.taken & over[choice.year]
        if kept is not None and (movable & ~kept).any():
            movable &= ~kept
        place, members = columns.of_groups(movable), np.flatnonzero(movable)
        owner = members[place.group]
        cheaper = (np.arange(columns.years)[:, None] == choice.year[owner]) & (place.cost < choice.cost[owner])
        allowed = cheaper | (place.cost <= np.where(over, -1, room)[:, None])
        gain, move = _best(_with_value(place, np.where(allowed, place.value, -np.inf)), price)
        freed = choice.cost[members] - np.where(move.year == choice.year[members], move.cost, 0.0)
        loss = choice.value[members] - price[choice.year[members]] * choice.cost[members] - gain
        option = move.option - place.starts + columns.starts[members]
        order = np.argsort(loss / freed, kind="stable")
        choice = _apply(columns, choice, room, members, option, move.year, order, only_overspent=True)


def _with_value(columns: _Columns, value: FloatColumn) -> _Columns:
    return _Columns(value, columns.cost, columns.group, columns.starts, columns.groups)


def _fill(columns: _Columns, budget: IntColumn, price: FloatColumn, choice: _Choice) -> _Choice:
    """Use the room that is left: better columns that fit, least regret first, until none fits."""
    while True:
        room = budget - _usage(columns, choice)
        hopeful = _groups_with_room(columns, choice, room)
        if not hopeful.any():
            return choice
        members = np.flatnonzero(hopeful)
        place = columns.of_groups(hopeful)
        owner = members[place.group]
        own_year = np.arange(columns.years)[:, None] == choice.year[owner]
        allowed = (place.value > choice.value[owner]) & (
            place.cost <= room[:, None] + np.where(own_year, choice.cost[owner], 0.0)
        )
        # Also columns not worth their price: the money is there and would else be lost.
        worth = np.where(allowed, place.value - price[:, None] * place.cost, -np.inf)
        target_year, target_option = _highest_of_group(place, worth)
        worth_now = choice.value[members] - np.where(choice.taken, price[choice.year] * choice.cost, 0.0)[members]
        gained = place.value[target_year, target_option] - choice.value[members]
        regret = (worth_now - worth[target_year, target_option]) / gained
        options = np.flatnonzero(hopeful[columns.group])[target_option]
        choice = _apply(columns, choice, room, members, options, target_year, np.argsort(regret, kind="stable"))


def _groups_with_room(columns: _Columns, choice: _Choice, room: IntColumn) -> BoolColumn:
    """Groups (g,) with a column better than what they have, that fits."""
    hopeful = np.zeros(len(columns.starts), dtype=np.bool_)
    if len(hopeful) == 0:
        return hopeful
    held, own_year = choice.value[columns.group], choice.year[columns.group]
    for year, sek in enumerate(room):
        fits = np.flatnonzero(columns.cost <= sek)
        better = columns.value[year, fits] > held[fits]
        hopeful[columns.group[fits[better]]] = True
    within_own_year = (own_year >= 0) & (columns.cost <= room[own_year] + choice.cost[columns.group])
    fits = np.flatnonzero(within_own_year)
    better = columns.value[own_year[fits], fits] > held[fits]
    hopeful[columns.group[fits[better]]] = True
    return hopeful


def _highest_of_group(columns: _Columns, worth: FloatColumn) -> tuple[IntColumn, IntColumn]:
    """Year and option (g,) of each group's highest worth (n_years, m), the first of equals."""
    year = worth.argmax(axis=0)
    best = worth[year, np.arange(len(year))]
    top = np.maximum.reduceat(best, columns.starts)
    candidates = np.flatnonzero(best == top[columns.group])
    first = np.unique(columns.group[candidates], return_index=True)[1]
    option = candidates[first]
    return year[option], option


def _apply(
    columns: _Columns,
    choice: _Choice,
    room: IntColumn,
    members: IntColumn,
    options: IntColumn,
    years: IntColumn,
    order: IntColumn,
    only_overspent: bool = False,
) -> _Choice:
    """Make the moves in order, each where it still fits; with `only_overspent` only out of years that still are."""
    option, year = choice.option.copy(), choice.year.copy()
    cost = np.where(years >= 0, columns.cost[options], 0.0).astype(np.int64)
    steps = zip(
        members[order].tolist(),
        options[order].tolist(),
        years[order].tolist(),
        cost[order].tolist(),
        choice.year[members[order]].tolist(),
        choice.cost[members[order]].astype(np.int64).tolist(),
        strict=True,
    )
    left = room.tolist()
    for member, to_option, target, asked, origin, freed in steps:
        if only_overspent and left[origin] >= 0:
            continue
        if target >= 0 and asked > left[target] + (freed if target == origin else 0) and not (only_overspent and target == origin):
            continue
        if origin >= 0:
            left[origin] += freed
        if target >= 0:
            left[target] -= asked
        option[member], year[member] = to_option, target
    return _choice(columns, option, year)


def _improve(columns: _Columns, budget: IntColumn, price: FloatColumn, choice: _Choice) -> _Choice:
    """Give groups that lost most their best option after all, let others make way, and keep what is better for the whole.

    Mends what rounding does to the few groups so large that half a one matters. Only groups that have lost something or
    are nearly undecided take part, as many as the linear programme would hold.
    """
    gain, ideal = _best(columns, price)
    loss = gain - choice.value + np.where(choice.taken, price[choice.year] * choice.cost, 0.0)
    taking_part = _core(columns, price, gain, ideal).undecided | (loss > 0.0)
    members = np.flatnonzero(taking_part)
    part = columns.of_groups(taking_part)
    shift = columns.starts[members] - part.starts
    mine = _choice(part, np.where(choice.taken[members], choice.option[members] - shift, 0), choice.year[members])
    others = _choice(columns, choice.option, np.where(taking_part, NOTHING, choice.year))
    mine = _insert_losers(part, budget - _usage(columns, others), price, mine)
    option, year = choice.option.copy(), choice.year.copy()
    option[members] = np.where(mine.taken, mine.option + shift, 0)
    year[members] = mine.year
    return _choice(columns, option, year)


def _insert_losers(columns: _Columns, budget: IntColumn, price: FloatColumn, choice: _Choice) -> _Choice:
    """`_improve` among the groups that take part, the one that lost most first, each once."""
    gain, ideal = _best(columns, price)
    tried = np.zeros(len(gain), dtype=np.bool_)
    least = _ENOUGH * float(gain.sum())
    for _ in range(_TRIES):
        loss = gain - choice.value + np.where(choice.taken, price[choice.year] * choice.cost, 0.0)
        loss[tried] = 0.0
        group = int(loss.argmax()) if len(loss) else NOTHING
        if group == NOTHING or loss[group] <= least:
            break
        tried[group] = True
        option, year = choice.option.copy(), choice.year.copy()
        option[group], year[group] = ideal.option[group], ideal.year[group]
        kept = np.zeros(len(gain), dtype=np.bool_)
        kept[group] = True
        trial = _fit(columns, budget, price, _choice(columns, option, year), kept)
        trial = _fill(columns, budget, price, trial)
        if trial.value.sum() > choice.value.sum():
            choice = trial
    return choice


def _price_of_first_krona(
    value: FloatColumn,
    cost: IntColumn,
    group: IntColumn,
    budget: IntColumn,
    prices: _Prices,
    columns: _Columns,
    n_groups: int,
) -> FloatColumn:
    """The prices, where a year whose money buys nothing at all gets what its first krona would bring, not 0."""
    price = prices.price.copy()
    gain = np.zeros(n_groups)
    gain[columns.groups] = _best(columns, prices.price)[0]
    for year in np.flatnonzero(~np.isfinite(columns.value).any(axis=1)):
        tempting = value[year] > 0
        extra = (value[year, tempting] - gain[group[tempting]]) / cost[tempting]
        price[year] = max(float(extra.max(initial=0.0)), 0.0)
    return price
