"""When each job of the schedule was last done, per municipality."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from assetmgr.store import tables
from assetmgr.store.access import Actor, permit

scheduled_job = tables.scheduled_job


def record_run(
    connection: Connection,
    municipality_id: int,
    name: str,
    at: datetime,
    status: str,
    result: Mapping[str, Any] | None,
) -> None:
    """Keep the outcome of a run in place of the one before."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = dialect.insert(scheduled_job).values(
        municipality_id=municipality_id,
        name=name,
        last_run_at=at,
        last_status=status,
        last_result=None if result is None else dict(result),
    )
    kept = ("last_run_at", "last_status", "last_result")
    connection.execute(
        row.on_conflict_do_update(
            index_elements=[scheduled_job.c.municipality_id, scheduled_job.c.name],
            set_={column: row.excluded[column] for column in kept},
        )
    )


def last_runs(connection: Connection, actor: Actor) -> Mapping[str, RowMapping]:
    """The last run of each job that the municipality has done, by name."""
    statement = permit(actor, "job.read", select(scheduled_job), [scheduled_job])
    return {row["name"]: row for row in connection.execute(statement).mappings()}
