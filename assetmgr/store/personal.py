"""Disposal of values about people, everywhere they stand: what a decision to dispose (gallring) asks for.

A change record holds only keyed digests of such values, so that the chain still verifies when the values are gone.
Backups taken before keep them until they are thrown away themselves, and so does whatever was exported.
"""

import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Table, Update, delete, select, update
from sqlalchemy.engine import Connection

from assetmgr.changes import Change
from assetmgr.errors import AssetmgrError, NotFound
from assetmgr.store import tables
from assetmgr.store.access import permit
from assetmgr.store.writing import Writing

RIGHT = "personal.dispose"
NO_DIGEST = b""
"""Equal to no row's digest: the source's next delivery is compared field by field."""


def dispose_of(work: Writing, asset_id: int, fields: Collection[str]) -> None:
    """Remove these attributes of an asset for good: from the asset, from what sources delivered of it, from what lies
    apart from the change records, and from what imports reported of these fields.

    The writing's reason must name the decision; that the fields were disposed of goes on record, what they held does
    not. A source that delivers the values again puts them in the register again.
    """
    asset = tables.asset
    statement = permit(work.actor, RIGHT, select(asset.c.id, asset.c.uid, asset.c.attributes), [asset])
    found = work.connection.execute(statement.where(asset.c.id == asset_id)).one_or_none()
    if found is None:
        raise NotFound("asset_not_found", id=str(asset_id))
    if not work.occasion.reason.strip():
        raise AssetmgrError("disposal_without_decision")
    _overwrite_what_is_deleted(work.connection)
    old = {name: _digest_of(work, asset_id, name, value) for name, value in found.attributes.items() if name in fields}
    kept = {name: value for name, value in found.attributes.items() if name not in fields}
    if old:
        work.connection.execute(
            _mine(work, asset).where(asset.c.id == asset_id).values(attributes=kept, version=asset.c.version + 1)
        )
    _forget_deliveries(work, asset_id, fields)
    _forget_reports(work, fields)
    apart = tables.personal_value
    work.connection.execute(
        delete(apart).where(
            apart.c.municipality_id == work.actor.municipality_id,
            apart.c.object_type == "asset",
            apart.c.object_id == asset_id,
            apart.c.field.in_(fields),
        )
    )
    gone = {"attributes": dict.fromkeys(sorted(fields))}
    work.record([Change("asset", asset_id, found.uid, {"attributes": old}, gone)])


def _overwrite_what_is_deleted(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # Else the file holds the text until its page happens to be used again.
        connection.exec_driver_sql("PRAGMA secure_delete=ON")


def _mine(work: Writing, table: Table) -> Update:
    return permit(work.actor, RIGHT, update(table), [table])


def _digest_of(work: Writing, asset_id: int, field: str, value: Any) -> Mapping[str, str] | None:
    """How the records refer to the value that goes; None where none of them does."""
    apart = tables.personal_value
    digest = work.connection.execute(
        permit(work.actor, RIGHT, select(apart.c.digest), [apart])
        .where(apart.c.object_type == "asset", apart.c.object_id == asset_id, apart.c.field == field)
        .where(apart.c.value == str(value))
        .limit(1)
    ).scalar_one_or_none()
    return None if digest is None else {"personal": digest}


def _forget_deliveries(work: Writing, asset_id: int, fields: Collection[str]) -> None:
    delivery = tables.delivery
    statement = permit(work.actor, RIGHT, select(delivery.c.id, delivery.c.values_json), [delivery])
    for row in work.connection.execute(statement.where(delivery.c.asset_id == asset_id)).all():
        values = json.loads(row.values_json)
        kept = {name: value for name, value in values.items() if name not in fields}
        if kept != values:
            text = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            changed = _mine(work, delivery).where(delivery.c.id == row.id)
            work.connection.execute(changed.values(values_json=text, digest=NO_DIGEST))


def _forget_reports(work: Writing, fields: Collection[str]) -> None:
    """What imports said of these fields names rows of files, not assets: all of it goes."""
    run = tables.import_run
    statement = permit(work.actor, RIGHT, select(run.c.id, run.c.issues), [run])
    for row in work.connection.execute(statement).all():
        issues = [
            {**issue, "value": None, "details": {}} if issue.get("field") in fields else issue for issue in row.issues
        ]
        if issues != row.issues:
            work.connection.execute(_mine(work, run).where(run.c.id == row.id).values(issues=issues))
