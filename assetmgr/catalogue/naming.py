"""How names in received files are compared with names in the catalogue: one folding, used by everyone."""

import math
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from assetmgr.catalogue.model import AssetType, Attribute

BLANK_WORDS: frozenset[str] = frozenset(
    {
        "",
        "-",
        "--",
        "?",
        ".",
        "..",
        "...",
        "<blank>",
        "(blank)",
        "blank",
        "<null>",
        "(null)",
        "null",
        "nan",
        "n/a",
        "n.a.",
        "#n/a",
        "no data",
        "nodata",
        "unknown",
        "unk",
        "not known",
        "undefined",
        "okänd",
        "okänt",
        "okända",
        "okand",
        "okant",
        "ej känd",
        "ej känt",
        "uppgift saknas",
        "saknas",
        "odefinierad",
        "odefinierat",
    }
)
"""Text that means "unknown" in every field, whatever the field; compare with `fold_value` first, or ask `is_blank`."""

_SEPARATORS = str.maketrans("", "", "_-. \t\n\u00a0")
_ASCII_LETTERS = str.maketrans({"å": "a", "ä": "a", "ö": "o", "é": "e", "ü": "u"})
_DBF_NAME_LENGTH = 10


def fold_name(text: str) -> str:
    """A field name as it is compared: casefolded, without underscore, space, hyphen and full stop; å, ä, ö are kept."""
    return unicodedata.normalize("NFC", text).casefold().translate(_SEPARATORS)


def fold_name_ascii(text: str) -> str:
    """`fold_name` with å, ä and ö written a, a and o, as files with ASCII field names have it."""
    return fold_name(text).translate(_ASCII_LETTERS)


def fold_value(text: str) -> str:
    """A code or word in a cell as it is compared: trimmed, casefolded, runs of white space as one space."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def is_blank(value: Any) -> bool:
    """Whether a cell says nothing: None, not-a-number or one of the blank words."""
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return isinstance(value, str) and fold_value(value) in BLANK_WORDS


def names_of(attribute: Attribute) -> tuple[str, ...]:
    """Everything a column holding this attribute may be called, as written: name, labels, labels with unit, aliases."""
    labels = (attribute.label_sv, attribute.label_en)
    with_unit = tuple(f"{text} ({attribute.unit})" for text in labels) if attribute.unit else ()
    return (attribute.name, *labels, *with_unit, *attribute.aliases)


def folded_names_of(attribute: Attribute) -> frozenset[str]:
    """`names_of`, folded, with and without å, ä, ö."""
    names = names_of(attribute)
    return frozenset(fold_name(name) for name in names) | frozenset(fold_name_ascii(name) for name in names)


def field_lookup(asset_type: AssetType) -> dict[str, str]:
    """Folded column name -> attribute name; ask it with `fold_name(column)`.

    Names cut at ten characters, as a Shapefile has them, are in it too where they can mean one attribute only.
    """
    lookup = {folded: a.name for a in asset_type.attributes for folded in folded_names_of(a)}
    cut: dict[str, set[str]] = {}
    for attribute in asset_type.attributes:
        for name in names_of(attribute):
            for folded in (fold_name(name[:_DBF_NAME_LENGTH]), fold_name_ascii(name[:_DBF_NAME_LENGTH])):
                cut.setdefault(folded, set()).add(attribute.name)
    return {folded: min(names) for folded, names in cut.items() if folded and len(names) == 1} | lookup


def choice_lookup(attribute: Attribute) -> dict[str, str]:
    """Folded word -> code of an attribute's code list: codes, labels and aliases; ask it with `fold_value(cell)`."""
    return {
        fold_value(word): choice.code
        for choice in attribute.choices
        for word in (*choice.aliases, choice.label_en, choice.label_sv, choice.code)
    }


def first_match(columns: Iterable[str], aliases: Iterable[str]) -> str | None:
    """The column that matches the earliest alias, None where none does. Aliases stand in order of preference."""
    by_folded: Mapping[str, str] = {fold_name_ascii(column): column for column in reversed(list(columns))}
    return next((by_folded[key] for key in map(fold_name_ascii, aliases) if key in by_folded), None)
