"""Options as columns, and what each group would take at given prices: the step that every part of the method repeats.

A column is an option in a year. A group takes at most one column. All that follows is per fund.
"""

from dataclasses import dataclass

import numpy as np

from planner.inputs import BoolColumn, FloatColumn, IntColumn

NOTHING = -1
CHUNK = 16_384
"""Options handled at a time, so that working columns stay in the processor's cache."""


@dataclass(frozen=True)
class Columns:
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

    def of_groups(self, wanted: BoolColumn) -> "Columns":
        """The columns of the groups marked in `wanted` (g,), renumbered."""
        options = wanted[self.group]
        return columns_of(self.value[:, options], self.cost[options], self.group[options])


def columns_of(value: FloatColumn, cost: FloatColumn, group: IntColumn) -> Columns:
    """Columns of options whose `group` (m,) is ascending, with whatever numbers."""
    is_first = np.ones(len(group), dtype=np.bool_)
    is_first[1:] = group[1:] != group[:-1]
    starts = np.flatnonzero(is_first)
    return Columns(value, cost, np.cumsum(is_first) - 1, starts, group[starts])


@dataclass(frozen=True)
class Choice:
    """Per group (g,): `option` (index, 0 where none), `year` (-1 none), and the `value` and `cost` of it (0 none)."""

    option: IntColumn
    year: IntColumn
    value: FloatColumn
    cost: FloatColumn

    @property
    def taken(self) -> BoolColumn:
        return self.year >= 0


def best_choice(columns: Columns, price: FloatColumn) -> tuple[FloatColumn, Choice]:
    """What each group gains at the prices, (g,), and the choice that gives it; nothing where all are dearer."""
    gain, owner, chosen, chosen_year = best_columns(columns, price)
    option = np.zeros(len(gain), dtype=np.int64)
    option[owner] = chosen
    year = np.full(len(gain), NOTHING, dtype=np.int64)
    year[owner] = chosen_year
    return gain, choice_of(columns, option, year)


def best_columns(columns: Columns, price: FloatColumn) -> tuple[FloatColumn, IntColumn, IntColumn, IntColumn]:
    """What each group gains (g,), and the groups that gain anything (r,) with the option and year that give it."""
    worth = worth_of_each_option(columns, price)
    gain = np.maximum(np.maximum.reduceat(worth, columns.starts), 0.0) if len(columns.starts) else np.zeros(0)
    owner, chosen = first_of_each_group(np.flatnonzero((worth == gain[columns.group]) & (worth > 0)), columns.group)
    return gain, owner, chosen, best_year(columns, price, chosen)


def worth_of_each_option(columns: Columns, price: FloatColumn) -> FloatColumn:
    """The highest value less priced cost of each option (m,) over the years; in parts that fit a cache."""
    value, cost = columns.value, columns.cost
    worth = np.full(len(cost), -np.inf)
    for start in range(0, len(cost), CHUNK):
        part = slice(start, min(start + CHUNK, len(cost)))
        trial = np.empty(part.stop - part.start)
        for year, worth_of_krona in enumerate(price):
            np.multiply(cost[part], worth_of_krona, out=trial)
            np.subtract(value[year, part], trial, out=trial)
            np.maximum(worth[part], trial, out=worth[part])
    return worth


def best_year(columns: Columns, price: FloatColumn, option: IntColumn) -> IntColumn:
    """The first year in which an option (r,) is worth most after its price."""
    worth = np.take(columns.value, option, axis=1)
    worth -= price[:, None] * columns.cost[option]
    result: IntColumn = worth.argmax(axis=0)
    return result


def first_of_each_group(candidates: IntColumn, group: IntColumn) -> tuple[IntColumn, IntColumn]:
    """The groups met among ascending options, and the first option of each."""
    owner = group[candidates]
    first = np.ones(len(candidates), dtype=np.bool_)
    first[1:] = owner[1:] != owner[:-1]
    return owner[first], candidates[first]


def choice_of(columns: Columns, option: IntColumn, year: IntColumn) -> Choice:
    """The choice of these options and years (g,), -1 for nothing."""
    if len(option) == 0:
        return Choice(option, year, np.zeros(0), np.zeros(0))
    taken = year >= 0
    return Choice(
        option=np.where(taken, option, 0),
        year=year,
        value=np.where(taken, columns.value[year, option], 0.0),
        cost=np.where(taken, columns.cost[option], 0.0),
    )


def usage(columns: Columns, choice: Choice) -> IntColumn:
    """Kronor taken per year; sums of whole numbers below 2**53, so exact."""
    taken = choice.taken
    total = np.bincount(choice.year[taken], weights=choice.cost[taken], minlength=columns.years)
    return np.rint(total).astype(np.int64)
