"""Invented roads and plots on the Kagghamra hillside.

Roads are smooth curves; each but the first starts on an earlier one. Plots stand in rows along the roads,
2,000-3,000 m² each, and give way to what was laid out before them. Metres in SWEREF 99 TM.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from assetmgr.demonstration.curves import Curve, millimetres, smooth_curve
from assetmgr.demonstration.terrain import KAGGHAMRA_CENTRE

PLOTS = 200
SMALLEST_M2, LARGEST_M2 = 2_000.0, 3_000.0
ROAD_HALF_WIDTH_M = 4.5
CORNER_M = 9.0
"""Plots keep this far from the middle of a crossing road."""


@dataclass(frozen=True)
class Road:
    """A road's middle line. It starts on road `starts_on` (its place in the list) at that road's station; -1: it
    starts freely."""

    name: str
    curve: Curve
    starts_on: int
    at_station_m: float


@dataclass(frozen=True)
class Plot:
    """A plot with the station of its entrance along its road, and the side: 1 is left of the road's direction, -1
    right."""

    road: int
    side: int
    entrance_m: float
    polygon: Polygon


_MAIN = (
    "Hasselvråksvägen",
    ((640, 790), (500, 600), (330, 440), (205, 260), (150, 60), (20, -140), (-70, -330), (-190, -480)),
)
_BRANCHES: tuple[tuple[str, int, float, tuple[tuple[float, float], ...]], ...] = (
    ("Tranögonstigen", 0, 0.955, ((-270, -385), (-390, -250), (-530, -130), (-600, 40), (-735, 150))),
    ("Vattenklöverstigen", 0, 0.925, ((10, -480), (140, -560), (290, -600), (450, -700))),
    ("Ormbunksvrån", 0, 0.775, ((-120, -170), (-240, -40), (-360, 20), (-480, 170), (-610, 290), (-640, 430))),
    ("Enbärsslingan", 0, 0.765, ((120, -260), (260, -330), (390, -440), (560, -500))),
    ("Gullviveslänten", 0, 0.57, ((40, 105), (-90, 140), (-190, 260), (-330, 330), (-420, 470), (-400, 590))),
    ("Tallticksvägen", 0, 0.555, ((280, -40), (410, -150), (560, -200), (700, -330))),
    ("Backtimjansstigen", 0, 0.41, ((110, 330), (-20, 340), (-120, 450), (-210, 520))),
    ("Sandödlekroken", 0, 0.395, ((330, 200), (450, 90), (590, 60), (730, -60))),
    ("Knärotsvägen", 0, 0.215, ((270, 560), (150, 590), (60, 670))),
    ("Bergsyrebacken", 0, 0.205, ((520, 400), (620, 340))),
    ("Kärrfräkenvägen", 3, 0.62, ((-470, -20), (-490, -90))),
    ("Stensötegränd", 6, 0.50, ((470, -60), (540, -50))),
    ("Nattskärrestigen", 5, 0.42, ((-250, 180), (-330, 190))),
    ("Liljekonvaljekroken", 8, 0.62, ((590, 130), (650, 150))),
)


def without_tails(laid: list[Road], standing: list[Plot]) -> list[Road]:
    """The roads, each ending by its last entrance or crossing rather than running on into the wood."""
    found = []
    for place, road in enumerate(laid):
        needed = [plot.entrance_m + 14.0 for plot in standing if plot.road == place]
        needed += [other.at_station_m + 6.0 for other in laid if other.starts_on == place]
        end = min(max(needed, default=road.curve.length), road.curve.length)
        kept = road.curve.points[: max(2, int(np.searchsorted(road.curve.stations, end)))]
        found.append(replace(road, curve=Curve(kept)))
    return found


def roads() -> list[Road]:
    """The invented roads, the main road first."""
    name, controls = _MAIN
    found = [Road(name, _curve(controls), -1, 0.0)]
    for name, parent, share, rest in _BRANCHES:
        station = round(share * found[parent].curve.length, 1)
        start = found[parent].curve.at([station])[0] - KAGGHAMRA_CENTRE
        found.append(Road(name, _curve(((start[0], start[1]), *rest)), parent, station))
    return found


def _curve(controls: tuple[tuple[float, float], ...]) -> Curve:
    east, north = KAGGHAMRA_CENTRE
    return smooth_curve([(east + x, north + y) for x, y in controls])


def plots(laid: list[Road], random: np.random.Generator, count: int = PLOTS) -> list[Plot]:
    """`count` plots that overlap neither each other nor a road, in the order of the roads."""
    road_lines = [shapely.LineString(road.curve.points) for road in laid]
    corridors = [line.buffer(CORNER_M) for line in road_lines]
    found: list[Plot] = []
    taken: list[Polygon] = []
    for place, road in enumerate(laid):
        others = [corridor for other, corridor in enumerate(corridors) if other != place]
        own = road_lines[place].buffer(ROAD_HALF_WIDTH_M - 0.01, cap_style="flat")
        for side in (1, -1):
            for start, end, entrance, depth in _frontages(road.curve, random):
                wanted = _strip(road.curve, start, end, side, depth)
                free = _without(wanted, _near([own, *others, *taken], wanted))
                if free is not None and _is_usable(free, road.curve, entrance, side):
                    taken.append(free)
                    found.append(Plot(place, side, entrance, free))
    if len(found) < count:
        raise ValueError(f"only {len(found)} plots fit")
    return _kept(found, count, random)


def _frontages(curve: Curve, random: np.random.Generator) -> list[tuple[float, float, float, float]]:
    """Start, end, entrance station and depth of the plots along one side of a road."""
    found = []
    station = float(random.uniform(12.0, 22.0))
    while station < curve.length - 30.0:
        width = float(random.uniform(38.0, 58.0))
        depth = float(np.clip(random.uniform(2_250.0, 2_900.0) / width, 42.0, 66.0))
        if station + width > curve.length + 8.0:
            break
        entrance = station + width * float(random.uniform(0.35, 0.65))
        found.append((station, min(station + width, curve.length), min(entrance, curve.length - 3.0), depth))
        # A path or a strip of wood between some neighbours.
        station += width + (float(random.uniform(6.0, 30.0)) if random.random() < 0.12 else 0.0)
    return found


def _strip(curve: Curve, start: float, end: float, side: int, depth: float) -> Polygon:
    stations = np.concatenate([[start], np.arange(start + 6.0, end - 3.0, 6.0), [end]])
    front = curve.at(stations, side * ROAD_HALF_WIDTH_M)
    back = curve.at(np.array([end, start]), side * (ROAD_HALF_WIDTH_M + depth))
    return shapely.Polygon(millimetres(np.vstack([front, back])))


def _near(taken: Sequence[Polygon], wanted: Polygon) -> list[Polygon]:
    near = shapely.intersects(np.asarray(taken, dtype=object), wanted)
    return [taken[place] for place in np.flatnonzero(near).tolist()]


def _without(wanted: Polygon, obstacles: Sequence[Polygon]) -> Polygon | None:
    """What is left of the wanted plot, in whole millimetres; None where it falls apart or is no plot."""
    if not wanted.is_valid:
        return None
    left: BaseGeometry = shapely.set_precision(wanted.difference(shapely.union_all(obstacles)), 0.001)
    parts = [part for part in shapely.get_parts(left) if isinstance(part, Polygon)]
    if not parts:
        return None
    largest = max(parts, key=lambda part: part.area)
    # Slivers are shaved off, so that a plot trimmed by a neighbour keeps a plausible shape.
    rounded = largest.buffer(-4.0, join_style="mitre").buffer(4.0, join_style="mitre")
    shaved: BaseGeometry = shapely.set_precision(rounded.intersection(largest), 0.001)
    return shaved if isinstance(shaved, Polygon) and not shaved.interiors else None


def _is_usable(polygon: Polygon, curve: Curve, entrance: float, side: int) -> bool:
    """Of lawful size, compact, and still standing by the road at its entrance."""
    if not SMALLEST_M2 + 5.0 <= polygon.area <= LARGEST_M2 - 5.0:
        return False
    if 4 * np.pi * polygon.area / polygon.length**2 < 0.55:
        return False
    front = shapely.Point(curve.at([entrance], side * ROAD_HALF_WIDTH_M)[0])
    return bool(polygon.exterior.distance(front) < 0.05)


def _kept(found: list[Plot], count: int, random: np.random.Generator) -> list[Plot]:
    """Leave out plots here and there, so that the rest stand where they stood."""
    gone = set(random.choice(len(found), len(found) - count, replace=False).tolist())
    return [plot for place, plot in enumerate(found) if place not in gone]
