"""Every figure a plan rests on, written down as the plan is made, so that its files can say so long afterwards."""

from collections.abc import Iterable
from typing import Any

from assetmgr.catalogue import CATALOGUE, Catalogue, rules
from assetmgr.catalogue.model import AssetType, ReferenceValue, Source, StatutoryCheck, TreatmentRule
from assetmgr.catalogue.reference_values.factors import CONSEQUENCE_GRADE_FACTORS, DIMENSION_TABLES

PRICE_UNIT = "SEK"
"""Units of reference values that are prices begin so."""
CAPITAL_THRESHOLD = "capital_threshold"


class AssumptionBook:
    """Notes what is used while a portfolio is built."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.values: dict[str, ReferenceValue] = {}
        self.treatments: dict[str, TreatmentRule] = {}
        self.checks: dict[str, StatutoryCheck] = {}
        self.curves: list[str] = []
        self.counts: dict[str, int] = {}

    def use_type(self, asset_type: AssetType) -> None:
        """Note what values and failures of a type are reckoned with."""
        self._use(asset_type.replacement_price)
        self._use_table(asset_type.replacement_by_dimension)
        consequence = asset_type.consequence
        if consequence is not None:
            self._use(consequence.cost)
            self._use(consequence.haste_share)
            self._use_table(consequence.by_dimension)
            for name in CONSEQUENCE_GRADE_FACTORS:
                self._use(self.catalogue.reference_values[name])

    def use_treatment(self, treatment: TreatmentRule) -> None:
        """Note a treatment that is an option for at least one asset."""
        self.treatments[treatment.name] = treatment
        self._use(treatment.unit_price)
        self._use_table(treatment.price_by_dimension)
        for surcharge in treatment.surcharges:
            self._use(surcharge.unit_price)
        self._use(self.catalogue.reference_values.get(CAPITAL_THRESHOLD))

    def use_check(self, check: StatutoryCheck) -> None:
        """Note a check that at least one asset must have."""
        self.checks[check.name] = check
        self._use(check.unit_price)

    def use_curves(self, names: Iterable[str]) -> None:
        """Note the survival curves in use."""
        self.curves = list(names)

    def count_left_out(self, costs: rules.Costs) -> None:
        """Count actions and checks without a price, and prices for which a dimension or a number was assumed."""
        for reason in rules.NO_QUANTITY.values():
            self._add(reason, int((costs.reason == reason).sum()))
        self._add("dimension_assumed", int(costs.dimension_assumed.sum()))
        self._add("number_assumed", int(costs.number_assumed.sum()))

    def count_undetermined(self, number: int) -> None:
        """Count checks of which nobody can say whether they are asked for, since a fact is unknown."""
        self._add("checks_undetermined", number)

    def _add(self, name: str, number: int) -> None:
        self.counts[name] = self.counts.get(name, 0) + number

    def _use(self, value: ReferenceValue | None) -> None:
        if value is not None:
            self.values[value.name] = value

    def _use_table(self, table: tuple[tuple[float, float], ...]) -> None:
        for steps in DIMENSION_TABLES.values():
            values = [self.catalogue.reference_values[name] for _, name in steps]
            if table == tuple((limit, value.mid) for (limit, _), value in zip(steps, values, strict=True)):
                for value in values:
                    self._use(value)

    def price_level(self) -> str:
        """The year or years in whose prices the plan is reckoned: "2024", "2022-2024"."""
        used = [value for value in self.values.values() if value.unit.startswith(PRICE_UNIT)]
        shipped = [treatment.unit_price for treatment in self.catalogue.treatments.values()]
        years = sorted({value.source.year for value in used or shipped})
        return str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"

    def as_plain_values(self) -> dict[str, Any]:
        """Everything noted, for storing as JSON; names are the catalogue's."""
        shipped = CATALOGUE.reference_values
        return {
            "reference_values": [
                {
                    "name": value.name,
                    "unit": value.unit,
                    "low": value.low,
                    "mid": value.mid,
                    "high": value.high,
                    **_source(value.source),
                    "own": shipped.get(value.name) != value,
                }
                for value in sorted(self.values.values(), key=lambda value: value.name)
            ],
            "curves": [
                {
                    "name": curve.name,
                    "age_10_failed": curve.age_10_failed,
                    "age_50_failed": curve.age_50_failed,
                    "age_90_failed": curve.age_90_failed,
                    **_source(curve.source),
                }
                for curve in (self.catalogue.curves[name] for name in self.curves)
            ],
            "treatments": [
                {
                    "name": treatment.name,
                    "age_removed": treatment.age_removed,
                    "apply_at_or_below": treatment.apply_at_or_below,
                    "curve_after": treatment.curve_after,
                    "years_between": treatment.years_between,
                    "booking_rule": treatment.booking_rule,
                    **_source(treatment.effect_source),
                }
                for treatment in sorted(self.treatments.values(), key=lambda treatment: treatment.name)
            ],
            "checks": [
                {
                    "name": check.name,
                    "interval_months": check.interval_months,
                    "legal_basis": check.legal_basis_sv,
                    **_source(check.source),
                }
                for check in sorted(self.checks.values(), key=lambda check: check.name)
            ],
            "counts": dict(sorted(self.counts.items())),
        }


def _source(source: Source) -> dict[str, Any]:
    return {"source": source.title, "year": source.year, "verified": source.verified}
