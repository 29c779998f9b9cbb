"""The current condition of assets: derived from inspections, or estimated from age where nobody has looked.

The native grade stays with its inspection; the asset carries the health index that follows from it. Of several
inspections on the latest day the worst counts: it is never averaged away. An estimate is marked as such and gives way
to the first inspection.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from assetmgr.catalogue import CATALOGUE, Catalogue, rules
from assetmgr.catalogue.model import AssetType
from assetmgr.services.portfolio import municipality_catalogue
from assetmgr.store import assets, inspections
from assetmgr.store.writing import Writing
from planner import deterioration
from planner.inputs import SurvivalCurve

INSPECTED, ESTIMATED = "inspected", "estimated"


def refresh_from_inspections(work: Writing, asset_ids: Sequence[int] | None = None) -> int:
    """Set the current condition of these assets (None: of all) from their inspections. Returns how many changed."""
    seen = _latest_worst(work, asset_ids)
    changes = []
    for now in assets.conditions_now(work.connection, work.actor, list(seen)):
        found = seen[now["id"]]
        after = {
            "health_index": float(found.health_index),
            "health_source": INSPECTED,
            "inspected_on": found.inspected_on,
            "native_scale": found.scale,
            "native_grade": found.native_grade,
        }
        changes.append((now["id"], now["uid"], {name: now[name] for name in after}, after))
    ids, uids, before, after_all = zip(*changes, strict=True) if changes else ((), (), (), ())
    return _save_conditions(work, ids, uids, before, after_all)


def _latest_worst(work: Writing, asset_ids: Sequence[int] | None) -> dict[int, Any]:
    """Per asset, the worst graded inspection of its latest day; one without a date counts from when it was recorded."""
    worst: dict[int, tuple[tuple[int, float, int], Any]] = {}
    for row in inspections.graded(work.connection, work.actor, asset_ids):
        day = row.inspected_on or row.created_at.date()
        rank = (-day.toordinal(), row.health_index, row.id)
        if row.asset_id not in worst or rank < worst[row.asset_id][0]:
            worst[row.asset_id] = (rank, row)
    return {asset_id: row for asset_id, (_, row) in worst.items()}


def _save_conditions(
    work: Writing,
    ids: Sequence[int],
    uids: Sequence[str],
    before: Sequence[dict[str, Any]],
    after: Sequence[dict[str, Any]],
) -> int:
    changed = [place for place, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    assets.update_condition(
        work,
        [ids[place] for place in changed],
        [uids[place] for place in changed],
        [before[place] for place in changed],
        [after[place] for place in changed],
    )
    return len(changed)


def estimate_missing(work: Writing, year: int, asset_ids: Sequence[int] | None = None) -> int:
    """Give assets in service that nobody has inspected an estimate from their age in `year`. Returns how many changed.

    Whole points of health, so that a nightly run writes only when the year or the register has changed. Where the
    year of building is unknown the condition stays unknown.
    """
    catalogue = municipality_catalogue(work.connection, work.actor)
    changed = 0
    for asset_type in catalogue.asset_types.values():
        if asset_type.curve_rules:
            changed += _estimate_type(work, asset_type, year, asset_ids, catalogue)
    return changed


def _estimate_type(
    work: Writing, asset_type: AssetType, year: int, asset_ids: Sequence[int] | None, catalogue: Catalogue
) -> int:
    rows = assets.uninspected(work.connection, work.actor, asset_type.name, asset_ids)
    if not rows:
        return 0
    ids, uids, built, materials, dimensions, health_now, sources, attributes = zip(*rows, strict=True)
    columns = {
        "built_year": _objects(built),
        "material": _objects(materials),
        "dimension_mm": _objects(dimensions),
        **attribute_columns(asset_type, attributes),
    }
    estimate = estimated_health(asset_type, columns, len(rows), year, catalogue)
    return _save_conditions(
        work,
        ids,
        uids,
        [{"health_index": now, "health_source": by} for now, by in zip(health_now, sources, strict=True)],
        [
            {"health_index": None, "health_source": None}
            if math.isnan(value)
            else {"health_index": float(value), "health_source": ESTIMATED}
            for value in estimate
        ],
    )


def _objects(values: Sequence[Any]) -> npt.NDArray[np.object_]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def estimated_health(
    asset_type: AssetType,
    columns: Mapping[str, npt.NDArray[np.object_]],
    count: int,
    year: int,
    catalogue: Catalogue = CATALOGUE,
) -> npt.NDArray[np.float64]:
    """Health 0-100 in whole points of n assets from their age in `year`; nan where the year is unknown or nothing ages.

    `columns` holds (n,) object arrays of the attributes that the type's curve rules look at, None for unknown.
    """
    if not asset_type.curve_rules or count == 0:
        return np.full(count, np.nan)
    assets_ = rules.AssetColumns(columns, count)
    names, index = np.unique(rules.assign_curves(asset_type, assets_, count).astype(str), return_inverse=True)
    quantiles = [catalogue.curves[name] for name in names]
    curves = deterioration.curve_parameters(
        [SurvivalCurve(q.name, q.age_10_failed, q.age_50_failed, q.age_90_failed) for q in quantiles]
    )
    age = np.maximum(year - rules.age_base_year(assets_, count), 0.0)
    return np.round(deterioration.health_index(curves, index.astype(np.int64), age))


def attribute_columns(
    asset_type: AssetType, attributes: Sequence[Mapping[str, Any]]
) -> dict[str, npt.NDArray[np.object_]]:
    """The JSON attributes of n assets as columns (n,), None for unknown."""
    columns = {}
    for attribute in asset_type.attributes:
        if attribute.column is None:
            columns[attribute.name] = _objects([values.get(attribute.name) for values in attributes])
    return columns
