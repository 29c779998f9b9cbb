import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from geodata.errors import LayerError
from geodata.issues import ERROR, WARNING, Issue
from geodata.layer import Layer
from geodata.sandbox import list_layers, read_layer
from tests.geodata import make

LINE = {"type": "LineString", "coordinates": [[17.8, 59.1], [17.9, 59.2]]}


def feature(properties: Any = None, geometry: Any = LINE, **members: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry, **members}


def written(path: Path, content: Any) -> Path:
    file = path / "nät.geojson"
    text = content if isinstance(content, str | bytes) else json.dumps(content, ensure_ascii=False)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def read(path: Path, *features: Any, **members: Any) -> Layer:
    return make.layer_of(written(path, {"type": "FeatureCollection", **members, "features": list(features)}))


def test_values_keep_their_types_and_texts_stay_texts(tmp_path: Path) -> None:
    layer = read(
        tmp_path,
        feature({"kod": "0127", "dim": 100, "djup": 1.5, "ja": True, "dag": "2020-01-02", "tag": {"a": [1]}}),
        feature({"kod": "0136", "dim": None, "djup": 2, "ja": None, "dag": "2021", "tag": None}),
    )
    assert layer.table.to_pydict() == {
        "kod": ["0127", "0136"],
        "dim": [100, None],
        "djup": [1.5, 2.0],
        "ja": [True, None],
        "dag": ["2020-01-02", "2021"],
        "tag": ['{"a":[1]}', None],
    }
    assert (layer.crs, layer.driver, layer.name) == ("EPSG:4326", "GeoJSON", "nät")


def test_mixed_column_becomes_text_and_is_reported(tmp_path: Path) -> None:
    layer = read(tmp_path, feature({"a": 1}), feature({"a": "x"}), feature({"a": 2**70}))
    assert layer.table.column("a").to_pylist() == ["1", "x", str(2**70)]
    assert layer.issues == (Issue(WARNING, "mixed_types", field="a"),)


def test_property_that_comes_late_is_empty_before(tmp_path: Path) -> None:
    layer = read(tmp_path, feature({"a": 1}), feature(None), feature({"b": 2}))
    assert layer.table.to_pydict() == {"a": [1, None, None], "b": [None, None, 2]}


def test_id_of_features_is_a_column_unless_a_property_has_the_name(tmp_path: Path) -> None:
    assert read(tmp_path, feature({"a": 1}, id="x1")).table.to_pydict() == {"id": ["x1"], "a": [1]}
    assert read(tmp_path, feature({"id": 7}, id="x1")).table.to_pydict() == {"id": [7]}


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3006"}}, "EPSG:3006"),
        ({"type": "name", "properties": {"name": "EPSG:3011"}}, "EPSG:3011"),
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}, "EPSG:4326"),
        (None, None),
    ],
)
def test_crs_member_of_the_old_edition_counts(tmp_path: Path, member: Any, expected: str | None) -> None:
    assert read(tmp_path, feature(), crs=member).crs == expected


def test_unreadable_crs_is_reported_and_left_open(tmp_path: Path) -> None:
    layer = read(tmp_path, feature(), crs={"type": "name", "properties": {"name": "lokalt nät"}})
    assert layer.crs is None
    assert layer.issues == (Issue(WARNING, "crs_unreadable", details={"crs": "lokalt nät"}),)


def test_every_kind_of_geometry_arrives(tmp_path: Path) -> None:
    texts = [
        "POINT (1 2)",
        "MULTIPOINT ((1 2), (3 4))",
        "LINESTRING (1 2, 3 4)",
        "MULTILINESTRING ((1 2, 3 4), (5 6, 7 8))",
        "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))",
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
    ]
    shapes = [json.loads(shapely.to_geojson(shapely.from_wkt(text))) for text in texts]
    layer = read(tmp_path, *(feature(None, shape) for shape in shapes))
    assert layer.geometry is not None
    assert [shape.wkt for shape in layer.geometry] == texts
    assert layer.row_numbers.tolist() == [1, 2, 3, 4, 5, 6]


def test_heights_are_dropped_with_a_count(tmp_path: Path) -> None:
    layer = read(tmp_path, feature(None, {"type": "LineString", "coordinates": [[1, 2, 3], [4, 5, 6]]}), feature())
    assert layer.issues == (Issue(WARNING, "z_dropped", details={"count": 1}),)
    assert layer.geometry is not None
    assert layer.geometry[0].wkt == "LINESTRING (1 2, 4 5)"


def test_row_with_impossible_geometry_is_left_out_and_named(tmp_path: Path) -> None:
    bad = [
        {"type": "LineString", "coordinates": [[1, 2]]},
        {"type": "LineString", "coordinates": [[1, "x"], [2, 3]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Circle", "coordinates": [1, 2]},
        "POINT (1 2)",
    ]
    layer = read(tmp_path, *(feature({"n": n}, shape) for n, shape in enumerate(bad)), feature({"n": 9}))
    assert layer.table.to_pydict() == {"n": [9]}
    assert layer.row_numbers.tolist() == [6]
    assert [(issue.severity, issue.code, issue.row) for issue in layer.issues] == [
        (ERROR, "geometry_unreadable", 1),
        (ERROR, "geometry_unreadable", 2),
        (ERROR, "geometry_unreadable", 3),
        (ERROR, "geometry_unsupported", 4),
        (ERROR, "geometry_unreadable", 5),
    ]


def test_layer_in_which_no_feature_has_geometry_has_none(tmp_path: Path) -> None:
    assert read(tmp_path, feature({"a": 1}, None)).geometry is None


def test_single_feature_is_a_layer_of_one_row(tmp_path: Path) -> None:
    layer = make.layer_of(written(tmp_path, feature({"a": 1})))
    assert (layer.table.to_pydict(), layer.row_numbers.tolist()) == ({"a": [1]}, [1])


def test_layer_is_listed(tmp_path: Path) -> None:
    path = written(tmp_path, {"type": "FeatureCollection", "name": "rör", "features": [feature({"a": 1})]})
    (summary,) = list_layers(path)
    assert (summary.name, summary.geometry_kind, summary.rows, summary.fields) == ("rör", "LineString", 1, ("a",))


@pytest.mark.parametrize(
    ("content", "code", "reason"),
    [
        ('{"type": "FeatureCollection", "features": [', "unreadable", "truncated"),
        ('{"type": "FeatureCollection", "features": [{"type": "Fea', "unreadable", "truncated"),
        ('{"type": "FeatureCollection", "features": [1]}', "unreadable", "damaged"),
        ('{"type": "FeatureCollection", "features": [],}', "unreadable", "damaged"),
        ('{"type": "FeatureCollection", "features": []} x', "unreadable", "damaged"),
        ('{"type": "FeatureCollection", "features": [{"type": "Feature", "x": NaN}]}', "unreadable", "damaged"),
        ('{"type": "FeatureCollection", "features": ' + "[" * 200_000, "limit_exceeded", None),
        ('{"type": "Topology", "objects": {}}', "format_mismatch", None),
        ('{"type": "FeatureCollection", "x": "Å"}'.encode("cp1252"), "wrong_encoding", None),
        ('{"type": "FeatureCollection"}'.encode("utf-16"), "wrong_encoding", None),
    ],
)
def test_file_that_cannot_be_used_is_refused(
    tmp_path: Path, content: str | bytes, code: str, reason: str | None
) -> None:
    with pytest.raises(LayerError) as failure:
        make.layer_of(written(tmp_path, content))
    assert (failure.value.code, failure.value.details.get("reason")) == (code, reason)


def test_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    text = json.dumps({"type": "FeatureCollection", "features": [feature({"namn": "Å"})]}, ensure_ascii=False)
    assert make.layer_of(written(tmp_path, text.encode("utf-8-sig"))).table.to_pydict() == {"namn": ["Å"]}


def test_coordinates_are_exact(tmp_path: Path) -> None:
    layer = read(tmp_path, feature(None, {"type": "LineString", "coordinates": [[0.1, 0.2], [1e-9, 123456.789]]}))
    assert np.array_equal(shapely.get_coordinates(layer.geometry), [[0.1, 0.2], [1e-9, 123456.789]])


def test_whole_way_through_the_reader_gives_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, {"type": "FeatureCollection", "name": "rör", "features": [feature({"a": "Å"}, id=5)]})
    layer = read_layer(path)
    assert layer.table.to_pydict() == {"id": [5], "a": ["Å"]}
    assert (layer.name, layer.crs, layer.geometry.tolist()) == (
        "rör",
        "EPSG:4326",
        make.layer_of(path).geometry.tolist(),
    )


def test_nesting_without_end_is_refused_by_the_reader(tmp_path: Path) -> None:
    text = '{"type": "FeatureCollection", "features": ' + '[{"a":' * 200_000
    with pytest.raises(LayerError) as failure:
        read_layer(written(tmp_path, text))
    assert failure.value.code == "limit_exceeded"


def test_collection_without_features_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayerError) as failure:
        read_layer(written(tmp_path, {"type": "FeatureCollection", "features": []}))
    assert (failure.value.code, failure.value.details) == ("no_rows", {"file": "nät.geojson", "layer": "nät"})
