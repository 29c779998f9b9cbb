"""Curves, prices, consequences and check scopes over columns."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetmgr.catalogue import ASSET_TYPES, CHECKS, CURVES, TREATMENTS
from assetmgr.catalogue import rules as catalogue_rules
from assetmgr.catalogue.materials import PIPE_MATERIALS
from assetmgr.catalogue.model import AssetFacts

MATERIALS = [choice.code for choice in PIPE_MATERIALS]


def objects(*values: object) -> np.ndarray:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def facts(asset_type: str, **known: object) -> AssetFacts:
    own = ("built_year", "material", "dimension_mm", "length_m", "area_m2", "quantity")
    rest = {
        name: value for name, value in known.items() if name not in (*own, "consequence_grade", "replacement_value_sek")
    }
    return AssetFacts(
        asset_type,
        *(known.get(name) for name in own),
        attributes=rest,
        consequence_grade=known.get("consequence_grade"),
        replacement_value_sek=known.get("replacement_value_sek"),
    )


def curve(asset_type: str, **known: object) -> str:
    return catalogue_rules.curve_name(ASSET_TYPES[asset_type], facts(asset_type, **known))


@pytest.mark.parametrize(
    ("asset_type", "known", "expected"),
    [
        ("water_pipe", {"material": "GJJ", "built_year": 1955}, "water_grey_cast_iron"),
        ("water_pipe", {"material": "SEG", "built_year": 1972}, "water_ductile_iron_early"),
        ("water_pipe", {"material": "SEG", "built_year": 1986}, "water_ductile_iron_modern"),
        ("water_pipe", {"material": "SEG"}, "water_ductile_iron_early"),
        ("water_pipe", {"material": "PVC", "built_year": 1973}, "pvc_pressure_before_1974"),
        ("water_pipe", {"material": "PVC", "built_year": 1974}, "pvc_pressure_from_1974"),
        ("water_pipe", {"material": "PE100"}, "pe_from_1980"),
        ("water_pipe", {"material": "GJJ", "renewal_method": "slip_lining"}, "pe_from_1980"),
        ("water_pipe", {}, "water_grey_cast_iron"),
        ("water_pipe", {"built_year": 2017}, "pe_from_1980"),
        ("wastewater_pipe", {"material": "BTG", "built_year": 1949}, "concrete_sewer_before_1950"),
        ("wastewater_pipe", {"material": "BTG", "built_year": 1970}, "concrete_sewer_1950_1970"),
        ("wastewater_pipe", {"material": "BTG", "built_year": 1971}, "concrete_sewer_after_1970"),
        ("wastewater_pipe", {"material": "BTG", "renewal_method": "cipp_lining"}, "lining"),
        ("wastewater_pipe", {"material": "FOD"}, "lining"),
        ("service_pipe", {"material": "PE", "built_year": 2018, "medium": "V"}, "pe_from_1980"),
        ("service_pipe", {"material": "PVC", "built_year": 2018, "medium": "S"}, "plastic_sewer_from_1980"),
        ("lta_station", {}, "lta_pump"),
        ("manhole", {"material": "BTG"}, "manhole_concrete"),
        ("building_component", {"component_kind": "roof", "material": "tile"}, "roof_tile"),
        ("building_component", {"component_kind": "roof", "part": "gutters"}, "gutters"),
        ("building_component", {"component_kind": "facade", "material": "brick"}, "brick_joints"),
        ("building_component", {"component_kind": "stacks", "material": "cast_iron"}, "stacks_cast_iron"),
        ("building_component", {}, "component_unknown"),
        ("connection_point", {}, ""),
    ],
)
def test_a_curve_follows_material_and_vintage(asset_type: str, known: dict[str, object], expected: str) -> None:
    assert curve(asset_type, **known) == expected


@given(
    st.sampled_from([t for t in ASSET_TYPES.values() if t.curve_rules]),
    st.lists(st.tuples(st.sampled_from([None, *MATERIALS]), st.one_of(st.none(), st.integers(1850, 2030))), max_size=6),
)
def test_every_deteriorating_asset_has_a_curve_and_its_neighbours_do_not_matter(asset_type, rows) -> None:
    columns = {"material": objects(*(m for m, _ in rows)), "built_year": objects(*(y for _, y in rows))}
    together = catalogue_rules.assign_curves(asset_type, columns, len(rows))
    alone = [catalogue_rules.curve_name(asset_type, facts(asset_type.name, material=m, built_year=y)) for m, y in rows]
    assert together.tolist() == alone
    assert set(together) <= set(CURVES)


def test_a_component_curve_comes_from_its_technical_life() -> None:
    tile = CURVES["roof_tile"]
    assert (tile.age_10_failed, tile.age_50_failed, tile.age_90_failed) == (21, 30, 42)


def test_a_pipe_costs_its_length_times_price_times_factor() -> None:
    water = ASSET_TYPES["water_pipe"]
    columns = {
        "length_m": np.array([100.0, 100.0, 100.0, np.nan, 100.0]),
        "dimension_mm": np.array([150.0, 400.0, np.nan, 150.0, 150.0]),
        "surroundings": objects("urban", None, None, None, "rural"),
        "ground": objects(None, "rock", None, None, None),
    }
    costs = catalogue_rules.treatment_cost_sek(water, TREATMENTS["replace_water_main"], columns, 5)
    assert costs.cost_sek.tolist() == [800_000, 100 * (8000 * 1.8 + 2500), 800_000, 0, 0]
    assert costs.reason.tolist() == ["", "", "", "no_length", "not_applicable"]
    assert costs.dimension_assumed.tolist() == [False, False, True, False, False]
    assert not costs.verified.any()


def test_a_boundary_dimension_belongs_to_the_smaller_class() -> None:
    table = ((75.0, 0.5), (200.0, 1.0), (float("inf"), 3.0))
    columns = {"dimension_mm": np.array([10.0, 75.0, 75.1, 200.0, 201.0, 5000.0, np.nan])}
    factors = catalogue_rules.unit_factor_by_dimension(table, columns, 7)
    assert factors.tolist() == [0.5, 0.5, 1.0, 1.0, 3.0, 3.0, 1.0]


def test_windows_without_a_count_are_left_out_with_a_reason() -> None:
    component = ASSET_TYPES["building_component"]
    columns = {"component_kind": objects("windows", "windows", "roof"), "quantity": objects(40, None, 1)}
    costs = catalogue_rules.treatment_cost_sek(component, TREATMENTS["replace_windows"], columns, 3)
    assert costs.cost_sek.tolist() == [480_000, 0, 0]
    assert costs.reason.tolist() == ["", "no_quantity", "not_applicable"]


def test_a_valve_is_one_thing_without_being_told() -> None:
    costs = catalogue_rules.treatment_cost_sek(ASSET_TYPES["valve"], TREATMENTS["replace_valve"], {}, 2)
    assert costs.cost_sek.tolist() == [40_000, 40_000]


@given(st.sampled_from(list(ASSET_TYPES.values())), st.floats(0.001, 1e5), st.sampled_from([None, 10, 200, 5000]))
def test_low_mid_and_high_prices_keep_their_order_and_a_cost_is_at_least_a_krona(asset_type, size, dimension) -> None:
    columns = {name: np.array([size]) for name in ("length_m", "area_m2", "quantity")}
    columns["dimension_mm"] = objects(dimension)
    for name in asset_type.treatments:
        low, mid, high = (
            catalogue_rules.treatment_cost_sek(asset_type, TREATMENTS[name], columns, 1, level=level)
            for level in ("low", "mid", "high")
        )
        assert low.cost_sek[0] <= mid.cost_sek[0] <= high.cost_sek[0]
        assert mid.applicable[0] == (mid.cost_sek[0] >= 1) == (mid.reason[0] == "")


def test_a_stated_replacement_value_goes_before_a_computed_one() -> None:
    water = ASSET_TYPES["water_pipe"]
    known = facts("water_pipe", length_m=10.0, dimension_mm=150.0)
    stated = facts("water_pipe", length_m=10.0, dimension_mm=150.0, replacement_value_sek=12_345)
    rural = facts("water_pipe", length_m=10.0, dimension_mm=150.0, surroundings="rural")
    assert catalogue_rules.replacement_value_sek(water, known) == 80_000
    assert catalogue_rules.replacement_value_sek(water, stated) == 12_345
    assert catalogue_rules.replacement_value_sek(water, rural) == 35_000
    assert catalogue_rules.replacement_value_sek(water, facts("water_pipe")) is None


def test_a_component_is_worth_what_its_renewal_costs() -> None:
    component = ASSET_TYPES["building_component"]
    roof = facts("building_component", component_kind="roof", material="tile", area_m2=100.0)
    assert catalogue_rules.replacement_value_sek(component, roof) == 180_000


def test_a_failure_costs_more_in_a_large_pipe_and_where_the_consequence_is_graded_high() -> None:
    columns = {"dimension_mm": np.array([150.0, 150.0, 600.0]), "consequence_grade": objects(None, 3, None)}
    cost = catalogue_rules.failure_cost_sek(ASSET_TYPES["water_pipe"], columns, 3)
    assert cost.tolist() == [90_000, 360_000, 450_000]


def test_age_counts_from_renewal() -> None:
    columns = {"built_year": objects(1950, 1950, None, None), "renewed_year": objects(None, 1999, 2001, None)}
    base = catalogue_rules.age_base_year(columns, 4)
    assert base[:3].tolist() == [1950, 1999, 2001]
    assert np.isnan(base[3])


def test_ventilation_control_follows_purpose_and_system_and_says_what_it_cannot_know() -> None:
    building = ASSET_TYPES["building"]
    columns = {
        "purpose": objects("school", "office", "office", "office", "technical", None),
        "ventilation_type": objects(None, "FTX", "F", None, None, "FTX"),
    }
    scopes = {
        name: catalogue_rules.check_scope(building, CHECKS[name], columns, 6)
        for name in ("ovk_schools_and_care", "ovk_balanced", "ovk_other")
    }
    assert scopes["ovk_schools_and_care"].applies.tolist() == [True, False, False, False, False, False]
    assert scopes["ovk_schools_and_care"].undetermined.tolist() == [False, False, False, False, False, True]
    assert scopes["ovk_balanced"].applies.tolist() == [False, True, False, False, False, False]
    assert scopes["ovk_balanced"].undetermined.tolist() == [False, False, False, True, False, True]
    assert scopes["ovk_other"].applies.tolist() == [False, False, True, False, False, False]
    assert CHECKS["ovk_balanced"].interval_months == 36
    assert CHECKS["ovk_other"].interval_months == 72


def test_energy_declaration_needs_size_and_visitors() -> None:
    columns = {"visited_by_public": objects(True, True, False, None), "area_m2": objects(250, 249, 900, 900)}
    scope = catalogue_rules.check_scope(ASSET_TYPES["building"], CHECKS["energy_declaration"], columns, 4)
    assert scope.applies.tolist() == [True, False, False, False]
    assert scope.undetermined.tolist() == [False, False, False, True]


def test_a_lift_of_unknown_kind_is_inspected_yearly_and_an_ordinary_door_never() -> None:
    component = ASSET_TYPES["building_component"]
    columns = {"component_kind": objects("lift", "doors", "doors"), "part": objects(None, None, "motor_door")}
    lift = catalogue_rules.check_scope(component, CHECKS["lift_passenger"], columns, 3)
    door = catalogue_rules.check_scope(component, CHECKS["motor_door"], columns, 3)
    assert lift.applies.tolist() == [True, False, False]
    assert door.applies.tolist() == [False, False, True]
    assert not lift.undetermined.any()
    assert not door.undetermined.any()


def test_a_check_by_the_metre_costs_the_length() -> None:
    columns = {"length_m": np.array([50.0, np.nan])}
    costs = catalogue_rules.check_cost_sek(ASSET_TYPES["wastewater_pipe"], CHECKS["own_control_cctv"], columns, 2)
    assert costs.cost_sek.tolist() == [3_000, 0]
    assert costs.reason.tolist() == ["", "no_length"]


def test_a_check_of_an_unknown_number_is_reckoned_for_one_and_says_so() -> None:
    columns = {
        "component_kind": objects("lift", "lift", "lift", "doors"),
        "part": objects("passenger_lift", "passenger_lift", "passenger_lift", None),
        "quantity": np.array([2.0, np.nan, 0.0, np.nan]),
    }
    costs = catalogue_rules.check_cost_sek(ASSET_TYPES["building_component"], CHECKS["lift_passenger"], columns, 4)
    assert costs.cost_sek.tolist() == [8_000, 4_000, 0, 0]
    assert costs.number_assumed.tolist() == [False, True, False, False]
    assert costs.reason.tolist() == ["", "", "no_quantity", "not_applicable"]
