"""The record of every change, chained so that tampering shows."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from assetmgr.models.types import BigId, Uid, UtcDateTime, Words


class ChangeTransaction(SQLModel, table=True):
    """One link of a municipality's chain: who did what when and why, over a digest of the rows that belong to it."""

    __tablename__ = "change_transaction"
    __table_args__ = (UniqueConstraint("municipality_id", "number"),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    municipality_id: int = Field(sa_column=Column(BigId, ForeignKey("municipality.id"), nullable=False))
    number: int = Field(sa_type=BigId)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: int | None = Field(default=None, sa_column=Column(BigId, ForeignKey("app_user.id")))
    actor_name: str = Field(sa_type=Words)
    origin: str = Field(sa_type=Words)
    reason: str = Field(default="", sa_type=Words)
    import_id: int | None = Field(default=None, sa_column=Column(BigId, ForeignKey("import_run.id")))
    job_id: int | None = Field(default=None, sa_column=Column(BigId, ForeignKey("job.id")))
    request_id: str = Field(default="", sa_type=Words)
    row_count: int
    rows_digest: str = Field(sa_type=Words)
    previous_digest: str = Field(sa_type=Words)
    digest: str = Field(sa_type=Words)


class ChangeRow(SQLModel, table=True):
    """One object's change within a transaction; `old_json` and `new_json` are the canonical text that was hashed."""

    __tablename__ = "change_row"
    __table_args__ = (
        Index("ix_change_row_object", "object_type", "object_id"),
        Index("ix_change_row_transaction", "transaction_id"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    municipality_id: int = Field(sa_column=Column(BigId, ForeignKey("municipality.id"), nullable=False))
    transaction_id: int = Field(
        sa_column=Column(
            BigId, ForeignKey("change_transaction.id", deferrable=True, initially="DEFERRED"), nullable=False
        )
    )
    object_type: str = Field(sa_type=Words)
    object_id: int = Field(sa_type=BigId)
    object_uid: str = Field(sa_type=Uid)
    old_json: str | None = Field(default=None, sa_type=Words)
    new_json: str | None = Field(default=None, sa_type=Words)


class PersonalValue(SQLModel, table=True):
    """A person's value that a change row only holds the keyed digest of; deleting this row disposes of it without
    breaking the chain.
    """

    __tablename__ = "personal_value"

    digest: str = Field(sa_type=Words, primary_key=True)
    municipality_id: int = Field(sa_column=Column(BigId, ForeignKey("municipality.id"), nullable=False))
    object_type: str = Field(sa_type=Words)
    object_id: int = Field(sa_type=BigId)
    field: str = Field(sa_type=Words)
    value: str = Field(sa_type=Words)
    secret: str = Field(sa_type=Words)
