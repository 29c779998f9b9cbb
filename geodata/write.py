"""Writes layers into new files: GeoPackage in the layer's own coordinates, GeoJSON in degrees as RFC 7946 wants it."""

import contextlib
import json
import math
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from geodata.crs import Crs, parse_crs, transform
from geodata.errors import LayerError

Geometries = npt.NDArray[np.object_]
RFC_7946_CRS = 4326
DECIMALS = 8
"""Eight decimals of a degree are about a millimetre."""
ROWS_PER_BLOCK = 10_000
TYPES = (("Point", 0, 4), ("LineString", 1, 5), ("Polygon", 3, 6))
MULTI = shapely.GeometryType.MULTIPOINT


def write_layer(
    path: Path,
    format: Literal["gpkg", "geojson"],
    table: pa.Table,
    geometry: Geometries | None,
    crs: Crs | str | int,
    layer_name: str,
) -> None:
    """Write n rows and their (n,) geometries to `path`, which appears whole or not at all.

    An existing file there is replaced. `geometry` is in `crs`, east first. Dates stay dates. Raises LayerError
    ("output_unwritable") when the disk says no.
    """
    system = crs if isinstance(crs, Crs) else parse_crs(crs)
    if geometry is not None and len(geometry) != table.num_rows:
        raise ValueError("one geometry per row")
    try:
        with new_file(path, format) as unfinished:
            if format == "gpkg":
                write_geopackage(unfinished, table, geometry, system, layer_name)
            else:
                write_geojson(unfinished, table, geometry, system, layer_name)
    except OSError as error:
        raise LayerError("output_unwritable", file=path.name, reason=error.strerror or "") from error


@contextlib.contextmanager
def new_file(path: Path, format: str) -> Iterator[Path]:
    """A name beside the wanted one to write under; it takes the wanted name at the end, or goes away with an error."""
    folder = Path(tempfile.mkdtemp(prefix=".writing-", dir=path.parent))
    # GDAL warns on stderr of a GeoPackage that is called anything else.
    unfinished = folder / f"layer.{format}"
    try:
        yield unfinished
        os.replace(unfinished, path)
    finally:
        for left in folder.iterdir():
            left.unlink()
        folder.rmdir()


def write_geopackage(path: Path, table: pa.Table, geometry: Geometries | None, crs: Crs, layer_name: str) -> None:
    """One layer in a new GeoPackage."""
    # Slow to load, and of use only here: the rest of the package reads GDAL in the child.
    import pyogrio

    kind = common_type(geometry)
    columns = storable(table)
    try:
        if geometry is None:
            pyogrio.write_arrow(columns, path, layer=layer_name, driver="GPKG")
            return
        wkb = pa.array(shapely.to_wkb(promoted(geometry, kind)), type=pa.binary())
        name = next(name for name in ("geom", "geometry", "geom_") if name not in columns.column_names)
        pyogrio.write_arrow(
            columns.append_column(name, wkb),
            path,
            layer=layer_name,
            driver="GPKG",
            geometry_name=name,
            geometry_type=kind,
            crs=crs.text,
        )
    except RuntimeError as error:
        raise OSError(str(error)) from error


def storable(table: pa.Table) -> pa.Table:
    """Columns in types a GeoPackage has; empty columns as text."""
    columns = []
    for column in table.columns:
        if pa.types.is_null(column.type):
            column = column.cast(pa.string())
        elif pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        elif pa.types.is_decimal(column.type):
            column = column.cast(pa.float64())
        columns.append(column)
    return pa.table(columns, names=table.column_names) if columns else table


def common_type(geometry: Geometries | None) -> str:
    """The one OGC type that fits all: single where all are, multi where some are, "Unknown" for a mixture."""
    if geometry is None:
        return "Unknown"
    types = {int(number) for number in np.unique(shapely.get_type_id(geometry))} - {-1}
    fitting = [name for name, single, multi in TYPES if types and types <= {single, multi}]
    if not fitting:
        return "Unknown"
    return fitting[0] if len(types) == 1 and min(types) < MULTI else "Multi" + fitting[0]


def promoted(geometry: Geometries, kind: str) -> Geometries:
    """Single geometries as multi ones where the column is of a multi type."""
    makers: dict[str, Any] = {
        "MultiPoint": shapely.multipoints,
        "MultiLineString": shapely.multilinestrings,
        "MultiPolygon": shapely.multipolygons,
    }
    if kind not in makers:
        return geometry
    result = geometry.copy()
    single = ~shapely.is_missing(geometry) & (shapely.get_type_id(geometry) < MULTI)
    result[single] = makers[kind](geometry[single], indices=np.arange(int(single.sum())))
    return result


def write_geojson(path: Path, table: pa.Table, geometry: Geometries | None, crs: Crs, layer_name: str) -> None:
    """One collection in longitude and latitude (EPSG:4326), outer rings counterclockwise."""
    shapes = None if geometry is None else degrees_text(geometry, crs)
    with path.open("w", encoding="utf-8") as file:
        file.write(
            f'{{"type": "FeatureCollection", "name": {json.dumps(layer_name, ensure_ascii=False)}, "features": ['
        )
        for start in range(0, table.num_rows, ROWS_PER_BLOCK):
            write_features(file, table.slice(start, ROWS_PER_BLOCK), shapes, start)
        file.write("\n]}\n")


def write_features(file: IO[str], rows: pa.Table, shapes: npt.NDArray[np.object_] | None, start: int) -> None:
    """Some rows as features; `start` is the number of the first in the whole."""
    names = rows.column_names
    columns = [json_column(column) for column in rows.columns]
    values = zip(*columns, strict=True) if columns else ((),) * rows.num_rows
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    for place, row in enumerate(values, start):
        properties = encode(dict(zip(names, row, strict=True)))
        shape = None if shapes is None else shapes[place]
        separator = ",\n" if place else "\n"
        file.write(f'{separator}{{"type": "Feature", "properties": {properties}, "geometry": {shape or "null"}}}')


def degrees_text(geometry: Geometries, crs: Crs) -> npt.NDArray[np.object_]:
    """(n,) GeoJSON geometry texts. What lies where no degrees exist is an error: an export leaves nothing out
    silently.
    """
    degrees, failed = transform(geometry, crs, parse_crs(RFC_7946_CRS))
    if failed.any():
        raise ValueError("geometry outside the coordinate system")
    rounded = shapely.set_coordinates(degrees.copy(), np.round(shapely.get_coordinates(degrees), DECIMALS))
    texts: npt.NDArray[np.object_] = np.asarray(shapely.to_geojson(shapely.orient_polygons(rounded)), dtype=object)
    return texts


def json_column(column: pa.ChunkedArray) -> list[Any]:
    """Values JSON has: dates and times in ISO 8601, numbers that are none as null, bytes as hexadecimal text."""
    types, values = pa.types, column.to_pylist()
    if types.is_floating(column.type):
        return [value if value is not None and math.isfinite(value) else None for value in values]
    if types.is_temporal(column.type):
        return [None if value is None else value.isoformat() for value in values]
    if types.is_decimal(column.type):
        return [None if value is None else float(value) for value in values]
    if types.is_binary(column.type) or types.is_large_binary(column.type):
        return [None if value is None else value.hex() for value in values]
    found: list[Any] = values
    return found
