"""What received files call things."""

import pytest

from assetmgr.catalogue import ASSET_TYPES, choice_lookup, field_lookup, fold_name, fold_value, is_blank
from assetmgr.catalogue.file_columns import EAST_ALIASES, ID_FIELD_ALIASES, LAT_ALIASES, LON_ALIASES, NORTH_ALIASES
from assetmgr.catalogue.naming import first_match

WATER_PIPE = ASSET_TYPES["water_pipe"]


def attribute_for(type_name: str, column: str) -> str | None:
    return field_lookup(ASSET_TYPES[type_name]).get(fold_name(column))


def code_for(type_name: str, attribute: str, cell: str) -> str | None:
    return choice_lookup(ASSET_TYPES[type_name].attribute(attribute)).get(fold_value(cell))


@pytest.mark.parametrize(
    ("column", "attribute"),
    [
        ("MATERIAL", "material"),
        ("MTRL", "material"),
        ("DIM", "dimension_mm"),
        ("DIMENSION", "dimension_mm"),
        ("DN", "dimension_mm"),
        ("DY", "dimension_mm"),
        ("PIPE_SIZE", "dimension_mm"),
        ("diameter_mm", "dimension_mm"),
        ("LAGGNAR", "built_year"),
        ("LAGGNINGSAR", "built_year"),
        ("Läggningsår", "built_year"),
        ("ANLAR", "built_year"),
        ("BYGGAR", "built_year"),
        ("INSTALLATION_DATE", "built_year"),
        ("installation_year", "built_year"),
        ("VG_UPP", "invert_level_up_m"),
        ("VG_NED", "invert_level_down_m"),
        ("SDR", "sdr"),
        ("PN", "pressure_class"),
        ("FUNKTION", "function"),
        ("LANGD", "length_m"),
        ("LENGTH", "length_m"),
        ("Shape_Length", "length_m"),
        ("Shape__Length", "length_m"),
        ("SHAPE_LENG", "length_m"),
        ("lining_material", "lining"),
        ("LINED_MATERIAL", "lining"),
        ("PRESSURE_ZONE", "pressure_zone"),
        ("STATUS", "status"),
        ("Dimension (mm)", "dimension_mm"),
        ("replacemen", "replacement_value_sek"),
        ("MapDate", None),
        ("CRITICALITY", None),
        ("CONDITION_SCORE", None),
        ("OWNERSHIP", None),
        ("source_dataset", None),
    ],
)
def test_a_column_of_a_pipe_layer_is_known_by_its_name(column: str, attribute: str | None) -> None:
    assert attribute_for("water_pipe", column) == attribute


def test_the_only_column_of_a_district_layer_is_its_designation() -> None:
    assert attribute_for("service_area", "name") == "designation"


def test_the_same_column_name_may_mean_different_things_in_different_types() -> None:
    assert attribute_for("lta_station", "djup") == "tank_depth_m"
    assert attribute_for("manhole", "djup") == "depth_m"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("CI", "GJJ"),
        ("Cast Iron", "GJJ"),
        ("Gråjärn", "GJJ"),
        ("DI", "SEG"),
        ("Ductile Iron", "SEG"),
        (" ductile  iron concrete lined ", "SEG"),
        ("ST", "STL"),
        ("Steel", "STL"),
        ("HDPE", "PE"),
        ("PEM", "PE"),
        ("PE 100", "PE100"),
        ("PVCO", "PVCO"),
        ("CPP", "CPP"),
        ("AC", "ETE"),
        ("Eternit", "ETE"),
        ("COP", "CU"),
        ("HDPE IN CI", None),
        ("PVCB", None),
    ],
)
def test_a_material_in_a_file_becomes_our_code_or_nothing(cell: str, code: str | None) -> None:
    assert code_for("water_pipe", "material", cell) == code


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("ACTIVE", "in_service"),
        ("Existing", "in_service"),
        ("i drift", "in_service"),
        ("Proposed", "planned"),
        ("planerad", "planned"),
        ("Abandoned", "abandoned"),
        ("slopad", "abandoned"),
        ("ur drift", "out_of_service"),
        ("COMPLETE", None),
    ],
)
def test_a_status_in_a_file_becomes_our_code_or_nothing(cell: str, code: str | None) -> None:
    assert code_for("wastewater_pipe", "status", cell) == code


@pytest.mark.parametrize(
    "cell", [None, "", "  ", "<blank>", "Blank", "OKÄND", "Okänt", "unknown", "n/a", "NULL", "-", float("nan")]
)
def test_blank_words_say_nothing(cell: object) -> None:
    assert is_blank(cell)


@pytest.mark.parametrize("cell", ["0", 0, -1, "PVC", "none", False])
def test_other_values_say_something(cell: object) -> None:
    assert not is_blank(cell)


def test_folding_keeps_swedish_letters_and_drops_separators() -> None:
    assert fold_name(" Läggnings_år-1.") == "läggningsår1"
    assert fold_name("La\u0308ngd") == "längd"


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["OBJECTID", "WATMAINID", "GlobalID"], "WATMAINID"),
        (["pipe_id", "diameter_mm"], "pipe_id"),
        (["OBJECTID", "GlobalID"], "GlobalID"),
        (["fid", "ID"], "ID"),
        (["OBJECTID", "Status"], "OBJECTID"),
        (["LEDID", "OBJEKTID"], "LEDID"),
        (["name"], None),
    ],
)
def test_the_stablest_id_field_is_proposed(columns: list[str], expected: str | None) -> None:
    assert first_match(columns, ID_FIELD_ALIASES) == expected


def test_a_coordinate_name_points_one_way_only() -> None:
    groups = [{fold_name(alias) for alias in g} for g in (EAST_ALIASES, NORTH_ALIASES, LON_ALIASES, LAT_ALIASES)]
    folded = set[str]().union(*groups)
    assert len(folded) == sum(map(len, groups))
    assert not folded & {"x", "y"}
