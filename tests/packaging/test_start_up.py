"""The command answers at once because it loads nothing that it does not need yet."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"pandas", "geopandas", "pyogrio", "pyarrow", "scipy", "shapely", "numpy", "flask", "sqlalchemy", "sqlmodel"}


def loaded_after(code: str) -> set[str]:
    """The top-level modules that a fresh Python has loaded when it has run the code."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint('\\nLOADED', *sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.partition(".")[0] for name in done.stdout.rpartition("LOADED")[2].split()}


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_after("import assetmgr") & HEAVY == set()


@pytest.mark.parametrize("arguments", [["--help"], ["plan", "generate", "--help"]])
def test_asking_the_command_for_help_loads_nothing_heavy(arguments: list[str]):
    call = f"""
from assetmgr.cli import main
sys.argv = ["assetmgr", *{arguments!r}]
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
"""
    assert loaded_after(call) & HEAVY == set()


def test_municipalities_are_not_read_before_they_are_asked_for():
    assert loaded_after("import assetmgr.geography") & HEAVY == set()
