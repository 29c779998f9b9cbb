"""Files made to harm: none may be read, run, reach anything, or leave anything behind."""

import io
import json
import logging
import os
import socket
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from geodata import sandbox
from geodata.errors import LayerError
from geodata.formats.geopackage_schema import check_schema
from geodata.limits import Limits
from geodata.sandbox import Delivery, list_layers, read_layer
from tests.geodata import make

SECRET = "kanariefågel-4711"


def refusal(path: Path, **options: object) -> LayerError:
    with pytest.raises(LayerError) as failure:
        read_layer(path, **options)  # type: ignore[arg-type]
    assert SECRET not in str(failure.value)
    return failure.value


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """A file beside the delivered one that nobody asked for."""
    folder = tmp_path / "annans"
    folder.mkdir()
    return make.geopackage(folder / "canary.gpkg", columns={"namn": [SECRET, SECRET]}, layer="canary")


@pytest.fixture(autouse=True)
def _nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield
        assert os.listdir(folder) == []
        monkeypatch.undo()


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.csv", "a.json", "a.shp", "a.txt"])
def test_virtual_source_under_another_name_reads_nothing(tmp_path: Path, canary: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(make.VRT.format(source=canary))
    assert refusal(path).code == "format_mismatch"


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.csv", "a.shp"])
def test_virtual_source_in_an_archive_reads_nothing(tmp_path: Path, canary: Path, name: str) -> None:
    path = make.archive(tmp_path / "a.zip", {name: make.VRT.format(source=canary).encode()})
    assert refusal(path).code == "format_mismatch"


def test_command_line_in_json_reads_nothing(tmp_path: Path, canary: Path) -> None:
    path = tmp_path / "a.geojson"
    command = f"gdal vector pipeline ! read {canary}"
    path.write_text(json.dumps({"type": "gdal_streamed_alg", "command_line": command}))
    assert refusal(path).code == "format_mismatch"


@pytest.mark.parametrize("name", ["a.vrt", "a.gml", "a.kml", "a.exe", "a", "a.gpkg.xml"])
def test_other_endings_are_refused_unseen(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("x")
    assert refusal(path).code == "unknown_format"


@pytest.mark.parametrize(
    "make_other",
    [
        lambda path: path.write_bytes(b"PK\x03\x04" + b"x" * 100),
        lambda path: path.write_bytes(b"SQLite format 3\x00" + b"\x00" * 100),
        lambda path: path.write_text('{"type": "FeatureCollection", "features": []}'),
    ],
)
def test_content_of_another_format_is_refused(tmp_path: Path, make_other: object) -> None:
    path = tmp_path / "a.csv"
    make_other(path)  # type: ignore[operator]
    assert refusal(path).code == "format_mismatch"


def test_plain_database_is_no_geopackage(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    make.run_sql(path, "CREATE TABLE user (name TEXT)")
    assert refusal(path).code == "format_mismatch"


RECURSIVE = """WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n) SELECT fid, NULL AS geom FROM n"""


def test_layer_that_is_an_endless_view_is_refused(tmp_path: Path) -> None:
    path = make.geopackage(tmp_path / "a.gpkg", layer_options={"SPATIAL_INDEX": "NO"})
    make.run_sql(path, f"DROP TABLE ledningar; CREATE VIEW ledningar AS {RECURSIVE}")
    for attempt in (read_layer, list_layers):
        with pytest.raises(LayerError) as failure:
            attempt(path)
        assert failure.value.details == {"file": "a.gpkg", "reason": "layer_is_view", "name": "ledningar"}


def test_view_that_is_no_layer_is_left_alone(tmp_path: Path) -> None:
    path = make.geopackage(tmp_path / "a.gpkg")
    make.run_sql(path, f"CREATE VIEW annat AS {RECURSIVE}")
    assert read_layer(path).table.num_rows == 2


def test_system_table_that_is_a_view_is_refused(tmp_path: Path) -> None:
    path = make.geopackage(tmp_path / "a.gpkg")
    make.run_sql(
        path,
        "CREATE TABLE c AS SELECT * FROM gpkg_contents; DROP TABLE gpkg_contents;"
        "CREATE VIEW gpkg_contents AS SELECT * FROM c",
    )
    error = judged(path)
    assert error is not None
    assert error.details["reason"] == "system_table_is_view"


def judged(path: Path) -> LayerError | None:
    """What the check of the schema says, without a process around it."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            check_schema(connection)
        except LayerError as error:
            return error
    return None


@pytest.mark.parametrize("name", ["elak", "rtree_ledningar_geom_insert", "trigger_insert_feature_count_ledningar"])
@pytest.mark.parametrize(
    "body",
    [
        "INSERT INTO ledningar SELECT * FROM ledningar",
        "UPDATE gpkg_ogr_contents SET feature_count = (SELECT count(*) FROM sqlite_master)",
        "DELETE FROM ledningar",
        "SELECT load_extension('x')",
        "INSERT OR REPLACE INTO rtree_ledningar_geom VALUES (NEW.fid, readfile('x'), 1, 1, 1)",
    ],
)
def test_foreign_trigger_is_refused_whatever_its_name(tmp_path: Path, name: str, body: str) -> None:
    path = make.geopackage(tmp_path / "a.gpkg")
    make.run_sql(
        path, f"DROP TRIGGER IF EXISTS {name}; CREATE TRIGGER {name} AFTER INSERT ON ledningar BEGIN {body}; END"
    )
    error = judged(path)
    assert error is not None
    assert error.details == {"reason": "foreign_trigger", "name": name}


def test_foreign_trigger_is_refused_by_the_reader(tmp_path: Path) -> None:
    path = make.geopackage(tmp_path / "a.gpkg")
    make.run_sql(path, "CREATE TRIGGER elak AFTER INSERT ON ledningar BEGIN DELETE FROM ledningar; END")
    assert refusal(path).details == {"file": "a.gpkg", "reason": "foreign_trigger", "name": "elak"}


STANDARD_TRIGGERS = """
CREATE TABLE IF NOT EXISTS gpkg_tile_matrix (table_name TEXT, zoom_level INTEGER, matrix_width INTEGER);
CREATE TRIGGER IF NOT EXISTS 'gpkg_tile_matrix_zoom_level_insert' BEFORE INSERT ON 'gpkg_tile_matrix' FOR EACH ROW BEGIN
SELECT RAISE(ABORT, 'insert on table ''gpkg_tile_matrix'' violates constraint') WHERE (NEW.zoom_level < 0); END;
CREATE TABLE IF NOT EXISTS gpkg_metadata_reference (reference_scope TEXT, table_name TEXT, column_name TEXT);
CREATE TRIGGER IF NOT EXISTS 'gpkg_metadata_reference_column_name_insert' BEFORE INSERT ON 'gpkg_metadata_reference'
FOR EACH ROW BEGIN
SELECT RAISE(ABORT, 'column name must be NULL') WHERE (NEW.reference_scope IN ('geopackage','table','row')
AND NEW.column_name IS NOT NULL);
SELECT RAISE(ABORT, 'column name must be defined') WHERE (NEW.reference_scope IN ('column','row/col') AND
NOT NEW.table_name IN (SELECT name FROM SQLITE_MASTER WHERE type = 'table' AND name = NEW.table_name
AND sql LIKE ('%' || NEW.column_name || '%'))); END;
CREATE TRIGGER IF NOT EXISTS rtree_ledningar_geom_update3 AFTER UPDATE ON ledningar
WHEN OLD.fid != NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)) BEGIN
DELETE FROM rtree_ledningar_geom WHERE id = OLD.fid;
INSERT OR REPLACE INTO "rtree_ledningar_geom" VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom),
ST_MinY(NEW."geom"), ST_MaxY(NEW.[geom])); END;
"""


def test_triggers_of_the_standard_are_accepted(tmp_path: Path) -> None:
    path = make.geopackage(tmp_path / "a.gpkg")
    make.run_sql(path, STANDARD_TRIGGERS)
    assert judged(path) is None


@pytest.mark.parametrize("layer", ["Bränder & 'citat'", 'med "tecken"', "select", "2024 år"])
def test_triggers_of_oddly_named_layers_are_accepted(tmp_path: Path, layer: str) -> None:
    assert judged(make.geopackage(tmp_path / "a.gpkg", layer=layer)) is None


def test_virtual_table_is_refused(tmp_path: Path) -> None:
    path = make.geopackage(tmp_path / "a.gpkg")
    make.run_sql(path, "CREATE VIRTUAL TABLE sök USING fts5(text)")
    error = judged(path)
    assert error is not None
    assert error.details["reason"] == "virtual_table"


def test_column_computed_on_reading_is_refused(tmp_path: Path) -> None:
    path = make.geopackage(tmp_path / "a.gpkg")
    make.run_sql(path, "ALTER TABLE ledningar ADD COLUMN x AS (hex(zeroblob(100000000)))")
    error = judged(path)
    assert error is not None
    assert error.details["reason"] == "computed_column"


def packed_with(path: Path, name: str, content: bytes = b"x", mode: int = 0) -> Path:
    with zipfile.ZipFile(path, "w") as packed:
        member = zipfile.ZipInfo(name)
        member.external_attr = mode << 16
        packed.writestr(member, content)
    return path


@pytest.mark.parametrize("name", ["../a.shp", "/etc/a.shp", "x/../../a.shp", "..\\a.shp", "C:\\a.shp"])
def test_archive_that_reaches_out_of_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    error = refusal(packed_with(tmp_path / "a.zip", name))
    assert (error.code, error.details["reason"]) == ("zip_unsafe", "path")


def test_link_in_an_archive_is_refused(tmp_path: Path, canary: Path) -> None:
    path = packed_with(tmp_path / "a.zip", "a.shp", str(canary).encode(), mode=0o120777)
    assert refusal(path).details["reason"] == "link"


def test_archive_that_promises_too_much_is_refused(tmp_path: Path) -> None:
    path = make.archive(tmp_path / "a.zip", {"a.shp": b"\x00" * 3_000_000})
    assert refusal(path, limits=Limits(unpacked_bytes=1_000_000)).details["reason"] == "too_large"


def test_archive_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = make.archive(tmp_path / "a.zip", {"a.shp": b"\x00" * 3_000_000})
    content = path.read_bytes()
    path.write_bytes(content.replace((3_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")))
    assert refusal(path, limits=Limits(unpacked_bytes=1_000_000)).code in {"zip_unsafe", "unreadable"}


def test_archive_with_too_many_members_is_refused(tmp_path: Path) -> None:
    path = make.archive(tmp_path / "a.zip", {f"{n}.shp": b"" for n in range(20)})
    assert refusal(path, limits=Limits(archive_members=10)).details["reason"] == "too_many"


def test_archive_of_nothing_we_read_is_refused(tmp_path: Path) -> None:
    assert refusal(make.archive(tmp_path / "a.zip", {"a.pdf": b"x"})).code == "unknown_format"


def test_damaged_archive_is_refused(tmp_path: Path) -> None:
    path = make.archive(tmp_path / "a.zip", {"a.shp": b"x" * 1000})
    path.write_bytes(path.read_bytes()[:50])
    assert refusal(path).details["reason"] == "damaged"


def test_nested_geometry_does_not_take_the_reader_down(tmp_path: Path) -> None:
    path = make.geopackage(tmp_path / "a.gpkg", shapes=("POINT (1 2)",), layer_options={"SPATIAL_INDEX": "NO"})
    header = bytes.fromhex("47500001be0b0000")
    make.run_sql(path, f"UPDATE ledningar SET geom = x'{(header + make.nested_collection(100_000)).hex()}'")
    error = refusal(path)
    assert error.code in {"hostile_file", "unreadable", "reader_failed"}


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.99])
def test_truncated_geopackage_is_refused(tmp_path: Path, kept: float) -> None:
    path = make.geopackage(tmp_path / "a.gpkg")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    assert refusal(path).code == "unreadable"


def test_overwritten_pages_are_refused(tmp_path: Path) -> None:
    path = make.geopackage(tmp_path / "a.gpkg", shapes=make.LINES * 500)
    content = bytearray(path.read_bytes())
    content[len(content) // 3 : len(content) // 3 + 20_000] = b"\xff" * 20_000
    path.write_bytes(content)
    assert refusal(path).code in {"unreadable", "hostile_file", "format_mismatch"}


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "a.gpkg").details == {"file": "a.gpkg"}


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.csv", "a.shp", "a.zip"])
def test_empty_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert refusal(tmp_path / name).code == "empty_file"


def test_device_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    assert refusal(tmp_path / "a.csv").details["reason"] == "not_a_file"


def test_too_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = make.geopackage(tmp_path / "a.gpkg")
    assert refusal(path, limits=Limits(file_bytes=1_000)).details["limit"] == "file_bytes"


def test_reader_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    path = make.geopackage(tmp_path / "a.gpkg")
    error = refusal(path, limits=Limits(base_seconds=0.01, seconds_per_megabyte=0))
    assert (error.code, error.details["limit"]) == ("limit_exceeded", "time")


def test_reader_that_wants_too_much_memory_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a;b\n" + "x" * 900_000 + ";y\n" + "1;2\n" * 10)
    error = refusal(path, limits=Limits(memory_bytes=150_000_000))
    assert error.code in {"limit_exceeded", "reader_failed"}


def test_reader_that_hands_over_too_much_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a;b\n" + "1;2\n" * 10_000)
    error = refusal(path, limits=Limits(stream_bytes=10_000, unpacked_bytes=10_000))
    assert error.details["limit"] == "stream_bytes"


def ask_from_inside(host: str, port: int, outside: Path) -> dict[str, object]:
    """What a process with the reader's confinement can reach."""
    chosen = sandbox.format_for_suffix(".csv")
    assert chosen is not None
    delivery = Delivery("x.csv", (), {}, chosen, False, 0)
    question = {"action": "connect", "host": host, "port": port, "outside": str(outside)}
    status, _ = sandbox.ask(delivery, question, Limits(), "auto")
    return dict(status)


def test_reader_reaches_no_network_and_no_file_outside(tmp_path: Path) -> None:
    secret = tmp_path / "hemlig.txt"
    secret.write_text(SECRET)
    with socket.create_server(("127.0.0.1", 0)) as server:
        host, port = server.getsockname()
        with socket.create_connection((host, port), timeout=2):
            pass  # reachable from here, so the walls are what stops the reader
        status = ask_from_inside(host, port, secret)
    missing = status["missing"]
    assert isinstance(missing, list)
    assert status["reached"] is ("network" in missing)
    assert status["read"] is ("files" in missing)


def test_machine_without_walls_is_warned_about_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    blind = (
        "import geodata.confinement as c\nc.leave_network = lambda libc: False\nc.restrict_calls = lambda libc: False\n"
    )
    start = sandbox.BOOTSTRAP.replace("from geodata.sandbox_child", blind + "from geodata.sandbox_child")
    monkeypatch.setattr(sandbox, "BOOTSTRAP", start)
    path = make.geopackage(tmp_path / "a.gpkg")
    with caplog.at_level(logging.WARNING):
        assert read_layer(path).table.num_rows == 2
    assert "network" in caplog.text
    error = refusal(path, sandbox="required")
    assert error.code == "sandbox_unavailable"
    assert "network" in error.details["missing"]


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "crashed"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "killed"),
        ("raise SystemExit(3)", "crashed"),
        ("print('[]')", "protocol"),
        ('print(\'{"error": {"code": "x", "details": {}}}\')', "protocol"),
        ("print('{}')", "protocol"),
    ],
)
def test_reader_that_dies_or_talks_nonsense_is_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str, reason: str
) -> None:
    monkeypatch.setattr(sandbox, "BOOTSTRAP", end)
    error = refusal(make.geopackage(tmp_path / "a.gpkg"))
    assert (error.code, error.details["reason"]) == ("reader_failed", reason)


def test_drivers_of_a_newer_library_are_shut_out_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = "import geodata.gdal as g\ng.DRIVERS = g.DRIVERS.replace(',WFS', '').replace(',OGR_VRT', '')\n"
    start = sandbox.BOOTSTRAP.replace("from geodata.sandbox_child", known + "from geodata.sandbox_child")
    monkeypatch.setattr(sandbox, "BOOTSTRAP", start)
    monkeypatch.setattr(sandbox, "known_drivers", set())
    assert read_layer(make.geopackage(tmp_path / "a.gpkg")).table.num_rows == 2
    assert sandbox.known_drivers == {"WFS", "OGR_VRT"}


def test_skip_list_names_every_driver_of_this_library(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    sandbox.known_drivers.clear()
    read_layer(make.geopackage(tmp_path / "a.gpkg"))
    assert sandbox.known_drivers == set()


def test_original_is_untouched(tmp_path: Path) -> None:
    path = make.geopackage(tmp_path / "a.gpkg")
    before = (path.read_bytes(), path.stat().st_mode, path.stat().st_uid, sorted(os.listdir(tmp_path)))
    read_layer(path)
    assert (path.read_bytes(), path.stat().st_mode, path.stat().st_uid, sorted(os.listdir(tmp_path))) == before


def test_unreadable_text_in_an_archive_name_is_no_trouble(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("å\udcffä.csv".encode("utf-8", "replace").decode(), "a;b\n1;2\n")
    path = tmp_path / "a.zip"
    path.write_bytes(buffer.getvalue())
    assert read_layer(path).table.to_pydict() == {"a": ["1"], "b": ["2"]}
