"""Which pages are open: each view says so itself, and one that says nothing is found when the app starts.

The queries behind a page ask for their rights again, so this decides how a refusal is told, not what a page may show.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from assetmgr.store.access import RIGHTS, require
from assetmgr.web import service, sessions

View = TypeVar("View", bound=Callable[..., Any])
OPEN = ""
WITHOUT_DATABASE = ("static", "health.show")


def open_to_all(view: View) -> View:
    """Mark a page that is shown without signing in."""
    view.needs = OPEN  # type: ignore[attr-defined]
    return view


def needs(right: str) -> Callable[[View], View]:
    """Mark a page that is shown to whoever holds this right."""
    if right not in RIGHTS:
        raise KeyError(right)

    def mark(view: View) -> View:
        view.needs = right  # type: ignore[attr-defined]
        return view

    return mark


def right_of(app: Flask, endpoint: str) -> str:
    """The right that a page needs; OPEN where it needs none."""
    if endpoint == "static":
        return OPEN
    return str(getattr(app.view_functions[endpoint], "needs"))  # noqa: B009 - set by the marks above


def check_every_view_says(app: Flask) -> None:
    """Refuse to start with a page that nobody decided about."""
    silent = [name for name, view in app.view_functions.items() if name != "static" and not hasattr(view, "needs")]
    if silent:
        raise RuntimeError(f"views without needs() or open_to_all(): {silent}")


def find_place() -> None:
    """Take the municipality from the address; one that is not there is a page that is not there."""
    g.actor = g.register = None
    if request.endpoint in WITHOUT_DATABASE:
        return
    g.actor = sessions.signed_in()
    # A page that is not there still stands in its municipality's frame.
    address_name = g.pop("kommun", None) or (request.path.split("/")[1] if request.endpoint is None else None)
    if address_name:
        g.register = service.find_register(address_name)
        if g.register is None:
            raise NotFound
        g.kommun = address_name


def admit() -> ResponseReturnValue | None:
    """Let the reader in, or say why not: to the sign-in, or to nothing where the place is another municipality's."""
    if request.endpoint is None:
        return None
    right = right_of(current_app, request.endpoint)
    if right == OPEN:
        return None
    if g.actor is None:
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("sign_in.show", vidare=back), 303)
    if g.actor.municipality_id != g.register.municipality_id:
        raise NotFound
    require(g.actor, right)
    return None
