"""The prices of a krona in each year at which the bound on any plan is lowest.

At prices the groups come apart, each taking what is worth most after its price; the sum of those plus the budgets at
the prices is never below the best plan (Lagrangian duality). The lowest such sum is found by L-BFGS-B, on a sample
first, and made exact by a linear programme over the groups that are nearly undecided.
"""

from dataclasses import dataclass

import numpy as np

from planner.columns import CHUNK, NOTHING, Choice, Columns, best_choice, best_columns, choice_of, usage
from planner.inputs import BoolColumn, FloatColumn, IntColumn

ENOUGH = 1e-6
"""What is smaller than this share of the whole is not worth another round."""

_SAMPLE_GROUPS = 6_000
_CORE_COLUMNS = 4_000
_CORE_ROUNDS = 3
_WIDEST_BOX = 0.25
_STEPS = (1.0, 0.5, 0.2, 0.05)


@dataclass(frozen=True)
class Prices:
    """Prices (n_years,), the lowest bound met, and what each group takes at them (divided groups take nothing)."""

    price: FloatColumn
    bound: float
    choice: Choice


class _Dual:
    """The bound as a function of the prices, remembering the lowest met."""

    def __init__(self, columns: Columns, budget: FloatColumn) -> None:
        self.columns, self.budget = columns, budget
        self.bound, self.price = np.inf, np.zeros(len(budget))

    def at(self, price: FloatColumn) -> tuple[float, FloatColumn]:
        """The bound at the prices, and what is asked for in each year."""
        gain, _, chosen, year = best_columns(self.columns, price)
        bound = float(gain.sum() + price @ self.budget)
        if bound < self.bound:
            self.bound, self.price = bound, price.copy()
        asked = np.bincount(year, weights=self.columns.cost[chosen], minlength=len(price))
        return bound, asked.astype(np.float64)

    def descend(self, start: FloatColumn, evaluations: int) -> None:
        """Lower the bound from `start` by L-BFGS-B; scaled so that prices and slopes are near 1."""
        # Slow to load, and the planner is imported by commands that never plan.
        from scipy.optimize import minimize

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


def lowest_bound(columns: Columns, budget: IntColumn, rng: np.random.Generator) -> Prices:
    """The prices with the lowest bound, and what the groups take at them."""
    dual = _Dual(columns, budget.astype(np.float64))
    n_groups = len(columns.starts)
    _, asked = dual.at(np.zeros(columns.years))
    if (asked <= budget).all():
        return Prices(dual.price, dual.bound, best_choice(columns, dual.price)[1])
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


def _exact_prices(dual: _Dual) -> Prices:
    """The lowest bound, from a linear programme over the groups that are nearly undecided at the best prices so far.

    Only groups that another column tempts can change their minds while prices stay near, so the programme is exact
    where its prices do; where they do not, part of the way there is tried too, and the programme is made anew.
    """
    best: Choice | None = None
    for _ in range(_CORE_ROUNDS):
        before, centre = dual.bound, dual.price
        gain, choice = best_choice(dual.columns, centre)
        core = undecided_core(dual.columns, centre, gain, choice)
        solved = _solve_core(dual, core, choice)
        if solved is None:
            break
        price, best = solved
        is_exact = bool((np.abs(price - centre) <= core.reach).all())
        for step in (1.0,) if is_exact else _STEPS:
            dual.at(centre + step * (price - centre))
        if is_exact or before - dual.bound <= ENOUGH * before:
            break
    if best is None:
        best = best_choice(dual.columns, dual.price)[1]
    return Prices(dual.price, dual.bound, best)


@dataclass(frozen=True)
class _Core:
    """Columns (option, year) of the undecided groups, and half the width of the box (n_years,); inf for no box."""

    undecided: BoolColumn
    option: IntColumn
    year: IntColumn
    reach: FloatColumn


def undecided_core(columns: Columns, price: FloatColumn, gain: FloatColumn, choice: Choice) -> _Core:
    """The columns that a group could prefer for some prices in a box, as wide as the column limit admits."""
    if len(columns.cost) * columns.years <= _CORE_COLUMNS:
        year, option = np.nonzero(np.isfinite(columns.value))
        return _Core(np.ones(len(gain), dtype=np.bool_), option, year, np.full(columns.years, np.inf))
    unit = price + 1e-3 * max(float(price.mean()), 1e-12)
    at_stake = np.where(choice.taken, choice.cost * unit[choice.year], 0.0)
    chosen_year = np.full(len(columns.cost), NOTHING, dtype=np.int8)
    chosen_year[choice.option[choice.taken]] = choice.year[choice.taken]
    leaving = np.divide(gain, at_stake, out=np.full(len(gain), np.inf), where=choice.taken)
    tempted = _Tempted(_WIDEST_BOX)
    for start in range(0, len(columns.cost), CHUNK):
        part = slice(start, min(start + CHUNK, len(columns.cost)))
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


def _solve_core(dual: _Dual, core: _Core, choice: Choice) -> tuple[FloatColumn, Choice] | None:
    """Prices and choice from the linear programme over the core; None where there is none or the solver gives up.

    The other groups keep their choice. Should they alone overspend a year, the programme may too, at a price that no
    column is worth; the plan is made to fit afterwards.
    """
    # Slow to load, and the planner is imported by commands that never plan.
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    columns = dual.columns
    members = np.flatnonzero(core.undecided)
    if len(members) == 0:
        return None
    row_of = np.cumsum(core.undecided) - 1
    decided = choice_of(columns, choice.option, np.where(core.undecided, NOTHING, choice.year))
    room = dual.budget - usage(columns, decided)
    n, years = len(core.option), columns.years
    owner, cost = columns.group[core.option], columns.cost[core.option]
    worth = columns.value[core.year, core.option]
    # Scaled so that the solver's tolerances mean the same whatever the currency of the sums.
    unit, size = max(float(dual.budget.mean()), 1.0), max(float(worth.max()), 1e-300)
    too_dear = 4.0 * float((worth / cost).max())
    overspent = np.arange(years)
    rows = np.concatenate([row_of[owner], len(members) + core.year, len(members) + overspent])
    places = np.concatenate([np.arange(n), np.arange(n), n + overspent])
    entries = np.concatenate([np.ones(n), cost / unit, -np.ones(years)])
    solution = linprog(
        np.concatenate([-worth / size, np.full(years, too_dear * unit / size)]),
        A_ub=csr_array((entries, (rows, places)), shape=(len(members) + years, n + years)),
        b_ub=np.concatenate([np.ones(len(members)), room / unit]),
        method="highs-ds",
    )
    if solution.status != 0:
        return None
    price = np.maximum(-solution.ineqlin.marginals[len(members) :] * size / unit, 0.0)
    whole = np.flatnonzero(solution.x[:n] > 1.0 - 1e-6)
    option, year = decided.option.copy(), decided.year.copy()
    option[owner[whole]] = core.option[whole]
    year[owner[whole]] = core.year[whole]
    return price, choice_of(columns, option, year)
