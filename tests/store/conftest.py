"""Empty databases of both kinds, and registers in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assetmgr.store.engine import open_engine
from tests.registers import migrated_postgis, migrated_sqlite, register

__all__ = ["empty_engine", "migrated_postgis", "migrated_sqlite", "register"]


@pytest.fixture(params=["sqlite", "postgis"])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database that nothing has been done to yet."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'register.sqlite'}"
    else:
        url = request.getfixturevalue("postgres_url")
    engine = open_engine(url, create=True)
    yield engine
    engine.dispose()
