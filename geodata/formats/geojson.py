"""GeoJSON (RFC 7946, and the `crs` member of the 2008 edition), read feature by feature with our own eyes.

A general reader guesses dates out of text, renumbers ids and takes other JSON dialects for the same thing; here a value
stays what it is in the file. Only one feature at a time is held as Python objects; coordinates go straight into flat
arrays.
"""

import codecs
import json
import re
from array import array
from collections.abc import Callable, Iterator, Mapping
from json.decoder import scanstring  # type: ignore[attr-defined]
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from geodata.encoding import decodes
from geodata.errors import LayerError
from geodata.formats.columns import arrow_column
from geodata.formats.format import Format, head_of
from geodata.issues import ERROR, WARNING, Issue
from geodata.layer import LayerSummary
from geodata.limits import Limits
from geodata.row_stream import RawLayer

DEFAULT_CRS = "EPSG:4326"
BLANK = re.compile(r"[ \t\r\n]*")
MEMBERS_SEARCHED = 100_000
DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
COLLECT: dict[str, Callable[[Any], shapely.Geometry]] = {
    "MultiPoint": shapely.MultiPoint,
    "MultiLineString": shapely.MultiLineString,
    "MultiPolygon": shapely.MultiPolygon,
}
SINGLE = {"MultiPoint": "Point", "MultiLineString": "LineString", "MultiPolygon": "Polygon"}


def recognises(path: Path) -> bool:
    """Whether the file is a JSON object that calls itself a feature or a collection of features."""
    head = head_of(path, MEMBERS_SEARCHED)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True  # the reader says what is wrong: JSON is UTF-8
    text = head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace").lstrip()
    return text.startswith("{") and re.search(r'"type"\s*:\s*"(FeatureCollection|Feature)"', text) is not None


def summaries(path: Path, limits: Limits) -> list[LayerSummary]:
    layer = read(path, None, limits)
    kinds = set()
    if layer.wkb is not None:
        kinds = {
            str(geometry.geom_type)
            for geometry in shapely.from_wkb(layer.wkb.to_numpy(zero_copy_only=False))
            if geometry
        }
    plain = {kind.removeprefix("Multi") for kind in kinds}
    kind = kinds.pop() if len(kinds) == 1 else plain.pop() if len(plain) == 1 else "Unknown" if kinds else None
    return [LayerSummary(layer.name, kind, layer.table.num_rows, layer.crs, tuple(layer.table.column_names))]


def read(path: Path, layer: str | None, limits: Limits) -> RawLayer:
    """All features, in the order of the file; row n is feature n. The layer's name is the collection's, else the
    file's.
    """
    content = path.read_bytes()
    if not decodes(content, "utf-8"):
        raise LayerError("wrong_encoding", expected="UTF-8", row=None)
    text = content.decode("utf-8-sig")
    del content
    collection: dict[str, Any] = {}
    features = FeatureColumns(limits)
    for member, value in members(text, collection, limits):
        if member == "feature":
            features.add(value)
    if collection.get("type") == "Feature":
        features.add(collection)
    elif collection.get("type") != "FeatureCollection":
        raise LayerError("format_mismatch", expected="GeoJSON")
    stated = collection.get("name")
    name = stated if isinstance(stated, str) and stated else path.stem
    if layer is not None and layer not in (name, path.stem):
        raise LayerError("layer_not_found", layer=layer, layers=[name])
    table, mixed = features.table()
    wkb = features.wkb()
    issues = [*features.issues, *(Issue(WARNING, "mixed_types", field=field) for field in mixed)]
    return RawLayer(
        name=name,
        driver="GeoJSON",
        table=table,
        wkb=wkb,
        crs=stated_crs(collection.get("crs", ...)),
        row_numbers=np.array(features.rows, dtype=np.int64),
        encoding="utf-8",
        issues=tuple(issues),
    )


def members(text: str, collection: dict[str, Any], limits: Limits) -> Iterator[tuple[str, Any]]:
    """Walk the outermost object: each feature is yielded as ("feature", value), every other member lands in
    `collection`.
    """
    decoder = json.JSONDecoder(parse_constant=refuse_constant)
    try:
        place = after_blank(text, expect(text, after_blank(text, 0), "{"))
        while text[place] != "}":
            name, place = scanstring(text, expect(text, place, '"'), True)
            place = after_blank(text, expect(text, after_blank(text, place), ":"))
            if name == "features" and text[place] == "[":
                place = after_blank(text, place + 1)
                while text[place] != "]":
                    feature, place = decoder.raw_decode(text, place)
                    yield "feature", feature
                    place = next_place(text, place, "]")
                place += 1
            else:
                collection[name], place = decoder.raw_decode(text, place)
            place = next_place(text, place, "}")
    except json.JSONDecodeError as error:
        raise LayerError("unreadable", reason="damaged" if text.rstrip().endswith("}") else "truncated") from error
    except IndexError as error:
        raise LayerError("unreadable", reason="truncated") from error
    except RecursionError as error:
        raise LayerError("limit_exceeded", limit="nesting", maximum=limits.nesting) from error
    if after_blank(text, place + 1) != len(text):
        raise LayerError("unreadable", reason="damaged")


def after_blank(text: str, place: int) -> int:
    found = BLANK.match(text, place)
    return found.end() if found else place


def expect(text: str, place: int, sign: str) -> int:
    """The place behind a sign that must stand here."""
    if text[place] != sign:
        raise json.JSONDecodeError("unexpected", text, place)
    return place + 1


def next_place(text: str, place: int, closing: str) -> int:
    """Behind the comma after a value, or at the sign that closes the list; a comma before the closing sign is an
    error.
    """
    place = after_blank(text, place)
    if text[place] == closing:
        return place
    place = after_blank(text, expect(text, place, ","))
    if text[place] == closing:
        raise json.JSONDecodeError("trailing comma", text, place)
    return place


def refuse_constant(name: str) -> Any:
    raise json.JSONDecodeError("not a JSON number", name, 0)


class FeatureColumns:
    """Collects features into columns of values and flat arrays of coordinates."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.rows: list[int] = []
        self.issues: list[Issue] = []
        self.columns: dict[str, list[Any]] = {}
        self.ids: list[Any] = []
        self.seen = 0
        self.kinds: list[str | None] = []
        self.lines = array("d")
        self.line_corners = array("q")
        self.odd: dict[int, Any] = {}
        self.has_geometry = False
        self.z_rows = 0
        self.vertices = 0

    def add(self, feature: Any) -> None:
        """Take one feature in, or note why it cannot be."""
        self.seen += 1
        if self.seen > self.limits.rows:
            raise LayerError("limit_exceeded", limit="rows", maximum=self.limits.rows)
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            raise LayerError("unreadable", reason="damaged")
        geometry, properties = feature.get("geometry"), feature.get("properties")
        code = self.add_geometry(geometry)
        if code:
            kind = geometry.get("type") if isinstance(geometry, dict) else None
            details = {"type": str(kind)} if code == "geometry_unsupported" else {}
            self.issues.append(Issue(ERROR, code, row=self.seen, details=details))
            return
        place = len(self.rows)
        self.rows.append(self.seen)
        self.ids.append(feature.get("id"))
        if isinstance(properties, dict):
            for name, value in properties.items():
                column = self.columns.get(name)
                if column is None:
                    column = self.new_column(name)
                if len(column) < place:
                    column.extend([None] * (place - len(column)))
                column.append(value)

    def new_column(self, name: str) -> list[Any]:
        if len(self.columns) >= self.limits.columns:
            raise LayerError("limit_exceeded", limit="columns", maximum=self.limits.columns)
        return self.columns.setdefault(name, [])

    def add_geometry(self, geometry: Any) -> str | None:
        """Store a geometry; the answer is an issue code if it is none. Lines, by far the most, go into the flat
        arrays.
        """
        if geometry is None:
            self.kinds.append(None)
            return None
        self.has_geometry = True
        if not isinstance(geometry, dict):
            return "geometry_unreadable"
        kind, coordinates = geometry.get("type"), geometry.get("coordinates")
        if kind not in DEPTH:
            return "geometry_unsupported"
        if not coordinates:
            self.kinds.append(None)
            return None
        place = len(self.rows)
        if kind == "LineString" and (flat := flat_line(coordinates)) is not None:
            self.kinds.append("line")
            self.lines.extend(flat)
            self.line_corners.append(len(coordinates))
            self.count_vertices(len(coordinates))
            return None
        try:
            built, has_z, corners = build(kind, coordinates)
        except (ValueError, TypeError, OverflowError, shapely.errors.GEOSException):
            return "geometry_unreadable"
        self.count_vertices(corners)
        self.z_rows += has_z
        self.kinds.append("odd" if built is not None else None)
        if built is not None:
            self.odd[place] = built
        return None

    def count_vertices(self, corners: int) -> None:
        self.vertices += corners
        if self.vertices > self.limits.vertices:
            raise LayerError("limit_exceeded", limit="vertices", maximum=self.limits.vertices)

    def wkb(self) -> pa.Array | None:
        """The geometries as an (n,) binary array; None where not one feature had any."""
        if not self.has_geometry:
            return None
        if self.z_rows:
            self.issues.append(Issue(WARNING, "z_dropped", details={"count": self.z_rows}))
        geometries: npt.NDArray[np.object_] = np.full(len(self.rows), None, dtype=object)
        plain = np.array([kind == "line" for kind in self.kinds], dtype=bool)
        if plain.any():
            corners = np.frombuffer(self.line_corners, dtype=np.int64)
            owner = np.repeat(np.arange(len(corners)), corners)
            geometries[plain] = shapely.linestrings(
                np.frombuffer(self.lines, dtype=float).reshape(-1, 2), indices=owner
            )
        for place, geometry in self.odd.items():
            geometries[place] = geometry
        return pa.array(shapely.to_wkb(geometries), type=pa.binary())

    def table(self) -> tuple[pa.Table, list[str]]:
        """The properties as columns, the features' own ids as "id" unless a property has that name; and the columns of
        mixed type.
        """
        count = len(self.rows)
        columns: Mapping[str, list[Any]] = self.columns
        if "id" not in columns and any(value is not None for value in self.ids):
            columns = {"id": self.ids, **columns}
        arrays, mixed = {}, []
        for name, values in columns.items():
            values.extend([None] * (count - len(values)))
            arrays[name], is_mixed = arrow_column(values)
            if is_mixed:
                mixed.append(name)
        if not arrays:
            return pa.table({"": pa.nulls(count)}).select([]), mixed
        return pa.table(arrays), mixed


def flat_line(coordinates: Any) -> list[float] | None:
    """x, y, x, y of a plain 2D line of numbers; None for anything that needs a closer look."""
    if not isinstance(coordinates, list) or len(coordinates) < 2:
        return None
    flat: list[float] = []
    for position in coordinates:
        if type(position) is not list or len(position) != 2:
            return None
        x, y = position
        if (type(x) is not float and type(x) is not int) or (type(y) is not float and type(y) is not int):
            return None
        flat.append(x)
        flat.append(y)
    return flat


def build(kind: str, coordinates: Any) -> tuple[shapely.Geometry | None, bool, int]:
    """One geometry of any kind as (2D geometry or None when empty, whether it had heights, corners)."""
    if kind in SINGLE:
        built = [build(SINGLE[kind], part) for part in coordinates]
        parts = [part for part, _, _ in built if part is not None]
        joined = COLLECT[kind](parts) if parts else None
        return joined, any(has_z for _, has_z, _ in built), sum(corners for _, _, corners in built)
    if not coordinates:
        return None, False, 0
    if kind == "Polygon":
        rings = [positions(ring) for ring in coordinates if ring]
        if not rings:
            return None, False, 0
        outer, holes = rings[0][0], [ring for ring, _ in rings[1:]]
        has_z, corners = any(has_z for _, has_z in rings), sum(len(ring) for ring, _ in rings)
        return shapely.Polygon(outer, holes), has_z, corners
    points, has_z = positions([coordinates] if kind == "Point" else coordinates)
    return (shapely.Point(points[0]) if kind == "Point" else shapely.LineString(points)), has_z, len(points)


def positions(ring: Any) -> tuple[npt.NDArray[np.float64], bool]:
    """A list of positions as an (n, 2) array, and whether they had a third number."""
    lengths = {len(position) for position in ring}
    if min(lengths) < 2 or not all(type(number) in (int, float) for position in ring for number in position):
        raise ValueError("a position is two numbers or more")
    return np.array([position[:2] for position in ring], dtype=float), max(lengths) > 2


def stated_crs(member: Any) -> str | None:
    """The coordinate system: EPSG:4326 unless the `crs` member of the old edition names another; null there means
    unknown.
    """
    if member is ...:
        return DEFAULT_CRS
    if not isinstance(member, dict):
        return None
    properties = member.get("properties")
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        code = properties.get("code") if isinstance(properties, dict) else None
        return f"EPSG:{code}" if member.get("type") == "EPSG" and isinstance(code, int) else None
    if name.upper().replace("::", ":").endswith(("OGC:1.3:CRS84", "OGC:CRS84")):
        return DEFAULT_CRS
    urn = re.fullmatch(r"urn:ogc:def:crs:EPSG:[\d.]*:(\d+)", name, re.IGNORECASE)
    return f"EPSG:{urn[1]}" if urn else name


GEOJSON = Format(
    name="GeoJSON",
    suffixes=(".geojson", ".json"),
    driver=None,
    recognises=recognises,
    summaries=summaries,
    read=read,
)
