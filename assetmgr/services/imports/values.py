"""Values as files write them, made into values as the catalogue wants them.

One scalar function knows the rules for one cell; a column is converted by its distinct values, so that a million rows
of a code list cost as much as its few codes.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assetmgr.catalogue.model import Attribute, GradingScale
from assetmgr.catalogue.naming import BLANK_WORDS, choice_lookup, fold_value, is_blank

ObjectColumn = npt.NDArray[np.object_]
Convert = Callable[[Any], tuple[Any, str | None]]

NOT_A_NUMBER = "not_a_number"
NOT_A_WHOLE_NUMBER = "not_a_whole_number"
NOT_A_DATE = "not_a_date"
NOT_YES_OR_NO = "not_yes_or_no"
BELOW_MINIMUM = "below_minimum"
ABOVE_MAXIMUM = "above_maximum"
YEAR_IN_FUTURE = "year_in_future"
DATE_IN_FUTURE = "date_in_future"
CODE_UNKNOWN = "code_unknown"
GRADE_OFF_SCALE = "grade_off_scale"
TEXT_TOO_LONG = "text_too_long"

LONGEST_TEXT = 4_000
_YES = frozenset({"ja", "j", "yes", "y", "true", "t", "sant", "1"})
_NO = frozenset({"nej", "n", "no", "false", "f", "falskt", "0"})
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)
_LEADING_DATE = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[T ].*)?$")
_LEADING_YEAR = re.compile(r"(\d{4})(?:[-/.]\d{1,2}(?:[-/.]\d{1,2}(?:[T ].*)?)?)?$|(\d{4})(?:\d{4})$")
_UNPRINTABLE = r"[\p{C}\p{Zl}\p{Zp}]"
_YEAR_LAST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.](\d{4})(?:[T ].*)?$")
_UNIT_WORDS: Mapping[str, tuple[str, ...]] = {
    "m²": ("m2", "kvm"),
    "m³": ("m3", "kbm"),
    "m³/d": ("m3/d", "m³/dygn", "m3/dygn"),
    "kr": ("sek", "kronor", ":-"),
    "st": ("styck",),
    "h": ("tim",),
}
"""Other ways to write the catalogue's units behind a number."""
_NO_UNITS: Mapping[str, float] = {}
_COORDINATE_UNITS: Mapping[str, float] = {"m": 1.0, "°": 1.0}


@dataclass(frozen=True)
class ConvertedColumn:
    """One field of n rows: values (None for unknown), and for each row the problem found, if any.

    `raw` are the values as the file had them. A `CODE_UNKNOWN` problem leaves the field unknown; any other refuses
    its row.
    """

    values: ObjectColumn
    problems: ObjectColumn
    raw: ObjectColumn


def convert_column(column: pa.ChunkedArray, convert: Convert) -> ConvertedColumn:
    """Convert a column cell by distinct cell; plain words all at once."""
    if getattr(convert, "is_plain_text", False):
        words = _plain_words(column)
        if words is not None:
            return words
    raw, index = distinct(column)
    values = np.empty(len(raw), dtype=object)
    problems = np.empty(len(raw), dtype=object)
    for place, cell in enumerate(raw):
        values[place], problems[place] = convert(cell)
    return ConvertedColumn(values[index], problems[index], raw[index])


def _plain_words(column: pa.ChunkedArray) -> ConvertedColumn | None:
    """A text column trimmed, blank words None; None where some cell needs more care than that."""
    if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
        return None
    raw = column.combine_chunks()
    trimmed = pc.utf8_normalize(pc.utf8_trim_whitespace(raw), "NFC")
    careful = pc.or_(pc.match_substring_regex(raw, _UNPRINTABLE), pc.greater(pc.utf8_length(raw), LONGEST_TEXT))
    if pc.any(careful).as_py():
        return None
    blank = pc.is_in(pc.utf8_lower(trimmed), value_set=pa.array(sorted(BLANK_WORDS)))
    kept = pc.if_else(blank, pa.scalar(None, trimmed.type), trimmed)
    texts, cells = np.empty(len(raw), dtype=object), np.empty(len(raw), dtype=object)
    texts[:], cells[:] = kept.to_pylist(), raw.to_pylist()
    return ConvertedColumn(texts, np.full(len(raw), None, dtype=object), cells)


def distinct(column: pa.ChunkedArray) -> tuple[ObjectColumn, npt.NDArray[np.int64]]:
    """The distinct cells of a column as Python values, and for each row the place of its own; null is one of them."""
    encoded = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode(null_encoding="encode")
    cells = np.empty(len(encoded.dictionary), dtype=object)
    cells[:] = encoded.dictionary.to_pylist()
    return cells, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def attribute_converter(attribute: Attribute, unknown: Iterable[str], this_year: int) -> Convert:
    """The rules for one attribute's cells. `unknown` are further values that mean unknown here."""
    parse = _PARSERS[attribute.value_type]
    if attribute.value_type is int and attribute.name.endswith("_year"):
        parse = parse_year
    elif attribute.value_type in (int, float):
        parse = partial(parse_int if attribute.value_type is int else parse_float, units=_units_of(attribute))
    choices = choice_lookup(attribute) if attribute.choices else None
    means_unknown = _unknown_test(attribute.unknown_values, unknown)

    def convert(cell: Any) -> tuple[Any, str | None]:
        if is_blank(cell) or means_unknown(cell):
            return None, None
        if choices is not None:
            code = choices.get(fold_value(plain_text(cell)))
            return (code, None) if code is not None else (None, CODE_UNKNOWN)
        value, problem = parse(cell)
        if problem is None and means_unknown(value):
            return None, None
        if problem is None and isinstance(value, (int, float)) and not isinstance(value, bool):
            if attribute.minimum is not None and value < attribute.minimum:
                problem = BELOW_MINIMUM
            elif attribute.maximum is not None and value > attribute.maximum:
                problem = ABOVE_MAXIMUM
            elif parse is parse_year and value > this_year:
                problem = YEAR_IN_FUTURE
        return (None, problem) if problem else (value, None)

    return _marked_plain(convert, attribute.value_type is str and not (choices or attribute.unknown_values or unknown))


def _marked_plain(convert: Convert, is_plain_text: bool) -> Convert:
    """Say of a conversion that it only trims words, so that columns need not be taken cell by cell."""
    convert.is_plain_text = is_plain_text  # type: ignore[attr-defined]
    return convert


def grade_converter(scale: GradingScale, unknown: Iterable[str]) -> Convert:
    """The rules for cells of a native grade: the grade as text, kept as the file wrote it."""
    means_unknown = _unknown_test(scale.unknown_values, unknown)

    def convert(cell: Any) -> tuple[Any, str | None]:
        if is_blank(cell) or means_unknown(cell):
            return None, None
        text = plain_text(cell)
        try:
            scale.health(text)
        except ValueError:
            return None, GRADE_OFF_SCALE
        return text, None

    return convert


def text_converter(unknown: Iterable[str] = ()) -> Convert:
    """The rules for cells that are only words: keys, references."""
    means_unknown = _unknown_test((), unknown)

    def convert(cell: Any) -> tuple[Any, str | None]:
        if is_blank(cell) or means_unknown(cell):
            return None, None
        return parse_text(cell)

    return _marked_plain(convert, not unknown)


def date_converter(unknown: Iterable[str] = (), *, latest: date) -> Convert:
    """The rules for cells that are days when something was seen: none of them is after `latest`."""
    means_unknown = _unknown_test((), unknown)

    def convert(cell: Any) -> tuple[Any, str | None]:
        if is_blank(cell) or means_unknown(cell):
            return None, None
        day, problem = parse_date(cell)
        return (None, DATE_IN_FUTURE) if day is not None and day > latest else (day, problem)

    return convert


def number_converter(unknown: Iterable[str] = ()) -> Convert:
    """The rules for cells that are plain numbers: coordinates."""
    means_unknown = _unknown_test((), unknown)

    def convert(cell: Any) -> tuple[Any, str | None]:
        return (None, None) if is_blank(cell) or means_unknown(cell) else parse_float(cell, _COORDINATE_UNITS)

    return convert


def _unknown_test(declared: Iterable[Any], said: Iterable[str]) -> Callable[[Any], bool]:
    """Whether a cell is one of the values that mean unknown, compared as numbers where both are numbers."""
    words = frozenset(fold_value(str(value)) for value in (*declared, *said))
    if not words:
        return lambda cell: False
    numbers = frozenset(number for number in map(_as_number, words) if number is not None)

    def means_unknown(cell: Any) -> bool:
        if fold_value(plain_text(cell)) in words:
            return True
        number = _as_number(cell) if numbers else None
        return number is not None and number in numbers

    return means_unknown


def _units_of(attribute: Attribute) -> Mapping[str, float]:
    """What may stand behind a number in this field, with the factor that gives the field's own unit."""
    units = {name.casefold(): factor for name, factor in attribute.source_unit_factors.items()}
    if attribute.unit is not None:
        units |= {name.casefold(): 1.0 for name in (attribute.unit, *_UNIT_WORDS.get(attribute.unit, ()))}
    return units


def _as_number(value: Any) -> float | None:
    number, problem = parse_float(value)
    return None if problem else number


def plain_text(cell: Any) -> str:
    """A cell as text; a whole number stored as a fraction loses its ".0"."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == datetime.min.time():
        return cell.date().isoformat()
    return str(cell).strip()


def parse_text(cell: Any) -> tuple[str | None, str | None]:
    """Words, trimmed, composed; control characters other than line breaks become spaces."""
    text = unicodedata.normalize("NFC", plain_text(cell))
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text).strip()
    if len(text) > LONGEST_TEXT:
        return None, TEXT_TOO_LONG
    return text or None, None


def parse_float(cell: Any, units: Mapping[str, float] = _NO_UNITS) -> tuple[float | None, str | None]:
    """A number, with decimal comma or point, spaces between thousands, and one of the units behind it, by whose factor
    it is multiplied. Another unit is never passed over: 15 m are not 15 mm.
    """
    if isinstance(cell, bool):
        return None, NOT_A_NUMBER
    if isinstance(cell, (int, float)):
        return (float(cell), None) if math.isfinite(cell) else (None, NOT_A_NUMBER)
    text = "".join(str(cell).split()).replace("\u2212", "-").casefold()
    unit = max((unit for unit in units if text.endswith(unit) and text != unit), key=len, default="")
    text = text.removesuffix(unit)
    if text.count(",") == 1:
        text = text.replace(".", "") if "." in text and text.index(".") < text.index(",") else text
        text = text.replace(",", ".")
    if not _NUMBER.fullmatch(text):
        return None, NOT_A_NUMBER
    value = float(text)
    if unit and units[unit] != 1.0:
        value = round(value * units[unit], 9)
    return (value, None) if math.isfinite(value) else (None, NOT_A_NUMBER)


def parse_int(cell: Any, units: Mapping[str, float] = _NO_UNITS) -> tuple[int | None, str | None]:
    """A whole number, written as `parse_float` reads numbers."""
    value, problem = parse_float(cell, units)
    if problem or value is None:
        return None, problem
    return (int(value), None) if value.is_integer() else (None, NOT_A_WHOLE_NUMBER)


def parse_year(cell: Any) -> tuple[int | None, str | None]:
    """A year: four figures, or the year of a date."""
    if isinstance(cell, (date, datetime)):
        return cell.year, None
    text = plain_text(cell)
    found = _LEADING_YEAR.match(text) or _YEAR_LAST.match(text)
    return (int(next(filter(None, found.groups()))), None) if found else parse_int(cell)


def parse_date(cell: Any) -> tuple[date | None, str | None]:
    """A day: ISO or with slashes or without marks, whatever time stands behind it."""
    if isinstance(cell, datetime):
        return cell.date(), None
    if isinstance(cell, date):
        return cell, None
    found = _LEADING_DATE.match(plain_text(cell))
    if not found:
        return None, NOT_A_DATE
    try:
        return date(*(int(part) for part in found.groups())), None
    except ValueError:
        return None, NOT_A_DATE


def parse_bool(cell: Any) -> tuple[bool | None, str | None]:
    """Yes or no, in Swedish or English, or 1 and 0."""
    if isinstance(cell, bool):
        return cell, None
    word = fold_value(plain_text(cell))
    if word in _YES:
        return True, None
    return (False, None) if word in _NO else (None, NOT_YES_OR_NO)


_PARSERS: Mapping[type, Convert] = {
    str: parse_text,
    int: parse_int,
    float: parse_float,
    bool: parse_bool,
    date: parse_date,
}
