"""GeoPackage: an SQLite database with layers. Its schema is checked with plain SQLite before GDAL opens it."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa

from geodata.encoding import decodes
from geodata.errors import LayerError
from geodata.formats.format import Format, head_of
from geodata.formats.gdal_rows import layer_rows
from geodata.formats.geopackage_schema import FeatureTable, check_schema, feature_tables, quoted
from geodata.gdal import check_driver
from geodata.layer import LayerSummary
from geodata.limits import Limits
from geodata.row_stream import RawLayer

DRIVER = "GPKG"
MAGIC = b"SQLite format 3\x00"
STOCK_ROW_IDS = frozenset({"fid", "ogc_fid", "ogr_fid"})
KINDS = {"GEOMETRY": "Unknown", "LINESTRING": "LineString", "POINT": "Point", "POLYGON": "Polygon"}
KINDS |= {"MULTILINESTRING": "MultiLineString", "MULTIPOINT": "MultiPoint", "MULTIPOLYGON": "MultiPolygon"}
WRONG = object()
SQLITE_DAMAGE = (sqlite3.DatabaseError, sqlite3.OperationalError)


def recognises(path: Path) -> bool:
    return head_of(path, 16) == MAGIC


def summaries(path: Path, limits: Limits) -> list[LayerSummary]:
    with closing(open_checked(path)) as connection:
        try:
            return [summary(connection, table) for table in feature_tables(connection)]
        except SQLITE_DAMAGE as error:
            raise LayerError("unreadable", reason="damaged") from error


def summary(connection: sqlite3.Connection, table: FeatureTable) -> LayerSummary:
    rows = connection.execute(f"SELECT count(*) FROM {quoted(table.name)}").fetchone()[0]
    columns = connection.execute(f"PRAGMA table_info({quoted(table.name)})").fetchall()
    fields = tuple(
        name
        for _, name, *_ in columns
        if name not in (table.geometry_column, table.row_id) and name not in STOCK_ROW_IDS
    )
    kind = (
        None if table.geometry_column is None else KINDS.get(table.geometry_type.upper(), table.geometry_type.title())
    )
    return LayerSummary(table.name, kind, rows, crs_of(connection, table), fields)


def read(path: Path, layer: str | None, limits: Limits) -> RawLayer:
    """All rows of one layer, in the order of its row ids; row n is the nth of them.

    The row id column is an attribute when the file's author named it, and only `row_ids` under GDAL's stock names.
    """
    # Loaded by now with this one driver; hidden here because importing it earlier would let in all drivers.
    import pyogrio
    from pyogrio import raw

    with closing(open_checked(path)) as connection:
        try:
            tables = feature_tables(connection)
            table = chosen(tables, layer)
            stored = connection.execute(f"SELECT count(*) FROM {quoted(table.name)}").fetchone()[0]
            crs = crs_of(connection, table)
        except SQLITE_DAMAGE as error:
            raise LayerError("unreadable", reason="damaged") from error
    if stored > limits.rows:
        raise LayerError("limit_exceeded", limit="rows", maximum=limits.rows)
    try:
        reported = pyogrio.read_info(str(path), layer=table.name)
    except (RuntimeError, ValueError) as error:
        raise LayerError("unreadable", reason="damaged") from error
    check_driver(reported["driver"], DRIVER)
    rows = layer_rows(raw, path, table.name, limits, IMMUTABLE="YES", LIST_ALL_TABLES="NO")
    if len(rows.row_ids) != stored:
        raise LayerError("unreadable", reason="damaged")
    try:
        rows.table.validate(full=True)
    except pa.ArrowInvalid:
        refuse_text(path, table)
    attributes = rows.table
    named_by_author = rows.row_id_name.lower() not in STOCK_ROW_IDS and rows.row_id_name not in attributes.column_names
    if table.row_id and named_by_author:
        attributes = attributes.add_column(0, rows.row_id_name, [rows.row_ids])
    return RawLayer(
        name=table.name,
        driver=DRIVER,
        table=attributes,
        wkb=rows.wkb,
        crs=crs,
        row_numbers=np.arange(1, stored + 1, dtype=np.int64),
        encoding="utf-8",
        issues=rows.issues,
        row_ids=rows.row_ids,
        row_id_name=rows.row_id_name,
    )


def chosen(tables: Sequence[FeatureTable], layer: str | None) -> FeatureTable:
    """The layer asked for, or the only one there is."""
    names = [table.name for table in tables]
    if not tables:
        raise LayerError("unreadable", reason="no_layers")
    if layer is None and len(tables) > 1:
        raise LayerError("several_layers", layers=names)
    found = [table for table in tables if layer is None or table.name == layer]
    if not found:
        raise LayerError("layer_not_found", layer=layer, layers=names)
    return found[0]


def open_checked(path: Path) -> sqlite3.Connection:
    """The file, found whole and with a harmless schema. A log of unsaved pages beside it is worked in first: it belongs
    to it.
    """
    check_length(path)
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        if head_of(path, 20)[18:20] == b"\x02\x02":
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        connection.execute("PRAGMA query_only = ON")
        check_schema(connection)
    except SQLITE_DAMAGE as error:
        if connection is not None:
            connection.close()
        raise LayerError("unreadable", reason="damaged") from error
    except LayerError:
        if connection is not None:
            connection.close()
        raise
    return connection


def check_length(path: Path) -> None:
    """A file shorter than its header says was cut off on its way. The header counts only if the last writer kept it."""
    head = head_of(path, 100)
    if len(head) < 100:
        raise LayerError("unreadable", reason="truncated")
    page = int.from_bytes(head[16:18], "big")
    page = 65_536 if page == 1 else page
    pages, kept = int.from_bytes(head[28:32], "big"), head[24:28] == head[92:96]
    if kept and pages * page > path.stat().st_size and not path.with_name(path.name + "-wal").exists():
        raise LayerError("unreadable", reason="truncated")


def refuse_text(path: Path, table: FeatureTable) -> NoReturn:
    """Name the first row whose text is not in UTF-8, as all text of a GeoPackage has to be."""
    with closing(sqlite3.connect(path)) as connection:
        connection.text_factory = lambda text: text if decodes(text, "utf-8") else WRONG
        for number, row in enumerate(connection.execute(f"SELECT * FROM {quoted(table.name)}"), 1):
            if any(value is WRONG for value in row):
                raise LayerError("wrong_encoding", expected="UTF-8", row=number)
    raise LayerError("unreadable", reason="damaged")


def crs_of(connection: sqlite3.Connection, table: FeatureTable) -> str | None:
    """ "EPSG:n" of a layer, else the definition in the file, None for the standard's "undefined" and layers without
    geometry.
    """
    if table.srs_id is None or table.srs_id in (-1, 0):
        return None
    found: Any = connection.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
        (table.srs_id,),
    ).fetchone()
    if found is None:
        return None
    organization, code, definition = found
    if str(organization).upper() in ("EPSG", "ESRI") and isinstance(code, int) and code > 0:
        return f"{str(organization).upper()}:{code}"
    return str(definition) if definition and str(definition).lower() != "undefined" else None


GEOPACKAGE = Format(
    name="GeoPackage",
    suffixes=(".gpkg",),
    driver=DRIVER,
    recognises=recognises,
    summaries=summaries,
    read=read,
    companions=(".gpkg-wal",),
)
