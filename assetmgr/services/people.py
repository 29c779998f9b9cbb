"""People: adding users, signing in and out. Passwords are kept as argon2id hashes, sign-ins as digests of tokens."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.engine import Connection

from assetmgr.errors import AssetmgrError
from assetmgr.ids import RandomBytes
from assetmgr.store import people
from assetmgr.store.writing import Writing

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1024
"""Hashing more than this would only serve those who want to keep the service busy."""
ATTEMPTS = 10
ATTEMPTS_WITHIN = timedelta(minutes=5)
SIGN_IN_LASTS = timedelta(hours=12)
TOKEN_BYTES = 32
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""What generated passwords are made of: nothing that is mistaken for something else."""


def add_user(
    work: Writing,
    name: str,
    roles: Sequence[str],
    password: str | None = None,
    *,
    random_bytes: RandomBytes = secrets.token_bytes,
) -> str:
    """Add a user and return the password: the one given, else a generated one, which is kept nowhere else."""
    chosen = password if password is not None else generated_password(random_bytes)
    if len(chosen) < SHORTEST_PASSWORD:
        raise AssetmgrError("password_too_short", shortest=SHORTEST_PASSWORD)
    if len(chosen) > LONGEST_PASSWORD:
        raise AssetmgrError("password_too_long", longest=LONGEST_PASSWORD)
    shown_name = name.strip()
    if not shown_name or not shown_name.isprintable():
        raise AssetmgrError("user_name_invalid", name=name)
    people.add(work, shown_name, roles, _hasher().hash(chosen))
    return chosen


def generated_password(random_bytes: RandomBytes = secrets.token_bytes) -> str:
    """Four groups of four letters and figures, 80 bits: abcd-efgh-jkmn-pqrs."""
    picked = [LETTERS[byte % len(LETTERS)] for byte in random_bytes(16)]
    return "-".join("".join(picked[start : start + 4]) for start in range(0, 16, 4))


def begin_attempt(
    connection: Connection, municipality_id: int, subjects: Sequence[str], now: datetime
) -> Sequence[int] | None:
    """Count an attempt to sign in before it is tried; None where one of the subjects has had its ten in five minutes.

    Subjects are digests of the account and of the address. Counting first holds for attempts made side by side too.
    The ids are for `forgive_attempt`, since only what fails stays counted. The connection must be one that writes.
    """
    since = now - ATTEMPTS_WITHIN
    if people.count_attempts(connection, subjects, since) >= ATTEMPTS:
        return None
    return people.add_attempts(connection, municipality_id, subjects, now, since)


def forgive_attempt(connection: Connection, ids: Sequence[int]) -> None:
    """No longer count an attempt that succeeded."""
    people.forget_attempts(connection, ids)


@dataclass(frozen=True)
class SignIn:
    """A sign-in that was let in; `token` goes to the reader's browser and is kept nowhere else."""

    token: str
    user_id: int
    expires_at: datetime


def known_password(connection: Connection, municipality_id: int, name: str, password: str) -> int | None:
    """The id of the active user with this name and password, else None; as slow where there is no such name."""
    found = people.password_hash(connection, municipality_id, name.strip())
    user_id, stored = found if found else (None, None)
    matches = _matches(stored or _hash_of_nobody(), password)
    return user_id if matches and stored is not None else None


def open_sign_in(connection: Connection, municipality_id: int, user_id: int, now: datetime) -> SignIn:
    """Start a sign-in of somebody whose password was known. The connection must be one that writes."""
    sign_in = SignIn(secrets.token_urlsafe(TOKEN_BYTES), user_id, now + SIGN_IN_LASTS)
    people.open_session(connection, municipality_id, user_id, token_digest(sign_in.token), now, sign_in.expires_at)
    return sign_in


def sign_out(connection: Connection, token: str) -> None:
    """End a sign-in at once. The connection must be one that writes."""
    people.close_session(connection, token_digest(token))


def token_digest(token: str) -> str:
    """What is kept of a token. It is random enough that a plain SHA-256 cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def _matches(stored: str, password: str) -> bool:
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        return _hasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _hash_of_nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe(TOKEN_BYTES))
