"""What `pip install .` gives: a wheel, built through an sdist from a checkout that holds none of the made parts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.requirements import ROOT, checkout_files

MADE_BY_THE_BUILD = {
    "assetmgr/static/bundle/app.css",
    "assetmgr/static/bundle/app.js",
    "assetmgr/static/bundle/inter-latin-wght-normal.woff2",
    "assetmgr/static/bundle/logo.svg",
    "assetmgr/static/bundle/LICENSES.txt",
    "assetmgr/geography/municipalities.parquet",
}
PACKAGES = ("assetmgr", "planner", "geodata")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout as git would give it to somebody else: without what is made or ignored."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in checkout_files():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def written(checkout: Path) -> set[str]:
    """The files of the three packages that people wrote, relative to the checkout."""
    return {
        path.relative_to(checkout).as_posix()
        for package in PACKAGES
        for path in (checkout / package).rglob("*")
        if path.is_file()
    }


def build(checkout: Path, out: Path, *arguments: str, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "build", "--outdir", str(out), *arguments, str(checkout)],
        cwd=out,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


@pytest.fixture(scope="module")
def dist(checkout: Path, written: set[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An sdist of the checkout, and a wheel built from that sdist."""
    out = tmp_path_factory.mktemp("dist")
    build(checkout, out)
    return out


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    return next(dist.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked, away from the checkout."""
    target = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def run_installed(installed: Path, code: str) -> str:
    """What Python prints when it runs the code against the unpacked wheel."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=installed,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_wheel_holds_every_file_of_the_packages_and_what_the_build_makes(written: set[str], wheel: Path):
    compiled = {str(Path(name).with_suffix(".mo")) for name in written if name.endswith(".po")}
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == written | compiled | MADE_BY_THE_BUILD


def test_wheel_holds_the_licence_and_the_command(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        texts = {Path(name).name: name for name in archive.namelist() if ".dist-info/" in name}
        licence = archive.read(texts["LICENSE"]).decode()
        commands = archive.read(texts["entry_points.txt"]).decode()
        metadata = archive.read(texts["METADATA"]).decode()
    assert licence == (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert licence.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert "assetmgr = assetmgr.cli:main" in commands
    assert "License-Expression: EUPL-1.2" in metadata


def test_sdist_holds_no_made_part_but_all_that_the_build_needs(dist: Path):
    with tarfile.open(next(dist.glob("*.tar.gz"))) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert held >= {"hatch_build.py", "package.json", "package-lock.json", ".npmrc", "frontend/app.js", "LICENSE"}
    assert held & MADE_BY_THE_BUILD == set()
    assert not [name for name in held if name.startswith("node_modules")]


def test_the_installed_package_finds_what_the_build_made(installed: Path):
    assert (
        run_installed(
            installed,
            "from assetmgr import geography; print(geography.__file__); print(geography.municipality('0127').name)",
        )
        == f"{installed / 'assetmgr' / 'geography' / '__init__.py'}\nBotkyrka"
    )


def test_the_installed_command_answers(installed: Path):
    assert "assetmgr" in run_installed(installed, "import sys; sys.argv = ['assetmgr', '--help']" + MAIN)


MAIN = """
from assetmgr.cli import main
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
"""


def test_without_node_the_build_takes_its_wheel(checkout: Path, tmp_path: Path):
    """What nobody's machine must have: on this path there is no node."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("git", "sh"):
        if found := shutil.which(name):
            (tools / name).symlink_to(found)
    out = tmp_path / "out"
    out.mkdir()
    build(checkout, out, "--wheel", environment=os.environ | {"PATH": str(tools)})
    with zipfile.ZipFile(next(out.glob("*.whl"))) as archive:
        assert set(archive.namelist()) >= MADE_BY_THE_BUILD
