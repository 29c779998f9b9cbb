"""Turns checked rows into a layer: parses geometry that the guard let through, drops heights, leaves out rows that
cannot be.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from geodata.crs import crs_text
from geodata.errors import LayerError
from geodata.issues import ERROR, WARNING, Issue
from geodata.layer import Layer
from geodata.limits import Limits
from geodata.row_stream import RawLayer
from geodata.wkb_guard import BROKEN, FINE, TOO_DEEP, UNSUPPORTED, WkbReport, inspect_wkb

KIND_NAMES = {
    8: "CircularString",
    9: "CompoundCurve",
    10: "CurvePolygon",
    11: "MultiCurve",
    12: "MultiSurface",
    15: "PolyhedralSurface",
    16: "TIN",
    17: "Triangle",
}


def assemble(raw: RawLayer, limits: Limits) -> Layer:
    """The layer of these rows. Rows in error are left out and stand among the issues, in the order of the file."""
    if len(raw.row_numbers) != raw.table.num_rows and raw.table.num_columns:
        raise LayerError("reader_failed", reason="protocol")
    crs, issues = readable_crs(raw)
    layer = Layer(
        name=raw.name,
        driver=raw.driver,
        table=raw.table,
        geometry=None,
        crs=crs,
        row_numbers=raw.row_numbers,
        encoding=raw.encoding,
        issues=(*raw.issues, *issues),
        row_ids=raw.row_ids,
        row_id_name=raw.row_id_name,
    )
    return layer if raw.wkb is None else with_geometry(layer, raw.wkb, limits)


def readable_crs(raw: RawLayer) -> tuple[str | None, list[Issue]]:
    if raw.crs is None:
        return None, []
    try:
        return crs_text(raw.crs), []
    except LayerError:
        return None, [Issue(WARNING, "crs_unreadable", details={"crs": raw.crs[:200]})]


def with_geometry(layer: Layer, wkb: pa.Array, limits: Limits) -> Layer:
    """Parse (n,) WKB; the result may have fewer rows."""
    report = inspect_wkb(wkb, limits.nesting)
    if (report.verdict == TOO_DEEP).any():
        raise LayerError("hostile_file", reason="wkb", name=f"{int(layer.row_numbers[report.verdict == TOO_DEEP][0])}")
    if int(report.vertices.sum()) > limits.vertices:
        raise LayerError("limit_exceeded", limit="vertices", maximum=limits.vertices)
    values = wkb.to_numpy(zero_copy_only=False)
    geometry: npt.NDArray[np.object_] = np.full(len(values), None, dtype=object)
    fine = report.verdict == FINE
    geometry[fine] = shapely.from_wkb(values[fine], on_invalid="ignore")
    broken = (fine & shapely.is_missing(geometry)) | (report.verdict == BROKEN)
    has_height = fine & (report.has_z | report.has_m)
    geometry[has_height] = shapely.force_2d(geometry[has_height])
    geometry[shapely.is_empty(geometry)] = None
    endless = not_finite(geometry)
    unsupported = report.verdict == UNSUPPORTED
    issues = [
        *row_issues(layer, broken, "geometry_unreadable"),
        *row_issues(layer, endless, "coordinates_not_finite"),
        *unsupported_issues(layer, report, unsupported),
    ]
    issues.sort(key=lambda issue: issue.row or 0)
    kept = ~(broken | endless | unsupported)
    return keep(
        replace(layer, geometry=geometry, issues=(*layer.issues, *dimension_issues(report, kept), *issues)), kept
    )


def not_finite(geometry: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """(n,) whether a geometry has a coordinate that is no number or endless."""
    coordinates, owner = shapely.get_coordinates(geometry, return_index=True)
    bad = np.zeros(len(geometry), dtype=bool)
    bad[owner[~np.isfinite(coordinates).all(axis=1)]] = True
    return bad


def dimension_issues(report: WkbReport, kept: npt.NDArray[np.bool_]) -> list[Issue]:
    counts = {"z_dropped": int((report.has_z & kept).sum()), "m_dropped": int((report.has_m & kept).sum())}
    return [Issue(WARNING, code, details={"count": count}) for code, count in counts.items() if count]


def row_issues(layer: Layer, rows: npt.NDArray[np.bool_], code: str) -> list[Issue]:
    return [Issue(ERROR, code, row=int(number)) for number in layer.row_numbers[rows]]


def unsupported_issues(layer: Layer, report: WkbReport, rows: npt.NDArray[np.bool_]) -> list[Issue]:
    kinds = [KIND_NAMES.get(int(kind), str(int(kind))) for kind in report.kind[rows]]
    numbers = layer.row_numbers[rows]
    return [
        Issue(ERROR, "geometry_unsupported", row=int(number), details={"type": kind})
        for number, kind in zip(numbers, kinds, strict=True)
    ]


def keep(layer: Layer, rows: npt.NDArray[np.bool_]) -> Layer:
    """Only these rows of a layer, in all its columns."""
    if rows.all():
        return layer
    return replace(
        layer,
        table=layer.table.filter(pa.array(rows)) if layer.table.num_columns else layer.table.slice(0, int(rows.sum())),
        geometry=None if layer.geometry is None else layer.geometry[rows],
        row_numbers=layer.row_numbers[rows],
        row_ids=None if layer.row_ids is None else layer.row_ids[rows],
    )
