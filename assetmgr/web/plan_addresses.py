"""Where a plan stands: /botkyrka/plan/2027/utkast-3, by its first year and its name."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from flask import g, url_for

from assetmgr.ids import as_uid
from assetmgr.store import plans
from assetmgr.web.addresses import slug
from assetmgr.web.service import actor, connection

Plan = Mapping[Any, Any]


def all_plans() -> Sequence[Plan]:
    """The municipality's plans, the latest made first; read once per request."""
    if "plans" not in g:
        g.plans = plans.listing(connection(), actor())
    return cast(Sequence[Plan], g.plans)


def latest_plan() -> Plan | None:
    """The plan that lists and asset pages speak of; None where there is none, or the reader may read none."""
    return next(iter(all_plans()), None) if actor().may("plan.read") else None


def plan_url(plan: Plan, endpoint: str = "plans.show", **arguments: Any) -> str:
    """The address of a plan's page."""
    word = address_words(all_plans())[plan["uid"]]
    return url_for(endpoint, first_year=plan["first_year"], name=word, **arguments)


def address_words(found: Sequence[Plan]) -> dict[str, str]:
    """Each plan's uid and its word in addresses. Of plans whose names read alike there, only the first made has it."""
    words: dict[str, str] = {}
    taken: set[tuple[int, str]] = set()
    for plan in sorted(found, key=lambda plan: plan["id"]):
        place = (plan["first_year"], slug(plan["name"]))
        words[plan["uid"]] = str(plan["uid"]) if not place[1] or place in taken else place[1]
        taken.add(place)
    return words


def find_plan(first_year: int, name: str) -> Plan | None:
    """The plan at an address; its uid opens it too."""
    found = all_plans()
    words, uid = address_words(found), as_uid(name)
    return next(
        (
            plan
            for plan in found
            if plan["first_year"] == first_year and (words[plan["uid"]] == name or plan["uid"] == uid)
        ),
        None,
    )
