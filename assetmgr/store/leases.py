"""Leases: what only one process may do at a time, until it lets go or falls silent."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from assetmgr.store import tables

lease = tables.lease


def acquire(connection: Connection, name: str, holder: str, now: datetime, duration: timedelta) -> bool:
    """Take the lease where it is free or has run out, or hold on to one's own; False where another has it.

    Done in the transaction that the lease guards, it fences too: on PostgreSQL the row stays locked, on SQLite the
    database.
    """
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    taken = dialect.insert(lease).values(name=name, holder=holder, expires_at=now + duration)
    done = connection.execute(
        taken.on_conflict_do_update(
            index_elements=[lease.c.name],
            set_={"holder": taken.excluded.holder, "expires_at": taken.excluded.expires_at},
            where=or_(lease.c.holder == holder, lease.c.expires_at <= now),
        ).returning(lease.c.name)
    )
    return done.first() is not None


def release(connection: Connection, name: str, holder: str) -> None:
    """Let go, so that the next need not wait for the lease to run out."""
    connection.execute(delete(lease).where(lease.c.name == name, lease.c.holder == holder))


def holder_of(connection: Connection, name: str, now: datetime) -> str | None:
    """Who holds the lease at this moment."""
    return connection.execute(
        select(lease.c.holder).where(lease.c.name == name, lease.c.expires_at > now)
    ).scalar_one_or_none()
