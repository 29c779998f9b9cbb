import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_array

from planner import Allocation, PlannerInputError, allocate_one_per_group


def random_case(seed: int, groups: int, options: int, years: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values that mostly fall with the year, costs that go with value, groups of 1 to `options` options."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(groups), rng.integers(1, options + 1, groups))
    cost = np.rint(np.exp(rng.normal(8.0, 1.0, len(group)))).astype(np.int64) + 1
    value = (
        cost
        * np.exp(rng.normal(0.5, 0.7, len(group)))
        * rng.uniform(0.85, 1.0, len(group)) ** np.arange(years)[:, None]
    )
    value[rng.random(value.shape) < 0.15] = -np.inf
    return value, cost, group


def best_by_trying_all(value: np.ndarray, cost: np.ndarray, group: np.ndarray, budget: np.ndarray) -> float:
    """The optimum of a tiny case: every combination, group by group, keeping the best value per usage."""
    reached: dict[tuple[int, ...], float] = {(0,) * len(budget): 0.0}
    for number in np.unique(group):
        extended = dict(reached)
        for option, year in itertools.product(np.flatnonzero(group == number), range(len(budget))):
            if not value[year, option] > 0:
                continue
            for used, worth in reached.items():
                more = list(used)
                more[year] += int(cost[option])
                if more[year] <= budget[year]:
                    key = tuple(more)
                    extended[key] = max(extended.get(key, 0.0), worth + value[year, option])
        reached = extended
    return max(reached.values())


def linear_relaxation(value: np.ndarray, cost: np.ndarray, group: np.ndarray, budget: np.ndarray) -> float:
    year, option = np.nonzero((value > 0) & (cost <= budget[:, None]))
    number = np.unique(group, return_inverse=True)[1][option]
    groups = number.max() + 1
    column = np.arange(len(option))
    rows = csr_array(
        (
            np.concatenate([np.ones(len(option)), cost[option] / 1e4]),
            (np.concatenate([number, groups + year]), np.tile(column, 2)),
        ),
        shape=(groups + len(budget), len(option)),
    )
    limits = np.concatenate([np.ones(groups), budget / 1e4])
    return -linprog(-value[year, option], A_ub=rows, b_ub=limits, method="highs").fun


def check_holds(found: Allocation, value: np.ndarray, cost: np.ndarray, group: np.ndarray, budget: np.ndarray) -> None:
    """What must hold for any allocation."""
    taken = found.option >= 0
    option, year = found.option[taken], found.year[taken]
    usage = np.zeros(len(budget), dtype=np.int64)
    np.add.at(usage, year, cost[option])
    assert (usage <= budget).all()
    assert found.usage.tolist() == usage.tolist()
    assert found.group.tolist() == np.unique(group).tolist()
    assert group[option].tolist() == found.group[taken].tolist()
    assert (value[year, option] > 0).all()
    assert found.value == pytest.approx(value[year, option].sum())
    assert found.value <= found.bound
    assert (found.year[~taken] == -1).all()
    assert (found.price >= 0).all()
    # Nothing better for a group fits in the room that is left.
    held, freed, own_year = np.zeros(len(taken)), np.zeros(len(taken), dtype=np.int64), found.year
    held[taken], freed[taken] = value[year, option], cost[option]
    owner = np.searchsorted(found.group, group)
    for t in range(len(budget)):
        room = budget[t] - usage[t] + np.where(own_year[owner] == t, freed[owner], 0)
        assert not ((value[t] > held[owner]) & (value[t] > 0) & (cost <= room)).any()


cases = st.tuples(st.integers(0, 10_000), st.integers(1, 30), st.integers(1, 4), st.integers(1, 6))
money = st.lists(st.one_of(st.just(0), st.integers(1, 60_000), st.just(10**12)), min_size=6, max_size=6)


@settings(max_examples=40, deadline=None)
@given(cases, money)
def test_no_budget_is_exceeded_no_bound_is_beaten_and_no_room_is_wasted(
    case: tuple[int, int, int, int], sek: list[int]
) -> None:
    value, cost, group = random_case(*case)
    budget = np.array(sek[: len(value)])

    check_holds(allocate_one_per_group(value, cost, group, budget, seed=1), value, cost, group, budget)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 8), st.lists(st.integers(0, 15_000), min_size=3, max_size=3))
def test_small_cases_come_near_the_best_of_all_combinations(seed: int, groups: int, sek: list[int]) -> None:
    value, cost, group = random_case(seed, groups, 2, 3)
    budget = np.array(sek)
    best = best_by_trying_all(value, cost, group, budget)
    found = allocate_one_per_group(value, cost, group, budget, seed=1)

    assert found.value <= best * (1 + 1e-12)
    assert best <= found.bound * (1 + 1e-9)
    assert found.value >= 0.9 * best


def test_on_average_small_cases_are_within_one_percent_of_the_best() -> None:
    reached = []
    for seed in range(12):
        value, cost, group = random_case(seed, 8, 2, 3)
        budget = np.full(3, int(cost.sum()) // 8)
        best = best_by_trying_all(value, cost, group, budget)
        if best > 0:
            reached.append(allocate_one_per_group(value, cost, group, budget, seed=1).value / best)

    assert np.mean(reached) > 0.99


@pytest.mark.parametrize(("groups", "years"), [(60, 4), (1000, 10)])
def test_the_bound_is_the_linear_relaxation(groups: int, years: int) -> None:
    value, cost, group = random_case(7, groups, 3, years)
    budget = np.full(years, int(cost.sum()) // (6 * years))
    found = allocate_one_per_group(value, cost, group, budget, seed=1)
    relaxed = linear_relaxation(value, cost, group, budget)

    assert found.bound == pytest.approx(relaxed, rel=2e-5)
    assert found.bound >= relaxed * (1 - 1e-9)


@pytest.mark.parametrize(("groups", "gap"), [(100, 0.03), (1000, 3e-3), (12_000, 5e-4)])
def test_the_gap_closes_as_groups_grow_many(groups: int, gap: float) -> None:
    value, cost, group = random_case(11, groups, 3, 8)
    budget = np.full(8, int(cost.sum()) // 60)
    found = allocate_one_per_group(value, cost, group, budget, seed=1)

    check_holds(found, value, cost, group, budget)
    assert (found.bound - found.value) / found.bound < gap


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(0, 3), st.integers(0, 200_000))
def test_more_money_never_lowers_the_bound(seed: int, groups: int, year: int, more: int) -> None:
    value, cost, group = random_case(seed, groups, 3, 4)
    budget = np.full(4, int(cost.sum()) // 20)
    richer = budget.copy()
    richer[year] += more
    before = allocate_one_per_group(value, cost, group, budget, seed=1).bound
    after = allocate_one_per_group(value, cost, group, richer, seed=1).bound

    assert after >= before * (1 - 1e-7)


def test_prices_ask_for_the_money_there_is() -> None:
    value, cost, group = random_case(5, 5000, 3, 6)
    budget = np.full(6, int(cost.sum()) // 60)
    found = allocate_one_per_group(value, cost, group, budget, seed=1)
    worth = value - found.price[:, None] * cost
    best = np.full(5000, 0.0)
    np.maximum.at(best, group, worth.max(axis=0))
    at_prices = best.sum() + found.price @ budget

    assert at_prices == pytest.approx(found.bound, rel=1e-6)
    assert found.usage == pytest.approx(budget, rel=5e-3)


def test_enough_money_for_all_gives_each_its_best_at_no_price() -> None:
    value, cost, group = random_case(5, 50, 3, 4)
    found = allocate_one_per_group(value, cost, group, np.full(4, 10**12), seed=1)
    wanted = np.zeros(50)
    np.maximum.at(wanted, group, np.maximum(value.max(axis=0), 0))

    assert found.value == pytest.approx(wanted.sum())
    assert found.bound == pytest.approx(found.value)
    assert found.price.tolist() == [0.0] * 4


def test_a_year_without_money_is_priced_at_what_its_first_krona_would_bring() -> None:
    value, cost = np.array([[300.0, 100.0], [0.0, 90.0]]), np.array([100, 100])
    found = allocate_one_per_group(value, cost, np.array([0, 1]), np.array([0, 1000]), seed=1)

    assert found.option.tolist() == [-1, 1]
    assert found.year.tolist() == [-1, 1]
    assert found.price.tolist() == [3.0, 0.0]


def test_equals_go_to_the_lower_group_and_the_earlier_year() -> None:
    value, cost = np.full((2, 3), 50.0), np.array([10, 10, 10])
    found = allocate_one_per_group(value, cost, np.array([4, 7, 9]), np.array([10, 0]), seed=1)

    assert found.group.tolist() == [4, 7, 9]
    assert found.option.tolist() == [0, -1, -1]
    assert found.year.tolist() == [0, -1, -1]


def test_the_same_seed_gives_the_same_allocation() -> None:
    value, cost, group = random_case(2, 20_000, 3, 5)
    budget = np.full(5, int(cost.sum()) // 60)
    first, second = (allocate_one_per_group(value, cost, group, budget, seed=9) for _ in range(2))

    assert first.option.tolist() == second.option.tolist()
    assert first.year.tolist() == second.year.tolist()
    assert (first.value, first.bound) == (second.value, second.bound)
    assert first.price.tolist() == second.price.tolist()


def test_input_is_left_as_it_was() -> None:
    value, cost, group = random_case(2, 30, 3, 3)
    before = value.copy()
    allocate_one_per_group(value, cost, group, np.full(3, 9000), seed=1)

    assert np.array_equal(value, before)


@pytest.mark.parametrize("years", [1, 50])
def test_nothing_to_choose_from_is_a_plan_of_nothing(years: int) -> None:
    found = allocate_one_per_group(
        np.zeros((years, 0)), np.zeros(0, np.int64), np.zeros(0, np.int64), np.full(years, 5), seed=1
    )
    assert (len(found.option), found.value, found.bound) == (0, 0.0, 0.0)
    assert found.usage.tolist() == [0] * years


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"cost": np.array([0, 5])}, "allocation_cost_not_positive_integer"),
        ({"cost": np.array([1.5, 5.0])}, "allocation_cost_not_positive_integer"),
        ({"budget": np.array([-1])}, "allocation_budget_not_whole_kronor"),
        ({"value": np.array([[np.nan, 1.0]])}, "allocation_value_not_a_number"),
        ({"value": np.array([[np.inf, 1.0]])}, "allocation_value_not_a_number"),
        ({"group": np.array([1, 0])}, "allocation_groups_not_ascending"),
        ({"value": np.array([[1.0]])}, "allocation_shapes"),
    ],
)
def test_nonsense_is_refused(change: dict[str, np.ndarray], code: str) -> None:
    good = {
        "value": np.array([[3.0, 1.0]]),
        "cost": np.array([2, 5]),
        "group": np.array([0, 1]),
        "budget": np.array([9]),
    }
    with pytest.raises(PlannerInputError) as refused:
        allocate_one_per_group(**{**good, **change}, seed=1)

    assert refused.value.code == code
