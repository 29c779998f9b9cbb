"""What it would cost to buy assets anew where nobody has said: the catalogue's price times the asset's measures.

Worked out when it is shown and never stored: it follows prices and measures, and is not taken for a stated value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy.engine import Connection

from assetmgr.catalogue import rules
from assetmgr.catalogue.catalogue import Catalogue
from assetmgr.catalogue.model import AssetType
from assetmgr.services.condition import attribute_columns
from assetmgr.services.portfolio import municipality_catalogue
from assetmgr.store.access import Actor

_FACTS = ("built_year", "material", "dimension_mm", "length_m", "area_m2", "quantity", "consequence_grade")

Row = Mapping[Any, Any]


@dataclass(frozen=True)
class CalculatedValue:
    """Whole kronor excluding VAT, the year of the prices, and whether every price in it has been verified."""

    sek: int
    price_year: int
    is_verified: bool


def calculated(connection: Connection, actor: Actor, rows: Iterable[Row]) -> dict[int, CalculatedValue]:
    """The calculated value by asset id, of the assets that have no stated one and can be priced."""
    by_type: dict[str, list[Row]] = {}
    for row in rows:
        if row["replacement_value_sek"] is None:
            by_type.setdefault(row["type"], []).append(row)
    if not by_type:
        return {}
    catalogue = municipality_catalogue(connection, actor)
    found: dict[int, CalculatedValue] = {}
    for name, of_type in by_type.items():
        if name in catalogue.asset_types:
            found.update(_of_type(catalogue, catalogue.asset_types[name], of_type))
    return found


def _of_type(catalogue: Catalogue, asset_type: AssetType, rows: Sequence[Row]) -> dict[int, CalculatedValue]:
    count = len(rows)
    columns = {name: np.array([row[name] for row in rows], dtype=object) for name in _FACTS}
    columns |= attribute_columns(asset_type, [row["attributes"] or {} for row in rows])
    assets = rules.AssetColumns(columns, count)
    values = rules.replacement_values_sek(asset_type, assets, count, catalogue)
    verified, price_year = np.ones(count, dtype=np.bool_), np.zeros(count, dtype=np.int64)
    if asset_type.replacement_price is not None:
        source, factors = asset_type.replacement_price.source, asset_type.replacement_by_dimension
        verified &= source.verified and (not factors or catalogue.are_factors_verified(factors))
        price_year[:] = source.year
    for name in asset_type.replaced_by:
        treatment = catalogue.treatments[name]
        costs = rules.treatment_cost_sek(asset_type, treatment, assets, count, catalogue)
        verified &= ~costs.applicable | costs.verified
        price_year = np.where(costs.applicable, np.maximum(price_year, treatment.unit_price.source.year), price_year)
    return {
        rows[place]["id"]: CalculatedValue(round(values[place]), int(price_year[place]), bool(verified[place]))
        for place in np.flatnonzero(~np.isnan(values)).tolist()
    }
