"""Coordinate systems. The only module that builds CRS objects and transformers; everything is east/longitude first."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from pyproj.exceptions import CRSError

from geodata.errors import LayerError

Geometries = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Bounds = tuple[float, float, float, float]

LONGEST_TEXT = 50_000
AUTHORITY_CODE = re.compile(r"(EPSG|ESRI):(\d{1,7})", re.IGNORECASE)
CODE_URN = re.compile(
    r"(?:urn:ogc:def:crs:|https?://www\.opengis\.net/def/crs/)(EPSG|OGC)[:/][^:/]*[:/](\w+)", re.IGNORECASE
)
WKT_START = re.compile(
    r"\s*(PROJCS|GEOGCS|GEOCCS|COMPD_CS|PROJCRS|PROJECTEDCRS|GEOGCRS|GEOGRAPHICCRS|GEODCRS|GEODETICCRS|COMPOUNDCRS|BOUNDCRS)\s*[\[(]",
    re.IGNORECASE,
)
SWEREF_NAME = re.compile(r"SWEREF[ _]?99[ _](TM|\d\d[ _]\d\d)", re.IGNORECASE)
SWEREF_CODES = {
    "TM": 3006,
    "12 00": 3007,
    "13 30": 3008,
    "15 00": 3009,
    "16 30": 3010,
    "18 00": 3011,
    "14 15": 3012,
    "15 45": 3013,
    "17 15": 3014,
    "18 45": 3015,
    "20 15": 3016,
    "21 45": 3017,
    "23 15": 3018,
}
"""SWEREF 99 TM and the twelve local zones by the names Lantmäteriet gives them."""

WGS84 = 4326
SHORT_M = 2_000.0
GRID_M = 2_000.0
FEWEST_SEGMENTS = 5_000


@dataclass(frozen=True)
class Crs:
    """One coordinate system.

    `text`: "EPSG:n" where it is a known one, else its WKT. `area_of_use`: (west, south, east, north) in degrees, None
    where nobody defined it.
    """

    text: str
    name: str
    is_geographic: bool
    area_of_use: Bounds | None

    @property
    def epsg(self) -> int | None:
        """The EPSG number, None for systems without one."""
        return int(self.text[5:]) if self.text.startswith("EPSG:") else None


def parse_crs(text: str | int) -> Crs:
    """A system from an EPSG number, "EPSG:n", an OGC URN or WKT (ESRI's dialect too); raises LayerError("crs_unknown").

    PROJ strings and file names are not taken: they can name files to read. Compound systems give their horizontal part.
    """
    return parse_text(str(text).strip())


@lru_cache(maxsize=256)
def parse_text(text: str) -> Crs:
    built = horizontal(build_crs(text))
    code = identified_code(built)
    if code:
        built = pyproj.CRS.from_user_input(code)
    if not (built.is_geographic or built.is_projected):
        raise LayerError("crs_unknown", crs=text[:200])
    area = built.area_of_use
    return Crs(
        text=code or str(built.to_wkt()),
        name=built.name,
        is_geographic=built.is_geographic,
        area_of_use=(area.west, area.south, area.east, area.north) if area else None,
    )


def crs_text(text: str | int) -> str:
    """The same system as it is kept: "EPSG:n", else WKT."""
    return parse_crs(text).text


def build_crs(text: str) -> pyproj.CRS:
    """Only forms that cannot reach for files or the network are given to PROJ."""
    try:
        if text.isdigit() and len(text) <= 7:
            return pyproj.CRS.from_epsg(int(text))
        if match := AUTHORITY_CODE.fullmatch(text):
            return pyproj.CRS.from_authority(match[1].upper(), match[2])
        if match := CODE_URN.fullmatch(text):
            return pyproj.CRS.from_authority(match[1].upper(), match[2])
        if (
            len(text) <= LONGEST_TEXT
            and WKT_START.match(text)
            and "grids" not in text.lower().replace("+nadgrids=@null", "")
        ):
            return pyproj.CRS.from_wkt(text)
    except CRSError as error:
        raise LayerError("crs_unknown", crs=text[:200]) from error
    raise LayerError("crs_unknown", crs=text[:200])


def horizontal(crs: pyproj.CRS) -> pyproj.CRS:
    """Without height: the horizontal part of a compound system, the plane of a three-dimensional one."""
    if crs.is_compound:
        crs = next(part for part in crs.sub_crs_list if part.is_geographic or part.is_projected)
    if crs.is_bound and crs.source_crs is not None:
        crs = crs.source_crs
    return crs.to_2d() if len(crs.axis_info) == 3 else crs


def identified_code(crs: pyproj.CRS) -> str | None:
    """ "EPSG:n" of a system that says so or is recognised by its parameters. Old .prj files lack the datum's exact
    name.
    """
    if crs.name and crs.name.replace("_", " ") == "WGS 84 (CRS84)":
        return "EPSG:4326"
    named = SWEREF_NAME.search(crs.name or "")
    if named:
        candidate = f"EPSG:{SWEREF_CODES.get(named[1].upper().replace('_', ' '), 0)}"
        if candidate != "EPSG:0" and same_projection(crs, pyproj.CRS.from_user_input(candidate)):
            return candidate
    for confidence in (70, 25):
        found = crs.to_authority(min_confidence=confidence)
        if found and found[0] in ("EPSG", "OGC"):
            code = "EPSG:4326" if found == ("OGC", "CRS84") else f"{found[0]}:{found[1]}"
            if code.startswith("EPSG:") and (
                confidence == 70 or same_projection(crs, pyproj.CRS.from_user_input(code))
            ):
                return code
    return None


def same_projection(one: pyproj.CRS, other: pyproj.CRS) -> bool:
    """Whether two projected systems put a point at the same plane coordinates, by their parameters."""
    first, second = one.coordinate_operation, other.coordinate_operation
    if first is None or second is None or first.method_name != second.method_name:
        return False

    def parameters(operation: Any) -> dict[str, float]:
        return {
            parameter.name: round(parameter.value * parameter.unit_conversion_factor, 9)
            for parameter in operation.params
        }

    ellipsoids = [crs.ellipsoid for crs in (one, other)]
    same_shape = all(ellipsoids) and abs(ellipsoids[0].semi_major_metre - ellipsoids[1].semi_major_metre) < 0.001  # type: ignore[union-attr]
    return parameters(first) == parameters(second) and same_shape


@lru_cache(maxsize=64)
def pyproj_crs(crs: Crs) -> pyproj.CRS:
    return pyproj.CRS.from_user_input(crs.text)


@lru_cache(maxsize=64)
def transformer(source: Crs, target: Crs) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(pyproj_crs(source), pyproj_crs(target), always_xy=True)


def transform_coordinates(coordinates: Floats, source: Crs, target: Crs) -> Floats:
    """(n, 2) coordinates to another system; what cannot be transformed becomes endless (inf)."""
    if source == target or not len(coordinates):
        return coordinates
    x, y = transformer(source, target).transform(coordinates[:, 0], coordinates[:, 1])
    moved: Floats = np.column_stack([x, y])
    return moved


def transform(geometries: Geometries, source: Crs, target: Crs) -> tuple[Geometries, Flags]:
    """(n,) geometries in another system, and (n,) whether each could not be transformed (it is None then)."""
    failed = np.zeros(len(geometries), dtype=bool)
    if source == target:
        return geometries, failed
    coordinates, owner = shapely.get_coordinates(geometries, return_index=True)
    moved = transform_coordinates(coordinates, source, target)
    failed[owner[~np.isfinite(moved).all(axis=1)]] = True
    result = geometries.copy()
    good = ~failed
    result[good] = shapely.set_coordinates(geometries[good].copy(), moved[good[owner]])
    result[failed] = None
    return result, failed


def within_area_of_use(geometries: Geometries, crs: Crs) -> Flags:
    """(n,) whether each geometry lies wholly in the system's area of use; missing ones and systems without an area
    count as inside.
    """
    inside = np.ones(len(geometries), dtype=bool)
    if crs.area_of_use is None or not len(geometries):
        return inside
    west, south, east, north = crs.area_of_use
    bounds = shapely.bounds(geometries)
    there = np.isfinite(bounds).all(axis=1)
    corners = bounds[there][:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 2)
    degrees = transform_coordinates(corners, crs, parse_crs(WGS84)).reshape(-1, 4, 2)
    longitude, latitude = degrees[..., 0], degrees[..., 1]
    in_longitude = (
        (longitude >= west) & (longitude <= east) if west <= east else (longitude >= west) | (longitude <= east)
    )
    inside[there] = (in_longitude & (latitude >= south) & (latitude <= north)).all(axis=1)
    return inside


def geodesic_length_m(geometries: Geometries, crs: Crs) -> Floats:
    """(n,) length on the ellipsoid in metres: of lines, of the outlines of polygons; 0 for points and missing ones, nan
    where a coordinate cannot be transformed."""
    lines, owner = line_parts(geometries)
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    if len(coordinates) < 2:
        return np.zeros(len(geometries))
    joined = line[1:] == line[:-1]
    start, end = coordinates[:-1][joined], coordinates[1:][joined]
    lengths = plane_lengths_m(start, end, crs)
    return np.bincount(owner[line[1:][joined]], weights=lengths, minlength=len(geometries)).astype(float)


def plane_lengths_m(start: Floats, end: Floats, crs: Crs) -> Floats:
    """(n,) geodesic lengths in metres of segments whose (n, 2) ends are in `crs`.

    Turning every corner into degrees costs most of the time. For many short segments in a projected system the scale of
    the projection is measured at the nodes of a grid of 2 km instead and interpolated, which is off by less than 0.1 mm
    per km.
    """
    grid = None if crs.is_geographic or len(start) < FEWEST_SEGMENTS else scale_grid(start, end, crs)
    if grid is None:
        return segment_lengths_m(to_degrees(start, crs), to_degrees(end, crs), geod_of(crs))
    east, north = (end - start).T
    across, along, between = grid.at((start + end) / 2)
    lengths: Floats = np.sqrt(across * east**2 + along * north**2 + 2 * between * east * north)
    far = ~(lengths <= SHORT_M)
    if far.any():
        lengths[far] = segment_lengths_m(to_degrees(start[far], crs), to_degrees(end[far], crs), geod_of(crs))
    return lengths


@dataclass(frozen=True)
class ScaleGrid:
    """How long a step in the plane is on the ellipsoid, at nodes `GRID_M` apart.

    `scales` is (rows, columns, 3): squares of the true length of a unit step east and north, and their mixed term.
    """

    west: float
    south: float
    step: float
    scales: Floats

    def at(self, places: Floats) -> tuple[Floats, Floats, Floats]:
        """The three terms at (n, 2) places inside the grid, by bilinear interpolation."""
        column, row = (places[:, 0] - self.west) / self.step, (places[:, 1] - self.south) / self.step
        left, below = column.astype(np.int64), row.astype(np.int64)
        x, y = column - left, row - below
        width = self.scales.shape[1]
        flat = self.scales.reshape(-1, 3)
        corner = below * width + left
        weights = ((1 - x) * (1 - y), x * (1 - y), (1 - x) * y, x * y)
        corners = (corner, corner + 1, corner + width, corner + width + 1)
        terms = [sum(weight * flat[at, term] for weight, at in zip(weights, corners, strict=True)) for term in range(3)]
        return terms[0], terms[1], terms[2]


def scale_grid(start: Floats, end: Floats, crs: Crs) -> ScaleGrid | None:
    """The grid over all these segments, or None where it would need more nodes than there are segments."""
    factor = metres_per_unit(crs)
    step = GRID_M / factor
    low = np.array([min(start[:, axis].min(), end[:, axis].min()) for axis in (0, 1)])
    high = np.array([max(start[:, axis].max(), end[:, axis].max()) for axis in (0, 1)])
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        return None
    columns, rows = (np.floor((high - low) / step) + 2).tolist()
    if rows * columns > len(start) / 4:
        return None
    x = low[0] + np.arange(int(columns)) * step
    y = low[1] + np.arange(int(rows)) * step
    nodes = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    half = step / 8
    east, north, both = (np.array(way) * half for way in ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0)))
    geod = geod_of(crs)
    squares = [
        (segment_lengths_m(to_degrees(nodes - way, crs), to_degrees(nodes + way, crs), geod) / (2 * half)) ** 2
        for way in (east, north, both)
    ]
    across, along = squares[0], squares[1]
    scales = np.column_stack([across, along, (squares[2] - across - along) / 2])
    return ScaleGrid(float(low[0]), float(low[1]), step, scales.reshape(int(rows), int(columns), 3))


@lru_cache(maxsize=64)
def metres_per_unit(crs: Crs) -> float:
    """Length of the plane's own unit: 1 for metres, 0.3048 for feet."""
    return float(pyproj_crs(crs).axis_info[0].unit_conversion_factor)


def line_parts(geometries: Geometries) -> tuple[Geometries, npt.NDArray[np.int64]]:
    """Every line and ring of the geometries, and which geometry each is from."""
    lines = np.flatnonzero(is_line(geometries))
    others = np.flatnonzero(~is_line(geometries))
    parts, owner = single_parts(geometries[others])
    rings, ring_owner = shapely.get_rings(parts, return_index=True)
    part_lines = is_line(parts)
    owners = [lines, others[owner[part_lines]], others[owner[ring_owner]]]
    return np.concatenate([geometries[lines], parts[part_lines], rings]), np.concatenate(owners)


def is_line(geometries: Geometries) -> Flags:
    """(n,) whether each is a single line or ring."""
    return np.isin(shapely.get_type_id(geometries), (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING))


def single_parts(geometries: Geometries) -> tuple[Geometries, npt.NDArray[np.int64]]:
    """All parts, however deep they lie in collections, and which geometry each is from."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        owner = owner[inner]
    return parts, owner


def to_degrees(coordinates: Floats, crs: Crs) -> Floats:
    """(n, 2) longitude and latitude on the system's own datum, so that no datum shift enters a length."""
    if crs.is_geographic:
        return coordinates
    x, y = degrees_transformer(crs).transform(coordinates[:, 0], coordinates[:, 1])
    return np.where(np.isfinite(np.column_stack([x, y])), np.column_stack([x, y]), np.nan)


@lru_cache(maxsize=64)
def degrees_transformer(crs: Crs) -> pyproj.Transformer:
    built = pyproj_crs(crs)
    return pyproj.Transformer.from_crs(built, built.geodetic_crs, always_xy=True)


@lru_cache(maxsize=64)
def geod_of(crs: Crs) -> pyproj.Geod:
    return pyproj_crs(crs).get_geod() or pyproj.Geod(ellps="GRS80")


def segment_lengths_m(start: Floats, end: Floats, geod: pyproj.Geod) -> Floats:
    """(n,) length in metres of segments given as (n, 2) degrees.

    Up to 2 km by the radii of curvature at the middle latitude: in Sweden it differs from the exact geodesic by
    less than 0.1 mm per km there, at a hundredth of the time. Longer ones by Karney's method.
    """
    latitude = np.radians((start[:, 1] + end[:, 1]) / 2)
    north = np.radians(end[:, 1] - start[:, 1])
    east = np.radians((end[:, 0] - start[:, 0] + 180) % 360 - 180)
    bend = 1 - geod.es * np.sin(latitude) ** 2
    prime_vertical = geod.a / np.sqrt(bend)
    meridian = prime_vertical * (1 - geod.es) / bend
    lengths = np.hypot(meridian * north, prime_vertical * np.cos(latitude) * east)
    far = lengths > SHORT_M
    if far.any():
        lengths[far] = geod.inv(start[far, 0], start[far, 1], end[far, 0], end[far, 1])[2]
    return lengths


def geodesic_area_m2(geometries: Geometries, crs: Crs) -> Floats:
    """(n,) area on the ellipsoid in square metres, holes taken off; 0 for all but polygons, nan where it cannot be
    transformed.
    """
    parts, owner = single_parts(geometries)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    if not len(rings):
        return np.zeros(len(geometries))
    is_hole = np.concatenate([[False], ring_part[1:] == ring_part[:-1]])
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    areas = ring_areas_m2(to_degrees(coordinates, crs), ring, len(rings), geod_of(crs))
    return np.bincount(owner[ring_part], weights=np.where(is_hole, -areas, areas), minlength=len(geometries)).astype(
        float
    )


def ring_areas_m2(degrees: Floats, ring: npt.NDArray[np.int64], count: int, geod: pyproj.Geod) -> Floats:
    """(count,) unsigned area of closed rings given as (n, 2) degrees."""
    ends = np.searchsorted(ring, np.arange(count + 1))
    areas = np.empty(count)
    for index in range(count):
        corners = degrees[ends[index] : ends[index + 1]]
        bad = not np.isfinite(corners).all()
        areas[index] = np.nan if bad else abs(geod.polygon_area_perimeter(corners[:, 0], corners[:, 1])[0])
    return areas


def guess_crs(bounds: Bounds) -> list[int]:
    """EPSG numbers of Swedish systems in which these bounds (west, south, east, north) lie in Sweden, the likeliest
    first.

    The local zones overlap in numbers and cannot be told apart without knowing the place; all that fit are listed.
    """
    return [code for code in GUESSES if fits(bounds, code)]


GUESSES = (3006, 3021, 4326, 3011, 3007, 3008, 3009, 3010, 3012, 3013, 3014, 3015, 3016, 3017, 3018)
SWEDEN_BY_CODE: dict[int, Bounds] = {
    4326: (10.5, 55.0, 24.3, 69.2),
    3006: (260_000, 6_120_000, 930_000, 7_690_000),
    3021: (1_200_000, 6_110_000, 1_905_000, 7_680_000),
}
LOCAL_ZONE: Bounds = (30_000, 6_110_000, 270_000, 7_700_000)
"""A zone is 1.5 degrees wide about easting 150 000 and used by whole municipalities beyond its edges."""


def fits(bounds: Bounds, code: int) -> bool:
    west, south, east, north = SWEDEN_BY_CODE.get(code, LOCAL_ZONE)
    return west <= bounds[0] and south <= bounds[1] and bounds[2] <= east and bounds[3] <= north


def swapped_axes(bounds: Bounds, crs: Crs) -> bool:
    """Whether the bounds lie outside the system's area of use, but inside once east and north change places."""
    flipped = (bounds[1], bounds[0], bounds[3], bounds[2])
    return not bounds_within(bounds, crs) and bounds_within(flipped, crs)


def bounds_within(bounds: Bounds, crs: Crs) -> bool:
    return bool(within_area_of_use(np.array([shapely.box(*bounds)], dtype=object), crs)[0])
