"""What a newcomer does first, in a real browser."""

import re

import openpyxl
from playwright.sync_api import expect

from tests.web.small_register import HOSTILE


def test_planner_finds_a_pipe_reads_its_history_and_downloads_the_plan(browse, tmp_path):
    page = browse("planner")
    page.locator(".rail a", has_text=re.compile("Register")).click()
    page.fill("[data-search-field]", "åvägen")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q="))
    assert page.locator(".list-count b").inner_text() == "30"
    page.locator("tbody th a", has_text="V-0001").click()
    assert page.locator("h1").inner_text().startswith("V-0001")
    page.locator(".tabs a").last.click()
    page.wait_for_url("**/historik")
    assert page.locator(".change-list > li").count() == 3
    page.locator(".rail a").last.click()
    page.locator("tbody th a").first.click()
    page.wait_for_url("**/plan/2027/utkast-a")
    page.locator(".menu > summary").click()
    with page.expect_download() as download:
        page.locator(".menu a", has_text="Excel").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "botkyrka-utkast-a.xlsx"
    sheet = openpyxl.load_workbook(file).worksheets[2]
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "V-0000" in cells
    assert any(isinstance(cell, int | float) and cell > 1000 for cell in cells)


def test_list_is_searched_in_place_and_the_back_button_undoes_it(browse):
    page = browse("planner")
    page.goto("/botkyrka/register/vattenledningar")
    page.evaluate("document.body.dataset.same = 'yes'")
    page.fill("#list-search", "storgatan")
    page.locator(".search-in-list button").click()
    page.wait_for_url(re.compile("q=storgatan"))
    expect(page.locator(".list-count b").first).to_have_text("30")
    assert page.evaluate("document.body.dataset.same") == "yes", "the page itself stayed"
    assert "30" in page.locator("#announcer").inner_text()
    page.go_back()
    expect(page.locator(".list-count b").first).to_have_text("60")


def test_filter_is_set_by_ticking_and_taken_away_by_its_chip(browse):
    page = browse("planner")
    page.goto("/botkyrka/register/vattenledningar")
    page.locator(".filter-editor > summary").click()
    page.check("input[name=skick][value=e]")
    page.locator(".filter-fields button").click()
    page.wait_for_selector(".chip")
    assert page.locator("tbody th a").all_inner_texts() == ["V-0000"]
    page.locator(".chip a").click()
    page.wait_for_selector(".chip", state="detached")
    assert page.locator("tbody tr").count() == 50


def test_pages_work_without_script(browse):
    page = browse("planner", java_script_enabled=False)
    page.goto("/botkyrka/register/vattenledningar")
    page.fill("#list-search", "v-0007")
    page.locator(".search-in-list button").click()
    assert page.locator("tbody th a").all_inner_texts() == ["V-0007"]
    page.goto("/botkyrka/plan/2027/utkast-a")
    page.select_option("select[name=ar]", "2029")
    page.locator("#rows form button").click()
    assert set(page.locator(".plan-rows td.num:nth-child(2)").all_inner_texts()) == {"2029"}
    page.locator(".account summary").click()
    page.locator(".account button[value=en]").click()
    assert page.locator("html").get_attribute("lang") == "en"


def test_reason_of_a_row_is_one_click_away(browse):
    page = browse("planner")
    page.goto("/botkyrka/plan/2027/utkast-a")
    row = page.locator(".plan-rows tbody").first
    assert not row.locator(".reason").first.is_visible()
    row.locator("summary").click()
    assert len(row.locator(".reason").first.inner_text()) > 40


def test_hostile_name_is_only_text_in_a_real_browser(browse):
    page = browse("planner")
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto("/botkyrka/register/ventiler")
    assert page.locator("tbody th a").inner_text() == HOSTILE
    page.locator("tbody th a").click()
    page.wait_for_url("**/tillgang/**")
    assert dialogs == []


def test_signed_out_reader_sees_nothing_more_not_even_by_the_back_button(browse):
    page = browse("planner")
    page.goto("/botkyrka/register/vattenledningar")
    page.locator(".account summary").click()
    page.locator(".account-menu form").last.locator("button").click()
    page.wait_for_url("**/logga-in")
    page.go_back()
    page.wait_for_url("**/logga-in**")
    assert page.locator("#password").is_visible()


def test_pictures_of_the_register_and_the_plan(browse, picture_folder):
    page = browse("planner")
    for name, path in (
        ("register", "/botkyrka/register/vattenledningar?skick=b,c,e&sortera=skick"),
        ("plan", "/botkyrka/plan/2027/utkast-a"),
    ):
        page.goto(path)
        page.screenshot(path=picture_folder / f"{name}.png")
        assert (picture_folder / f"{name}.png").stat().st_size > 20_000
