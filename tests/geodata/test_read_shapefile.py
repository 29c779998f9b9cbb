from pathlib import Path

import pytest
import shapely

from geodata.errors import LayerError
from geodata.issues import WARNING, Issue
from geodata.sandbox import list_layers, read_layer
from tests.geodata import make

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
NAMES = {"namn": ["Åkerö", "Ängsö"]}


def with_encoding(path: Path, encoding: str, cpg: str | None = None, language: int | None = None) -> Path:
    """A shapefile whose table is in some encoding, with and without saying so."""
    make.shapefile(path, columns=NAMES, encoding=encoding)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[29] = language or 0
    path.with_suffix(".dbf").write_bytes(table)
    return path


def files_of(path: Path) -> list[Path]:
    return [path.with_suffix(part) for part in PARTS if path.with_suffix(part).exists()]


@pytest.mark.parametrize(
    ("encoding", "cpg", "language", "codes"),
    [
        ("UTF-8", "UTF-8", None, []),
        ("UTF-8", None, None, []),
        ("CP1252", "1252", None, []),
        ("CP1252", None, 0x57, []),
        ("CP1252", None, None, ["encoding_guessed"]),
        ("CP850", None, 0x02, []),
        ("CP850", None, None, ["encoding_guessed"]),
        ("CP1252", "UTF-8", None, ["encoding_mismatch"]),
    ],
)
def test_names_arrive_whatever_the_encoding_and_who_says_it(
    tmp_path: Path, encoding: str, cpg: str | None, language: int | None, codes: list[str]
) -> None:
    layer = read_layer(with_encoding(tmp_path / "a.shp", encoding, cpg, language))
    assert layer.table.to_pydict() == NAMES
    assert [issue.code for issue in layer.issues] == codes


def test_layer_reads_alike_as_file_folder_and_archive(tmp_path: Path) -> None:
    folder = tmp_path / "leverans"
    folder.mkdir()
    path = make.shapefile(folder / "rör.shp")
    archive = make.zipped(tmp_path / "rör.zip", files_of(path), folder="x/")
    for source in (path, folder, archive):
        layer = read_layer(source)
        assert (layer.name, layer.driver, layer.crs) == ("rör", "ESRI Shapefile", "EPSG:3006")
        assert layer.table.to_pydict() == {"namn": ["Å0", "Å1"], "dim": [100, 101]}
        assert [shape.wkt for shape in layer.geometry] == [shapely.from_wkt(text).wkt for text in make.LINES]


def test_endings_in_capitals_are_found(tmp_path: Path) -> None:
    path = make.shapefile(tmp_path / "a.shp")
    for file in files_of(path):
        file.rename(file.with_suffix(file.suffix.upper()))
    assert read_layer(tmp_path / "a.SHP").table.num_rows == 2


def test_several_shapefiles_in_a_folder_need_a_choice(tmp_path: Path) -> None:
    make.shapefile(tmp_path / "a.shp")
    make.shapefile(tmp_path / "b.shp", columns={"x": [1, 2]})
    with pytest.raises(LayerError) as failure:
        read_layer(tmp_path)
    assert (failure.value.code, failure.value.details["layers"]) == ("several_layers", ["a", "b"])
    assert read_layer(tmp_path, layer="b").table.column_names == ["x"]
    with pytest.raises(LayerError) as failure:
        read_layer(tmp_path, layer="c")
    assert (failure.value.code, failure.value.details["layers"]) == ("layer_not_found", ["a", "b"])


def test_wrong_layer_of_a_single_shapefile_is_refused_by_its_own_name(tmp_path: Path) -> None:
    with pytest.raises(LayerError) as failure:
        read_layer(make.shapefile(tmp_path / "rör.shp"), layer="el")
    assert failure.value.details == {"file": "rör.shp", "layer": "el", "layers": ["rör"]}


@pytest.mark.parametrize("part", [".shx", ".dbf"])
def test_missing_part_is_named(tmp_path: Path, part: str) -> None:
    path = make.shapefile(tmp_path / "a.shp")
    path.with_suffix(part).unlink()
    with pytest.raises(LayerError) as failure:
        read_layer(path)
    assert (failure.value.code, failure.value.details) == ("missing_part", {"file": "a.shp", "part": part})


@pytest.mark.parametrize("part", [".shp", ".shx", ".dbf"])
def test_truncated_part_is_refused(tmp_path: Path, part: str) -> None:
    path = make.shapefile(tmp_path / "a.shp")
    file = path.with_suffix(part)
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(LayerError) as failure:
        read_layer(path)
    assert failure.value.details == {"file": "a.shp", "reason": "truncated"}


def test_layer_without_prj_has_no_crs(tmp_path: Path) -> None:
    path = make.shapefile(tmp_path / "a.shp")
    path.with_suffix(".prj").unlink()
    assert read_layer(path).crs is None


def test_unreadable_prj_is_reported(tmp_path: Path) -> None:
    path = make.shapefile(tmp_path / "a.shp")
    path.with_suffix(".prj").write_text("Kommunens nät")
    layer = read_layer(path)
    assert layer.crs is None
    assert layer.issues == (Issue(WARNING, "crs_unreadable", details={"crs": "Kommunens nät"}),)


def test_deleted_record_leaves_a_gap_in_the_row_numbers(tmp_path: Path) -> None:
    path = make.shapefile(tmp_path / "a.shp", columns={"n": [1, 2]})
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[int.from_bytes(table[8:10], "little")] = ord("*")
    path.with_suffix(".dbf").write_bytes(table)
    layer = read_layer(path)
    assert (layer.row_numbers.tolist(), layer.table.column("n").to_pylist()) == ([2], [2])


def test_layers_of_an_archive_are_listed_by_their_names_in_it(tmp_path: Path) -> None:
    path = make.shapefile(tmp_path / "rör.shp")
    (summary,) = list_layers(make.zipped(tmp_path / "z.zip", files_of(path)))
    assert (summary.name, summary.geometry_kind, summary.rows) == ("rör", "LineString", 2)
    assert (summary.crs, summary.fields) == ("EPSG:3006", ("namn", "dim"))


def test_other_formats_in_an_archive_are_read_too(tmp_path: Path) -> None:
    path = make.geopackage(tmp_path / "a.gpkg")
    assert read_layer(make.zipped(tmp_path / "z.zip", [path])).driver == "GPKG"
