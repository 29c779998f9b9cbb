"""The Kagghamra network: built 2017-2018, water and wastewater to some 190 of 200 plots, no stormwater."""

import heapq
from collections import defaultdict
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import LineString, Point

from assetmgr.demonstration import gravity
from assetmgr.demonstration.curves import Curve, millimetres, smooth_curve
from assetmgr.demonstration.kagghamra_ground import SERVICES, addresses, properties, property_key, service_area
from assetmgr.demonstration.kagghamra_plots import PLOTS, ROAD_HALF_WIDTH_M, Plot, Road, plots, roads, without_tails
from assetmgr.demonstration.kagghamra_roads_graph import beside_road, road_graph
from assetmgr.demonstration.kagghamra_sewers import GRAVITY_OFFSET_M, sewer_layout
from assetmgr.demonstration.lta_wear import service_visits
from assetmgr.demonstration.numbering import Numbering
from assetmgr.demonstration.records import (
    WATER_DEPARTMENT,
    WATER_SOURCE,
    DemoAsset,
    DemoInspection,
    Demonstration,
    known,
    last_exercised,
)
from assetmgr.demonstration.terrain import KAGGHAMRA_CENTRE, kagghamra_ground

AREA = "KAG"
CONNECTED = 190
FINAL_INSPECTION_ON = date(2018, 12, 14)
GUARANTEE_UNTIL = date(2023, 12, 14)
LIABILITY_UNTIL = date(2028, 12, 14)

WATER_OFFSET_M, PRESSURE_OFFSET_M, TRANSFER_OFFSET_M = 1.5, -1.3, -2.2
"""Where in the trench each main lies beside the gravity sewer, metres left of the middle of the road."""
POINT_OFFSET_M = ROAD_HALF_WIDTH_M - 0.5
"""A connection point stands half a metre outside the boundary."""
TAP_APART_M = 0.7
MAIN_ROAD = 0
LTA_MODEL = "Tvåkanals skärpump 1,1 kW"


def build(as_of: date, random: np.random.Generator) -> Demonstration:
    """Plots, mains, services, stations and what was seen of them."""
    laid = roads()
    standing = plots(laid, random, PLOTS)
    laid = without_tails(laid, standing)
    return _Network(as_of, random, laid, standing).built()


class _Network:
    """The network while it is being put together; `built` reads as the list of its parts."""

    def __init__(self, as_of: date, random: np.random.Generator, laid: list[Road], standing: list[Plot]) -> None:
        self.as_of = as_of
        self.random = random
        self.roads = laid
        self.plots = standing
        self.graph = road_graph(laid)
        self.sewer = sewer_layout(self.graph)
        self.numbers = Numbering()
        self.result = Demonstration()
        self.water_key: dict[int, str] = {}
        self.sewer_key: dict[int, str] = {}
        chosen = random.choice(len(standing), CONNECTED, replace=False)
        self.address = addresses(laid, standing)
        self.connected = sorted(int(place) for place in chosen)
        self.taps: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
        self.divides = {
            span: ends
            for span, (_, start, end) in enumerate(self.graph.spans)
            if (ends := self.sewer.divide(start, end)) is not None
        }
        self.span_of_plot = {place: self._span_at(standing[place]) for place in self.connected}

    def built(self) -> Demonstration:
        """Nodes first, then the lines that name them."""
        self.result.assets.extend(properties(self.plots, self.address))
        self.result.assets.append(service_area(self.roads, [self.plots[place] for place in self.connected]))
        self._sewer_nodes()
        self._water_nodes()
        self._gravity_mains()
        self._pressure_mains()
        self._water_mains()
        self._transfer_mains()
        self._services()
        return self.result

    # ---- what everything has in common ----------------------------------------------------------------------------

    def _year(self) -> int:
        return 2017 if self.random.random() < 0.45 else 2018

    def _add(
        self,
        asset_type: str,
        key: str,
        geometry: Any,
        *,
        attributes: dict[str, Any] | None = None,
        parent: str | None = None,
        nodes: tuple[str | None, str | None] = (None, None),
        **columns: Any,
    ) -> str:
        base: dict[str, Any] = {
            "designation": key,
            "department": WATER_DEPARTMENT,
            "status": "in_service",
            "fund": "va",
            "guarantee_until": GUARANTEE_UNTIL,
            "liability_until": LIABILITY_UNTIL,
        }
        self.result.assets.append(
            DemoAsset(
                asset_type,
                WATER_SOURCE,
                key,
                geometry,
                known(**(base | columns)),
                known(final_inspection_on=FINAL_INSPECTION_ON) | (attributes or {}),
                parent,
                *nodes,
            )
        )
        return key

    def _span_at(self, plot: Plot) -> int:
        for place, (road, start, end) in enumerate(self.graph.spans):
            if road == plot.road and (
                self.graph.station_on(start, road) <= plot.entrance_m <= self.graph.station_on(end, road)
            ):
                return place
        last = [place for place, (road, _, _) in enumerate(self.graph.spans) if road == plot.road]
        return last[-1]

    def _tap_station(self, place: int, shift: float) -> float:
        """Where a service leaves its main: by the entrance, but never in the main's ends."""
        road, start, end = self.graph.spans[self.span_of_plot[place]]
        low, high = self.graph.station_on(start, road), self.graph.station_on(end, road)
        return float(np.clip(self.plots[place].entrance_m + shift, low + 1.0, high - 1.0))

    # ---- nodes ------------------------------------------------------------------------------------------------------

    def _sewer_nodes(self) -> None:
        """Stations, manholes where gravity sewers bend or meet, and valves and flushing posts on the pressure
        sewers."""
        sewer, graph = self.sewer, self.graph
        in_gravity = sewer.by_gravity.copy()
        in_gravity[sewer.downstream[sewer.by_gravity]] = True
        for number, node in enumerate(sewer.station_nodes, start=1):
            self.sewer_key[node] = self._station(node, number)
        degree = {node: len(neighbours) for node, neighbours in graph.neighbours.items()}
        heads, feet = ({ends[place] for ends in self.divides.values()} for place in (0, 1))
        for node in range(graph.count):
            if node in self.sewer_key:
                continue
            if in_gravity[node]:
                self.sewer_key[node] = self._manhole(node)
            elif degree[node] != 2 or node in heads | feet:
                is_end = degree[node] == 1 or (degree[node] == 2 and node in heads)
                self.sewer_key[node] = self._pressure_node(node, is_end=is_end)

    def _station(self, node: int, number: int) -> str:
        road = self.roads[self.graph.road_of[node]]
        return self._add(
            "pumping_station",
            f"{AREA}-PST-{number:02d}",
            Point(self.graph.position(node, GRAVITY_OFFSET_M)),
            address=road.name,
            built_year=2018,
            consequence_grade=3,
            protection_class=2 if number == 1 else 1,
            attributes={
                "size_class": "small",
                "pumps": 2,
                "capacity_l_s": 9.0 if number == 1 else 5.5,
                "alarm_connected": True,
                "backup_power": False,
                "overflow": False,
                "emergency_overflow": True,
            },
        )

    def _manhole(self, node: int) -> str:
        position = self.graph.position(node, GRAVITY_OFFSET_M)
        cover = round(float(kagghamra_ground(position[None])[0]), 2)
        invert = float(self.sewer.invert_m[node])
        is_end = not np.any(self.sewer.downstream[self.sewer.by_gravity] == node)
        return self._add(
            "manhole",
            self.numbers.next(AREA, "SNB"),
            Point(position),
            built_year=self._year(),
            material="PP" if is_end else "BTG",
            dimension_mm=600.0 if is_end else 1000.0,
            consequence_grade=1,
            attributes={
                "manhole_kind": "inspection_chamber" if is_end else "manhole",
                "cover_level_m": cover,
                "invert_level_m": round(invert, 2),
                "depth_m": round(cover - invert, 2),
            },
        )

    def _pressure_node(self, node: int, *, is_end: bool) -> str:
        point = Point(self.graph.position(node, PRESSURE_OFFSET_M))
        year = self._year()
        return self._flushing_post("SP", point, year) if is_end else self._valve("TSV", point, year, 63.0)

    def _flushing_post(self, series: str, point: Point, year: int) -> str:
        return self._add(
            "flushing_post",
            self.numbers.next(AREA, series),
            point,
            built_year=year,
            dimension_mm=63.0,
            attributes={"last_exercised_on": self._exercised()},
        )

    def _valve(self, series: str, point: Point, year: int, dimension: float, kind: str = "gate") -> str:
        return self._add(
            "valve",
            self.numbers.next(AREA, series),
            point,
            built_year=year,
            dimension_mm=dimension,
            consequence_grade=1,
            attributes={
                "valve_kind": kind,
                "position": "open",
                "pressure_class": 10.0,
                "last_exercised_on": self._exercised(),
            },
        )

    def _exercised(self) -> date:
        return last_exercised(self.as_of, self.random)

    def _water_nodes(self) -> None:
        """Valves at crossings, flushing posts at ends, and here and there a hydrant between."""
        for node in self._water_breaks():
            point = Point(self.graph.position(node, WATER_OFFSET_M))
            degree = len(self.graph.neighbours[node])
            if degree == 1 and node != self._first_node():
                self.water_key[node] = self._flushing_post("SPV", point, self._year())
            elif degree == 2 and self.graph.road_of[node] in (0, 1, 2):
                self.water_key[node] = self._add(
                    "hydrant",
                    self.numbers.next(AREA, "BP"),
                    point,
                    built_year=self._year(),
                    dimension_mm=100.0,
                    address=self.roads[self.graph.road_of[node]].name,
                    consequence_grade=2,
                    attributes={
                        "hydrant_kind": "underground",
                        "flow_l_s": float(np.round(self.random.uniform(10.0, 16.0), 1)),
                        "last_exercised_on": self._exercised(),
                    },
                )
            else:
                self.water_key[node] = self._valve("VV", point, self._year(), self._water_dimension(node))

    def _first_node(self) -> int:
        return self.graph.nearest(MAIN_ROAD, 0.0)

    def _water_breaks(self) -> list[int]:
        """Nodes where the water main is divided: crossings, ends, and about every 200 m between."""
        degree = {node: len(found) for node, found in self.graph.neighbours.items()}
        breaks = {node for node, number in degree.items() if number != 2} | {self._first_node()}
        for road in range(len(self.roads)):
            since = 0
            for start, end in [(s, e) for r, s, e in self.graph.spans if r == road]:
                since = 1 if start in breaks else since + 1
                if since >= 4 and end not in breaks:
                    breaks.add(end)
        return sorted(breaks)

    def _water_dimension(self, node: int) -> float:
        return 160.0 if self.graph.road_of[node] == MAIN_ROAD else 110.0

    # ---- lines ------------------------------------------------------------------------------------------------------

    def _taps_on(self, spans: list[int], shift: float, places: list[int]) -> list[float]:
        return [self._tap_station(place, shift) for place in places if self.span_of_plot[place] in spans]

    def _gravity_mains(self) -> None:
        graph, sewer = self.graph, self.sewer
        for span, (road, start, end) in enumerate(graph.spans):
            flows_back = sewer.by_gravity[end] and sewer.downstream[end] == start
            flows_on = sewer.by_gravity[start] and sewer.downstream[start] == end
            if not (flows_back or flows_on):
                continue
            taps = self._taps_on([span], TAP_APART_M, self.connected)
            line = beside_road(graph, road, start, end, GRAVITY_OFFSET_M, taps)
            above, below = (end, start) if flows_back else (start, end)
            line = line[::-1] if flows_back else line
            levels = float(sewer.invert_m[above]), float(sewer.invert_m[below])
            length = float(np.hypot(*np.diff(line, axis=0).T).sum())
            self._add(
                "wastewater_pipe",
                self.numbers.next(AREA, "S"),
                LineString(line),
                built_year=self._year(),
                material="PP" if self.random.random() < 0.75 else "PVC",
                dimension_mm=200.0,
                consequence_grade=1,
                protection_class=1,
                nodes=(self.sewer_key[above], self.sewer_key[below]),
                attributes={
                    "function": "main",
                    "invert_level_up_m": round(levels[0], 2),
                    "invert_level_down_m": round(levels[1], 2),
                    "slope_permille": round(1000.0 * (levels[0] - levels[1]) / length, 1),
                    "surroundings": "rural",
                    "ground": self._ground(),
                },
            )

    def _ground(self) -> str:
        return "rock" if self.random.random() < 0.6 else "soil"

    def _pressure_mains(self) -> None:
        """Pressure sewers from crossing to crossing, down to the manhole or station that takes them."""
        graph, sewer = self.graph, self.sewer
        for start in range(graph.count):
            if sewer.by_gravity[start] or sewer.downstream[start] < 0 or start not in self.sewer_key:
                continue
            nodes = [start]
            while len(nodes) == 1 or nodes[-1] not in self.sewer_key:
                nodes.append(int(sewer.downstream[nodes[-1]]))
            self._pressure_main(nodes)
        for head, foot in self.divides.values():
            self._pressure_main([head, foot])

    def _pressure_main(self, nodes: list[int]) -> None:
        line, spans = self._joined(nodes, PRESSURE_OFFSET_M, TAP_APART_M)
        line[-1] = self._sewer_position(nodes[-1])
        first = self.sewer_key[nodes[0]]
        if self._sewer_position(nodes[0]).tolist() == self.graph.position(nodes[0], PRESSURE_OFFSET_M).tolist():
            line[0] = self._sewer_position(nodes[0])
        else:
            line[0] = line[0] + 0.15 * (line[1] - line[0])
            line = millimetres(line)
            first = self._flushing_post("SP", Point(line[0]), self._year())
        served = self._upstream_plots(nodes[0]) + len(self._taps_on(spans, TAP_APART_M, self.connected))
        self._add(
            "pressure_sewer_pipe",
            self.numbers.next(AREA, "TS"),
            LineString(line),
            built_year=self._year(),
            material="PE100",
            dimension_mm=50.0 if served <= 6 else 63.0 if served <= 20 else 90.0,
            consequence_grade=1,
            protection_class=1,
            nodes=(first, self.sewer_key[nodes[-1]]),
            attributes={
                "function": "main",
                "pressure_class": 10.0,
                "sdr": 17.0,
                "insulated": bool(self.random.random() < 0.35),
                "surroundings": "rural",
                "ground": self._ground(),
            },
        )

    def _sewer_position(self, node: int) -> npt.NDArray[np.float64]:
        in_gravity = self.sewer.by_gravity[node] or node in self._gravity_targets or node in self.sewer.station_nodes
        return self.graph.position(node, GRAVITY_OFFSET_M if in_gravity else PRESSURE_OFFSET_M)

    @cached_property
    def _gravity_targets(self) -> set[int]:
        return set(self.sewer.downstream[self.sewer.by_gravity].tolist())

    def _upstream_plots(self, node: int) -> int:
        own = np.zeros(self.graph.count)
        for place in self.connected:
            own[self._child(self.span_of_plot[place])] += 1
        passed_on = gravity.carried(self.sewer.downstream, own)
        return int(passed_on[node] - own[node])

    def _child(self, span: int) -> int:
        """The end of a span that drains to its other end; where neither does, the one a pressure sewer starts from."""
        if span in self.divides:
            return self.divides[span][0]
        _, start, end = self.graph.spans[span]
        return end if self.sewer.downstream[end] == start else start

    def _joined(self, nodes: list[int], offset: float, shift: float) -> tuple[npt.NDArray[np.float64], list[int]]:
        """The line beside the road through these neighbouring nodes, and the spans it follows."""
        pieces: list[npt.NDArray[np.float64]] = []
        spans: list[int] = []
        for above, below in pairwise(nodes):
            span = next(place for place, (_, s, e) in enumerate(self.graph.spans) if {s, e} == {above, below})
            road, start, end = self.graph.spans[span]
            piece = beside_road(self.graph, road, start, end, offset, self._taps_on([span], shift, self.connected))
            piece = piece if start == above else piece[::-1]
            pieces.append(piece if not pieces else piece[1:])
            spans.append(span)
        return np.vstack(pieces), spans

    def _water_mains(self) -> None:
        breaks = set(self.water_key)
        for road in range(len(self.roads)):
            run: list[int] = []
            for start, end in [(s, e) for r, s, e in self.graph.spans if r == road]:
                run = run or [start]
                run.append(end)
                if end in breaks:
                    self._water_main(road, run)
                    run = []

    def _water_main(self, road: int, nodes: list[int]) -> None:
        line, _ = self._joined(nodes, WATER_OFFSET_M, -TAP_APART_M)
        self._add(
            "water_pipe",
            self.numbers.next(AREA, "V"),
            LineString(line),
            built_year=self._year(),
            material="PE100",
            dimension_mm=160.0 if road == MAIN_ROAD else 110.0 if self.random.random() < 0.5 else 63.0,
            consequence_grade=2 if road == MAIN_ROAD else 1,
            protection_class=1,
            nodes=(self.water_key[nodes[0]], self.water_key[nodes[-1]]),
            attributes={
                "function": "main" if road == MAIN_ROAD else "distribution",
                "pressure_class": 10.0,
                "sdr": 17.0,
                "pressure_zone": "Kagghamra",
                "insulated": bool(self.random.random() < 0.3),
                "surroundings": "rural",
                "ground": self._ground(),
            },
        )

    # ---- transfer mains --------------------------------------------------------------------------------------------

    def _transfer_mains(self) -> None:
        """Wastewater from the outer stations to the first and from there towards Eldtomta; water from Sibble."""
        first, *outer = self.sewer.station_nodes
        for node in outer:
            self._station_main(node, first)
        away = _offset_curve(_TRANSFER)
        to_eldtomta, to_sibble = _offset_curve(_ELDTOMTA), _offset_curve(_SIBBLE)
        way = self._way(first, self._first_node())
        main_line, _ = self._joined(way, TRANSFER_OFFSET_M, 1e6)
        main_line[0] = self._sewer_position(first)
        sewer = [main_line, away.at(away.stations[1:], -TRANSFER_OFFSET_M)]
        sewer.append(to_eldtomta.at(to_eldtomta.stations[1:], -TRANSFER_OFFSET_M))
        end = self._add(
            "manhole",
            self.numbers.next(AREA, "SNB"),
            Point(millimetres(sewer[-1][-1])),
            built_year=2017,
            material="BTG",
            dimension_mm=1000.0,
            consequence_grade=2,
            attributes={"manhole_kind": "manhole"},
            address="Eldtomta, släppbrunn",
        )
        self._cut("pressure_sewer_pipe", "TSÖ", "SLV", np.vstack(sewer), self.sewer_key[first], end, 160.0, "Eldtomta")
        water = [
            away.at(away.stations, -WATER_OFFSET_M),
            to_sibble.at(to_sibble.stations[1:], -WATER_OFFSET_M),
        ]
        line = np.vstack(water)
        line[0] = self.graph.position(self._first_node(), WATER_OFFSET_M)
        booster = self._add(
            "booster_station",
            f"{AREA}-TST-01",
            Point(millimetres(line[-1])),
            built_year=2018,
            consequence_grade=3,
            protection_class=2,
            address="Sibble",
            attributes={
                "size_class": "small",
                "pumps": 3,
                "capacity_l_s": 14.0,
                "alarm_connected": True,
                "backup_power": True,
            },
        )
        first_valve = self.water_key[self._first_node()]
        self._cut("water_pipe", "VÖ", "LUV", line[::-1], booster, first_valve, 200.0, "Sibble")

    def _station_main(self, node: int, target: int) -> None:
        way = self._way(node, target)
        line, _ = self._joined(way, TRANSFER_OFFSET_M, 1e6)
        line[0], line[-1] = self._sewer_position(node), self._sewer_position(target)
        self._cut("pressure_sewer_pipe", "TSÖ", "SLV", line, self.sewer_key[node], self.sewer_key[target], 110.0, None)

    def _way(self, start: int, end: int) -> list[int]:
        """The nodes on the shortest way along the roads."""
        neighbours = self.graph.neighbours
        before: dict[int, int] = {start: -1}
        queue = [(0.0, start)]
        done: dict[int, float] = {start: 0.0}
        while queue:
            so_far, node = heapq.heappop(queue)
            for other, span in neighbours[node]:
                total = so_far + self.graph.length(span)
                if total < done.get(other, np.inf):
                    done[other], before[other] = total, node
                    heapq.heappush(queue, (total, other))
        way = [end]
        while way[-1] != start:
            way.append(before[way[-1]])
        return way[::-1]

    def _cut(
        self,
        asset_type: str,
        series: str,
        valve_series: str,
        line: npt.NDArray[np.float64],
        start: str,
        end: str,
        dimension: float,
        direction: str | None,
    ) -> None:
        """A long main as pipes of about 400 m with an air valve between."""
        line = millimetres(line)
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
        pieces = max(1, round(along[-1] / 400.0))
        cuts = [int(np.argmin(np.abs(along - share * along[-1]))) for share in np.linspace(0, 1, pieces + 1)]
        keys = [start]
        for cut in cuts[1:-1]:
            keys.append(self._valve(valve_series, Point(line[cut]), 2017, dimension, "air"))
        keys.append(end)
        for (low, high), nodes in zip(pairwise(cuts), pairwise(keys), strict=True):
            self._add(
                asset_type,
                self.numbers.next(AREA, series),
                LineString(line[low : high + 1]),
                built_year=2017,
                material="PE100",
                dimension_mm=dimension,
                consequence_grade=3,
                protection_class=2 if direction else 1,
                nodes=nodes,
                attributes={
                    "function": "transfer",
                    "pressure_class": 10.0,
                    "sdr": 17.0,
                    "surroundings": "rural",
                    "ground": self._ground(),
                }
                | ({"note": f"Överföring {direction}"} if direction else {}),
            )

    # ---- services --------------------------------------------------------------------------------------------------

    def _services(self) -> None:
        for number, place in enumerate(self.connected, start=1):
            self._service(number, place)

    def _service(self, number: int, place: int) -> None:
        plot, road = self.plots[place], self.roads[self.plots[place].road]
        unit = property_key(place)
        designation = {"property_designation": f"BOTKYRKA {unit}"}
        at = millimetres(road.curve.at([plot.entrance_m], plot.side * POINT_OFFSET_M)[0])
        water_tap = self._tap_point(place, -TAP_APART_M, WATER_OFFSET_M)
        span = self.span_of_plot[place]
        by_gravity = span not in self.divides and bool(self.sewer.by_gravity[self._child(span)])
        sewer_tap = self._tap_point(place, TAP_APART_M, GRAVITY_OFFSET_M if by_gravity else PRESSURE_OFFSET_M)
        needs_lta = not by_gravity or self._lies_low(place, span)
        year = self._year()
        level = round(float(kagghamra_ground(at[None])[0]) - (1.3 if needs_lta else 1.6), 2)
        point = self._add(
            "connection_point",
            f"{AREA}-FP-{number:04d}",
            Point(at),
            parent=unit,
            address=self.address[place],
            built_year=2018,
            consequence_grade=1,
            attributes=designation
            | {
                "services": SERVICES,
                "established_on": FINAL_INSPECTION_ON,
                "invert_level_m": level,
                "needs_lta": needs_lta,
            },
        )
        for medium, tap, material, dimension in (
            ("V", water_tap, "PE100", 32.0),
            (("TS", sewer_tap, "PE100", 40.0) if needs_lta else ("S", sewer_tap, "PP", 160.0)),
        ):
            self._add(
                "service_pipe",
                f"{AREA}-SERV-{number:04d}-{medium}",
                LineString([tap, at]),
                parent=point,
                nodes=(None, point),
                built_year=year,
                material=material,
                dimension_mm=dimension,
                consequence_grade=1,
                attributes=designation
                | known(
                    medium=medium,
                    pressure_class=None if medium == "S" else 10.0,
                    sdr=None if medium == "S" else 17.0,
                    insulated=medium != "S" and needs_lta,
                    surroundings="rural",
                ),
            )
        if needs_lta:
            self._lta_station(number, place, point, designation)

    def _tap_point(self, place: int, shift: float, offset: float) -> npt.NDArray[np.float64]:
        curve = self.roads[self.plots[place].road].curve
        return millimetres(curve.at([self._tap_station(place, shift)], offset)[0])

    def _lies_low(self, place: int, span: int) -> bool:
        """Whether the house cannot run down to the sewer in the road."""
        plot, road = self.plots[place], self.roads[self.plots[place].road]
        house = kagghamra_ground(road.curve.at([plot.entrance_m], plot.side * 26.0))[0]
        _, start, end = self.graph.spans[span]
        sewer = max(self.sewer.invert_m[start], self.sewer.invert_m[end])
        return bool(house - 0.8 - 0.01 * 26.0 < sewer + 0.2)

    def _lta_station(self, number: int, place: int, point: str, designation: dict[str, Any]) -> None:
        plot, curve = self.plots[place], self.roads[self.plots[place].road].curve
        at = Point(millimetres(curve.at([plot.entrance_m + 1.5], plot.side * (ROAD_HALF_WIDTH_M + 6.0))[0]))
        if not plot.polygon.buffer(-1.5).contains(at):
            at = Point(millimetres(shapely.get_coordinates(plot.polygon.point_on_surface())[0]))
        seen = service_visits(self.as_of, self.random)
        key = self._add(
            "lta_station",
            f"{AREA}-LTA-{number:04d}",
            at,
            parent=property_key(place),
            nodes=(None, point),
            address=self.address[place],
            built_year=2018,
            consequence_grade=1,
            attributes=designation
            | known(
                model=LTA_MODEL,
                serial_number=f"DEMO-{18000 + number}",
                owner="utility",
                operator="utility",
                electricity_payer="property_owner",
                alarm_connected=bool(self.random.random() < 0.93),
                last_service_on=seen[-1][0],
                fault_cause="wear" if int(seen[-1][1]) >= 4 else None,
                tank_depth_m=round(float(self.random.uniform(1.9, 2.6)), 2),
                running_hours=float(int(self.random.normal(3_900, 900))),
            ),
        )
        self.result.inspections.extend(
            DemoInspection(key, "condition", on, scale="1-5-best-1", native_grade=grade, note=note)
            for on, grade, note in seen
        )


_TRANSFER = ((640, 790), (860, 1080), (1010, 1420), (1130, 1760))
_ELDTOMTA = ((1130, 1760), (1000, 2050), (760, 2310), (700, 2640))
_SIBBLE = ((1130, 1760), (1400, 1980), (1760, 2100), (2080, 2380))


def _offset_curve(controls: tuple[tuple[int, int], ...]) -> Curve:
    east, north = KAGGHAMRA_CENTRE
    return smooth_curve([(east + x, north + y) for x, y in controls])
