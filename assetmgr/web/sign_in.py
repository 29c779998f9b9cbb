"""Signing in and out."""

from collections.abc import Sequence

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from assetmgr import logs
from assetmgr.services import people
from assetmgr.store import people as stored_people
from assetmgr.store.engine import WRITES
from assetmgr.web import service, sessions
from assetmgr.web.access import open_to_all
from assetmgr.web.addresses import own_page
from assetmgr.web.roles import role_words
from assetmgr.web.security import is_loopback
from assetmgr.web.texts import _

ATTEMPTS = "10 per 5 minutes"
REFUSED = 422
log = logs.get(__name__)


def blueprint(limiter: Limiter) -> Blueprint:
    """The sign-in's pages. Attempts that fail are counted, by address and by account."""
    pages = Blueprint("sign_in", __name__, url_prefix="/<kommun>")
    by_address = limiter.limit(ATTEMPTS, key_func=get_remote_address, deduct_when=_was_refused)
    by_account = limiter.limit(ATTEMPTS, key_func=_account, deduct_when=_was_refused)

    @pages.get("/logga-in")
    @open_to_all
    def show() -> ResponseReturnValue:
        if g.actor is not None and g.actor.municipality_id == g.register.municipality_id:
            return redirect(_onwards(), 303)
        return _form()

    enter = open_to_all(by_address(by_account(_enter)))
    pages.add_url_rule("/logga-in", "enter", enter, methods=["POST"])

    @pages.post("/logga-ut")
    @open_to_all
    def leave() -> ResponseReturnValue:
        response = make_response(redirect(url_for("sign_in.show"), 303))
        token = request.cookies.get(sessions.COOKIE)
        if token:
            service.let_go_of_connection()
            with service.service().engine.connect().execution_options(**WRITES) as connection, connection.begin():
                people.sign_out(connection, token)
            log.info("signed_out", user=g.actor.user_id if g.actor else None)
        sessions.take_cookie(response)
        session.clear()
        return response

    return pages


def _enter() -> ResponseReturnValue:
    name, password = request.form.get("name", "").strip(), request.form.get("password", "")
    missing = {
        field: message
        for field, value, message in (
            ("name", name, _("Write your user name.")),
            ("password", password, _("Write your password.")),
        )
        if not value
    }
    if missing:
        return _form(name, missing)
    municipality_id = g.register.municipality_id
    user_id = people.known_password(service.connection(), municipality_id, name, password)
    if user_id is None:
        log.info("sign_in_refused", municipality=g.register.code)
        return _form(
            name, {"password": _("The user name and the password do not go together. Check both and try again.")}
        )
    service.let_go_of_connection()
    made = service.service()
    with made.engine.connect().execution_options(**WRITES) as connection, connection.begin():
        sign_in = people.open_sign_in(connection, municipality_id, user_id, made.clock())
    log.info("signed_in", user=user_id)
    # A form's token from before the sign-in is worth nothing after it.
    session.clear()
    response = make_response(redirect(_onwards(), 303))
    sessions.give_cookie(response, sign_in)
    return response


def _form(name: str = "", problems: dict[str, str] | None = None) -> ResponseReturnValue:
    text = render_template(
        "pages/sign_in.html",
        name=name,
        problems=problems or {},
        onwards=own_page(request.values.get("vidare")),
        needs_https=not request.is_secure and not is_loopback(request.host),
        demo_users=_demo_users(),
    )
    return text, REFUSED if problems else 200


def _demo_users() -> Sequence[tuple[str, str]]:
    """In a demonstration, the accounts to try and their roles; the passwords stand where it was started."""
    if not g.register.is_demo:
        return []
    everyone = stored_people.everyone(service.connection(), g.register.municipality_id)
    return [(name, role_words(roles)) for name, roles in everyone]


def _onwards() -> str:
    return own_page(request.values.get("vidare")) or url_for("start.show")


def _account() -> str:
    return f"{g.register.code}:{request.form.get('name', '').strip()}"


def _was_refused(response: Response) -> bool:
    return response.status_code == REFUSED
