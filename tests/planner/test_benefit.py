import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner import Settings, Treatment
from planner.benefit import EVALUATION_TAIL_YEARS, benefit_at, benefit_by_year, benefit_tables, treatment_effects
from planner.deterioration import CurveParameters, curve_parameters, failure_probability_next_year, health_index
from tests.planner.portfolios import MEND, PIPE, PUMP, REPLACE

CURVES = (PIPE, PUMP)
SLEEVE = Treatment("sleeve", "improvement", age_removed=1.0, curve_after="pipe")
TREATMENTS = (REPLACE, MEND, SLEEVE)
PARAMETERS = curve_parameters(CURVES)
EFFECTS = treatment_effects(TREATMENTS, CURVES)


def chance(curves: CurveParameters, curve: int, age: float) -> float:
    return float(failure_probability_next_year(curves, np.array([curve]), np.array([age]))[0])


def worth_left(curves: CurveParameters, curve: int, age: float) -> float:
    return float(health_index(curves, np.array([curve]), np.array([age]))[0]) / 100


def walked_benefit(
    curve: int, age: float, treatment: Treatment, year: int, years: int, rate: float, failure: float, value: float
) -> float:
    """The definition, one year at a time."""
    after = curve if treatment.curve_after is None else 0
    treated_age = (1 - treatment.age_removed) * (age + year)
    total = 0.0
    end = years + EVALUATION_TAIL_YEARS
    for s in range(year, end):
        discount = (1 + rate) ** -s
        before_age, after_age = age + s, treated_age + s - year
        total += discount * failure * (chance(PARAMETERS, curve, before_age) - chance(PARAMETERS, after, after_age))
        held = worth_left(PARAMETERS, after, after_age) - worth_left(PARAMETERS, curve, before_age)
        total += discount * rate * value * held
    held = worth_left(PARAMETERS, after, treated_age + end - year) - worth_left(PARAMETERS, curve, age + end)
    return total + (1 + rate) ** -end * value * held


@given(
    curve=st.integers(0, 1),
    quarters=st.integers(0, 500),
    treatment=st.integers(0, 2),
    year=st.integers(0, 12),
    rate=st.sampled_from([0.0, 0.025, 0.06]),
)
def test_tables_give_what_walking_year_by_year_gives(
    curve: int, quarters: int, treatment: int, year: int, rate: float
) -> None:
    age = quarters / 4
    tables = benefit_tables(PARAMETERS, EFFECTS, 12, rate, 125.0)
    found = benefit_at(
        tables,
        Settings(discount_rate=rate),
        *(np.array([x]) for x in (curve, age, treatment, year, 700_000.0, 100_000.0)),
    )
    expected = walked_benefit(curve, age, TREATMENTS[treatment], year, 12, rate, 700_000.0, 100_000.0)

    # A mended age falls between the quarters of the tables.
    assert found[0] == pytest.approx(expected, rel=2e-3, abs=50.0)
    if TREATMENTS[treatment].age_removed == 1.0:
        assert found[0] == pytest.approx(expected, rel=1e-9, abs=1e-4)


def test_every_year_of_many_options_equals_asking_one_at_a_time() -> None:
    rng = np.random.default_rng(3)
    n = 200
    curve, treatment = rng.integers(0, 2, n), rng.integers(0, 3, n)
    age, failure, value = rng.uniform(-9, 130, n), rng.uniform(0, 1e6, n), rng.uniform(0, 1e6, n)
    tables = benefit_tables(PARAMETERS, EFFECTS, 10, 0.025, 130.0)
    settings = Settings(risk_weight=0.5, preserved_value_weight=2.0)
    found = benefit_by_year(tables, settings, curve, age, treatment, failure, value)

    assert found.shape == (11, n)
    for year in range(11):
        single = benefit_at(tables, settings, curve, age, treatment, np.full(n, year), failure, value)
        assert found[year] == pytest.approx(single)


def test_weights_choose_between_risk_and_value() -> None:
    tables = benefit_tables(PARAMETERS, EFFECTS, 5, 0.025, 100.0)

    def worth(settings: Settings) -> float:
        arguments = (np.array([x]) for x in (0, 90.0, 0, 1, 500_000.0, 80_000.0))
        return float(benefit_at(tables, settings, *arguments)[0])

    risk_only = worth(Settings(preserved_value_weight=0.0))
    value_only = worth(Settings(risk_weight=0.0))
    assert risk_only > 0
    assert value_only > 0
    assert worth(Settings()) == pytest.approx(risk_only + value_only)
    assert worth(Settings(risk_weight=0.0, preserved_value_weight=0.0)) == 0.0


def test_a_whole_renewal_of_a_worn_out_asset_preserves_less_than_it_costs_to_build() -> None:
    tables = benefit_tables(PARAMETERS, EFFECTS, 10, 0.025, 250.0)
    preserved = float(benefit_at(tables, Settings(), *(np.array([x]) for x in (0, 250.0, 0, 0, 0.0, 1.0)))[0])
    assert 0.5 < preserved < 1.0


def test_an_action_that_takes_no_age_away_is_worth_nothing() -> None:
    idle = (Treatment("look", "maintenance", age_removed=0.0),)
    tables = benefit_tables(PARAMETERS, treatment_effects(idle, CURVES), 5, 0.025, 100.0)
    found = benefit_by_year(tables, Settings(), *(np.array([x]) for x in (0, 70.0, 0, 500_000.0, 80_000.0)))
    assert found == pytest.approx(np.zeros((6, 1)), abs=1e-6)


def test_an_age_beyond_the_oldest_counts_as_the_oldest() -> None:
    tables = benefit_tables(PARAMETERS, EFFECTS, 3, 0.025, 5000.0)
    found = benefit_by_year(
        tables,
        Settings(),
        np.array([0, 0]),
        np.array([300.0, 5000.0]),
        np.array([0, 0]),
        np.full(2, 1e5),
        np.full(2, 1e5),
    )
    assert found[:, 0].tolist() == found[:, 1].tolist()
