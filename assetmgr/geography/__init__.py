"""Sweden's municipalities with their boundaries, as shipped with the package.

The boundaries are generalised, so a point near one may fall on the wrong side. Their origin and terms stand in
ATTRIBUTION.txt. The table is put here by the build (hatch_build.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Municipality:
    """A municipality: its four-digit code, name, and boundary in EPSG:4326 (longitude, then latitude, in degrees)."""

    code: str
    name: str
    boundary: BaseGeometry


def municipalities() -> list[tuple[str, str]]:
    """Code and name of each municipality, by code."""
    table = _table()
    return sorted(zip(table["kommun_kod"].to_pylist(), table["kommun"].to_pylist(), strict=True))


def municipality(code: str) -> Municipality | None:
    """The municipality with this four-digit code, or None if there is none."""
    import shapely  # slow to load, and few commands need a boundary

    table = _table()
    row = table["kommun_kod"].index(code).as_py()
    if row < 0:
        return None
    return Municipality(code, table["kommun"][row].as_py(), shapely.from_wkb(table["geometry"][row].as_py()))


def attribution() -> str:
    """Where the boundaries come from and on what terms."""
    return resources.files(__name__).joinpath("ATTRIBUTION.txt").read_text(encoding="utf-8")


@cache
def _table() -> pyarrow.Table:
    import pyarrow.parquet  # slow to load, and few commands need a boundary

    with resources.as_file(resources.files(__name__).joinpath("municipalities.parquet")) as path:
        return pyarrow.parquet.read_table(path, columns=["kommun_kod", "kommun", "geometry"])
