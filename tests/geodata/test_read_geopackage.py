import sqlite3
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from geodata.errors import LayerError
from geodata.issues import WARNING, Issue
from geodata.limits import Limits
from geodata.sandbox import list_layers, read_layer
from tests.geodata import make


def test_rows_attributes_and_geometry_arrive_as_they_were_written(tmp_path: Path) -> None:
    columns = {"namn": ["Åkern", None], "dim": [150, 200], "djup": [1.5, None], "lagd": [date(1968, 5, 1), None]}
    layer = read_layer(make.geopackage(tmp_path / "nät.gpkg", columns=columns))
    assert layer.table.to_pydict() == columns
    assert layer.table.schema.field("lagd").type == pa.date32()
    assert (layer.name, layer.driver, layer.crs, layer.encoding) == ("ledningar", "GPKG", "EPSG:3006", "utf-8")
    assert shapely.to_wkt(layer.geometry).tolist() == [shapely.to_wkt(shapely.from_wkt(text)) for text in make.LINES]
    assert layer.row_numbers.tolist() == [1, 2]
    assert layer.issues == ()


def test_stock_row_id_is_no_attribute_but_can_be_asked_for(tmp_path: Path) -> None:
    layer = read_layer(make.geopackage(tmp_path / "a.gpkg"))
    assert layer.row_id_name == "fid"
    assert layer.row_ids is not None
    assert layer.row_ids.tolist() == [1, 2]
    assert "fid" not in layer.table.column_names


def test_row_id_that_the_author_named_is_an_attribute(tmp_path: Path) -> None:
    path = make.geopackage(tmp_path / "a.gpkg", layer_options={"FID": "lednings_id"})
    assert read_layer(path).table.column("lednings_id").to_pylist() == [1, 2]


def test_several_layers_need_a_choice(tmp_path: Path) -> None:
    path = make.geopackage(tmp_path / "a.gpkg", layer="vatten")
    make.geopackage(path, layer="spill", append=True)
    with pytest.raises(LayerError) as failure:
        read_layer(path)
    assert failure.value.code == "several_layers"
    assert failure.value.details == {"file": "a.gpkg", "layers": ["vatten", "spill"]}
    assert read_layer(path, layer="spill").name == "spill"


def test_absent_layer_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(LayerError) as failure:
        read_layer(make.geopackage(tmp_path / "a.gpkg"), layer="el")
    assert failure.value.code == "layer_not_found"
    assert failure.value.details == {"file": "a.gpkg", "layer": "el", "layers": ["ledningar"]}


def test_table_without_geometry_is_a_layer(tmp_path: Path) -> None:
    layer = read_layer(make.attribute_geopackage(tmp_path / "a.gpkg"))
    assert layer.geometry is None
    assert layer.crs is None
    assert layer.table.to_pydict() == {"namn": ["a", "b"]}


def test_layers_are_listed_with_size_and_fields(tmp_path: Path) -> None:
    path = make.geopackage(tmp_path / "a.gpkg", kind="LineString")
    (summary,) = list_layers(path)
    assert (summary.name, summary.geometry_kind, summary.rows) == ("ledningar", "LineString", 2)
    assert (summary.crs, summary.fields) == ("EPSG:3006", ("namn", "dim"))


def test_layer_without_rows_is_refused(tmp_path: Path) -> None:
    path = make.geopackage(tmp_path / "a.gpkg", shapes=())
    with pytest.raises(LayerError) as failure:
        read_layer(path)
    assert failure.value.code == "no_rows"


def test_heights_are_dropped_with_a_count(tmp_path: Path) -> None:
    shapes = ("LINESTRING Z (0 0 5, 1 1 6)", "LINESTRING (2 2, 3 3)", "POINT Z (1 2 3)")
    layer = read_layer(make.geopackage(tmp_path / "a.gpkg", shapes=shapes))
    assert Issue(WARNING, "z_dropped", details={"count": 2}) in layer.issues
    assert not shapely.has_z(layer.geometry).any()
    assert layer.geometry is not None
    assert layer.geometry[0].wkt == "LINESTRING (0 0, 1 1)"


def test_empty_and_missing_geometry_are_both_none(tmp_path: Path) -> None:
    layer = read_layer(make.geopackage(tmp_path / "a.gpkg", shapes=("LINESTRING EMPTY", None, "POINT (1 2)")))
    assert shapely.is_missing(layer.geometry).tolist() == [True, True, False]


def test_curves_become_lines_and_the_tolerance_is_stated(tmp_path: Path) -> None:
    path = make.geopackage(tmp_path / "a.gpkg", shapes=("POINT (0 0)",))
    header = bytes.fromhex("47500001be0b0000")
    arc = bytes.fromhex("010800000003000000") + np.array([100, 0, 0, 100, -100, 0], dtype="<f8").tobytes()
    make.run_sql(path, f"UPDATE ledningar SET geom = x'{(header + arc).hex()}'")
    layer = read_layer(path)
    details = {"count": 1, "step_degrees": 1.0, "relative_error": 3.8e-05}
    assert layer.issues == (Issue(WARNING, "curve_linearised", details=details),)
    assert layer.geometry is not None
    corners = shapely.get_coordinates(layer.geometry)
    middles = (corners[1:] + corners[:-1]) / 2
    assert np.allclose(np.hypot(*corners.T), 100)
    assert np.hypot(*middles.T).min() >= 100 * (1 - 3.9e-5)


def test_rows_not_yet_worked_into_the_file_are_read(tmp_path: Path) -> None:
    path = make.geopackage(tmp_path / "a.gpkg", columns={"namn": ["a", "b"]}, layer_options={"SPATIAL_INDEX": "NO"})
    open_elsewhere = sqlite3.connect(path)
    open_elsewhere.execute("PRAGMA journal_mode = WAL")
    open_elsewhere.execute("UPDATE ledningar SET namn = 'ny' WHERE fid = 1")
    open_elsewhere.commit()
    before = path.read_bytes()
    try:
        assert read_layer(path).table.column("namn").to_pylist() == ["ny", "b"]
        assert path.read_bytes() == before
    finally:
        open_elsewhere.close()


def test_text_that_is_not_utf8_is_refused_with_its_row(tmp_path: Path) -> None:
    path = make.geopackage(tmp_path / "a.gpkg")
    make.run_sql(path, "UPDATE ledningar SET namn = CAST(x'C5C4D6' AS TEXT) WHERE fid = 2")
    with pytest.raises(LayerError) as failure:
        read_layer(path)
    assert failure.value.code == "wrong_encoding"
    assert failure.value.details == {"file": "a.gpkg", "expected": "UTF-8", "row": 2}


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LayerError) as failure:
        read_layer(make.geopackage(tmp_path / "a.gpkg"), limits=Limits(rows=1))
    assert (failure.value.code, failure.value.details["limit"]) == ("limit_exceeded", "rows")


def test_too_many_vertices_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LayerError) as failure:
        read_layer(make.geopackage(tmp_path / "a.gpkg"), limits=Limits(vertices=3))
    assert (failure.value.code, failure.value.details["limit"]) == ("limit_exceeded", "vertices")


def test_a_layer_whose_every_geometry_is_missing_keeps_its_rows(tmp_path: Path) -> None:
    layer = read_layer(make.geopackage(tmp_path / "a.gpkg", shapes=(None, None)))
    assert layer.table.num_rows == 2
    assert layer.geometry is not None
    assert layer.geometry.tolist() == [None, None]
