"""The two commands that README gives to a newcomer, which .ci/run takes from it literally."""

from __future__ import annotations

import re

import pytest

from tests.requirements import ROOT


def command(mark: str) -> str:
    """The code block right after the mark."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(rf"^<!-- {mark} -->\n+```(?:bash|sh|console)\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 1, f"README.md: one code block after <!-- {mark} -->, found {len(blocks)}"
    return blocks[0].strip()


@pytest.mark.parametrize("mark", ["start-command", "test-command"])
def test_each_command_is_one_line(mark: str):
    assert "\n" not in command(mark)


def test_the_first_installs_by_the_lock_and_starts_the_demonstration():
    said = command("start-command")
    assert "--require-hashes -r requirements.lock" in said
    assert said.endswith("assetmgr demo")


def test_the_second_installs_by_the_lock_and_runs_the_whole_suite():
    said = command("test-command")
    assert "--require-hashes -r requirements-dev.lock" in said
    run = said.rpartition("&&")[2].split()
    assert run[0].endswith("pytest")
    assert not [argument for argument in run if argument.startswith("tests") or argument in ("-k", "-m")]
