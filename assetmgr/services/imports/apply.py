"""Putting a difference into the register: new assets, changed fields, inspections, and what was delivered."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely

from assetmgr.catalogue.model import AssetType
from assetmgr.services import condition
from assetmgr.services.imports.placement import measure
from assetmgr.services.imports.prepare import Prepared, row_digest
from assetmgr.services.imports.reconcile import IN_SERVICE, Changed, Difference, Redelivery, initial_value
from assetmgr.store import assets, bulk, inspections, tables
from assetmgr.store.registers import RegisterInfo
from assetmgr.store.writing import Writing


def apply(
    work: Writing,
    prepared: Prepared,
    difference: Difference,
    asset_type: AssetType,
    source: str,
    register: RegisterInfo,
    import_id: int,
) -> None:
    """Write everything of an import within the transaction that is under way."""
    if difference.new:
        _insert(work, prepared, np.array(difference.new), asset_type, source, register, import_id)
    if difference.changed:
        _change(work, prepared, difference.changed, asset_type, register, import_id)
    _remember(work, prepared, difference.deliveries, asset_type, import_id)


def _insert(
    work: Writing,
    prepared: Prepared,
    places: Any,
    asset_type: AssetType,
    source: str,
    register: RegisterInfo,
    import_id: int,
) -> None:
    count = len(places)
    columns: dict[str, Sequence[Any]] = {name: [initial_value(asset_type, name)] * count for name in ("status", "fund")}
    fields = {name: values[places] for name, values in prepared.fields.items()}
    json_names = [name for name in fields if asset_type.attribute(name).column is None]
    for name, values in fields.items():
        column = asset_type.attribute(name).column
        if column is None:
            continue
        default = initial_value(asset_type, name)
        columns[column] = values.tolist() if default is None else _or_default(values, default)
    if prepared.parent is not None:
        columns["parent_id"] = prepared.parent_id[places].tolist()
    geometry = _geometry(prepared, places, asset_type, register, columns)
    graded = _condition_of_new(prepared, places, asset_type, columns, fields, work.at.year)
    inserted = assets.insert_many(
        work,
        assets.NewAssets(
            asset_type=asset_type.name,
            source=source,
            keys=prepared.key[places].tolist(),
            columns=columns,
            attributes=_json_attributes(fields, json_names, count),
            personal_fields=frozenset(attribute.name for attribute in asset_type.attributes if attribute.personal)
            & frozenset(json_names),
            **geometry,
        ),
    )
    if prepared.scale is not None and prepared.grade is not None and graded.any():
        ids, uids = np.array(inserted.ids)[graded].tolist(), np.array(inserted.uids, dtype=object)[graded].tolist()
        _insert_inspections(work, prepared, places[graded], ids, uids, import_id)
    _insert_deliveries(
        work,
        asset_type,
        import_id,
        {
            "asset_id": inserted.ids,
            "source": [source] * count,
            "key": prepared.key[places].tolist(),
            "values_json": prepared.values_json[places].tolist(),
            "source_json": prepared.source_json[places].tolist(),
            "geometry_digest": prepared.geometry_digest[places].tolist(),
        },
    )


def _or_default(values: Sequence[Any], default: Any) -> list[Any]:
    return [default if value is None else value for value in values]


def _json_attributes(fields: Mapping[str, Any], names: Sequence[str], count: int) -> list[dict[str, Any]] | None:
    if not names:
        return None
    columns = [fields[name] for name in names]
    return [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in zip(names, row, strict=True)
            if value is not None
        }
        for row in zip(*columns, strict=True)
    ]


def _geometry(
    prepared: Prepared, places: Any, asset_type: AssetType, register: RegisterInfo, columns: dict[str, Sequence[Any]]
) -> dict[str, Any]:
    if prepared.geometry is None:
        return {}
    shapes = prepared.geometry[places]
    measured = measure(shapes, asset_type, register)
    if measured is not None and asset_type.measured is not None:
        stated = columns.get(asset_type.measured, [None] * len(places))
        columns[asset_type.measured] = [
            other if np.isnan(value) else float(value) for value, other in zip(measured, stated, strict=True)
        ]
    return {
        "geometry_wkb": shapely.to_wkb(shapes).tolist(),
        "geometry_digest": prepared.geometry_digest[places].tolist(),
        "bounds": shapely.bounds(shapes),
    }


def _condition_of_new(
    prepared: Prepared,
    places: Any,
    asset_type: AssetType,
    columns: dict[str, Sequence[Any]],
    fields: Mapping[str, Any],
    year: int,
) -> Any:
    """Set the current condition of new assets: from their grade, else from their age. Returns which have a grade."""
    count = len(places)
    health: list[float | None] = [None] * count
    origin: list[str | None] = [None] * count
    graded = np.zeros(count, dtype=bool)
    in_service = np.array([status == IN_SERVICE for status in columns["status"]], dtype=bool)
    estimate = condition.estimated_health(asset_type, fields, count, year)
    for place in np.flatnonzero(in_service & ~np.isnan(estimate)):
        health[place], origin[place] = float(estimate[place]), condition.ESTIMATED
    if prepared.scale is not None and prepared.grade is not None:
        grades = prepared.grade[places]
        graded = np.array([grade is not None for grade in grades], dtype=bool)
        known = {grade: prepared.scale.health(grade) for grade in {grade for grade in grades if grade is not None}}
        inspected = np.array([known.get(grade) is not None for grade in grades], dtype=bool)
        for place in np.flatnonzero(inspected):
            health[place], origin[place] = known[grades[place]], condition.INSPECTED
        columns["native_grade"] = _where(inspected, grades)
        columns["native_scale"] = [prepared.scale.name if seen else None for seen in inspected]
        if prepared.inspected_on is not None:
            columns["inspected_on"] = _where(inspected, prepared.inspected_on[places])
    columns["health_index"], columns["health_source"] = health, origin
    return graded


def _where(mask: Any, values: Any) -> list[Any]:
    return [value if holds else None for holds, value in zip(mask, values, strict=True)]


def _insert_inspections(
    work: Writing, prepared: Prepared, places: Any, ids: Sequence[int], uids: Sequence[str], import_id: int
) -> None:
    assert prepared.scale is not None
    assert prepared.grade is not None
    grades = prepared.grade[places].tolist()
    days = prepared.inspected_on[places].tolist() if prepared.inspected_on is not None else [None] * len(grades)
    inspections.insert_many(
        work,
        ids,
        uids,
        {
            "kind": [inspections.CONDITION] * len(grades),
            "inspected_on": days,
            "scale": [prepared.scale.name] * len(grades),
            "native_grade": grades,
            "health_index": [prepared.scale.health(grade) for grade in grades],
        },
        import_id=import_id,
    )


def _change(
    work: Writing,
    prepared: Prepared,
    changed: Sequence[Changed],
    asset_type: AssetType,
    register: RegisterInfo,
    import_id: int,
) -> None:
    moved = [change for change in changed if "geometry" in change.new]
    placed = {
        change.place: values
        for change, values in zip(moved, _moved(prepared, moved, asset_type, register), strict=True)
    }
    assets.update_many(
        work,
        [change.asset_id for change in changed],
        [change.asset_uid for change in changed],
        [change.old for change in changed],
        [{**change.new, **placed.get(change.place, {})} for change in changed],
        personal_fields=frozenset(attribute.name for attribute in asset_type.attributes if attribute.personal),
    )
    seen = [change for change in changed if change.new_grade]
    if seen:
        ids = [change.asset_id for change in seen]
        places = np.array([change.place for change in seen])
        _insert_inspections(work, prepared, places, ids, [change.asset_uid for change in seen], import_id)
        condition.refresh_from_inspections(work, ids)
    condition.estimate_missing(work, work.at.year, [change.asset_id for change in changed])


def _moved(
    prepared: Prepared, moved: Sequence[Changed], asset_type: AssetType, register: RegisterInfo
) -> list[dict[str, Any]]:
    """What a new place brings with it: shape, bounds, digest and measure."""
    if not moved or prepared.geometry is None:
        return []
    places = np.array([change.place for change in moved])
    shapes = prepared.geometry[places]
    bounds = shapely.bounds(shapes)
    measured = measure(shapes, asset_type, register)
    found = []
    for at, place in enumerate(places):
        values: dict[str, Any] = {
            "geometry": shapely.to_wkb(shapes[at]),
            "geometry_digest": prepared.geometry_digest[place],
            "bounds": tuple(float(value) for value in bounds[at]),
        }
        if measured is not None and asset_type.measured is not None:
            values[asset_type.measured] = float(measured[at])
        found.append(values)
    return found


def _insert_deliveries(
    work: Writing, asset_type: AssetType, import_id: int, columns: Mapping[str, Sequence[Any]]
) -> None:
    count = len(columns["key"])
    bulk.insert_columns(
        work.connection,
        tables.delivery,
        {
            "id": bulk.reserve_ids(work.connection, tables.delivery, count),
            "municipality_id": [work.actor.municipality_id] * count,
            "asset_type": [asset_type.name] * count,
            "import_id": [import_id] * count,
            **columns,
            "digest": [
                row_digest(*row)
                for row in zip(columns["values_json"], columns["source_json"], columns["geometry_digest"], strict=True)
            ],
        },
    )


def _remember(
    work: Writing, prepared: Prepared, deliveries: Sequence[Redelivery], asset_type: AssetType, import_id: int
) -> None:
    first = [item for item in deliveries if item.known.delivery_id is None]
    again = [item for item in deliveries if item.known.delivery_id is not None]
    if first:
        _insert_deliveries(
            work,
            asset_type,
            import_id,
            {
                "asset_id": [item.known.asset_id for item in first],
                "source": [item.known.source for item in first],
                "key": [item.known.key for item in first],
                "values_json": [item.values_json for item in first],
                "source_json": [item.source_json for item in first],
                "geometry_digest": [item.geometry_digest for item in first],
            },
        )
    bulk.update_columns(
        work.connection,
        tables.delivery,
        work.actor.municipality_id,
        [item.known.delivery_id for item in again if item.known.delivery_id is not None],
        {
            "values_json": [item.values_json for item in again],
            "source_json": [item.source_json for item in again],
            "geometry_digest": [item.geometry_digest for item in again],
            "digest": [row_digest(item.values_json, item.source_json, item.geometry_digest) for item in again],
            "import_id": [import_id] * len(again),
        },
    )
