import re
from datetime import date

from assetmgr.store import assets
from tests.registers import add_check
from tests.web.small_register import HIDDEN_NAME, operator_of


def heading(page: str) -> str:
    return re.search(r"<h1>([^<]+)</h1>", page)[1]


def test_planner_reads_first_how_the_plan_stands_and_others_what_is_due(site):
    assert "Utkast Å" in heading(site.signed_in("planner").get("/botkyrka/").text)
    assert "Utkast Å" not in heading(site.signed_in("inspector").get("/botkyrka/").text)


def test_only_municipality_of_the_reader_is_where_the_service_opens(site):
    assert site.signed_in("planner").get("/").location == "/botkyrka/"
    page = site.client().get("/").text
    assert 'href="/botkyrka/"' in page
    assert 'href="/salem/"' in page


def test_due_things_lead_to_their_assets_and_are_dated(site):
    page = site.signed_in("inspector").get("/botkyrka/").text
    due = page.split('class="due-list"')[1].split("</ul>")[0]
    assert f"/botkyrka/tillgang/{site.uids['B-1']}/" in due
    assert re.search(r"20\d\d-\d\d-\d\d", due)


def test_what_is_due_follows_the_register(own_site):
    client = own_site.signed_in("inspector")

    def late() -> int:
        return client.get("/botkyrka/").text.count("tag-danger")

    before = late()
    with own_site.register.writing(operator_of(own_site)) as work:
        row = assets.find(work.connection, work.actor, own_site.uids["B-1"])
        add_check(work, (row["id"], row["uid"]), "ovk_schools_and_care", date(2020, 1, 1), next_due_on=date(2023, 1, 1))
        add_check(work, (row["id"], row["uid"]), "electrical_revision", date(2010, 1, 1), next_due_on=date(2013, 1, 1))
    assert late() == before + 1


def test_condition_is_counted_by_group(site):
    page = site.signed_in("inspector").get("/botkyrka/").text
    assert 'href="/botkyrka/register/va-nat"' in page
    assert 'href="/botkyrka/register/fastighet-och-byggnad"' in page


def test_what_is_remembered_for_one_role_is_not_shown_to_another(site):
    site.signed_in("gis_editor").get("/botkyrka/")
    page = site.signed_in("inspector").get("/botkyrka/").text
    assert HIDDEN_NAME not in page
