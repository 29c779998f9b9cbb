"""An asset as answers show it: the catalogue's fields under their own names, condition beside them, and what the
sources said.
"""

import json
from collections.abc import Mapping
from typing import Any

import shapely
from sqlalchemy import select
from sqlalchemy.engine import Connection

from assetmgr.catalogue import ASSET_TYPES, health_class
from assetmgr.store import assets, history, inspections, tables
from assetmgr.store.access import Actor, permit
from assetmgr.store.registers import RegisterInfo

_IDENTITY = ("uid", "type", "source", "key", "designation", "address", "status", "fund", "department")


def described(row: Mapping[Any, Any], actor: Actor) -> dict[str, Any]:
    """One asset row as data: identity, every attribute of its type, measures, condition and version.

    Personal attributes are left out for an actor without the right to them.
    """
    asset_type = ASSET_TYPES[row["type"]]
    attributes = dict(row["attributes"] or {})
    if not actor.may("asset.personal"):
        for attribute in asset_type.attributes:
            if attribute.personal:
                attributes.pop(attribute.name, None)
    columns = {name: row[name] for name in assets.PLAIN_COLUMNS if not name.endswith("_id")}
    return {
        **{name: row[name] for name in _IDENTITY},
        **columns,
        "attributes": attributes,
        "health_index": row["health_index"],
        "health_class": health_class(row["health_index"]),
        "health_source": row["health_source"],
        "inspected_on": row["inspected_on"],
        "native_scale": row["native_scale"],
        "native_grade": row["native_grade"],
        "version": row["version"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


def show(connection: Connection, actor: Actor, register: RegisterInfo, identity: str) -> dict[str, Any]:
    """One asset whole: its fields, its place in the register's coordinates, its relations and its sources' own data."""
    row = assets.find(connection, actor, identity, with_geometry=True)
    related = assets.names(
        connection, actor, [row[name] for name in ("parent_id", "from_node_id", "to_node_id") if row[name] is not None]
    )
    uids = {
        name.removesuffix("_id"): related[row[name]][0] if row[name] in related else None
        for name in ("parent_id", "from_node_id", "to_node_id")
    }
    shape = shapely.from_wkb(row["geometry"]) if row["geometry"] is not None else None
    return {
        **described(row, actor),
        **uids,
        "children": [child["uid"] for child in assets.children(connection, actor, row["id"])],
        "source_data": source_data(connection, actor, row["id"]),
        "crs": f"EPSG:{register.crs_epsg}",
        "geometry": json.loads(shapely.to_geojson(shape)) if shape is not None else None,
    }


def source_data(connection: Connection, actor: Actor, asset_id: int) -> dict[str, dict[str, Any]]:
    """Per source, the columns it delivered that belong to no field, verbatim."""
    delivery = tables.delivery
    statement = permit(actor, "asset.read", select(delivery.c.source, delivery.c.source_json), [delivery]).where(
        delivery.c.asset_id == asset_id
    )
    return {source: json.loads(text) for source, text in connection.execute(statement) if text != "{}"}


def inspections_of(connection: Connection, actor: Actor, identity: str) -> list[dict[str, Any]]:
    """An asset's inspections as data, the latest first."""
    row = assets.find(connection, actor, identity)
    return [
        {
            "uid": found["uid"],
            "asset": row["uid"],
            "kind": found["kind"],
            "inspected_on": found["inspected_on"],
            "scale": found["scale"],
            "native_grade": found["native_grade"],
            "health_index": found["health_index"],
            "check": found["check_name"],
            "approved": found["approved"],
            "next_due_on": found["next_due_on"],
            "note": found["note"],
            "import_id": found["import_id"],
        }
        for found in inspections.of_asset(connection, actor, row["id"])
    ]


def history_of(connection: Connection, actor: Actor, identity: str) -> list[dict[str, Any]]:
    """An asset's change records as data, the latest first."""
    row = assets.find(connection, actor, identity)
    return [
        {
            "transaction": entry.number,
            "at": entry.at,
            "actor": entry.actor,
            "origin": entry.origin,
            "reason": entry.reason,
            "import_id": entry.import_id,
            "job_id": entry.job_id,
            "object_type": entry.object_type,
            "object": entry.object_uid,
            "old": entry.old,
            "new": entry.new,
        }
        for entry in history.of_asset(connection, actor, row["id"])
    ]
