"""How long reading a large layer takes, beside what ogr2ogr needs to copy it. Prints; asserts nothing.

python -m tests.benchmarks.read_layers [number of lines]
"""

import platform
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from geodata.crs import geodesic_length_m, parse_crs
from geodata.geometry import fingerprint
from geodata.sandbox import read_layer
from geodata.write import write_layer

ROUNDS = 3


def lines(count: int) -> tuple[pa.Table, np.ndarray[tuple[int], np.dtype[np.object_]]]:
    """Pipes of four corners within 30 km, with twelve attributes."""
    random = np.random.default_rng(1)
    start = random.uniform((650_000, 6_550_000), (680_000, 6_580_000), (count, 2))
    steps = np.cumsum(random.normal(0, 20, (count, 3, 2)), axis=1) + start[:, None]
    shapes = shapely.linestrings(np.concatenate([start[:, None], steps], axis=1))
    columns = {f"text_{n}": [f"värde {value}" for value in random.integers(0, 100, count)] for n in range(4)}
    columns |= {f"number_{n}": random.integers(0, 1_000, count) for n in range(4)}
    columns |= {f"decimal_{n}": random.uniform(0, 1, count) for n in range(4)}
    return pa.table(columns), shapes


def best_of(rounds: int, action: object) -> float:
    """Seconds of the fastest of several runs."""
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        action()  # type: ignore[operator]
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def copy_seconds(path: Path, folder: Path) -> float | None:
    """What ogr2ogr needs to copy the file into a new GeoPackage; None where it is not installed."""
    program = shutil.which("ogr2ogr")
    if program is None:
        return None
    target = folder / "copy.gpkg"

    def copy() -> None:
        target.unlink(missing_ok=True)
        subprocess.run([program, "-f", "GPKG", str(target), str(path)], check=True, capture_output=True)

    return best_of(ROUNDS, copy)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(f"{date.today()}, {platform.machine()}, Python {platform.python_version()}: {count} lines")
    table, shapes = lines(count)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for format in ("gpkg", "geojson"):
            path = folder / f"lines.{format}"
            started = time.perf_counter()
            write_layer(path, format, table, shapes, 3006, "lines")  # type: ignore[arg-type]
            written = time.perf_counter() - started
            seconds = best_of(ROUNDS, lambda path=path: read_layer(path))
            copied = copy_seconds(path, folder)
            ratio = f"{seconds / copied:.2f} x ogr2ogr's {copied:.2f} s" if copied else "ogr2ogr is not installed"
            print(f"{format}: written in {written:.2f} s, read in {seconds:.2f} s, {ratio}")
    system = parse_crs(3006)
    print(f"lengths: {best_of(ROUNDS, lambda: geodesic_length_m(shapes, system)):.2f} s")
    print(f"fingerprints: {best_of(ROUNDS, lambda: fingerprint(shapes)):.2f} s")


if __name__ == "__main__":
    main()
