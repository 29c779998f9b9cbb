"""The database's schema.

Made and brought up to date by numbered migrations, refused where it is newer than this program.
"""

from importlib import resources
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from assetmgr.errors import DatabaseUnusable
from assetmgr.store.engine import WRITES, shown_location, unusable


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("assetmgr") / "migrations"))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def newest_revision() -> str:
    """The revision this program was made for."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def current_revision(connection: Connection) -> str | None:
    """The revision the database has; None where it has no schema of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> None:
    """Bring the schema to this program's revision, in one transaction; an empty database gets all of it."""
    check_usable(engine, may_be_empty=True)
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            _need_postgis(connection, engine)
        command.upgrade(_config(connection), "head")


def check_usable(engine: Engine, *, may_be_empty: bool = False) -> str | None:
    """Refuse what is no register, or a register of a newer program. Returns the revision found."""
    try:
        with engine.connect() as connection:
            revision = current_revision(connection)
            names = set(inspect(connection).get_table_names())
    except DBAPIError as error:
        raise unusable(engine, error) from error
    if revision is None:
        if may_be_empty and not _foreign_tables(names):
            return None
        raise DatabaseUnusable(
            "not_a_register" if _foreign_tables(names) else "database_empty", path=shown_location(engine)
        )
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision not in known:
        raise DatabaseUnusable("schema_newer", path=shown_location(engine), found=revision, known=newest_revision())
    return revision


def _foreign_tables(names: set[str]) -> set[str]:
    postgis_own = {"spatial_ref_sys", "geometry_columns", "geography_columns"}
    return names - postgis_own


def _need_postgis(connection: Connection, engine: Engine) -> None:
    found: Any = connection.execute(text("SELECT 1 FROM pg_available_extensions WHERE name = 'postgis'")).scalar()
    if not found:
        raise DatabaseUnusable("postgis_missing", path=shown_location(engine))
    connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
