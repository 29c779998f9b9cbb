"""Plans and their rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from assetmgr.models.types import BigId, Json, Uid, UtcDateTime, Words


class Plan(SQLModel, table=True):
    """One version of a maintenance plan. Money is whole kronor excluding VAT at `price_level`."""

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("municipality_id", "uid"), UniqueConstraint("municipality_id", "name"))

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    uid: str = Field(sa_type=Uid)
    municipality_id: int = Field(sa_column=Column(BigId, ForeignKey("municipality.id"), nullable=False))
    name: str = Field(sa_type=Words)
    status: str = Field(sa_type=Words)
    first_year: int
    years: int
    seed: int
    price_level: str = Field(sa_type=Words)
    budgets: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    settings: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    summary: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    inputs_digest: str = Field(sa_type=Words)
    version: int = 1
    created_by: str = Field(sa_type=Words)
    created_at: datetime = Field(sa_type=UtcDateTime)
    refreshed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PlannedAction(SQLModel, table=True):
    """One row of a plan: an action with its money, or a need without (`funded` false).

    `explanation` holds the numbers behind the row; the sentences are made from them in the reader's language.
    """

    __tablename__ = "planned_action"
    __table_args__ = (
        Index("ix_planned_action_plan", "plan_id", "funded", "year"),
        Index("ix_planned_action_asset", "asset_id"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    municipality_id: int = Field(sa_column=Column(BigId, ForeignKey("municipality.id"), nullable=False))
    plan_id: int = Field(sa_column=Column(BigId, ForeignKey("plan.id", ondelete="CASCADE"), nullable=False))
    asset_id: int = Field(sa_column=Column(BigId, ForeignKey("asset.id"), nullable=False))
    funded: bool
    row_class: str = Field(sa_type=Words)
    year: int
    fund: str = Field(sa_type=Words)
    kind: str = Field(sa_type=Words)
    booking: str = Field(sa_type=Words)
    booking_rule: str = Field(sa_type=Words)
    treatment: str = Field(sa_type=Words)
    cost_sek: int = Field(sa_type=BigId)
    price_verified: bool
    explanation: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
