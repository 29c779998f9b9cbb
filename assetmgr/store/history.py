"""What happened to an object, from its change records."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
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
    """Everything on record about an asset and its inspections, the latest first; nothing where it is hidden from the
    actor.
    """
    return _entries(connection, actor, _about_asset(actor, asset_id), limit)


def latest_number(connection: Connection, actor: Actor) -> int:
    """The number of the municipality's latest change; it stays the same for as long as the register does."""
    link = tables.change_transaction
    statement = permit(actor, "history.read", select(func.max(link.c.number)), [link])
    return int(connection.execute(statement).scalar() or 0)


def count_of_asset(connection: Connection, actor: Actor, asset_id: int) -> int:
    """How many entries `of_asset` has."""
    row = tables.change_row
    statement = permit(actor, "history.read", select(func.count()).select_from(row), [row])
    return int(connection.execute(statement.where(_about_asset(actor, asset_id))).scalar_one())


def _about_asset(actor: Actor, asset_id: int) -> ColumnElement[bool]:
    known = permit(actor, "asset.read", select(tables.asset.c.id), [tables.asset]).where(tables.asset.c.id == asset_id)
    inspection = tables.inspection
    inspection_ids = permit(actor, "inspection.read", select(inspection.c.id), [inspection]).where(
        inspection.c.asset_id.in_(known)
    )
    row = tables.change_row.c
    return or_(
        (row.object_type == "asset") & row.object_id.in_(known),
        (row.object_type == "inspection") & row.object_id.in_(inspection_ids),
    )


NARROWED = ("asset", "inspection")


def of_object(connection: Connection, actor: Actor, object_type: str, object_id: int) -> Sequence[HistoryEntry]:
    """Everything on record about one object of another kind, the latest first.

    Assets have `of_asset`, which hides some.
    """
    if object_type in NARROWED:
        raise ValueError(f"history of {object_type} is read through of_asset")
    row = tables.change_row.c
    return _entries(connection, actor, (row.object_type == object_type) & (row.object_id == object_id), None)


def personal_values(connection: Connection, actor: Actor, digests: Collection[str]) -> dict[str, str]:
    """The values behind digests in change records, for those with the right to them; one that was disposed of is
    absent.
    """
    kept = tables.personal_value
    statement = permit(actor, "asset.personal", select(kept.c.digest, kept.c.value), [kept])
    return {row.digest: row.value for row in connection.execute(statement.where(kept.c.digest.in_(digests)))}


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
