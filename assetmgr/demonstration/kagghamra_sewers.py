"""Which way wastewater runs in Kagghamra: by gravity where the ground allows it, pressed where it does not."""

import heapq
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assetmgr.demonstration import gravity
from assetmgr.demonstration.kagghamra_roads_graph import RoadGraph
from assetmgr.demonstration.terrain import kagghamra_ground

GRAVITY_OFFSET_M = -0.4
"""Metres left of the middle of the road."""
COVER_M, FALL, DEEPEST_M = 1.7, 0.007, 3.3
STATIONS = ((0, 1.0), (1, 0.62), (2, 0.80))
"""Road and share of its length where a pumping station stands; the first collects from the others."""
UPHILL_COST = 40.0


@dataclass(frozen=True)
class SewerLayout:
    """Which way wastewater goes: the node below each node (-1 at a station), whether it gets there by gravity, and
    invert levels."""

    downstream: npt.NDArray[np.int64]
    distance_m: npt.NDArray[np.float64]
    by_gravity: npt.NDArray[np.bool_]
    invert_m: npt.NDArray[np.float64]
    station_nodes: tuple[int, ...]

    def divide(self, start: int, end: int) -> tuple[int, int] | None:
        """Where neighbours run apart, so that the stretch between them drains to neither of itself: its head and
        its foot.

        A pressure sewer serves it from the head, a node on a pressure sewer where one of the two is, to the foot.
        """
        if self.downstream[start] == end or self.downstream[end] == start:
            return None
        return (end, start) if self.by_gravity[start] else (start, end)


def sewer_layout(graph: RoadGraph) -> SewerLayout:
    """Every node drains towards a pumping station; by gravity where the ground allows it at a lawful depth."""
    positions = np.array([graph.position(node, GRAVITY_OFFSET_M) for node in range(graph.count)])
    ground = kagghamra_ground(positions)
    stations = tuple(graph.nearest(road, share * graph.roads[road].curve.length) for road, share in STATIONS)
    downstream, distance = _towards(graph, ground, stations)
    order = gravity.upstream_first(downstream)[::-1]
    reach = np.zeros(graph.count, dtype=np.bool_)
    for node in order:
        reach[node] = _falls(node, ground, downstream, distance)
    kept = np.where(reach, downstream, -1)
    lowest = ground - COVER_M
    for node in gravity.upstream_first(kept):
        below = kept[node]
        if below >= 0:
            lowest[below] = min(lowest[below], lowest[node] - FALL * distance[node])
    by_gravity = reach & (downstream >= 0)
    return SewerLayout(downstream, distance, by_gravity, np.round(lowest, 3), stations)


def _falls(
    node: int, ground: npt.NDArray[np.float64], downstream: npt.NDArray[np.int64], distance: npt.NDArray[np.float64]
) -> bool:
    """Whether a pipe from here can fall all the way to the station without lying too deep."""
    level = ground[node] - COVER_M
    while downstream[node] >= 0:
        below = downstream[node]
        level = min(level - FALL * distance[node], ground[below] - COVER_M)
        if ground[below] - level > DEEPEST_M:
            return False
        node = int(below)
    return True


def _towards(
    graph: RoadGraph, ground: npt.NDArray[np.float64], stations: tuple[int, ...]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """The cheapest way to a station, where running uphill costs: downstream node and distance, (n,) each."""
    downstream = np.full(graph.count, -1, dtype=np.int64)
    distance = np.zeros(graph.count)
    cost = np.full(graph.count, np.inf)
    cost[list(stations)] = 0.0
    queue = [(0.0, node) for node in stations]
    neighbours = graph.neighbours
    while queue:
        so_far, node = heapq.heappop(queue)
        if so_far > cost[node]:
            continue
        for other, span in neighbours[node]:
            length = graph.length(span)
            total = so_far + length + UPHILL_COST * max(0.0, float(ground[node] - ground[other]))
            if total < cost[other]:
                cost[other] = total
                downstream[other] = node
                distance[other] = length
                heapq.heappush(queue, (total, other))
    return downstream, distance
