from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import (
    NEED,
    STATUTORY,
    Budgets,
    Plan,
    PlannerInputError,
    PlanRows,
    Portfolio,
    Settings,
    SurvivalCurve,
    Treatment,
    generate_plan,
)
from planner.deterioration import assumed_age, curve_parameters, failure_probability_next_year, health_index
from tests.planner.portfolios import (
    FIRST_YEAR,
    MEND,
    PIPE,
    REPLACE,
    Asset,
    Fixed,
    permuted,
    portfolio_of,
    random_portfolio,
    yearly,
)

NO_MONEY = (0, 0, 0)
PLENTY = 10**9


def ids_and_years(portfolio: Portfolio, rows: PlanRows) -> list[tuple[int, int]]:
    return list(zip(portfolio.asset_id[rows.asset].tolist(), rows.year.tolist(), strict=True))


def plan_of(portfolio: Portfolio, budgets: Budgets, settings_: Settings | None = None) -> Plan:
    return generate_plan(portfolio, budgets, settings_ or Settings(), seed=1)


# --- worked examples --------------------------------------------------------------------------------------------------


def test_money_for_one_a_year_goes_to_the_worst_first() -> None:
    portfolio = portfolio_of(
        [Asset(1, 85.0, {0: 100_000}), Asset(2, 120.0, {0: 100_000}), Asset(3, 100.0, {0: 100_000})]
    )
    plan = plan_of(portfolio, yearly([100_000] * 3, NO_MONEY))

    assert ids_and_years(portfolio, plan.planned) == [(2, 2027), (3, 2028), (1, 2029)]
    assert plan.planned.decided_by.tolist() == ["benefit", "budget", "budget"]
    assert plan.spend_sek.tolist() == [[100_000] * 3, [0] * 3]
    assert len(plan.unfunded.asset) == 0


def test_the_asset_whose_failure_costs_most_goes_first_among_equally_old() -> None:
    portfolio = portfolio_of([Asset(1, 100.0, {0: 100_000}), Asset(2, 100.0, {0: 100_000}, failure_cost=5_000_000.0)])
    plan = plan_of(portfolio, yearly([100_000, 0, 0], NO_MONEY))

    assert ids_and_years(portfolio, plan.planned) == [(2, 2027)]
    assert ids_and_years(portfolio, plan.unfunded) == [(1, 2027)]


def test_a_need_without_room_says_when_it_was_wanted_and_what_it_is_worth() -> None:
    portfolio = portfolio_of([Asset(7, 110.0, {0: 100_000})])
    rich = plan_of(portfolio, yearly([PLENTY] * 3, NO_MONEY)).planned
    poor = plan_of(portfolio, yearly([99_999] * 3, NO_MONEY))

    assert len(poor.planned.asset) == 0
    assert ids_and_years(portfolio, poor.unfunded) == [(7, 2027)]
    assert poor.unfunded.cost_sek.tolist() == [100_000]
    assert poor.unfunded.treatment.tolist() == [0]
    assert poor.unfunded.row_class.tolist() == [NEED]
    assert poor.unfunded.decided_by.tolist() == ["no_room"]
    assert poor.unfunded.benefit_sek.tolist() == rich.benefit_sek.tolist()
    assert (poor.value, poor.bound, poor.gap) == (0.0, 0.0, 0.0)


def test_a_dear_renewal_makes_way_for_two_mends_worth_more_together() -> None:
    thorough = replace(MEND, age_removed=0.7)
    assets = [Asset(number, 105.0, {0: 100_000, 1: 50_000}) for number in (1, 2)]
    portfolio = portfolio_of(assets, treatments=(REPLACE, thorough))
    plan = plan_of(portfolio, yearly([100_000], [0]))
    each = plan_of(portfolio, yearly([PLENTY], [0]))

    assert each.planned.treatment.tolist() == [0, 0]
    assert plan.planned.treatment.tolist() == [1, 1]
    assert plan.planned.runner_up_treatment.tolist() == [0, 0]
    assert plan.planned.runner_up_benefit_sek.tolist() == each.planned.benefit_sek.tolist()
    assert plan.planned.decided_by.tolist() == ["budget", "budget"]


def test_funds_never_mix() -> None:
    portfolio = portfolio_of([Asset(1, 110.0, {0: 100_000}, fund=0), Asset(2, 110.0, {0: 100_000}, fund=1)])
    plan = plan_of(portfolio, yearly(NO_MONEY, [PLENTY] * 3))

    assert ids_and_years(portfolio, plan.planned) == [(2, 2027)]
    assert ids_and_years(portfolio, plan.unfunded) == [(1, 2027)]
    assert plan.spend_sek.tolist() == [[0, 0, 0], [100_000, 0, 0]]


def test_an_action_waits_until_health_is_at_its_limit() -> None:
    curves = curve_parameters([PIPE])
    portfolio = portfolio_of([Asset(1, 58.0, {0: 100_000}, failure_cost=10_000_000.0)])
    plan = plan_of(portfolio, yearly([PLENTY] * 20, [0] * 20))
    health = health_index(curves, np.zeros(20, dtype=np.int64), 58.0 + np.arange(20))
    first = int(np.flatnonzero(health <= 60.0)[0])

    assert 0 < first < 19
    assert plan.planned.year.tolist() == [FIRST_YEAR + first]
    assert plan.planned.health == pytest.approx(health[[first]])


def test_an_asset_still_in_good_health_at_the_end_is_no_row() -> None:
    plan = plan_of(portfolio_of([Asset(1, 5.0, {0: 100_000})]), yearly([PLENTY] * 5, [0] * 5))

    assert len(plan.planned.asset) == len(plan.unfunded.asset) == 0


def test_an_action_that_gains_by_waiting_past_the_plan_is_no_need_yet() -> None:
    any_health = replace(REPLACE, apply_at_or_below=100.0)
    young = Asset(1, 1.0, {0: 10_000}, curve=1, failure_cost=500_000.0, replacement_value=10_000.0)
    portfolio = portfolio_of([young], treatments=(any_health,))

    assert len(plan_of(portfolio, yearly([PLENTY], [0])).planned.asset) == 0
    later = plan_of(portfolio, yearly([PLENTY] * 15, [0] * 15)).planned
    assert len(later.asset) == 1
    assert FIRST_YEAR < later.year[0] < FIRST_YEAR + 14
    assert later.decided_by.tolist() == ["benefit"]


def test_what_is_not_worth_its_money_is_no_need() -> None:
    asset = Asset(1, 110.0, {0: 100_000})
    benefit = plan_of(portfolio_of([asset]), yearly([PLENTY], [0])).planned.benefit_sek[0]
    dear = portfolio_of([replace(asset, costs={0: int(benefit) + 1})])
    fair = portfolio_of([replace(asset, costs={0: int(benefit)})])

    assert len(plan_of(dear, yearly([PLENTY], [0])).planned.asset) == 0
    assert len(plan_of(dear, yearly([0], [0])).unfunded.asset) == 0
    assert len(plan_of(fair, yearly([PLENTY], [0])).planned.asset) == 1
    lenient = Settings(minimum_benefit_per_krona=0.5)
    assert len(plan_of(dear, yearly([PLENTY], [0]), lenient).planned.asset) == 1


def test_waiting_costs_what_the_same_action_loses_a_year_later() -> None:
    portfolio = portfolio_of([Asset(1, 110.0, {0: 100_000})])
    now = plan_of(portfolio, yearly([100_000, 0, 0], NO_MONEY)).planned
    later = plan_of(portfolio, yearly([0, 100_000, 0], NO_MONEY)).planned

    assert now.waiting_cost_sek[0] == pytest.approx(now.benefit_sek[0] - later.benefit_sek[0])
    assert now.waiting_cost_sek[0] > 0


def test_without_an_alternative_there_is_no_runner_up() -> None:
    plan = plan_of(portfolio_of([Asset(1, 110.0, {0: 100_000})]), yearly([PLENTY], [0])).planned

    assert plan.runner_up_treatment.tolist() == [-1]
    assert plan.runner_up_year.tolist() == [0]
    assert plan.runner_up_benefit_sek.tolist() == [0.0]


def test_the_price_is_what_one_more_krona_brings() -> None:
    portfolio = portfolio_of(
        [Asset(n, 90.0 + n, {0: 1000}, failure_cost=2e4, replacement_value=1e3) for n in range(30)]
    )
    plan = plan_of(portfolio, yearly([10_000], [0]))
    more = plan_of(portfolio, yearly([11_000], [0]))

    assert plan.price[0, 0] == pytest.approx((more.value - plan.value) / 1000, rel=0.05)
    assert plan.price[1, 0] == 0.0


# --- unknown age ------------------------------------------------------------------------------------------------------


def test_unknown_age_counts_as_the_middle_of_the_cohort_and_keeps_its_health_unknown() -> None:
    middle = float(assumed_age(curve_parameters([PIPE]))[0])
    unknown = portfolio_of([Asset(1, np.nan, {1: 5_000})])
    assumed = portfolio_of([Asset(1, middle, {1: 5_000})])
    budgets = yearly([PLENTY] * 30, [0] * 30)
    first, second = plan_of(unknown, budgets).planned, plan_of(assumed, budgets).planned

    assert len(first.asset) == 1
    assert np.isnan(first.health).all()
    assert not np.isnan(second.health).any()
    assert first.year.tolist() == second.year.tolist()
    assert first.benefit_sek.tolist() == second.benefit_sek.tolist()
    assert first.failure_probability.tolist() == second.failure_probability.tolist()


def test_a_portfolio_of_unknown_ages_alone_can_be_planned() -> None:
    portfolio = replace(random_portfolio(3, 40, 10), effective_age=np.full(40, np.nan))
    plan = plan_of(portfolio, yearly([300_000] * 10, [300_000] * 10))

    assert len(plan.planned.asset) > 0
    assert np.isnan(plan.planned.health).all()
    assert not np.isnan(plan.planned.benefit_sek).any()


# --- fixed points -----------------------------------------------------------------------------------------------------


def test_fixed_points_are_paid_before_the_planners_own_choices() -> None:
    portfolio = portfolio_of([Asset(1, 110.0, {0: 100_000})], [Fixed(0, 2027, 30_000)])
    plan = plan_of(portfolio, yearly([100_000, 100_000], [0, 0]))

    assert ids_and_years(portfolio, plan.planned) == [(1, 2027), (1, 2028)]
    assert plan.planned.row_class.tolist() == [STATUTORY, NEED]
    assert plan.planned.treatment.tolist() == [-1, 0]
    assert plan.planned.fixed.tolist() == [0, -1]
    assert plan.planned.decided_by.tolist() == ["fixed", "budget"]
    assert plan.planned.benefit_sek[0] == 0.0
    assert not plan.flagged.any()


def test_a_fixed_point_that_does_not_fit_stays_in_its_year_unfunded_and_flags_it() -> None:
    portfolio = portfolio_of([Asset(1, 20.0, {})], [Fixed(0, 2028, 30_000)])
    plan = plan_of(portfolio, yearly([90_000, 29_999, 90_000], NO_MONEY))

    assert len(plan.planned.asset) == 0
    assert plan.unfunded.year.tolist() == [2028]
    assert plan.unfunded.row_class.tolist() == [STATUTORY]
    assert plan.unfunded.fixed.tolist() == [0]
    assert plan.flagged.tolist() == [[False, True, False], [False, False, False]]
    assert plan.spend_sek.sum() == 0


def test_statutory_goes_before_committed_and_a_cheaper_one_after_may_still_fit() -> None:
    assets = [Asset(number, 20.0, {}) for number in (1, 2, 3)]
    points = [
        Fixed(0, 2027, 60_000, kind="committed"),
        Fixed(1, 2027, 70_000, kind="statutory"),
        Fixed(2, 2027, 30_000, kind="committed"),
    ]
    plan = plan_of(portfolio_of(assets, points), yearly([100_000], [0]))

    assert plan.planned.fixed.tolist() == [1, 2]
    assert plan.unfunded.fixed.tolist() == [0]
    assert plan.spend_sek[0].tolist() == [100_000]
    assert plan.flagged[0].tolist() == [True]


def test_a_committed_renewal_leaves_nothing_for_the_planner_to_renew() -> None:
    portfolio = portfolio_of([Asset(1, 110.0, {0: 100_000})], [Fixed(0, 2028, 90_000, 0, "committed")])
    plan = plan_of(portfolio, yearly([PLENTY] * 5, [0] * 5))

    assert ids_and_years(portfolio, plan.planned) == [(1, 2028)]
    assert plan.planned.benefit_sek[0] > 0
    assert len(plan.unfunded.asset) == 0


def test_the_planner_acts_again_once_what_was_committed_has_aged() -> None:
    pump = Asset(1, 10.0, {0: 20_000}, curve=1, failure_cost=200_000.0, replacement_value=20_000.0)
    portfolio = portfolio_of([pump], [Fixed(0, 2028, 20_000, 0, "committed")])
    plan = plan_of(portfolio, yearly([PLENTY] * 20, [0] * 20))
    parameters = curve_parameters([PIPE, portfolio.curves[1]])
    again = int(plan.planned.year[1]) - 2028

    assert plan.planned.year[0] == 2028
    assert again > 3
    assert plan.planned.health[1] == pytest.approx(
        float(health_index(parameters, np.array([1]), np.array([float(again)]))[0])
    )
    assert plan.planned.failure_probability[1] == pytest.approx(
        float(failure_probability_next_year(parameters, np.array([1]), np.array([float(again)]))[0])
    )


def test_the_same_treatment_keeps_its_distance_to_a_committed_one() -> None:
    weak = Treatment("mend", "maintenance", age_removed=0.02, apply_at_or_below=100.0, years_between=4.0)
    asset = Asset(1, 100.0, {0: 10}, failure_cost=1e6)
    portfolio = portfolio_of([asset], [Fixed(0, 2027, 10, 0, "committed")], treatments=(weak,))
    plan = plan_of(portfolio, yearly([PLENTY] * 8, [0] * 8))

    assert plan.planned.year.tolist() == [2027, 2031]


def test_an_asset_whose_commitment_got_no_money_is_left_to_people() -> None:
    portfolio = portfolio_of([Asset(1, 110.0, {0: 10_000})], [Fixed(0, 2028, 90_000, 0, "committed")])
    plan = plan_of(portfolio, yearly([50_000] * 3, NO_MONEY))

    assert len(plan.planned.asset) == 0
    assert ids_and_years(portfolio, plan.unfunded) == [(1, 2028)]


def test_a_check_after_a_planned_renewal_meets_the_renewed_asset() -> None:
    portfolio = portfolio_of([Asset(1, 110.0, {0: 100_000})], [Fixed(0, 2029, 1_000)])
    plan = plan_of(portfolio, yearly([PLENTY] * 3, NO_MONEY))
    untreated = plan_of(portfolio, yearly([1_000] * 3, NO_MONEY))

    assert plan.planned.year.tolist() == [2027, 2029]
    assert plan.planned.health[1] > 99
    assert untreated.planned.health[0] < 25


# --- what always holds ------------------------------------------------------------------------------------------------

budget_years = st.lists(st.one_of(st.just(0), st.integers(0, 800_000), st.just(10**13)), min_size=12, max_size=12)


def check_plan(portfolio: Portfolio, budgets: Budgets, plan: Plan) -> None:
    n_funds, n_years = budgets.sek.shape
    spend = np.zeros((n_funds, n_years), dtype=np.int64)
    np.add.at(spend, (portfolio.fund[plan.planned.asset], plan.planned.year - FIRST_YEAR), plan.planned.cost_sek)
    assert spend.tolist() == plan.spend_sek.tolist()
    assert (plan.spend_sek <= budgets.sek).all()
    assert plan.value <= plan.bound
    assert plan.gap == pytest.approx((plan.bound - plan.value) / plan.bound if plan.bound else 0.0)
    own = plan.planned.fixed == -1
    assert plan.value == pytest.approx(plan.planned.benefit_sek[own].sum())
    # Each asset at most once among the planner's own choices and the needs without room.
    assert len(np.unique(plan.planned.asset[own])) == own.sum()
    needs = plan.unfunded.fixed == -1
    mentioned = np.concatenate([plan.planned.asset[own], plan.unfunded.asset[needs]])
    assert len(np.unique(mentioned)) == len(mentioned)
    # Every fixed point exactly once, in its year and at its cost.
    for rows in (plan.planned, plan.unfunded):
        fixed = rows.fixed[rows.fixed >= 0]
        assert rows.year[rows.fixed >= 0].tolist() == portfolio.fixed_year[fixed].tolist()
        assert rows.cost_sek[rows.fixed >= 0].tolist() == portfolio.fixed_cost_sek[fixed].tolist()
    everyone = np.concatenate([plan.planned.fixed[~own], plan.unfunded.fixed[~needs]])
    assert sorted(everyone.tolist()) == list(range(len(portfolio.fixed_asset)))
    left_out = plan.unfunded.fixed[~needs]
    flagged = np.zeros((n_funds, n_years), dtype=np.bool_)
    flagged[portfolio.fund[portfolio.fixed_asset[left_out]], portfolio.fixed_year[left_out] - FIRST_YEAR] = True
    assert flagged.tolist() == plan.flagged.tolist()
    # Rows are worth their money and applicable, and in order.
    rate = (1 + Settings().discount_rate) ** -(plan.planned.year - FIRST_YEAR).astype(float)
    assert (plan.planned.benefit_sek[own] >= (plan.planned.cost_sek * rate)[own] * (1 - 1e-12)).all()
    limit = np.array([treatment.apply_at_or_below for treatment in portfolio.treatments])
    health = plan.planned.health[own]
    assert (np.isnan(health) | (health <= limit[plan.planned.treatment[own]] + 1e-6)).all()
    order = np.lexsort((plan.planned.treatment, portfolio.asset_id[plan.planned.asset], plan.planned.year))
    assert order.tolist() == list(range(len(order)))
    # "benefit" is said of those, and only those, that could not have had more.
    richest = plan.planned.benefit_sek[own] >= plan.planned.runner_up_benefit_sek[own] * (1 - 1e-12)
    assert richest[plan.planned.decided_by[own] == "benefit"].all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 25), st.integers(1, 6), st.integers(0, 12), budget_years)
def test_plans_keep_their_promises_whatever_the_budgets(
    seed: int, n_assets: int, n_years: int, n_fixed: int, sek: list[int]
) -> None:
    portfolio = random_portfolio(seed, n_assets, n_years, n_fixed)
    budgets = yearly(sek[:n_years], sek[6 : 6 + n_years])

    check_plan(portfolio, budgets, plan_of(portfolio, budgets))


@pytest.mark.parametrize("n_years", [1, 50])
def test_the_shortest_and_the_longest_plan_keep_their_promises(n_years: int) -> None:
    portfolio = random_portfolio(4, 120, n_years, 60)
    budgets = yearly([400_000] * n_years, [250_000] * n_years)
    plan = plan_of(portfolio, budgets)

    assert len(plan.planned.asset) > 0
    check_plan(portfolio, budgets, plan)


def described(portfolio: Portfolio, rows: PlanRows, fixed_name: np.ndarray) -> list[tuple[object, ...]]:
    """Rows with assets by id and fixed points by their original number, all values included."""
    named = np.where(rows.fixed >= 0, np.append(fixed_name, -1)[rows.fixed], -1)
    columns = [getattr(rows, name) for name in PlanRows.__dataclass_fields__ if name not in ("asset", "fixed")]
    texts = zip(portfolio.asset_id[rows.asset], named, *(column.astype(str) for column in columns), strict=True)
    return sorted(tuple(str(value) for value in row) for row in texts)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(0, 8), st.integers(0, 1000), st.integers(0, 900_000))
def test_the_order_of_rows_in_the_portfolio_does_not_matter(
    seed: int, n_assets: int, n_fixed: int, shuffle: int, sek: int
) -> None:
    portfolio = random_portfolio(seed, n_assets, 5, n_fixed)
    shuffled, _, fixed_place = permuted(portfolio, shuffle)
    budgets = yearly([sek] * 5, [sek // 2] * 5)
    first, second = plan_of(portfolio, budgets), plan_of(shuffled, budgets)
    original = np.argsort(fixed_place)

    assert second.value == first.value
    assert second.bound == first.bound
    assert second.price.tolist() == first.price.tolist()
    for rows in ("planned", "unfunded"):
        expected = described(portfolio, getattr(first, rows), np.arange(n_fixed))
        assert described(shuffled, getattr(second, rows), original) == expected


def test_of_equal_assets_the_lower_id_goes_first_wherever_it_stands() -> None:
    assets = [Asset(number, 110.0, {0: 100_000}) for number in (30, 10, 20)]
    portfolio = portfolio_of(assets)
    plan = plan_of(portfolio, yearly([100_000, 100_000], [0, 0]))

    assert ids_and_years(portfolio, plan.planned) == [(10, 2027), (20, 2028)]
    assert ids_and_years(portfolio, plan.unfunded) == [(30, 2027)]


def test_the_same_input_and_seed_give_the_same_plan() -> None:
    portfolio = random_portfolio(8, 1200, 6, 60)
    budgets = yearly([3_000_000] * 6, [3_000_000] * 6)
    first, second = plan_of(portfolio, budgets), plan_of(portfolio, budgets)

    for name in PlanRows.__dataclass_fields__:
        assert np.array_equal(getattr(first.planned, name).astype(str), getattr(second.planned, name).astype(str))
        assert np.array_equal(getattr(first.unfunded, name).astype(str), getattr(second.unfunded, name).astype(str))
    assert (first.value, first.bound) == (second.value, second.bound)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 1_000_000), st.integers(0, 3))
def test_a_bigger_budget_never_lowers_the_bound(seed: int, more: int, year: int) -> None:
    portfolio = random_portfolio(seed, 25, 4)
    budgets = yearly([120_000] * 4, [120_000] * 4)
    richer = Budgets(FIRST_YEAR, budgets.sek.copy())
    richer.sek[0, year] += more

    assert plan_of(portfolio, richer).bound >= plan_of(portfolio, budgets).bound * (1 - 1e-7)


def test_a_plan_for_nobody_is_empty() -> None:
    plan = plan_of(portfolio_of([]), yearly([5, 5], [5, 5]))

    assert len(plan.planned.asset) == len(plan.unfunded.asset) == 0
    assert plan.spend_sek.tolist() == [[0, 0], [0, 0]]
    assert (plan.value, plan.bound, plan.gap) == (0.0, 0.0, 0.0)


def test_a_portfolio_without_funds_curves_and_treatments_is_empty_too() -> None:
    plan = plan_of(
        portfolio_of([], funds=(), curves=(), treatments=()), Budgets(FIRST_YEAR, np.zeros((0, 3), np.int64))
    )

    assert plan.spend_sek.shape == (0, 3)


def test_assets_without_options_have_only_their_checks() -> None:
    portfolio = portfolio_of([Asset(1, 110.0, {}), Asset(2, 110.0, {})], [Fixed(1, 2027, 500)])
    plan = plan_of(portfolio, yearly([1000], [0]))

    assert plan.planned.asset.tolist() == [1]
    assert len(plan.unfunded.asset) == 0


# --- nonsense ---------------------------------------------------------------------------------------------------------

GOOD = portfolio_of([Asset(1, 50.0, {0: 100}), Asset(2, 50.0, {0: 100, 1: 20})], [Fixed(0, 2027, 10)])
MONEY = yearly([1000, 1000], [1000, 1000])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"asset_id": np.array([4, 4])}, "asset_id_repeated"),
        ({"fund": np.array([0, 2])}, "index_out_of_range"),
        ({"curve": np.array([-1, 0])}, "index_out_of_range"),
        ({"option_asset": np.array([0, 1, 2])}, "index_out_of_range"),
        ({"option_treatment": np.array([0, 1, 2])}, "index_out_of_range"),
        ({"fixed_treatment": np.array([-2])}, "index_out_of_range"),
        ({"option_treatment": np.array([0, 1, 1])}, "option_repeated"),
        ({"effective_age": np.array([1.0])}, "columns_differ_in_length"),
        ({"effective_age": np.array([1.0, -0.5])}, "effective_age_impossible"),
        ({"effective_age": np.array([1.0, np.inf])}, "effective_age_impossible"),
        ({"failure_cost_sek": np.array([1.0, np.nan])}, "amount_impossible"),
        ({"replacement_value_sek": np.array([1.0, -1.0])}, "amount_impossible"),
        ({"option_cost_sek": np.array([1, 0, 5])}, "option_cost_not_positive"),
        ({"option_cost_sek": np.array([1.0, 2.0, 5.0])}, "column_not_whole_numbers"),
        ({"replacement_value_sek": np.array([1, 2])}, "column_not_numbers"),
        ({"fixed_cost_sek": np.array([-1])}, "fixed_cost_negative"),
        ({"fixed_class": np.array(["need"])}, "fixed_class_unknown"),
        ({"fixed_year": np.array([2026])}, "fixed_year_outside_plan"),
        ({"fixed_year": np.array([2029])}, "fixed_year_outside_plan"),
        ({"curves": (PIPE, PIPE)}, "curve_name_repeated"),
        ({"curves": (PIPE, SurvivalCurve("pump", 9.0, 5.0, 20.0))}, "curve_ages_not_rising"),
        ({"treatments": (REPLACE, replace(MEND, age_removed=1.5))}, "age_removed_not_a_share"),
        ({"treatments": (REPLACE, replace(MEND, curve_after="gold"))}, "curve_after_unknown"),
        ({"treatments": (REPLACE, replace(MEND, apply_at_or_below=101.0))}, "apply_at_or_below_not_a_health_index"),
        ({"treatments": (REPLACE, replace(MEND, years_between=np.nan))}, "years_between_impossible"),
    ],
)
def test_a_portfolio_that_cannot_be_is_refused_with_a_code(changes: dict[str, object], code: str) -> None:
    with pytest.raises(PlannerInputError) as refused:
        plan_of(replace(GOOD, **changes), MONEY)

    assert refused.value.code == code
    assert isinstance(refused.value, ValueError)


@pytest.mark.parametrize(
    ("sek", "code"),
    [
        (np.array([[5, 5]]), "budget_shape"),
        (np.array([5, 5]), "budget_shape"),
        (np.zeros((2, 0), np.int64), "plan_length"),
        (np.zeros((2, 51), np.int64), "plan_length"),
        (np.array([[5, 5], [5, -1]]), "budget_negative"),
        (np.array([[5.0, 5.0], [5.0, 1.0]]), "budget_not_whole_kronor"),
    ],
)
def test_budgets_that_cannot_be_are_refused(sek: np.ndarray, code: str) -> None:
    with pytest.raises(PlannerInputError) as refused:
        plan_of(GOOD, Budgets(FIRST_YEAR, sek))

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (Settings(discount_rate=-0.01), "setting_impossible"),
        (Settings(discount_rate=2.5), "discount_rate_not_a_share"),
        (Settings(risk_weight=np.nan), "setting_impossible"),
        (Settings(preserved_value_weight=-1.0), "setting_impossible"),
        (Settings(minimum_benefit_per_krona=np.inf), "setting_impossible"),
    ],
)
def test_settings_that_cannot_be_are_refused(wrong: Settings, code: str) -> None:
    with pytest.raises(PlannerInputError) as refused:
        plan_of(GOOD, MONEY, wrong)

    assert refused.value.code == code


def test_a_refusal_says_where_and_with_what() -> None:
    with pytest.raises(PlannerInputError) as refused:
        plan_of(GOOD, Budgets(FIRST_YEAR, np.array([[5, 5], [5, -1]])))

    assert dict(refused.value.details) == {"fund": "va", "year": 2028}
