"""The current condition of assets: derived from inspections, or estimated from age where nobody has looked.

The native grade stays with its inspection; the asset carries the health index that follows from it. Of several
inspections on the latest day the worst counts: it is never averaged away. An estimate is marked as such and gives way
to the first inspection.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
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
    if seen.empty:
        return 0
    current = _current(work, seen.index.tolist())
    changes = []
    for asset_id, found in seen.to_dict("index").items():
        now = current.get(asset_id)
        if now is None:
            continue
        after = {
            "health_index": float(found["health_index"]),
            "health_source": INSPECTED,
            "inspected_on": found["inspected_on"],
            "native_scale": found["scale"],
            "native_grade": found["native_grade"],
        }
        changes.append((now["id"], now["uid"], {name: now[name] for name in after}, after))
    ids, uids, before, after_all = zip(*changes, strict=True) if changes else ((), (), (), ())
    return _save_conditions(work, ids, uids, before, after_all)


def _latest_worst(work: Writing, asset_ids: Sequence[int] | None) -> pd.DataFrame:
    """Per asset, the worst graded inspection of its latest day; one without a date counts from when it was recorded."""
    inspection = tables.inspection
    columns = (
        inspection.c.id,
        inspection.c.asset_id,
        inspection.c.inspected_on,
        inspection.c.created_at,
        inspection.c.scale,
        inspection.c.native_grade,
        inspection.c.health_index,
    )
    statement = select(*columns).where(
        inspection.c.municipality_id == work.actor.municipality_id,
        inspection.c.kind == CONDITION,
        inspection.c.health_index.is_not(None),
    )
    found: list[Any] = []
    if asset_ids is None:
        found.extend(work.connection.execute(statement))
    else:
        for start in range(0, len(asset_ids), _ID_CHUNK):
            chunk = list(asset_ids[start : start + _ID_CHUNK])
            found.extend(work.connection.execute(statement.where(inspection.c.asset_id.in_(chunk))))
    frame = pd.DataFrame(found, columns=[column.name for column in columns], dtype=object)
    if frame.empty:
        return frame.set_index("asset_id")
    frame["day"] = [
        on if on is not None else at.date() for on, at in zip(frame["inspected_on"], frame["created_at"], strict=True)
    ]
    frame = frame.sort_values(["asset_id", "day", "health_index", "id"], ascending=[True, False, True, True])
    return frame.drop_duplicates("asset_id").set_index("asset_id")


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
    frame = pd.DataFrame(work.connection.execute(statement), dtype=object)
    if asset_ids is not None and not frame.empty:
        frame = frame[frame["id"].isin(list(asset_ids))]
    if frame.empty:
        return 0
    columns = {
        "material": frame["material"].to_numpy(),
        "dimension_mm": frame["dimension_mm"].to_numpy(),
        "built_year": frame["built_year"].to_numpy(),
        **attribute_columns(asset_type, frame["attributes"].tolist()),
    }
    health = estimated_health(asset_type, columns, len(frame), year, catalogue)
    known = np.flatnonzero(~np.isnan(health))
    return _save_conditions(
        work,
        frame["id"].iloc[known].tolist(),
        frame["uid"].iloc[known].tolist(),
        [
            {"health_index": now, "health_source": source}
            for now, source in zip(frame["health_index"].iloc[known], frame["health_source"].iloc[known], strict=True)
        ],
        [{"health_index": float(health[place]), "health_source": ESTIMATED} for place in known],
    )


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
            column = np.empty(len(attributes), dtype=object)
            column[:] = [values.get(attribute.name) for values in attributes]
            columns[attribute.name] = column
    return columns
