"""Mains of the invented town: sewers, storm sewers and combined sewers that run downhill, pressure sewers, and
water."""

from datetime import date
from typing import Any

import numpy as np
from shapely.geometry import LineString, Point

from assetmgr.demonstration import vintages
from assetmgr.demonstration.curves import Coordinates, millimetres
from assetmgr.demonstration.numbering import Numbering
from assetmgr.demonstration.records import (
    WATER_DEPARTMENT,
    WATER_SOURCE,
    DemoAsset,
    Demonstration,
    known,
    last_exercised,
)
from assetmgr.demonstration.terrain import town_ground
from assetmgr.demonstration.town_lines import (
    Drainage,
    crossing_position,
    divided,
    drainage,
    main_line,
    shortest_ways,
)
from assetmgr.demonstration.town_streets import Town
from assetmgr.demonstration.vintages import Laid

WATER_OFFSET_M, SEWER_OFFSET_M, STORM_OFFSET_M, PRESSURE_OFFSET_M = 1.7, -0.6, 0.6, -1.8
SEWER_COVER_M, SEWER_FALL = 2.1, 0.004
STORM_COVER_M, STORM_FALL = 1.7, 0.003
WATER_PIECE_M, PRESSURE_PIECE_M = 140.0, 260.0
HIGH_ZONE_M = 47.0
"""Ground from which the high pressure zone begins."""
BOOSTERS = 3
LINED_SHARE, LINED_COMBINED_SHARE, LINED_STORM_SHARE = 0.09, 0.24, 0.03


class TownNetwork:
    """The network while it is being put together. `outlet` is the crossing by the wastewater works."""

    def __init__(self, town: Town, as_of: date, random: np.random.Generator, numbers: Numbering) -> None:
        self.town = town
        self.as_of = as_of
        self.random = random
        self.numbers = numbers
        self.result = Demonstration()
        self.outlet = int(np.argmin(town_ground(town.nodes)))
        self.is_combined = [town.districts[street.district].combined for street in town.streets]
        everywhere = range(len(town.streets))
        self.sewer = drainage(town, everywhere, SEWER_OFFSET_M, self.outlet, cover_m=SEWER_COVER_M, fall=SEWER_FALL)
        with_storm = [place for place in everywhere if not self.is_combined[place] and random.random() > 0.07]
        self.storm = drainage(town, with_storm, STORM_OFFSET_M, None, cover_m=STORM_COVER_M, fall=STORM_FALL)
        self.sewer_key: dict[int, str] = {}
        self.water_key: dict[int, str] = {}

    def built(self) -> Demonstration:
        """Nodes first, then the lines that name them."""
        self._sewers(self.sewer, storm=False)
        self._sewers(self.storm, storm=True)
        self._pressure_mains()
        self._water_nodes()
        self._water_mains()
        return self.result

    # ---- what everything has in common ----------------------------------------------------------------------------

    def add(
        self,
        asset_type: str,
        key: str,
        geometry: Any,
        *,
        attributes: dict[str, Any] | None = None,
        nodes: tuple[str | None, str | None] = (None, None),
        **columns: Any,
    ) -> str:
        """One asset of the water utility in service; `columns` may say otherwise."""
        base: dict[str, Any] = {
            "designation": key,
            "department": WATER_DEPARTMENT,
            "status": "in_service",
            "fund": "va",
        }
        self.result.assets.append(
            DemoAsset(
                asset_type, WATER_SOURCE, key, geometry, known(**(base | columns)), attributes or {}, None, *nodes
            )
        )
        return key

    def area_of_street(self, street: int) -> str:
        """The letters of the district a street belongs to."""
        return self.town.districts[self.town.streets[street].district].code

    def area_of_crossing(self, crossing: int) -> str:
        """The letters of the district of one of a crossing's streets."""
        return self.area_of_street(self._street_at[crossing])

    @property
    def _street_at(self) -> dict[int, int]:
        if not hasattr(self, "_streets"):
            self._streets: dict[int, int] = {}
            for place, street in enumerate(self.town.streets):
                self._streets.setdefault(street.start, place)
                self._streets.setdefault(street.end, place)
        return self._streets

    def _exercised(self) -> date:
        return last_exercised(self.as_of, self.random)

    def _ground(self) -> str:
        return "rock" if self.random.random() < 0.12 else "soil"

    @property
    def _latest(self) -> int:
        return self.as_of.year - 1

    # ---- gravity ----------------------------------------------------------------------------------------------------

    def _sewers(self, drained: Drainage, *, storm: bool) -> None:
        crossing_of = {node: crossing for crossing, node in drained.crossing.items()}
        first_pipe_of = self._a_street_of(drained)
        key: dict[int, str] = {}
        for node in range(len(drained.position)):
            street = drained.street[node] if drained.street[node] >= 0 else first_pipe_of.get(node, -1)
            if street < 0:
                continue
            if drained.downstream[node] < 0 and not storm:
                key[node] = self._pumping_station(drained, node, street, crossing_of[node])
            else:
                key[node] = self._manhole(drained, node, street, storm=storm)
        for node, below in enumerate(drained.downstream.tolist()):
            if below >= 0:
                self._sewer(drained, node, key[node], key[below], storm=storm)
        if not storm:
            self.sewer_key = key

    def _a_street_of(self, drained: Drainage) -> dict[int, int]:
        """Per node a street of a pipe that runs to it."""
        found: dict[int, int] = {}
        for node, below in enumerate(drained.downstream.tolist()):
            if below >= 0:
                found.setdefault(below, drained.street[node])
        return found

    def _pumping_station(self, drained: Drainage, node: int, street: int, crossing: int) -> str:
        carried = float(drained.carried_m[node])
        at_works = crossing == self.outlet
        year = int(np.clip(self.town.streets[street].year + self.random.integers(0, 6), 1950, self._latest))
        renewed = int(self.random.integers(1998, self._latest)) if year < 1990 and self.random.random() < 0.7 else None
        large = carried > 4_000.0
        return self.add(
            "pumping_station",
            self.numbers.next(self.area_of_street(street), "PST"),
            Point(drained.position[node]),
            address=self.town.streets[street].name,
            built_year=year,
            consequence_grade=3 if large else 2,
            protection_class=2 if at_works else 1,
            attributes=known(
                size_class="large" if large else "small",
                pumps=3 if large else 2,
                capacity_l_s=float(np.round(4.0 + 0.011 * carried, 1)),
                alarm_connected=bool(self.random.random() < 0.94),
                backup_power=large,
                overflow=bool(self.random.random() < 0.2),
                emergency_overflow=bool(self.random.random() < 0.85),
                renewed_year=renewed,
            ),
        )

    def _manhole(self, drained: Drainage, node: int, street: int, *, storm: bool) -> str:
        ground, invert = float(drained.ground_m[node]), float(drained.invert_m[node])
        year = self.town.streets[street].year
        series = "DNB" if storm else "KNB" if self.is_combined[street] else "SNB"
        small = year >= 1988 and self.random.random() < 0.55
        return self.add(
            "manhole",
            self.numbers.next(self.area_of_street(street), series),
            Point(drained.position[node]),
            built_year=None if year < 1965 and self.random.random() < 0.08 else year,
            material="PP" if small else "BTG",
            dimension_mm=600.0 if small else 1000.0,
            consequence_grade=1,
            attributes=known(
                manhole_kind="inspection_chamber" if small else "manhole",
                cover_level_m=round(ground, 2),
                invert_level_m=round(invert, 2),
                depth_m=round(ground - invert, 2),
            ),
        )

    def _sewer(self, drained: Drainage, node: int, start: str, end: str, *, storm: bool) -> None:
        chosen = drained.street[node]
        street = self.town.streets[chosen]
        line = drained.line[node]
        combined = self.is_combined[chosen] and not storm
        mixes = vintages.STORM if storm else vintages.SEWER
        lined = LINED_STORM_SHARE if storm else LINED_COMBINED_SHARE if combined else LINED_SHARE
        laid = vintages.sewer(mixes, street.year, self._latest, self.random, lined)
        carried = float(drained.carried_m[node])
        dimension: float | None = (
            vintages.storm_dimension_mm(carried)
            if storm
            else vintages.sewer_dimension_mm(carried, street.year, mixed=combined)
        )
        if self.random.random() < 0.012:
            dimension = None
        up, down = float(drained.invert_m[node]), float(drained.invert_m[drained.downstream[node]])
        large = carried > 6_000.0
        self.add(
            "stormwater_pipe" if storm else "combined_pipe" if combined else "wastewater_pipe",
            self.numbers.next(self.area_of_street(chosen), "D" if storm else "K" if combined else "S"),
            LineString(line),
            address=street.name,
            consequence_grade=3 if large and not storm else 2 if large or street.is_main else 1,
            protection_class=1 if large else 0,
            nodes=(start, end),
            attributes=known(
                function="main" if large or street.is_main else "distribution",
                invert_level_up_m=round(up, 2),
                invert_level_down_m=round(down, 2),
                slope_permille=round(1000.0 * (up - down) / float(drained.distance_m[node]), 1),
                surroundings="urban",
                ground=self._ground(),
                renewed_year=laid.renewed_year,
                renewal_method=laid.renewal_method,
            ),
            **_laid(laid, dimension),
        )

    # ---- pressure sewers --------------------------------------------------------------------------------------------

    def _pressure_mains(self) -> None:
        """From each pumping station along the streets to the first manhole whose water leaves nearer the works."""
        metres, following = shortest_ways(self.town, self.outlet)
        crossing_of = {node: crossing for crossing, node in self.sewer.crossing.items()}
        for root in self.sewer.roots:
            crossing = crossing_of[root]
            if crossing != self.outlet and root in self.sewer_key:
                self._pressure_main(root, crossing, metres, following, crossing_of)

    def _pressure_main(
        self,
        root: int,
        crossing: int,
        metres: np.ndarray[Any, np.dtype[np.float64]],
        following: np.ndarray[Any, np.dtype[np.int64]],
        crossing_of: dict[int, int],
    ) -> None:
        pieces: list[Coordinates] = []
        here = crossing
        street_number = -1
        while True:
            street_number = int(following[here])
            street = self.town.streets[street_number]
            line = main_line(self.town, street_number, PRESSURE_OFFSET_M)
            line = line if street.start == here else line[::-1]
            pieces.append(line if not pieces else line[1:])
            here = street.end if street.start == here else street.start
            taker = self.sewer.root_of(self.sewer.crossing[here])
            if taker != root and metres[crossing_of[taker]] < metres[crossing]:
                break
        line = np.vstack(pieces)
        target = self.sewer.crossing[here]
        line[0], line[-1] = self.sewer.position[root], self.sewer.position[target]
        parts = divided(line, PRESSURE_PIECE_M)
        first_street = int(following[crossing])
        area = self.area_of_street(first_street)
        year = int(np.clip(self.town.streets[first_street].year + 2, 1950, self._latest))
        if year < 1985 and self.random.random() < 0.4:
            year = int(self.random.integers(1990, self._latest))
        carried = float(self.sewer.carried_m[root])
        dimension = 110.0 if carried < 1_500 else 160.0 if carried < 4_000 else 250.0 if carried < 9_000 else 315.0
        keys = [self.sewer_key[root]]
        keys += [self._valve(area, "TSL", part[0], year, dimension, "air") for part in parts[1:]]
        keys.append(self.sewer_key[target])
        code = vintages.material(vintages.PRESSURE, year, self.random)
        for place, part in enumerate(parts):
            self.add(
                "pressure_sewer_pipe",
                self.numbers.next(area, "TS"),
                LineString(part),
                address=self.town.streets[first_street].name,
                built_year=year,
                material=code,
                dimension_mm=dimension,
                consequence_grade=3 if carried > 4_000 else 2,
                protection_class=1,
                nodes=(keys[place], keys[place + 1]),
                attributes={"function": "main", "pressure_class": 10.0, "surroundings": "urban"},
            )

    def _valve(
        self, area: str, series: str, at: Coordinates, year: int | None, dimension: float, kind: str = "gate"
    ) -> str:
        worn = year is not None and year < 1990
        return self.add(
            "valve",
            self.numbers.next(area, series),
            Point(at),
            built_year=year,
            dimension_mm=dimension,
            consequence_grade=1,
            attributes=known(
                valve_kind=kind,
                position="closed" if self.random.random() < 0.02 else "open",
                last_exercised_on=None if worn and self.random.random() < 0.15 else self._exercised(),
            ),
        )

    # ---- water ------------------------------------------------------------------------------------------------------

    def _water_nodes(self) -> None:
        """Valves at crossings, flushing posts at ends; booster stations where main streets climb to the high zone."""
        degree = np.zeros(len(self.town.nodes), dtype=np.int64)
        is_main = np.zeros(len(self.town.nodes), dtype=np.bool_)
        for street in self.town.streets:
            degree[[street.start, street.end]] += 1
            is_main[[street.start, street.end]] |= street.is_main
        ground = town_ground(self.town.nodes)
        at_border = np.flatnonzero(is_main & (degree >= 3) & (np.abs(ground - HIGH_ZONE_M) < 1.5))
        boosters = set(self.random.choice(at_border, min(BOOSTERS, len(at_border)), replace=False).tolist())
        for crossing in range(len(self.town.nodes)):
            street = self.town.streets[self._street_at[crossing]]
            area = self.area_of_crossing(crossing)
            at = crossing_position(self.town, crossing, WATER_OFFSET_M)
            if crossing in boosters:
                self.water_key[crossing] = self._booster(area, at, street.name)
            elif degree[crossing] == 1:
                self.water_key[crossing] = self.add(
                    "flushing_post",
                    self.numbers.next(area, "SP"),
                    Point(at),
                    built_year=self._fitted_year(street.year),
                    dimension_mm=63.0,
                    attributes={"last_exercised_on": self._exercised()},
                )
            else:
                year = None if street.year < 1965 and self.random.random() < 0.1 else self._fitted_year(street.year)
                size = 200.0 if is_main[crossing] else 100.0
                self.water_key[crossing] = self._valve(area, "VV", at, year, size)

    def _fitted_year(self, year: int) -> int:
        """Valves and hydrants of old streets have mostly been changed once."""
        if year < 1994 and self.random.random() < 0.84:
            return int(self.random.integers(1994, self._latest))
        return year

    def _booster(self, area: str, at: Coordinates, address: str) -> str:
        return self.add(
            "booster_station",
            self.numbers.next(area, "TST"),
            Point(at),
            address=address,
            built_year=int(self.random.integers(1968, 2006)),
            consequence_grade=3,
            protection_class=2,
            attributes={
                "size_class": "small",
                "pumps": 3,
                "capacity_l_s": float(np.round(self.random.uniform(15.0, 40.0), 1)),
                "alarm_connected": True,
                "backup_power": bool(self.random.random() < 0.5),
            },
        )

    def _hydrant(self, street: int, at: Coordinates) -> str:
        chosen = self.town.streets[street]
        return self.add(
            "hydrant",
            self.numbers.next(self.area_of_street(street), "BP"),
            Point(at),
            address=chosen.name,
            built_year=self._fitted_year(chosen.year),
            dimension_mm=100.0,
            consequence_grade=2,
            attributes={
                "hydrant_kind": "pillar" if chosen.year > 1995 and self.random.random() < 0.2 else "underground",
                "flow_l_s": float(np.round(self.random.uniform(9.0, 30.0), 1)),
                "last_exercised_on": self._exercised(),
            },
        )

    def _water_mains(self) -> None:
        ground = town_ground(self.town.nodes)
        for number, street in enumerate(self.town.streets):
            area = self.area_of_street(number)
            laid = vintages.water(street.year, self._latest, self.random)
            dimension: float | None = vintages.water_dimension_mm(
                street.is_main, laid.year, laid.material or "GJJ", self.random
            )
            parts = divided(main_line(self.town, number, WATER_OFFSET_M), WATER_PIECE_M)
            keys = [self.water_key[street.start]]
            for part in parts[1:]:
                if self.random.random() < 0.65:
                    keys.append(self._hydrant(number, part[0]))
                else:
                    keys.append(self._valve(area, "VV", part[0], self._fitted_year(laid.year), dimension or 100.0))
            keys.append(self.water_key[street.end])
            if self.random.random() < 0.012:
                dimension = None
            zone = "Hög" if min(ground[street.start], ground[street.end]) > HIGH_ZONE_M else "Låg"
            for place, part in enumerate(parts):
                self.add(
                    "water_pipe",
                    self.numbers.next(area, "V"),
                    LineString(part),
                    address=street.name,
                    consequence_grade=2 if street.is_main else 1,
                    protection_class=1 if street.is_main else 0,
                    nodes=(keys[place], keys[place + 1]),
                    attributes=known(
                        function="main" if street.is_main else "distribution",
                        pressure_zone=zone,
                        surroundings="urban",
                        ground=self._ground(),
                        lining="cement" if laid.material == "SEG" and laid.year > 1968 else None,
                    ),
                    **_laid(laid, dimension),
                )

    def result_point(self, key: str) -> Any:
        """Where the node with this key stands."""
        return next(asset.geometry for asset in self.result.assets if asset.key == key)

    def valve_at(self, area: str, series: str, at: Coordinates, year: int, dimension: float) -> str:
        """A gate valve."""
        return self._valve(area, series, at, year, dimension)

    def manhole_at(self, area: str, series: str, at: Coordinates, year: int) -> str:
        """A manhole whose levels nobody has measured."""
        return self.add(
            "manhole",
            self.numbers.next(area, series),
            Point(at),
            built_year=year,
            material="BTG",
            dimension_mm=1000.0,
            consequence_grade=2,
            attributes={"manhole_kind": "manhole"},
        )

    def transfer(
        self, asset_type: str, series: str, points: list[Coordinates], nodes: tuple[str, str], year: int
    ) -> None:
        """A large main between a works or a reservoir and the network, in one piece through these points."""
        water = asset_type == "water_pipe"
        self.add(
            asset_type,
            self.numbers.next("BOT", series),
            LineString(millimetres(np.asarray(points))),
            built_year=year,
            material="SEG" if year < 1990 else "PE100",
            dimension_mm=400.0,
            consequence_grade=3,
            protection_class=2,
            nodes=nodes,
            attributes=known(
                function="transfer", surroundings="rural", lining="cement" if water and year < 1990 else None
            ),
        )


def _laid(laid: Laid, dimension: float | None) -> dict[str, Any]:
    return {"built_year": laid.known_year, "material": laid.material, "dimension_mm": dimension}
