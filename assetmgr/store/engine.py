"""Connections to the register's database.

SQLite is set up so that no acknowledged write is lost: a version without the WAL-reset fault, write-ahead log, full
synchronisation, foreign keys, and `BEGIN IMMEDIATE` for whoever will write. A connection begins as a writer when it
carries the execution option `assetmgr_writes`; others read a snapshot and never wait.
"""

import importlib
import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from assetmgr.errors import DatabaseUnusable

SAFE_SQLITE = (3, 51, 3)
"""The first release without the WAL-reset corruption fault (3.7.0-3.51.2)."""
APPLICATION_ID = 0x41534D47
"""What an SQLite file of ours calls itself ("ASMG"); the first migration writes it."""
APPLICATION_ID_AT = 68
"""Where in the file it stands."""
BESIDE_A_DATABASE = ("-wal", "-shm", "-journal", ".secret")
"""What the names of the files that belong to a database end in."""
SMALLEST_PAGE = 512
"""SQLite takes a shorter file for an empty one, and would write over it."""
WRITES = {"assetmgr_writes": True}
LOCK_TIMEOUT_SECONDS = 15.0


def sqlite_module() -> ModuleType:
    """The SQLite to use: the bundled one, else Python's own where it is new enough; refuses an unsafe version."""
    try:
        module = importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        module = sqlite3
    if module.sqlite_version_info < SAFE_SQLITE:
        raise DatabaseUnusable("sqlite_too_old", found=module.sqlite_version, needed=".".join(map(str, SAFE_SQLITE)))
    return module


def open_engine(url: str, *, create: bool = False) -> Engine:
    """An engine for a register's database. A missing SQLite file is an error unless `create` is said."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite_engine(parsed, create)
        return create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise DatabaseUnusable("database_url_invalid", url=_shown(url)) from error


def _shown(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url


def _sqlite_engine(url: URL, create: bool) -> Engine:
    path = Path(url.database) if url.database and url.database != ":memory:" else None
    if path is not None:
        _check_file(path, create)
    # An error's parameters are people's values, and errors end up in logs.
    engine = create_engine(
        url,
        module=sqlite_module(),
        connect_args={"timeout": LOCK_TIMEOUT_SECONDS, "check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        if _is_ours(cursor):
            cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA trusted_schema=OFF")
        cursor.execute("PRAGMA cache_size=-262144")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("assetmgr_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _is_ours(cursor: Any) -> bool:
    """Whether the file is a register or still empty: others' files keep their journal mode."""
    identity = cursor.execute("PRAGMA application_id").fetchone()[0]
    return bool(identity == APPLICATION_ID) or bool(cursor.execute("PRAGMA page_count").fetchone()[0] == 0)


def _check_file(path: Path, create: bool) -> None:
    if not path.exists():
        if not create:
            raise DatabaseUnusable("database_missing", path=str(path))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
        except OSError as error:
            raise DatabaseUnusable("database_not_writable", path=str(path), reason=error.strerror or "") from error
        return
    if path.is_dir():
        raise DatabaseUnusable("not_a_register", path=str(path))
    size = path.stat().st_size
    if 0 < size < SMALLEST_PAGE:
        raise DatabaseUnusable("not_a_register", path=str(path))
    if size == 0 and not create:
        raise DatabaseUnusable("database_empty", path=str(path))


def belongs_to_a_register(engine: Engine, path: Path) -> bool:
    """Whether the file is this database or stands beside it for its sake, or is another register on SQLite.

    The database's own file is told by name and identity alone: opening and closing it would let go of its locks.
    """
    if engine.url.get_backend_name() == "sqlite" and engine.url.database not in (None, "", ":memory:"):
        database = Path(str(engine.url.database)).resolve()
        own = [database, *(database.with_name(database.name + ending) for ending in BESIDE_A_DATABASE)]
        found = path.resolve()
        if any(found == file or (found.exists() and file.exists() and found.samefile(file)) for file in own):
            return True
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(APPLICATION_ID_AT + 4)
    return head.startswith(b"SQLite format 3\0") and head[APPLICATION_ID_AT:] == APPLICATION_ID.to_bytes(4, "big")


def shown_location(engine: Engine) -> str:
    """Where the database is, without its password, for messages."""
    if engine.url.get_backend_name() == "sqlite":
        return engine.url.database or ":memory:"
    return engine.url.render_as_string(hide_password=True)


def unusable(engine: Engine, error: DBAPIError) -> DatabaseUnusable:
    """What a failed connection means to its user."""
    text = str(error.orig)
    if "not a database" in text or "malformed" in text:
        return DatabaseUnusable("not_a_register", path=shown_location(engine))
    if "locked" in text:
        return DatabaseUnusable("database_busy", path=shown_location(engine))
    return DatabaseUnusable(
        "database_unreachable", path=shown_location(engine), reason=text.splitlines()[0] if text else ""
    )
