"""Change records in words: who, when, why, and each field before and after."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from assetmgr.catalogue import ASSET_TYPES
from assetmgr.catalogue.model import AssetType
from assetmgr.store import assets, history
from assetmgr.store.history import HistoryEntry
from assetmgr.web import words
from assetmgr.web.service import actor, connection
from assetmgr.web.texts import _

REFERENCES = ("parent_id", "from_node_id", "to_node_id")
CONDITION = {"health_index", "health_source", "inspected_on", "native_scale", "native_grade"}
UNSAID = ("type", "asset")
"""What a change record holds that the page has said already."""


def as_events(entries: Sequence[HistoryEntry], asset_type: str) -> list[dict[str, Any]]:
    """The entries as `change_list` shows them, in the same order."""
    names = assets.names(connection(), actor(), _referred(entries))
    people = _personal_values(entries)
    known_type = ASSET_TYPES.get(asset_type)
    return [
        {
            "number": entry.number,
            "at": entry.at,
            "actor": entry.actor,
            "origin": _origin(entry),
            "reason": entry.reason,
            "title": _title(entry),
            "icon": _icon(entry),
            "is_new": entry.old is None,
            "changes": _changes(entry, known_type, names, people),
        }
        for entry in entries
    ]


def _origin(entry: HistoryEntry) -> str | None:
    """Where it came from; left unsaid where the actor is called so already."""
    origin = words.origin_words(entry.origin)
    return None if origin.casefold() == entry.actor.casefold() else origin


def _title(entry: HistoryEntry) -> str:
    if entry.object_type == "inspection":
        check = (entry.new or {}).get("check_name")
        if entry.old is None:
            if check:
                return _("Check done %(date)s: %(check)s", check=words.treatment_label(str(check)), date=_day(entry))
            return _("Inspected %(date)s", date=_day(entry))
        return _("Inspection changed")
    if entry.old is None:
        return _("Added to the register")
    if entry.new is None:
        return _("Taken out of the register")
    if set(entry.new) <= CONDITION and "health_index" in entry.new:
        estimated = entry.new.get("health_source") == "estimated"
        return _("Condition estimated from age") if estimated else _("Condition set from inspection")
    return _("Changed")


def _day(entry: HistoryEntry) -> str:
    """When it was inspected, which is seldom when it was put on record."""
    day = (entry.new or {}).get("inspected_on")
    return str(day)[:10] if day else _("day unknown")


def _icon(entry: HistoryEntry) -> str:
    if entry.object_type == "inspection":
        return "inspection"
    return {"import": "exchange", "demo": "exchange"}.get(entry.origin, "plus" if entry.old is None else "edit")


def _changes(
    entry: HistoryEntry,
    asset_type: AssetType | None,
    names: Mapping[int, tuple[str, str]],
    people: Mapping[str, str],
) -> list[dict[str, Any]]:
    own_type = asset_type if entry.object_type == "asset" else None
    old, new = _flat(entry.old), _flat(entry.new)
    return [
        {
            "label": words.field_label(own_type, field),
            "old": _shown(own_type, field, old.get(field), names, people),
            "new": _shown(own_type, field, new.get(field), names, people),
        }
        for field in sorted({**old, **new}, key=lambda name: _place(own_type, name))
        if field not in UNSAID
    ]


def _flat(values: Mapping[Any, Any] | None) -> dict[str, Any]:
    """Columns and JSON attributes side by side."""
    found = dict(values or {})
    attributes = found.pop("attributes", None) or {}
    return {**found, **attributes}


def _place(asset_type: AssetType | None, field: str) -> tuple[int, str]:
    """Fields in the order of the type's form, others after it."""
    for place, attribute in enumerate(asset_type.attributes if asset_type else ()):
        if field in (attribute.name, attribute.column):
            return place, field
    return 1_000, field


def _shown(
    asset_type: AssetType | None,
    field: str,
    value: Any,
    names: Mapping[int, tuple[str, str]],
    people: Mapping[str, str],
) -> dict[str, Any]:
    """A value as text, and as a link where it is another asset; `hidden` where the reader may not see it."""
    if value is None:
        return {"text": None}
    if words.is_personal(asset_type, field, value):
        return _personal(value, people)
    if field == "geometry":
        return {"text": _("Drawn on the map")}
    if field in REFERENCES:
        found = names.get(value)
        if found is None:
            return {"text": None, "hidden": True}
        return {"text": found[1], "url": url_for("assets.overview", identity=found[0])}
    return {"text": words.field_text(asset_type, field, value)}


def _personal(value: Any, people: Mapping[str, str]) -> dict[str, Any]:
    if not actor().may("asset.personal"):
        return {"text": None, "hidden": True}
    if not isinstance(value, Mapping):
        return {"text": str(value)}
    digest = value[words.PERSONAL]
    return {"text": people[digest]} if digest in people else {"text": _("No longer kept")}


def _referred(entries: Sequence[HistoryEntry]) -> set[int]:
    return {
        value
        for entry in entries
        if entry.object_type == "asset"
        for values in (entry.old or {}, entry.new or {})
        for field, value in values.items()
        if field in REFERENCES and isinstance(value, int)
    }


def _personal_values(entries: Sequence[HistoryEntry]) -> dict[str, str]:
    if not actor().may("asset.personal"):
        return {}
    digests = {
        value[words.PERSONAL]
        for entry in entries
        for values in (_flat(entry.old), _flat(entry.new))
        for value in values.values()
        if isinstance(value, Mapping) and words.PERSONAL in value
    }
    return history.personal_values(connection(), actor(), digests) if digests else {}
