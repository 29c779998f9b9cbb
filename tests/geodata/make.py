"""Makes real files for the tests of reading: the smallest ones that show a behaviour."""

import sqlite3
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio
import shapely

from geodata.errors import LayerError
from geodata.formats import format_for_suffix
from geodata.layer import Layer
from geodata.layer_assembly import assemble
from geodata.limits import Limits

VRT = """<OGRVRTDataSource><OGRVRTLayer name="canary"><SrcDataSource>{source}</SrcDataSource>
<SrcLayer>canary</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"""

LINES = ("LINESTRING (674000 6580000, 674100 6580000)", "LINESTRING (674100 6580000, 674100 6580200)")


def geopackage(
    path: Path,
    shapes: Sequence[str | None] = LINES,
    columns: Mapping[str, Sequence[Any]] | None = None,
    layer: str = "ledningar",
    crs: str | None = "EPSG:3006",
    kind: str = "Unknown",
    append: bool = False,
    driver: str = "GPKG",
    **options: Any,
) -> Path:
    """A file of a GIS program's making, with text, whole numbers and numbers unless told otherwise."""
    names = pa.array([f"Å{n}" for n in range(len(shapes))], type=pa.string())
    shown = columns or {"namn": names, "dim": pa.array([100 + n for n in range(len(shapes))], type=pa.int32())}
    wkb = [None if shape is None else shapely.to_wkb(shapely.from_wkt(shape)) for shape in shapes]
    table = pa.table({**shown, "geom": pa.array(wkb, type=pa.binary())})
    pyogrio.write_arrow(
        table,
        path,
        layer=layer,
        driver=driver,
        geometry_name="geom",
        geometry_type=kind,
        crs=crs,
        append=append,
        **options,
    )
    return path


def shapefile(path: Path, shapes: Sequence[str | None] = LINES, **options: Any) -> Path:
    return geopackage(path, shapes, driver="ESRI Shapefile", layer=path.stem, kind="LineString", **options)


def attribute_geopackage(path: Path, layer: str = "lista") -> Path:
    """A table without geometry."""
    pyogrio.write_arrow(pa.table({"namn": ["a", "b"]}), path, layer=layer, driver="GPKG")
    return path


def run_sql(path: Path, script: str) -> None:
    """Change a GeoPackage as an ill-meaning person would: with plain SQL."""
    with closing(sqlite3.connect(path)) as connection:
        for function in ("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            connection.create_function(function, 1, lambda _: 0.0)
        connection.create_function("ST_IsEmpty", 1, lambda _: 1)
        connection.executescript(script)
        connection.commit()


def archive(path: Path, members: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return path


def zipped(path: Path, files: Sequence[Path], folder: str = "") -> Path:
    return archive(path, {folder + file.name: file.read_bytes() for file in files})


def nested_collection(depth: int) -> bytes:
    """Well-known binary of a point inside `depth` collections."""
    head = b"\x01\x07\x00\x00\x00\x01\x00\x00\x00"
    return head * depth + shapely.to_wkb(shapely.Point(1, 2))


def array_of(*shapes: str | None) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Geometries from text, as an array with None for missing ones."""
    return np.array([None if shape is None else shapely.from_wkt(shape) for shape in shapes], dtype=object)


def layer_of(path: Path, limits: Limits | None = None) -> Layer:
    """What our own readers, which need no library, make of a file, without the process around them."""
    limits = limits or Limits()
    chosen = format_for_suffix(path.suffix)
    assert chosen is not None
    assert chosen.driver is None
    if not chosen.recognises(path):
        raise LayerError("format_mismatch", expected=chosen.name)
    return assemble(chosen.read(path, None, limits), limits)
