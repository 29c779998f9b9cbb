import re

import pytest

from tests.web import small_register
from tests.web.test_access import PAGES, address

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def every_answer(site):
    """An answer of each page, and one of each kind of failure."""
    client = site.signed_in("planner")
    for name, page in PAGES.items():
        if name != "sign_in.leave":
            yield client.open(address(site, page), method=page[0])
    yield client.get("/botkyrka/finns-inte")
    yield client.get("/okand-kommun/")
    yield client.get("/botkyrka/register/%ff")
    yield client.delete("/botkyrka/register/")
    yield site.client().get("/botkyrka/register/")
    yield client.post("/sprak", data={"language": "x" * 2_000_000})


def test_every_answer_carries_the_same_protection(site):
    statuses = set()
    for answer in every_answer(site):
        statuses.add(answer.status_code)
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert len(answer.headers["X-Request-Id"]) == 12
        assert "Strict-Transport-Security" not in answer.headers
    assert {200, 303, 400, 404, 405, 413} <= statuses


def test_https_is_asked_for_once_it_is_there(site):
    answer = site.client().get("/tillganglighet", base_url="https://tillgangar.example.se")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_pages_and_files_are_not_kept_by_caches_but_the_bundle_is(site):
    client = site.signed_in("planner")
    page = client.get("/botkyrka/register/")
    assert page.headers["Cache-Control"] == "no-store"
    assert client.get("/botkyrka/plan/2027/utkast-a/hamta/csv").headers["Cache-Control"] == "no-store"
    bundle = re.search(r'src="(/static/bundle/app\.js\?v=[0-9a-f]{12})"', page.text)[1]
    assert client.get(bundle).headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_no_page_holds_script_or_style_in_its_text(site):
    for answer in every_answer(site):
        if answer.mimetype == "text/html":
            assert not re.search(
                r"<style|\sstyle=|\son[a-z]+=\"|javascript:|<script(?! type=\"module\" src=)", answer.text
            )


@pytest.mark.parametrize(("method", "path"), [("POST", page[1]) for page in PAGES.values() if page[0] == "POST"])
def test_form_without_its_token_is_refused(site, method, path):
    client = site.signed_in("planner")
    answer = client.post(path, data={"language": "en", "name": "planner", "password": small_register.PASSWORD})
    assert answer.status_code == 400
    assert client.get("/botkyrka/").status_code == 200, "still signed in"
    assert "assetmgr_language" not in str(answer.headers)


def test_token_of_another_browser_is_refused(site):
    client, other = site.signed_in("planner"), site.signed_in("planner")
    token = small_register.form_token(other.get("/botkyrka/").text)
    assert client.post("/botkyrka/logga-ut", data={"csrf_token": token}).status_code == 400


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/\xff", ""),
        ("/botkyrka/register/\xc3(", ""),
        ("/botkyrka/register/\x00", ""),
        ("/botkyrka/register/", "q=%ff"),
        ("/botkyrka/register/", "q=a%00b"),
        ("/halsa", "%80=1"),
    ],
)
def test_address_that_is_no_text_is_refused_before_any_page(site, path, query):
    # As a web server hands it over: the path's bytes each as a character, the query as it was sent.
    answer = site.signed_in("planner").get("/", environ_overrides={"PATH_INFO": path, "QUERY_STRING": query})
    assert answer.status_code == 400


def test_form_with_a_null_in_it_is_refused(site):
    assert small_register.sign_in(site.client(), "plan\x00ner").status_code == 400


@pytest.mark.parametrize(
    ("base_url", "secure"),
    [
        ("http://127.0.0.1:8127", False),
        ("http://localhost", False),
        ("http://[::1]:8127", False),
        ("https://localhost", True),
        ("https://tillgangar.example.se", True),
        ("http://tillgangar.example.se", True),
        ("http://127.0.0.1.example.se", True),
    ],
)
def test_cookies_travel_by_https_except_on_the_machine_itself(site, base_url, secure):
    client = site.client()
    page = client.get("/botkyrka/logga-in", base_url=base_url)
    form_cookie = page.headers["Set-Cookie"]
    token = small_register.form_token(page.text)
    data = {"name": "planner", "password": small_register.PASSWORD, "csrf_token": token}
    # The test's browser keeps a secure cookie from a plain page, which a real one does not; hence it is handed over.
    plain = form_cookie.split(";")[0]
    answer = client.post(
        "/botkyrka/logga-in",
        data=data,
        base_url=base_url,
        headers={"Cookie": plain, "Referer": f"{base_url}/botkyrka/logga-in"},
    )
    cookies = [form_cookie, *(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("assetmgr_sign_in"))]
    assert len(cookies) == 2
    for cookie in cookies:
        assert ("; Secure" in cookie) is secure
        assert "; HttpOnly" in cookie
        assert "; SameSite=Lax" in cookie


def test_sign_in_page_says_when_https_is_missing(site):
    over_plain = site.client().get("/botkyrka/logga-in", base_url="http://tillgangar.example.se").text
    assert "https" in over_plain
    assert "https" not in site.client().get("/botkyrka/logga-in").text


@pytest.mark.parametrize("text", [small_register.HOSTILE])
def test_what_people_wrote_is_shown_as_text(site, text):
    client = site.signed_in("asset_owner")
    uid = site.uids["XSS"]
    for path in (
        "/botkyrka/register/ventiler",
        f"/botkyrka/tillgang/{uid}/",
        f"/botkyrka/tillgang/{uid}/historik",
        "/botkyrka/register/?q=%3Cscript%3Ealert(%22x%22)",
        "/botkyrka/",
    ):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(&#34;x&#34;)" in page
        assert "{{ 7*7 }}" in page or "q=" in path
        assert "49" not in page.split("onload=x")[-1][:12]
