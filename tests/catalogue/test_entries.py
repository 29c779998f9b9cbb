"""Every entry of the catalogue keeps the promises that forms, lists, import, export and plans rest on."""

import subprocess
import sys
from datetime import date

import pytest

from assetmgr.catalogue import (
    ASSET_TYPES,
    ATTRIBUTE_GROUPS,
    BLANK_WORDS,
    BOOKING_RULES,
    BOOKINGS,
    CHECKS,
    CURVES,
    FUND_LABELS,
    KINDS,
    REFERENCE_VALUES,
    SCALES,
    STATUSES,
    TREATMENTS,
)
from assetmgr.catalogue.labels import STATUS_UNKNOWN
from assetmgr.catalogue.model import FUNDS, UNKNOWN_CODE, AssetType
from assetmgr.catalogue.naming import choice_lookup, fold_value, folded_names_of

TYPE_NAMES = [
    "property_unit",
    "building",
    "building_component",
    "playground",
    "service_area",
    "water_pipe",
    "wastewater_pipe",
    "stormwater_pipe",
    "combined_pipe",
    "pressure_sewer_pipe",
    "service_pipe",
    "connection_point",
    "manhole",
    "valve",
    "hydrant",
    "flushing_post",
    "pumping_station",
    "booster_station",
    "lta_station",
    "reservoir",
    "water_works",
    "wastewater_works",
    "retention_storage",
    "stormwater_pond",
]
REAL_COLUMNS = {
    "designation": str,
    "address": str,
    "built_year": int,
    "material": str,
    "dimension_mm": float,
    "length_m": float,
    "area_m2": float,
    "quantity": float,
    "replacement_value_sek": int,
    "consequence_grade": int,
    "status": str,
    "department": str,
    "protection_class": int,
    "fund": str,
    "guarantee_until": date,
    "liability_until": date,
}
UNITS = {"mm", "m", "m²", "m³", "m³/d", "l/s", "bar", "‰", "h", "st", "kr"}
each_type = pytest.mark.parametrize("asset_type", ASSET_TYPES.values(), ids=ASSET_TYPES)


def codes_of(asset_type: AssetType, attribute: str) -> set[str]:
    found = asset_type.attribute(attribute)
    return {"true", "false"} if found.value_type is bool else {choice.code for choice in found.choices}


def check_conditions(asset_types: list[AssetType], conditions: dict[str, tuple[str, ...]]) -> None:
    for asset_type in asset_types:
        for attribute, codes in conditions.items():
            assert set(codes) - {UNKNOWN_CODE} <= codes_of(asset_type, attribute), (asset_type.name, attribute)


def test_all_types_stand_in_the_order_of_the_register() -> None:
    assert list(ASSET_TYPES) == TYPE_NAMES


def test_slugs_are_unique_ascii_words() -> None:
    slugs = [t.slug_sv for t in ASSET_TYPES.values()]
    assert len(set(slugs)) == len(slugs)
    assert all(slug.isascii() and slug == slug.lower() and slug.replace("-", "").isalpha() for slug in slugs)


def test_codes_for_a_type_in_files_name_one_type_only() -> None:
    aliases = [fold_value(alias) for t in ASSET_TYPES.values() for alias in {fold_value(a) for a in t.import_aliases}]
    assert len(set(aliases)) == len(aliases)


@each_type
def test_a_type_names_only_what_exists(asset_type: AssetType) -> None:
    assert set(asset_type.treatments) <= set(TREATMENTS)
    assert set(asset_type.replaced_by) <= set(asset_type.treatments)
    assert set(asset_type.statutory_checks) <= set(CHECKS)
    assert asset_type.grading_scale in SCALES
    assert {rule.curve for rule in asset_type.curve_rules} <= set(CURVES)
    assert set(asset_type.parent_types) <= set(ASSET_TYPES) - {asset_type.name}
    assert asset_type.default_fund in FUNDS
    assert asset_type.group in ("property", "network")
    assert (asset_type.group == "network") == (asset_type.default_fund == "va")


@each_type
def test_a_type_has_every_label_and_the_common_attributes(asset_type: AssetType) -> None:
    labels = (asset_type.label_sv, asset_type.label_plural_sv, asset_type.label_en, asset_type.label_plural_en)
    assert all(labels)
    names = [attribute.name for attribute in asset_type.attributes]
    assert len(set(names)) == len(names)
    assert set(names) >= {
        "designation",
        "status",
        "guarantee_until",
        "liability_until",
        "department",
        "protection_class",
        "fund",
        "consequence_grade",
        "note",
    }
    assert asset_type.measured is None or asset_type.attribute(asset_type.measured).column == asset_type.measured


@each_type
def test_no_column_name_can_mean_two_attributes(asset_type: AssetType) -> None:
    owner: dict[str, str] = {}
    for attribute in asset_type.attributes:
        for name in folded_names_of(attribute):
            assert owner.setdefault(name, attribute.name) == attribute.name, name


@each_type
def test_curve_rules_end_with_one_that_always_holds(asset_type: AssetType) -> None:
    if asset_type.curve_rules:
        last = asset_type.curve_rules[-1]
        assert (last.materials, last.built_from, last.built_before, dict(last.attributes)) == ((), None, None, {})
    for rule in asset_type.curve_rules:
        check_conditions([asset_type], {**rule.attributes})
        if rule.materials:
            assert set(rule.materials) <= codes_of(asset_type, "material")


@each_type
def test_what_deteriorates_can_be_renewed_and_what_is_renewed_deteriorates(asset_type: AssetType) -> None:
    assert bool(asset_type.curve_rules) == bool(asset_type.treatments) == (asset_type.consequence is not None)


@each_type
def test_an_attribute_is_whole(asset_type: AssetType) -> None:
    for attribute in asset_type.attributes:
        assert attribute.label_sv
        assert attribute.label_en
        assert attribute.value_type in (str, int, float, bool, date)
        assert attribute.group in ATTRIBUTE_GROUPS
        assert attribute.unit is None or attribute.unit in UNITS
        assert attribute.column is None or REAL_COLUMNS[attribute.column] is attribute.value_type
        assert attribute.column in (None, attribute.name)
        assert not attribute.choices or attribute.value_type is str
        assert bool(attribute.help_sv) == bool(attribute.help_en)
        if attribute.minimum is not None and attribute.maximum is not None:
            assert attribute.minimum < attribute.maximum


@each_type
def test_a_real_column_is_never_kept_among_the_json_attributes(asset_type: AssetType) -> None:
    for attribute in asset_type.attributes:
        assert attribute.name not in REAL_COLUMNS or attribute.column == attribute.name


@each_type
def test_a_unit_is_part_of_the_name(asset_type: AssetType) -> None:
    for attribute in asset_type.attributes:
        endings = {"mm": "_mm", "m": "_m", "m²": "_m2", "m³": "_m3", "l/s": "_l_s", "m³/d": "_m3_d", "kr": "_sek"}
        if attribute.unit in endings:
            assert attribute.name.endswith(endings[attribute.unit])


@each_type
def test_only_years_and_dimensions_write_unknown_as_a_number(asset_type: AssetType) -> None:
    for attribute in asset_type.attributes:
        says_so = attribute.name in ("built_year", "renewed_year", "dimension_mm")
        assert attribute.unknown_values == ((-1, 0, 9999) if says_so else ())


@each_type
def test_a_word_in_a_cell_means_one_code_and_is_no_blank_word(asset_type: AssetType) -> None:
    for attribute in asset_type.attributes:
        owner: dict[str, str] = {}
        assert len({choice.code for choice in attribute.choices}) == len(attribute.choices)
        for choice in attribute.choices:
            assert choice.label_sv
            assert choice.label_en
            for word in (choice.code, choice.label_sv, choice.label_en, *choice.aliases):
                assert owner.setdefault(fold_value(word), choice.code) == choice.code
                assert choice.code == STATUS_UNKNOWN or fold_value(word) not in BLANK_WORDS
        assert choice_lookup(attribute) == owner


def test_personal_fields_are_marked() -> None:
    personal = {(t.name, a.name) for t in ASSET_TYPES.values() for a in t.attributes if a.personal}
    assert personal == {
        ("property_unit", "contact_name"),
        ("property_unit", "contact_phone"),
        ("property_unit", "contact_email"),
    }


@pytest.mark.parametrize("treatment", TREATMENTS.values(), ids=TREATMENTS)
def test_a_treatment_is_whole_and_used(treatment) -> None:
    users = [t for t in ASSET_TYPES.values() if treatment.name in t.treatments]
    assert users
    assert treatment.label_sv
    assert treatment.label_en
    assert treatment.kind in KINDS
    assert treatment.kind != "statutory_check"
    assert treatment.booking in BOOKINGS
    assert treatment.booking_rule in BOOKING_RULES
    assert treatment.unit_price.name in REFERENCE_VALUES
    assert treatment.unit_price.unit == {"m": "SEK/m", "m2": "SEK/m2", "each": "SEK"}[treatment.per]
    assert treatment.curve_after is None or treatment.curve_after in CURVES
    assert 0 <= treatment.age_removed <= 1
    assert 0 <= treatment.apply_at_or_below <= 100
    assert treatment.years_between >= 1
    check_conditions(users, {**treatment.applies_to})
    for surcharge in treatment.surcharges:
        assert surcharge.unit_price.unit == treatment.unit_price.unit
        check_conditions(users, {**surcharge.applies_to})


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_a_check_is_whole_and_used(check) -> None:
    users = [t for t in ASSET_TYPES.values() if check.name in t.statutory_checks]
    assert users
    assert check.label_sv
    assert check.label_en
    assert check.legal_basis_sv
    assert check.interval_months >= 1
    assert check.unit_price.name in REFERENCE_VALUES
    date.fromisoformat(check.valid_from)
    check_conditions(users, {**check.applies_to})
    for asset_type in users:
        assert all(asset_type.attribute(name).value_type in (int, float) for name in check.at_least)


@pytest.mark.parametrize("value", REFERENCE_VALUES.values(), ids=REFERENCE_VALUES)
def test_a_figure_has_bounds_labels_unit_and_source(value) -> None:
    assert 0 <= value.low <= value.mid <= value.high
    assert value.label_sv
    assert value.label_en
    assert value.unit
    assert value.source.title
    assert 1980 <= value.source.year <= 2026


@pytest.mark.parametrize("curve", CURVES.values(), ids=CURVES)
def test_quantile_ages_ascend(curve) -> None:
    assert 0 < curve.age_10_failed < curve.age_50_failed < curve.age_90_failed


def test_every_price_is_a_template_until_a_municipality_puts_in_its_own() -> None:
    assert not [v.name for v in REFERENCE_VALUES.values() if v.unit.startswith("SEK/m") and v.source.verified]
    assert not [t.name for t in TREATMENTS.values() if t.unit_price.source.verified]


def test_code_lists_carry_the_planners_words() -> None:
    assert list(KINDS) == ["maintenance", "value_preserving", "improvement", "statutory_check"]
    assert list(BOOKINGS) == ["operating", "capital"]
    assert tuple(FUND_LABELS) == FUNDS
    assert [s for s in STATUSES if s != STATUS_UNKNOWN] == ["planned", "in_service", "out_of_service", "abandoned"]


def test_the_catalogue_is_imported_without_numpy_or_pandas() -> None:
    code = "import sys, assetmgr.catalogue; print(sorted({'numpy', 'pandas', 'sqlalchemy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
