"""Inspections: conditions that were seen and checks that were done."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, RowMapping, select
from sqlalchemy.engine import Connection

from assetmgr.changes import canonical_json
from assetmgr.store import bulk, tables
from assetmgr.store.access import Actor, permit, require
from assetmgr.store.writing import Writing, stored_uids

inspection = tables.inspection
CONDITION, CHECK = "condition", "check"
FIELDS = (
    "kind",
    "inspected_on",
    "scale",
    "native_grade",
    "health_index",
    "check_name",
    "approved",
    "next_due_on",
    "note",
)


def insert_many(
    work: Writing,
    asset_ids: Sequence[int],
    asset_uids: Sequence[str],
    columns: Mapping[str, Sequence[Any]],
    *,
    import_id: int | None = None,
) -> range:
    """Insert inspections given as columns of FIELDS (absent means None) with their change records.

    Those of an import need the right to import. It does not touch the assets' current condition: `services.condition`
    derives that.
    """
    require(work.actor, "inspection.write" if import_id is None else "import.run")
    count = len(asset_ids)
    if count == 0:
        return range(0)
    connection = work.connection
    ids = bulk.reserve_ids(connection, inspection, count)
    uids = work.new_uids(count)
    moment = work.moment()
    given = {name: columns[name] for name in FIELDS if name in columns}
    rows: dict[str, Sequence[Any]] = {
        "id": ids,
        "uid": stored_uids(connection, uids),
        "municipality_id": [work.actor.municipality_id] * count,
        "asset_id": asset_ids,
        **{name: _stored(connection, values) for name, values in given.items()},
        "import_id": [import_id] * count,
        "version": [1] * count,
        "created_at": [moment] * count,
    }
    bulk.insert_columns(connection, inspection, rows)
    names = list(given)
    recorded = [
        canonical_json({"asset": uid} | {n: v for n, v in zip(names, values, strict=True) if v is not None})
        for uid, *values in zip(asset_uids, *given.values(), strict=True)
    ]
    work.record_columns("inspection", ids, uids, [None] * count, recorded)
    return ids


def _stored(connection: Connection, values: Sequence[Any]) -> Sequence[Any]:
    if connection.dialect.name != "sqlite":
        return values
    return [value.isoformat() if isinstance(value, date) else value for value in values]


def of_asset(connection: Connection, actor: Actor, asset_id: int) -> Sequence[RowMapping]:
    """An asset's inspections, the latest first, those without a date last; none where the asset is hidden from the
    actor.
    """
    statement = permit(
        actor,
        "inspection.read",
        select(inspection).join(tables.asset, inspection.c.asset_id == tables.asset.c.id),
        [inspection, tables.asset],
    )
    return (
        connection.execute(
            statement.where(inspection.c.asset_id == asset_id).order_by(
                inspection.c.inspected_on.desc().nulls_last(), inspection.c.id.desc()
            )
        )
        .mappings()
        .all()
    )


def graded(connection: Connection, actor: Actor, asset_ids: Sequence[int] | None = None) -> Iterator[Row[Any]]:
    """The inspections that give a health index, of these assets (None: of all) that the actor may know of."""
    columns = ("id", "asset_id", "inspected_on", "created_at", "scale", "native_grade", "health_index")
    statement = permit(
        actor,
        "inspection.read",
        select(*(inspection.c[name] for name in columns)).join(
            tables.asset, inspection.c.asset_id == tables.asset.c.id
        ),
        [inspection, tables.asset],
    ).where(inspection.c.kind == CONDITION, inspection.c.health_index.is_not(None))
    if asset_ids is None:
        yield from connection.execute(statement)
        return
    for start in range(0, len(asset_ids), 5_000):
        chunk = list(asset_ids[start : start + 5_000])
        yield from connection.execute(statement.where(inspection.c.asset_id.in_(chunk)))
