"""From prices to a plan that fits: overspent years are mended, room is filled, and large actions get another try."""

import numpy as np

from planner.columns import NOTHING, Choice, Columns, best_choice, choice_of, usage
from planner.inputs import BoolColumn, FloatColumn, IntColumn
from planner.prices import ENOUGH, undecided_core

_TRY_CELLS = 5e6
_FEWEST_TRIES, _MOST_TRIES = 20, 200


def fit(
    columns: Columns, budget: IntColumn, price: FloatColumn, choice: Choice, kept: BoolColumn | None = None
) -> Choice:
    """Move, cheapen or drop choices in overspent years, least loss per krona freed first, until every year fits.

    Groups in `kept` (g,) stay as they are for as long as there is another way.
    """
    while True:
        room = budget - usage(columns, choice)
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
        gain, move = best_choice(_with_value(place, np.where(allowed, place.value, -np.inf)), price)
        freed = choice.cost[members] - np.where(move.year == choice.year[members], move.cost, 0.0)
        loss = choice.value[members] - price[choice.year[members]] * choice.cost[members] - gain
        option = move.option - place.starts + columns.starts[members]
        order = np.argsort(loss / freed, kind="stable")
        choice = _apply(columns, choice, room, members, option, move.year, order, only_overspent=True)


def _with_value(columns: Columns, value: FloatColumn) -> Columns:
    return Columns(value, columns.cost, columns.group, columns.starts, columns.groups)


def fill(columns: Columns, budget: IntColumn, price: FloatColumn, choice: Choice) -> Choice:
    """Use the room that is left: better columns that fit, least regret first, until none fits."""
    while True:
        room = budget - usage(columns, choice)
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


def _groups_with_room(columns: Columns, choice: Choice, room: IntColumn) -> BoolColumn:
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


def _highest_of_group(columns: Columns, worth: FloatColumn) -> tuple[IntColumn, IntColumn]:
    """Year and option (g,) of each group's highest worth (n_years, m), the first of equals."""
    year = worth.argmax(axis=0)
    best = worth[year, np.arange(len(year))]
    top = np.maximum.reduceat(best, columns.starts)
    candidates = np.flatnonzero(best == top[columns.group])
    first = np.unique(columns.group[candidates], return_index=True)[1]
    option = candidates[first]
    return year[option], option


def _apply(
    columns: Columns,
    choice: Choice,
    room: IntColumn,
    members: IntColumn,
    options: IntColumn,
    years: IntColumn,
    order: IntColumn,
    only_overspent: bool = False,
) -> Choice:
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
        if (
            target >= 0
            and asked > left[target] + (freed if target == origin else 0)
            and not (only_overspent and target == origin)
        ):
            continue
        if origin >= 0:
            left[origin] += freed
        if target >= 0:
            left[target] -= asked
        option[member], year[member] = to_option, target
    return choice_of(columns, option, year)


def improve(
    columns: Columns, budget: IntColumn, price: FloatColumn, choice: Choice, rng: np.random.Generator
) -> Choice:
    """Give groups that lost most their best option after all, let others make way, and keep what gains.

    Mends what rounding does to the few groups so large that half a one matters. Only groups that have lost something or
    are nearly undecided take part, as many as the linear programme would hold.
    """
    gain, ideal = best_choice(columns, price)
    loss = gain - choice.value + np.where(choice.taken, price[choice.year] * choice.cost, 0.0)
    taking_part = undecided_core(columns, price, gain, ideal).undecided | (loss > 0.0)
    members = np.flatnonzero(taking_part)
    part = columns.of_groups(taking_part)
    shift = columns.starts[members] - part.starts
    mine = choice_of(part, np.where(choice.taken[members], choice.option[members] - shift, 0), choice.year[members])
    others = choice_of(columns, choice.option, np.where(taking_part, NOTHING, choice.year))
    mine = _insert_losers(part, budget - usage(columns, others), price, mine, rng)
    option, year = choice.option.copy(), choice.year.copy()
    option[members] = np.where(mine.taken, mine.option + shift, 0)
    year[members] = mine.year
    return choice_of(columns, option, year)


def _insert_losers(
    columns: Columns, budget: IntColumn, price: FloatColumn, choice: Choice, rng: np.random.Generator
) -> Choice:
    """`improve` among the groups that take part: the column that promises most first, then pairs drawn by lot.

    A column promises what it is worth after its price, over what its group has now. One that would lose more than is
    missing to the bound cannot lead to anything better and is not tried.
    """
    gain, _ = best_choice(columns, price)
    worth = columns.value - price[:, None] * columns.cost
    untried = np.isfinite(worth)
    for _ in range(int(np.clip(_TRY_CELLS / max(worth.size, 1), _FEWEST_TRIES, _MOST_TRIES))):
        now = choice.value - np.where(choice.taken, price[choice.year] * choice.cost, 0.0)
        missing = float((gain - now).sum() + price @ (budget - usage(columns, choice)))
        if worth.size == 0 or missing <= ENOUGH * choice.value.sum():
            break
        promise = worth - now[columns.group]
        place = int(np.where(untried, promise, -np.inf).argmax())
        if untried.flat[place] and promise.flat[place] > -missing:
            forced = np.array([place])
            untried.flat[place] = False
        else:
            hopeful = np.flatnonzero(promise > -missing)
            if len(hopeful) == 0:
                break
            forced = rng.choice(hopeful, 2)
        trial = _with_forced(columns, budget, price, choice, *np.divmod(forced, promise.shape[1]))
        if trial.value.sum() > choice.value.sum():
            choice = trial
            untried = np.isfinite(worth)
    return choice


def _with_forced(
    columns: Columns, budget: IntColumn, price: FloatColumn, choice: Choice, years: IntColumn, options: IntColumn
) -> Choice:
    """The choice with these columns taken, others making way for them, and what room is left filled."""
    option, year = choice.option.copy(), choice.year.copy()
    groups = columns.group[options]
    option[groups], year[groups] = options, years
    kept = np.zeros(len(option), dtype=np.bool_)
    kept[groups] = True
    return fill(columns, budget, price, fit(columns, budget, price, choice_of(columns, option, year), kept))
