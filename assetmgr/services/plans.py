"""Plans: made from the register within budgets, kept as drafts that follow the register, listed and shown."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from sqlalchemy.engine import Connection

import planner
from assetmgr.catalogue import ASSET_TYPES, CHECKS, TREATMENTS, health_class
from assetmgr.catalogue.model import FUNDS, label
from assetmgr.changes import Change, canonical_json, difference
from assetmgr.errors import AssetmgrError, NotAllowed
from assetmgr.services import reasons
from assetmgr.services.plan_rows import RowsToStore, rows_to_store
from assetmgr.services.portfolio import PortfolioData, build
from assetmgr.store import plans as store
from assetmgr.store.access import Actor, require
from assetmgr.store.writing import Writing

SHORTEST_YEARS, LONGEST_YEARS = 1, 50
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
LARGEST_BUDGET_SEK = 10**15
LONGEST_NAME = 200

BudgetPerFund = Mapping[str, Mapping[int, int]]
"""Fund to year to whole kronor excluding VAT; a fund or year that is left out has none."""


@dataclass(frozen=True)
class SavedPlan:
    """The identities of a saved plan."""

    id: int
    uid: str
    name: str


def generate(
    work: Writing,
    name: str,
    first_year: int,
    years: int,
    budgets: BudgetPerFund,
    seed: int = 0,
    reason: str = "",
) -> SavedPlan:
    """Make a plan of the register as it is now and save it as a draft.

    The same register, budgets and seed give the same plan. `reason` goes on record with it.
    """
    require(work.actor, "plan.write")
    name = _checked_name(name)
    _check_period(first_year, years, seed)
    amounts = _budget_array(budgets, first_year, years)
    if store.name_is_used(work.connection, work.actor, name):
        raise AssetmgrError("plan_name_used", name=name)
    settings = planner.Settings()
    data = build(work.connection, work.actor, first_year, years)
    made = _make(data, planner.Budgets(first_year, amounts), settings, seed)
    values = {
        "name": name,
        "status": store.DRAFT,
        "first_year": first_year,
        "years": years,
        "seed": seed,
        "budgets": _budget_json(amounts, first_year),
        "created_by": work.actor.name,
        **made.values,
    }
    uid = work.new_uids(1)[0]
    plan_id = store.insert_plan(work, uid, values)
    store.replace_rows(work, plan_id, made.rows.columns)
    recorded = _recorded(values) | ({"reason": reason} if reason else {})
    work.record([Change("plan", plan_id, uid, None, recorded)])
    return SavedPlan(plan_id, uid, name)


def refresh(work: Writing, identity: str | int) -> bool:
    """Make a draft anew with its own period, budgets, settings and seed.

    False, and nothing written, where everything it rests on is as it was.
    """
    require(work.actor, "plan.write")
    plan = store.find(work.connection, work.actor, identity)
    if plan["status"] != store.DRAFT:
        raise AssetmgrError("plan_not_draft", name=plan["name"], status=plan["status"])
    kept = plan["settings"]
    highest = int(kept["highest_protection_class"])
    if work.actor.clearance < highest:
        raise NotAllowed("plan_sees_more", name=plan["name"])
    first_year, years = plan["first_year"], plan["years"]
    data = build(work.connection, work.actor, first_year, years, highest_protection_class=highest)
    amounts = _budget_array(
        {fund: {int(year): sek for year, sek in per_year.items()} for fund, per_year in plan["budgets"].items()},
        first_year,
        years,
    )
    settings = planner.Settings(**kept["planner"])
    if _digest(data, planner.Budgets(first_year, amounts), settings, plan["seed"]) == plan["inputs_digest"]:
        return False
    made = _make(data, planner.Budgets(first_year, amounts), settings, plan["seed"])
    store.update_plan(work, plan["id"], plan["version"], {**made.values, "refreshed_at": work.at})
    store.replace_rows(work, plan["id"], made.rows.columns)
    old, new = difference(_recorded(plan), _recorded({**plan, **made.values}))
    work.record([Change("plan", plan["id"], plan["uid"], old, new)])
    return True


def stale_drafts(connection: Connection, actor: Actor) -> list[str]:
    """Names of the drafts, oldest first: those that `refresh` may have to make anew."""
    drafts = [plan["name"] for plan in store.listing(connection, actor) if plan["status"] == store.DRAFT]
    return drafts[::-1]


# ---- what was asked for ---------------------------------------------------------------------------------------------


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise AssetmgrError("plan_name_missing")
    if len(name) > LONGEST_NAME:
        raise AssetmgrError("plan_name_too_long", longest=LONGEST_NAME, length=len(name))
    return name


def _check_period(first_year: int, years: int, seed: int) -> None:
    if not SHORTEST_YEARS <= years <= LONGEST_YEARS:
        raise AssetmgrError("plan_years_outside", years=years, shortest=SHORTEST_YEARS, longest=LONGEST_YEARS)
    if not EARLIEST_YEAR <= first_year <= LATEST_YEAR:
        raise AssetmgrError("plan_first_year_outside", year=first_year, earliest=EARLIEST_YEAR, latest=LATEST_YEAR)
    if not 0 <= seed < 2**31:
        raise AssetmgrError("plan_seed_outside", seed=seed, largest=2**31 - 1)


def _budget_array(budgets: BudgetPerFund, first_year: int, years: int) -> planner.inputs.IntColumn:
    """The budgets as (n_funds, n_years), funds in the catalogue's order."""
    amounts = np.zeros((len(FUNDS), years), dtype=np.int64)
    last_year = first_year + years - 1
    for fund, per_year in budgets.items():
        if fund not in FUNDS:
            raise AssetmgrError("budget_fund_unknown", fund=fund, funds=list(FUNDS))
        for year, sek in per_year.items():
            if not first_year <= year <= last_year:
                raise AssetmgrError("budget_year_outside_plan", fund=fund, year=year, first=first_year, last=last_year)
            amounts[FUNDS.index(fund), year - first_year] = _checked_amount(fund, year, sek)
    return amounts


def _checked_amount(fund: str, year: int, sek: float) -> int:
    if isinstance(sek, bool) or not math.isfinite(sek) or sek != int(sek):
        raise AssetmgrError("budget_not_whole_kronor", fund=fund, year=year, amount=str(sek))
    if sek < 0:
        raise AssetmgrError("budget_negative", fund=fund, year=year, amount=int(sek))
    if sek > LARGEST_BUDGET_SEK:
        raise AssetmgrError("budget_too_large", fund=fund, year=year, amount=int(sek), largest=LARGEST_BUDGET_SEK)
    return int(sek)


def _budget_json(amounts: planner.inputs.IntColumn, first_year: int) -> dict[str, dict[str, int]]:
    return {
        fund: {str(first_year + place): int(sek) for place, sek in enumerate(row)}
        for fund, row in zip(FUNDS, amounts, strict=True)
    }


# ---- making ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Made:
    """What comes of the planner, ready to be saved."""

    values: dict[str, Any]
    rows: RowsToStore


def _make(data: PortfolioData, budgets: planner.Budgets, settings: planner.Settings, seed: int) -> _Made:
    try:
        plan = planner.generate_plan(data.portfolio, budgets, settings, seed)
    except planner.PlannerInputError as error:
        raise AssetmgrError("plan_inputs_refused", cause=error.code, values=dict(error.details)) from error
    rows = rows_to_store(data, plan)
    values = {
        "price_level": data.price_level,
        "settings": {
            "planner": _without_extra(settings),
            "highest_protection_class": data.highest_protection_class,
            "assumptions": data.assumptions,
        },
        "summary": _summary(data, plan, budgets, rows),
        "inputs_digest": _digest(data, budgets, settings, seed),
    }
    return _Made(values, rows)


def _without_extra(settings: planner.Settings) -> dict[str, float]:
    return {name: value for name, value in asdict(settings).items() if name != "extra"}


def _digest(data: PortfolioData, budgets: planner.Budgets, settings: planner.Settings, seed: int) -> str:
    """SHA-256 over everything the plan rests on: its columns, assumptions, budgets, settings and seed."""
    digest = hashlib.sha256()
    for field in fields(data.portfolio):
        value = getattr(data.portfolio, field.name)
        digest.update(f"\x1e{field.name}\x1f".encode())
        if isinstance(value, np.ndarray):
            digest.update(f"{value.dtype.str}{value.shape}".encode())
            digest.update(np.ascontiguousarray(value).tobytes())
        else:
            digest.update(repr(value).encode())
    digest.update(data.facts_digest)
    asked = {
        "assumptions": data.assumptions,
        "price_level": data.price_level,
        "first_year": budgets.first_year,
        "budgets": budgets.sek.tolist(),
        "settings": _without_extra(settings),
        "seed": seed,
    }
    digest.update((canonical_json(asked) or "").encode())
    return digest.hexdigest()


def _summary(data: PortfolioData, plan: planner.Plan, budgets: planner.Budgets, rows: RowsToStore) -> dict[str, Any]:
    """The plan in numbers: money per fund and year, how near the best it is, and what its kronor rest on."""
    first_year, years = budgets.first_year, budgets.sek.shape[1]

    def per_year(amounts: Any) -> dict[str, dict[str, int]]:
        return _budget_json(amounts, first_year)

    missing = rows.unfunded_sek(first_year, years, fixed_only=True)
    flagged = [
        {"fund": fund, "year": first_year + year, "missing_sek": int(missing[place, year])}
        for place, fund in enumerate(FUNDS)
        for year in range(years)
        if plan.flagged[place, year]
    ]
    return {
        "spend_sek": per_year(plan.spend_sek),
        "unfunded_sek": per_year(rows.unfunded_sek(first_year, years)),
        "value_sek": round(float(plan.value), 2),
        "bound_sek": round(float(plan.bound), 2),
        "gap": float(plan.gap),
        "value_of_one_more_krona": {
            fund: {str(first_year + place): round(float(price), 4) for place, price in enumerate(row)}
            for fund, row in zip(FUNDS, plan.price, strict=True)
        },
        "flagged_years": flagged,
        **rows.sums(),
        "assets": len(data.portfolio.asset_id),
        "counts": rows.counts(),
    }


_RECORDED = ("name", "status", "first_year", "years", "seed", "price_level", "budgets", "inputs_digest")


def _recorded(plan: Mapping[Any, Any]) -> dict[str, Any]:
    """What a change record says of a plan: its rows follow from it and the register."""
    summary = plan["summary"]
    return {
        **{name: plan[name] for name in _RECORDED},
        "cost_sek": summary["cost_sek"],
        "unfunded_cost_sek": summary["unfunded_cost_sek"],
        "measures": summary["counts"]["measures"],
        "unfunded": summary["counts"]["unfunded"],
        "flagged_years": summary["flagged_years"],
    }


# ---- reading --------------------------------------------------------------------------------------------------------

_LISTED = ("id", "uid", "name", "status", "first_year", "years", "seed", "price_level", "version")


def listing(connection: Connection, actor: Actor) -> list[dict[str, Any]]:
    """All plans, the latest first, with what is needed to choose one."""
    return [
        {
            **_head(plan),
            "cost_sek": plan["summary"]["cost_sek"],
            "unfunded_cost_sek": plan["summary"]["unfunded_cost_sek"],
            "unverified_cost_sek": plan["summary"]["unverified_cost_sek"],
            "measures": plan["summary"]["counts"]["measures"],
            "unfunded": plan["summary"]["counts"]["unfunded"],
            "flagged_years": plan["summary"]["flagged_years"],
        }
        for plan in store.listing(connection, actor)
    ]


def _head(plan: Mapping[Any, Any]) -> dict[str, Any]:
    refreshed = plan["refreshed_at"]
    return {
        **{name: plan[name] for name in _LISTED},
        "vat": "excluded",
        "created_at": plan["created_at"].isoformat(),
        "refreshed_at": refreshed.isoformat() if refreshed else None,
    }


def show(connection: Connection, actor: Actor, identity: str | int, language: str = "sv") -> dict[str, Any]:
    """A plan whole: budgets, measures, unfunded needs and its summary.

    `rows_withheld` is true where the actor may not see all rows; the summary is always the whole plan's. `assumed`
    counts what was left out or taken for granted since something is unknown.
    """
    plan = store.find(connection, actor, identity)
    rows = store.rows(connection, actor, plan["id"])
    shown = [_shown_row(row, language) for row in rows]
    return {
        **_head(plan),
        "budgets": plan["budgets"],
        "summary": plan["summary"],
        "assumed": plan["settings"]["assumptions"]["counts"],
        "inputs_digest": plan["inputs_digest"],
        "rows_withheld": store.rows_are_withheld(connection, actor, plan["id"]),
        "measures": [values for row, values in zip(rows, shown, strict=True) if row["funded"]],
        "unfunded": [
            values | {"consequence": reasons.consequence(row, language)}
            for row, values in zip(rows, shown, strict=True)
            if not row["funded"]
        ],
    }


def _shown_row(row: Mapping[Any, Any], language: str) -> dict[str, Any]:
    facts = row["explanation"]
    return {
        "asset": row["asset_uid"],
        "asset_type": row["asset_type"],
        "year": row["year"],
        "fund": row["fund"],
        "kind": row["kind"],
        "booking": row["booking"],
        "treatment": row["treatment"],
        "cost_sek": row["cost_sek"],
        "reason": reasons.reason(row, language),
        "class": row["row_class"],
        "designation": row["designation"],
        "source": row["source"],
        "key": row["key"],
        "asset_type_label": label(ASSET_TYPES[row["asset_type"]], language),
        "treatment_label": _action_label(row["treatment"], language),
        "quantity": facts.get("quantity"),
        "unit": facts.get("unit"),
        "unit_price_sek": facts.get("unit_price_sek"),
        "price_verified": row["price_verified"],
        "booking_rule": row["booking_rule"],
        "health": facts.get("health_now"),
        "health_class": health_class(facts.get("health_now")),
        "health_source": facts.get("health_source"),
        "native_scale": facts.get("native_scale"),
        "native_grade": facts.get("native_grade"),
        "inspected_on": facts.get("inspected_on"),
        "decided_by": facts["decided_by"],
        "benefit_sek": facts.get("benefit_sek"),
        "waiting_cost_sek": facts.get("waiting_cost_sek"),
    }


def _action_label(name: str, language: str) -> str:
    return label(CHECKS[name] if name in CHECKS else TREATMENTS[name], language)
