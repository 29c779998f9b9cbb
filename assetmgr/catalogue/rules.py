"""The catalogue's rules worked out over columns: which curve, which price, which check, for a million assets at once.

Columns are (n,) arrays by attribute name: numbers as float arrays (nan unknown) or object arrays (None unknown), codes
as object arrays. A column that is absent is unknown for every asset. Money is SEK excluding VAT at the price level of
the figures. An unknown dimension is priced as the dimension the price is given for, and marked as assumed. numpy is
imported here only, so that the catalogue itself stays cheap to import.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from assetmgr.catalogue.catalogue import CATALOGUE, Catalogue
from assetmgr.catalogue.model import UNKNOWN_CODE, AssetFacts, AssetType, Per, StatutoryCheck, TreatmentRule
from assetmgr.catalogue.reference_values.factors import CONSEQUENCE_GRADE_FACTORS

BoolColumn = npt.NDArray[np.bool_]
FloatColumn = npt.NDArray[np.float64]
IntColumn = npt.NDArray[np.int64]
TextColumn = npt.NDArray[np.object_]
Columns = Mapping[str, npt.NDArray[Any]]
Level = Literal["low", "mid", "high"]

QUANTITY_COLUMN: dict[Per, str] = {"m": "length_m", "m2": "area_m2", "each": "quantity"}
NO_QUANTITY = {"m": "no_length", "m2": "no_area", "each": "no_quantity"}


class AssetColumns:
    """n assets as columns, each read once: as numbers, or as codes that rules compare with."""

    def __init__(self, columns: Columns, count: int) -> None:
        self.count = count
        self._columns = columns
        self._numbers: dict[str, FloatColumn] = {}
        self._codes: dict[str, tuple[IntColumn, list[str]]] = {}

    def numbers(self, name: str) -> FloatColumn:
        """The column as float64 (n,), nan where unknown."""
        if name not in self._numbers:
            column = self._columns.get(name)
            if column is None:
                self._numbers[name] = np.full(self.count, np.nan)
            elif column.dtype == object:
                known = [np.nan if value is None else value for value in column]
                self._numbers[name] = np.array(known, dtype=np.float64)
            else:
                self._numbers[name] = column.astype(np.float64)
        return self._numbers[name]

    def has_code(self, name: str, codes: Sequence[str]) -> BoolColumn:
        """Where the column holds one of the codes; `UNKNOWN_CODE` among them matches the unknown."""
        index, distinct = self._coded(name)
        if not distinct:
            return np.full(self.count, UNKNOWN_CODE in codes)
        return np.array([code in codes for code in distinct], dtype=np.bool_)[index]

    def is_unknown(self, name: str) -> BoolColumn:
        """Where nothing is known of the attribute."""
        return self.has_code(name, (UNKNOWN_CODE,))

    def _coded(self, name: str) -> tuple[IntColumn, list[str]]:
        if name not in self._codes:
            column = self._columns.get(name)
            places: dict[Any, int] = {}
            if column is None:
                index = np.zeros(self.count, dtype=np.int64)
            else:
                values = column.tolist()
                index = np.fromiter((places.setdefault(v, len(places)) for v in values), np.int64, self.count)
            self._codes[name] = (index, [_code(value) for value in places])
        return self._codes[name]


def _code(value: Any) -> str:
    if value is None or value != value:
        return UNKNOWN_CODE
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    return str(value)


def as_asset_columns(columns: Columns | AssetColumns, count: int) -> AssetColumns:
    """Wrap plain columns; give the wrapped ones again to several rules so that each column is read only once."""
    return columns if isinstance(columns, AssetColumns) else AssetColumns(columns, count)


def columns_of(facts: AssetFacts) -> AssetColumns:
    """One asset's facts as columns of length one."""
    values: dict[str, Any] = {
        **facts.attributes,
        "built_year": facts.built_year,
        "material": facts.material,
        "dimension_mm": facts.dimension_mm,
        "length_m": facts.length_m,
        "area_m2": facts.area_m2,
        "quantity": facts.quantity,
        "consequence_grade": facts.consequence_grade,
        "replacement_value_sek": facts.replacement_value_sek,
    }
    return AssetColumns({name: np.array([value], dtype=object) for name, value in values.items()}, 1)


# --- Deterioration


def assign_curves(asset_type: AssetType, columns: Columns | AssetColumns, count: int) -> TextColumn:
    """The survival curve of each asset by name (n,); "" for a type that does not deteriorate (no curve rules)."""
    assets = as_asset_columns(columns, count)
    chosen = np.full(count, "", dtype=object)
    open_ = np.ones(count, dtype=np.bool_)
    year = assets.numbers("built_year")
    for rule in asset_type.curve_rules:
        holds = open_.copy()
        if rule.materials:
            holds &= assets.has_code("material", rule.materials)
        if rule.built_from is not None:
            holds &= year >= rule.built_from
        if rule.built_before is not None:
            holds &= year < rule.built_before
        for name, codes in rule.attributes.items():
            holds &= assets.has_code(name, codes)
        chosen[holds] = rule.curve
        open_ &= ~holds
    return chosen


def curve_name(asset_type: AssetType, facts: AssetFacts) -> str:
    """The survival curve of one asset; "" for a type that does not deteriorate."""
    return str(assign_curves(asset_type, columns_of(facts), 1)[0])


def age_base_year(columns: Columns | AssetColumns, count: int) -> FloatColumn:
    """The year from which age counts (n,): a later renewal where one is known, else `built_year`; nan unknown."""
    assets = as_asset_columns(columns, count)
    return np.fmax(assets.numbers("built_year"), assets.numbers("renewed_year"))


# --- Prices


def unit_factor_by_dimension(
    table: Sequence[tuple[float, float]], columns: Columns | AssetColumns, count: int
) -> FloatColumn:
    """The factor on a unit price by `dimension_mm` (n,); 1 where the dimension is unknown or the table is empty.

    `table` is (upper limit in mm, inclusive; factor), ascending; above the last limit the last factor holds.
    """
    if not table:
        return np.ones(count)
    dimension = as_asset_columns(columns, count).numbers("dimension_mm")
    limits = np.array([limit for limit, _ in table])
    factors = np.array([factor for _, factor in table])
    place = np.minimum(np.searchsorted(limits, dimension), len(table) - 1)
    return np.where(np.isnan(dimension), 1.0, factors[place])


def quantity_per(asset_type: AssetType, per: Per, columns: Columns | AssetColumns, count: int) -> FloatColumn:
    """How many units of `per` each asset has (n,), nan where unknown.

    A type without an attribute for quantity is one thing each.
    """
    column = QUANTITY_COLUMN[per]
    if per == "each" and all(attribute.column != column for attribute in asset_type.attributes):
        return np.ones(count)
    quantity = as_asset_columns(columns, count).numbers(column)
    return np.where(quantity > 0, quantity, np.nan)


def replacement_values_sek(
    asset_type: AssetType, columns: Columns | AssetColumns, count: int, catalogue: Catalogue = CATALOGUE
) -> FloatColumn:
    """What it costs to buy each asset anew today (n,): the value entered, else the catalogue's price, else nan."""
    assets = as_asset_columns(columns, count)
    computed = np.full(count, np.nan)
    if asset_type.replacement_price is not None:
        factor = unit_factor_by_dimension(asset_type.replacement_by_dimension, assets, count)
        quantity = quantity_per(asset_type, asset_type.replacement_per, assets, count)
        computed = asset_type.replacement_price.mid * factor * quantity
    for name in asset_type.replaced_by:
        costs = treatment_cost_sek(asset_type, catalogue.treatments[name], assets, count, catalogue)
        computed = np.fmax(computed, np.where(costs.applicable, costs.cost_sek, np.nan))
    stated = assets.numbers("replacement_value_sek")
    return np.where(np.isnan(stated), computed, stated)


def replacement_value_sek(asset_type: AssetType, facts: AssetFacts, catalogue: Catalogue = CATALOGUE) -> float | None:
    """What it costs to buy one asset anew today; None where the catalogue has no price for what is known of it."""
    value = float(replacement_values_sek(asset_type, columns_of(facts), 1, catalogue)[0])
    return None if np.isnan(value) else value


def failure_cost_sek(
    asset_type: AssetType, columns: Columns | AssetColumns, count: int, catalogue: Catalogue = CATALOGUE
) -> FloatColumn:
    """What a failure of each asset costs (n,), 0 where the catalogue knows no consequence.

    (cost x factor by dimension + haste share x replacement value) x factor of the consequence grade; unknown counts as
    1.
    """
    assets = as_asset_columns(columns, count)
    consequence = asset_type.consequence
    if consequence is None:
        return np.zeros(count)
    cost = np.zeros(count)
    if consequence.cost is not None:
        cost += consequence.cost.mid * unit_factor_by_dimension(consequence.by_dimension, assets, count)
    if consequence.haste_share is not None:
        value = np.nan_to_num(replacement_values_sek(asset_type, assets, count, catalogue))
        cost += consequence.haste_share.mid * value
    by_grade = np.array([catalogue.reference_values[name].mid for name in CONSEQUENCE_GRADE_FACTORS])
    grade = np.nan_to_num(assets.numbers("consequence_grade"), nan=1.0).astype(np.int64)
    factor: FloatColumn = by_grade[np.clip(grade, 0, len(by_grade) - 1)]
    return cost * factor


@dataclass(frozen=True)
class Costs:
    """What something costs for each of n assets; every column is (n,).

    `cost_sek`: whole kronor, at least 1 where `applicable`, otherwise 0. `reason` says why it is not applicable:
    "not_applicable" (the rule's conditions do not hold), "no_length", "no_area" or "no_quantity"; "" where it is.
    `quantity`: what the unit price was multiplied by, nan where unknown. `unit_price_sek` includes factor and
    surcharges. `dimension_assumed` marks costs that would depend on a dimension nobody knows, `number_assumed` those
    for one thing where nobody knows how many there are. `verified` is False as soon as one figure in the asset's cost
    is.
    """

    applicable: BoolColumn
    cost_sek: IntColumn
    reason: TextColumn
    quantity: FloatColumn
    unit_price_sek: FloatColumn
    dimension_assumed: BoolColumn
    number_assumed: BoolColumn
    verified: BoolColumn


def treatment_cost_sek(
    asset_type: AssetType,
    treatment: TreatmentRule,
    columns: Columns | AssetColumns,
    count: int,
    catalogue: Catalogue = CATALOGUE,
    level: Level = "mid",
) -> Costs:
    """What the treatment costs for each asset, and to which of them it applies at all."""
    assets = as_asset_columns(columns, count)
    unit_price = np.full(count, float(getattr(treatment.unit_price, level)))
    verified = np.full(count, treatment.unit_price.source.verified)
    assumed = np.zeros(count, dtype=np.bool_)
    if treatment.price_by_dimension:
        unit_price *= unit_factor_by_dimension(treatment.price_by_dimension, assets, count)
        assumed = np.isnan(assets.numbers("dimension_mm"))
        verified &= catalogue.are_factors_verified(treatment.price_by_dimension)
    for surcharge in treatment.surcharges:
        due = _holds(surcharge.applies_to, assets)
        unit_price += np.where(due, float(getattr(surcharge.unit_price, level)), 0.0)
        verified &= ~due | surcharge.unit_price.source.verified
    quantity = quantity_per(asset_type, treatment.per, assets, count)
    no_number = np.zeros(count, dtype=np.bool_)
    return _costs(
        _holds(treatment.applies_to, assets), treatment.per, unit_price, quantity, assumed, no_number, verified
    )


def _costs(
    holds: BoolColumn,
    per: Per,
    unit_price: FloatColumn,
    quantity: FloatColumn,
    dimension_assumed: BoolColumn,
    number_assumed: BoolColumn,
    verified: BoolColumn,
) -> Costs:
    applicable = holds & ~np.isnan(quantity)
    reason = np.full(holds.size, "", dtype=object)
    reason[~applicable] = NO_QUANTITY[per]
    reason[~holds] = "not_applicable"
    exact = np.where(applicable, unit_price * np.nan_to_num(quantity), 0.0)
    cost = np.where(applicable, np.maximum(np.rint(exact), 1.0), 0.0).astype(np.int64)
    return Costs(
        applicable,
        cost,
        reason,
        quantity,
        unit_price,
        dimension_assumed & applicable,
        number_assumed & applicable,
        verified,
    )


def _holds(applies_to: Mapping[str, tuple[str, ...]], assets: AssetColumns) -> BoolColumn:
    holds = np.ones(assets.count, dtype=np.bool_)
    for name, codes in applies_to.items():
        holds &= assets.has_code(name, codes)
    return holds


# --- Checks


@dataclass(frozen=True)
class CheckScope:
    """Which of n assets a check concerns (n,), and where that is undetermined since a deciding fact is unknown (n,)."""

    applies: BoolColumn
    undetermined: BoolColumn


def check_scope(
    asset_type: AssetType, check: StatutoryCheck, columns: Columns | AssetColumns, count: int
) -> CheckScope:
    """Where the check applies; an unknown fact neither makes it apply nor hides it: it is undetermined."""
    assets = as_asset_columns(columns, count)
    applies = np.ones(count, dtype=np.bool_)
    excluded = np.zeros(count, dtype=np.bool_)
    for name, codes in check.applies_to.items():
        holds = assets.has_code(name, codes)
        applies &= holds
        is_open = assets.is_unknown(name) & (not asset_type.attribute(name).blank_is_answer)
        excluded |= ~holds & ~is_open
    for name, lowest in check.at_least.items():
        number = assets.numbers(name)
        applies &= number >= lowest
        excluded |= number < lowest
    return CheckScope(applies, ~applies & ~excluded)


def check_cost_sek(
    asset_type: AssetType, check: StatutoryCheck, columns: Columns | AssetColumns, count: int, level: Level = "mid"
) -> Costs:
    """What one check of each asset costs, where it applies and its length or area, if that decides, is known.

    Where the number of things is unknown there is at least one: what the law asks for must not fall out of a plan.
    """
    assets = as_asset_columns(columns, count)
    unit_price = np.full(count, float(getattr(check.unit_price, level)))
    quantity = quantity_per(asset_type, check.per, assets, count)
    no_number = np.isnan(quantity) & (check.per == "each") & np.isnan(assets.numbers(QUANTITY_COLUMN["each"]))
    quantity[no_number] = 1.0
    no_dimension = np.zeros(count, dtype=np.bool_)
    verified = np.full(count, check.unit_price.source.verified)
    applies = check_scope(asset_type, check, assets, count).applies
    return _costs(applies, check.per, unit_price, quantity, no_dimension, no_number, verified)
