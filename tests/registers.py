"""A small register for tests: two municipalities, somebody who may do everything in each, and quick ways to fill it.

The fixtures give one on each database. Migrating takes a second, hence once per run: SQLite's file is copied for each
test, PostGIS's tables are emptied. A conftest takes the fixtures it wants by importing them.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy import Engine, text

from assetmgr import models
from assetmgr.store import assets, inspections, registers, schema, spatial
from assetmgr.store.access import Actor, operator
from assetmgr.store.engine import WRITES, open_engine
from assetmgr.store.writing import Occasion, Writing, writing

MADE_AT = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class TestRegister:
    """The database and who acts in it."""

    __test__ = False

    engine: Engine
    botkyrka: Actor
    salem: Actor

    def writing(self, actor: Actor | None = None, reason: str = "prov") -> Any:
        """A write transaction, as Botkyrka's operator unless somebody else is named."""
        return writing(self.engine, actor or self.botkyrka, Occasion("test", reason))


def make_register(engine: Engine, demo_as_of: date | None = None) -> TestRegister:
    """Fill an empty schema with what `init` makes, for two municipalities."""
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        registers.create(connection, 3006, MADE_AT, demo_as_of)
        botkyrka = registers.add_municipality(connection, "0127", "Botkyrka", None, 3011)
        salem = registers.add_municipality(connection, "0128", "Salem", None, 3011)
    return TestRegister(engine, operator(botkyrka), operator(salem))


def add_assets(
    work: Writing,
    keys: Sequence[str],
    asset_type: str = "water_pipe",
    source: str = "prov",
    geometries: Sequence[shapely.Geometry] | None = None,
    attributes: Sequence[dict[str, Any]] | None = None,
    **columns: Any,
) -> assets.Inserted:
    """Insert assets in service; a column that is no list holds for all of them."""
    given = {"status": "in_service", "fund": "va", **columns}
    spread = {name: value if isinstance(value, list) else [value] * len(keys) for name, value in given.items()}
    placed = {}
    if geometries is not None:
        placed = {"geometry_wkb": shapely.to_wkb(geometries).tolist(), "bounds": shapely.bounds(geometries)}
    return assets.insert_many(
        work, assets.NewAssets(asset_type, source, list(keys), spread, attributes=attributes, **placed)
    )


def add_check(
    work: Writing, asset: tuple[int, str], check_name: str, on: date, approved: bool = True, **more: Any
) -> None:
    """Put a check that was done on record."""
    row = {"kind": "check", "inspected_on": on, "check_name": check_name, "approved": approved, **more}
    inspections.insert_many(work, [asset[0]], [asset[1]], {name: [value] for name, value in row.items()})


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the newest schema and nothing in it, to copy."""
    path = tmp_path_factory.mktemp("schema") / "register.sqlite"
    engine = open_engine(f"sqlite:///{path}", create=True)
    schema.upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def migrated_postgis(_postgis_template: tuple[Engine, str]) -> Iterator[str]:
    """URL of a database with the newest schema, for one test after another."""
    server, template = _postgis_template
    name = f"assetmgr_register_{uuid.uuid4().hex}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    url = server.url.set(database=name).render_as_string(hide_password=False)
    engine = open_engine(url)
    schema.upgrade(engine)
    with engine.begin() as connection:
        spatial.create_geometry_column(connection, 3006)
    engine.dispose()
    yield url
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgis"])
def register(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TestRegister]:
    """A register with the newest schema and two municipalities."""
    if request.param == "sqlite":
        path = tmp_path / "register.sqlite"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        engine = open_engine(f"sqlite:///{path}")
    else:
        engine = open_engine(request.getfixturevalue("migrated_postgis"))
        with engine.begin() as connection:
            names = ", ".join(models.metadata.tables)
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    yield make_register(engine)
    engine.dispose()
