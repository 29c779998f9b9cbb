"""Work to do, and when."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index
from sqlmodel import Field, SQLModel

from assetmgr.models.types import BigId, Json, Uid, UtcDateTime, Words


class Job(SQLModel, table=True):
    """A piece of work that a worker claims. `run_key` makes the same work unique; `attempts` counts the claims."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_queue", "status", "id"), Index("ix_job_list", "municipality_id", "id"))

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    uid: str = Field(sa_type=Uid, unique=True)
    municipality_id: int = Field(sa_column=Column(BigId, ForeignKey("municipality.id"), nullable=False))
    kind: str = Field(sa_type=Words)
    run_key: str | None = Field(default=None, sa_type=Words, unique=True)
    payload: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    status: str = Field(sa_type=Words)
    progress: float = 0.0
    message: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    result: dict[str, Any] | None = Field(default=None, sa_column=Column(Json))
    claimed_by: str | None = Field(default=None, sa_type=Words)
    heartbeat_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cancel_requested: bool = False
    attempts: int = 0
    created_by: str = Field(sa_type=Words)
    created_at: datetime = Field(sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ScheduledJob(SQLModel, table=True):
    """The last run of a job of the schedule, per municipality."""

    __tablename__ = "scheduled_job"

    municipality_id: int = Field(sa_column=Column(BigId, ForeignKey("municipality.id"), primary_key=True))
    name: str = Field(sa_type=Words, primary_key=True)
    last_run_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_status: str | None = Field(default=None, sa_type=Words)
    last_result: dict[str, Any] | None = Field(default=None, sa_column=Column(Json))


class Lease(SQLModel, table=True):
    """Who alone may do something, until when."""

    __tablename__ = "lease"

    name: str = Field(sa_type=Words, primary_key=True)
    holder: str = Field(sa_type=Words)
    expires_at: datetime = Field(sa_type=UtcDateTime)
