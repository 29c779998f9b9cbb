"""What an action is worth: failures avoided and value preserved, in kronor at the plan's price level.

Doing treatment k on asset i at the start of plan year t changes its age and perhaps its curve from then on. It is
compared with doing nothing, where the asset runs until it fails. A failure costs its consequence and forces a renewal
in kind at the replacement value, before or after the treatment alike; that is what the survival curves mean by failed,
and what makes one year's delay comparable for things that last ten years and for things that last a hundred. With d = 1
/ (1 + discount rate), all sums over the years from t to the window's end:

    benefit = L * (risk weight * failure cost * F + value weight * replacement value * (F + H))

L is the chance that the asset still lives its present life in year t; had it failed before, it would be new by then and
the action needless. F is the expected discounted number of failures without the action less that with it. H is the
value held with the action less that without: the interest on the remaining value (health / 100) of every year, and the
remaining value itself at the window's end. Held value adds up to the whole replacement value for an asset that never
ages, whatever the window.

The window runs from the plan's first year to `EVALUATION_TAIL_YEARS` after its last, so that what is done late in the
plan has years in which to be of use.

Both sums depend only on curve, age, treatment and year, so they are tables, and an asset is two lookups and two
products. Ages are classed to the nearest quarter of a year; an age beyond `OLDEST_AGE` counts as that. Renewal on
failure is the classical age replacement model (Barlow and Proschan, 1965).
"""

from dataclasses import dataclass

import numpy as np

from planner.deterioration import CurveParameters, cumulative_hazard, health_index
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
    """What lies ahead of a state when a plan year begins, until the window ends, discounted to the plan's start.

    Both arrays are (n_curves, n_ages, years + 1), the last one being the year after the plan's last. `failures` is the
    expected number of failures, `held` the value held per krona of replacement value, forced renewals included.
    """

    failures: FloatColumn
    held: FloatColumn
    curves: CurveParameters
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
    discount: FloatColumn = np.power(1.0 + discount_rate, -np.arange(window + 1, dtype=np.float64))
    left = window - np.arange(years + 1)
    failures = np.empty((len(curves.shape), n_ages, years + 1))
    held = np.empty_like(failures)
    for curve in range(len(curves.shape)):
        alive, fails, remaining = _lives(curves, curve, n_ages, window)
        count = _after_renewals(fails, discount, discount[:-1] * fails[0], np.zeros(window + 1))
        interest = discount_rate * discount * alive * remaining
        at_end = discount * alive * remaining
        worth = _after_renewals(fails, discount, interest[0, :-1], at_end[0])
        # Failing in year j starts a new life in year j + 1, with that much less of the window left.
        new_life = np.maximum(left[None, :] - 1 - np.arange(window)[:, None], 0)
        in_window = np.arange(window)[:, None] < left[None, :]
        failures[curve] = fails @ (in_window * (discount[:-1, None] + discount[1:, None] * count[new_life]))
        held[curve] = fails @ (in_window * discount[1:, None] * worth[new_life])
        held[curve] += np.cumsum(interest, axis=1)[:, left - 1] + at_end[:, left]
    failures *= discount[: years + 1]
    held *= discount[: years + 1]
    return BenefitTables(failures=failures, held=held, curves=curves, effects=effects)


def _lives(
    curves: CurveParameters, curve: int, n_ages: int, window: int
) -> tuple[FloatColumn, FloatColumn, FloatColumn]:
    """Per age class and year ahead: the chance of still being alive as the year begins (n_ages, window + 1), of failing
    in it (n_ages, window), and the remaining value then (n_ages, window + 1)."""
    age = np.arange(n_ages + window * _CLASSES_PER_YEAR + 1) / _CLASSES_PER_YEAR
    index = np.asarray(np.int64(curve))
    # Row a of `walk` holds the age classes met by an asset that starts in class a, one per year.
    walk = np.arange(n_ages)[:, None] + _CLASSES_PER_YEAR * np.arange(window + 1)[None, :]
    hazard = cumulative_hazard(curves, index, age)[walk]
    alive = np.exp(hazard[:, :1] - hazard)
    return alive, alive[:, :-1] - alive[:, 1:], (health_index(curves, index, age) / 100.0)[walk]


def _after_renewals(fails: FloatColumn, discount: FloatColumn, yearly: FloatColumn, at_end: FloatColumn) -> FloatColumn:
    """What a new asset brings over n = 0 .. window years, (window + 1,), renewals included.

    `yearly` (window,) is what its first life brings in each year, `at_end` (window + 1,) what that life is worth at the
    end.
    """
    first_life = np.concatenate([[0.0], np.cumsum(yearly)]) + at_end
    result = first_life.copy()
    chance = fails[0] * discount[1:]
    for n in range(1, len(result)):
        result[n] += chance[:n] @ result[n - 1 :: -1]
    return result


def unit_benefit(
    tables: BenefitTables, curve: IntColumn, start_age: FloatColumn, treatment: IntColumn, year: IntColumn
) -> tuple[FloatColumn, FloatColumn]:
    """Failures avoided, and value preserved per krona of replacement value, by treating at the start of plan year
    `year`.

    `start_age` is the effective age when the plan starts (it may be negative for a state that begins later); `year`
    counts from 0 and may be the year after the last. Arrays broadcast. Both results are discounted to the plan's start.
    """
    start = age_class(start_age)
    age = np.clip(start + year * _CLASSES_PER_YEAR, 0, tables.failures.shape[1] - 2)
    kept = age * tables.effects.age_kept[treatment]
    younger = kept.astype(np.int64)
    share = kept - younger
    after = tables.effects.curve_after[treatment, curve]

    def change(table: FloatColumn) -> FloatColumn:
        treated = table[after, younger, year] * (1.0 - share) + table[after, younger + 1, year] * share
        result: FloatColumn = treated - table[curve, age, year]
        return result

    years_old = age / _CLASSES_PER_YEAR
    since_start = cumulative_hazard(tables.curves, curve, years_old) - cumulative_hazard(
        tables.curves, curve, np.minimum(start / _CLASSES_PER_YEAR, years_old)
    )
    alive = np.exp(-since_start)
    avoided = -alive * change(tables.failures)
    return avoided, avoided + alive * change(tables.held)


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
