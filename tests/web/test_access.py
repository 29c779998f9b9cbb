"""Every page times every role: what is not listed here fails."""

import pytest

from assetmgr.store.access import ROLES
from tests.web import small_register

EVERYONE = frozenset(ROLES)
OPEN = None

# Endpoint: how it is asked for, and which roles get it. Written out, so that a change of the policy is seen here.
PAGES = {
    "static": ("GET", "/static/bundle/app.css", OPEN),
    "health.show": ("GET", "/halsa", OPEN),
    "statement.show": ("GET", "/tillganglighet", OPEN),
    "language.switch": ("POST", "/sprak", OPEN),
    "sign_in.show": ("GET", "/botkyrka/logga-in", OPEN),
    "sign_in.enter": ("POST", "/botkyrka/logga-in", OPEN),
    "sign_in.leave": ("POST", "/botkyrka/logga-ut", OPEN),
    "start.choose": ("GET", "/", OPEN),
    "start.show": ("GET", "/botkyrka/", EVERYONE),
    "due.listing": ("GET", "/botkyrka/forfaller/", EVERYONE),
    "register.everything": ("GET", "/botkyrka/register/", EVERYONE),
    "register.listing": ("GET", "/botkyrka/register/vattenledningar", EVERYONE),
    "assets.overview": ("GET", "/botkyrka/tillgang/{V-0000}/", EVERYONE),
    "assets.inspected": ("GET", "/botkyrka/tillgang/{V-0000}/besiktningar", EVERYONE),
    "assets.measures": ("GET", "/botkyrka/tillgang/{V-0000}/atgarder", EVERYONE),
    "assets.changes": ("GET", "/botkyrka/tillgang/{V-0000}/historik", EVERYONE),
    "plans.listing": ("GET", "/botkyrka/plan/", EVERYONE),
    "plans.show": ("GET", "/botkyrka/plan/2027/utkast-a", EVERYONE),
    "plan_files.download": (
        "GET",
        "/botkyrka/plan/2027/utkast-a/hamta/csv",
        frozenset({"planner", "asset_owner", "decider", "auditor"}),
    ),
}
CLOSED = {name: page for name, page in PAGES.items() if page[2] is not OPEN}


def address(site, page) -> str:
    text = page[1]
    return text.replace("{V-0000}", site.uids["V-0000"])


def test_every_route_of_the_service_is_listed_here(site):
    found = {(rule.endpoint, method) for rule in site.app.url_map.iter_rules() for method in rule.methods}
    asked = {(endpoint, method) for endpoint, method in found if method not in ("HEAD", "OPTIONS")}
    assert asked == {(endpoint, page[0]) for endpoint, page in PAGES.items()}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_its_pages_and_no_other(site, role):
    client = site.signed_in(role)
    answers = {name: client.get(address(site, page)).status_code for name, page in CLOSED.items()}
    assert answers == {name: 200 if role in page[2] else 403 for name, page in CLOSED.items()}


def test_user_without_a_role_gets_no_page(site):
    client = site.signed_in("nobody")
    answers = {client.get(address(site, page)).status_code for page in CLOSED.values()}
    assert answers == {403}


def test_whoever_is_not_signed_in_is_sent_to_the_sign_in_and_back(site):
    for page in CLOSED.values():
        answer = site.client().get(address(site, page))
        assert answer.status_code == 303
        assert answer.location.startswith("/botkyrka/logga-in?vidare=%2Fbotkyrka%2F") or (
            answer.location.startswith("/botkyrka/logga-in?vidare=/botkyrka/")
        )


def test_user_of_another_municipality_finds_nothing_here(site):
    client = site.client()
    assert small_register.sign_in(client, "grannen", kommun="salem").status_code == 303
    assert client.get("/salem/register/").status_code == 200
    answers = {name: client.get(address(site, page)).status_code for name, page in CLOSED.items()}
    assert answers == dict.fromkeys(CLOSED, 404)


def test_asset_of_another_municipality_is_as_one_that_is_not_there(site):
    client = site.client()
    small_register.sign_in(client, "grannen", kommun="salem")
    elsewhere = client.get(f"/salem/tillgang/{site.uids['V-0000']}/")
    missing = client.get("/salem/tillgang/01a20eac-0000-7000-8000-000000000000/")
    assert elsewhere.status_code == missing.status_code == 404
    assert without_code(elsewhere.text) == without_code(missing.text)


def without_code(page: str) -> str:
    """The page without what differs between any two requests."""
    main = page.split("<main")[1].split("</main>")[0]
    return main.split('<p class="muted">')[0]


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("asset_owner", "gis_editor")])
def test_protected_asset_leaves_no_trace_for_those_who_may_not_know_of_it(site, role):
    client = site.signed_in(role)
    uid = site.uids["STATION"]
    assert client.get(f"/botkyrka/tillgang/{uid}/").status_code == 404
    assert client.get(f"/botkyrka/tillgang/{uid}/historik").status_code == 404
    assert client.get("/botkyrka/tillgang/STATION/").status_code == 404
    pages = ["/botkyrka/", "/botkyrka/register/", "/botkyrka/register/va-nat", "/botkyrka/register/pumpstationer"]
    pages += ["/botkyrka/plan/2027/utkast-a", "/botkyrka/plan/2027/utkast-a?visa=ofinansierat"]
    for page in pages:
        text = client.get(page).text
        assert small_register.HIDDEN_NAME not in text
        assert uid not in text
    found = client.get(f"/botkyrka/register/?q={small_register.HIDDEN_NAME}").text
    assert uid not in found
    assert "<tbody>" not in found


def test_protected_asset_is_shown_to_those_who_keep_it(site):
    page = site.signed_in("gis_editor").get(f"/botkyrka/tillgang/{site.uids['STATION']}/").text
    assert small_register.HIDDEN_NAME in page


def test_places_are_those_the_role_may_use(site):
    inside = site.signed_in("auditor").get("/botkyrka/").text
    assert 'href="/botkyrka/plan/"' in inside
    outside = site.signed_in("nobody").get("/botkyrka/").text
    assert 'href="/botkyrka/plan/"' not in outside
    assert 'href="/botkyrka/register/"' not in outside


def test_role_taken_away_acts_on_the_next_request(own_site):
    from sqlalchemy import text

    client = own_site.signed_in("planner")
    assert client.get("/botkyrka/plan/2027/utkast-a/hamta/csv").status_code == 200
    with own_site.register.engine.begin() as connection:
        connection.execute(text("UPDATE user_role SET role = 'inspector' WHERE role = 'planner'"))
    assert client.get("/botkyrka/plan/2027/utkast-a/hamta/csv").status_code == 403
