import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.geometry import GeometryKind, fingerprint, flat, of_kind, validity
from tests.geodata import make


@pytest.mark.parametrize(
    ("kind", "fitting"),
    [
        ("Point", [True, False, False, True, False, False, True]),
        ("LineString", [False, True, False, False, True, False, True]),
        ("Polygon", [False, False, True, False, False, True, True]),
    ],
)
def test_kind_is_told_for_single_and_multi(kind: GeometryKind, fitting: list[bool]) -> None:
    shapes = make.array_of(
        "POINT (1 2)",
        "LINESTRING (1 2, 3 4)",
        "POLYGON ((0 0, 1 0, 1 1, 0 0))",
        "MULTIPOINT ((1 2), (3 4))",
        "MULTILINESTRING ((1 2, 3 4), (5 6, 7 8))",
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
        None,
    )
    same, fits = of_kind(shapes, kind)
    assert fits.tolist() == fitting
    assert same.tolist() == shapes.tolist()


def test_multi_of_one_part_becomes_that_part() -> None:
    shapes = make.array_of("MULTILINESTRING ((1 2, 3 4))", "GEOMETRYCOLLECTION (MULTIPOINT ((1 2)))")
    single, fits = of_kind(shapes, "LineString")
    assert [shape.wkt for shape in single] == ["LINESTRING (1 2, 3 4)", "POINT (1 2)"]
    assert fits.tolist() == [True, False]


def test_heights_go_and_empty_becomes_missing() -> None:
    shapes = flat(make.array_of("POINT Z (1 2 3)", "LINESTRING EMPTY", None))
    assert shapes[0].wkt == "POINT (1 2)"
    assert shapes[1:].tolist() == [None, None]


def test_invalid_geometry_comes_with_its_reason() -> None:
    shapes = make.array_of(
        "POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))", "LINESTRING (1 1, 1 1)", "LINESTRING (0 0, 1 1)", None
    )
    valid, reasons = validity(shapes)
    assert valid.tolist() == [False, False, True, True]
    assert reasons.tolist() == ["Self-intersection", "Zero length", None, None]


SQUARE = "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LINESTRING (1 2, 3 4)", "LINESTRING (1.0004 2, 3 3.9996)"),
        ("LINESTRING (1 2, 3 4)", "MULTILINESTRING ((1 2, 3 4))"),
        ("LINESTRING (1 2, 3 4)", "LINESTRING Z (1 2 9, 3 4 9)"),
        ("POINT (0 0)", "POINT (-0.0001 0)"),
        (SQUARE, "POLYGON ((4 4, 4 0, 0 0, 0 4, 4 4), (2 1, 1 1, 1 2, 2 2, 2 1))"),
        ("MULTIPOINT ((1 2), (3 4))", "MULTIPOINT ((3 4), (1 2))"),
    ],
)
def test_same_place_from_another_program_has_the_same_fingerprint(one: str, other: str) -> None:
    first, second = fingerprint(make.array_of(one, other))
    assert first == second
    assert len(first) == 16


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LINESTRING (1 2, 3 4)", "LINESTRING (1.001 2, 3 4)"),
        ("LINESTRING (1 2, 3 4)", "LINESTRING (3 4, 1 2)"),
        ("POINT (1 2)", "POINT (2 1)"),
        ("MULTILINESTRING ((1 2, 3 4), (5 6, 7 8))", "MULTILINESTRING ((1 2, 3 4, 5 6, 7 8))"),
        (SQUARE, "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))"),
    ],
)
def test_another_place_has_another_fingerprint(one: str, other: str) -> None:
    first, second = fingerprint(make.array_of(one, other))
    assert first != second


def test_missing_geometry_has_no_fingerprint() -> None:
    assert fingerprint(make.array_of(None, "POINT EMPTY")).tolist() == [None, None]


def test_degrees_are_rounded_to_a_millimetre_too() -> None:
    first, second, third = fingerprint(
        make.array_of("POINT (17 59)", "POINT (17.000000002 59)", "POINT (17.00000002 59)"), is_geographic=True
    )
    assert first == second
    assert first != third


coordinate = st.integers(-10_000_000, 10_000_000).map(lambda millimetres: millimetres / 1_000)
lines = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=6)


@given(st.lists(lines, min_size=1, max_size=5), st.floats(-0.0003, 0.0003))
def test_fingerprint_does_not_depend_on_neighbours_or_noise(
    corners: list[list[tuple[float, float]]], noise: float
) -> None:
    shapes = np.array([shapely.LineString(line) for line in corners], dtype=object)
    together = fingerprint(shapes)
    alone = [fingerprint(shapes[place : place + 1])[0] for place in range(len(shapes))]
    moved = fingerprint(shapely.transform(shapes, lambda places: places + noise))
    assert together.tolist() == alone == moved.tolist()
