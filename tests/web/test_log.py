import json
import logging

from assetmgr import logs
from assetmgr.web import register
from tests.web.small_register import PASSWORD, sign_in


def lines(log) -> list[dict]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_each_request_is_one_line_with_its_id(site, log):
    client = site.signed_in("planner")
    answer = client.get("/botkyrka/register/vattenledningar")
    last = lines(log)[-1]
    assert last["event"] == "request"
    assert last["request_id"] == answer.headers["X-Request-Id"]
    assert (last["method"], last["rule"], last["status"]) == ("GET", "/<kommun>/register/<name>", 200)
    assert isinstance(last["user"], int)
    assert last["timestamp"].endswith("Z")


def test_log_holds_nothing_that_people_typed_or_that_the_register_says(own_site, log):
    client = own_site.client()
    sign_in(client, "planner", "hemligt-losenord-9")
    sign_in(client, "planner")
    client.get("/botkyrka/register/?q=Anna+Andersson")
    client.get("/botkyrka/tillgang/F-1/historik")
    client.get("/botkyrka/Anna-Andersson")
    text = log.getvalue()
    for secret in ("Andersson", "hemligt", PASSWORD, "planner", "Öberg", "127.0.0.1", "F-1"):
        assert secret not in text


def test_fault_is_logged_with_its_place_but_not_its_text(site, log, monkeypatch):
    def fail(*_arguments, **_named):
        raise ValueError("070-555 01 23") from KeyError("Åsa Öberg")

    client = site.signed_in("planner")
    monkeypatch.setattr(register.assets, "page", fail)
    answer = client.get("/botkyrka/register/")
    fault = next(line for line in lines(log) if line["event"] == "failed")
    assert fault["request_id"] == answer.headers["X-Request-Id"]
    assert [part["class"] for part in fault["exception"]] == ["builtins.ValueError", "builtins.KeyError"]
    assert fault["exception"][0]["frames"][-1].endswith(" fail")
    assert "070" not in log.getvalue()
    assert "Öberg" not in log.getvalue()


def test_download_is_on_record_with_who_what_and_how_much(site, log):
    site.signed_in("decider").get("/botkyrka/plan/2027/utkast-a/hamta/csv?ar=2028")
    line = next(line for line in lines(log) if line["event"] == "plan_exported")
    assert (line["format"], line["year"]) == ("csv", 2028)
    assert line["size_bytes"] > 0
    assert line["rows"] >= 0
    assert {"user", "plan", "request_id"} <= line.keys()


def test_lines_of_libraries_have_the_same_form(log):
    with logs.bound(job_id=7):
        logging.getLogger("library").warning("something %s", "happened")
    logging.getLogger("library").warning("after")
    inside, after = lines(log)
    assert (inside["event"], inside["job_id"], inside["level"]) == ("something happened", 7, "warning")
    assert "job_id" not in after


def test_each_line_is_one_line_whatever_is_in_it(log):
    logs.get("x").info("event", value="a\nb")
    assert log.getvalue().count("\n") == 1
    assert lines(log)[0]["value"] == "a\nb"
