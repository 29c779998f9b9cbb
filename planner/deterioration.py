"""How assets age: Weibull survival from quantile ages, and the health index that is read from it.

A curve's effective age is the age at which its cohort would be in the asset's condition; an inspection moves it.
Curve parameters are passed as two arrays, `shape` and `scale` (n_curves,), made once by `curve_parameters`.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from planner.errors import PlannerInputError
from planner.inputs import FloatColumn, IntColumn, SurvivalCurve

_FAILED_SHARES = np.array([0.10, 0.50, 0.90])
_MINIMUM_SURVIVAL = 0.01

CLASS_LIMITS = (90.0, 75.0, 50.0, 25.0)
"""Lowest health index of class A, B, C and D; what lies below the last is E, reached at the median failure age."""


class CurveParameters(NamedTuple):
    """Weibull parameters of the curves, each (n_curves,): S(age) = exp(-(age / scale) ** shape), scale in years."""

    shape: FloatColumn
    scale: FloatColumn


def weibull(curve: SurvivalCurve) -> tuple[float, float]:
    """The Weibull shape and scale (years) nearest to the curve's three quantile ages.

    ln(-ln S) is a line in ln(age) with slope `shape`; the line is fitted by least squares through the three points, so
    it meets all three exactly when they lie on one Weibull curve, and shares the difference between them when not.
    Raises PlannerInputError unless 0 < age_10 < age_50 < age_90 < infinity.
    """
    ages = np.array([curve.age_10_failed, curve.age_50_failed, curve.age_90_failed], dtype=np.float64)
    if not (np.isfinite(ages).all() and ages[0] > 0 and (np.diff(ages) > 0).all()):
        raise PlannerInputError("curve_ages_not_rising", curve=curve.name, ages=ages.tolist())
    x = np.log(ages)
    y = np.log(-np.log1p(-_FAILED_SHARES))
    shape = float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())
    return shape, math.exp(float(x.mean()) - float(y.mean()) / shape)


def curve_parameters(curves: Sequence[SurvivalCurve]) -> CurveParameters:
    """Weibull parameters of each curve, in the order of `curves`."""
    fitted = np.array([weibull(curve) for curve in curves], dtype=np.float64).reshape(-1, 2)
    return CurveParameters(shape=fitted[:, 0].copy(), scale=fitted[:, 1].copy())


def survival(curves: CurveParameters, curve_index: IntColumn, age: FloatColumn) -> FloatColumn:
    """Share of the cohort still unfailed at `age` (years); ages below 0 count as 0. Arrays broadcast; nan stays nan."""
    return np.exp(-cumulative_hazard(curves, curve_index, age))


def cumulative_hazard(curves: CurveParameters, curve_index: IntColumn, age: FloatColumn) -> FloatColumn:
    """-ln S(age); ages below 0 count as 0. Arrays broadcast; nan stays nan."""
    ratio = np.maximum(age, 0.0) / curves.scale[curve_index]
    result: FloatColumn = np.power(ratio, curves.shape[curve_index])
    return result


def failure_probability_next_year(curves: CurveParameters, curve_index: IntColumn, age: FloatColumn) -> FloatColumn:
    """Probability of failing within a year, given that `age` was reached unfailed: 1 - S(age + 1) / S(age)."""
    rise = cumulative_hazard(curves, curve_index, np.asarray(age) + 1.0) - cumulative_hazard(curves, curve_index, age)
    return -np.expm1(-rise)


def health_index(curves: CurveParameters, curve_index: IntColumn, age: FloatColumn) -> FloatColumn:
    """Health index 0-100 at an effective age: 100 * S(age) ** 2, nan where the age is.

    Squared so that the limit between classes D and E, 25, is met exactly when half the cohort has failed.
    """
    return 100.0 * np.exp(-2.0 * cumulative_hazard(curves, curve_index, age))


def effective_age_from_health(curves: CurveParameters, curve_index: IntColumn, health: FloatColumn) -> FloatColumn:
    """The age in years at which the curve has the given health index; the inverse of `health_index`.

    Health 100 is age 0. Survival is held within 0.01-1, so that a grade of 0 is very old instead of infinitely so, and
    nan stays nan. With an inspection the effective age at a plan's start is this plus the years since the inspection.
    """
    surviving = np.clip(
        np.sqrt(np.clip(np.asarray(health, dtype=np.float64), 0.0, 100.0) / 100.0), _MINIMUM_SURVIVAL, 1.0
    )
    # abs: -log(1) is -0.0, whose powers print as a negative age.
    result: FloatColumn = curves.scale[curve_index] * np.power(
        np.abs(np.log(surviving)), 1.0 / curves.shape[curve_index]
    )
    return result


def assumed_age(curves: CurveParameters) -> FloatColumn:
    """The age in years, per curve, that stands in where neither condition nor year is known.

    The middle of the cohort: half of a stock that is renewed as it fails, evenly over time, is younger than this. Such
    a stock has age density proportional to S, so the median solves gammainc(1 / shape, (age / scale) ** shape) = 1/2.
    """
    # Slow to load, and the planner is imported by commands that never plan.
    from scipy.special import gammaincinv

    result: FloatColumn = curves.scale * np.power(gammaincinv(1.0 / curves.shape, 0.5), 1.0 / curves.shape)
    return result
