"""How long `import assetmgr` and `assetmgr --help` take. Run by hand: `python tests/benchmarks/start_up.py`.

Each is started anew seven times; prints the median with machine and date, and asserts nothing.
"""

from __future__ import annotations

import datetime
import os
import platform
import statistics
import subprocess
import sys
import time

CASES = {
    "python, nothing imported": "pass",
    "import assetmgr": "import assetmgr",
    "assetmgr --help": "import sys; sys.argv = ['assetmgr', '--help']; from assetmgr.cli import main; main()",
}
ROUNDS = 7


def seconds(code: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(datetime.date.today().isoformat())
    for name, code in CASES.items():
        print(f"{name:<26} {statistics.median(seconds(code) for _ in range(ROUNDS)):.3f} s")


if __name__ == "__main__":
    main()
