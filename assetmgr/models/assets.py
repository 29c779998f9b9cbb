"""Assets, what sources delivered of them, and what was seen of their condition."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from assetmgr.models.types import BigId, Json, Uid, UtcDateTime, Wkb, Words


class Asset(SQLModel, table=True):
    """Anything the municipality owns and keeps. The type's file in the catalogue says what its fields mean.

    Geometry is WKB in the register's coordinate system; `min_x` to `max_y` are its bounds, which the spatial index
    reads.
    `length_m` and `area_m2` are geodesic where they are measured. `source`, `type` and `key` are the external key.
    """

    __tablename__ = "asset"
    __table_args__ = (
        UniqueConstraint("municipality_id", "uid"),
        UniqueConstraint("municipality_id", "source", "type", "key"),
        Index("ix_asset_list", "municipality_id", "type", "designation", "id"),
        Index(
            "ix_asset_parent",
            "parent_id",
            sqlite_where=text("parent_id IS NOT NULL"),
            postgresql_where=text("parent_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    uid: str = Field(sa_type=Uid)
    municipality_id: int = Field(sa_column=Column(BigId, ForeignKey("municipality.id"), nullable=False))
    type: str = Field(sa_type=Words)
    source: str = Field(sa_type=Words)
    key: str = Field(sa_type=Words)
    designation: str | None = Field(default=None, sa_type=Words)
    address: str | None = Field(default=None, sa_type=Words)
    parent_id: int | None = Field(default=None, sa_column=Column(BigId, ForeignKey("asset.id")))
    from_node_id: int | None = Field(default=None, sa_column=Column(BigId, ForeignKey("asset.id")))
    to_node_id: int | None = Field(default=None, sa_column=Column(BigId, ForeignKey("asset.id")))
    department: str | None = Field(default=None, sa_type=Words)
    protection_class: int = 0
    status: str = Field(sa_type=Words)
    fund: str = Field(sa_type=Words)
    built_year: int | None = None
    material: str | None = Field(default=None, sa_type=Words)
    dimension_mm: float | None = None
    length_m: float | None = None
    area_m2: float | None = None
    quantity: float | None = None
    replacement_value_sek: int | None = Field(default=None, sa_type=BigId)
    consequence_grade: int | None = None
    guarantee_until: date | None = None
    liability_until: date | None = None
    health_index: float | None = None
    health_source: str | None = Field(default=None, sa_type=Words)
    inspected_on: date | None = None
    native_scale: str | None = Field(default=None, sa_type=Words)
    native_grade: str | None = Field(default=None, sa_type=Words)
    attributes: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    search_text: str = Field(default="", sa_type=Words)
    geometry: bytes | None = Field(default=None, sa_type=Wkb)
    geometry_digest: bytes | None = Field(default=None, sa_type=Wkb)
    min_x: float | None = None
    min_y: float | None = None
    max_x: float | None = None
    max_y: float | None = None
    version: int = 1
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    retired_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Delivery(SQLModel, table=True):
    """What one source last delivered of one asset: the base against which its next delivery is compared.

    `values_json` holds the mapped values as they were understood, `source_json` the source's unmapped columns verbatim,
    `digest` both and the geometry together.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("municipality_id", "source", "asset_type", "key"),
        Index("ix_delivery_asset", "asset_id"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    municipality_id: int = Field(sa_column=Column(BigId, ForeignKey("municipality.id"), nullable=False))
    asset_id: int = Field(sa_column=Column(BigId, ForeignKey("asset.id"), nullable=False))
    asset_type: str = Field(sa_type=Words)
    source: str = Field(sa_type=Words)
    key: str = Field(sa_type=Words)
    import_id: int = Field(sa_column=Column(BigId, ForeignKey("import_run.id"), nullable=False))
    values_json: str = Field(sa_type=Words)
    source_json: str = Field(default="{}", sa_type=Words)
    geometry_digest: bytes | None = Field(default=None, sa_type=Wkb)
    digest: bytes = Field(sa_type=Wkb)


class Inspection(SQLModel, table=True):
    """A condition somebody saw, or a recurring check somebody did.

    A condition has `scale`, `native_grade` and the health index derived from them; a check has `check_name` and
    `approved`.
    `inspected_on` is None where a file gave a grade without its date.
    """

    __tablename__ = "inspection"
    __table_args__ = (
        UniqueConstraint("municipality_id", "uid"),
        Index("ix_inspection_asset", "asset_id", "inspected_on"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    uid: str = Field(sa_type=Uid)
    municipality_id: int = Field(sa_column=Column(BigId, ForeignKey("municipality.id"), nullable=False))
    asset_id: int = Field(sa_column=Column(BigId, ForeignKey("asset.id"), nullable=False))
    kind: str = Field(sa_type=Words)
    inspected_on: date | None = None
    scale: str | None = Field(default=None, sa_type=Words)
    native_grade: str | None = Field(default=None, sa_type=Words)
    health_index: float | None = None
    check_name: str | None = Field(default=None, sa_type=Words)
    approved: bool | None = None
    next_due_on: date | None = None
    note: str | None = Field(default=None, sa_type=Words)
    import_id: int | None = Field(default=None, sa_column=Column(BigId, ForeignKey("import_run.id")))
    version: int = 1
    created_at: datetime = Field(sa_type=UtcDateTime)
