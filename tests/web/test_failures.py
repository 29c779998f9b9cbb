import re

import pytest
from sqlalchemy.exc import OperationalError

from assetmgr import errors
from assetmgr.web import failures, register


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotFound("asset_not_found"), 404),
        (errors.NotAllowed(), 403),
        (errors.EditConflict(), 409),
        (errors.InvalidInput(), 422),
        (errors.AssetmgrError("anything"), 422),
        (errors.DatabaseUnusable(), 503),
        (OperationalError("SELECT hemligt", {}, Exception("database is locked")), 503),
        (KeyError("070-555 01 23"), 500),
        (ZeroDivisionError(), 500),
    ],
)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_failure_is_told_with_remedy_and_code_and_nothing_else(site, monkeypatch, error, status, language):
    def fail(*_arguments, **_named):
        raise error

    client = site.signed_in("planner")
    monkeypatch.setattr(register.assets, "page", fail)
    answer = client.get("/botkyrka/register/", headers={"Accept-Language": language})
    assert answer.status_code == status
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    assert answer.text.count("<h1>") == 1
    for secret in ("Traceback", "hemligt", "070-555", "asset_not_found", type(error).__name__):
        assert secret not in answer.text


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_each_failure_has_its_own_words(site, status):
    with site.app.test_request_context("/"):
        from flask import g

        g.request_id = "ABC123"
        text, given, _headers = failures.page(status)
    assert given == status
    words = failures.WORDS[status]
    for part in (words.title, words.reason, words.remedy):
        assert part
    assert "ABC123" in text
    assert len({w.title for w in failures.WORDS.values()}) == len(failures.WORDS)


def test_page_that_is_not_there_stands_in_the_frame_of_the_place(site):
    client = site.signed_in("planner")
    page = client.get("/botkyrka/finns-inte").text
    assert 'href="/botkyrka/register/"' in page
    outside = client.get("/okand-kommun/register/").text
    assert 'href="/botkyrka/register/"' not in outside


def test_unknown_municipality_is_not_there_whoever_asks(site):
    assert site.client().get("/okand-kommun/").status_code == 404
    assert site.client().get("/okand-kommun/logga-in").status_code == 404


def test_too_large_form_is_refused_before_it_is_read(site):
    answer = site.client().post("/botkyrka/logga-in", data={"name": "x" * 1_100_000})
    assert answer.status_code == 413


def test_health_says_whether_the_database_answers_and_nothing_about_it(site, own_site):
    answer = site.client().get("/halsa")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    own_site.app.extensions["assetmgr"].engine.dispose()
    path = own_site.app.extensions["assetmgr"].engine.url.database
    from pathlib import Path

    Path(path).write_bytes(b"not a database" * 1000)
    broken = own_site.client().get("/halsa")
    assert broken.status_code == 503
    assert not re.search("sqlite|register", broken.text)


def test_view_that_nobody_decided_about_stops_the_start(site):
    from flask import Flask

    from assetmgr.web import access

    app = Flask("forgotten")
    app.add_url_rule("/", "forgotten", lambda: "")
    with pytest.raises(RuntimeError, match="forgotten"):
        access.check_every_view_says(app)
