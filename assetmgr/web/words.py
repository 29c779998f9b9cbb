"""Values of the register as a reader sees them: labels instead of codes, units beside numbers, unknown as None."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from assetmgr.catalogue import ASSET_TYPES, CHECKS, SCALES, TREATMENTS
from assetmgr.catalogue.labels import FUND_LABELS, STATUSES
from assetmgr.catalogue.model import AssetType, Attribute, label
from assetmgr.i18n import N_
from assetmgr.web import formats, language
from assetmgr.web.texts import _

PERSONAL = "personal"
OTHER_FIELDS: dict[str, str] = {
    "type": N_("Type"),
    "source": N_("Source"),
    "key": N_("Key"),
    "parent_id": N_("Belongs to"),
    "from_node_id": N_("From"),
    "to_node_id": N_("To"),
    "health_index": N_("Health index"),
    "health_source": N_("Source of condition"),
    "inspected_on": N_("Inspected on"),
    "native_scale": N_("Scale"),
    "native_grade": N_("Grade"),
    "geometry": N_("Place on the map"),
    "retired_at": N_("Retired"),
    "kind": N_("Kind of inspection"),
    "scale": N_("Scale"),
    "check_name": N_("Check"),
    "approved": N_("Approved"),
    "next_due_on": N_("Next due"),
    "note": N_("Note"),
    "status": N_("Status"),
    "fund": N_("Fund"),
    "department": N_("Department"),
    "protection_class": N_("Protection class"),
    "quantity": N_("Quantity"),
    "built_year": N_("Year built"),
    "material": N_("Material"),
    "dimension_mm": N_("Dimension"),
    "length_m": N_("Length"),
    "area_m2": N_("Area"),
    "consequence_grade": N_("Consequence grade"),
    "replacement_value_sek": N_("Replacement value"),
    "guarantee_until": N_("Guarantee until"),
    "liability_until": N_("Liability until"),
    "designation": N_("Designation"),
    "address": N_("Address"),
}
"""Fields of assets and inspections that an asset type does not declare, or not under its own label."""
SOURCES_OF_CONDITION = {"inspected": N_("Inspection"), "estimated": N_("Estimated from age")}
KINDS_OF_INSPECTION = {"condition": N_("Condition"), "check": N_("Recurring check")}
ORIGINS = {
    "import": N_("Import"),
    "cli": N_("Command line"),
    "web": N_("Web page"),
    "job": N_("Job"),
    "demo": N_("Demonstration"),
    "undo": N_("Undone import"),
}


def type_label(name: str, plural: bool = False) -> str:
    """The name of an asset type; a type that the catalogue no longer has is shown by its code."""
    asset_type = ASSET_TYPES.get(name)
    if asset_type is None:
        return name
    if plural:
        return asset_type.label_plural_en if language.current() == "en" else asset_type.label_plural_sv
    return label(asset_type, language.current())


def treatment_label(name: str) -> str:
    """The name of a treatment or a recurring check."""
    found = TREATMENTS.get(name) or CHECKS.get(name)
    return label(found, language.current()) if found else name


def attribute_text(attribute: Attribute, value: Any) -> str | None:
    """The value of an attribute; None where it is unknown."""
    if value is None or value == "":
        return None
    now = language.current()
    for choice in attribute.choices:
        if choice.code == value:
            return label(choice, now)
    if attribute.value_type is bool:
        return _("Yes") if value else _("No")
    if attribute.value_type is date:
        return formats.date(value) if isinstance(value, date) else str(value)
    if attribute.unit == "kr":
        return formats.money(value, now)
    if isinstance(value, int | float):
        if attribute.name.endswith("_year"):
            return formats.year(int(value))
        return formats.quantity(value, _("pcs") if attribute.unit == "st" else attribute.unit, now)
    return str(value)


def attribute_value(attribute: Attribute, row: Mapping[Any, Any]) -> Any:
    """The raw value of an attribute in an asset's row, from its column or from the JSON attributes."""
    return row[attribute.column] if attribute.column else row["attributes"].get(attribute.name)


def grade_text(scale: str | None, grade: str | None) -> str | None:
    """The grade as the inspector gave it, with its scale: "P122 3", "TG2"."""
    if not grade:
        return None
    if scale == "tg":
        return grade
    if scale == "p122":
        return f"P122 {grade}"
    return (
        _("%(grade)s on the scale %(scale)s", grade=grade, scale=label(SCALES[scale], language.current()))
        if (scale in SCALES)
        else str(grade)
    )


def field_label(asset_type: AssetType | None, name: str) -> str:
    """What a field in a change record is called."""
    if asset_type is not None:
        for attribute in asset_type.attributes:
            if name in (attribute.name, attribute.column):
                return label(attribute, language.current())
    return _(OTHER_FIELDS[name]) if name in OTHER_FIELDS else name


def field_text(asset_type: AssetType | None, name: str, value: Any) -> str | None:
    """A value in a change record, where it is not about another object and not personal."""
    if value is None or value == "":
        return None
    if asset_type is not None:
        for attribute in asset_type.attributes:
            if name in (attribute.name, attribute.column):
                return attribute_text(attribute, value)
    now = language.current()
    if name == "type":
        return type_label(str(value))
    if name in ("fund", "status"):
        choice = (FUND_LABELS if name == "fund" else STATUSES).get(value)
        return label(choice, now) if choice else str(value)
    if name in ("scale", "native_scale"):
        return label(SCALES[value], now) if value in SCALES else str(value)
    if name == "check_name":
        return treatment_label(str(value))
    if name == "health_source":
        return _(SOURCES_OF_CONDITION[value]) if value in SOURCES_OF_CONDITION else str(value)
    if name == "kind":
        return _(KINDS_OF_INSPECTION[value]) if value in KINDS_OF_INSPECTION else str(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float):
        return formats.number(value, now)
    return str(value)


def is_personal(asset_type: AssetType | None, name: str, value: Any) -> bool:
    """Whether a value is about a person: declared so by the type, or kept apart in the change record."""
    if isinstance(value, Mapping) and PERSONAL in value:
        return True
    return asset_type is not None and any(a.name == name and a.personal for a in asset_type.attributes)


def origin_words(origin: str) -> str:
    """Where a change came from."""
    return _(ORIGINS[origin]) if origin in ORIGINS else origin
