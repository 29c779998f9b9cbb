"""How the build chooses its node and compiles the message catalogues."""

from __future__ import annotations

import gettext
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.requirements import ROOT


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the whole path."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def put(folder: Path, name: str, says: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)


def needs(hook: ModuleType) -> list[str]:
    return hook.BuildHook.dependencies(None)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")
class TestChoiceOfNode:
    def test_none_on_the_path(self, hook: ModuleType, programs: Path):
        assert hook.node_fault() == "there is no node on the path"
        assert needs(hook) == [hook.NODE_WHEEL]

    def test_without_its_npm(self, hook: ModuleType, programs: Path):
        put(programs, "node", "v22.1.0")
        assert hook.node_fault() == "node is on the path but npm is not"
        assert needs(hook) == [hook.NODE_WHEEL]

    @pytest.mark.parametrize("version", ["v18.20.4", "v8.0.0"])
    def test_too_old(self, hook: ModuleType, programs: Path, version: str):
        put(programs, "node", version)
        put(programs, "npm", "10")
        assert hook.node_fault() == f"node on the path is {version}, older than 20"
        assert needs(hook) == [hook.NODE_WHEEL]

    def test_that_does_not_tell_its_version(self, hook: ModuleType, programs: Path):
        put(programs, "node", "help")
        put(programs, "npm", "10")
        assert "does not tell its version" in hook.node_fault()

    @pytest.mark.parametrize("version", ["v20.0.0", "v24.19.0", "v100.0.0"])
    def test_new_enough(self, hook: ModuleType, programs: Path, version: str):
        put(programs, "node", version)
        put(programs, "npm", "10")
        assert hook.node_fault() is None
        assert needs(hook) == []


def test_a_build_step_that_fails_says_what_it_said(hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hook, "path_commands", lambda: ([sys.executable], [sys.executable, "-c", "exit('no network')"]))
    with pytest.raises(RuntimeError, match="no network"):
        hook.build_bundle(tmp_path, on_path=True)


def test_message_catalogues_are_compiled_beside_their_source(hook: ModuleType, tmp_path: Path):
    folder = tmp_path / "sv" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Row"\nmsgstr "Rad"\n\n#, fuzzy\nmsgid "Column"\nmsgstr "Pelare"\n',
        encoding="utf-8",
    )
    hook.compile_catalogues(tmp_path)
    swedish = gettext.translation("messages", str(tmp_path), ["sv"])
    assert (swedish.gettext("Row"), swedish.gettext("Column")) == ("Rad", "Column")
