"""Where mains lie in the invented town's streets, and which way sewers run in them.

A crossing's node of each medium stands a fixed step from the middle of the crossing, so that mains of several
streets meet in it; between crossings a main follows its street at that distance.
"""

import heapq
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assetmgr.demonstration import gravity
from assetmgr.demonstration.curves import Coordinates, Curve, millimetres
from assetmgr.demonstration.terrain import town_ground
from assetmgr.demonstration.town_streets import Town

ASIDE = np.array([0.6, 0.8])
"""The direction in which mains step aside from the middle, in every crossing the same."""
MANHOLE_SPACING_M = 78.0
STATION_COST_M = 420.0
"""How far a sewer rather goes than ends in a pumping station of its own."""
UPHILL_COST = 70.0
HEAD_SHARE = 0.72
"""In a street that sewers leave at both ends, the longer part drains this far to the lower end; the rest has
houses on the crossing."""


def crossing_position(town: Town, node: int, offset_m: float) -> Coordinates:
    """Where a medium's node of a crossing stands, (2,)."""
    return millimetres(town.nodes[node] + offset_m * ASIDE)


def main_line(town: Town, street: int, offset_m: float) -> Coordinates:
    """A main along a street from its first crossing's node to its second's, (n, 2)."""
    chosen = town.streets[street]
    curve = chosen.curve
    chord = chosen.line[-1] - chosen.line[0]
    side = 1.0 if float(np.array([-chord[1], chord[0]]) @ ASIDE) >= 0 else -1.0
    inside = curve.stations[(curve.stations > 7.0) & (curve.stations < curve.length - 7.0)]
    middle = curve.at(inside, side * offset_m) if len(inside) else np.empty((0, 2))
    first, last = (crossing_position(town, node, offset_m) for node in (chosen.start, chosen.end))
    return millimetres(np.vstack([first, middle, last]))


def divided(line: Coordinates, spacing_m: float) -> list[Coordinates]:
    """A line as pieces of about equal length, none much longer than `spacing_m`; ends that meet are equal."""
    curve = Curve(line)
    count = max(1, int(np.ceil(curve.length / spacing_m)))
    cuts = np.linspace(0.0, curve.length, count + 1)
    ends = millimetres(curve.at(cuts))
    ends[0], ends[-1] = line[0], line[-1]
    pieces = []
    for place in range(count):
        inside = (curve.stations > cuts[place] + 1.0) & (curve.stations < cuts[place + 1] - 1.0)
        pieces.append(np.vstack([ends[place], line[inside], ends[place + 1]]))
    return pieces


@dataclass(frozen=True)
class Drainage:
    """n nodes of one system of sewers, each with the pipe that leaves it.

    `downstream` is -1 at the roots, where the water leaves the system. `line` is the pipe's course from the node,
    None at a root. `street` is the street the pipe lies in (-1 at a root). `crossing` maps a crossing of the town
    to its node.
    """

    position: Coordinates
    ground_m: npt.NDArray[np.float64]
    downstream: npt.NDArray[np.int64]
    distance_m: npt.NDArray[np.float64]
    line: list[Coordinates | None]
    street: list[int]
    crossing: dict[int, int]
    invert_m: npt.NDArray[np.float64]
    carried_m: npt.NDArray[np.float64]

    @property
    def roots(self) -> list[int]:
        """Where the water leaves."""
        return [int(node) for node in np.flatnonzero(self.downstream < 0)]

    def root_of(self, node: int) -> int:
        """Where this node's water leaves."""
        while self.downstream[node] >= 0:
            node = int(self.downstream[node])
        return node


def drainage(
    town: Town, streets: Sequence[int], offset_m: float, outlet: int | None, *, cover_m: float, fall: float
) -> Drainage:
    """Sewers in these streets, running down to the outlet (a crossing) and to hollows that cannot drain any other
    way."""
    ground = town_ground(town.nodes)
    below = _ways_down(town, streets, ground, outlet)
    used = {node for street in streets for node in (town.streets[street].start, town.streets[street].end)}
    builder = _Builder(town, offset_m)
    for node in sorted(used):
        builder.crossing_node(node)
    for street in streets:
        start, end = town.streets[street].start, town.streets[street].end
        line = main_line(town, street, offset_m)
        if below.get(start, (-1, -1))[1] == street:
            builder.chain(line, start, end, street)
        elif below.get(end, (-1, -1))[1] == street:
            builder.chain(line[::-1], end, start, street)
        else:
            line = line if ground[start] >= ground[end] else line[::-1]
            low = end if ground[start] >= ground[end] else start
            builder.chain(_tail(line), None, low, street)
    return builder.finished(cover_m, fall)


def _tail(line: Coordinates) -> Coordinates:
    curve = Curve(line)
    first = curve.length * (1.0 - HEAD_SHARE)
    return np.vstack([millimetres(curve.at([first])), line[curve.stations > first + 2.0]])


def _ways_down(
    town: Town, streets: Sequence[int], ground: npt.NDArray[np.float64], outlet: int | None
) -> dict[int, tuple[int, int]]:
    """Per crossing the (crossing, street) its sewer runs to; crossings absent are roots."""
    neighbours: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for street in streets:
        start, end = town.streets[street].start, town.streets[street].end
        neighbours[start].append((end, street))
        neighbours[end].append((start, street))
    cost = {
        node: STATION_COST_M
        for node, others in neighbours.items()
        if all(ground[other] >= ground[node] for other, _ in others)
    }
    if outlet is not None:
        cost[outlet] = 0.0
    queue = [(so_far, node) for node, so_far in sorted(cost.items())]
    heapq.heapify(queue)
    below: dict[int, tuple[int, int]] = {}
    while queue:
        so_far, node = heapq.heappop(queue)
        if so_far > cost[node]:
            continue
        for other, street in neighbours[node]:
            rise = max(0.0, float(ground[node] - ground[other]))
            total = so_far + 0.15 * town.streets[street].length + UPHILL_COST * rise
            if total < cost.get(other, np.inf):
                cost[other] = total
                below[other] = (node, street)
                heapq.heappush(queue, (total, other))
    return below


class _Builder:
    """Collects nodes and pipes."""

    def __init__(self, town: Town, offset_m: float) -> None:
        self.town = town
        self.offset_m = offset_m
        self.position: list[Coordinates] = []
        self.downstream: list[int] = []
        self.line: list[Coordinates | None] = []
        self.street: list[int] = []
        self.crossing: dict[int, int] = {}

    def crossing_node(self, crossing: int) -> None:
        self.crossing[crossing] = self._node(crossing_position(self.town, crossing, self.offset_m))

    def chain(self, line: Coordinates, top: int | None, bottom: int, street: int) -> None:
        """Pipes along a line from the crossing at its top (None: from a new head) down to the one at its bottom."""
        pieces = divided(line, MANHOLE_SPACING_M)
        node = self.crossing[top] if top is not None else self._node(line[0])
        for place, piece in enumerate(pieces):
            last = place == len(pieces) - 1
            below = self.crossing[bottom] if last else self._node(piece[-1])
            self.downstream[node], self.line[node], self.street[node] = below, piece, street
            node = below

    def _node(self, position: Coordinates) -> int:
        self.position.append(position)
        self.downstream.append(-1)
        self.line.append(None)
        self.street.append(-1)
        return len(self.position) - 1

    def finished(self, cover_m: float, fall: float) -> Drainage:
        position = np.asarray(self.position)
        downstream = np.asarray(self.downstream, dtype=np.int64)
        distance = np.array([0.0 if line is None else Curve(line).length for line in self.line])
        ground = town_ground(position)
        designed = gravity.design(ground, downstream, distance, cover_m=cover_m, fall=fall, deepest_m=np.inf)
        return Drainage(
            position,
            ground,
            downstream,
            distance,
            self.line,
            self.street,
            self.crossing,
            designed.invert_m,
            gravity.carried(downstream, distance),
        )


def shortest_ways(town: Town, target: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Metres along the streets from each crossing to the target, and the next street to take (-1 at the target),
    (n,) each."""
    neighbours: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for place, stretch in enumerate(town.streets):
        neighbours[stretch.start].append((stretch.end, place))
        neighbours[stretch.end].append((stretch.start, place))
    distance = np.full(len(town.nodes), np.inf)
    following = np.full(len(town.nodes), -1, dtype=np.int64)
    distance[target] = 0.0
    queue = [(0.0, target)]
    while queue:
        so_far, node = heapq.heappop(queue)
        if so_far > distance[node]:
            continue
        for other, street in neighbours[node]:
            # Large mains keep to main streets.
            total = so_far + town.streets[street].length * (1.0 if town.streets[street].is_main else 1.5)
            if total < distance[other]:
                distance[other], following[other] = total, street
                heapq.heappush(queue, (total, other))
    return distance, following
