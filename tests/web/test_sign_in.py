import hashlib
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from assetmgr.services import people
from assetmgr.store import people as stored_people
from tests.web.small_register import PASSWORD, form_token, operator_of, sign_in


def token_of(client) -> str:
    return client.get_cookie("assetmgr_sign_in").value


def test_signed_in_user_comes_to_the_page_that_was_asked_for(site):
    client = site.client()
    asked = client.get("/botkyrka/register/vattenledningar?skick=e")
    form = client.get(asked.location).text
    onwards = re.search(r'name="vidare" value="([^"]+)"', form)[1]
    answer = sign_in(client, "planner", vidare=onwards)
    assert answer.status_code == 303
    assert answer.location == "/botkyrka/register/vattenledningar?skick=e"


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "/\\example.org", "\\\\example.org", "javascript:x", "/a\nb"]
)
def test_nobody_is_sent_on_to_another_site(site, elsewhere):
    assert sign_in(site.client(), "planner", vidare=elsewhere).location == "/botkyrka/"


def test_wrong_password_and_unknown_user_are_answered_alike_and_keep_the_name(own_site):
    wrong = sign_in(own_site.client(), "planner", "fel-losenord-123")
    unknown = sign_in(own_site.client(), "finnsinte", "fel-losenord-123")
    assert wrong.status_code == unknown.status_code == 422
    assert 'value="planner"' in wrong.text

    def comparable(page: str) -> str:
        main = page.split("<main")[1].split("</main>")[0]
        return re.sub(r'name="csrf_token" value="[^"]+"', "", main).split('class="demo-users"')[0]

    assert comparable(wrong.text) == comparable(unknown.text).replace("finnsinte", "planner")
    assert "assetmgr_sign_in" not in str(wrong.headers)


def test_unknown_user_costs_the_same_hashing_as_a_known_one(own_site, monkeypatch):
    calls = []
    real = people._matches
    monkeypatch.setattr(people, "_matches", lambda stored, given: calls.append(stored) or real(stored, given))
    sign_in(own_site.client(), "planner", "fel-losenord-123")
    sign_in(own_site.client(), "finnsinte", "fel-losenord-123")
    assert [stored.split("$")[1:4] for stored in calls] == [calls[0].split("$")[1:4]] * 2
    assert calls[0].startswith("$argon2id$")


def test_missing_values_are_told_by_the_field(site):
    page = sign_in(site.client(), "", "").text
    assert 'id="name-error"' in page
    assert 'id="password-error"' in page
    assert page.count('aria-invalid="true"') == 2


def test_user_of_another_municipality_cannot_sign_in_here(own_site):
    assert sign_in(own_site.client(), "grannen", kommun="botkyrka").status_code == 422
    assert sign_in(own_site.client(), "grannen", kommun="salem").status_code == 303


def test_database_holds_only_a_digest_of_the_token_and_a_hash_of_the_password(own_site):
    client = own_site.signed_in("planner")
    token = token_of(client)
    with own_site.register.engine.connect() as connection:
        digests = connection.execute(text("SELECT token_digest FROM user_session")).scalars().all()
        hashes = connection.execute(text("SELECT password_hash FROM app_user")).scalars().all()
    assert hashlib.sha256(token.encode()).hexdigest() in digests
    assert all(token not in digest for digest in digests)
    assert len(token) >= 43
    assert all(stored.startswith("$argon2id$") for stored in hashes)
    assert len(set(hashes)) == len(hashes), "each has its own salt"


def test_sign_out_ends_the_sign_in_at_the_server(site):
    client = site.signed_in("planner")
    token = token_of(client)
    answer = client.post("/botkyrka/logga-ut", data={"csrf_token": form_token(client.get("/botkyrka/").text)})
    assert answer.status_code == 303
    thief = site.client()
    thief.set_cookie("assetmgr_sign_in", token)
    assert thief.get("/botkyrka/").status_code == 303


def test_sign_in_ends_after_twelve_hours_whatever_one_does(own_site):
    client = own_site.signed_in("planner")
    own_site.clock.pass_by(hours=6)
    assert client.get("/botkyrka/").status_code == 200
    own_site.clock.pass_by(hours=5, minutes=59)
    assert client.get("/botkyrka/").status_code == 200
    own_site.clock.pass_by(minutes=2)
    assert client.get("/botkyrka/").status_code == 303


def test_sign_in_of_a_disabled_user_ends_at_once(own_site):
    client = own_site.signed_in("planner")
    with own_site.register.writing(operator_of(own_site)) as work:
        stored_people.disable(work, "planner")
    assert client.get("/botkyrka/").status_code == 303
    assert sign_in(own_site.client(), "planner").status_code == 422


def test_made_up_token_opens_nothing(site):
    client = site.client()
    for token in ("", "x", "å", "a" * 10_000, "' OR 1=1 --"):
        client.set_cookie("assetmgr_sign_in", token)
        assert client.get("/botkyrka/").status_code == 303


def test_token_of_a_form_from_before_the_sign_in_is_worth_nothing_after_it(site):
    client = site.client()
    before = form_token(client.get("/botkyrka/logga-in").text)
    client.post("/botkyrka/logga-in", data={"name": "planner", "password": PASSWORD, "csrf_token": before})
    assert client.post("/botkyrka/logga-ut", data={"csrf_token": before}).status_code == 400


def test_eleventh_wrong_attempt_on_an_account_is_not_even_tried(own_site):
    statuses = [sign_in(own_site.client(), "planner", f"fel-losenord-{n}").status_code for n in range(10)]
    assert statuses == [422] * 10
    refused = sign_in(own_site.client(), "planner")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "300"


def test_attempts_from_one_address_are_counted_over_all_accounts(own_site):
    statuses = [sign_in(own_site.client(), f"gissning-{n}", "fel-losenord-123").status_code for n in range(12)]
    assert statuses == [422] * 10 + [429] * 2


def test_attempts_made_side_by_side_are_counted_like_those_in_turn(own_site):
    clients = [own_site.client() for _ in range(16)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda client: sign_in(client, "planner", "fel-losenord-123"), clients))
    assert sorted(answer.status_code for answer in answers) == [422] * 10 + [429] * 6


def test_after_five_minutes_one_may_try_again(own_site):
    for _ in range(11):
        sign_in(own_site.client(), "planner", "fel-losenord-123")
    own_site.clock.pass_by(minutes=5, seconds=1)
    assert sign_in(own_site.client(), "planner").status_code == 303


def test_counted_attempts_name_neither_account_nor_address(own_site):
    sign_in(own_site.client(), "planner", "fel-losenord-123")
    with own_site.register.engine.connect() as connection:
        subjects = connection.execute(text("SELECT subject FROM sign_in_attempt")).scalars().all()
    assert len(subjects) == 2
    assert all(re.fullmatch("[0-9a-f]{64}", subject) for subject in subjects)
    known = [b"planner", b"127.0.0.1", b"account 0127 planner", b"address 127.0.0.1"]
    assert not {hashlib.sha256(word).hexdigest() for word in known} & set(subjects)


def test_sign_ins_that_succeed_are_not_counted(own_site):
    statuses = {sign_in(own_site.client(), "planner").status_code for _ in range(12)}
    assert statuses == {303}


def test_demonstration_names_its_accounts_and_roles_but_no_password(site):
    page = site.client().get("/botkyrka/logga-in").text
    assert '<th scope="row">gis_editor</th>' in page
    assert PASSWORD not in page


def test_generated_password_is_long_and_never_the_same(own_site):
    with own_site.register.writing(operator_of(own_site)) as work:
        made = {people.add_user(work, f"ny-{n}", ["planner"]) for n in range(3)}
    assert len(made) == 3
    assert all(re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", password) for password in made)
    password = made.pop()
    assert [sign_in(own_site.client(), f"ny-{n}", password).status_code for n in range(3)].count(303) == 1


@pytest.mark.parametrize("password", ["kort", "x" * 1025])
def test_password_of_the_wrong_length_is_refused(own_site, password):
    from assetmgr.errors import AssetmgrError

    with pytest.raises(AssetmgrError, match="password_too"), own_site.register.writing() as work:
        people.add_user(work, "ny", ["planner"], password)


def test_very_long_password_is_answered_at_once(own_site):
    began = time.monotonic()
    assert sign_in(own_site.client(), "planner", "x" * 500_000).status_code == 422
    assert time.monotonic() - began < 60
