"""The current condition of assets: derived from inspections, or estimated from age where nobody has looked.

The native grade stays with its inspection; the asset carries the health index that follows from it. Of several
inspections on the latest day the worst counts: it is never averaged away. An estimate is marked as such and gives way
to the first inspection.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import select

from assetmgr.catalogue import CATALOGUE, Catalogue, rules
from assetmgr.catalogue.model import AssetType
from assetmgr.services.portfolio import municipality_catalogue
from assetmgr.store import assets, tables
from assetmgr.store.access import require
from assetmgr.store.inspections import CONDITION
from assetmgr.store.writing import Writing
from planner import deterioration
from planner.inputs import SurvivalCurve

INSPECTED, ESTIMATED = "inspected", "estimated"
_ID_CHUNK = 5_000


def refresh_from_inspections(work: Writing, asset_ids: Sequence[int] | None = None) -> int:
    """Set the current condition of these assets (None: of all) from their inspections. Returns how many changed."""
    seen = _latest_worst(work, asset_ids)
    current = _current(work, list(seen))
    changes = []
    for asset_id, now in current.items():
        found = seen[asset_id]
        after = {
            "health_index": float(found.health_index),
            "health_source": INSPECTED,
            "inspected_on": found.inspected_on,
            "native_scale": found.scale,
            "native_grade": found.native_grade,
        }
        changes.append((asset_id, now["uid"], {name: now[name] for name in after}, after))
    ids, uids, before, after_all = zip(*changes, strict=True) if changes else ((), (), (), ())
    return _save_conditions(work, ids, uids, before, after_all)


def _latest_worst(work: Writing, asset_ids: Sequence[int] | None) -> dict[int, Any]:
    """Per asset, the worst graded inspection of its latest day; one without a date counts from when it was recorded."""
    inspection = tables.inspection
    statement = select(
        inspection.c.id,
        inspection.c.asset_id,
        inspection.c.inspected_on,
        inspection.c.created_at,
        inspection.c.scale,
        inspection.c.native_grade,
        inspection.c.health_index,
    ).where(
        inspection.c.municipality_id == work.actor.municipality_id,
        inspection.c.kind == CONDITION,
        inspection.c.health_index.is_not(None),
    )
    worst: dict[int, tuple[tuple[int, float, int], Any]] = {}
    for chunk in _chunks(asset_ids):
        narrowed = statement if chunk is None else statement.where(inspection.c.asset_id.in_(chunk))
        for row in work.connection.execute(narrowed):
            day = row.inspected_on or row.created_at.date()
            rank = (-day.toordinal(), row.health_index, row.id)
            if row.asset_id not in worst or rank < worst[row.asset_id][0]:
                worst[row.asset_id] = (rank, row)
    return {asset_id: row for asset_id, (_, row) in worst.items()}


def _chunks(asset_ids: Sequence[int] | None) -> Iterator[list[int] | None]:
    """The ids a few thousand at a time; None, once, for all assets."""
    if asset_ids is None:
        yield None
        return
    for start in range(0, len(asset_ids), _ID_CHUNK):
        yield list(asset_ids[start : start + _ID_CHUNK])


def _current(work: Writing, asset_ids: Sequence[int]) -> dict[Any, Mapping[Any, Any]]:
    asset = tables.asset
    columns = [asset.c.id, asset.c.uid, *(asset.c[name] for name in assets.CONDITION_COLUMNS)]
    found: dict[Any, Mapping[Any, Any]] = {}
    for start in range(0, len(asset_ids), _ID_CHUNK):
        chunk = list(asset_ids[start : start + _ID_CHUNK])
        statement = select(*columns).where(asset.c.id.in_(chunk), asset.c.municipality_id == work.actor.municipality_id)
        found |= {row["id"]: row for row in work.connection.execute(statement).mappings()}
    return found


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
    require(work.actor, "inspection.read")
    catalogue = municipality_catalogue(work.connection, work.actor)
    changed = 0
    for asset_type in catalogue.asset_types.values():
        if asset_type.curve_rules:
            changed += _estimate_type(work, asset_type, year, asset_ids, catalogue)
    return changed


def _estimate_type(
    work: Writing, asset_type: AssetType, year: int, asset_ids: Sequence[int] | None, catalogue: Catalogue
) -> int:
    asset = tables.asset
    statement = select(
        asset.c.id,
        asset.c.uid,
        asset.c.built_year,
        asset.c.material,
        asset.c.dimension_mm,
        asset.c.health_index,
        asset.c.health_source,
        asset.c.attributes,
    ).where(
        asset.c.municipality_id == work.actor.municipality_id,
        asset.c.type == asset_type.name,
        asset.c.status == "in_service",
        asset.c.retired_at.is_(None),
        asset.c.health_source.is_distinct_from(INSPECTED),
    )
    if asset_ids is not None and len(asset_ids):
        statement = statement.where(asset.c.id.between(min(asset_ids), max(asset_ids)))
    wanted = None if asset_ids is None else set(asset_ids)
    rows = [row for row in work.connection.execute(statement) if wanted is None or row.id in wanted]
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
