"""The application has a text for each code; so each code that can occur must be listed, with the values it carries."""

import ast
from collections.abc import Iterator
from pathlib import Path

import geodata
from geodata.errors import LAYER_ERROR_CODES
from geodata.issues import ISSUE_CODES

PACKAGE = Path(geodata.__file__).parent
NAMED_OUTSIDE = {"file"}


def calls(name: str) -> Iterator[ast.Call]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield node


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def test_every_error_is_listed_with_its_values() -> None:
    used = set()
    for call in calls("LayerError"):
        code = literal(call.args[0])
        if code is not None:
            used.add(code)
            given = {keyword.arg for keyword in call.keywords}
            assert given | NAMED_OUTSIDE >= set(LAYER_ERROR_CODES[code]), f"{code}: {given}"
            assert given <= set(LAYER_ERROR_CODES[code]), f"{code}: {given}"
    assert used == set(LAYER_ERROR_CODES)


def test_every_issue_is_listed() -> None:
    for call in calls("Issue"):
        code = literal(call.args[1])
        assert code is None or code in ISSUE_CODES
