"""A change: the value that preview, commit, undo, merge and history all share."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from json.encoder import encode_basestring
from typing import Any


@dataclass(frozen=True)
class Change:
    """One object going from old to new values; None means it did not exist. Who, when, why, source stand on its
    transaction.

    `old` and `new` hold only the fields that differ, except that a creation's `new` holds every known field.
    """

    object_type: str
    object_id: int
    object_uid: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None


def canonical_json(values: Mapping[str, Any] | None) -> str | None:
    """The text that is stored and hashed: sorted keys, no spaces, dates as ISO text, bytes as hexadecimal."""
    if values is None:
        return None
    return _ENCODER.encode(values)


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"{type(value).__name__} cannot stand in a change record")


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain, allow_nan=False)


def _scalar_text(value: Any) -> str:
    """A value as `canonical_json` writes it; words and finite numbers the short way."""
    if value.__class__ is str:
        return encode_basestring(value)
    if value.__class__ is int or (value.__class__ is float and math.isfinite(value)):
        return repr(value)
    return _ENCODER.encode(value)


def json_fragments(name: str, values: Sequence[Any]) -> Sequence[str | None]:
    """Each of many values of one field as `"name":value`, None where it is None; equal values are written once."""
    head = json.dumps(name, ensure_ascii=False) + ":"
    written: dict[Any, str | None] = {value: head + _scalar_text(value) for value in set(values) if value is not None}
    written[None] = None
    return list(map(written.__getitem__, values))


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of `after` whose value is another than in `before`, with both values."""
    fields = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in fields}, {name: after[name] for name in fields}
