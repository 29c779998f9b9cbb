"""The command line's own promises: JSON alone on stdout, exit statuses, options before or after, both languages."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assetmgr.cli import main
from assetmgr.store.engine import WRITES, open_engine

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process on a database of the test's own."""
    monkeypatch.setenv("ASSETMGR_DATABASE_URL", str(tmp_path / "register.sqlite"))

    def command(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        out, err = capfd.readouterr()
        return int(stopped.value.code or 0), out, err

    return command


@pytest.fixture
def register(run: Run) -> Run:
    """The same, with a register of Botkyrka in it."""
    assert run("init", "--municipality", "0127")[0] == 0
    return run


def answer(result: tuple[int, str, str], status: int = 0) -> Any:
    assert result[0] == status, result
    return json.loads(result[1])


PIPES = "ID;Material;Dimension;Läggningsår\n1;PVC;110;1975\n2;GJJ;150;1932\n3;BTG;225;1955\n"


@pytest.fixture
def pipes(tmp_path: Path) -> str:
    path = tmp_path / "ledningar.csv"
    path.write_text(PIPES, encoding="utf-8-sig")
    return str(path)


def test_init_makes_a_register_and_leaves_an_existing_one_untouched(run: Run, tmp_path: Path):
    made = answer(run("init", "--municipality", "0127", "--json"))
    assert made == {"municipality": "0127", "name": "Botkyrka", "crs": "EPSG:3006"}
    before = (tmp_path / "register.sqlite").read_bytes()
    status, _, err = run("init", "--crs", "3011")
    assert (status, "assetmgr serve" in err) == (1, True)
    assert (tmp_path / "register.sqlite").read_bytes() == before


def test_init_without_municipality_has_one_nameless(run: Run):
    assert answer(run("init", "--crs", "EPSG:26910", "--json"))["municipality"] == "0000"


@pytest.mark.parametrize("arguments", [("--crs", "4326"), ("--crs", "hej"), ("--municipality", "9999")])
def test_a_register_that_cannot_be_leaves_no_file_behind(run: Run, tmp_path: Path, arguments: tuple[str, ...]):
    assert run("init", *arguments)[0] == 1
    assert list(tmp_path.glob("register.sqlite*")) == []


def test_types_are_listed_as_json(run: Run):
    assert {"water_pipe", "lta_station", "building_component"} <= {
        entry["name"] for entry in answer(run("types", "--json"))
    }


def test_a_missing_database_is_said_with_a_remedy_in_either_language(run: Run):
    swedish = run("assets", "list", "--type", "water_pipe", "--lang", "sv")
    english = run("--lang", "en", "assets", "list", "--type", "water_pipe")
    assert (swedish[0], english[0]) == (1, 1)
    assert "Det finns inget register" in swedish[2]
    assert "There is no register" in english[2]


@pytest.mark.parametrize("content", [b"", b"hej", b"SQLite format 3\x00" + b"\x01" * 100])
def test_what_is_no_register_is_refused_and_left(run: Run, tmp_path: Path, content: bytes):
    other = tmp_path / "annat.sqlite"
    other.write_bytes(content)
    status, out, err = run("assets", "list", "--type", "water_pipe", "--database", str(other))
    assert (status, out) == (1, "")
    assert "annat.sqlite" in err
    assert other.read_bytes() == content


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("import",),
        ("frobnicate",),
        ("assets", "list", "--type", "airport"),
        ("assets", "list", "--nope"),
        ("user", "add", "anna", "--role", "king"),
        ("plan", "generate", "--name", "a", "--from", "2027", "--years", "1", "--budget", "gold=1"),
        ("plan", "generate", "--name", "a", "--from", "2027", "--years", "1", "--budget", "va=-5"),
        ("plan", "generate", "--name", "a", "--from", "2027", "--years", "1", "--budget", "va:2031=5"),
        ("plan", "export", "a", "--format", "pdf", "-o", "a.pdf"),
    ],
)
def test_a_wrong_command_line_is_status_2(register: Run, arguments: tuple[str, ...]):
    assert register(*arguments)[0] == 2


def test_an_unknown_target_or_scale_is_the_command_lines_fault(register: Run, pipes: str):
    assert register("import", pipes, "--type", "water_pipe", "--map", "colour=Material")[0] == 2
    assert register("import", pipes, "--type", "water_pipe", "--scale", "Dimension=best")[0] == 2
    assert register("import", pipes, "--type", "water_pipe", "--map", "material")[0] == 2


def test_a_field_that_is_mapped_twice_is_the_command_lines_fault(register: Run, pipes: str):
    twice = ("--map", "dimension_mm=Dimension", "--map", "dimension_mm=ID")
    assert register("import", pipes, "--type", "water_pipe", *twice)[0] == 2


def test_a_register_that_somebody_else_is_writing_to_is_said_to_be_busy_by_its_name(
    register: Run, pipes: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("assetmgr.store.engine.LOCK_TIMEOUT_SECONDS", 0.1)
    engine = open_engine(f"sqlite:///{tmp_path / 'register.sqlite'}")
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        status, out, err = register("import", pipes, "--type", "water_pipe", "--json")
    assert (status, json.loads(out)["error"]["code"]) == (1, "database_busy")
    assert str(tmp_path / "register.sqlite") in err
    assert "locked" not in out + err


def test_what_is_found_in_a_file_is_status_1(register: Run, pipes: str):
    for wrong in (("--key", "NR"), ("--map", "material=Färg"), ("--layer", "annat")):
        found = answer(register("import", pipes, "--type", "water_pipe", "--json", *wrong), 1)
        assert [found[name] for name in ("read", "new", "changed", "unchanged", "refused", "gone", "import_id")] == [
            0
        ] * 7
        assert found["issues"][0]["severity"] == "error"
        assert found["issues"][0]["message"]


def test_import_answers_with_every_number_and_the_words_of_every_finding(register: Run, pipes: str):
    found = answer(register("import", pipes, "--type", "wastewater_pipe", "--json", "--lang", "sv"))
    assert (found["read"], found["new"], found["refused"]) == (3, 3, 0)
    assert found["import_id"] >= 1
    for issue in found["issues"]:
        assert {"severity", "code", "row", "field", "value", "message"} <= set(issue)
    again = answer(register("import", pipes, "--type", "wastewater_pipe", "--json"))
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 3)


def test_an_asset_is_shown_by_uid_or_source_and_key_with_its_history(register: Run, pipes: str):
    register("import", pipes, "--type", "water_pipe", "--source", "led:a")
    listed = answer(register("assets", "list", "--type", "water_pipe", "--json"))
    assert len(listed) == 3
    by_key = answer(register("assets", "show", "led:a:2", "--json"))
    assert answer(register("assets", "show", by_key["uid"], "--json")) == by_key
    (made,) = answer(register("history", "led:a:2", "--json"))
    assert (made["old"], made["new"]["material"], made["origin"]) == (None, "GJJ", "import")
    assert answer(register("inspections", "list", "--asset", "led:a:2", "--json")) == []
    assert register("assets", "show", "led:a:9")[0] == 1
    assert register("assets", "show", "nonsens")[0] == 1


def test_a_role_without_the_right_is_refused_wherever_as_stands(register: Run, pipes: str):
    added = answer(register("user", "add", "revisor", "--role", "auditor", "--json"))
    assert len(added["password"]) >= 12
    for arguments in (
        ("--as", "revisor", "import", pipes, "--type", "water_pipe"),
        ("import", pipes, "--type", "water_pipe", "--as", "revisor"),
    ):
        status, _, err = register(*arguments)
        assert status == 1
        assert "gis_editor" in err
    assert register("assets", "list", "--type", "water_pipe", "--as", "ingen")[0] == 1


def test_a_plan_is_made_listed_shown_and_exported(register: Run, pipes: str, tmp_path: Path):
    register("import", pipes, "--type", "water_pipe")
    make = ("plan", "generate", "--name", "Utkast", "--from", "2027", "--years", "3", "--budget", "va=2 000 000")
    made = answer(register(*make, "--budget", "va:2028=0", "--json"))
    assert answer(register("plan", "list", "--json"))[0]["uid"] == made["uid"]
    shown = answer(register("plan", "show", "Utkast", "--json"))
    assert shown["budgets"]["va"] == {"2027": 2_000_000, "2028": 0, "2029": 2_000_000}
    assert {"measures", "unfunded"} <= set(shown)
    assert register(*make)[0] == 1
    for form in ("xlsx", "csv", "gpkg", "geojson"):
        target = tmp_path / f"plan.{form}"
        assert register("plan", "export", "Utkast", "--format", form, "-o", str(target))[0] == 0
        assert target.stat().st_size > 0
    assert register("plan", "export", "Utkast", "--format", "xlsx", "--year", "2040", "-o", str(tmp_path / "x"))[0] == 1
    assert register("plan", "export", "Annan", "--format", "csv", "-o", str(tmp_path / "x"))[0] == 1
    assert not (tmp_path / "x").exists()


def test_the_schedule_is_listed_and_run(register: Run, pipes: str):
    register("import", pipes, "--type", "water_pipe")
    rows = answer(register("schedule", "list", "--json"))
    assert {"refresh-condition", "refresh-plans", "statutory-due", "guarantees"} == {row["name"] for row in rows}
    for row in rows:
        assert register("schedule", "run", row["name"])[0] == 0
    assert all(row["last_run_at"] for row in answer(register("schedule", "list", "--json")))
    assert register("schedule", "run", "nonsens")[0] == 1


def test_help_is_in_the_language_that_is_asked_for():
    def helped(language: str) -> str:
        command = [sys.executable, "-m", "assetmgr", "--lang", language, "import", "--help"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    assert "Användning:" in helped("sv")
    assert "Läs in ett lager" in helped("sv")
    assert "Usage:" in helped("en")


@pytest.mark.parametrize(
    ("wrong", "swedish"),
    [
        (("--mode", "foo"), "'foo' är ingen av 'insert'"),
        (("en.csv", "två.csv"), "ord för mycket"),
        (("--mood", "x"), "Menade du"),
    ],
)
def test_what_the_command_line_library_says_is_swedish_too(wrong: tuple[str, ...], swedish: str):
    command = [sys.executable, "-m", "assetmgr", "--lang", "sv", "import", "fil.csv", "--type", "water_pipe", *wrong]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert swedish in done.stderr


def test_a_wrong_row_is_said_with_file_column_and_row(register: Run, tmp_path: Path):
    (tmp_path / "rör.csv").write_text("ID;Dimension\n1;tjock\n", encoding="utf-8")
    status, out, err = register("import", str(tmp_path / "rör.csv"), "--type", "water_pipe", "--lang", "sv", "--json")
    assert (status, json.loads(out)["refused"]) == (1, 1)
    assert err.startswith('rör.csv, kolumn Dimension, rad 2: "tjock" är inget tal.')


def test_half_a_character_in_a_file_is_refused_without_a_traceback(
    register: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    feature = '{"type":"Feature","geometry":null,"properties":{"ledid":"1","name":"\\ud800"}}'
    text = f'{{"type":"FeatureCollection","features":[{feature}]}}'
    (tmp_path / "halv.geojson").write_text(text, encoding="utf-8")
    result = register("import", str(tmp_path / "halv.geojson"), "--type", "water_pipe", "--json")
    assert [issue["code"] for issue in answer(result, 1)["issues"]] == ["wrong_encoding"]
    assert "Traceback" not in result[2] + caplog.text


def test_another_programs_database_is_refused_and_left_as_it_was(run: Run, tmp_path: Path):
    other = tmp_path / "annat.gpkg"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE brunnar (id INTEGER PRIMARY KEY)")
    connection.commit()
    connection.close()
    before = other.read_bytes()
    for command in (("assets", "list", "--type", "manhole"), ("init",), ("demo", "--no-serve")):
        assert run(*command, "--database", str(other))[0] == 1
    assert other.read_bytes() == before
