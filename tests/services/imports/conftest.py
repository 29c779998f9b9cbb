"""A register to import into, and a hand to write small files with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from assetmgr.services.imports import ImportOptions, ImportResult, run_import
from geodata.write import write_layer
from tests.registers import (  # noqa: F401 - fixtures
    TestRegister,
    migrated_postgis,
    migrated_sqlite,
    register,
)

Rows = Mapping[str, Sequence[Any]]


class Deliveries:
    """Writes files and imports them as Botkyrka's operator."""

    def __init__(self, register: TestRegister, folder: Path) -> None:  # noqa: F811
        self.register, self.folder = register, folder

    def csv(self, text: str, name: str = "rader.csv", encoding: str = "utf-8-sig") -> Path:
        """A text file with these lines."""
        path = self.folder / name
        path.write_bytes(text.encode(encoding))
        return path

    def geopackage(
        self,
        columns: Rows,
        lines: Sequence[shapely.Geometry | None],
        name: str = "ledningar.gpkg",
        crs: str = "EPSG:3006",
    ) -> Path:
        """A GeoPackage with one layer."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        shapes = pa.table(dict(columns))
        geometry = np.empty(len(lines), dtype=object)
        geometry[:] = lines
        write_layer(path, "gpkg", shapes, geometry, crs, "ledningar")
        return path

    def run(self, file: Path, asset_type: str = "water_pipe", **options: Any) -> ImportResult:
        """Import a file."""
        return run_import(self.register.engine, self.register.botkyrka, ImportOptions(file, asset_type, **options))


@pytest.fixture
def deliveries(register: TestRegister, tmp_path: Path) -> Deliveries:  # noqa: F811
    """A hand that delivers files."""
    return Deliveries(register, tmp_path)


@pytest.fixture
def known(register: TestRegister) -> Callable[[str], dict[str, Any]]:  # noqa: F811
    """What the register shows of an asset by its identity."""
    from assetmgr.services.assets import show
    from assetmgr.store import registers
    from assetmgr.store.writing import reading

    def look(identity: str) -> dict[str, Any]:
        with reading(register.engine) as connection:
            return show(connection, register.botkyrka, registers.info(connection), identity)

    return look
