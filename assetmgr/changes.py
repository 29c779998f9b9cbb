"""A change: the value that preview, commit, undo, merge and history all share."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
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


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of `after` whose value is another than in `before`, with both values."""
    fields = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in fields}, {name: after[name] for name in fields}
