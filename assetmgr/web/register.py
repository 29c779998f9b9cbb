"""The register's lists: all types, a group, or one type."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from assetmgr.catalogue import ASSET_TYPES
from assetmgr.catalogue.condition import HEALTH_CLASS_LABELS
from assetmgr.catalogue.labels import FUND_LABELS, STATUSES
from assetmgr.catalogue.model import AssetType, Choice, label
from assetmgr.i18n import N_
from assetmgr.services.replacement_values import calculated
from assetmgr.store import assets, plans
from assetmgr.store.assets import AssetFilter
from assetmgr.web import language, words
from assetmgr.web.access import needs
from assetmgr.web.condition import certainty
from assetmgr.web.plan_addresses import latest_plan
from assetmgr.web.register_filter import (
    EVERYTHING,
    FUNDS,
    GROUPS,
    HEALTH_LETTERS,
    PAGE_SIZE,
    SORTS,
    STATUS_NAMES,
    UNKNOWN_IN_ADDRESS,
    Scope,
    Wanted,
    find_scope,
    read,
)
from assetmgr.web.service import actor, connection, today
from assetmgr.web.texts import _

pages = Blueprint("register", __name__, url_prefix="/<kommun>/register")

COLUMNS = (
    ("skick", N_("Condition, certainty"), False, ()),
    ("besiktad", N_("Last inspected"), False, ()),
    ("ar", N_("Year"), True, ("built_year",)),
    ("material", N_("Material"), False, ("material",)),
    ("dimension", N_("Dimension, mm"), True, ("dimension_mm",)),
    ("langd", N_("Length, m"), True, ("length_m",)),
    ("area", N_("Area, m²"), True, ("area_m2",)),
    ("ateranskaffningsvarde", N_("Replacement value, SEK"), True, ("replacement_value_sek",)),
)
"""Sort word, heading, whether it is a number, and the columns of which a listed type must have one."""


@pages.get("/")
@needs("asset.read")
def everything() -> ResponseReturnValue:
    """All types; the search of every page leads here."""
    return _list(EVERYTHING)


@pages.get("/<name>")
@needs("asset.read")
def listing(name: str) -> ResponseReturnValue:
    """One type, or one group of types."""
    scope = find_scope(name)
    if scope is None:
        raise NotFound
    return _list(scope)


def _list(scope: Scope) -> ResponseReturnValue:
    wanted = read(scope, request.args)
    meant = wanted.filter()
    total = assets.count(connection(), actor(), meant)
    if wanted.offset >= total > 0:
        wanted = wanted.changed(page=(total - 1) // PAGE_SIZE + 1)
    found = assets.page(
        connection(),
        actor(),
        meant,
        sort=SORTS[wanted.sort],
        descending=wanted.descending,
        limit=PAGE_SIZE,
        offset=wanted.offset,
    )
    before_condition = wanted.changed(health_classes=()).filter()
    return render_template(
        "pages/register.html",
        wanted=wanted,
        title=_title(scope),
        counted=_("assets") if scope.only_type is None else _title(scope),
        trail=_trail(scope),
        total=total,
        all_of_scope=assets.count(connection(), actor(), Wanted(scope).filter()) if wanted.is_filtered else total,
        distribution=list(assets.counts_by_health_class(connection(), actor(), before_condition).items()),
        totals=assets.totals(connection(), actor(), meant),
        rows=_rows(found),
        columns=_columns(wanted),
        show_type=scope.only_type is None,
        name_sort=_sort(wanted, "beteckning"),
        chips=_chips(wanted),
        clear_url=_address(Wanted(scope, sort=wanted.sort, descending=wanted.descending)),
        groups=_group_tabs(scope),
        types=_type_tabs(scope),
        choices=_choices(wanted),
        form_url=_address(Wanted(scope)),
        first=wanted.offset + 1,
        last=wanted.offset + len(found),
        previous_url=_address(wanted.changed(page=wanted.page - 1)) if wanted.page > 1 else None,
        next_url=_address(wanted.changed(page=wanted.page + 1)) if wanted.offset + len(found) < total else None,
    )


def _address(wanted: Wanted) -> str:
    arguments: dict[str, Any] = dict(wanted.arguments())
    if wanted.scope.address_name is None:
        return url_for("register.everything", **arguments)
    return url_for("register.listing", name=wanted.scope.address_name, **arguments)


def _title(scope: Scope) -> str:
    if scope.only_type is not None:
        return words.type_label(scope.only_type.name, plural=True)
    return next((_(group.label) for group in GROUPS if group.name == scope.group), _("All types"))


def _trail(scope: Scope) -> list[tuple[str, str | None]]:
    trail: list[tuple[str, str | None]] = [(_("Register"), url_for("register.everything"))]
    if scope.only_type is not None:
        group = next(group for group in GROUPS if group.name == scope.only_type.group)
        trail.append((_(group.label), url_for("register.listing", name=group.address_name)))
    return [*trail, (_title(scope), None)]


# ---- rows -----------------------------------------------------------------------------------------------------------


def _rows(found: Sequence[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    next_measures = _next_measures([row["id"] for row in found])
    values = calculated(connection(), actor(), found)
    return [
        {
            **row,
            "url": url_for("assets.overview", identity=row["uid"]),
            "name": row["designation"] or row["key"],
            "type_label": words.type_label(row["type"]),
            "place": row["attributes"].get("property_designation") or row["address"],
            "certainty": certainty(row["health_index"], row["health_source"], row["inspected_on"], today()),
            "material_label": _material(row),
            "status_label": label(STATUSES[row["status"]], language.current()) if row["status"] in STATUSES else None,
            "next": next_measures.get(row["id"]),
            "calculated": values.get(row["id"]),
        }
        for row in found
    ]


def _material(row: Mapping[Any, Any]) -> str | None:
    asset_type = ASSET_TYPES.get(row["type"])
    names = {a.column for a in asset_type.attributes} if asset_type else set()
    if asset_type is None or "material" not in names:
        return None if row["material"] is None else str(row["material"])
    return words.attribute_text(asset_type.attribute("material"), row["material"])


def _next_measures(asset_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The first measure of the latest plan, for each asset that has one."""
    latest = latest_plan()
    if latest is None:
        return {}
    found: dict[int, dict[str, Any]] = {}
    for row in plans.of_assets(connection(), actor(), asset_ids, latest["id"]):
        if row["funded"] and row["year"] >= today().year:
            measure = {"label": words.treatment_label(row["treatment"]), "year": row["year"]}
            found.setdefault(row["asset_id"], measure)
    return found


def _columns(wanted: Wanted) -> list[dict[str, Any]]:
    present = {attribute.column for asset_type in wanted.scope.types for attribute in asset_type.attributes}
    several = wanted.scope.only_type is None
    skipped = {"area", "material", "dimension", "langd"} if several else set()
    return [
        {"name": name, "label": _(heading), "numeric": numeric, **_sort(wanted, name)}
        for name, heading, numeric, needed in COLUMNS
        if name not in skipped and (not needed or not present.isdisjoint(needed))
    ]


def _sort(wanted: Wanted, name: str) -> dict[str, Any]:
    current = wanted.sort == name
    direction = ("descending" if wanted.descending else "ascending") if current else None
    turned = wanted.changed(sort=name, descending=current and not wanted.descending)
    return {"url": _address(turned), "direction": direction}


# ---- filters --------------------------------------------------------------------------------------------------------


def _chips(wanted: Wanted) -> list[tuple[str, str, str]]:
    """Each filter as label, value and the address of the list without it."""
    now = language.current()
    chips = []
    if wanted.search:
        chips.append((_("Search"), wanted.search, _address(wanted.changed(search=""))))
    if wanted.health_classes:
        letters = [_("Unknown") if letter == "U" else letter for letter in wanted.health_classes]
        chips.append((_("Condition"), _(" or ").join(letters), _address(wanted.changed(health_classes=()))))
    if wanted.fund:
        chips.append((_("Fund"), label(FUND_LABELS[wanted.fund], now), _address(wanted.changed(fund=None))))
    if wanted.status:
        chips.append((_("Status"), label(STATUSES[wanted.status], now), _address(wanted.changed(status=None))))
    if wanted.material:
        text = _material_choice(wanted.scope, wanted.material)
        chips.append((_("Material"), text, _address(wanted.changed(material=None))))
    return chips


def _material_choice(scope: Scope, code: str) -> str:
    for choice in _material_choices(scope):
        if choice.code == code:
            return label(choice, language.current())
    return code


def _material_choices(scope: Scope) -> tuple[Choice, ...]:
    asset_type = scope.only_type
    if asset_type is None or all(attribute.name != "material" for attribute in asset_type.attributes):
        return ()
    return asset_type.attribute("material").choices


def _choices(wanted: Wanted) -> dict[str, list[tuple[str, str, bool]]]:
    """What the filter form offers: (value, label, whether chosen)."""
    now = language.current()
    conditions = [
        (
            UNKNOWN_IN_ADDRESS if letter == "U" else letter.lower(),
            label(HEALTH_CLASS_LABELS[letter], now),
            letter in wanted.health_classes,
        )
        for letter in HEALTH_LETTERS
    ]
    return {
        "conditions": conditions,
        "funds": [(word, label(FUND_LABELS[code], now), code == wanted.fund) for word, code in FUNDS.items()],
        "statuses": [(word, label(STATUSES[code], now), code == wanted.status) for word, code in STATUS_NAMES.items()],
        "materials": [(c.code, label(c, now), c.code == wanted.material) for c in _present_materials(wanted.scope)],
    }


def _present_materials(scope: Scope) -> list[Choice]:
    choices = _material_choices(scope)
    if not choices:
        return []
    present = assets.counts_by(connection(), actor(), Wanted(scope).filter(), "material")
    return [choice for choice in choices if choice.code in present]


# ---- tabs -----------------------------------------------------------------------------------------------------------


def _group_tabs(scope: Scope) -> list[dict[str, Any]]:
    shown_group = scope.only_type.group if scope.only_type else scope.group
    everything = {"label": _("All types"), "url": url_for("register.everything"), "is_current": shown_group is None}
    return [
        everything,
        *(
            {
                "label": _(group.label),
                "url": url_for("register.listing", name=group.address_name),
                "is_current": group.name == shown_group,
            }
            for group in GROUPS
        ),
    ]


def _type_tabs(scope: Scope) -> list[dict[str, Any]]:
    """The types of the shown group that the reader has anything of, with their counts."""
    shown_group = scope.only_type.group if scope.only_type else scope.group
    if shown_group is None:
        return []
    counts = assets.counts_by(connection(), actor(), AssetFilter(), "type")
    return [
        {
            "label": words.type_label(asset_type.name, plural=True),
            "url": url_for("register.listing", name=asset_type.slug_sv),
            "is_current": asset_type is scope.only_type,
            "count": counts.get(asset_type.name, 0),
        }
        for asset_type in _of_group(shown_group)
        if counts.get(asset_type.name) or asset_type is scope.only_type
    ]


def _of_group(name: str) -> list[AssetType]:
    return [asset_type for asset_type in ASSET_TYPES.values() if asset_type.group == name]
