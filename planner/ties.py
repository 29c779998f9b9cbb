"""Equal assets are interchangeable to the method; people expect the one with the lower id to go first."""

import numpy as np

from planner.columns import Choice, Columns, choice_of
from planner.inputs import BoolColumn, IntColumn


def lower_groups_first(columns: Columns, choice: Choice) -> Choice:
    """The same choice, where of groups with equal columns the lower get what there is, and get it earlier.

    Equal means the same options, costs and values in every year, to the last bit; exchanging them changes no sum.
    """
    alike = _alike(columns)
    members = np.flatnonzero(np.bincount(alike)[alike] > 1) if len(alike) else alike
    members = members[_equals_first(columns, members, alike)]
    kind = alike[members]
    offset = choice.option[members] - columns.starts[members]
    receivers = members[np.lexsort((members, kind))]
    givers = np.lexsort((offset, choice.year[members], ~choice.taken[members], kind))
    option, year = choice.option.copy(), choice.year.copy()
    option[receivers] = np.where(choice.taken[members[givers]], columns.starts[receivers] + offset[givers], 0)
    year[receivers] = choice.year[members[givers]]
    return choice_of(columns, option, year)


def _alike(columns: Columns) -> IntColumn:
    """A number per group (g,), the same for groups whose columns are equal and hardly ever for others."""
    size = np.diff(np.append(columns.starts, len(columns.cost)))
    place = np.arange(len(columns.cost)) - columns.starts[columns.group]
    weight = np.random.default_rng(0).random(columns.years + 1)
    mark = columns.cost * weight[-1]
    for year in range(columns.years):
        worth = columns.value[year]
        mark += np.where(np.isfinite(worth), worth, -1.0) * weight[year]
    mark *= 1.0 + place
    total = np.add.reduceat(mark, columns.starts) if len(columns.starts) else np.zeros(0)
    order = np.lexsort((size, total))
    differs = np.ones(len(order), dtype=np.bool_)
    differs[1:] = (np.diff(total[order]) != 0) | (np.diff(size[order]) != 0)
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.cumsum(differs) - 1
    return number


def _equals_first(columns: Columns, members: IntColumn, alike: IntColumn) -> BoolColumn:
    """Which members (r,) have exactly the columns of the first group of their number."""
    _, first, kind = np.unique(alike[members], return_index=True, return_inverse=True)
    model = members[first][kind]
    size = np.diff(np.append(columns.starts, len(columns.cost)))[members]
    equal = np.ones(len(members), dtype=np.bool_)
    for place in range(int(size.max(initial=0))):
        has = np.flatnonzero(size > place)
        mine, theirs = columns.starts[members[has]] + place, columns.starts[model[has]] + place
        same = columns.cost[mine] == columns.cost[theirs]
        for year in range(columns.years):
            same &= columns.value[year, mine] == columns.value[year, theirs]
        equal[has] &= same
    return equal
