from pathlib import Path

import pytest

from geodata.errors import LayerError
from geodata.issues import ERROR, WARNING, Issue
from geodata.layer import Layer
from geodata.limits import Limits
from geodata.sandbox import list_layers, read_layer
from tests.geodata import make

SWEDISH = "id;namn;längd\n1;Åkerö;12,5\n2;Ängsö;0,75\n"


def written(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(path: Path, content: bytes | str) -> Layer:
    return make.layer_of(written(path / "rör.csv", content))


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "cp1252"), ("cp850", "cp850")],
)
def test_swedish_letters_arrive_whatever_the_encoding(tmp_path: Path, encoding: str, shown: str) -> None:
    layer = read(tmp_path, SWEDISH.encode(encoding))
    assert layer.table.to_pydict() == {"id": ["1", "2"], "namn": ["Åkerö", "Ängsö"], "längd": ["12,5", "0,75"]}
    assert layer.encoding == shown
    guessed = (Issue(WARNING, "encoding_guessed", details={"encoding": shown}),) if shown.startswith("cp") else ()
    assert layer.issues == guessed


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    rows = [["id", "namn"], ["0127", "Botkyrka"], ["0136", "Haninge"]]
    layer = read(tmp_path, "\n".join(delimiter.join(row) for row in rows))
    assert layer.table.to_pydict() == {"id": ["0127", "0136"], "namn": ["Botkyrka", "Haninge"]}


def test_decimal_commas_do_not_pass_for_delimiters(tmp_path: Path) -> None:
    layer = read(tmp_path, "x;y\n1,5;2,5\n3,5;4,5\n")
    assert layer.table.to_pydict() == {"x": ["1,5", "3,5"], "y": ["2,5", "4,5"]}


def test_delimiter_that_the_first_line_states_is_taken(tmp_path: Path) -> None:
    layer = read(tmp_path, "sep=,\nid,a;b\n1,x;y\n")
    assert layer.table.to_pydict() == {"id": ["1"], "a;b": ["x;y"]}
    assert layer.row_numbers.tolist() == [3]


def test_values_stay_as_in_the_file(tmp_path: Path) -> None:
    layer = read(tmp_path, 'a;b\n 007 ;"sa ""hej"""\n1e5;\n')
    assert layer.table.to_pydict() == {"a": [" 007 ", "1e5"], "b": ['sa "hej"', ""]}


def test_row_numbers_are_those_of_a_spreadsheet(tmp_path: Path) -> None:
    layer = read(tmp_path, 'id;adress\n1;"Storgatan 1\nBotkyrka"\n2;Kort\n\n3;Lång\n')
    assert layer.row_numbers.tolist() == [2, 3, 5]
    assert layer.table.column("adress").to_pylist() == ["Storgatan 1\nBotkyrka", "Kort", "Lång"]
    assert layer.issues == (Issue(WARNING, "blank_rows", details={"count": 1}),)


def test_ragged_row_is_left_out_and_named(tmp_path: Path) -> None:
    layer = read(tmp_path, "id;namn\n1;a\n2\n3;c;extra\n4;d;\n")
    assert layer.table.to_pydict() == {"id": ["1", "4"], "namn": ["a", "d"]}
    assert layer.row_numbers.tolist() == [2, 5]
    assert layer.issues == (
        Issue(ERROR, "ragged_row", row=3, details={"expected": 2, "found": 1}),
        Issue(ERROR, "ragged_row", row=4, details={"expected": 2, "found": 3}),
    )


def test_csv_has_no_geometry_and_no_crs(tmp_path: Path) -> None:
    layer = read(tmp_path, "x;y\n17.8;59.1\n")
    assert (layer.geometry, layer.crs, layer.name, layer.driver) == (None, None, "rör", "CSV")


def test_csv_is_listed_as_one_layer(tmp_path: Path) -> None:
    (summary,) = list_layers(written(tmp_path / "rör.csv", "x;y\n1;2\n3;4\n"))
    assert (summary.name, summary.geometry_kind, summary.rows, summary.fields) == ("rör", None, 2, ("x", "y"))


def test_column_without_a_name_gets_its_number(tmp_path: Path) -> None:
    layer = read(tmp_path, ";namn\n0;a\n")
    assert layer.table.column_names == ["column_1", "namn"]
    assert layer.issues == (Issue(WARNING, "unnamed_column", row=1, field="column_1", details={"column": 1}),)


@pytest.mark.parametrize(
    ("content", "code", "details"),
    [
        (b"\n\n", "no_columns", {}),
        (b"id;id\n1;2\n", "duplicate_columns", {"columns": ["id"]}),
        (b'id;namn\n1;"a\n2;b\n', "malformed_row", {"row": 2, "reason": "quotes"}),
        (b"id;namn\n1;a\x00\n", "wrong_encoding", {"expected": "UTF-8", "row": 2}),
        (b"id;namn\n1;\x81\x8d\x00", "wrong_encoding", {"expected": "UTF-8", "row": 2}),
    ],
)
def test_file_that_cannot_be_used_is_refused(
    tmp_path: Path, content: bytes, code: str, details: dict[str, object]
) -> None:
    with pytest.raises(LayerError) as failure:
        read(tmp_path, content)
    assert failure.value.code == code
    assert failure.value.details == details


def test_overlong_cell_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "rör.csv", "id;namn\n1;" + "x" * 2_000)
    with pytest.raises(LayerError) as failure:
        make.layer_of(path, Limits(cell_characters=1_000))
    assert failure.value.details == {"row": 2, "reason": "cell_too_long"}


def test_whole_way_through_the_reader_gives_the_same(tmp_path: Path) -> None:
    path = written(tmp_path / "rör.csv", "id;namn\n1;Åkerö\n2\n")
    layer = read_layer(path)
    assert layer.table.to_pydict() == make.layer_of(path).table.to_pydict() == {"id": ["1"], "namn": ["Åkerö"]}
    assert layer.issues == make.layer_of(path).issues
    assert (layer.name, layer.row_numbers.tolist()) == ("rör", [2])


def test_header_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayerError) as failure:
        read_layer(written(tmp_path / "rör.csv", "id;namn\n"))
    assert (failure.value.code, failure.value.details) == ("no_rows", {"file": "rör.csv", "layer": "rör"})
