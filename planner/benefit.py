"""What an action is worth: expected failure cost avoided plus value preserved, in kronor at the plan's price level.

Doing treatment k on asset i at the start of plan year t changes its age and perhaps its curve from then on. Doing
nothing is what it is compared with, and a failure is mended without making the asset younger. With d = 1 / (1 +
discount rate):

    benefit = risk weight * failure cost * sum over s >= t of d**s * (p_before(s) - p_after(s))
            + value weight * replacement value * (held_after(t) - held_before(t))

p(s) is the probability of failing in year s given the age reached. Held value is what the use of capital is worth: the
interest on the remaining value (health / 100) of every year, and the remaining value itself at the end of the window.
Its parts add up to the full replacement value for an asset that never ages, whatever the window.

The window runs from the plan's first year to `EVALUATION_TAIL_YEARS` after its last, so that what is done late in the
plan has years in which to be of use.

Both sums depend only on curve, age, treatment and year, so they are tables, and an asset is two lookups and two
products. Ages are classed to the nearest quarter of a year; an age beyond `OLDEST_AGE` counts as that.
"""

from dataclasses import dataclass

import numpy as np

from planner.deterioration import CurveParameters, failure_probability_next_year, health_index
from planner.inputs import FloatColumn, IntColumn, Settings, SurvivalCurve, Treatment

EVALUATION_TAIL_YEARS = 30
OLDEST_AGE = 300.0
_CLASSES_PER_YEAR = 4


@dataclass(frozen=True)
class TreatmentEffects:
    """What treatments do, as columns: `age_kept` (n_treatments,) fraction, `curve_after` (n_treatments, n_curves)."""

    age_kept: FloatColumn
    curve_after: IntColumn


@dataclass(frozen=True)
class BenefitTables:
    """Burden of being in a state when `year` of the plan begins, until the window ends, discounted to the plan's start.

    Both arrays are (n_curves, n_ages, years + 1), the last one being the year after the plan's last. `failures` is the
    expected number of failures, `held` the value held per krona of replacement value.
    """

    failures: FloatColumn
    held: FloatColumn
    effects: TreatmentEffects

    @property
    def years(self) -> int:
        """The number of plan years."""
        return int(self.failures.shape[2]) - 1


def treatment_effects(treatments: tuple[Treatment, ...], curves: tuple[SurvivalCurve, ...]) -> TreatmentEffects:
    """The effects of treatments as columns; the curve after is the asset's own where the treatment names none."""
    number = {curve.name: index for index, curve in enumerate(curves)}
    own = np.arange(len(curves), dtype=np.int64)
    after = [own if t.curve_after is None else np.full_like(own, number[t.curve_after]) for t in treatments]
    return TreatmentEffects(
        age_kept=np.array([1.0 - treatment.age_removed for treatment in treatments], dtype=np.float64),
        curve_after=np.array(after, dtype=np.int64).reshape(len(treatments), len(curves)),
    )


def benefit_tables(
    curves: CurveParameters, effects: TreatmentEffects, years: int, discount_rate: float, oldest: float
) -> BenefitTables:
    """Tables for a plan of `years` over assets at most `oldest` years old at its start."""
    window = years + EVALUATION_TAIL_YEARS
    n_ages = int(np.ceil((min(max(oldest, 0.0), OLDEST_AGE) + years) * _CLASSES_PER_YEAR)) + 2
    age = np.arange(n_ages + window * _CLASSES_PER_YEAR + 1) / _CLASSES_PER_YEAR
    discount = (1.0 + discount_rate) ** -np.arange(window + 1)
    # Row a of `walk` holds the age classes met by an asset that starts in class a, one per year.
    walk = np.arange(n_ages)[:, None] + _CLASSES_PER_YEAR * np.arange(window + 1)[None, :]
    left = window - np.arange(years + 1)
    failures = np.empty((len(curves.shape), n_ages, years + 1))
    held = np.empty_like(failures)
    for index in range(len(curves.shape)):
        curve = np.int64(index)
        of_failure = failure_probability_next_year(curves, np.asarray(curve), age)[walk] * discount
        remaining = health_index(curves, np.asarray(curve), age)[walk] / 100.0 * discount
        failures[index] = np.cumsum(of_failure, axis=1)[:, left - 1]
        held[index] = discount_rate * np.cumsum(remaining, axis=1)[:, left - 1] + remaining[:, left]
    failures *= discount[: years + 1]
    held *= discount[: years + 1]
    return BenefitTables(failures=failures, held=held, effects=effects)


def unit_benefit(
    tables: BenefitTables, curve: IntColumn, start_age: FloatColumn, treatment: IntColumn, year: IntColumn
) -> tuple[FloatColumn, FloatColumn]:
    """Failures avoided, and value preserved per krona of replacement value, by treating at the start of plan year
    `year`.

    `start_age` is the effective age when the plan starts (it may be negative for a state that begins later); `year`
    counts from 0 and may be the year after the last. Arrays broadcast. Both results are discounted to the plan's start.
    """
    age = np.clip(age_class(start_age) + year * _CLASSES_PER_YEAR, 0, tables.failures.shape[1] - 2)
    kept = age * tables.effects.age_kept[treatment]
    younger = kept.astype(np.int64)
    share = kept - younger
    after = tables.effects.curve_after[treatment, curve]

    def change(table: FloatColumn) -> FloatColumn:
        treated = table[after, younger, year] * (1.0 - share) + table[after, younger + 1, year] * share
        result: FloatColumn = treated - table[curve, age, year]
        return result

    return -change(tables.failures), change(tables.held)


def age_class(age: FloatColumn) -> IntColumn:
    """The quarter of a year to which an age is classed."""
    quarters: IntColumn = np.rint(np.minimum(age, OLDEST_AGE) * _CLASSES_PER_YEAR).astype(np.int64)
    return quarters


def benefit_at(
    tables: BenefitTables,
    settings: Settings,
    curve: IntColumn,
    start_age: FloatColumn,
    treatment: IntColumn,
    year: IntColumn,
    failure_cost_sek: FloatColumn,
    replacement_value_sek: FloatColumn,
) -> FloatColumn:
    """Benefit in kronor of single actions; all arrays (r,). See the module's formula."""
    avoided, preserved = unit_benefit(tables, curve, start_age, treatment, year)
    result: FloatColumn = (
        settings.risk_weight * failure_cost_sek * avoided
        + settings.preserved_value_weight * replacement_value_sek * preserved
    )
    return result


def benefit_by_year(
    tables: BenefitTables,
    settings: Settings,
    curve: IntColumn,
    start_age: FloatColumn,
    treatment: IntColumn,
    failure_cost_sek: FloatColumn,
    replacement_value_sek: FloatColumn,
) -> FloatColumn:
    """Benefit in kronor of m options in every plan year and the year after: shape (years + 1, m), arrays (m,).

    Options that share curve, age class and treatment share two rows of the tables, which is what makes a million cheap.
    """
    n_curves = tables.failures.shape[0]
    quarter = age_class(start_age)
    lowest = int(quarter.min(initial=0))
    span = int(quarter.max(initial=0)) - lowest + 1
    cells, cell = np.unique((treatment * n_curves + curve) * span + (quarter - lowest), return_inverse=True)
    kind, quarter_of = np.divmod(cells, span)
    avoided, preserved = unit_benefit(
        tables,
        (kind % n_curves)[:, None],
        ((quarter_of + lowest) / _CLASSES_PER_YEAR)[:, None],
        (kind // n_curves)[:, None],
        np.arange(tables.years + 1)[None, :],
    )
    avoided, preserved = np.ascontiguousarray(avoided.T), np.ascontiguousarray(preserved.T)
    at_risk = settings.risk_weight * failure_cost_sek
    value = settings.preserved_value_weight * replacement_value_sek
    result = np.empty((tables.years + 1, len(cell)))
    for year in range(tables.years + 1):
        np.multiply(avoided[year][cell], at_risk, out=result[year])
        result[year] += preserved[year][cell] * value
    return result
