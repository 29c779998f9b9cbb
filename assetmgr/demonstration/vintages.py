"""What pipes are made of and how wide they are, by the year they were laid.

The mix of materials per period is a plausible invention after the periods in which Swedish networks used each material.
"""

from dataclasses import dataclass

import numpy as np

Mix = tuple[tuple[str, float], ...]

WATER: tuple[tuple[int, Mix], ...] = (
    (1950, (("GJJ", 0.92), ("STL", 0.08))),
    (1965, (("GJJ", 0.72), ("ETE", 0.18), ("STL", 0.10))),
    (1975, (("SEG", 0.52), ("PVC", 0.28), ("GJJ", 0.12), ("PE", 0.08))),
    (1990, (("SEG", 0.38), ("PVC", 0.37), ("PE", 0.25))),
    (2005, (("PE80", 0.48), ("SEG", 0.32), ("PVC", 0.20))),
    (9999, (("PE100", 0.72), ("SEG", 0.28))),
)
SEWER: tuple[tuple[int, Mix], ...] = (
    (1950, (("BTG", 0.72), ("LER", 0.28))),
    (1968, (("BTG", 0.96), ("LER", 0.04))),
    (1980, (("BTG", 0.68), ("PVC", 0.32))),
    (2000, (("PVC", 0.74), ("BTG", 0.20), ("PP", 0.06))),
    (9999, (("PP", 0.70), ("PVC", 0.24), ("GAP", 0.06))),
)
STORM: tuple[tuple[int, Mix], ...] = (
    (1985, (("BTG", 0.97), ("PVC", 0.03))),
    (2003, (("BTG", 0.75), ("PVC", 0.15), ("PP", 0.10))),
    (9999, (("BTG", 0.45), ("PP", 0.55))),
)
PRESSURE: tuple[tuple[int, Mix], ...] = (
    (1975, (("GJJ", 0.6), ("STL", 0.4))),
    (1990, (("PE", 0.7), ("PVC", 0.3))),
    (9999, (("PE100", 1.0),)),
)


def material(mixes: tuple[tuple[int, Mix], ...], year: int, random: np.random.Generator) -> str:
    """A material of the period that ends with the first year after this one."""
    mix = next(mix for before, mix in mixes if year < before)
    draw = float(random.random()) * sum(share for _, share in mix)
    for code, share in mix:
        draw -= share
        if draw < 0:
            return code
    return mix[-1][0]


def sewer_dimension_mm(carried_m: float, year: int, *, mixed: bool) -> float:
    """Of a sewer that drains so many metres of street; a combined sewer takes the rain too."""
    steps = ((250, 225.0), (900, 250.0), (2500, 300.0), (7000, 400.0), (15_000, 500.0), (1e12, 600.0))
    size = next(size for limit, size in steps if carried_m * (2.5 if mixed else 1.0) <= limit)
    return 200.0 if size == 225.0 and year >= 1985 and not mixed else size


def storm_dimension_mm(carried_m: float) -> float:
    """Of a storm sewer that drains so many metres of street."""
    steps = ((150, 225.0), (400, 300.0), (900, 400.0), (1800, 500.0), (3500, 600.0), (6500, 800.0), (1e12, 1000.0))
    return next(size for limit, size in steps if carried_m <= limit)


def water_dimension_mm(is_main: bool, year: int, code: str, random: np.random.Generator) -> float:
    """Of a water main in a main street or a local one."""
    if code.startswith("PE"):
        sizes = (225.0, 280.0, 315.0) if is_main else (110.0, 160.0, 63.0 if year >= 1985 else 110.0)
    else:
        sizes = (200.0, 250.0, 300.0) if is_main else (100.0, 150.0, 100.0)
    return sizes[int(random.integers(len(sizes)))]


@dataclass(frozen=True)
class Laid:
    """When a pipe was laid and of what, and how it has been renewed since. None: the register does not know."""

    year: int
    known_year: int | None
    material: str | None
    renewed_year: int | None = None
    renewal_method: str | None = None


def sewer(
    mixes: tuple[tuple[int, Mix], ...], year: int, latest: int, random: np.random.Generator, lined_share: float
) -> Laid:
    """A gravity sewer; some old ones have been lined, and records of old ones have gaps."""
    code = material(mixes, year, random)
    if year < 1978 and random.random() < lined_share:
        return Laid(year, year, "FOD", int(random.integers(1998, latest + 1)), "cipp_lining")
    return _with_gaps(year, code, random)


def water(year: int, latest: int, random: np.random.Generator) -> Laid:
    """A water main; some old ones have been laid anew, and records of old ones have gaps."""
    if year < 1976 and random.random() < 0.13:
        new = int(random.integers(1988, latest + 1))
        return Laid(new, new, material(WATER, new, random))
    return _with_gaps(year, material(WATER, year, random), random)


def _with_gaps(year: int, code: str, random: np.random.Generator) -> Laid:
    gap_share = 0.07 if year < 1972 else 0.012
    known_year = None if random.random() < gap_share else year
    return Laid(year, known_year, None if random.random() < 0.7 * gap_share else code)
