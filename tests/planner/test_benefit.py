import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import Settings, Treatment
from planner.benefit import (
    EVALUATION_TAIL_YEARS,
    BenefitTables,
    benefit_at,
    benefit_by_year,
    benefit_tables,
    treatment_effects,
)
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


def expected_outcome(curve: int, age: float, years: int, rate: float, memory: dict) -> tuple[float, float]:
    """Discounted failures and value held over `years`, following the asset to its failure and then a new one."""
    if (curve, age, years) not in memory:
        failures, held, alive = 0.0, 0.0, 1.0
        for j in range(years):
            discount = (1 + rate) ** -j
            fails = alive * chance(PARAMETERS, curve, age + j)
            later_failures, later_held = expected_outcome(curve, 0.0, years - j - 1, rate, memory)
            failures += fails * (discount + discount / (1 + rate) * later_failures)
            held += discount * alive * rate * worth_left(PARAMETERS, curve, age + j)
            held += discount / (1 + rate) * fails * later_held
            alive -= fails
        held += (1 + rate) ** -years * alive * worth_left(PARAMETERS, curve, age + years)
        memory[curve, age, years] = failures, held
    return memory[curve, age, years]


def walked_benefit(
    curve: int, age: float, treatment: Treatment, year: int, years: int, rate: float, failure: float, value: float
) -> float:
    """The definition, one year at a time."""
    after = curve if treatment.curve_after is None else 0
    left = years + EVALUATION_TAIL_YEARS - year
    memory: dict = {}
    failures_before, held_before = expected_outcome(curve, age + year, left, rate, memory)
    treated_age = (1 - treatment.age_removed) * (age + year)
    failures_after, held_after = expected_outcome(after, treated_age, left, rate, memory)
    avoided = failures_before - failures_after
    alive = float(np.prod([1 - chance(PARAMETERS, curve, age + j) for j in range(year)]))
    return alive * (1 + rate) ** -year * (failure * avoided + value * (avoided + held_after - held_before))


@settings(max_examples=25, deadline=None)
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


def test_renewing_what_fails_for_certain_is_worth_its_failure_and_little_more() -> None:
    tables = benefit_tables(PARAMETERS, EFFECTS, 10, 0.025, 250.0)
    arguments = [np.array([x]) for x in (0, 250.0, 0, 0)]
    risk = float(benefit_at(tables, Settings(), *arguments, np.array([1.0]), np.array([0.0]))[0])
    value = float(benefit_at(tables, Settings(), *arguments, np.array([0.0]), np.array([1.0]))[0])

    # It would have failed and been renewed within a year or two: one failure and one renewal less.
    assert risk == pytest.approx(1.0, abs=0.1)
    assert value == pytest.approx(1.0, abs=0.1)


def test_a_year_of_waiting_is_cheap_for_the_young_and_dear_for_the_old_however_short_lives_are() -> None:
    for curve, young, old in ((0, 30.0, 110.0), (1, 3.0, 13.0)):
        tables = benefit_tables(PARAMETERS, EFFECTS, 2, 0.025, 120.0)

        def waiting(age: float, curve: int = curve, tables: BenefitTables = tables) -> float:
            now, later = (
                benefit_at(tables, Settings(), *(np.array([x]) for x in (curve, age, 0, year, 1.0, 1.0)))[0]
                for year in (0, 1)
            )
            return float(now - later)

        assert waiting(young) < 0.001
        assert waiting(old) > 0.03


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
