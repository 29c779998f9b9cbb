"""Signing in and out."""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.engine import Connection
from werkzeug.exceptions import TooManyRequests

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

REFUSED = 422
log = logs.get(__name__)
pages = Blueprint("sign_in", __name__, url_prefix="/<kommun>")


@pages.get("/logga-in")
@open_to_all
def show() -> ResponseReturnValue:
    """The form; whoever is signed in already is sent on."""
    if g.actor is not None and g.actor.municipality_id == g.register.municipality_id:
        return redirect(_onwards(), 303)
    return _form()


@pages.post("/logga-in")
@open_to_all
def enter() -> ResponseReturnValue:
    """Let in whoever knows the password, and tell all others the same."""
    name, password = request.form.get("name", "").strip(), request.form.get("password", "")
    missing = _missing(name, password)
    if missing:
        return _form(name, missing)
    municipality_id, made = g.register.municipality_id, service.service()
    with _writing() as connection:
        attempt = people.begin_attempt(connection, municipality_id, _subjects(name), made.clock())
    if attempt is None:
        log.info("sign_in_throttled", municipality=g.register.code)
        raise TooManyRequests
    user_id = people.known_password(service.connection(), municipality_id, name, password)
    if user_id is None:
        log.info("sign_in_refused", municipality=g.register.code)
        return _form(
            name, {"password": _("The user name and the password do not go together. Check both and try again.")}
        )
    with _writing() as connection:
        people.forgive_attempt(connection, attempt)
        sign_in = people.open_sign_in(connection, municipality_id, user_id, made.clock())
    log.info("signed_in", user=user_id)
    # A form's token from before the sign-in is worth nothing after it.
    session.clear()
    response = make_response(redirect(_onwards(), 303))
    sessions.give_cookie(response, sign_in)
    return response


@pages.post("/logga-ut")
@open_to_all
def leave() -> ResponseReturnValue:
    """End the sign-in here and at the server."""
    response = make_response(redirect(url_for("sign_in.show"), 303))
    token = request.cookies.get(sessions.COOKIE)
    if token:
        with _writing() as connection:
            people.sign_out(connection, token)
        log.info("signed_out", user=g.actor.user_id if g.actor else None)
    sessions.take_cookie(response)
    session.clear()
    return response


@contextmanager
def _writing() -> Iterator[Connection]:
    """A short transaction about sign-ins, which are no part of the register and leave no change records."""
    service.let_go_of_connection()
    with service.service().engine.connect().execution_options(**WRITES) as connection, connection.begin():
        yield connection


def _missing(name: str, password: str) -> dict[str, str]:
    words = {"name": _("Write your user name."), "password": _("Write your password.")}
    return {field: words[field] for field, value in (("name", name), ("password", password)) if not value}


def _subjects(name: str) -> list[str]:
    """What the attempt is counted for: the account and the address, unreadable without the service's key."""
    account, address = f"account {g.register.code} {name}", f"address {request.remote_addr}"
    key = current_app.secret_key
    secret = key.encode() if isinstance(key, str) else key or b""
    return [hmac.new(secret, text.encode(), hashlib.sha256).hexdigest() for text in (account, address)]


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
