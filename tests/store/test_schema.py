"""The schema: from nothing to the newest, as the models say on both databases, and never over somebody else's data."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from assetmgr import models
from assetmgr.errors import DatabaseUnusable
from assetmgr.store import engine as engines
from assetmgr.store import schema
from assetmgr.store.engine import WRITES, open_engine
from tests.registers import TestRegister


def _is_ours_to_compare(_thing: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    by_hand = ("asset_bounds", "spatial_ref_sys", "alembic_version")
    if kind == "table":
        return not (name or "").startswith(by_hand)
    return name not in ("geom", "ix_asset_geom")


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
def test_migrations_from_empty_give_the_tables_of_the_models(register: TestRegister) -> None:
    with register.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": _is_ours_to_compare, "compare_type": True}
        )
        assert compare_metadata(context, models.metadata) == []
        assert set(models.metadata.tables) <= set(inspect(connection).get_table_names())


def test_upgrade_of_an_up_to_date_register_changes_nothing(register: TestRegister) -> None:
    schema.upgrade(register.engine)
    assert schema.check_usable(register.engine) == schema.newest_revision()


def test_empty_database_is_no_register_until_it_is_made_one(empty_engine: Engine) -> None:
    with pytest.raises(DatabaseUnusable) as caught:
        schema.check_usable(empty_engine)
    assert caught.value.code == "database_empty"
    assert schema.check_usable(empty_engine, may_be_empty=True) is None


def test_register_of_a_newer_program_is_refused_untouched(empty_engine: Engine) -> None:
    schema.upgrade(empty_engine)
    with empty_engine.connect().execution_options(**WRITES) as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for refused in (schema.check_usable, schema.upgrade):
        with pytest.raises(DatabaseUnusable) as caught:
            refused(empty_engine)
        assert caught.value.code == "schema_newer"
        assert caught.value.details["found"] == "9999"
    with empty_engine.connect() as connection:
        assert schema.current_revision(connection) == "9999"


def test_failing_migration_leaves_nothing_behind(empty_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", fail)
        with pytest.raises(RuntimeError):
            schema.upgrade(empty_engine)
    with empty_engine.connect() as connection:
        assert "asset" not in inspect(connection).get_table_names()
    schema.upgrade(empty_engine)
    assert schema.check_usable(empty_engine) == schema.newest_revision()


def test_somebody_elses_database_is_refused_untouched(empty_engine: Engine) -> None:
    with empty_engine.connect().execution_options(**WRITES) as connection, connection.begin():
        connection.execute(text("CREATE TABLE recipes (id INTEGER PRIMARY KEY, name TEXT)"))
        connection.execute(text("INSERT INTO recipes VALUES (1, 'kroppkakor')"))
    for refused in (schema.check_usable, schema.upgrade):
        with pytest.raises(DatabaseUnusable) as caught:
            refused(empty_engine)
        assert caught.value.code == "not_a_register"
    with empty_engine.connect() as connection:
        assert "asset" not in inspect(connection).get_table_names()
        assert connection.execute(text("SELECT name FROM recipes")).scalar_one() == "kroppkakor"


@pytest.mark.parametrize("content", [b"id;material\n1;PVC\n", b"SQLite format 3\x00" + b"\xff" * 5000, b"x"])
def test_file_that_is_no_database_is_refused_untouched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "register.sqlite"
    path.write_bytes(content)
    with pytest.raises(DatabaseUnusable) as caught:
        schema.upgrade(open_engine(f"sqlite:///{path}", create=True))
    assert caught.value.code == "not_a_register"
    assert path.read_bytes() == content
    assert sorted(other.name for other in tmp_path.iterdir()) == ["register.sqlite"]


def test_folder_is_no_register(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable) as caught:
        open_engine(f"sqlite:///{tmp_path}")
    assert caught.value.code == "not_a_register"


def test_missing_file_is_not_made_by_looking(tmp_path: Path) -> None:
    path = tmp_path / "saknas" / "register.sqlite"
    with pytest.raises(DatabaseUnusable) as caught:
        open_engine(f"sqlite:///{path}")
    assert caught.value.code == "database_missing"
    assert not path.parent.exists()


@pytest.mark.parametrize("url", ["nonsense://x", "sqlite//:x", "oracle://x/y", "::"])
def test_address_that_names_no_database_we_know_is_refused(url: str) -> None:
    with pytest.raises(DatabaseUnusable) as caught:
        open_engine(url)
    assert caught.value.code == "database_url_invalid"


def test_server_that_does_not_answer_is_a_plain_refusal() -> None:
    with pytest.raises(DatabaseUnusable) as caught:
        schema.check_usable(open_engine("postgresql+psycopg://nobody:hemligt@127.0.0.1:1/nothing"))
    assert caught.value.code == "database_unreachable"
    assert "hemligt" not in str(caught.value)


def test_new_register_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "ny" / "register.sqlite"
    schema.upgrade(open_engine(f"sqlite:///{path}", create=True))
    assert path.stat().st_mode & 0o077 == 0


def test_sqlite_is_set_up_so_that_no_acknowledged_write_is_lost(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'register.sqlite'}", create=True)
    with engine.connect() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0}


def test_sqlite_with_the_corruption_fault_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Faulty:
        sqlite_version_info = (3, 40, 1)
        sqlite_version = "3.40.1"

    monkeypatch.setattr(engines.importlib, "import_module", lambda _name: Faulty)
    with pytest.raises(DatabaseUnusable) as caught:
        engines.sqlite_module()
    assert dict(caught.value.details) == {"found": "3.40.1", "needed": "3.51.3"}


def test_python_without_the_bundled_sqlite_uses_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_name: str) -> object:
        raise ImportError

    monkeypatch.setattr(engines.importlib, "import_module", missing)
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))
    assert engines.sqlite_module() is sqlite3
