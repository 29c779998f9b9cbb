"""A page with every part of parts.html on it, inside the frame: what the look is tested and looked at with."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from flask import Flask, Response, render_template, render_template_string
from flask_babel import Babel
from flask_wtf import CSRFProtect
from werkzeug.serving import make_server

from assetmgr.web.formats import register_formats

STORY = (Path(__file__).parent / "story.html").read_text(encoding="utf-8")

PLACES = [
    ("Start", "home", True, False),
    ("Register", "register", True, False),
    ("Underhållsplan", "plan", True, False),
    ("Import och export", "exchange", False, True),
]


def story_app(language: str = "sv") -> Flask:
    """The frame and the parts with the strict policy of the service, and data made up here."""
    app = Flask("assetmgr")
    app.config.update(SECRET_KEY="story", TESTING=True)
    Babel(app, locale_selector=lambda: language)
    CSRFProtect(app)
    register_formats(app)
    app.context_processor(lambda: frame(language))
    app.after_request(strictly)
    app.add_url_rule("/", "story", lambda: render_template_string(STORY, **content()), methods=["GET", "POST"])
    app.add_url_rule("/signed-out", "signed_out", lambda: render_template("base.html", reader=None))
    return app


def strictly(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = "default-src 'self'"
    return response


def frame(language: str) -> dict[str, object]:
    return {
        "language": language,
        "languages": [("sv", "Svenska"), ("en", "English")],
        "language_url": "/sprak",
        "this_page": "/",
        "statement_url": "/tillganglighet",
        "register": SimpleNamespace(name="Botkyrka", is_demo=True),
        "reader": SimpleNamespace(role="Planerare", name="planner"),
        "search": SimpleNamespace(url="/", text=""),
        "sign_out_url": "/",
        "places": [
            SimpleNamespace(
                label=label, url="/", icon=icon, is_current=label == "Register", on_phone=on_phone, is_tool=is_tool
            )
            for label, icon, on_phone, is_tool in PLACES
        ],
    }


def content() -> dict[str, object]:
    return {
        "tabs": [
            SimpleNamespace(label="Ledningar", url="/", is_current=False, count=5806),
            SimpleNamespace(label="LTA-stationer", url="/", is_current=True, count=187),
            SimpleNamespace(label="Övrigt", url="/", is_current=False),
        ],
        "rows": [
            (95, "maintenance"),
            (80, "value_preserving"),
            (60, "improvement"),
            (34, "statutory_check"),
            (18, "maintenance"),
            (None, "maintenance"),
        ],
        "facts": [
            SimpleNamespace(label="Skick", value="D Dåligt", detail="21 på två år"),
            SimpleNamespace(label="Nästa åtgärd", value="Byt pump 2027"),
            SimpleNamespace(label="Öppet just nu", value="1 ärende"),
        ],
        "events": [
            SimpleNamespace(title="Besiktad, skick C → D", detail="Fälttekniker · 2026-09-14", icon="inspection"),
            SimpleNamespace(title="Drifttid 4 102 → 4 812 h", detail=None, icon=None),
        ],
    }


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of the app, served on a free port as long as the block lasts."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
