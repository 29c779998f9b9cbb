"""A plan over 100,000 assets and 20 years from a SQLite register: read, priced, planned and saved with every reason.

Run by hand: python tests/benchmarks/plan_from_register.py [ASSETS]. Prints time, gap and peak memory.
"""

import os
import platform
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from assetmgr.services import plans, registers
from assetmgr.store import assets
from assetmgr.store.access import operator
from assetmgr.store.engine import open_engine
from assetmgr.store.writing import Occasion, reading, writing

TYPES = ("water_pipe", "wastewater_pipe", "stormwater_pipe")
YEARS = range(2027, 2047)


def main() -> None:
    """Make the register, then time the plan alone."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    random = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'register.sqlite'}", create=True)
        actor = operator(registers.create(engine).municipality_id)
        with writing(engine, actor, Occasion("benchmark")) as work:
            for name in TYPES:
                rows = count // len(TYPES)
                columns = {
                    "status": ["in_service"] * rows,
                    "fund": ["va"] * rows,
                    "built_year": random.integers(1930, 2024, rows).tolist(),
                    "material": random.choice(["PVC", "PE", "GJJ", "SEG", "BTG"], rows).tolist(),
                    "dimension_mm": random.choice([110.0, 160.0, 225.0, 400.0], rows).tolist(),
                    "length_m": random.gamma(2.0, 30.0, rows).round(1).tolist(),
                }
                keys = [str(number) for number in range(rows)]
                assets.insert_many(work, assets.NewAssets(name, "benchmark", keys, columns))
        budget = {"va": dict.fromkeys(YEARS, 60_000_000 * count // 100_000)}
        began = time.perf_counter()
        with writing(engine, actor, Occasion("benchmark")) as work:
            plans.generate(work, "benchmark", YEARS[0], len(YEARS), budget)
        seconds = time.perf_counter() - began
        with reading(engine) as connection:
            (made,) = plans.listing(connection, actor)
            gap = plans.show(connection, actor, "benchmark")["summary"]["gap"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{datetime.now(UTC):%Y-%m-%d} {platform.machine()} {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    print(
        f"{count} assets x {len(YEARS)} years: {seconds:.1f} s, gap {gap:.1e}, {made['measures']} measures, "
        f"{made['unfunded']} unfunded, peak {peak:.2f} GB (showing the plan included)"
    )


if __name__ == "__main__":
    main()
