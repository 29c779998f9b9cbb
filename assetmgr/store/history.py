"""What happened to an object, from its change records."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.engine import Connection

from assetmgr.store import tables
from assetmgr.store.access import Actor, permit


@dataclass(frozen=True)
class HistoryEntry:
    """One change with its who, when and why. `old` is None for a creation."""

    number: int
    at: datetime
    actor: str
    origin: str
    reason: str
    import_id: int | None
    job_id: int | None
    object_type: str
    object_uid: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None


def of_asset(
    connection: Connection, actor: Actor, asset_id: int, *, limit: int | None = None
) -> Sequence[HistoryEntry]:
    """Everything on record about an asset and its inspections, the latest first. The asset itself must have been found first."""
    inspection_ids = select(tables.inspection.c.id).where(tables.inspection.c.asset_id == asset_id)
    return _entries(
        connection,
        actor,
        or_(
            (tables.change_row.c.object_type == "asset") & (tables.change_row.c.object_id == asset_id),
            (tables.change_row.c.object_type == "inspection") & tables.change_row.c.object_id.in_(inspection_ids),
        ),
        limit,
    )


def of_object(connection: Connection, actor: Actor, object_type: str, object_id: int) -> Sequence[HistoryEntry]:
    """Everything on record about one object of another kind, the latest first."""
    row = tables.change_row.c
    return _entries(connection, actor, (row.object_type == object_type) & (row.object_id == object_id), None)


def _entries(connection: Connection, actor: Actor, condition: Any, limit: int | None) -> Sequence[HistoryEntry]:
    row, link = tables.change_row, tables.change_transaction
    statement = permit(
        actor,
        "history.read",
        select(
            link.c.number,
            link.c.at,
            link.c.actor_name,
            link.c.origin,
            link.c.reason,
            link.c.import_id,
            link.c.job_id,
            row.c.object_type,
            row.c.object_uid,
            row.c.old_json,
            row.c.new_json,
        ).join_from(row, link, row.c.transaction_id == link.c.id),
        [row],
    )
    statement = statement.where(condition).order_by(link.c.number.desc(), row.c.id.desc())
    if limit is not None:
        statement = statement.limit(limit)
    return [
        HistoryEntry(
            number=found.number,
            at=found.at,
            actor=found.actor_name,
            origin=found.origin,
            reason=found.reason,
            import_id=found.import_id,
            job_id=found.job_id,
            object_type=found.object_type,
            object_uid=found.object_uid,
            old=json.loads(found.old_json) if found.old_json is not None else None,
            new=json.loads(found.new_json) if found.new_json is not None else None,
        )
        for found in connection.execute(statement)
    ]
