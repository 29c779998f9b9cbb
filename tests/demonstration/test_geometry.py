"""The invented municipality is right on a map."""

import numpy as np
import pytest
import shapely

from assetmgr.demonstration import MUNICIPALITY_CODE
from assetmgr.geography import municipality
from geodata import crs
from tests.demonstration.conftest import Invented, overlap_m2

PIPES = ("water_pipe", "wastewater_pipe", "stormwater_pipe", "combined_pipe", "pressure_sewer_pipe")
GRAVITY = ("wastewater_pipe", "stormwater_pipe", "combined_pipe")
NODES = ("manhole", "valve", "hydrant", "flushing_post", "pumping_station", "booster_station", "connection_point")


def test_plots_of_kagghamra_overlap_neither_each_other_nor_anything_sizable(invented: Invented) -> None:
    plots = invented.shapes("property_unit", within="kagghamra")

    assert overlap_m2(plots) < 0.1
    assert shapely.is_valid(plots).all()


def test_plots_of_kagghamra_are_2000_to_3000_square_metres(invented: Invented) -> None:
    areas = shapely.area(invented.shapes("property_unit", within="kagghamra"))

    assert areas.min() >= 2_000
    assert areas.max() <= 3_000


def test_connection_points_stand_half_a_metre_outside_the_boundary_of_their_plot(invented: Invented) -> None:
    points = invented.of("connection_point")
    own = np.array([invented.by_key[point.parent or ""].geometry for point in points], dtype=object)
    at = np.array([point.geometry for point in points], dtype=object)
    distance = shapely.distance(at, own)

    assert distance.min() >= 0.3
    assert distance.max() <= 0.7
    in_some_plot, _ = shapely.STRtree(invented.shapes("property_unit")).query(at, predicate="intersects")
    assert len(in_some_plot) == 0


def test_each_property_has_at_most_one_connection_point(invented: Invented) -> None:
    parents = [point.parent for point in invented.of("connection_point")]

    assert len(parents) == len(set(parents))


def test_services_end_exactly_in_their_connection_point_and_start_on_their_main(invented: Invented) -> None:
    water = shapely.union_all(
        shapely.points(shapely.get_coordinates(invented.shapes("water_pipe", within="kagghamra")))
    )
    sewers = invented.shapes("wastewater_pipe", "pressure_sewer_pipe", within="kagghamra")
    sewer = shapely.union_all(shapely.points(shapely.get_coordinates(sewers)))
    services = invented.of("service_pipe")

    for service in services:
        point = invented.by_key[service.parent or ""]
        start, end = service.geometry.coords[0], service.geometry.coords[-1]
        main = water if service.attributes["medium"] == "V" else sewer
        assert end == point.geometry.coords[0], service.key
        assert main.distance(shapely.Point(start)) == 0.0, f"{service.key} starts beside every corner of the mains"
    assert len(services) == 2 * len(invented.of("connection_point"))


def test_pipes_end_exactly_where_their_nodes_stand(invented: Invented) -> None:
    loose = [
        (pipe.key, node)
        for pipe in invented.of(*PIPES)
        for node, end in ((pipe.from_node, 0), (pipe.to_node, -1))
        if node is None or invented.by_key[node].geometry.coords[0] != pipe.geometry.coords[end]
    ]

    assert loose == []


def test_every_node_and_line_is_simple_valid_and_in_whole_millimetres(invented: Invented) -> None:
    shapes = np.array([asset.geometry for asset in invented.made.assets if asset.geometry is not None], dtype=object)
    coordinates = shapely.get_coordinates(shapes)

    assert shapely.is_valid(shapes).all()
    np.testing.assert_array_equal(coordinates, np.round(coordinates, 3))
    assert shapely.length(invented.shapes(*PIPES, "service_pipe")).min() > 0.5


def test_everything_lies_within_the_municipality(invented: Invented) -> None:
    place = municipality(MUNICIPALITY_CODE)
    assert place is not None
    boundary, _ = crs.transform(np.array([place.boundary], dtype=object), crs.parse_crs(4326), crs.parse_crs(3006))
    shapely.prepare(boundary[0])
    shapes = np.array([asset.geometry for asset in invented.made.assets if asset.geometry is not None], dtype=object)

    assert shapely.contains_properly(boundary[0], shapes).all()


def test_gravity_sewers_fall_all_the_way_to_a_station_or_an_outfall(invented: Invented) -> None:
    downstream: dict[str, str] = {}
    for pipe in invented.of(*GRAVITY):
        assert pipe.attributes["invert_level_up_m"] > pipe.attributes["invert_level_down_m"], pipe.key
        assert pipe.from_node is not None
        assert pipe.from_node not in downstream, f"{pipe.from_node} runs two ways"
        downstream[pipe.from_node] = pipe.to_node or ""
    sewers = {pipe.from_node for pipe in invented.of("wastewater_pipe", "combined_pipe")}
    for start in sewers:
        here, steps = start or "", 0
        while here in downstream:
            here, steps = downstream[here], steps + 1
            assert steps < len(downstream), f"{start} runs in a loop"
        assert invented.by_key[here].asset_type == "pumping_station", f"{start} ends in {here}"


def test_pressure_sewers_lead_from_every_station_on_to_the_works(invented: Invented) -> None:
    onward: dict[str, str] = {}
    for pipe in invented.of("wastewater_pipe", "combined_pipe", "pressure_sewer_pipe"):
        if invented.by_key[pipe.from_node or ""].asset_type != "pumping_station" or pipe.asset_type.startswith("press"):
            onward.setdefault(pipe.from_node or "", pipe.to_node or "")
    ends = set()
    for station in invented.of("pumping_station"):
        here, steps = station.key, 0
        while here in onward:
            here, steps = onward[here], steps + 1
            assert steps <= len(onward), f"the water of {station.key} goes in a circle"
        ends.add(here)

    assert len(ends) == 2, "one end by the town's works, one where Kagghamra's transfer main is taken over"


def test_manholes_are_neither_shallow_nor_wells(invented: Invented) -> None:
    depths = np.array([m.attributes["depth_m"] for m in invented.of("manhole") if "depth_m" in m.attributes])

    assert depths.min() >= 1.2
    assert depths.max() <= 9.0


def test_buildings_and_playgrounds_stand_within_their_property_and_apart(invented: Invented) -> None:
    for asset in invented.of("building", "playground"):
        assert invented.by_key[asset.parent or ""].geometry.contains(asset.geometry), asset.key
    assert overlap_m2(invented.shapes("building", "playground")) == 0.0
    assert overlap_m2(invented.shapes("property_unit", "reservoir", "stormwater_pond", "water_works")) < 0.1


@pytest.mark.parametrize("asset_type", ["property_unit", "building", "stormwater_pond", "reservoir"])
def test_no_street_main_runs_through_what_stands_beside_the_street(invented: Invented, asset_type: str) -> None:
    mains = invented.shapes(*PIPES, within="town")
    streets = np.array(
        [line for line, asset in zip(mains, invented.of(*PIPES, within="town"), strict=True) if "BOT" not in asset.key],
        dtype=object,
    )
    hits = shapely.STRtree(streets).query(invented.shapes(asset_type, within="town"), predicate="intersects")

    assert hits.shape[1] == 0


def test_the_service_area_of_kagghamra_covers_its_connected_plots(invented: Invented) -> None:
    (area,) = invented.of("service_area")
    connected = [invented.by_key[point.parent or ""].geometry for point in invented.of("connection_point")]

    assert area.attributes["services"] == "VS"
    assert shapely.covers(area.geometry, np.array(connected, dtype=object)).all()
