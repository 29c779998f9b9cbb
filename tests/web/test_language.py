import pytest

from tests.web.small_register import form_token


def language_of(answer) -> str:
    return answer.text.split('<html lang="')[1][:2]


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (None, "sv"),
        ("sv-SE,sv;q=0.9,en;q=0.8", "sv"),
        ("en-GB,en;q=0.9,sv;q=0.8", "en"),
        ("de,fr;q=0.9", "sv"),
        ("de,en;q=0.5", "en"),
        (";;;q=x", "sv"),
    ],
)
def test_browser_gets_the_language_it_asks_for_else_swedish(site, asked, given):
    headers = {"Accept-Language": asked} if asked else {}
    assert language_of(site.client().get("/tillganglighet", headers=headers)) == given


def test_choice_goes_before_what_the_browser_asks_for_and_lasts_over_signing_in_and_out(site):
    client = site.signed_in("planner")
    token = form_token(client.get("/botkyrka/").text)
    answer = client.post("/sprak", data={"language": "en", "page": "/botkyrka/plan/?x=1", "csrf_token": token})
    assert (answer.status_code, answer.location) == (303, "/botkyrka/plan/?x=1")
    swedish = {"Accept-Language": "sv"}
    assert language_of(client.get("/botkyrka/", headers=swedish)) == "en"
    client.post("/botkyrka/logga-ut", data={"csrf_token": form_token(client.get("/botkyrka/").text)})
    assert language_of(client.get("/botkyrka/logga-in", headers=swedish)) == "en"


@pytest.mark.parametrize("language", ["de", "", "../../etc"])
def test_language_that_is_not_offered_is_refused(site, language):
    client = site.client()
    token = form_token(client.get("/tillganglighet").text)
    assert client.post("/sprak", data={"language": language, "csrf_token": token}).status_code == 400


def test_switch_leads_to_no_other_site(site):
    client = site.client()
    token = form_token(client.get("/tillganglighet").text)
    data = {"language": "en", "page": "//example.org/", "csrf_token": token}
    assert client.post("/sprak", data=data).location == "/"


def test_cookie_with_a_language_that_is_not_offered_is_ignored(site):
    client = site.client()
    client.set_cookie("assetmgr_language", "xx")
    assert language_of(client.get("/tillganglighet")) == "sv"


def test_made_up_data_are_called_so_on_every_page_of_a_demonstration(site):
    client = site.signed_in("planner")
    for path in ("/botkyrka/", "/botkyrka/register/", "/botkyrka/plan/2027/utkast-a", "/botkyrka/finns-inte"):
        assert 'class="demo-ribbon"' in client.get(path).text
    assert 'class="demo-ribbon"' in site.client().get("/botkyrka/logga-in").text
