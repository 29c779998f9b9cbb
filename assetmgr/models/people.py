"""Users, their roles and their sign-ins."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from assetmgr.models.types import BigId, UtcDateTime, Words


class User(SQLModel, table=True):
    """Somebody who signs in, or a name that a command acts as."""

    __tablename__ = "app_user"
    __table_args__ = (UniqueConstraint("municipality_id", "name"),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    municipality_id: int = Field(sa_column=Column(BigId, ForeignKey("municipality.id"), nullable=False))
    name: str = Field(sa_type=Words)
    password_hash: str | None = Field(default=None, sa_type=Words)
    active: bool = True
    language: str | None = Field(default=None, sa_type=Words)
    created_at: datetime = Field(sa_type=UtcDateTime)


class UserRole(SQLModel, table=True):
    """One role of one user."""

    __tablename__ = "user_role"

    user_id: int = Field(sa_column=Column(BigId, ForeignKey("app_user.id"), primary_key=True))
    role: str = Field(sa_type=Words, primary_key=True)
    municipality_id: int = Field(sa_column=Column(BigId, ForeignKey("municipality.id"), nullable=False))


class UserSession(SQLModel, table=True):
    """A sign-in that is under way; only a digest of the cookie's token is kept."""

    __tablename__ = "user_session"

    token_digest: str = Field(sa_type=Words, primary_key=True)
    user_id: int = Field(sa_column=Column(BigId, ForeignKey("app_user.id"), nullable=False, index=True))
    municipality_id: int = Field(sa_column=Column(BigId, ForeignKey("municipality.id"), nullable=False))
    created_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class SignInAttempt(SQLModel, table=True):
    """A sign-in that failed or is under way, kept for some minutes: guessing is slow however many processes serve.

    `subject` is a keyed digest of the account or the address that it is counted for.
    """

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_subject", "subject", "at"),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    municipality_id: int = Field(sa_column=Column(BigId, ForeignKey("municipality.id"), nullable=False))
    subject: str = Field(sa_type=Words)
    at: datetime = Field(sa_type=UtcDateTime)
