"""One asset: what it is, how it is, what is next, what happened."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as PageNotFound

from assetmgr.catalogue import ASSET_TYPES, ATTRIBUTE_GROUPS
from assetmgr.catalogue.labels import STATUSES
from assetmgr.catalogue.model import AssetType, label
from assetmgr.ids import as_uid
from assetmgr.services.reasons import reason
from assetmgr.services.replacement_values import calculated
from assetmgr.store import assets, history, inspections, plans
from assetmgr.web import formats, language, words
from assetmgr.web.access import needs
from assetmgr.web.condition import certainty
from assetmgr.web.condition_chart import condition_chart
from assetmgr.web.history_words import as_events
from assetmgr.web.plan_addresses import all_plans, latest_plan, plan_url
from assetmgr.web.register_filter import GROUPS
from assetmgr.web.service import actor, connection, register, today
from assetmgr.web.texts import _

pages = Blueprint("assets", __name__, url_prefix="/<kommun>/tillgang/<identity>")
LATEST_EVENTS = 4
SHOWN_CHILDREN = 100

Row = Mapping[Any, Any]


@pages.get("/")
@needs("asset.read")
def overview(identity: str) -> ResponseReturnValue:
    """What the first glance must answer."""
    row = _find(identity)
    if row["uid"] != identity:
        return redirect(url_for("assets.overview", identity=row["uid"]), 302)
    seen = inspections.of_asset(connection(), actor(), row["id"])
    parts = assets.children(connection(), actor(), row["id"])
    return _page(
        "overview",
        row,
        field_groups=_field_groups(row),
        chart=condition_chart(seen, row, today()),
        children=_children(parts[:SHOWN_CHILDREN]),
        child_count=len(parts),
        neighbours=[_neighbour(row, other) for other in assets.connected(connection(), actor(), row["id"])],
        events=as_events(history.of_asset(connection(), actor(), row["id"], limit=LATEST_EVENTS), row["type"]),
        place=_place(row),
    )


@pages.get("/besiktningar")
@needs("inspection.read")
def inspected(identity: str) -> ResponseReturnValue:
    """Conditions that were seen and checks that were done."""
    row = _find(identity)
    return _page("inspected", row, inspections=_inspections(row))


@pages.get("/atgarder")
@needs("plan.read")
def measures(identity: str) -> ResponseReturnValue:
    """What the plans hold for the asset."""
    row = _find(identity)
    return _page("measures", row, plans=_by_plan(plans.of_assets(connection(), actor(), [row["id"]])))


@pages.get("/historik")
@needs("history.read")
def changes(identity: str) -> ResponseReturnValue:
    """Everything on record: who, when, why, before and after."""
    row = _find(identity)
    return _page("changes", row, events=as_events(history.of_asset(connection(), actor(), row["id"]), row["type"]))


def _find(identity: str) -> Row:
    """The asset with this uid, SOURCE:KEY or, where only one has it, key."""
    if as_uid(identity) is not None or ":" in identity:
        return assets.find(connection(), actor(), identity)
    found = assets.with_key(connection(), actor(), identity)
    if len(found) != 1:
        raise PageNotFound
    return found[0]


def _page(tab: str, row: Row, **content: Any) -> ResponseReturnValue:
    asset_type = ASSET_TYPES.get(row["type"])
    return render_template(
        f"pages/asset_{tab}.html",
        asset=row,
        name=row["designation"] or row["key"],
        type_label=words.type_label(row["type"]),
        status_label=label(STATUSES[row["status"]], language.current()) if row["status"] in STATUSES else row["status"],
        trail=_trail(asset_type, row),
        parent=_parent(row),
        facts=_facts(row),
        value=_value(row),
        tabs=_tabs(tab, row),
        certainty=_certainty(row),
        **content,
    )


def _trail(asset_type: AssetType | None, row: Row) -> list[tuple[str, str | None]]:
    trail: list[tuple[str, str | None]] = [(_("Register"), url_for("register.everything"))]
    if asset_type is not None:
        group = next(group for group in GROUPS if group.name == asset_type.group)
        trail.append((_(group.label), url_for("register.listing", name=group.address_name)))
        plural = words.type_label(asset_type.name, plural=True)
        trail.append((plural, url_for("register.listing", name=asset_type.slug_sv)))
    return [*trail, (row["designation"] or row["key"], None)]


def _tabs(current: str, row: Row) -> list[dict[str, Any]]:
    reader = actor()
    shown = [
        ("overview", _("Overview"), None),
        ("inspected", _("Inspections"), len(inspections.of_asset(connection(), reader, row["id"]))),
        ("measures", _("Measures"), len(plans.of_assets(connection(), reader, [row["id"]]))),
        ("changes", _("History"), history.count_of_asset(connection(), reader, row["id"])),
    ]
    return [
        {
            "label": text,
            "url": url_for(f"assets.{name}", identity=row["uid"]),
            "is_current": name == current,
            "count": count,
        }
        for name, text, count in shown
    ]


# ---- head -----------------------------------------------------------------------------------------------------------


def _certainty(row: Row) -> int | None:
    return certainty(row["health_index"], row["health_source"], row["inspected_on"], today())


def _parent(row: Row) -> dict[str, str] | None:
    if row["parent_id"] is None:
        return None
    found = assets.names(connection(), actor(), [row["parent_id"]]).get(row["parent_id"])
    return {"name": found[1], "url": url_for("assets.overview", identity=found[0])} if found else None


def _facts(row: Row) -> dict[str, Any]:
    """What stands under the head: the words of the condition, the next measure, dates and money."""
    return {
        "condition_detail": _condition_detail(row),
        "next": _next_measure(row),
        "terms": _terms(row),
        "consequence": row["consequence_grade"],
    }


def _condition_detail(row: Row) -> str:
    if row["health_index"] is None:
        return _("Never inspected, and nothing to estimate it from")
    if row["health_source"] != "inspected":
        return _("Estimated from age, not inspected")
    if row["inspected_on"] is None:
        return _("Inspected, day unknown")
    native = words.grade_text(row["native_scale"], row["native_grade"])
    if native is not None:
        return _("Inspected %(date)s: %(grade)s", date=formats.date(row["inspected_on"]), grade=native)
    return _("Inspected %(date)s", date=formats.date(row["inspected_on"]))


def _value(row: Row) -> dict[str, Any]:
    """The replacement value: the stated one, else what the catalogue's prices make it, said to be so."""
    if row["replacement_value_sek"] is not None:
        return {"sek": row["replacement_value_sek"], "detail": _("excluding VAT")}
    found = calculated(connection(), actor(), [row]).get(row["id"])
    if found is None:
        return {"sek": None, "detail": None}
    if found.is_verified:
        detail = _("Calculated, %(year)s prices, excluding VAT", year=found.price_year)
    else:
        detail = _("Calculated, unverified %(year)s prices, excluding VAT", year=found.price_year)
    return {"sek": found.sek, "detail": detail, "is_calculated": True}


def _next_measure(row: Row) -> dict[str, Any] | None:
    latest = latest_plan()
    if latest is None:
        return None
    found = plans.of_assets(connection(), actor(), [row["id"]], latest["id"])
    coming = next((measure for measure in found if measure["funded"] and measure["year"] >= today().year), None)
    if coming is None:
        return None
    return {
        "label": words.treatment_label(coming["treatment"]),
        "year": coming["year"],
        "cost_sek": coming["cost_sek"],
        "plan": latest["name"],
    }


def _terms(row: Row) -> list[dict[str, Any]]:
    """Guarantee and liability, and whether they have passed."""
    return [
        {"label": text, "until": row[name], "has_passed": row[name] < today()}
        for name, text in (("guarantee_until", _("Guarantee until")), ("liability_until", _("Liability until")))
        if row[name] is not None
    ]


# ---- overview -------------------------------------------------------------------------------------------------------


def _field_groups(row: Row) -> list[dict[str, Any]]:
    """The attributes by group. What is about people is absent for those without the right to it."""
    asset_type = ASSET_TYPES.get(row["type"])
    attributes = asset_type.attributes if asset_type else ()
    now = language.current()
    groups: dict[str, list[tuple[str, str | None]]] = {"identity": []}
    for attribute in attributes:
        if attribute.personal and not actor().may("asset.personal"):
            continue
        text = words.attribute_text(attribute, words.attribute_value(attribute, row))
        groups.setdefault(attribute.group, []).append((label(attribute, now), text))
    groups["identity"].extend([(_("Source"), row["source"]), (_("Key"), row["key"])])
    return [
        {
            "label": label(ATTRIBUTE_GROUPS[name], now) if name in ATTRIBUTE_GROUPS else name,
            "fields": [(field, text) for field, text in fields if text is not None],
            "unknown": [field for field, text in fields if text is None],
        }
        for name, fields in groups.items()
        if any(text is not None for _field, text in fields)
    ]


def _listed(row: Row) -> dict[str, Any]:
    return {
        **row,
        "url": url_for("assets.overview", identity=row["uid"]),
        "name": row["designation"] or row["key"],
        "type_label": words.type_label(row["type"]),
    }


def _children(rows: Sequence[Row]) -> list[dict[str, Any]]:
    values = calculated(connection(), actor(), rows)
    return [{**_listed(row), "calculated": values.get(row["id"])} for row in rows]


def _neighbour(row: Row, other: Row) -> dict[str, Any]:
    """What meets the asset, and how: seen from a pipe its nodes, seen from a node its pipes."""
    if other["id"] in (row["from_node_id"], row["to_node_id"]):
        how = _("From") if other["id"] == row["from_node_id"] else _("To")
    else:
        how = _("Leads from here") if other["from_node_id"] == row["id"] else _("Leads here")
    return {**_listed(other), "how": how}


def _place(row: Row) -> dict[str, str] | None:
    """The middle of the asset's bounds in the municipality's own zone."""
    if row["min_x"] is None:
        return None
    import numpy as np

    from geodata import crs  # brings pyproj and shapely, which most pages do without

    centre = np.array([[(row["min_x"] + row["max_x"]) / 2, (row["min_y"] + row["max_y"]) / 2]])
    kept_in = crs.parse_crs(register().crs_epsg)
    shown_in = crs.parse_crs(register().display_crs_epsg or register().crs_epsg)
    (east, north), *_rest = crs.transform_coordinates(centre, kept_in, shown_in)
    # PROJ writes SWEREF99 18 00, Lantmäteriet SWEREF 99 18 00.
    name = shown_in.name.replace("SWEREF99", "SWEREF 99")
    return {"coordinate": formats.coordinate(float(north), float(east)), "crs": name}


# ---- tabs -----------------------------------------------------------------------------------------------------------


def _inspections(row: Row) -> list[dict[str, Any]]:
    return [
        {
            **found,
            "what": words.treatment_label(found["check_name"]) if found["check_name"] else _("Condition"),
            "grade": words.grade_text(found["scale"], found["native_grade"]),
            "is_overdue": found["next_due_on"] is not None and found["next_due_on"] < today(),
        }
        for found in inspections.of_asset(connection(), actor(), row["id"])
    ]


def _by_plan(rows: Sequence[Row]) -> list[dict[str, Any]]:
    known = {plan["id"]: plan for plan in all_plans()}
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        made = known[row["plan_id"]]
        plan = found.setdefault(made["id"], {"name": made["name"], "url": plan_url(made), "rows": []})
        plan["rows"].append(
            {
                **row,
                "treatment_label": words.treatment_label(row["treatment"]),
                "reason": reason(row, language.current()),
            }
        )
    return list(found.values())
