"""What the invented town's water utility has beside pipes: works, reservoirs, ponds and retention storages."""

import numpy as np
import shapely
from shapely.geometry import Polygon

from assetmgr.demonstration.curves import Coordinates, millimetres
from assetmgr.demonstration.free_ground import FreeGround, circle, rectangle, rounded
from assetmgr.demonstration.terrain import TOWN_CENTRE, town_ground
from assetmgr.demonstration.town_network import TownNetwork

RESERVOIRS, PONDS, STORAGES = 4, 11, 9
AREA = "BOT"


def add_works(network: TownNetwork, ground: FreeGround) -> None:
    """Give every works a place, and a main that ties it to the network."""
    _water_works(network, ground)
    _reservoirs(network, ground)
    _wastewater_works(network, ground)
    _ponds(network, ground)
    _storages(network, ground)


def _water_works(network: TownNetwork, ground: FreeGround) -> None:
    town = network.town
    northernmost = int(np.argmax(town.nodes[:, 1]))
    place = ground.place_near(rectangle(64.0, 38.0, 0.2), town.nodes[northernmost] + (30.0, 120.0), 400.0)
    if place is None:
        raise ValueError("no room for the water works")
    key = network.add(
        "water_works",
        network.numbers.next(AREA, "VV"),
        place,
        address="Vattenverket Tranmossen",
        built_year=1968,
        consequence_grade=3,
        protection_class=3,
        attributes={"capacity_m3_d": 26_000.0, "backup_power": True, "renewed_year": 2009},
    )
    _tie(network, "water_pipe", "VÖ", place, key, northernmost, 1968)


def _reservoirs(network: TownNetwork, ground: FreeGround) -> None:
    town = network.town
    order = np.argsort(-town_ground(town.nodes))
    names = ("Högreservoar Tjäderkullen", "Högreservoar Örnkullen", "Lågreservoar Lommen", "Lågreservoar Smådoppingen")
    chosen: list[int] = []
    for node in order.tolist():
        if all(np.hypot(*(town.nodes[node] - town.nodes[other])) > 900.0 for other in chosen):
            chosen.append(node)
    for name, node, year, volume in zip(
        names, chosen, (1964, 1987, 1971, 2011), (4_200, 2_600, 6_000, 5_200), strict=False
    ):
        place = ground.place_near(circle(9.0 + volume / 700.0), town.nodes[node], 260.0)
        if place is None:
            continue
        key = network.add(
            "reservoir",
            network.numbers.next(AREA, "RES"),
            place,
            address=name,
            built_year=year,
            consequence_grade=3,
            protection_class=3 if volume > 5_000 else 2,
            attributes={
                "volume_m3": float(volume),
                "top_level_m": float(np.round(town_ground(town.nodes[[node]])[0] + 34.0, 1)),
                "alarm_connected": True,
            },
        )
        _tie(network, "water_pipe", "VÖ", place, key, node, year)


def _tie(
    network: TownNetwork, asset_type: str, series: str, place: Polygon, key: str, crossing: int, year: int
) -> None:
    """A main from the wall of a works to the valve in a crossing, by way of a bend, with a valve at the wall."""
    valve_at = shapely.get_coordinates(network.result_point(network.water_key[crossing]))[0]
    wall = _wall(place, valve_at)
    bend = wall + 0.5 * (valve_at - wall) + 0.07 * np.array([-(valve_at - wall)[1], (valve_at - wall)[0]])
    at_wall = network.valve_at(AREA, "VÖV", wall, year, 400.0)
    network.transfer(asset_type, series, [wall, bend, valve_at], (at_wall, network.water_key[crossing]), year)


def _wall(place: Polygon, towards: Coordinates) -> Coordinates:
    nearest = place.exterior.interpolate(place.exterior.project(shapely.Point(towards)))
    return millimetres(shapely.get_coordinates(nearest)[0])


def _wastewater_works(network: TownNetwork, ground: FreeGround) -> None:
    town = network.town
    at = town.nodes[network.outlet]
    away = at - np.array(TOWN_CENTRE)
    place = ground.place_near(rectangle(118.0, 64.0, 0.5), at + 90.0 * away / np.hypot(*away), 500.0)
    if place is None:
        raise ValueError("no room for the wastewater works")
    network.add(
        "wastewater_works",
        network.numbers.next(AREA, "ARV"),
        place,
        address="Avloppsreningsverket Sävsundet",
        built_year=1974,
        consequence_grade=3,
        protection_class=2,
        attributes={"capacity_m3_d": 31_000.0, "backup_power": True, "renewed_year": 2004},
    )
    pump = network.sewer.crossing[network.outlet]
    start = network.sewer.position[pump]
    wall = _wall(place, start)
    inlet = network.manhole_at(AREA, "SNB", wall, 1974)
    network.transfer("pressure_sewer_pipe", "TSÖ", [start, wall], (network.sewer_key[pump], inlet), 1974)


def _ponds(network: TownNetwork, ground: FreeGround) -> None:
    storm = network.storm
    largest = sorted(storm.roots, key=lambda node: (-float(storm.carried_m[node]), node))
    made = 0
    for node in largest:
        if made == PONDS:
            return
        radius = float(np.clip(9.0 + 0.22 * np.sqrt(storm.carried_m[node]) * 2.0, 12.0, 34.0))
        place = ground.place_near(rounded(radius, network.random), storm.position[node], 230.0)
        if place is None:
            continue
        made += 1
        depth = float(network.random.uniform(0.9, 1.6))
        network.add(
            "stormwater_pond",
            network.numbers.next(AREA, "DAM"),
            place,
            built_year=int(network.random.integers(1994, 2020)),
            consequence_grade=1,
            attributes={
                "volume_m3": float(np.round(place.area * depth * 0.6, 0)),
                "sediment_m": float(np.round(network.random.uniform(0.05, 0.55), 2)),
            },
        )


def _storages(network: TownNetwork, ground: FreeGround) -> None:
    storm = network.storm
    middling = [node for node in range(len(storm.position)) if 700.0 < storm.carried_m[node] < 2_500.0]
    chosen = network.random.choice(middling, min(STORAGES, len(middling)), replace=False)
    for node in sorted(chosen.tolist()):
        angle = float(network.random.uniform(0.0, 3.1))
        place = ground.place_near(rectangle(22.0, 7.0, angle), storm.position[node], 90.0)
        if place is None:
            continue
        network.add(
            "retention_storage",
            network.numbers.next(AREA, "MAG"),
            place,
            built_year=int(network.random.integers(1996, 2021)),
            consequence_grade=1,
            attributes={
                "volume_m3": float(np.round(place.area * 1.4, 0)),
                "sediment_m": float(np.round(network.random.uniform(0.0, 0.3), 2)),
            },
        )
