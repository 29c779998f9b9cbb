"""What the frame of every page shows: places, reader, languages, search."""

from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for

from assetmgr.i18n import N_
from assetmgr.store.access import Actor
from assetmgr.web import language
from assetmgr.web.roles import role_words
from assetmgr.web.texts import _


@dataclass(frozen=True)
class Place:
    """A place of the service; the blueprints named in `covers` are inside it."""

    name: str
    label: str
    endpoint: str
    icon: str
    right: str
    covers: tuple[str, ...]
    on_phone: bool = True
    is_tool: bool = False


PLACES = (
    Place("start", N_("Start"), "start.show", "home", "asset.read", ("start", "due")),
    Place("register", N_("Register"), "register.everything", "register", "asset.read", ("register", "assets")),
    Place("plan", N_("Maintenance plan"), "plans.listing", "plan", "plan.read", ("plans",)),
)
"""In working order. A place that the reader's roles may not use is absent."""


def of_page() -> dict[str, Any]:
    """What base.html asks for."""
    actor: Actor | None = g.get("actor")
    register = g.get("register")
    inside = actor is not None and register is not None and actor.municipality_id == register.municipality_id
    return {
        "language": language.current(),
        "languages": tuple(language.NAMES.items()),
        "language_url": url_for("language.switch"),
        "statement_url": url_for("statement.show"),
        "this_page": request.full_path.rstrip("?") if request.method == "GET" else "/",
        "register": {"name": register.name, "is_demo": register.is_demo} if register else None,
        "places": _places(actor) if inside and actor else [],
        "reader": {"role": role_words(actor.roles), "name": actor.name} if inside and actor else None,
        "search": {"url": url_for("register.everything"), "text": request.args.get("q", "")}
        if inside and actor and actor.may("asset.read")
        else None,
        "sign_out_url": url_for("sign_in.leave") if inside else None,
    }


def _places(actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "name": place.name,
            "label": _(place.label),
            "url": url_for(place.endpoint),
            "icon": place.icon,
            "is_current": request.blueprint in place.covers,
            "on_phone": place.on_phone,
            "is_tool": place.is_tool,
        }
        for place in PLACES
        if actor.may(place.right)
    ]
