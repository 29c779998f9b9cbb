"""What some tests need beside Python: sample layers, PostgreSQL with PostGIS, a browser, the npm packages.

Where one is missing the test is skipped and says why. Under ASSETMGR_REQUIRE_ALL=1 it fails instead, so that a run
which is meant to be whole cannot leave something out unseen; only the sample layers may be absent even then, since
they are no part of the project.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parent.parent

SAMPLE_DATA = "sample layers: set ASSETMGR_SAMPLE_DATA"
POSTGIS = "PostGIS: set ASSETMGR_TEST_POSTGRES"
CHROMIUM = "browser: install chromium or set ASSETMGR_TEST_CHROMIUM"
AXE = "axe-core: run npm ci"
CHECKOUT = "git checkout: run the suite in one"


def missing(reason: str) -> NoReturn:
    """Skip the running test for this reason; fail it where everything is required."""
    if os.environ.get("ASSETMGR_REQUIRE_ALL") == "1" and reason != SAMPLE_DATA:
        pytest.fail(f"ASSETMGR_REQUIRE_ALL=1 and this is missing: {reason}", pytrace=False)
    pytest.skip(reason)


def sample_data() -> Path:
    """The folder of real layers. One that is named but not there is a fault, not a reason to skip."""
    named = os.environ.get("ASSETMGR_SAMPLE_DATA")
    if not named:
        missing(SAMPLE_DATA)
    if not Path(named).is_dir():
        pytest.fail(f"ASSETMGR_SAMPLE_DATA names {named}, which is not a folder", pytrace=False)
    return Path(named)


def postgres_server() -> str:
    """URL of a database on a PostgreSQL server where the tests may create databases of their own."""
    return os.environ.get("ASSETMGR_TEST_POSTGRES") or missing(POSTGIS)


def chromium_executable(find: Callable[[str], str | None] = shutil.which) -> str:
    """The browser to start. One that is named but not there is a fault, not a reason to skip."""
    named = os.environ.get("ASSETMGR_TEST_CHROMIUM")
    if named and not Path(named).is_file():
        pytest.fail(f"ASSETMGR_TEST_CHROMIUM names {named}, which is not a file", pytrace=False)
    return named or find("chromium") or find("chromium-browser") or find("google-chrome") or missing(CHROMIUM)


def axe_script() -> Path:
    """axe-core, which finds what keeps a page from being used by everyone; the build puts it in node_modules."""
    script = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    return script if script.is_file() else missing(AXE)


def checkout_files() -> list[str]:
    """The files of the checkout, relative to its root, without what is made or ignored."""
    git = shutil.which("git") or missing(CHECKOUT)
    command = [git, "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        missing(CHECKOUT)
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
