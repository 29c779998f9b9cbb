"""Puts the service together: `create_app(settings)` gives the Flask application."""

import hashlib
import os
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, request
from flask_babel import Babel
from flask_wtf import CSRFProtect
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from assetmgr import config, logs
from assetmgr.i18n import DEFAULT_LANGUAGE
from assetmgr.store import schema
from assetmgr.store.engine import open_engine
from assetmgr.store.writing import utc_now
from assetmgr.web import (
    access,
    assets,
    failures,
    falling_due,
    formats,
    frame,
    health,
    language,
    plan_files,
    plans,
    register,
    security,
    service,
    sign_in,
    start,
    statement,
)
from assetmgr.web.secret_key import refuse_open_file, secret_key

PROXIES_VARIABLE = "ASSETMGR_TRUSTED_PROXIES"
LARGEST_FORM_BYTES = 1_000_000
log = logs.get(__name__)


def create_app(
    settings: config.Settings, *, engine: Engine | None = None, clock: Callable[[], datetime] = utc_now
) -> Flask:
    """The service over a register's database; refuses one it cannot use, a weak secret, and a file open to all."""
    app = Flask("assetmgr")
    database = engine or open_engine(settings.database_url)
    schema.check_usable(database)
    refuse_open_file(database)
    service.add_to(app, service.Service(settings, database, clock))
    app.config.update(
        SECRET_KEY=secret_key(database),
        SESSION_COOKIE_NAME="assetmgr_form",
        SESSION_COOKIE_SAMESITE="Lax",
        # A form may stay open as long as a sign-in lasts.
        WTF_CSRF_TIME_LIMIT=int(timedelta(hours=12).total_seconds()),
        MAX_CONTENT_LENGTH=LARGEST_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM_BYTES,
        MAX_FORM_PARTS=1_000,
        BABEL_DEFAULT_LOCALE=DEFAULT_LANGUAGE,
        BABEL_DEFAULT_TIMEZONE="Europe/Stockholm",
    )
    app.session_interface = security.FormSession()
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    _trust_proxies(app)
    _give_each_request_an_id(app)
    app.before_request(security.refuse_junk)
    app.url_value_preprocessor(_take_municipality)
    app.url_defaults(_add_municipality)
    app.url_defaults(_add_digest)
    app.before_request(access.find_place)
    CSRFProtect(app)
    app.before_request(access.admit)
    Babel(app, locale_selector=language.chosen)
    formats.register_formats(app)
    failures.register_failures(app)
    app.context_processor(frame.of_page)
    for pages in (
        health.pages,
        statement.pages,
        language.pages,
        sign_in.pages,
        start.pages,
        falling_due.pages,
        register.pages,
        assets.pages,
        plans.pages,
        plan_files.pages,
    ):
        app.register_blueprint(pages)
    access.check_every_view_says(app)
    return app


def _trust_proxies(app: Flask) -> None:
    """Believe what so many proxies before the service say of the reader's address, host and https; none by default."""
    count = int(os.environ.get(PROXIES_VARIABLE) or 0)
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def _give_each_request_an_id(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        g.request_id = secrets.token_hex(6).upper()
        g.began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        security.set_headers(response)
        if "request_id" in g:
            response.headers["X-Request-Id"] = g.request_id
            if request.endpoint != "static":
                # The rule, not the address: an address may hold a key or what somebody searched for.
                log.info(
                    "request",
                    method=request.method,
                    rule=request.url_rule.rule if request.url_rule else None,
                    status=response.status_code,
                    milliseconds=round((time.perf_counter() - g.began) * 1000, 1),
                    user=g.actor.user_id if g.get("actor") else None,
                )
        return response

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        structlog.contextvars.clear_contextvars()


def _take_municipality(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and "kommun" in values:
        g.kommun = values.pop("kommun")


def _add_municipality(endpoint: str, values: dict[str, Any]) -> None:
    if current_app.url_map.is_endpoint_expecting(endpoint, "kommun") and "kommun" in g:
        values.setdefault("kommun", g.kommun)


def _add_digest(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and current_app.static_folder and "filename" in values:
        digest = _digest(Path(current_app.static_folder) / values["filename"])
        if digest:
            values.setdefault("v", digest)


@cache
def _digest(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else None
