"""Frozen values that go into the planner: columns over assets, options and fixed points.

Money is whole kronor excluding VAT at the plan's price level. Years are calendar years, ages are years.
Nothing here knows what an asset is: rows are numbered, funds and curves are indices into short tuples.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

IntColumn = npt.NDArray[np.int64]
FloatColumn = npt.NDArray[np.float64]
BoolColumn = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class SurvivalCurve:
    """Ages in years at which 10, 50 and 90 % of a cohort have failed (quantile ages, not an uncertainty band)."""

    name: str
    age_10_failed: float
    age_50_failed: float
    age_90_failed: float


@dataclass(frozen=True)
class Treatment:
    """What an action does, whatever it is done to.

    `age_removed` is the fraction of the effective age that goes away (1.0 renews wholly).
    `curve_after` names the survival curve the asset follows afterwards; None keeps its own.
    `apply_at_or_below` is the health index (0-100) at or below which the action makes sense.
    `years_between` is the shortest time to the next action of the same treatment on the same asset.
    """

    name: str
    kind: str
    age_removed: float
    curve_after: str | None = None
    apply_at_or_below: float = 100.0
    years_between: float = 1.0


@dataclass(frozen=True)
class Portfolio:
    """Columns over n assets, m options (asset x treatment) and k fixed points.

    Assets (n,): `asset_id` (unique, ascending order decides ties), `fund` (index into `funds`), `curve` (index into
    `curves`), `effective_age` in years at the start of the first plan year, nan where neither condition nor year is
    known, `failure_cost_sek` (consequence of a failure; the renewal in kind that a failure forces is counted apart, at
    the replacement value), `replacement_value_sek`. Options (m,): `option_asset` and
    `option_treatment` (indices), `option_cost_sek` (integer kronor, > 0). Fixed points (k,): `fixed_asset` (index),
    `fixed_year`, `fixed_cost_sek`, `fixed_treatment` (index into `treatments`, or -1 for an action that changes no
    condition, such as a check), `fixed_class` ("statutory" or "committed"). The fund of options and fixed points is
    always their asset's.
    """

    funds: tuple[str, ...]
    curves: tuple[SurvivalCurve, ...]
    treatments: tuple[Treatment, ...]
    asset_id: IntColumn
    fund: IntColumn
    curve: IntColumn
    effective_age: FloatColumn
    failure_cost_sek: FloatColumn
    replacement_value_sek: FloatColumn
    option_asset: IntColumn
    option_treatment: IntColumn
    option_cost_sek: IntColumn
    fixed_asset: IntColumn
    fixed_year: IntColumn
    fixed_cost_sek: IntColumn
    fixed_treatment: IntColumn
    fixed_class: npt.NDArray[np.str_]


@dataclass(frozen=True)
class Budgets:
    """Whole kronor per fund and year, shape (n_funds, n_years); no carry-over between years, never between funds."""

    first_year: int
    sek: IntColumn


@dataclass(frozen=True)
class Settings:
    """How benefit is weighed. Rates are fractions (0.025 = 2.5 %)."""

    discount_rate: float = 0.025
    risk_weight: float = 1.0
    preserved_value_weight: float = 1.0
    minimum_benefit_per_krona: float = 1.0
    extra: Mapping[str, float] = field(default_factory=dict)
