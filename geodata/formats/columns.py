"""Values of a format without column types, as typed columns that lose nothing."""

import json
from typing import Any

import pyarrow as pa

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
        return pa.array(values, type=pa.string()), False
    if kinds == {bool}:
        return pa.array(values, type=pa.bool_()), False
    if kinds == {int} and all(value is None or -LARGEST_INTEGER <= value < LARGEST_INTEGER for value in values):
        return pa.array(values, type=pa.int64()), False
    if kinds <= {int, float} and all(type(value) is not int or abs(value) <= EXACT_AS_FLOAT for value in values):
        numbers = [None if value is None else float(value) for value in values]
        return pa.array(numbers, type=pa.float64(), from_pandas=False), False
    texts = [as_text(value) for value in values]
    return pa.array(texts, type=pa.string()), len(kinds) > 1 and not kinds <= {list, dict}


def as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
