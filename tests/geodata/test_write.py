import json
import os
import sqlite3
import warnings
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from geodata.crs import parse_crs, transform
from geodata.errors import LayerError
from geodata.sandbox import read_layer
from geodata.write import write_layer
from tests.geodata import make

SHAPES = make.array_of("LINESTRING (674000.123 6580000.456, 674100 6580000)", None)
TABLE = pa.table(
    {
        "uid": ["a", "b"],
        "namn": ["Åäö =1+1", None],
        "dim": [150, None],
        "djup": [1.5, float("nan")],
        "lagd": [date(1968, 5, 1), None],
        "ja": [True, None],
        "tom": pa.nulls(2),
    }
)


def test_geopackage_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "ut.gpkg"
    write_layer(path, "gpkg", TABLE, SHAPES, "EPSG:3011", "ledningar")
    layer = read_layer(path)
    assert (layer.name, layer.crs) == ("ledningar", "EPSG:3011")
    assert layer.table.schema.field("lagd").type == pa.date32()
    assert layer.geometry is not None
    assert layer.geometry.tolist() == SHAPES.tolist()
    for name in ("uid", "namn", "dim", "lagd", "ja", "tom"):
        assert layer.table.column(name).to_pylist() == TABLE.column(name).to_pylist(), name


def test_geojson_is_in_degrees_to_the_millimetre(tmp_path: Path) -> None:
    path = tmp_path / "ut.geojson"
    write_layer(path, "geojson", TABLE, SHAPES, 3006, "ledningar")
    content = json.loads(path.read_text(encoding="utf-8"))
    assert list(content) == ["type", "name", "features"]
    assert content["features"][0]["properties"] == {
        "uid": "a",
        "namn": "Åäö =1+1",
        "dim": 150,
        "djup": 1.5,
        "lagd": "1968-05-01",
        "ja": True,
        "tom": None,
    }
    assert content["features"][1]["geometry"] is None
    layer = read_layer(path)
    assert layer.geometry is not None
    back, _ = transform(layer.geometry, parse_crs(4326), parse_crs(3006))
    assert np.abs(shapely.get_coordinates(back) - shapely.get_coordinates(SHAPES)).max() < 0.002


def test_outer_rings_of_geojson_run_counterclockwise(tmp_path: Path) -> None:
    path = tmp_path / "ut.geojson"
    clockwise = make.array_of("POLYGON ((17 59, 17 60, 18 60, 18 59, 17 59))")
    write_layer(path, "geojson", pa.table({"a": [1]}), clockwise, 4326, "x")
    ring = json.loads(path.read_text())["features"][0]["geometry"]["coordinates"][0]
    assert shapely.LinearRing(ring).is_ccw


@pytest.mark.parametrize("format", ["gpkg", "geojson"])
def test_single_and_multi_go_in_one_layer(tmp_path: Path, format: str) -> None:
    shapes = make.array_of("LINESTRING (17 59, 18 59)", "MULTILINESTRING ((17 59, 18 59), (17 60, 18 60))", None)
    path = tmp_path / f"ut.{format}"
    write_layer(path, format, pa.table({"a": [1, 2, 3]}), shapes, 4326, "x")  # type: ignore[arg-type]
    geometry = read_layer(path).geometry
    assert geometry is not None
    assert [None if shape is None else shapely.get_num_geometries(shape) for shape in geometry] == [1, 2, None]


@pytest.mark.parametrize("format", ["gpkg", "geojson"])
def test_table_without_geometry_can_be_written(tmp_path: Path, format: str) -> None:
    path = tmp_path / f"ut.{format}"
    write_layer(path, format, pa.table({"a": ["x"]}), None, 3006, "lista")  # type: ignore[arg-type]
    layer = read_layer(path)
    assert (layer.geometry, layer.table.to_pydict()) == (None, {"a": ["x"]})


def test_existing_file_is_replaced_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "ut.gpkg"
    for count in (3, 1):
        write_layer(path, "gpkg", pa.table({"a": list(range(count))}), None, 3006, "x")
    assert read_layer(path).table.num_rows == 1
    assert os.listdir(tmp_path) == ["ut.gpkg"]


def test_failed_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "ut.geojson"
    path.write_text("gammal")
    outside = make.array_of("POINT (1e300 0)")
    with pytest.raises(ValueError, match="outside"):
        write_layer(path, "geojson", pa.table({"a": [1]}), outside, 3006, "x")
    assert os.listdir(tmp_path) == ["ut.geojson"]


def test_folder_that_is_not_there_is_an_error_with_the_file(tmp_path: Path) -> None:
    with pytest.raises(LayerError) as failure:
        write_layer(tmp_path / "ingen" / "ut.gpkg", "gpkg", TABLE, SHAPES, 3006, "x")
    assert (failure.value.code, failure.value.details["file"]) == ("output_unwritable", "ut.gpkg")


def test_times_are_kept_in_a_geopackage(tmp_path: Path) -> None:
    path = tmp_path / "ut.gpkg"
    write_layer(path, "gpkg", pa.table({"t": [datetime(2026, 1, 2, 3, 4, 5)]}), None, 3006, "x")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT t FROM x").fetchone()[0].startswith("2026-01-02T03:04:05")


def test_a_geopackage_may_be_called_anything_without_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "ut.dat"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write_layer(path, "gpkg", TABLE, SHAPES, 3006, "x")
    assert path.read_bytes().startswith(b"SQLite format 3")
