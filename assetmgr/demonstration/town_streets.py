"""An invented town: districts of different age, each with its own street pattern, and main streets between them.

Districts are the cells of a Voronoi diagram; their borders are the main streets. Local streets are jittered grids
turned differently in each district. Everything is then bent by one smooth map, which makes straight streets curve and
keeps them from crossing.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from assetmgr.demonstration.curves import Coordinates, Curve, millimetres
from assetmgr.demonstration.names import DISTRICTS, street_names
from assetmgr.demonstration.terrain import TOWN_CENTRE

RADIUS_M = 1_900.0
SHORTEST_M = 42.0
"""Streets shorter than this between two crossings are drawn together to one crossing."""
REMOVED_SHARE = 0.13
PARKS = (5, 11)
"""Places in the list of districts of those that were never built on."""


@dataclass(frozen=True)
class District:
    """A part of the town that was built at one time."""

    name: str
    code: str
    year: int
    spread_years: float
    combined: bool
    is_park: bool
    area: Polygon
    """Before bending, around the origin."""


@dataclass(frozen=True)
class Street:
    """A stretch between two crossings: nodes, middle line (n, 2) from the first to the second, and what it belongs
    to."""

    start: int
    end: int
    line: Coordinates
    district: int
    name: str
    year: int
    is_main: bool

    @cached_property
    def curve(self) -> Curve:
        """The middle line."""
        return Curve(self.line)

    @property
    def length(self) -> float:
        """Metres along the middle."""
        return self.curve.length


@dataclass(frozen=True)
class Town:
    """Districts, crossings (n, 2) and the streets between them, in SWEREF 99 TM."""

    districts: list[District]
    nodes: Coordinates
    streets: list[Street]


def town(random: np.random.Generator) -> Town:
    """The town; every crossing can be reached from every other."""
    districts = _districts(random)
    lines, district_of, is_main = _line_work(districts, random)
    nodes, edges = _crossings(lines)
    nodes, edges = _drawn_together(nodes, edges)
    edges = _thinned(nodes, edges, is_main, random)
    used = sorted({node for start, end, _ in edges for node in (start, end)})
    number = {node: place for place, node in enumerate(used)}
    names = street_names(random, len(lines))
    years = [
        round(districts[district].year + float(random.normal(0.0, districts[district].spread_years)))
        for district in district_of
    ]
    bent = millimetres(bend(nodes[used]))
    streets = [
        Street(
            number[start],
            number[end],
            _bent_line(nodes[start], nodes[end], bent[number[start]], bent[number[end]]),
            district_of[line],
            names[line],
            int(np.clip(years[line], 1930, 2020)),
            is_main[line],
        )
        for start, end, line in edges
    ]
    return Town(districts, bent, streets)


def bend(points: Coordinates) -> Coordinates:
    """The smooth map from the drawing board, around the origin, to the ground."""
    x, y = points[:, 0], points[:, 1]
    bent: Coordinates = points + np.array(TOWN_CENTRE)
    bent[:, 0] += 62.0 * np.sin(y / 190.0 + 0.7) + 26.0 * np.sin((x + y) / 105.0)
    bent[:, 1] += 58.0 * np.sin(x / 205.0 - 0.4) + 24.0 * np.cos((x - 1.3 * y) / 120.0)
    return bent


def _bent_line(start: Coordinates, end: Coordinates, first: Coordinates, last: Coordinates) -> Coordinates:
    count = max(2, int(np.hypot(*(end - start)) // 9.0) + 1)
    share = np.linspace(0.0, 1.0, count)[1:-1, None]
    inside = bend(start + share * (end - start)) if count > 2 else np.empty((0, 2))
    return millimetres(np.vstack([first, inside, last]))


def _outline() -> Polygon:
    angle = np.linspace(0.0, 2 * np.pi, 240, endpoint=False)
    radius = RADIUS_M * (1.0 + 0.10 * np.sin(3 * angle + 0.8) + 0.07 * np.cos(5 * angle) + 0.04 * np.sin(8 * angle))
    return shapely.Polygon(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]))


def _districts(random: np.random.Generator) -> list[District]:
    count = len(DISTRICTS)
    place = np.arange(count) + 0.5
    distance = RADIUS_M * 0.93 * np.sqrt(place / count) * random.uniform(0.92, 1.06, count)
    angle = place * np.pi * (3.0 - np.sqrt(5.0)) + random.uniform(-0.18, 0.18, count)
    seeds = np.column_stack([distance * np.cos(angle), distance * np.sin(angle)])
    outline = _outline()
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=outline))
    points = np.asarray(shapely.points(seeds))
    found = []
    for number, (name, code) in enumerate(DISTRICTS):
        cell = next(cell for cell in cells if cell.contains(points[number]))
        area = cell.intersection(outline)
        year, spread = _era(float(distance[number]), random)
        found.append(District(name, code, year, spread, year < 1953, number in PARKS, area))
    return found


def _era(distance: float, random: np.random.Generator) -> tuple[int, float]:
    """The year a district was built, by how far out it lies, and how much its streets differ."""
    for limit, first, last, spread in (
        (650.0, 1934, 1950, 6.0),
        (1_000.0, 1953, 1966, 4.0),
        (1_370.0, 1963, 1976, 3.0),
        (1_640.0, 1972, 1992, 4.0),
        (9_999.0, 1984, 2016, 3.5),
    ):
        if distance < limit:
            return int(random.integers(first, last)), spread
    raise AssertionError("the last limit takes all")


def _line_work(
    districts: list[District], random: np.random.Generator
) -> tuple[list[LineString], list[int], list[bool]]:
    """Straight lines of main and local streets, each with its district and whether it is a main street."""
    lines: list[LineString] = []
    owner: list[int] = []
    is_main: list[bool] = []
    for first, one in enumerate(districts):
        for second in range(first + 1, len(districts)):
            shared = one.area.intersection(districts[second].area)
            if isinstance(shared, LineString) and shared.length > 60.0:
                older = first if one.year <= districts[second].year else second
                lines.append(shared)
                owner.append(older)
                is_main.append(True)
    for number, district in enumerate(districts):
        if district.is_park:
            continue
        for line in _grid(district, random):
            lines.append(line)
            owner.append(number)
            is_main.append(False)
    return lines, owner, is_main


def _grid(district: District, random: np.random.Generator) -> list[LineString]:
    wide = district.year in range(1962, 1978)
    along, across = (
        (random.uniform(95.0, 120.0), random.uniform(150.0, 210.0))
        if wide
        else (
            random.uniform(68.0, 86.0),
            random.uniform(120.0, 190.0),
        )
    )
    angle = float(random.uniform(0.0, np.pi))
    direction = np.array([np.cos(angle), np.sin(angle)])
    normal = np.array([-direction[1], direction[0]])
    centre = np.array(district.area.centroid.coords[0])
    inner = district.area.buffer(3.0)
    found = []
    for ahead, aside, spacing in ((direction, normal, along), (normal, direction, across)):
        for step in range(-16, 17):
            shift = (step + float(random.uniform(-0.16, 0.16))) * spacing
            tilt = float(random.normal(0.0, 0.03))
            way = ahead + tilt * aside
            middle = centre + shift * aside
            line = LineString([middle - 1_500.0 * way, middle + 1_500.0 * way])
            for part in shapely.get_parts(line.intersection(inner)):
                if isinstance(part, LineString) and part.length > 70.0:
                    found.append(part)
    return found


Edges = list[tuple[int, int, int]]
"""Start node, end node, line."""


def _crossings(lines: list[LineString]) -> tuple[Coordinates, Edges]:
    """Nodes where lines meet or end, and the stretches between."""
    geometry = np.asarray(lines, dtype=object)
    first, second = shapely.STRtree(geometry).query(geometry, predicate="intersects")
    apart = first < second
    first, second = first[apart], second[apart]
    points = shapely.intersection(geometry[first], geometry[second])
    on_line: dict[int, set[float]] = defaultdict(set)
    for one, other, met in zip(first.tolist(), second.tolist(), points, strict=True):
        for point in shapely.get_parts(met):
            if point.geom_type == "Point":
                for line in (one, other):
                    on_line[line].add(round(float(lines[line].project(point)), 3))
    nodes: list[tuple[float, float]] = []
    edges: Edges = []
    for place, line in enumerate(lines):
        stations = sorted({0.0, round(line.length, 3), *on_line[place]})
        points = shapely.get_coordinates(shapely.line_interpolate_point(line, stations))
        start = len(nodes)
        nodes.extend((float(x), float(y)) for x, y in points)
        edges.extend((start + i, start + i + 1, place) for i in range(len(stations) - 1))
    return np.asarray(nodes), edges


def _drawn_together(nodes: Coordinates, edges: Edges) -> tuple[Coordinates, Edges]:
    """Crossings that coincide or lie too near become one; stretches that vanish or double are dropped."""
    leader = list(range(len(nodes)))

    def find(node: int) -> int:
        while leader[node] != node:
            leader[node] = leader[leader[node]]
            node = leader[node]
        return node

    points = np.asarray(shapely.points(nodes))
    left, right = shapely.STRtree(points).query(points, predicate="dwithin", distance=6.0)
    joined = [*zip(left.tolist(), right.tolist(), strict=True)]
    lengths = np.hypot(*(nodes[[e[0] for e in edges]] - nodes[[e[1] for e in edges]]).T)
    joined += [(start, end) for (start, end, _), length in zip(edges, lengths, strict=True) if length < SHORTEST_M]
    for one, other in joined:
        a, b = find(one), find(other)
        if a != b and np.hypot(*(nodes[a] - nodes[b])) < 2.2 * SHORTEST_M:
            leader[max(a, b)] = min(a, b)
    group = np.array([find(node) for node in range(len(nodes))])
    size = np.bincount(group, minlength=len(nodes)).astype(float)
    size[size == 0] = 1.0
    middle = np.column_stack([np.bincount(group, nodes[:, axis], len(nodes)) / size for axis in (0, 1)])
    kept: dict[tuple[int, int], int] = {}
    for start, end, line in edges:
        a, b = sorted((int(group[start]), int(group[end])))
        if a != b:
            kept[a, b] = min(line, kept.get((a, b), line))
    return middle, [(a, b, line) for (a, b), line in kept.items()]


def _thinned(nodes: Coordinates, edges: Edges, is_main: list[bool], random: np.random.Generator) -> Edges:
    """Without crossings that are none, without needle-sharp corners, with some blind alleys, and in one piece."""
    edges = _without_overlaps(nodes, edges, is_main)
    edges = _without_needles(nodes, edges, is_main)
    gone = random.random(len(edges)) < REMOVED_SHARE
    edges = [edge for edge, leave in zip(edges, gone, strict=True) if is_main[edge[2]] or not leave]
    edges = _without_stumps(nodes, edges)
    return _largest_piece(edges)


def _without_overlaps(nodes: Coordinates, edges: Edges, is_main: list[bool]) -> Edges:
    lines = np.asarray(shapely.linestrings(nodes[[(start, end) for start, end, _ in edges]]))
    first, second = shapely.STRtree(lines).query(lines, predicate="crosses")
    gone = {
        (one if is_main[edges[other][2]] else other)
        for one, other in zip(first.tolist(), second.tolist(), strict=True)
        if one < other
    }
    return [edge for place, edge in enumerate(edges) if place not in gone]


def _without_needles(nodes: Coordinates, edges: Edges, is_main: list[bool]) -> Edges:
    at: dict[int, list[int]] = defaultdict(list)
    for place, (start, end, _) in enumerate(edges):
        at[start].append(place)
        at[end].append(place)
    gone: set[int] = set()
    for node, places in at.items():
        away = {}
        for place in places:
            start, end, _ = edges[place]
            vector = nodes[end if start == node else start] - nodes[node]
            away[place] = vector / np.hypot(*vector)
        for one in places:
            for other in places:
                if one < other and float(away[one] @ away[other]) > 0.9 and not {one, other} & gone:
                    gone.add(one if is_main[edges[other][2]] else other)
    return [edge for place, edge in enumerate(edges) if place not in gone]


def _without_stumps(nodes: Coordinates, edges: Edges) -> Edges:
    """Blind ends shorter than 55 m are dropped."""
    degree = np.bincount([node for start, end, _ in edges for node in (start, end)], minlength=len(nodes))
    return [
        (start, end, line)
        for start, end, line in edges
        if (degree[start] > 1 and degree[end] > 1) or np.hypot(*(nodes[end] - nodes[start])) >= 55.0
    ]


def _largest_piece(edges: Edges) -> Edges:
    neighbours: dict[int, list[int]] = defaultdict(list)
    for start, end, _ in edges:
        neighbours[start].append(end)
        neighbours[end].append(start)
    piece: dict[int, int] = {}
    for first in neighbours:
        if first in piece:
            continue
        piece[first] = first
        waiting = [first]
        while waiting:
            for other in neighbours[waiting.pop()]:
                if other not in piece:
                    piece[other] = first
                    waiting.append(other)
    names, sizes = np.unique(list(piece.values()), return_counts=True)
    largest = names[np.argmax(sizes)]
    return [edge for edge in edges if piece[edge[0]] == largest]
