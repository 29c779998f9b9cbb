import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner import PlannerInputError, SurvivalCurve
from planner.deterioration import (
    CLASS_LIMITS,
    assumed_age,
    curve_parameters,
    effective_age_from_health,
    failure_probability_next_year,
    health_index,
    survival,
    weibull,
)

SHARES = (0.10, 0.50, 0.90)


def quantiles_of(shape: float, scale: float, name: str = "exact") -> SurvivalCurve:
    return SurvivalCurve(name, *(scale * (-np.log(1 - share)) ** (1 / shape) for share in SHARES))


@given(st.floats(0.6, 12.0), st.floats(3.0, 250.0))
def test_three_quantiles_of_one_weibull_curve_give_that_curve_back(shape: float, scale: float) -> None:
    assert weibull(quantiles_of(shape, scale)) == pytest.approx((shape, scale), rel=1e-9)


def test_quantiles_off_one_curve_share_the_difference() -> None:
    curve = SurvivalCurve("bent", 40.0, 80.0, 100.0)
    parameters = curve_parameters([curve])
    failed = 1 - survival(parameters, np.zeros(3, dtype=np.int64), np.array([40.0, 80.0, 100.0]))

    assert failed[0] == pytest.approx(0.10, abs=0.06)
    assert failed[1] == pytest.approx(0.50, abs=0.10)
    assert failed[2] == pytest.approx(0.90, abs=0.10)


@pytest.mark.parametrize("ages", [(0, 5, 9), (5, 5, 9), (9, 5, 12), (5, 9, np.inf), (np.nan, 9, 12)])
def test_quantile_ages_that_do_not_rise_are_refused_with_the_curves_name(ages: tuple[float, float, float]) -> None:
    with pytest.raises(PlannerInputError) as refused:
        weibull(SurvivalCurve("wrong", *ages))

    assert refused.value.code == "curve_ages_not_rising"
    assert refused.value.details["curve"] == "wrong"


def test_half_the_cohort_has_failed_at_health_25_which_is_the_limit_between_d_and_e() -> None:
    parameters = curve_parameters([quantiles_of(3.0, 90.0)])
    median = np.array([90.0 * np.log(2) ** (1 / 3)])

    assert health_index(parameters, np.array([0]), median) == pytest.approx([CLASS_LIMITS[3]])


def test_health_is_100_when_new_and_never_rises_with_age() -> None:
    parameters = curve_parameters([quantiles_of(0.8, 20.0), quantiles_of(4.0, 90.0)])
    age = np.arange(0.0, 400.0)
    for curve in (0, 1):
        health = health_index(parameters, np.full(len(age), curve), age)
        assert health[0] == 100.0
        assert (np.diff(health) <= 0).all()
        assert (health >= 0).all()


def test_unknown_age_has_unknown_health() -> None:
    parameters = curve_parameters([quantiles_of(3.0, 90.0)])
    assert np.isnan(health_index(parameters, np.array([0]), np.array([np.nan]))).all()


@given(st.floats(0.6, 10.0), st.floats(5.0, 200.0), st.floats(0.011, 100.0))
def test_age_from_health_is_the_inverse_of_health(shape: float, scale: float, health: float) -> None:
    parameters = curve_parameters([quantiles_of(shape, scale)])
    age = effective_age_from_health(parameters, np.array([0]), np.array([health]))

    assert health_index(parameters, np.array([0]), age) == pytest.approx([health], rel=1e-6)


def test_age_from_health_ends_where_one_in_a_hundred_is_left() -> None:
    parameters = curve_parameters([quantiles_of(2.0, 50.0)])
    ages = effective_age_from_health(parameters, np.zeros(4, dtype=np.int64), np.array([100.0, 0.01, 0.0, np.nan]))

    assert ages[0] == 0.0
    assert ages[1] == pytest.approx(50.0 * np.sqrt(np.log(100.0)))
    assert ages[2] == ages[1]
    assert np.isnan(ages[3])


def test_failure_next_year_is_conditional_on_the_age_reached() -> None:
    parameters = curve_parameters([quantiles_of(2.0, 50.0)])
    age = np.array([0.0, 30.0, 80.0])
    index = np.zeros(3, dtype=np.int64)

    expected = 1 - survival(parameters, index, age + 1) / survival(parameters, index, age)
    assert failure_probability_next_year(parameters, index, age) == pytest.approx(expected)
    assert failure_probability_next_year(parameters, index, age)[1] == pytest.approx(
        1 - np.exp(-(31**2 - 30**2) / 2500)
    )


def test_a_memoryless_asset_is_as_likely_to_fail_at_any_age() -> None:
    parameters = curve_parameters([quantiles_of(1.0, 25.0)])
    chance = failure_probability_next_year(parameters, np.zeros(3, dtype=np.int64), np.array([0.0, 10.0, 500.0]))

    assert chance == pytest.approx(np.full(3, 1 - np.exp(-1 / 25)))


def test_assumed_age_splits_an_evenly_renewed_stock_in_halves() -> None:
    parameters = curve_parameters([quantiles_of(1.0, 25.0), quantiles_of(3.5, 80.0)])
    for curve, middle in enumerate(assumed_age(parameters)):
        age = np.linspace(0, 600, 600_001)
        alive = survival(parameters, np.full(len(age), curve), age)
        younger = alive[age <= middle].sum() / alive.sum()
        assert younger == pytest.approx(0.5, abs=1e-4)


def test_no_curves_give_no_parameters() -> None:
    assert curve_parameters([]).shape.shape == (0,)
