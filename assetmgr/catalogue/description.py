"""The catalogue told as plain JSON values, for `types --json` and for programs."""

from typing import Any

from assetmgr.catalogue.catalogue import CATALOGUE, Catalogue
from assetmgr.catalogue.model import (
    AssetType,
    Attribute,
    GradingScale,
    ReferenceValue,
    Source,
    StatutoryCheck,
    TreatmentRule,
)

_TYPE_NAMES = {"str": "text", "int": "integer", "float": "number", "bool": "boolean", "date": "date"}


def describe_types(catalogue: Catalogue = CATALOGUE) -> list[dict[str, Any]]:
    """Every asset type in the register's order, with its attributes, scale, treatments and checks."""
    return [_describe_type(asset_type, catalogue) for asset_type in catalogue.asset_types.values()]


def _describe_type(asset_type: AssetType, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "name": asset_type.name,
        "slug_sv": asset_type.slug_sv,
        "label_sv": asset_type.label_sv,
        "label_plural_sv": asset_type.label_plural_sv,
        "label_en": asset_type.label_en,
        "label_plural_en": asset_type.label_plural_en,
        "group": asset_type.group,
        "geometry_kind": asset_type.geometry_kind,
        "also_geometry_kinds": list(asset_type.also_geometry_kinds),
        "default_fund": asset_type.default_fund,
        "parent_types": list(asset_type.parent_types),
        "import_aliases": list(asset_type.import_aliases),
        "attributes": [_describe_attribute(attribute) for attribute in asset_type.attributes],
        "deterioration": _describe_curves(asset_type, catalogue),
        "grading_scale": _describe_scale(catalogue.scales[asset_type.grading_scale]),
        "replacement_price": asset_type.replacement_price and _describe_value(asset_type.replacement_price),
        "replaced_by": list(asset_type.replaced_by),
        "replacement_per": asset_type.replacement_per if asset_type.replacement_price else None,
        "treatments": [_describe_treatment(catalogue.treatments[name]) for name in asset_type.treatments],
        "statutory_checks": [_describe_check(catalogue.checks[name]) for name in asset_type.statutory_checks],
    }


def _describe_attribute(attribute: Attribute) -> dict[str, Any]:
    return {
        "name": attribute.name,
        "label_sv": attribute.label_sv,
        "label_en": attribute.label_en,
        "type": _TYPE_NAMES[attribute.value_type.__name__],
        "unit": attribute.unit,
        "choices": [
            {"code": c.code, "label_sv": c.label_sv, "label_en": c.label_en, "aliases": list(c.aliases)}
            for c in attribute.choices
        ],
        "aliases": list(attribute.aliases),
        "unknown_values": list(attribute.unknown_values),
        "minimum": attribute.minimum,
        "maximum": attribute.maximum,
        "required": attribute.required,
        "personal": attribute.personal,
        "group": attribute.group,
        "help_sv": attribute.help_sv,
        "help_en": attribute.help_en,
    }


def _describe_curves(asset_type: AssetType, catalogue: Catalogue) -> list[dict[str, Any]]:
    curves = [(rule, catalogue.curves[rule.curve]) for rule in asset_type.curve_rules]
    return [
        {
            "curve": rule.curve,
            "materials": list(rule.materials),
            "built_from": rule.built_from,
            "built_before": rule.built_before,
            "attributes": {name: list(codes) for name, codes in rule.attributes.items()},
            "age_10_failed": curve.age_10_failed,
            "age_50_failed": curve.age_50_failed,
            "age_90_failed": curve.age_90_failed,
            "source": _describe_source(curve.source),
        }
        for rule, curve in curves
    ]


def _describe_scale(scale: GradingScale) -> dict[str, Any]:
    return {
        "name": scale.name,
        "label_sv": scale.label_sv,
        "label_en": scale.label_en,
        "best": scale.best,
        "worst": scale.worst,
        "grades": [
            {"code": g.code, "health": g.health, "label_sv": g.label_sv, "label_en": g.label_en} for g in scale.grades
        ],
        "source": _describe_source(scale.source),
    }


def _describe_treatment(rule: TreatmentRule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "label_sv": rule.label_sv,
        "label_en": rule.label_en,
        "kind": rule.kind,
        "booking": rule.booking,
        "booking_rule": rule.booking_rule,
        "unit_price": _describe_value(rule.unit_price),
        "per": rule.per,
        "applies_to": {name: list(codes) for name, codes in rule.applies_to.items()},
    }


def _describe_check(check: StatutoryCheck) -> dict[str, Any]:
    return {
        "name": check.name,
        "label_sv": check.label_sv,
        "label_en": check.label_en,
        "interval_months": check.interval_months,
        "legal_basis_sv": check.legal_basis_sv,
        "statutory": check.statutory,
        "unit_price": _describe_value(check.unit_price),
        "per": check.per,
        "applies_to": {name: list(codes) for name, codes in check.applies_to.items()},
        "at_least": dict(check.at_least),
        "valid_from": check.valid_from,
        "valid_to": check.valid_to,
        "source": _describe_source(check.source),
    }


def _describe_value(value: ReferenceValue) -> dict[str, Any]:
    return {
        "name": value.name,
        "unit": value.unit,
        "low": value.low,
        "mid": value.mid,
        "high": value.high,
        "source": _describe_source(value.source),
    }


def _describe_source(source: Source) -> dict[str, Any]:
    return {"title": source.title, "year": source.year, "verified": source.verified}
