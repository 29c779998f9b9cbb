"""The database's schema.

Made and brought up to date by numbered migrations, refused where it is newer than this program.
"""

from functools import cache
from importlib import resources
from typing import Any

from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from assetmgr.errors import DatabaseUnusable
from assetmgr.store.engine import WRITES, shown_location, unusable


@cache
def revisions() -> tuple[str, ...]:
    """The revisions this program knows, in order: each migration's file begins with its number."""
    folder = resources.files("assetmgr") / "migrations" / "versions"
    return tuple(sorted(file.name.split("_")[0] for file in folder.iterdir() if file.name[:4].isdecimal()))


def newest_revision() -> str:
    """The revision this program was made for."""
    return revisions()[-1]


def current_revision(connection: Connection) -> str | None:
    """The revision the database has; None where it has no schema of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def upgrade(engine: Engine) -> None:
    """Bring the schema to this program's revision, in one transaction; an empty database gets all of it."""
    from alembic import command  # slow to load, and only making or updating a register needs it
    from alembic.config import Config

    check_usable(engine, may_be_empty=True)
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            # Two services that start at once on one database must not both migrate it.
            connection.execute(text("SELECT pg_advisory_xact_lock(7390)"))
            _need_postgis(connection, engine)
        config = Config()
        config.set_main_option("script_location", str(resources.files("assetmgr") / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


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
    if revision not in revisions():
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
