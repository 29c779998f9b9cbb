"""The catalogue as one value, and what it becomes when a municipality puts in its own figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypedDict

from assetmgr.catalogue.asset_types import ASSET_TYPES
from assetmgr.catalogue.checks import CHECKS
from assetmgr.catalogue.curves import CURVES, derived_curves
from assetmgr.catalogue.model import (
    AssetType,
    GradingScale,
    ReferenceValue,
    Source,
    StatutoryCheck,
    SurvivalQuantiles,
    TreatmentRule,
)
from assetmgr.catalogue.reference_values import REFERENCE_VALUES
from assetmgr.catalogue.reference_values.factors import DIMENSION_TABLES
from assetmgr.catalogue.scales import SCALES
from assetmgr.catalogue.treatments import TREATMENTS

DimensionTable = tuple[tuple[float, float], ...]


class Override(TypedDict):
    """A municipality's own figure in place of the shipped one of that name: same unit, own source."""

    name: str
    low: float
    mid: float
    high: float
    source: str
    year: int
    verified: bool


class CurveOverride(TypedDict):
    """A municipality's own quantile ages in place of the shipped curve of that name."""

    name: str
    age_10_failed: float
    age_50_failed: float
    age_90_failed: float
    source: str
    year: int
    verified: bool


@dataclass(frozen=True)
class Catalogue:
    """Everything the catalogue declares, by name. `CATALOGUE` is what ships."""

    asset_types: Mapping[str, AssetType]
    scales: Mapping[str, GradingScale]
    treatments: Mapping[str, TreatmentRule]
    checks: Mapping[str, StatutoryCheck]
    curves: Mapping[str, SurvivalQuantiles]
    reference_values: Mapping[str, ReferenceValue]

    def with_overrides(self, rows: Iterable[Override], curves: Iterable[CurveOverride] = ()) -> "Catalogue":
        """The same catalogue with these figures in place of those of the same name, wherever they are used.

        A new technical life moves the curve derived from it, unless that curve is given too. KeyError for an unknown
        name, ValueError where low <= mid <= high, or ascending ages, does not hold.
        """
        values = {**self.reference_values, **{row["name"]: _overridden(self.reference_values, row) for row in rows}}
        changed_lives = {n: v for n, v in values.items() if v != self.reference_values[n]}
        quantiles = {
            **self.curves,
            **derived_curves(changed_lives),
            **{row["name"]: _overridden_curve(self.curves, row) for row in curves},
        }
        tables = {_table(self.reference_values, name): _table(values, name) for name in DIMENSION_TABLES}
        return Catalogue(
            asset_types={n: _repriced_type(t, values, tables) for n, t in self.asset_types.items()},
            scales=self.scales,
            treatments={n: _repriced_treatment(t, values, tables) for n, t in self.treatments.items()},
            checks={n: replace(c, unit_price=values[c.unit_price.name]) for n, c in self.checks.items()},
            curves=quantiles,
            reference_values=values,
        )

    def are_factors_verified(self, table: DimensionTable) -> bool:
        """Whether every factor of a dimension table in use has been checked against its source."""
        for name, rows in DIMENSION_TABLES.items():
            if _table(self.reference_values, name) == table:
                return all(self.reference_values[factor].source.verified for _, factor in rows)
        return True


def _overridden(values: Mapping[str, ReferenceValue], row: Override) -> ReferenceValue:
    shipped = values[row["name"]]
    if not row["low"] <= row["mid"] <= row["high"]:
        raise ValueError(f"low <= mid <= high does not hold for {row['name']}")
    source = Source(row["source"], row["year"], row["verified"])
    return replace(shipped, low=row["low"], mid=row["mid"], high=row["high"], source=source)


def _overridden_curve(curves: Mapping[str, SurvivalQuantiles], row: CurveOverride) -> SurvivalQuantiles:
    shipped = curves[row["name"]]
    ages = (row["age_10_failed"], row["age_50_failed"], row["age_90_failed"])
    if not 0 < ages[0] < ages[1] < ages[2]:
        raise ValueError(f"quantile ages of {row['name']} do not ascend")
    return SurvivalQuantiles(shipped.name, *ages, source=Source(row["source"], row["year"], row["verified"]))


def _table(values: Mapping[str, ReferenceValue], name: str) -> DimensionTable:
    return tuple((limit, values[factor].mid) for limit, factor in DIMENSION_TABLES[name])


def _repriced_treatment(
    rule: TreatmentRule, values: Mapping[str, ReferenceValue], tables: Mapping[DimensionTable, DimensionTable]
) -> TreatmentRule:
    return replace(
        rule,
        unit_price=values[rule.unit_price.name],
        price_by_dimension=tables.get(rule.price_by_dimension, ()),
        surcharges=tuple(replace(s, unit_price=values[s.unit_price.name]) for s in rule.surcharges),
    )


def _repriced_type(
    asset_type: AssetType, values: Mapping[str, ReferenceValue], tables: Mapping[DimensionTable, DimensionTable]
) -> AssetType:
    price, consequence = asset_type.replacement_price, asset_type.consequence
    if consequence is not None:
        consequence = replace(
            consequence,
            cost=None if consequence.cost is None else values[consequence.cost.name],
            haste_share=None if consequence.haste_share is None else values[consequence.haste_share.name],
            by_dimension=tables.get(consequence.by_dimension, ()),
        )
    return replace(
        asset_type,
        replacement_price=None if price is None else values[price.name],
        replacement_by_dimension=tables.get(asset_type.replacement_by_dimension, ()),
        consequence=consequence,
    )


CATALOGUE = Catalogue(
    asset_types=ASSET_TYPES,
    scales=SCALES,
    treatments=TREATMENTS,
    checks=CHECKS,
    curves=CURVES,
    reference_values=REFERENCE_VALUES,
)
