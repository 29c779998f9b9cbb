"""The frame and the parts in a real browser, under the strict policy of the service."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.story import served, story_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TEMPLATES = Path(__file__).parents[2] / "assetmgr" / "templates"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(story_app()) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda fault: page.complaints.append(str(fault)))
    page.goto(address)
    yield page
    context.close()


def test_the_page_runs_under_a_policy_that_allows_nothing_inline(page: Page):
    assert page.complaints == []
    assert page.evaluate("getComputedStyle(document.body.querySelector('.rail')).backgroundColor") == "rgb(14, 63, 73)"


def test_the_font_comes_with_the_package(page: Page):
    page.evaluate("document.fonts.ready.then(() => true)")
    assert page.evaluate("[...document.fonts].map(font => [font.family.replaceAll('\"', ''), font.status])") == [
        ["Inter Variable", "loaded"]
    ]


def test_slash_goes_to_the_search_unless_somebody_is_writing(page: Page):
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("/a")
    assert page.input_value("[data-search-field]") == "/a"


def test_first_stop_of_the_tab_key_leads_past_the_navigation(page: Page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_no_page_scrolls_sideways(page: Page, width: int):
    page.set_viewport_size({"width": width, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_the_places_lie_at_the_foot(page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    box = page.locator(".rail").bounding_box()
    assert (box["x"], box["y"] + box["height"], box["width"]) == (0, 844, 390)
    assert page.locator(".rail a:visible").all_inner_texts() == ["Start", "Register", "Underhållsplan"]
    assert page.locator(".rail a:visible").first.bounding_box()["height"] >= 48


def test_made_up_data_are_called_so_on_every_page(page: Page, address: str):
    assert page.locator(".demo-ribbon").inner_text().strip() in ("Made-up data", "Påhittade uppgifter")
    page.goto(f"{address}/signed-out")
    assert page.locator(".demo-ribbon").count() == 1
    assert page.locator(".rail").count() == 0


def test_condition_is_told_without_colour(page: Page):
    marks = page.locator("tbody .mark")
    labels = [mark.get_attribute("aria-label") for mark in marks.all()]
    assert [re.findall(r"\b[A-E]\b", label) for label in labels] == [["A"], ["B"], ["C"], ["D"], ["E"], []]
    assert len(set(labels)) == 6
    assert all(len(label.split()) >= 2 for label in labels), "a word beside the letter, in whichever language"


def test_on_paper_the_navigation_is_gone(page: Page):
    page.emulate_media(media="print")
    assert [page.locator(part).is_visible() for part in (".rail", ".top-bar", ".demo-ribbon", ".data-table")] == [
        False,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_can_be_used_by_everyone(chromium: Browser, address: str, axe_script: Path, width: int):
    context = chromium.new_context(bypass_csp=True, viewport={"width": width, "height": 844})
    page = context.new_page()
    page.goto(address)
    page.click(".account summary")
    page.add_script_tag(path=axe_script)
    found: list[Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules}).then(r => r.violations.map(v => [v.id, v.nodes[0].html]))", RULES
    )
    context.close()
    assert found == []


def test_no_template_sets_a_style_or_a_script_inside_the_page():
    inline = re.compile(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
    for template in sorted(TEMPLATES.rglob("*.html")):
        text = re.sub(r"\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert inline.findall(text) == [], template


def test_each_icon_that_a_template_names_is_drawn():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (TEMPLATES / "icons.svg.html").read_text(encoding="utf-8")))
    named = {
        f"icon-{name}"
        for template in TEMPLATES.rglob("*.html")
        for name in re.findall(r'icon\("(\w+)"', template.read_text(encoding="utf-8"))
    }
    assert named - drawn == set()
    assert {f"mark-{letter}" for letter in "ABCDEU"} <= drawn
