"""Where a plan may be written to: never over a register, nor over what belongs to one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from assetmgr.errors import AssetmgrError
from assetmgr.services import plan_exports
from assetmgr.store.writing import reading
from tests.planned_register import make_plan, new_register
from tests.registers import TestRegister


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestRegister, Path]]:
    folder = tmp_path_factory.mktemp("places")
    register = new_register(folder)
    make_plan(register)
    yield register, folder
    register.engine.dispose()


def export_to(register: TestRegister, path: Path, format_name: str = "csv") -> str | None:
    """The code of the refusal; None where the file was written."""
    try:
        with reading(register.engine) as connection:
            plan_exports.export(connection, register.botkyrka, "Plan A", format_name, None, path)
    except AssetmgrError as refused:
        return refused.code
    return None


@pytest.mark.parametrize("format_name", plan_exports.EXPORT_FORMATS)
def test_a_plan_is_never_written_over_its_own_register(planned: tuple[TestRegister, Path], format_name: str) -> None:
    register, folder = planned
    database = folder / "register.sqlite"
    before = database.stat().st_ino
    assert export_to(register, database, format_name) == "file_is_register"
    assert database.stat().st_ino == before
    with reading(register.engine) as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


def test_nor_over_what_stands_beside_it_or_means_it_under_another_name(planned: tuple[TestRegister, Path]) -> None:
    register, folder = planned
    database = folder / "register.sqlite"
    (folder / "register.sqlite.secret").write_text("hemligt")
    (folder / "symbolic.csv").symlink_to(database)
    (folder / "hard.csv").hardlink_to(database)
    for name in ("register.sqlite-wal", "register.sqlite-shm", "register.sqlite.secret", "symbolic.csv", "hard.csv"):
        assert (name, export_to(register, folder / name)) == (name, "file_is_register")


def test_nor_over_another_register_but_over_any_other_file(planned: tuple[TestRegister, Path], tmp_path: Path) -> None:
    register, _folder = planned
    other = new_register(tmp_path)
    other.engine.dispose()
    copy = shutil.copy(tmp_path / "register.sqlite", tmp_path / "kopia.gpkg")
    assert export_to(register, Path(copy), "gpkg") == "file_is_register"
    plain = tmp_path / "plan.gpkg"
    assert [export_to(register, plain, "gpkg") for _ in range(2)] == [None, None]
