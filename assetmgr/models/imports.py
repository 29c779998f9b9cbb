"""Imports that were run and mappings that are saved."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field, SQLModel

from assetmgr.models.types import BigId, Json, Uid, UtcDateTime, Words


class ImportRun(SQLModel, table=True):
    """One committed import: its file, how it was read and what came of it."""

    __tablename__ = "import_run"
    __table_args__ = (UniqueConstraint("municipality_id", "uid"),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    uid: str = Field(sa_type=Uid)
    municipality_id: int = Field(sa_column=Column(BigId, ForeignKey("municipality.id"), nullable=False))
    asset_type: str = Field(sa_type=Words)
    source: str = Field(sa_type=Words)
    file_name: str = Field(sa_type=Words)
    file_sha256: str = Field(sa_type=Words)
    layer: str | None = Field(default=None, sa_type=Words)
    mode: str = Field(sa_type=Words)
    options: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    counts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    issues: list[Any] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    actor_name: str = Field(sa_type=Words)
    created_at: datetime = Field(sa_type=UtcDateTime)


class ImportProfile(SQLModel, table=True):
    """How a source's files are read, saved under a name."""

    __tablename__ = "import_profile"
    __table_args__ = (UniqueConstraint("municipality_id", "name"),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    municipality_id: int = Field(sa_column=Column(BigId, ForeignKey("municipality.id"), nullable=False))
    name: str = Field(sa_type=Words)
    asset_type: str = Field(sa_type=Words)
    options: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    created_at: datetime = Field(sa_type=UtcDateTime)
