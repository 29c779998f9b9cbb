import csv
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata import crs
from geodata.errors import LayerError
from tests.geodata import make

ESRI_18_00 = (
    'PROJCS["SWEREF99_18_00",GEOGCS["GCS_SWEREF99",DATUM["D_SWEREF99",SPHEROID["GRS_1980",6378137,298.257222101]],'
    'PRIMEM["Greenwich",0],UNIT["Degree",0.017453292519943295]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",18],PARAMETER["scale_factor",1],'
    'PARAMETER["false_easting",150000],PARAMETER["false_northing",0],UNIT["Meter",1]]'
)
SWEDISH = [3006, *range(3007, 3019), 3021]
TM = crs.parse_crs(3006)
DEGREES = crs.parse_crs(4326)


@pytest.mark.parametrize("text", [3006, "3006", "EPSG:3006", "epsg:3006", "urn:ogc:def:crs:EPSG::3006"])
def test_all_ways_to_name_a_system_mean_the_same(text: str | int) -> None:
    assert crs.parse_crs(text) == TM
    assert (TM.text, TM.epsg, TM.name, TM.is_geographic) == ("EPSG:3006", 3006, "SWEREF99 TM", False)
    assert TM.area_of_use is not None
    assert TM.area_of_use[0] < 11 < TM.area_of_use[2]


@pytest.mark.parametrize("code", [*SWEDISH, 4326, 4619, 26910, 32618, 3152, 3857])
@pytest.mark.parametrize("dialect", ["WKT1_ESRI", "WKT1_GDAL", "WKT2_2019"])
def test_text_of_a_known_system_is_recognised(code: int, dialect: str) -> None:
    assert crs.parse_crs(pyproj.CRS.from_epsg(code).to_wkt(dialect)).text == f"EPSG:{code}"


def test_old_esri_text_of_a_local_zone_is_recognised() -> None:
    assert crs.parse_crs(ESRI_18_00).text == "EPSG:3011"


def test_zone_name_with_other_parameters_is_not_taken_at_its_word() -> None:
    assert crs.parse_crs(ESRI_18_00.replace("150000", "250000")).epsg is None


def test_height_system_is_left_out() -> None:
    assert crs.parse_crs(5850).text == "EPSG:3011"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "EPSG:999999",
        "+proj=longlat +nadgrids=/etc/passwd",
        "/etc/passwd",
        "file.prj",
        'PROJCS["x"]',
        "EPSG:5613",
    ],
)
def test_what_is_no_system_is_refused(text: str) -> None:
    with pytest.raises(LayerError) as failure:
        crs.parse_crs(text)
    assert (failure.value.code, failure.value.details) == ("crs_unknown", {"crs": text[:200]})


def test_sample_places_agree_to_a_millimetre(sample_data: Path) -> None:
    with (sample_data / "sweden" / "sweref99_rt90_points.csv").open() as file:
        places = list(csv.DictReader(file))
    degrees = shapely.points([[float(place["lon"]), float(place["lat"])] for place in places])
    for code, columns, tolerance in ((3006, "sweref99tm", 0.001), (3021, "rt9025gonV", 0.2)):
        moved, failed = crs.transform(degrees, DEGREES, crs.parse_crs(code))
        expected = [[float(place[f"{columns}_E"]), float(place[f"{columns}_N"])] for place in places]
        assert np.abs(shapely.get_coordinates(moved) - expected).max() < tolerance
        assert not failed.any()


def test_botkyrka_lies_where_it_lies() -> None:
    moved, _ = crs.transform(make.array_of("POINT (17.833 59.2)"), DEGREES, crs.parse_crs(3011))
    assert np.round(shapely.get_coordinates(moved)).tolist() == [[140457.0, 6564960.0]]


@given(st.floats(11, 24), st.floats(55, 69), st.sampled_from(SWEDISH))
def test_there_and_back_is_the_same_place(longitude: float, latitude: float, code: int) -> None:
    place = np.array([shapely.Point(longitude, latitude)], dtype=object)
    there, _ = crs.transform(place, DEGREES, crs.parse_crs(code))
    back, _ = crs.transform(there, crs.parse_crs(code), DEGREES)
    assert np.allclose(shapely.get_coordinates(back), shapely.get_coordinates(place), atol=1e-6)


def test_what_cannot_be_transformed_is_told() -> None:
    shapes = make.array_of("POINT (17 59)", "POINT (17 1000)", None)
    moved, failed = crs.transform(shapes, DEGREES, TM)
    assert failed.tolist() == [False, True, False]
    assert shapely.is_missing(moved).tolist() == [False, True, True]


def test_area_of_use_is_kept() -> None:
    shapes = make.array_of("POINT (674000 6580000)", "POINT (6580000 674000)", None, "LINESTRING (674000 6580000, 0 0)")
    assert crs.within_area_of_use(shapes, TM).tolist() == [True, False, True, False]


@pytest.mark.parametrize(
    ("bounds", "codes"),
    [
        ((661_000, 6_550_000, 662_000, 6_566_000), [3006]),
        ((1_628_000, 6_580_000, 1_629_000, 6_581_000), [3021]),
        ((17.7, 59.0, 17.9, 59.2), [4326]),
        ((0, 0, 100, 100), []),
    ],
)
def test_system_is_guessed_from_where_numbers_lie(bounds: crs.Bounds, codes: list[int]) -> None:
    assert crs.guess_crs(bounds) == codes


def test_local_zones_cannot_be_told_apart() -> None:
    assert set(crs.guess_crs((125_000, 6_540_000, 155_000, 6_580_000))) == set(range(3007, 3019))


def test_swapped_axes_are_noticed() -> None:
    assert crs.swapped_axes((6_550_000, 661_000, 6_566_000, 662_000), TM)
    assert not crs.swapped_axes((661_000, 6_550_000, 662_000, 6_566_000), TM)
    assert not crs.swapped_axes((0, 0, 1, 1), TM)


@pytest.mark.parametrize("count", [3, 3_000])
@pytest.mark.parametrize(
    ("code", "datum", "ellipsoid"), [(3006, 4619, "GRS80"), (3011, 4619, "GRS80"), (3021, 4124, "bessel")]
)
def test_lengths_are_those_of_the_ellipsoid(count: int, code: int, datum: int, ellipsoid: str) -> None:
    """A few lines are measured one way, many another; both must agree with the library's own exact method."""
    random = np.random.default_rng(5)
    starts = random.uniform((16.5, 59.0), (18.5, 59.6), (count, 2))
    steps = random.normal(0, 0.0005, (count, 3, 2))
    steps[0] *= 400
    degrees = shapely.linestrings(np.cumsum(np.concatenate([starts[:, None], steps], axis=1), axis=1))
    exact = [pyproj.Geod(ellps=ellipsoid).geometry_length(line) for line in degrees[:200]]
    lines, _ = crs.transform(degrees, crs.parse_crs(datum), crs.parse_crs(code))
    lengths = crs.geodesic_length_m(lines, crs.parse_crs(code))
    assert np.allclose(lengths[:200], exact, rtol=1e-7, atol=1e-4)


def test_plane_length_would_be_wrong_far_from_the_meridian() -> None:
    line = make.array_of("LINESTRING (900000 7300000, 910000 7300000)")
    assert abs(crs.geodesic_length_m(line, TM)[0] - 10_000) > 5


def test_length_of_each_kind_of_geometry() -> None:
    shapes = make.array_of(
        "POINT (500000 6500000)",
        None,
        "MULTILINESTRING ((500000 6500000, 500100 6500000), (500000 6500000, 500000 6500100))",
        "POLYGON ((500000 6500000, 500100 6500000, 500100 6500100, 500000 6500100, 500000 6500000))",
        "GEOMETRYCOLLECTION (LINESTRING (500000 6500000, 500100 6500000), POINT (1 1))",
    )
    lengths = crs.geodesic_length_m(shapes, TM)
    assert np.allclose(lengths, [0, 0, 200.08, 400.16, 100.04], atol=0.01)


def test_area_takes_holes_off_and_adds_parts() -> None:
    shapes = make.array_of(
        "POLYGON ((500000 6500000, 501000 6500000, 501000 6501000, 500000 6501000, 500000 6500000))",
        "POLYGON ((500000 6500000, 500000 6501000, 501000 6501000, 501000 6500000, 500000 6500000),"
        "(500000 6500000, 500000 6500500, 500500 6500500, 500500 6500000, 500000 6500000))",
        "MULTIPOLYGON (((500000 6500000, 501000 6500000, 501000 6501000, 500000 6501000, 500000 6500000)),"
        "((510000 6500000, 511000 6500000, 511000 6501000, 510000 6501000, 510000 6500000)))",
        "LINESTRING (0 0, 1 1)",
        None,
    )
    scale = 1 / 0.9996**2
    areas = crs.geodesic_area_m2(shapes, TM)
    assert np.allclose(areas, np.array([1e6, 0.75e6, 2e6, 0, 0]) * scale, rtol=1e-5)


def test_one_row_and_none_measure_alike() -> None:
    empty = np.array([], dtype=object)
    assert crs.geodesic_length_m(empty, TM).tolist() == []
    assert crs.geodesic_area_m2(empty, TM).tolist() == []
