"""The start page: what is due, how do we stand."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from assetmgr.services import falling_due
from assetmgr.services.falling_due import DueRow
from assetmgr.store import assets, registers
from assetmgr.store.assets import AssetFilter
from assetmgr.web import formats, language
from assetmgr.web.access import needs, open_to_all
from assetmgr.web.addresses import municipality_names
from assetmgr.web.due import due_now
from assetmgr.web.due_words import due_words
from assetmgr.web.plan_addresses import latest_plan, plan_url
from assetmgr.web.plans import charts_of
from assetmgr.web.register_filter import GROUPS, find_scope
from assetmgr.web.service import actor, connection, today
from assetmgr.web.texts import _, ngettext

pages = Blueprint("start", __name__)
SHOWN_DUE = 6


@pages.get("/")
@open_to_all
def choose() -> ResponseReturnValue:
    """The only municipality's start page, or the reader's own, or a list to choose from."""
    known = municipality_names(registers.municipalities(connection()))
    if not known:
        raise NotFound
    if g.actor is not None:
        for code, address_name in known.items():
            if registers.info(connection(), code).municipality_id == g.actor.municipality_id:
                return redirect(url_for("start.show", kommun=address_name), 303)
    if len(known) == 1:
        return redirect(url_for("start.show", kommun=next(iter(known.values()))), 303)
    names = dict(registers.municipalities(connection()))
    chosen = [(names[code], url_for("start.show", kommun=address_name)) for code, address_name in known.items()]
    return render_template("pages/municipalities.html", municipalities=chosen)


@pages.get("/<kommun>/")
@needs("asset.read")
def show() -> ResponseReturnValue:
    """What must I do, how do we stand, and is anything burning?"""
    due = due_now()
    plan = latest_plan()
    distributions = _distributions()
    return render_template(
        "pages/start.html",
        sentence=_sentence(due, plan),
        day=today(),
        due=[due_words(row) for row in _most_urgent(due)],
        due_counts=Counter(_due_group(row) for row in due),
        due_days=falling_due.CHECK_DAYS,
        plan=plan,
        plan_link=plan_url(plan) if plan else None,
        charts=charts_of(plan) if plan else [],
        distributions=distributions,
        worst=sum(counts["E"] for _label, _url, counts in distributions),
    )


def _sentence(due: Sequence[DueRow], plan: Mapping[Any, Any] | None) -> str:
    """The one line that this reader came for."""
    overdue = sum(row.is_overdue and row.statutory for row in due)
    reader = actor()
    if reader.roles & {"planner", "decider"} and plan is not None:
        counts = plan["summary"]["counts"]
        if counts["unfunded"]:
            return _(
                "%(plan)s: %(count)s needs for %(sum)s have no money",
                plan=plan["name"],
                count=formats.number(counts["unfunded"], language.current()),
                sum=formats.money_short(plan["summary"]["unfunded_cost_sek"], language.current()),
            )
        return _("%(plan)s: everything needed has money", plan=plan["name"])
    if overdue:
        return ngettext("%(num)d statutory check is overdue", "%(num)d statutory checks are overdue", overdue)
    if due:
        return ngettext("%(num)d thing falls due within 90 days", "%(num)d things fall due within 90 days", len(due))
    return _("Nothing falls due within 90 days")


def _due_group(row: DueRow) -> str:
    if not row.is_overdue:
        return "coming"
    return "statutory" if row.statutory else "own"


def _most_urgent(due: Sequence[DueRow]) -> list[DueRow]:
    """Statutory first, each kind of thing at most twice, so that one long backlog does not hide the rest."""
    seen: Counter[str] = Counter()
    chosen = []
    for row in sorted(due, key=lambda row: not row.statutory):
        seen[row.name] += 1
        if seen[row.name] <= 2:
            chosen.append(row)
    return chosen[:SHOWN_DUE]


def _distributions() -> list[tuple[str, str, dict[str, int]]]:
    """The condition of each group of types: label, address of its list, counts by class."""
    found = []
    for group in GROUPS:
        scope = find_scope(group.address_name)
        types = tuple(t.name for t in scope.types) if scope else ()
        counts = assets.counts_by_health_class(connection(), actor(), AssetFilter(asset_types=types))
        if sum(counts.values()):
            found.append((_(group.label), url_for("register.listing", name=group.address_name), counts))
    return found
