"""axe-core finds nothing to say about any page, narrow or wide, in either language."""

import pytest

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
PAGES = {
    "start": "/botkyrka/",
    "due": "/botkyrka/forfaller/",
    "register": "/botkyrka/register/",
    "list": "/botkyrka/register/vattenledningar?skick=c,e&sortera=skick",
    "nothing found": "/botkyrka/register/vattenledningar?q=finnsinte",
    "asset": "/botkyrka/tillgang/{V-0000}/",
    "building": "/botkyrka/tillgang/{B-1}/",
    "inspections": "/botkyrka/tillgang/{V-0000}/besiktningar",
    "measures": "/botkyrka/tillgang/{V-0000}/atgarder",
    "history": "/botkyrka/tillgang/{V-0000}/historik",
    "plans": "/botkyrka/plan/",
    "plan": "/botkyrka/plan/2027/utkast-a",
    "unfunded": "/botkyrka/plan/2027/utkast-a?visa=ofinansierat",
    "statement": "/tillganglighet",
    "failure": "/botkyrka/finns-inte",
}


def violations(page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate(
        "rules => axe.run({runOnly: {type: 'tag', values: rules}})"
        ".then(result => result.violations.map(v => `${v.id}: ${v.nodes.map(n => n.target + n.html).join(' | ')}`))",
        RULES,
    )
    return [f"{page.url} {violation[:600]}" for violation in found]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["sv-SE", "en-GB"])
def test_every_page_is_usable_by_everyone(site, browse, axe_script, language):
    # Our own policy lets no script in from outside; this window leaves it aside, the others do not.
    page = browse("asset_owner", 1280, language, bypass_csp=True)
    axe = axe_script.read_text(encoding="utf-8")
    faults, sideways = [], []
    for name, path in PAGES.items():
        page.goto(path.replace("{V-0000}", site.uids["V-0000"]).replace("{B-1}", site.uids["B-1"]))
        page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 850})
            faults += violations(page, axe)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                sideways.append((name, width))
        assert page.locator("h1").count() == 1, name
    browse.complaints[:] = [text for text in browse.complaints if "404" not in text]
    assert faults == []
    assert sideways == []


@pytest.mark.parametrize("language", ["sv-SE", "en-GB"])
@pytest.mark.parametrize("width", [390, 1280])
def test_sign_in_is_usable_by_everyone_with_and_without_errors(browse, axe_script, width, language):
    page = browse(None, width, language, bypass_csp=True)
    axe = axe_script.read_text(encoding="utf-8")
    faults = violations(page, axe)
    page.locator("form[method=post] input[required]").first.evaluate("input => input.form.noValidate = true")
    page.click("button.primary")
    page.wait_for_selector("#name-error")
    faults += violations(page, axe)
    browse.complaints[:] = [text for text in browse.complaints if "422" not in text]
    assert faults == []


def test_whole_way_can_be_gone_by_keyboard(browse):
    page = browse("planner")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("v-0000")
    page.keyboard.press("Enter")
    page.wait_for_url("**/register/?q=v-0000")
    link = page.locator("tbody th a").first
    for _ in range(60):
        page.keyboard.press("Tab")
        if link.evaluate("element => element === document.activeElement"):
            break
    assert link.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/tillgang/**")


def test_first_stop_of_the_keyboard_leads_past_the_frame(browse):
    page = browse("planner")
    page.goto("/botkyrka/register/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
