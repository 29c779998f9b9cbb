"""Users and their roles."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.engine import Connection

from assetmgr.changes import Change
from assetmgr.errors import AssetmgrError, NotFound
from assetmgr.store import tables
from assetmgr.store.access import ROLES, Actor, permit, require
from assetmgr.store.writing import Writing

user, user_role = tables.user, tables.user_role


def add(work: Writing, name: str, roles: Sequence[str], password_hash: str | None) -> int:
    """Add a user; the name must be free."""
    require(work.actor, "user.write")
    for role in roles:
        if role not in ROLES:
            raise AssetmgrError("role_unknown", role=role, roles=list(ROLES))
    taken = work.connection.execute(
        select(user.c.id).where(user.c.municipality_id == work.actor.municipality_id, user.c.name == name)
    ).scalar_one_or_none()
    if taken is not None:
        raise AssetmgrError("user_exists", name=name)
    user_id = int(
        work.connection.execute(
            insert(user)
            .values(
                municipality_id=work.actor.municipality_id,
                name=name,
                password_hash=password_hash,
                active=True,
                created_at=work.at,
            )
            .returning(user.c.id)
        ).scalar_one()
    )
    if roles:
        work.connection.execute(
            insert(user_role),
            [{"user_id": user_id, "role": role, "municipality_id": work.actor.municipality_id} for role in roles],
        )
    work.record([Change("user", user_id, work.new_uids(1)[0], None, {"name": name, "roles": sorted(roles)})])
    return user_id


def actor_named(connection: Connection, municipality_id: int, name: str) -> Actor:
    """The user of that name as somebody who acts."""
    found = connection.execute(
        select(user).where(user.c.municipality_id == municipality_id, user.c.name == name, user.c.active)
    ).one_or_none()
    if found is None:
        raise NotFound("user_unknown", name=name)
    return _actor(connection, found.id, municipality_id, name, found.language)


def _actor(connection: Connection, user_id: int, municipality_id: int, name: str, language: str | None) -> Actor:
    theirs = (user_role.c.user_id == user_id) & (user_role.c.municipality_id == municipality_id)
    roles = connection.execute(select(user_role.c.role).where(theirs)).scalars().all()
    return Actor(municipality_id=municipality_id, name=name, roles=frozenset(roles), user_id=user_id, language=language)


def password_hash(connection: Connection, municipality_id: int, name: str) -> tuple[int, str | None] | None:
    """An active user's id and password hash; None where there is no such user."""
    found = connection.execute(
        select(user.c.id, user.c.password_hash).where(
            user.c.municipality_id == municipality_id, user.c.name == name, user.c.active
        )
    ).one_or_none()
    return (found.id, found.password_hash) if found else None


def actor_of_session(connection: Connection, token_digest: str, now: datetime) -> Actor | None:
    """Whoever is signed in with this token, with the roles held at this very moment."""
    session = tables.user_session
    found = connection.execute(
        select(user.c.id, user.c.municipality_id, user.c.name, user.c.language)
        .join_from(session, user, session.c.user_id == user.c.id)
        .where(session.c.token_digest == token_digest, session.c.expires_at > now, user.c.active)
    ).one_or_none()
    return _actor(connection, found.id, found.municipality_id, found.name, found.language) if found else None


def everyone(connection: Connection, municipality_id: int) -> Sequence[tuple[str, Sequence[str]]]:
    """All active users with their roles, for the command that prints them."""
    rows = connection.execute(
        select(user.c.name, user_role.c.role)
        .join_from(user, user_role, user.c.id == user_role.c.user_id)
        .where(user.c.municipality_id == municipality_id, user.c.active)
        .order_by(user.c.id)
    )
    found: dict[str, list[str]] = {}
    for name, role in rows:
        found.setdefault(name, []).append(role)
    return list(found.items())


def open_session(
    connection: Connection, municipality_id: int, user_id: int, token_digest: str, now: datetime, expires_at: datetime
) -> None:
    """Remember a sign-in, and forget those of the same user that have run out."""
    session = tables.user_session
    connection.execute(delete(session).where(session.c.user_id == user_id, session.c.expires_at <= now))
    connection.execute(
        insert(session).values(
            token_digest=token_digest,
            user_id=user_id,
            municipality_id=municipality_id,
            created_at=now,
            last_seen_at=now,
            expires_at=expires_at,
        )
    )


def close_session(connection: Connection, token_digest: str) -> None:
    """Forget a sign-in, so that its token opens nothing any more."""
    connection.execute(delete(tables.user_session).where(tables.user_session.c.token_digest == token_digest))


def count_attempts(connection: Connection, subjects: Sequence[str], since: datetime) -> int:
    """How many attempts to sign in there are since then, for the subject that has most."""
    attempt = tables.sign_in_attempt
    per_subject = (
        select(func.count())
        .where(attempt.c.subject.in_(subjects), attempt.c.at > since)
        .group_by(attempt.c.subject)
        .order_by(func.count().desc())
    )
    return int(connection.execute(per_subject.limit(1)).scalar() or 0)


def add_attempts(
    connection: Connection, municipality_id: int, subjects: Sequence[str], now: datetime, since: datetime
) -> Sequence[int]:
    """Count an attempt to sign in for each subject, and forget all from before `since`. Returns their ids."""
    attempt = tables.sign_in_attempt
    connection.execute(delete(attempt).where(attempt.c.at <= since))
    return [
        int(
            connection.execute(
                insert(attempt).values(municipality_id=municipality_id, subject=subject, at=now).returning(attempt.c.id)
            ).scalar_one()
        )
        for subject in subjects
    ]


def forget_attempts(connection: Connection, ids: Sequence[int]) -> None:
    """Count these attempts no longer."""
    connection.execute(delete(tables.sign_in_attempt).where(tables.sign_in_attempt.c.id.in_(ids)))


def close_sessions_of(work: Writing, user_id: int) -> None:
    """Forget all sign-ins of a user of the actor's municipality."""
    require(work.actor, "user.write")
    session = tables.user_session
    work.connection.execute(
        delete(session).where(session.c.user_id == user_id, session.c.municipality_id == work.actor.municipality_id)
    )


def disable(work: Writing, name: str) -> None:
    """Let a user in no more: not by password, and not by a sign-in that is under way."""
    require(work.actor, "user.write")
    found = actor_named(work.connection, work.actor.municipality_id, name)
    assert found.user_id is not None
    mine = permit(work.actor, "user.write", user.update(), [user]).where(user.c.id == found.user_id)
    work.connection.execute(mine.values(active=False))
    close_sessions_of(work, found.user_id)
    work.record([Change("user", found.user_id, work.new_uids(1)[0], {"active": True}, {"active": False})])
