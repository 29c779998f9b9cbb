"""The neutral row stream: what a foreign file is reduced to before anything else sees it."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from geodata.issues import Issue


@dataclass(frozen=True)
class Layer:
    """n rows of one layer.

    `table`: attribute columns as the file had them (strings stay strings, numbers numbers), without geometry.
    `geometry`: (n,) object array of shapely geometries or None, in the file's own coordinates, always east/longitude
    first, linear (curves already linearised), 2D; None where the file has no geometry at all.
    `crs`: the coordinate system as "EPSG:n" or WKT; None where the file does not say.
    `row_numbers`: (n,) int64, as `Issue.row`.
    `issues`: what reading itself found (dropped Z, linearised curves, guessed encoding, ...). An ERROR with a row is
    about a row that was left out of the table.
    `row_ids`: (n,) the format's own row numbering (a GeoPackage's `fid`), named `row_id_name`. It can serve as a key
    when a person asks for it, but programs renumber it when they save, so it is no attribute. None where the format has
    none.
    """

    name: str
    driver: str
    table: pa.Table
    geometry: npt.NDArray[np.object_] | None
    crs: str | None
    row_numbers: npt.NDArray[np.int64]
    encoding: str | None = None
    issues: tuple[Issue, ...] = field(default=())
    row_ids: npt.NDArray[np.int64] | None = None
    row_id_name: str | None = None


@dataclass(frozen=True)
class LayerSummary:
    """What a file says about one of its layers, without its rows.

    `geometry_kind` is "Point", "LineString", "Polygon", another OGC name, "Unknown", or None without geometry; `crs` as
    in `Layer`.
    """

    name: str
    geometry_kind: str | None
    rows: int
    crs: str | None
    fields: tuple[str, ...]
