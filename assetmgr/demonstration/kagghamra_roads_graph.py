"""The roads of Kagghamra as a graph: nodes at crossings, ends and in between, and lines beside the road between
them."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from assetmgr.demonstration.curves import Coordinates, millimetres
from assetmgr.demonstration.kagghamra_plots import Road

NODE_SPACING_M = 52.0
END_MARGIN_M = 5.0


@dataclass(frozen=True)
class RoadGraph:
    """Nodes stand on a road at a station; spans (road, from node, to node) join neighbours, stations ascending.

    A branch's first span starts at the crossing's node, which stands on the road it branches from.
    """

    roads: list[Road]
    road_of: npt.NDArray[np.int64]
    station_of: npt.NDArray[np.float64]
    spans: list[tuple[int, int, int]]

    @property
    def count(self) -> int:
        """How many nodes."""
        return len(self.road_of)

    def position(self, node: int, offset_m: float) -> Coordinates:
        """The node's place beside the middle of its road, (2,)."""
        curve = self.roads[self.road_of[node]].curve
        return millimetres(curve.at([self.station_of[node]], offset_m)[0])

    def station_on(self, node: int, road: int) -> float:
        """The node's station on this road: 0 for the crossing a branch starts in."""
        return float(self.station_of[node]) if self.road_of[node] == road else 0.0

    @cached_property
    def neighbours(self) -> dict[int, list[tuple[int, int]]]:
        """Per node its (neighbour, span)."""
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for place, (_, start, end) in enumerate(self.spans):
            found[start].append((end, place))
            found[end].append((start, place))
        return found

    def length(self, span: int) -> float:
        """A span's length along the road."""
        road, start, end = self.spans[span]
        return self.station_on(end, road) - self.station_on(start, road)

    def nearest(self, road: int, station: float) -> int:
        """The node on this road that is nearest to a station."""
        nodes = np.flatnonzero(self.road_of == road)
        return int(nodes[np.argmin(np.abs(self.station_of[nodes] - station))])


def road_graph(roads: list[Road]) -> RoadGraph:
    """Nodes at every crossing and end, and about every fifty metres between."""
    road_of: list[int] = []
    station_of: list[float] = []
    spans: list[tuple[int, int, int]] = []
    crossing_node: dict[int, int] = {}
    for place, road in enumerate(roads):
        branches = {other: r.at_station_m for other, r in enumerate(roads) if r.starts_on == place}
        fixed = sorted({0.0, *branches.values(), road.curve.length - END_MARGIN_M})
        stations = [fixed[0]]
        for low, high in pairwise(fixed):
            pieces = max(1, round((high - low) / NODE_SPACING_M))
            stations.extend(np.linspace(low, high, pieces + 1)[1:].tolist())
        nodes = []
        for station in stations:
            if station == 0.0 and road.starts_on >= 0:
                nodes.append(crossing_node[place])
                continue
            nodes.append(len(road_of))
            road_of.append(place)
            station_of.append(station)
            crossing_node |= {other: nodes[-1] for other, at in branches.items() if at == station}
        spans.extend((place, low, high) for low, high in pairwise(nodes))
    return RoadGraph(roads, np.asarray(road_of), np.asarray(station_of), spans)


def beside_road(graph: RoadGraph, road: int, start: int, end: int, offset_m: float, taps: list[float]) -> Coordinates:
    """A pipe's line along a road between two of its nodes, with a vertex at each tapped station, (n, 2).

    The ends stand exactly where `RoadGraph.position` puts the nodes.
    """
    low, high = graph.station_on(start, road), graph.station_on(end, road)
    curve = graph.roads[road].curve
    bends = curve.stations[(curve.stations > low + 6.0) & (curve.stations < high - 6.0)]
    inside = np.unique(np.concatenate([bends[::3], [tap for tap in taps if low < tap < high]]))
    middle = curve.at(inside, offset_m) if len(inside) else np.empty((0, 2))
    ends = graph.position(start, offset_m), graph.position(end, offset_m)
    return millimetres(np.vstack([ends[0], middle, ends[1]]))
