"""Every code has its words, and every word its Swedish."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import assetmgr.errors
from assetmgr.messages import MESSAGES, message
from geodata.errors import LAYER_ERROR_CODES
from geodata.issues import ISSUE_CODES
from tests.requirements import ROOT

PACKAGE = ROOT / "assetmgr"
ERROR_CLASSES = {
    name
    for name, thing in vars(assetmgr.errors).items()
    if isinstance(thing, type) and issubclass(thing, assetmgr.errors.AssetmgrError)
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdf]|%\((\w+)\)\.\d+f")
BRACES = re.compile(r"\{(\w+)(?:!r)?\}")


def raised_codes() -> Iterator[tuple[str, str]]:
    """Codes that the service's own source gives to errors, refusals and findings, with the file they stand in."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            place = 0 if name in ERROR_CLASSES else 1 if name in ("Issue", "refusal") else None
            if place is None or len(node.args) <= place:
                continue
            code = node.args[place]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield code.value, str(path.relative_to(ROOT))


def extracted() -> Catalog:
    """Every text that the source marks."""
    catalog = Catalog()
    method_map = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
    keywords = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
    found = extract_from_dir(str(PACKAGE), method_map, keywords=keywords)  # type: ignore[arg-type]
    for file, _line, text, _comments, _context in found:
        catalog.add(text, locations=[(file, 1)])
    return catalog


@pytest.fixture(scope="module")
def swedish() -> Catalog:
    content = (PACKAGE / "translations" / "sv" / "LC_MESSAGES" / "messages.po").read_bytes()
    return read_po(BytesIO(content), locale="sv")


def texts_of(catalog: Catalog) -> dict[str, object]:
    return {m.id if isinstance(m.id, str) else m.id[0]: m.string for m in catalog if m.id}


def test_every_code_that_is_raised_has_a_message():
    lacking = sorted({pair for pair in raised_codes() if pair[0] not in MESSAGES})
    assert lacking == []


@pytest.mark.parametrize("codes", [LAYER_ERROR_CODES, ISSUE_CODES], ids=["layer", "issue"])
def test_every_code_of_the_packages_below_has_a_message(codes: dict[str, tuple[str, ...]]):
    assert sorted(set(codes) - set(MESSAGES)) == []


@pytest.mark.parametrize("code", sorted(LAYER_ERROR_CODES | ISSUE_CODES))
def test_a_message_asks_only_for_values_that_come_with_its_code(code: str):
    given = {**LAYER_ERROR_CODES, **ISSUE_CODES}[code]
    asked = {name for pair in PLACEHOLDER.findall(MESSAGES[code]) for name in pair if name}
    assert asked <= {*given, "row", "field", "value"}


def test_every_marked_text_has_its_swedish(swedish: Catalog):
    known = texts_of(swedish)
    assert sorted(text for text in texts_of(extracted()) if not known.get(text)) == []


def test_no_translation_is_left_of_a_text_that_is_gone(swedish: Catalog):
    assert sorted(set(texts_of(swedish)) - set(texts_of(extracted()))) == []


def test_no_translation_is_only_a_guess(swedish: Catalog):
    assert [found.id for found in swedish if found.id and found.fuzzy] == []


def test_translations_ask_for_the_same_values(swedish: Catalog):
    wrong = []
    for found in swedish:
        if not found.id:
            continue
        sources = [found.id] if isinstance(found.id, str) else list(found.id)
        targets = [found.string] if isinstance(found.string, str) else list(found.string)
        for pattern in (PLACEHOLDER, BRACES):
            asked = {name for text in sources for name in pattern.findall(text)}
            if any(set(pattern.findall(text)) - asked for text in targets):
                wrong.append(found.id)
    assert wrong == []


def test_a_message_lacking_a_value_shows_a_dash_rather_than_nothing():
    assert message("file_not_found", {}, "sv") == "Det finns ingen fil –. Kontrollera sökvägen."


def test_swedish_and_english_differ_and_are_filled_in():
    assert message("file_not_found", {"file": "a.gpkg"}, "en") == "There is no file a.gpkg. Check the path."
    assert message("file_not_found", {"file": Path("å.gpkg").name}, "sv").startswith("Det finns ingen fil å.gpkg")
