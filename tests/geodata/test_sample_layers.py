"""The real layers, with the figures their own description gives."""

from pathlib import Path

import numpy as np
import pytest

from geodata.crs import geodesic_length_m, parse_crs
from geodata.sandbox import read_layer

LAYERS = [
    ("vancouver/water_mains.geojson", 5_000, "EPSG:4326"),
    ("kitchener/Water_Mains.csv", 15_903, None),
    ("kitchener/Water_Main_Breaks.csv", 2_766, None),
    ("vermont/VergennesLinearFeatures.geojson", 412, "EPSG:4326"),
    ("buildings/baltimore_school_buildings_SY2122.csv", 173, None),
    ("sweden/counties.csv", 21, None),
    ("sweden/municipalities.csv", 290, None),
    ("sweden/postal_to_municipality.csv", 15_463, None),
    ("sweden/kommuner_sweref99tm.gpkg", 290, "EPSG:3006"),
    ("sweden/stockholm_stadsdelar", 117, "EPSG:3011"),
    ("fixtures/pyogrio/curve.gpkg", 1, "EPSG:4326"),
    ("fixtures/pyogrio/line_zm.gpkg", 1, "EPSG:4326"),
    ("fixtures/pyogrio/test_gpkg_nulls.gpkg", 4, "EPSG:4326"),
    ("fixtures/fiona/grenada.geojson", 1, "EPSG:4326"),
    ("fixtures/fiona/test_tz.geojson", 1, "EPSG:4326"),
    ("fixtures/fiona/gre.shp", 1, "EPSG:4326"),
    ("fixtures/shapefile-js/latin1-property.shp", 1, "EPSG:4326"),
    ("fixtures/shapefile-js/utf8-property.shp", 1, "EPSG:4326"),
    ("fixtures/shapefile-js/mixed-properties.shp", 3, "EPSG:4326"),
    ("fixtures/shapefile-js/null.shp", 9, "EPSG:4326"),
    ("fixtures/shapefile-js/polylines.shp", 2, "EPSG:4326"),
]


@pytest.mark.parametrize(("name", "rows", "crs"), LAYERS)
def test_real_layer_is_read_whole(sample_data: Path, name: str, rows: int, crs: str | None) -> None:
    layer = read_layer(sample_data / name)
    assert (layer.table.num_rows, len(layer.row_numbers), layer.crs) == (rows, rows, crs)
    assert (layer.geometry is None) == name.endswith(".csv")
    assert [issue for issue in layer.issues if issue.severity == "error"] == []


def test_length_of_the_vancouver_mains_is_as_published(sample_data: Path) -> None:
    layer = read_layer(sample_data / "vancouver/water_mains.geojson")
    assert layer.geometry is not None
    lengths = geodesic_length_m(layer.geometry, parse_crs(4326))
    assert round(lengths.sum() / 1_000, 1) == 376.2  # their 376.1 is a length in the plane of EPSG:26910


def test_swedish_names_of_an_undeclared_table_are_right(sample_data: Path) -> None:
    layer = read_layer(sample_data / "sweden/stockholm_stadsdelar")
    names = layer.table.column("name").to_pylist()
    assert {"Östermalm", "Årsta", "Ängby"} & set(names) or any(set("åäöÅÄÖ") & set(name) for name in names)
    assert not any("\ufffd" in name for name in names)


def test_line_breaks_in_quotes_keep_the_rows_of_a_spreadsheet(sample_data: Path) -> None:
    layer = read_layer(sample_data / "buildings/baltimore_school_buildings_SY2122.csv")
    assert np.array_equal(layer.row_numbers, np.arange(2, 175))
