"""Maintenance plans: the list, one plan with its money and rows, and its files."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from assetmgr.catalogue import ASSET_TYPES, FUND_LABELS, KINDS
from assetmgr.catalogue.labels import BOOKINGS
from assetmgr.catalogue.model import FUNDS, label
from assetmgr.i18n import N_
from assetmgr.services.reasons import consequence, reason
from assetmgr.store import plans
from assetmgr.store.plans import RowFilter
from assetmgr.web import language, words
from assetmgr.web.access import needs
from assetmgr.web.addresses import slug
from assetmgr.web.budget_chart import BudgetChart, budget_chart
from assetmgr.web.plan_addresses import Plan, all_plans, find_plan, plan_url
from assetmgr.web.register_filter import FUNDS as FUND_WORDS
from assetmgr.web.register_filter import LARGEST_PAGE
from assetmgr.web.service import actor, connection
from assetmgr.web.texts import _

pages = Blueprint("plans", __name__, url_prefix="/<kommun>/plan")
PAGE_SIZE = 50
STATUSES = {"draft": N_("Draft, not adopted"), "reviewed": N_("Reviewed"), "adopted": N_("Adopted")}
KIND_WORDS = {slug(choice.label_sv): code for code, choice in KINDS.items()}
UNFUNDED_WORD = "ofinansierat"
FORMATS = (("xlsx", "Excel"), ("csv", "CSV"), ("gpkg", "GeoPackage"), ("geojson", "GeoJSON"))


@pages.get("/")
@needs("plan.read")
def listing() -> ResponseReturnValue:
    """All plans, the latest made first."""
    return render_template("pages/plans.html", plans=[_listed(plan) for plan in all_plans()])


@pages.get("/<int:first_year>/<name>")
@needs("plan.read")
def show(first_year: int, name: str) -> ResponseReturnValue:
    """One plan: does the money do, what is planned, what is left out?"""
    plan = find_plan(first_year, name)
    if plan is None:
        raise NotFound
    shown = request.args.get("visa") == UNFUNDED_WORD
    wanted = _wanted(plan, funded=not shown)
    number, cost_sek = plans.count_and_cost(connection(), actor(), plan["id"], wanted)
    page = min(_page(), max(1, -(-number // PAGE_SIZE)))
    rows = plans.page(connection(), actor(), plan["id"], wanted, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    first = (page - 1) * PAGE_SIZE + 1
    summary = plan["summary"]
    return render_template(
        "pages/plan.html",
        plan=_listed(plan),
        summary=summary,
        some_prices_verified=summary["unverified_cost_sek"] < summary["cost_sek"],
        charts=charts_of(plan),
        flagged=[{**flag, "fund_label": _fund(flag["fund"])} for flag in summary["flagged_years"]],
        rows_withheld=plans.rows_are_withheld(connection(), actor(), plan["id"]),
        rows=[_row(row, funded=not shown) for row in rows],
        shows_unfunded=shown,
        views=_views(plan, unfunded=shown),
        number=number,
        cost_sek=cost_sek,
        wanted=wanted,
        is_filtered=bool(wanted.year or wanted.fund or wanted.kind),
        choices=_choices(plan, wanted),
        form_url=plan_url(plan),
        clear_url=plan_url(plan, visa=UNFUNDED_WORD if shown else None),
        first=first,
        last=first + len(rows) - 1,
        previous_url=_same(plan, sida=page - 1 if page > 2 else None) if page > 1 else None,
        next_url=_same(plan, sida=page + 1) if page * PAGE_SIZE < number else None,
        downloads=_downloads(plan, wanted.year) if actor().may("plan.export") else [],
    )


def charts_of(plan: Plan) -> list[BudgetChart]:
    """A drawing per fund that has a budget, a cost or a need."""
    summary, years = plan["summary"], range(plan["first_year"], plan["first_year"] + plan["years"])
    charts = [
        budget_chart(
            fund,
            years,
            summary["spend_sek"].get(fund, {}),
            plan["budgets"].get(fund, {}),
            summary["unfunded_sek"].get(fund, {}),
            frozenset(flag["year"] for flag in summary["flagged_years"] if flag["fund"] == fund),
        )
        for fund in reversed(FUNDS)
    ]
    return [chart for chart in charts if chart.budget_sek or chart.cost_sek or chart.unfunded_sek]


def _listed(plan: Plan) -> dict[str, Any]:
    return {
        **plan,
        "url": plan_url(plan),
        "last_year": plan["first_year"] + plan["years"] - 1,
        "status_label": _(STATUSES[plan["status"]]) if plan["status"] in STATUSES else plan["status"],
    }


def _fund(code: str) -> str:
    return label(FUND_LABELS[code], language.current())


# ---- what is shown --------------------------------------------------------------------------------------------------


def _wanted(plan: Plan, *, funded: bool) -> RowFilter:
    year = request.args.get("ar", "")
    years = range(plan["first_year"], plan["first_year"] + plan["years"])
    number = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None
    return RowFilter(
        funded=funded,
        year=number if number in years else None,
        fund=FUND_WORDS.get(request.args.get("kollektiv", "")),
        kind=KIND_WORDS.get(request.args.get("slag", "")),
    )


def _page() -> int:
    text = request.args.get("sida", "1")
    return min(int(text), LARGEST_PAGE) if text.isascii() and text.isdigit() and int(text) > 0 else 1


def _same(plan: Plan, **changes: Any) -> str:
    """This page with the same filter and other arguments."""
    kept = {name: request.args.get(name) or None for name in ("visa", "ar", "kollektiv", "slag")}
    return plan_url(plan, **{**kept, **changes})


def _views(plan: Plan, *, unfunded: bool) -> list[dict[str, Any]]:
    def count(funded: bool) -> int:
        return plans.count_and_cost(connection(), actor(), plan["id"], _wanted(plan, funded=funded))[0]

    return [
        {
            "label": _("Planned measures"),
            "url": _same(plan, visa=None),
            "is_current": not unfunded,
            "count": count(True),
        },
        {
            "label": _("Unfunded"),
            "url": _same(plan, visa=UNFUNDED_WORD),
            "is_current": unfunded,
            "count": count(False),
        },
    ]


def _choices(plan: Plan, wanted: RowFilter) -> dict[str, list[tuple[str, str, bool]]]:
    now = language.current()
    years = range(plan["first_year"], plan["first_year"] + plan["years"])
    return {
        "years": [(str(year), str(year), year == wanted.year) for year in years],
        "funds": [(word, _fund(code), code == wanted.fund) for word, code in FUND_WORDS.items()],
        "kinds": [(word, label(KINDS[code], now), code == wanted.kind) for word, code in KIND_WORDS.items()],
    }


def _row(row: Mapping[Any, Any], *, funded: bool) -> dict[str, Any]:
    now = language.current()
    facts = row["explanation"]
    asset_type = ASSET_TYPES.get(row["asset_type"])
    name = row["designation"] or row["key"]
    place = row["parent_designation"] or row["property_designation"] or row["address"]
    return {
        **row,
        "name": name,
        "type_label": label(asset_type, now) if asset_type else row["asset_type"],
        "place": None if place and place in name else place,
        "treatment_label": words.treatment_label(row["treatment"]),
        "booking_label": label(BOOKINGS[row["booking"]], now) if row["booking"] in BOOKINGS else row["booking"],
        "health": facts.get("health_now"),
        "is_estimated": facts.get("health_source") == "estimated",
        "is_fixed": row["row_class"] != "need",
        "reason": reason(row, now),
        "consequence": None if funded else consequence(row, now),
    }


def _downloads(plan: Plan, year: int | None) -> list[dict[str, Any]]:
    return [
        {
            "label": text,
            "whole": plan_url(plan, "plan_files.download", format_name=name),
            "year": plan_url(plan, "plan_files.download", format_name=name, ar=year) if year else None,
        }
        for name, text in FORMATS
    ]
