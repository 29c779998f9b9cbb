"""What cookies are signed with, and that nobody else can read it or the register."""

import os
import secrets
import stat
from pathlib import Path

from sqlalchemy import Engine

from assetmgr.errors import DatabaseUnusable

VARIABLE = "ASSETMGR_SECRET_KEY"
SHORTEST = 32
FEWEST_DIFFERENT = 8


def secret_key(engine: Engine) -> bytes:
    """The key from the environment, else from a file beside an SQLite database, made when missing; never a weak one."""
    given = os.environ.get(VARIABLE)
    if given is not None:
        return _strong(given.encode(), VARIABLE)
    if engine.url.get_backend_name() != "sqlite":
        raise DatabaseUnusable("secret_key_missing", variable=VARIABLE)
    database = _file(engine)
    if database is None:
        return secrets.token_bytes(SHORTEST)
    path = database.with_name(f"{database.name}.secret")
    if not path.exists():
        _make(path)
    return _strong(_read(path), str(path))


def refuse_open_file(engine: Engine) -> None:
    """Refuse an SQLite database that every user of the machine can read."""
    path = _file(engine)
    if path is not None and stat.S_IMODE(path.stat().st_mode) & stat.S_IROTH:
        raise DatabaseUnusable("database_readable_by_all", path=str(path))


def _file(engine: Engine) -> Path | None:
    if engine.url.get_backend_name() != "sqlite" or engine.url.database in (None, "", ":memory:"):
        return None
    return Path(str(engine.url.database))


def _strong(key: bytes, where: str) -> bytes:
    if len(key) < SHORTEST or len(set(key)) < FEWEST_DIFFERENT:
        raise DatabaseUnusable("secret_key_weak", where=where, shortest=SHORTEST)
    return key


def _read(path: Path) -> bytes:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise DatabaseUnusable("secret_key_readable", path=str(path))
    return path.read_bytes().strip()


def _make(path: Path) -> None:
    """Whole or not at all, and only once, also where two processes start together."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(SHORTEST).encode())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        finally:
            draft.unlink()
    except OSError as error:
        raise DatabaseUnusable("database_not_writable", path=str(path), reason=error.strerror or "") from error
