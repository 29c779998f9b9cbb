"""The register itself and the municipalities in it."""

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field, SQLModel

from assetmgr.models.types import BigId, UtcDateTime, Wkb, Words


class Register(SQLModel, table=True):
    """One row: what is fixed for the whole database at its making."""

    __tablename__ = "register"

    id: int = Field(default=1, primary_key=True)
    crs_epsg: int
    is_demo: bool = False
    demo_as_of: date | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)


class Municipality(SQLModel, table=True):
    """A tenant. Code "0000" is the nameless one of a register made without a municipality."""

    __tablename__ = "municipality"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    code: str = Field(sa_type=Words, unique=True)
    name: str = Field(sa_type=Words)
    boundary: bytes | None = Field(default=None, sa_type=Wkb)
    display_crs_epsg: int | None = None


class ReferenceOverride(SQLModel, table=True):
    """A municipality's own figure in place of a reference value."""

    __tablename__ = "reference_override"
    __table_args__ = (UniqueConstraint("municipality_id", "name"),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    municipality_id: int = Field(sa_column=Column(BigId, ForeignKey("municipality.id"), nullable=False))
    name: str = Field(sa_type=Words)
    low: float
    mid: float
    high: float
    source: str = Field(sa_type=Words)
    year: int
    verified: bool = True
