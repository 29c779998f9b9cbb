import numpy as np
import pytest

from planner import PlannerInputError, Settings, generate_plan
from planner.deterioration import curve_parameters, effective_age_from_health
from planner.forecast import HEALTH_CLASSES, network_health
from tests.planner.portfolios import FIRST_YEAR, PIPE, Asset, Fixed, portfolio_of, random_portfolio, yearly


def age_of(health: float) -> float:
    return float(effective_age_from_health(curve_parameters([PIPE]), np.array([0]), np.array([health]))[0])


def test_every_class_is_counted_from_its_lower_limit() -> None:
    healths = [100.0, 90.001, 89.0, 75.001, 74.0, 50.001, 49.0, 25.001, 24.0]
    assets = [Asset(number, age_of(health), {}) for number, health in enumerate(healths)]
    counts = network_health(portfolio_of([*assets, Asset(99, np.nan, {})]), None, FIRST_YEAR, 1)

    assert HEALTH_CLASSES == ("A", "B", "C", "D", "E", "unknown")
    assert counts.tolist() == [[2, 2, 2, 2, 1, 1]]


def test_a_renewed_asset_is_in_class_a_from_its_year_on() -> None:
    portfolio = portfolio_of([Asset(1, 120.0, {0: 100_000})])
    plan = generate_plan(portfolio, yearly([0, 100_000, 0], [0, 0, 0]), Settings(), seed=1)

    without = network_health(portfolio, None, FIRST_YEAR, 3)
    with_plan = network_health(portfolio, plan, FIRST_YEAR, 3)
    assert without.argmax(axis=1).tolist() == [4, 4, 4]
    assert with_plan.argmax(axis=1).tolist() == [4, 0, 0]


def test_an_unknown_asset_is_known_once_wholly_renewed_and_a_check_changes_nothing() -> None:
    portfolio = portfolio_of(
        [Asset(1, np.nan, {}), Asset(2, np.nan, {})],
        [Fixed(0, FIRST_YEAR + 1, 10, 0, "committed"), Fixed(1, FIRST_YEAR + 1, 10)],
    )
    plan = generate_plan(portfolio, yearly([50, 50], [0, 0]), Settings(), seed=1)

    assert network_health(portfolio, plan, FIRST_YEAR, 2)[:, [0, 5]].tolist() == [[0, 2], [1, 1]]


def test_two_treatments_of_one_asset_in_a_year_both_count() -> None:
    portfolio = portfolio_of(
        [Asset(1, 80.0, {})], [Fixed(0, FIRST_YEAR, 10, 1, "committed"), Fixed(0, FIRST_YEAR, 20, 0, "committed")]
    )
    plan = generate_plan(portfolio, yearly([50], [0]), Settings(), seed=1)

    assert network_health(portfolio, plan, FIRST_YEAR, 1).argmax(axis=1).tolist() == [0]


def test_without_a_plan_nobody_gets_better() -> None:
    counts = network_health(random_portfolio(5, 300, 20), None, FIRST_YEAR, 20)

    assert (counts.sum(axis=1) == 300).all()
    assert (np.diff(np.cumsum(counts[:, :5], axis=1), axis=0) <= 0).all()


def test_a_forecast_of_no_years_is_refused() -> None:
    with pytest.raises(PlannerInputError, match="plan_length"):
        network_health(portfolio_of([]), None, FIRST_YEAR, 0)
