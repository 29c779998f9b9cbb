"""Where the rows are: geometry in the register's coordinate system, checked against its area of use and the
municipality.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from assetmgr.catalogue.model import AssetType
from assetmgr.catalogue.naming import is_blank
from assetmgr.errors import ImportRefused
from assetmgr.services.imports import values
from assetmgr.services.imports.mapping import EAST, NORTH, WKT, FieldMapping
from assetmgr.services.imports.options import ImportOptions
from assetmgr.store.registers import RegisterInfo
from geodata import crs, geometry
from geodata.issues import ERROR, WARNING, Issue
from geodata.layer import Layer

OUTSIDE_DISTANCE_M = 2_000.0
"""The municipality's boundary is generalised: only what lies further away counts as outside."""
OUTSIDE_SHARE = 0.05
"""The share of rows outside above which a whole layer is refused; fewer are warnings."""

_WKT_KINDS = ("POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON")
_DEEPEST_WKT = 4

_KIND_NAMES: dict[int, str] = {
    int(shapely.GeometryType[name.upper()]): name
    for name in ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")
}

Geometries = npt.NDArray[np.object_]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Placed:
    """n rows in the register's coordinate system: geometry or None, which rows are refused for it, and what was
    found.
    """

    geometry: Geometries | None
    refused: Mask
    issues: tuple[Issue, ...]


def place(
    layer: Layer, mapping: FieldMapping, asset_type: AssetType, register: RegisterInfo, options: ImportOptions
) -> Placed:
    """Bring a layer's geometry into the register, or raise ImportRefused where the layer as a whole cannot be."""
    count = len(layer.row_numbers)
    refused = np.zeros(count, dtype=bool)
    issues: list[Issue] = []
    found = layer.geometry
    declared = options.crs or layer.crs
    if found is None:
        found = _from_columns(layer, mapping, refused, issues)
        if mapping.degrees and options.crs is None:
            declared = "EPSG:4326"
    if found is None or not _known(found).any():
        return Placed(None, refused, tuple(issues))
    if asset_type.geometry_kind is None:
        issues.append(Issue(WARNING, "geometry_not_kept", details={"asset_type": asset_type.name}))
        return Placed(None, refused, tuple(issues))
    if not declared:
        raise ImportRefused("crs_missing", file=options.file.name, guesses=_guesses(found))
    source, target = crs.parse_crs(declared), crs.parse_crs(register.crs_epsg)
    _check_axes(found, source, options)
    placed, unplaceable = crs.transform(geometry.unwrap(geometry.flat(found)), source, target)
    _refuse(layer, refused, issues, unplaceable, "coordinates_unusable", crs=source.name)
    _check_kind(layer, placed, asset_type, refused, issues)
    if not options.accept_outside:
        _check_area_of_use(layer, placed, target, register, refused, issues)
        _check_municipality(layer, placed, register, refused, issues)
    missing = ~_known(placed) & ~refused
    if missing.any():
        issues.append(
            Issue(WARNING, "geometry_missing", details={"count": int(missing.sum()), **_first(layer, missing)})
        )
    return Placed(placed, refused, tuple(issues))


def _first(layer: Layer, mask: Mask) -> dict[str, list[int]]:
    return {"rows": layer.row_numbers[mask][:5].tolist()}


def _refuse(layer: Layer, refused: Mask, issues: list[Issue], mask: Mask, code: str, **details: object) -> None:
    """One error per row that the mask names and nothing has refused yet."""
    fresh = mask & ~refused
    issues.extend(
        Issue(ERROR, code, row=int(row), field="geometry", details=details) for row in layer.row_numbers[fresh]
    )
    refused |= fresh


def _guesses(found: Geometries) -> list[str]:
    return [str(guess) for guess in crs.guess_crs(tuple(shapely.total_bounds(found)))]


def _check_axes(found: Geometries, source: crs.Crs, options: ImportOptions) -> None:
    """Swedish surveyors write X for north: a layer whose numbers only fit the other way round is refused, never
    turned.
    """
    bounds = tuple(shapely.total_bounds(found))
    if crs.swapped_axes(bounds, source):
        raise ImportRefused("axes_swapped", file=options.file.name, crs=source.name, first=bounds[0], second=bounds[1])


def _from_columns(layer: Layer, mapping: FieldMapping, refused: Mask, issues: list[Issue]) -> Geometries | None:
    if EAST in mapping.others and NORTH in mapping.others:
        return _points(layer, mapping, refused, issues)
    if WKT in mapping.others:
        return _from_wkt(layer, mapping.others[WKT], refused, issues)
    return None


def _points(layer: Layer, mapping: FieldMapping, refused: Mask, issues: list[Issue]) -> Geometries:
    pair = []
    for target in (EAST, NORTH):
        name = mapping.others[target]
        column = values.convert_column(
            layer.table[name], values.number_converter(mapping.unknown.get(name, frozenset()))
        )
        wrong = np.array([problem is not None for problem in column.problems])
        for row, raw in zip(layer.row_numbers[wrong & ~refused], column.raw[wrong & ~refused], strict=True):
            issues.append(Issue(ERROR, values.NOT_A_NUMBER, row=int(row), field=name, value=str(raw)[:200]))
        refused |= wrong
        pair.append(np.array([np.nan if value is None else value for value in column.values], dtype=np.float64))
    points = np.full(len(pair[0]), None, dtype=object)
    known = ~(np.isnan(pair[0]) | np.isnan(pair[1]))
    points[known] = shapely.points(pair[0][known], pair[1][known])
    return points


def _from_wkt(layer: Layer, name: str, refused: Mask, issues: list[Issue]) -> Geometries:
    cells, index = values.distinct(layer.table[name])
    shapes = np.full(len(cells), None, dtype=object)
    wrong = np.full(len(cells), None, dtype=object)
    for at, cell in enumerate(cells):
        if is_blank(cell):
            continue
        shape = _parse_wkt(str(cell))
        if shape is None:
            wrong[at] = "geometry_unreadable"
        elif not np.isfinite(shapely.get_coordinates(shape)).all():
            wrong[at] = "coordinates_not_finite"
        elif not shapely.is_empty(shape):
            shapes[at] = shape
    codes = wrong[index]
    for place in np.flatnonzero(codes != None):  # noqa: E711 - cell by cell
        row, raw = int(layer.row_numbers[place]), cells[index[place]]
        issues.append(Issue(ERROR, codes[place], row=row, field=name, value=str(raw)[:80]))
        refused[place] = True
    return shapes[index]


def _parse_wkt(text: str) -> shapely.Geometry | None:
    """A geometry from text that people typed; deep nesting, which would bring the parser down, is refused unread."""
    word = text.strip().split("(")[0].strip().upper().split(" ")[0].removesuffix("M").removesuffix("Z")
    depth = deepest = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        deepest = max(deepest, depth)
    if word not in _WKT_KINDS or deepest > _DEEPEST_WKT:
        return None
    with np.errstate(invalid="ignore"):
        shape = shapely.from_wkt(text, on_invalid="ignore")
    return None if shape is None else shapely.force_2d(shape)


def _check_kind(layer: Layer, placed: Geometries, asset_type: AssetType, refused: Mask, issues: list[Issue]) -> None:
    """Refuse shapes of a kind that the type does not take, and invalid ones; tell of lines without length."""
    known = _known(placed)
    kinds = shapely.get_type_id(placed)
    accepted = [kind for kind in _KIND_NAMES if asset_type.accepts_geometry(_KIND_NAMES[kind])]
    wrong = known & ~np.isin(kinds, accepted)
    if wrong.any() and wrong[known].all():
        found = sorted({_KIND_NAMES.get(kind, "?") for kind in set(kinds[wrong].tolist())})
        raise ImportRefused("wrong_geometry_kind", found=found, expected=asset_type.geometry_kind)
    _refuse(layer, refused, issues, wrong, "wrong_geometry_kind_row", expected=asset_type.geometry_kind)
    valid, reasons = geometry.validity(placed)
    for place in np.flatnonzero(known & ~valid & ~refused):
        row = int(layer.row_numbers[place])
        if reasons[place] == "Zero length":
            issues.append(Issue(WARNING, "zero_length", row=row, field="geometry"))
            continue
        issues.append(Issue(ERROR, "geometry_invalid", row=row, field="geometry", value=reasons[place]))
        refused[place] = True


def _check_area_of_use(
    layer: Layer, placed: Geometries, target: crs.Crs, register: RegisterInfo, refused: Mask, issues: list[Issue]
) -> None:
    outside = _known(placed) & ~crs.within_area_of_use(placed, target)
    if _share(outside, placed) > OUTSIDE_SHARE:
        raise ImportRefused("outside_area_of_use", crs=target.name, count=int(outside.sum()), **_first(layer, outside))
    _refuse(layer, refused, issues, outside, "outside_area_of_use_row", crs=target.name)


def _check_municipality(
    layer: Layer, placed: Geometries, register: RegisterInfo, refused: Mask, issues: list[Issue]
) -> None:
    if register.boundary is None:
        return
    reach = shapely.buffer(shapely.from_wkb(register.boundary), OUTSIDE_DISTANCE_M)
    shapely.prepare(reach)
    outside = _known(placed) & ~shapely.intersects(reach, placed)
    if _share(outside, placed) > OUTSIDE_SHARE:
        raise ImportRefused(
            "outside_municipality",
            municipality=register.name,
            count=int(outside.sum()),
            read=len(placed),
            **_first(layer, outside),
        )
    issues.extend(
        Issue(
            WARNING, "outside_municipality_row", row=int(row), field="geometry", details={"municipality": register.name}
        )
        for row in layer.row_numbers[outside & ~refused]
    )


def _known(placed: Geometries) -> Mask:
    return ~shapely.is_missing(placed)


def _share(outside: Mask, placed: Geometries) -> float:
    known = int(_known(placed).sum())
    return float(outside.sum()) / known if known else 0.0


def measure(placed: Geometries, asset_type: AssetType, register: RegisterInfo) -> npt.NDArray[np.float64] | None:
    """The measure that geometry gives for this type: geodesic metres or square metres, to the centimetre; nan without
    geometry.
    """
    if asset_type.measured is None:
        return None
    function = crs.geodesic_length_m if asset_type.measured == "length_m" else crs.geodesic_area_m2
    measured = np.round(function(placed, crs.parse_crs(register.crs_epsg)), 2)
    return np.where(_known(placed), measured, np.nan)
