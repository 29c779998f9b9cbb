"""100,000 lines from a GeoPackage into a SQLite register, beside ogr2ogr copying the same file into a new GeoPackage.

Run by hand: python tests/benchmarks/import_lines.py [ROWS]. The import has the sandbox, the start of its process,
validation, the comparison with the register, change records and the commit in it.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from geodata.write import write_layer


def make_layer(path: Path, rows: int) -> None:
    """Lines of 3-6 corners at random places in Botkyrka's surroundings, with twelve attributes."""
    random = np.random.default_rng(1)
    corners = random.integers(3, 7, rows)
    start = random.random((rows, 2)) * [6_000, 12_000] + [657_000, 6_555_000]
    steps = random.normal(0, 20, (int(corners.sum()), 2))
    owner = np.repeat(np.arange(rows), corners)
    walk = np.cumsum(steps, axis=0)
    first = np.r_[0, np.cumsum(corners)[:-1]]
    lines = shapely.linestrings(np.round(start[owner] + walk - walk[first][owner], 3), indices=owner)
    table = pa.table(
        {
            "ledid": [f"L{number:07d}" for number in range(rows)],
            "material": random.choice(["PVC", "PE", "GJJ", "SEG", "BTG"], rows),
            "dimension": random.choice([110, 160, 200, 225, 300, 400], rows),
            "läggningsår": random.integers(1930, 2024, rows),
            "status": ["i drift"] * rows,
            "beteckning": [f"V{number}" for number in range(rows)],
            "anm": random.choice(["", "grund ledning", "under väg"], rows),
            "zon": random.choice(["norra", "södra", "Grödinge"], rows),
            "tryck": random.normal(4.5, 0.5, rows).round(2),
            "ventil": random.integers(0, 9, rows),
            "kontroll": random.choice(["ja", "nej"], rows),
            "inmätt": random.random(rows).round(3),
        }
    )
    write_layer(path, "gpkg", table, lines, "EPSG:3006", "ledningar")


def seconds(command: list[str]) -> float:
    """Wall time of a command that must succeed."""
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    """Print times and their ratio."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        layer, register, copy = (Path(folder) / name for name in ("lines.gpkg", "register.sqlite", "copy.gpkg"))
        make_layer(layer, rows)
        ours = [sys.executable, "-m", "assetmgr"]
        seconds([*ours, "init", "--municipality", "0127", "--database", str(register)])
        run = [*ours, "import", str(layer), "--type", "water_pipe", "--database", str(register), "--json"]
        first, again = seconds(run), seconds(run)
        print(
            f"{datetime.now(UTC):%Y-%m-%d} {platform.machine()} {os.cpu_count()} cores, "
            f"Python {platform.python_version()}"
        )
        print(f"{rows} lines: import {first:.2f} s, the same file again {again:.2f} s")
        if shutil.which("ogr2ogr"):
            peer = min(seconds(["ogr2ogr", "-f", "GPKG", "-overwrite", str(copy), str(layer)]) for _ in range(3))
            print(f"ogr2ogr into a new GeoPackage {peer:.2f} s: ratio {first / peer:.1f}, again {again / peer:.1f}")


if __name__ == "__main__":
    main()
