"""Values of a format without column types, as typed columns that lose nothing."""

import json
from typing import Any

import pyarrow as pa

from geodata.errors import LayerError

EXACT_AS_FLOAT = 2**53
LARGEST_INTEGER = 2**63


def arrow_column(values: list[Any]) -> tuple[pa.Array, bool]:
    """One column of JSON values as (array, whether types were mixed).

    Whole numbers, numbers, yes/no and text keep their type where all values share it; whole numbers among others become
    numbers unless that would change them. Lists, objects and mixtures become their JSON text.
    """
    kinds = {type(value) for value in values} - {type(None)}
    if not kinds:
        return pa.nulls(len(values), type=pa.string()), False
    if kinds == {str}:
        return text_array(values), False
    if kinds == {bool}:
        return pa.array(values, type=pa.bool_()), False
    if kinds == {int} and all(value is None or -LARGEST_INTEGER <= value < LARGEST_INTEGER for value in values):
        return pa.array(values, type=pa.int64()), False
    if kinds <= {int, float} and all(type(value) is not int or abs(value) <= EXACT_AS_FLOAT for value in values):
        numbers = [None if value is None else float(value) for value in values]
        return pa.array(numbers, type=pa.float64(), from_pandas=False), False
    texts = [as_text(value) for value in values]
    return text_array(texts), len(kinds) > 1 and not kinds <= {list, dict}


def text_array(texts: list[str | None]) -> pa.Array:
    """Text as an array; half a character, which JSON can escape and no text has, refuses the file with its row."""
    try:
        return pa.array(texts, type=pa.string())
    except UnicodeEncodeError as error:
        row = next(row for row, text in enumerate(texts, 1) if text is not None and not is_text(text))
        raise LayerError("wrong_encoding", expected="UTF-8", row=row) from error


def is_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
