import struct

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.wkb_guard import BROKEN, FINE, MISSING, TOO_DEEP, UNSUPPORTED, inspect_wkb
from tests.geodata import make

TEXTS = [
    "POINT (1 2)",
    "POINT Z (1 2 3)",
    "LINESTRING (1 2, 3 4, 5 6)",
    "LINESTRING EMPTY",
    "POLYGON ((0 0, 1 0, 1 1, 0 0), (0 0, 1 0, 1 1, 0 0))",
    "MULTIPOINT ((1 2), (3 4))",
    "MULTILINESTRING ((1 2, 3 4))",
    "MULTILINESTRING Z ((1 2 3, 3 4 5), (1 2 3, 3 4 5))",
    "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))",
    "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (1 2, 3 4))",
]


def column(values: list[bytes | None]) -> pa.Array:
    return pa.array(values, type=pa.binary())


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("flavor", ["iso", "extended"])
def test_all_kinds_are_let_through_and_counted(order: int, flavor: str) -> None:
    shapes = np.array([shapely.from_wkt(text) for text in TEXTS], dtype=object)
    report = inspect_wkb(column(list(shapely.to_wkb(shapes, byte_order=order, flavor=flavor))))
    assert report.verdict.tolist() == [FINE] * len(TEXTS)
    assert report.kind.tolist() == [1, 1, 2, 2, 3, 4, 5, 5, 6, 7]
    assert report.has_z.tolist() == shapely.has_z(shapes).tolist()
    assert report.vertices.tolist() == shapely.get_num_coordinates(shapes).tolist()


def test_many_polygons_are_counted_at_once() -> None:
    shapes = np.array([shapely.box(0, 0, n + 1, 1) for n in range(200)], dtype=object)
    report = inspect_wkb(column(list(shapely.to_wkb(shapes))))
    assert report.verdict.tolist() == [FINE] * 200
    assert report.vertices.tolist() == [5] * 200


def test_slice_of_an_array_is_read_at_its_own_place() -> None:
    values = column([shapely.to_wkb(shapely.Point(1, 2)), None, shapely.to_wkb(shapely.LineString([(0, 0), (1, 1)]))])
    report = inspect_wkb(values.slice(1))
    assert (report.verdict.tolist(), report.vertices.tolist()) == ([MISSING, FINE], [0, 2])


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (make.nested_collection(31), FINE),
        (make.nested_collection(100), TOO_DEEP),
        (make.nested_collection(100_000), TOO_DEEP),
        (b"", BROKEN),
        (b"\x01\x02\x00\x00\x00\xff\xff\xff\xff", BROKEN),
        (b"\x01\x05\x00\x00\x00\xff\xff\xff\xff", BROKEN),
        (b"\x01\x03\x00\x00\x00\xff\xff\xff\xff" + b"\x00" * 40, BROKEN),
        (b"\x02" + shapely.to_wkb(shapely.Point(1, 2))[1:], BROKEN),
        (shapely.to_wkb(shapely.Point(1, 2)) + b"x", BROKEN),
        (struct.pack("<BII", 1, 8, 0), UNSUPPORTED),
        (struct.pack("<BII", 1, 17, 0), UNSUPPORTED),
        (struct.pack("<BII", 1, 0x20000001, 0) + b"\x00" * 16, UNSUPPORTED),
    ],
)
def test_what_would_harm_the_parser_is_stopped(value: bytes, verdict: int) -> None:
    assert inspect_wkb(column([value])).verdict.tolist() == [verdict]


@given(st.sampled_from(TEXTS), st.data())
def test_no_mutation_gets_a_wrong_length_past_the_guard(text: str, data: st.DataObject) -> None:
    wkb = bytearray(shapely.to_wkb(shapely.from_wkt(text)))
    for _ in range(data.draw(st.integers(1, 3))):
        wkb[data.draw(st.integers(0, len(wkb) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(wkb)))
    for value in (bytes(wkb), bytes(wkb[:cut])):
        report = inspect_wkb(column([value]))
        if report.verdict[0] == FINE:
            parsed = shapely.from_wkb(value, on_invalid="ignore")
            assert parsed is None or shapely.get_num_coordinates(parsed) == report.vertices[0] or parsed.is_empty
