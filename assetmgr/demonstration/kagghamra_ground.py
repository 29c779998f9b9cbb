"""Kagghamra's plots and its service area as assets."""

from collections.abc import Sequence
from datetime import date

import shapely
from shapely.geometry import LineString

from assetmgr.demonstration.curves import millimetres
from assetmgr.demonstration.kagghamra_plots import Plot, Road
from assetmgr.demonstration.records import (
    PROPERTY_DEPARTMENT,
    PROPERTY_SOURCE,
    WATER_DEPARTMENT,
    WATER_SOURCE,
    DemoAsset,
)

TRACT = "KAGGHAMRA 900"
"""There is no such block: the units on it cannot exist."""
SERVICE_AREA_DECIDED_ON = date(2016, 11, 24)
SERVICES = "VS"
"""Water and wastewater; no stormwater service."""


def property_key(place: int) -> str:
    """The unit of the plot at this place in the list."""
    return f"{TRACT}:{place + 1}"


def addresses(laid: Sequence[Road], standing: Sequence[Plot]) -> list[str]:
    """Street and number: odd on the left, even on the right, by the place along the road."""
    return [f"{laid[p.road].name} {2 * (1 + int(p.entrance_m // 10)) - (1 if p.side == 1 else 0)}" for p in standing]


def properties(standing: Sequence[Plot], address: Sequence[str]) -> list[DemoAsset]:
    """One property unit per plot."""
    return [
        DemoAsset(
            "property_unit",
            PROPERTY_SOURCE,
            property_key(place),
            plot.polygon,
            {
                "designation": property_key(place),
                "address": address[place],
                "department": PROPERTY_DEPARTMENT,
                "status": "in_service",
                "fund": "tax",
            },
            {"property_designation": f"BOTKYRKA {property_key(place)}"},
        )
        for place, plot in enumerate(standing)
    ]


def service_area(laid: Sequence[Road], connected: Sequence[Plot]) -> DemoAsset:
    """One surface round the connected plots and the roads between them."""
    ground = shapely.union_all([plot.polygon.buffer(12.0) for plot in connected])
    road_strip = shapely.union_all([LineString(road.curve.points).buffer(9.0) for road in laid])
    area = shapely.union(ground, road_strip).buffer(22.0).buffer(-26.0).simplify(1.5)
    largest = max(shapely.get_parts(area), key=lambda part: part.area)
    return DemoAsset(
        "service_area",
        WATER_SOURCE,
        "KAG-VO-0001",
        shapely.Polygon(millimetres(shapely.get_coordinates(largest.exterior))),
        {
            "designation": "Verksamhetsområde Kagghamra",
            "department": WATER_DEPARTMENT,
            "status": "in_service",
            "fund": "va",
        },
        {"services": SERVICES, "decided_on": SERVICE_AREA_DECIDED_ON},
    )
