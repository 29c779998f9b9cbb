"""Geometry as such: two dimensions, kind, validity, and a fingerprint that survives another program's hands."""

import hashlib
from typing import Literal

import numpy as np
import numpy.typing as npt
import shapely

Geometries = npt.NDArray[np.object_]
Flags = npt.NDArray[np.bool_]
GeometryKind = Literal["Point", "LineString", "Polygon"]

TYPES: dict[str, tuple[shapely.GeometryType, shapely.GeometryType]] = {
    "Point": (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT),
    "LineString": (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING),
    "Polygon": (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON),
}
MILLIMETRES_PER_METRE = 1_000
PARTS_OF_A_DEGREE = 100_000_000
"""A hundred-millionth of a degree is 1.1 mm northwards, less eastwards."""
DIGEST_BYTES = 16


def flat(geometries: Geometries) -> Geometries:
    """(n,) geometries without height and measure, empty ones as None."""
    result = geometries.copy()
    has_z = shapely.has_z(result)
    result[has_z] = shapely.force_2d(result[has_z])
    result[shapely.is_empty(result)] = None
    return result


def of_kind(geometries: Geometries, kind: GeometryKind) -> tuple[Geometries, Flags]:
    """(n,) geometries made to fit the kind, and (n,) whether each fits.

    A multi geometry of one part becomes that part; one of several parts stays as it is and fits. Missing geometry fits:
    whether it may be missing is for others to say. A closed ring counts as a line.
    """
    single, multi = TYPES[kind]
    simple = unwrap(geometries)
    types = shapely.get_type_id(simple)
    fits = (types == single) | (types == multi) | (types == -1)
    if kind == "LineString":
        fits |= types == shapely.GeometryType.LINEARRING
    return simple, fits


def unwrap(geometries: Geometries) -> Geometries:
    """(n,) geometries, those that hold a single part replaced by it, however deep it lies."""
    result = geometries.copy()
    while True:
        nested = (shapely.get_type_id(result) >= shapely.GeometryType.MULTIPOINT) & (
            shapely.get_num_geometries(result) == 1
        )
        if not nested.any():
            return result
        result[nested] = shapely.get_geometry(result[nested], 0)


def validity(geometries: Geometries) -> tuple[Flags, npt.NDArray[np.object_]]:
    """(n,) whether each is valid, and (n,) why not as GEOS puts it ("Self-intersection"), None where it is.

    Missing geometry is valid. A line without length is not: "Zero length".
    """
    valid = shapely.is_valid(geometries) | shapely.is_missing(geometries)
    reasons: npt.NDArray[np.object_] = np.full(len(geometries), None, dtype=object)
    told = shapely.is_valid_reason(geometries[~valid])
    reasons[~valid] = [str(reason).partition("[")[0] for reason in told]
    lines = np.isin(
        shapely.get_type_id(geometries), (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)
    )
    without_length = lines & (shapely.length(geometries) == 0)
    reasons[without_length] = "Zero length"
    return valid & ~without_length, reasons


def fingerprint(geometries: Geometries, is_geographic: bool = False) -> npt.NDArray[np.object_]:
    """(n,) digests of 16 bytes, None where there is no geometry; equal for the same place to the millimetre.

    Programs turn rings round, start them elsewhere, wrap single parts in multi geometries and round coordinates: none
    of that changes the digest. The direction of a line does: water runs along it. Coordinates in metres, or in degrees
    if `is_geographic`.
    """
    grid = PARTS_OF_A_DEGREE if is_geographic else MILLIMETRES_PER_METRE
    simple = unwrap(flat(geometries))
    types = shapely.get_type_id(simple)
    digests: npt.NDArray[np.object_] = np.full(len(geometries), None, dtype=object)
    for kind in (shapely.GeometryType.POINT, shapely.GeometryType.LINESTRING):
        rows = np.flatnonzero(types == kind)
        digests[rows] = corner_digests(simple[rows], grid, bytes([kind]))
    rows = np.flatnonzero(types > shapely.GeometryType.LINESTRING)
    digests[rows] = shape_digests(simple[rows], grid)
    return digests


def corner_digests(geometries: Geometries, grid: int, mark: bytes) -> npt.NDArray[np.object_]:
    """(n,) digests of points or of lines, from their corners alone; `mark` tells the two apart."""
    whole = np.rint(shapely.get_coordinates(geometries) * grid).astype("<i8").tobytes()
    ends = (np.cumsum(shapely.get_num_coordinates(geometries)) * 16).tolist()
    digest = hashlib.blake2b
    found: npt.NDArray[np.object_] = np.empty(len(geometries), dtype=object)
    found[:] = [
        digest(whole[start:end], digest_size=DIGEST_BYTES, person=mark).digest()
        for start, end in zip([0, *ends], ends, strict=False)
    ]
    return found


def shape_digests(geometries: Geometries, grid: int) -> npt.NDArray[np.object_]:
    """(n,) digests of all other geometries, brought into GEOS's normal order first (not so lines of several parts)."""
    whole = np.rint(shapely.get_coordinates(geometries) * grid) + 0.0  # the sum turns -0 into 0
    rounded = shapely.set_coordinates(geometries.copy(), whole)
    turnable = shapely.get_type_id(rounded) != shapely.GeometryType.MULTILINESTRING
    rounded[turnable] = shapely.normalize(rounded[turnable])
    binary = shapely.to_wkb(rounded, byte_order=1, output_dimension=2)
    found: npt.NDArray[np.object_] = np.empty(len(geometries), dtype=object)
    found[:] = [hashlib.blake2b(wkb, digest_size=DIGEST_BYTES).digest() for wkb in binary]
    return found
