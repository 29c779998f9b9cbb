"""A table with geometry as a layer for map programs."""

from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from assetmgr.exports.report import CellKind, Table
from geodata import crs, write

LayerFormat = Literal["gpkg", "geojson"]
_TYPES: dict[CellKind, pa.DataType] = {
    "text": pa.string(),
    "whole": pa.int64(),
    "year": pa.int32(),
    "decimal": pa.float64(),
    "percent": pa.float64(),
    "date": pa.date32(),
    "yes_no": pa.bool_(),
}


def write_table(
    path: Path,
    layer_format: LayerFormat,
    table: Table,
    geometry: npt.NDArray[np.object_],
    stored_crs: int,
    shown_crs: int | None,
    layer_name: str,
) -> None:
    """Write rows under their technical names; geometry (n,) goes from the stored coordinates to those people use.

    GeoJSON is in longitude and latitude whatever is said. Raises geodata's LayerError where the file cannot be written.
    """
    target = crs.parse_crs(shown_crs or stored_crs)
    system = crs.parse_crs(stored_crs)
    if layer_format == "gpkg" and target != system:
        moved, failed = crs.transform(geometry, system, target)
        # Where the zone does not reach, the stored coordinates are the honest ones, for all rows alike.
        geometry, system = (geometry, system) if failed.any() else (moved, target)
    write.write_layer(path, layer_format, _columns(table), geometry, system, layer_name)


def _columns(table: Table) -> pa.Table:
    values: list[tuple[Any, ...]] = list(zip(*table.rows, strict=True)) if table.rows else [()] * len(table.columns)
    return pa.table(
        {
            column.field: pa.array(cells, type=_TYPES[column.kind])
            for column, cells in zip(table.columns, values, strict=True)
        }
    )
