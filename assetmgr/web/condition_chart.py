"""An asset's condition over time, as the geometry of a drawing. The same figures stand in the table of inspections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assetmgr.catalogue.condition import HEALTH_CLASSES, health_class

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 36, 28, 14, 30
SHORTEST_YEARS = 4
LARGEST_TICKS = 8

Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Point:
    """An inspection: where it is drawn, and what it says."""

    x: float
    y: float
    letter: str
    health: float
    day: date


@dataclass(frozen=True)
class Band:
    """The stripe of a condition class."""

    letter: str
    y: float
    height: float


@dataclass(frozen=True)
class ConditionChart:
    """Everything that is drawn, in the drawing's own units."""

    points: Sequence[Point]
    bands: Sequence[Band]
    years: Sequence[tuple[float, int]]
    levels: Sequence[tuple[float, int]]
    today_x: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM

    @property
    def line(self) -> str:
        """The points in order of time, for a polyline."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)


def condition_chart(inspections: Sequence[Row], asset: Row, today: date) -> ConditionChart | None:
    """The drawing; None where fewer than two graded inspections have a date, since one point is no development."""
    seen = sorted(
        (found["inspected_on"], found["health_index"])
        for found in inspections
        if found["inspected_on"] is not None and found["health_index"] is not None
    )
    if len(seen) < 2:
        return None
    built = asset["built_year"] or seen[0][0].year
    first_year = max(min(built, seen[0][0].year), seen[0][0].year - 10)
    last_year = max(today.year, seen[-1][0].year) + 1
    first_year = min(first_year, last_year - SHORTEST_YEARS)

    def across(day: date) -> float:
        share = (day.year + (day.timetuple().tm_yday - 1) / 366 - first_year) / (last_year - first_year)
        return float(round(LEFT + share * (WIDTH - LEFT - RIGHT), 1))

    step = max(1, -(-(last_year - first_year) // LARGEST_TICKS))
    return ConditionChart(
        points=[Point(across(day), _down(health), health_class(health), health, day) for day, health in seen],
        bands=_bands(),
        years=[(across(date(year, 1, 1)), year) for year in range(first_year, last_year + 1, step)],
        levels=[(_down(level), level) for level in (0, 25, 50, 75, 100)],
        today_x=across(today),
    )


def _down(health: float) -> float:
    return float(round(TOP + (100 - health) / 100 * (HEIGHT - TOP - BOTTOM), 1))


def _bands() -> list[Band]:
    tops = [100.0, *(lowest for _letter, lowest in HEALTH_CLASSES)]
    return [
        Band(letter, _down(top), round(_down(lowest) - _down(top), 1))
        for top, (letter, lowest) in zip(tops, HEALTH_CLASSES, strict=False)
    ]
