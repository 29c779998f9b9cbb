"""How long a plan takes, what memory it needs and how near the best it comes. Run by hand: `python
tests/benchmarks/plan.py`.

Each case runs in a process of its own, so that the peak memory is the case's. Prints machine and date; asserts nothing.
"""

import datetime
import os
import platform
import resource
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from planner import Budgets, Portfolio, Settings, SurvivalCurve, Treatment, generate_plan

CASES = ((10_000, 10), (100_000, 20), (1_000_000, 10))
FIRST_YEAR = 2027
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""The matrices are small: more threads would only wait for each other, most of all on a busy machine."""


def synthetic_register(n_assets: int, years: int, seed: int = 1) -> tuple[Portfolio, Budgets]:
    """Pipes and building parts of 24 cohorts in two funds; costs spread over decades, consequence rising with size.

    Three treatments (patch, reline, replace) at 12, 45 and 100 % of the replacement value, and a statutory check on one
    asset in fifty. The money of a year is 1.2 % of the replacement value of the fund.
    """
    rng = np.random.default_rng(seed)
    curves = []
    for number in range(24):
        scale, shape = rng.uniform(45, 110), rng.uniform(1.8, 4.0)
        ages = [scale * (-np.log(1 - share)) ** (1 / shape) for share in (0.1, 0.5, 0.9)]
        curves.append(SurvivalCurve(f"cohort {number}", *ages))
    treatments = (
        Treatment("patch", "maintenance", age_removed=0.15, apply_at_or_below=75.0, years_between=5.0),
        Treatment("reline", "value_preserving", age_removed=0.6, apply_at_or_below=60.0),
        Treatment("replace", "improvement", age_removed=1.0, apply_at_or_below=50.0),
    )
    size = np.exp(rng.normal(3.6, 0.9, n_assets))
    replacement = np.rint(size * rng.uniform(1500, 9000, 24)[rng.integers(0, 24, n_assets)]) + 1
    fund = (rng.random(n_assets) < 0.6).astype(np.int64)
    checked = np.arange(0, n_assets, 50)
    portfolio = Portfolio(
        funds=("tax", "va"),
        curves=tuple(curves),
        treatments=treatments,
        asset_id=rng.permutation(n_assets).astype(np.int64),
        fund=fund,
        curve=rng.integers(0, 24, n_assets),
        effective_age=np.minimum(rng.gamma(3.0, 16.0, n_assets), 140.0),
        failure_cost_sek=replacement * np.exp(rng.normal(0.3, 0.9, n_assets)),
        replacement_value_sek=replacement,
        option_asset=np.repeat(np.arange(n_assets), 3),
        option_treatment=np.tile(np.arange(3), n_assets),
        option_cost_sek=np.rint(np.repeat(replacement, 3) * np.tile([0.12, 0.45, 1.0], n_assets)).astype(np.int64) + 1,
        fixed_asset=checked,
        fixed_year=FIRST_YEAR + rng.integers(0, years, len(checked)),
        fixed_cost_sek=np.full(len(checked), 4000, dtype=np.int64),
        fixed_treatment=np.full(len(checked), -1, dtype=np.int64),
        fixed_class=np.full(len(checked), "statutory"),
    )
    yearly = np.array([0.012 * replacement[fund == number].sum() for number in range(2)])
    return portfolio, Budgets(FIRST_YEAR, np.repeat(yearly.astype(np.int64)[:, None], years, axis=1))


def run(n_assets: int, years: int) -> None:
    portfolio, budgets = synthetic_register(n_assets, years)
    before, busy_before = time.perf_counter(), time.process_time()
    plan = generate_plan(portfolio, budgets, Settings(), seed=1)
    seconds, busy = time.perf_counter() - before, time.process_time() - busy_before
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        f"{n_assets:>9,} assets x {years:>2} years: {seconds:6.2f} s ({busy:.2f} s of processor)  "
        f"gap {plan.gap:.1e}  peak {peak_gb:.2f} GB  "
        f"{len(plan.planned.asset):>7,} planned  {len(plan.unfunded.asset):>7,} without room  "
        f"{plan.spend_sek.sum() / budgets.sek.sum():.4f} of the money spent",
        flush=True,
    )


def machine() -> str:
    """Processor, cores, Python and today's date."""
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.split(":", 1)[1].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        processor = names[0] if names else processor
    versions = f"Python {platform.python_version()}, numpy {np.__version__}"
    return f"{processor}, {os.cpu_count()} cores, {versions}, {datetime.date.today()}"


def main() -> None:
    if len(sys.argv) == 3:
        run(int(sys.argv[1]), int(sys.argv[2]))
        return
    print(f"{machine()}, load {os.getloadavg()[0]:.1f}", flush=True)
    for n_assets, years in CASES:
        subprocess.run([sys.executable, __file__, str(n_assets), str(years)], check=True, env=os.environ | ONE_THREAD)


if __name__ == "__main__":
    main()
