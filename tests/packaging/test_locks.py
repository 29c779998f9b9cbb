"""Locks name versions and digests, never addresses, and agree with what the project asks for."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from tests.requirements import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock")


def name_of(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


def entries(lock: str) -> list[str]:
    """One string for each pinned version, with its digests."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return text.replace("\\\n", "").strip().splitlines()


@pytest.mark.parametrize("lock", LOCKS)
def test_python_lock_pins_each_version_by_digest_and_names_no_address(lock: str):
    for entry in entries(lock):
        assert re.match(r"^[a-z0-9-]+==[^ ]+( ; [^#]+?)?( +--hash=sha256:[0-9a-f]{64})+ *$", entry), entry


def test_runtime_lock_holds_what_the_package_asks_for():
    locked = {name_of(entry) for entry in entries("requirements.lock")}
    assert {name_of(wanted) for wanted in PROJECT["project"]["dependencies"]} - locked == set()


def test_development_lock_is_the_runtime_lock_and_more():
    runtime, development = ({entry.split(" --hash")[0].strip() for entry in entries(lock)} for lock in LOCKS)
    assert runtime - development == set()
    wanted = PROJECT["project"]["optional-dependencies"]["test"]
    assert {name_of(extra) for extra in wanted} - {name_of(entry) for entry in development} == set()


def test_no_second_sqlite_comes_in_beside_the_fixed_one():
    assert "pysqlite3" in {name_of(entry) for entry in entries("requirements.lock")}
    assert "pysqlite3-binary" not in {name_of(entry) for entry in entries("requirements-dev.lock")}


def test_build_tools_are_pinned_alike_for_the_build_and_for_the_tests():
    wanted = PROJECT["build-system"]["requires"]
    assert all("==" in requirement for requirement in wanted)
    development = {entry.split(" ")[0] for entry in entries("requirements-dev.lock")}
    assert set(wanted) - development == set()


def test_npm_lock_pins_each_version_by_digest_and_names_no_address():
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for place, package in packages.items():
        assert "resolved" not in package, place
        assert place == "" or package["integrity"].startswith("sha512-"), place


def test_npm_lock_agrees_with_the_package():
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    for kind in ("dependencies", "devDependencies"):
        assert packages[""][kind] == wanted[kind]
        assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted[kind]} == wanted[kind]
