"""A page with every part of parts.html on it, inside the frame: what the look is tested and looked at with."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from flask import Flask, Response, render_template, render_template_string
from flask_babel import Babel
from flask_wtf import CSRFProtect
from werkzeug.serving import make_server

from assetmgr.web.formats import register_formats

STORY = """
{% extends "base.html" %}
{% import "parts.html" as parts %}
{% block title %}Every part{% endblock %}
{% block content %}
{{ parts.breadcrumbs([("Register", "/"), ("VA-nät", none)]) }}
<div class="page-head"><h1>VA-nät, Kagghamra</h1>
  <div class="toolbar"><a class="button" href="/">{{ parts.icon("download") }}Exportera 23 rader</a>
  <a class="button primary" href="/">{{ parts.icon("plus") }}Ny tillgång</a></div></div>
{{ parts.tabs(tabs, "Typer") }}
<div class="filter-bar">{{ parts.chip("Område", "Kagghamra", "/") }}{{ parts.chip("Skick", "D eller E", "/") }}</div>
{% call parts.table_frame("LTA-stationer") %}
<div class="table-head"><p><b>23 av 187</b> LTA-stationer</p>
{{ parts.distribution_bar([("A", 41), ("B", 68), ("C", 47), ("D", 19), ("E", 4), ("U", 8)], "Skick före filtret") }}</div>
<table class="data-table cards">
<thead><tr>{{ parts.sort_head("Beteckning", "/") }}{{ parts.sort_head("Skick", "/", "ascending") }}<th scope="col">Säkerhet</th>
<th scope="col">Status</th><th scope="col">Kollektiv</th><th scope="col">Slag</th>{{ parts.sort_head("Återansk. kr", "/", numeric=true) }}</tr></thead>
<tbody>
{% for health, kind in rows %}
<tr><th scope="row"><a href="/">KAG-LTA-00{{ loop.index }}</a></th><td>{{ parts.condition(health, estimated=loop.index is even) }}</td>
<td>{{ parts.confidence(loop.index % 3 + 1) }}</td><td>{{ parts.status_tag("I drift") }}</td>
<td>{{ parts.fund_tag("va" if loop.index is odd else "tax", short=true) }}</td><td>{{ parts.kind_mark(kind) }}</td>
<td class="num" data-label="Återansk.">{{ 80000 | money }}</td></tr>
{% endfor %}
</tbody></table>
{% endcall %}
{{ parts.pagination(1, 6, 23, none, "/") }}
<div class="page-head"><h2>KAG-LTA-0147 {{ parts.fund_tag("va") }} {{ parts.fund_tag("tax") }} {{ parts.status_tag("Skyddsklass 2", "warn", "lock") }}
{{ parts.status_tag("Utförd", "ok") }} {{ parts.status_tag("Beslutad", "info") }} {{ parts.status_tag("försenad 12 dagar", "danger") }}</h2></div>
{{ parts.facts(facts) }}
<div class="columns"><div>
<section class="card"><header><h2>Teknik</h2><a href="/">Alla 24 fält</a></header><div class="card-body">
{{ parts.field_list([("Modell", "Tvåkanals skärpump"), ("Tankdjup", 2.35 | quantity("m")), ("Larm", none)]) }}
{{ parts.condition(34, "P122 3", words=true, large=true) }}</div></section>
{{ parts.stepper(["Fil", "Koordinater", "Fält", "Granska", "Inför"], 3) }}
{{ parts.empty("Inga LTA-stationer med skick E i Kagghamra", "Filtret Skick: E döljer 187 stationer.", "/", "Ta bort filtret Skick") }}
<form class="card sign-in" method="post" action="/"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
{{ parts.text_field("year", "Läggningsår", "2081", help="Fyra siffror.", error="Läggningsår 2081 ligger i framtiden.", inputmode="numeric") }}
{{ parts.text_field("name", "Namn", autocomplete="username", required=true) }}
<button class="primary">Spara</button><button class="dangerous">Ta ur drift</button></form>
</div><div>
<section class="card"><header><h2>Senaste händelser</h2></header><div class="card-body">{{ parts.timeline(events) }}</div></section>
{% for kind in ("danger", "warn", "ok", "info") %}{{ parts.message("TS-0031 saknar dimension.", "Planen kan inte sätta pris.", kind, "/", "Öppna TS-0031") }}{% endfor %}
</div></div>
{% endblock %}
"""

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
        "languages": [("sv", "Svenska", "/?lang=sv"), ("en", "English", "/?lang=en")],
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
