"""What GDAL reads, as plain columns: attributes, linear geometry, row ids."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from geodata.errors import LayerError
from geodata.gdal import ARC_RELATIVE_ERROR, ARC_STEP_DEGREES
from geodata.issues import WARNING, Issue
from geodata.limits import Limits
from geodata.wkb_guard import CURVED, missing_flags, read_uint32

WKB_NAMES = ("wkb_geometry", "geometry")


@dataclass(frozen=True)
class GdalRows:
    """n rows of one layer: attributes, (n,) WKB or None, (n,) GDAL's own row ids with their column's name."""

    table: pa.Table
    wkb: pa.Array | None
    row_ids: npt.NDArray[np.int64]
    row_id_name: str
    meta: Mapping[str, Any]
    issues: tuple[Issue, ...]


def layer_rows(
    raw: ModuleType, path: Path, layer: str | None, limits: Limits, encoding: str | None = None, **options: Any
) -> GdalRows:
    """Read a whole layer; curves come back as lines and an issue says so. Whatever the library calls an error is
    "unreadable".
    """
    settings: dict[str, Any] = {"layer": layer, "encoding": encoding, **options}
    try:
        meta, table = raw.read_arrow(str(path), return_fids=True, **settings)
        geometry_name = geometry_column(meta, table)
        row_id_name = str(meta.get("fid_column") or "fid") if meta.get("fid_column") in table.column_names else "fid"
        wkb, issues = linear(table.column(geometry_name), raw, path, settings) if geometry_name else (None, ())
    except (RuntimeError, ValueError, pa.ArrowException, OSError) as error:
        raise LayerError("unreadable", reason="damaged") from error
    if table.num_rows > limits.rows:
        raise LayerError("limit_exceeded", limit="rows", maximum=limits.rows)
    own = [name for name in table.column_names if name not in (geometry_name, row_id_name)]
    if len(own) > limits.columns:
        raise LayerError("limit_exceeded", limit="columns", maximum=limits.columns)
    row_ids = np.array(table.column(row_id_name).to_numpy(), dtype=np.int64)
    return GdalRows(plain_table(table, own), wkb, row_ids, row_id_name, meta, issues)


def geometry_column(meta: Mapping[str, Any], table: pa.Table) -> str | None:
    """The name of the geometry in the table. A shapefile's has none of its own and comes under a stock name."""
    if meta.get("geometry_type") is None:
        return None
    named = meta.get("geometry_name")
    if named and named in table.column_names:
        return str(named)
    return next((name for name in WKB_NAMES if name in table.column_names), None)


def linear(
    column: pa.ChunkedArray, raw: ModuleType, path: Path, settings: Mapping[str, Any]
) -> tuple[pa.Array, tuple[Issue, ...]]:
    """Geometry without curves. The fast reader leaves them in; the slow one turns them into lines, so it runs only
    where needed.
    """
    wkb = one_array(column)
    curves = int(np.isin(type_codes(wkb) % 1000, list(CURVED)).sum())
    if not curves:
        return wkb, ()
    geometries = raw.read(str(path), columns=[], **settings)[2]
    details = {"count": curves, "step_degrees": ARC_STEP_DEGREES, "relative_error": ARC_RELATIVE_ERROR}
    return pa.array(geometries, type=pa.binary()), (Issue(WARNING, "curve_linearised", details=details),)


def type_codes(wkb: pa.Array) -> npt.NDArray[np.int64]:
    """The type number of every geometry, 0 where there is none. What comes from GDAL is little-endian."""
    wide = pa.types.is_large_binary(wkb.type)
    _, offsets, data = wkb.buffers()
    if data is None or not len(wkb):
        return np.zeros(len(wkb), dtype=np.int64)
    starts = np.frombuffer(offsets, dtype=np.int64 if wide else np.int32)[wkb.offset : wkb.offset + len(wkb)].astype(
        np.int64
    )
    codes = read_uint32(np.frombuffer(data, dtype=np.uint8), starts + 1, True) & 0x0FFFFFFF
    return np.where(missing_flags(wkb), 0, codes)


def one_array(column: pa.ChunkedArray) -> pa.Array:
    """All chunks in one plain binary array."""
    chunks = [chunk.storage if isinstance(chunk, pa.ExtensionArray) else chunk for chunk in column.chunks]
    if not chunks:
        return pa.array([], type=pa.binary())
    return chunks[0] if len(chunks) == 1 else pa.concat_arrays(chunks)


def plain_table(table: pa.Table, names: list[str]) -> pa.Table:
    """The attributes without the reader's own markings: coded values as their codes, special types as what they are
    stored in.
    """
    columns = []
    for name in names:
        column = table.column(name)
        if isinstance(column.type, pa.BaseExtensionType):
            column = pa.chunked_array([chunk.storage for chunk in column.chunks], type=column.type.storage_type)
        if pa.types.is_dictionary(column.type):
            column = pa.chunked_array([chunk.indices for chunk in column.chunks], type=column.type.index_type)
        if pa.types.is_list(column.type) or pa.types.is_struct(column.type):
            texts = [None if value is None else json.dumps(value, ensure_ascii=False) for value in column.to_pylist()]
            column = pa.chunked_array([pa.array(texts, type=pa.string())])
        columns.append(column)
    if not names:
        return pa.table({"": pa.nulls(table.num_rows)}).select([])
    return pa.table(columns, names=names)
