"""The invented municipality holds what it promises, in the catalogue's words."""

from collections import Counter, defaultdict
from datetime import date

import pytest

from assetmgr.catalogue import CATALOGUE
from assetmgr.demonstration import DEFAULT_AS_OF, DemoAsset
from tests.demonstration.conftest import Invented

TOWN_PIPES = ("water_pipe", "wastewater_pipe", "stormwater_pipe", "combined_pipe")
GRAVITY = TOWN_PIPES[1:]


def test_kagghamra_has_190_connected_of_200_plots(invented: Invented) -> None:
    assert len(invented.of("property_unit", within="kagghamra")) == 200
    assert len(invented.of("connection_point")) == 190
    assert {point.attributes["services"] for point in invented.of("connection_point")} == {"VS"}


def test_kagghamra_has_no_stormwater(invented: Invented) -> None:
    assert invented.of("stormwater_pipe", "combined_pipe", within="kagghamra") == []


def test_lta_stations_stand_on_the_properties_that_need_one_and_only_there(invented: Invented) -> None:
    needing = {p.key for p in invented.of("connection_point") if p.attributes["needs_lta"]}
    stations = invented.of("lta_station")

    assert {station.to_node for station in stations} == needing
    assert 100 < len(stations) < 190
    for station in stations:
        plot = invented.by_key[station.parent or ""]
        assert plot.asset_type == "property_unit"
        assert plot.geometry.contains(station.geometry), station.key


def test_kagghamra_network_has_its_dates(invented: Invented) -> None:
    network = [a for a in invented.made.assets if a.key.startswith("KAG-") and a.asset_type != "service_area"]

    assert {a.columns["built_year"] for a in network} == {2017, 2018}
    assert {a.columns["guarantee_until"] for a in network} == {date(2023, 12, 14)}
    assert {a.columns["liability_until"] for a in network} == {date(2028, 12, 14)}
    assert {a.attributes["final_inspection_on"] for a in network} == {date(2018, 12, 14)}


def test_town_network_needs_a_plan(invented: Invented) -> None:
    pipes = invented.of(*TOWN_PIPES, within="town")
    decades = Counter(
        pipe.columns["built_year"] // 10 * 10 for pipe in pipes if pipe.columns.get("built_year") is not None
    )

    assert len(pipes) >= 5_000
    assert all(len(invented.of(name, within="town")) > 200 for name in TOWN_PIPES)
    assert min(decades) == 1930
    assert max(decades) in (2010, 2020)
    assert all(decades[decade] > 30 for decade in range(1940, 2010, 10))
    assert len({pipe.columns.get("material") for pipe in pipes}) > 8


def test_some_years_and_materials_are_unknown_but_most_are_known(invented: Invented) -> None:
    pipes = invented.of(*TOWN_PIPES, within="town")
    for name in ("built_year", "material", "dimension_mm"):
        unknown = sum(name not in pipe.columns for pipe in pipes) / len(pipes)
        assert 0.003 < unknown < 0.08, name


def test_materials_belong_to_their_time(invented: Invented) -> None:
    for pipe in invented.of(*TOWN_PIPES, "pressure_sewer_pipe", within="town"):
        year, code = pipe.columns.get("built_year"), pipe.columns.get("material")
        if year is not None and code in ("PE80", "PE100", "PP"):
            assert year >= 1980, pipe.key
        if year is not None and code in ("GJJ", "ETE", "LER"):
            assert year < 1976, pipe.key
        if code == "FOD":
            assert pipe.attributes["renewed_year"] > year, pipe.key


def test_there_are_at_least_60_buildings_with_600_components(invented: Invented) -> None:
    components = invented.of("building_component")
    per_building = Counter(component.parent for component in components)
    kinds = {component.attributes["component_kind"] for component in components}

    assert len(invented.of("building")) >= 60
    assert len(components) >= 600
    assert min(per_building.values()) >= 8
    assert kinds == {
        choice.code for choice in CATALOGUE.asset_types["building_component"].attribute("component_kind").choices
    }
    assert len(invented.of("playground")) >= 20


def test_every_type_of_the_catalogue_is_shown(invented: Invented) -> None:
    assert {asset.asset_type for asset in invented.made.assets} == set(CATALOGUE.asset_types)


def test_values_are_those_the_catalogue_knows(invented: Invented) -> None:
    wrong = []
    for asset in invented.made.assets:
        kind = CATALOGUE.asset_types[asset.asset_type]
        by_column = {a.column: a for a in kind.attributes if a.column}
        by_name = {a.name: a for a in kind.attributes if a.column is None}
        for values, known in ((asset.columns, by_column), (asset.attributes, by_name)):
            for name, value in values.items():
                attribute = known.get(name)
                if attribute is None:
                    # Every asset may have an address to be found by, whether its type shows one or not.
                    if name != "address":
                        wrong.append((asset.key, name, "no such field"))
                    continue
                if type(value) is not attribute.value_type:
                    wrong.append((asset.key, name, type(value).__name__))
                elif (
                    (attribute.choices and value not in {choice.code for choice in attribute.choices})
                    or (attribute.minimum is not None and value < attribute.minimum)
                    or (attribute.maximum is not None and value > attribute.maximum)
                ):
                    wrong.append((asset.key, name, value))

    assert wrong == []


def test_parents_are_of_a_type_the_catalogue_allows(invented: Invented) -> None:
    wrong = [
        (asset.key, asset.parent)
        for asset in invented.made.assets
        if asset.parent is not None
        and invented.by_key[asset.parent].asset_type not in CATALOGUE.asset_types[asset.asset_type].parent_types
    ]

    assert wrong == []


def test_geometry_is_of_the_kind_the_catalogue_wants(invented: Invented) -> None:
    wrong = [
        asset.key
        for asset in invented.made.assets
        if asset.geometry is not None
        and not CATALOGUE.asset_types[asset.asset_type].accepts_geometry(asset.geometry.geom_type)
    ]

    assert wrong == []


def test_designations_cannot_exist_for_real(invented: Invented) -> None:
    units = invented.of("property_unit")

    assert all(unit.key.startswith(("KAGGHAMRA 900:", "TUMBA 900:")) for unit in units)
    assert len({unit.attributes["property_designation"] for unit in units}) == len(units)


def test_nothing_personal_is_invented(invented: Invented) -> None:
    personal = {a.name for kind in CATALOGUE.asset_types.values() for a in kind.attributes if a.personal}

    assert [asset.key for asset in invented.made.assets if personal & asset.attributes.keys()] == []


def test_keys_are_unique_and_funds_follow_the_catalogue(invented: Invented) -> None:
    assert len(invented.by_key) == len(invented.made.assets)
    strange = [
        asset.key
        for asset in invented.made.assets
        if asset.columns["fund"] != CATALOGUE.asset_types[asset.asset_type].default_fund
    ]
    assert strange == []


def test_most_assets_are_open_and_works_are_protected(invented: Invented) -> None:
    by_class: dict[int, list[DemoAsset]] = defaultdict(list)
    for asset in invented.made.assets:
        by_class[asset.columns.get("protection_class", 0)].append(asset)

    assert len(by_class[0]) + len(by_class[1]) > 0.98 * len(invented.made.assets)
    assert {a.asset_type for a in by_class[3]} == {"water_works", "reservoir"}


# ---- what was seen --------------------------------------------------------------------------------------------------


def test_about_15_percent_of_gravity_sewers_were_filmed_and_graded(invented: Invented) -> None:
    sewers = {pipe.key for pipe in invented.of(*GRAVITY)}
    graded = {seen.asset for seen in invented.made.inspections if seen.scale == "p122"}

    assert graded <= sewers
    assert 0.12 < len(graded) / len(sewers) < 0.18


def test_some_films_hold_a_grade_4_beside_milder_grades_of_the_same_day(invented: Invented) -> None:
    grades: dict[tuple[str, date], set[str]] = defaultdict(set)
    for seen in invented.made.inspections:
        if seen.scale == "p122":
            grades[seen.asset, seen.inspected_on].add(seen.native_grade or "")

    assert sum({"4"} < found for found in grades.values()) >= 10


def test_the_pumps_of_2018_have_worn_together(invented: Invented) -> None:
    visits: dict[str, list[tuple[date, int]]] = defaultdict(list)
    stations = {station.key: station for station in invented.of("lta_station")}
    for seen in invented.made.inspections:
        if seen.asset in stations and seen.kind == "condition":
            visits[seen.asset].append((seen.inspected_on, int(seen.native_grade or "")))
    latest = Counter(max(found)[1] for found in visits.values())

    assert visits.keys() == stations.keys()
    assert latest[3] + latest[4] + latest[5] > 0.5 * len(stations)
    assert latest[4] + latest[5] >= 10
    for key, found in visits.items():
        grades = [grade for _, grade in sorted(found)]
        assert grades == sorted(grades), f"{key} has mended itself"
        assert stations[key].attributes["last_service_on"] == max(found)[0]


def test_inspections_are_grades_and_checks_of_the_catalogue(invented: Invented) -> None:
    for seen in invented.made.inspections:
        kind = CATALOGUE.asset_types[invented.by_key[seen.asset].asset_type]
        assert seen.inspected_on <= DEFAULT_AS_OF
        if seen.kind == "condition":
            assert seen.scale is not None
            CATALOGUE.scales[seen.scale].health(seen.native_grade or "")
        else:
            assert seen.check_name in kind.statutory_checks


def test_nothing_was_inspected_before_it_was_built(invented: Invented) -> None:
    early = [
        seen.asset
        for seen in invented.made.inspections
        if (built := invented.by_key[seen.asset].columns.get("built_year")) is not None
        and seen.inspected_on.year < built
    ]

    assert early == []


@pytest.mark.parametrize(
    "names",
    [
        ("ovk_schools_and_care", "ovk_balanced", "ovk_other"),
        ("lift_passenger", "lift_goods"),
        ("playground_main",),
        ("fire_alarm",),
        ("own_control_hydrant",),
    ],
)
def test_recurring_checks_are_mostly_in_time(invented: Invented, names: tuple[str, ...]) -> None:
    due = [seen.next_due_on for seen in invented.made.inspections if seen.check_name in names]
    overdue = sum(on is not None and on < DEFAULT_AS_OF for on in due)

    assert len(due) > 20
    assert overdue / len(due) < 0.25


def test_some_statutory_checks_are_overdue(invented: Invented) -> None:
    overdue = [
        seen
        for seen in invented.made.inspections
        if seen.check_name is not None
        and CATALOGUE.checks[seen.check_name].statutory
        and seen.next_due_on is not None
        and seen.next_due_on < DEFAULT_AS_OF
    ]

    assert len(overdue) >= 5
