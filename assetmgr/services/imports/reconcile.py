"""The difference between what a source delivers now and what the register has: the heart of an import that can be
repeated.

A field changes only where the source's value differs from what that source last delivered. Where a person has changed
it since, the person's value stays and the row reports a conflict, each time anew, until somebody decides.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Select, select

from assetmgr.catalogue.model import AssetType
from assetmgr.ids import as_uid
from assetmgr.services.imports.mapping import CONDITION, PARENT
from assetmgr.services.imports.options import ImportOptions
from assetmgr.services.imports.prepare import Prepared, row_digest
from assetmgr.store import tables
from assetmgr.store.access import permit
from assetmgr.store.writing import Writing
from geodata.issues import ERROR, WARNING, Issue

asset, delivery = tables.asset, tables.delivery
_CHUNK = 500
Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Known:
    """An asset that a row matches, and what was last delivered of it (None: nothing yet)."""

    asset_id: int
    asset_uid: str
    source: str
    key: str
    delivery_id: int | None
    digest: bytes | None


@dataclass
class Difference:
    """What applying the rows would do. Places index the prepared rows."""

    new: list[int] = field(default_factory=list)
    changed: list["Changed"] = field(default_factory=list)
    unchanged: int = 0
    gone: list[str] = field(default_factory=list)
    deliveries: list["Redelivery"] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


@dataclass(frozen=True)
class Changed:
    """One asset's fields that differ: `old` and `new` as `store.assets.update_many` takes them, and a new native
    grade if any.
    """

    place: int
    asset_id: int
    asset_uid: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    new_grade: bool


@dataclass(frozen=True)
class Redelivery:
    """What is to be remembered as last delivered of an asset."""

    place: int
    known: Known
    values_json: str
    source_json: str
    geometry_digest: bytes | None


def reconcile(
    work: Writing, prepared: Prepared, asset_type: AssetType, source: str, options: ImportOptions
) -> Difference:
    """Compare the rows that are not refused with the register; may refuse more of them (in `prepared.refused`)."""
    difference = Difference()
    known = _match(work, prepared, asset_type, source, difference)
    places = [int(place) for place in np.flatnonzero(~prepared.refused)]
    to_compare: list[tuple[int, Known]] = []
    for place in places:
        match = known.get(place)
        if match is None:
            if options.mode == "update":
                _refuse(prepared, difference, place, "key_unknown", prepared.key[place])
            else:
                difference.new.append(place)
        elif options.mode == "insert" or match.digest == _digest(prepared, place):
            difference.unchanged += 1
        else:
            to_compare.append((place, match))
    _compare(work, prepared, asset_type, to_compare, difference)
    difference.gone = _gone(work, prepared, asset_type, source)
    return difference


def _digest(prepared: Prepared, place: int) -> bytes:
    return row_digest(prepared.values_json[place], prepared.source_json[place], prepared.geometry_digest[place])


def _refuse(prepared: Prepared, difference: Difference, place: int, code: str, value: Any, **details: Any) -> None:
    prepared.refused[place] = True
    row = int(prepared.row_numbers[place])
    difference.issues.append(Issue(ERROR, code, row=row, field=prepared.key_column, value=value, details=details))


def _match(
    work: Writing, prepared: Prepared, asset_type: AssetType, source: str, difference: Difference
) -> dict[int, Known]:
    """Rows to assets: by a known uid, else by what this source delivered before, else by external key."""
    delivered = _delivered(work, asset_type, source)
    owned = _owned(work, asset_type, source)
    by_uid = _by_uid(work, prepared)
    found: dict[int, Known] = {}
    row_of_asset: dict[int, int] = {}
    for place in np.flatnonzero(~prepared.refused).tolist():
        uid = as_uid(prepared.uid[place]) if prepared.uid is not None and prepared.uid[place] else None
        key = prepared.key[place]
        match = by_uid.get(uid) if uid else None
        if match is not None and match[1] != asset_type.name:
            _refuse(prepared, difference, place, "uid_of_other_type", uid, asset_type=match[1])
            continue
        known: Known | None
        if match is not None:
            known = match[0]
        elif key is not None:
            known = delivered.get(key) or owned.get(key)
        elif prepared.uid is not None:
            code = "uid_unknown" if prepared.uid[place] else "key_missing"
            _refuse(prepared, difference, place, code, prepared.uid[place])
            continue
        else:
            known = None
        if known is None:
            continue
        if known.asset_id in row_of_asset:
            first = row_of_asset[known.asset_id]
            rows = [int(prepared.row_numbers[first]), int(prepared.row_numbers[place])]
            for other in (first, place):
                if not prepared.refused[other]:
                    _refuse(prepared, difference, other, "duplicate_key", uid or key, rows=rows, count=2)
                found.pop(other, None)
            continue
        row_of_asset[known.asset_id] = place
        found[place] = known
    return found


def _delivered(work: Writing, asset_type: AssetType, source: str) -> dict[str, Known]:
    rows = work.connection.execute(
        _of_source(work, asset_type, source, delivery.c.key, delivery.c.id, delivery.c.digest)
    )
    return {row.key: Known(row.asset_id, row.uid, source, row.key, row.id, bytes(row.digest)) for row in rows}


def _of_source(work: Writing, asset_type: AssetType, source: str, *columns: Any) -> Select[Any]:
    statement = select(delivery.c.asset_id, asset.c.uid, *columns).join_from(
        delivery, asset, delivery.c.asset_id == asset.c.id
    )
    return permit(work.actor, "import.run", statement, [delivery, asset]).where(
        delivery.c.source == source, delivery.c.asset_type == asset_type.name
    )


def _owned(work: Writing, asset_type: AssetType, source: str) -> dict[str, Known]:
    """Assets with this source's external key of which it has delivered nothing yet."""
    statement = permit(work.actor, "import.run", select(asset.c.id, asset.c.uid, asset.c.key), [asset])
    rows = work.connection.execute(statement.where(asset.c.source == source, asset.c.type == asset_type.name))
    return {row.key: Known(row.id, row.uid, source, row.key, None, None) for row in rows}


def _by_uid(work: Writing, prepared: Prepared) -> dict[str, tuple[Known, str]]:
    """Assets by the uids that the file names, with what their own source last delivered."""
    if prepared.uid is None:
        return {}
    wanted = sorted({uid for uid in (as_uid(text) for text in prepared.uid if text) if uid is not None})
    found: dict[str, tuple[Known, str]] = {}
    for start in range(0, len(wanted), _CHUNK):
        statement = select(
            asset.c.id,
            asset.c.uid,
            asset.c.type,
            asset.c.source,
            asset.c.key,
            delivery.c.id.label("delivery_id"),
            delivery.c.digest,
        )
        statement = statement.outerjoin_from(
            asset,
            delivery,
            (delivery.c.asset_id == asset.c.id)
            & (delivery.c.source == asset.c.source)
            & (delivery.c.key == asset.c.key),
        )
        statement = permit(work.actor, "import.run", statement, [asset])
        for row in work.connection.execute(statement.where(asset.c.uid.in_(wanted[start : start + _CHUNK]))):
            digest = bytes(row.digest) if row.digest is not None else None
            found[row.uid] = Known(row.id, row.uid, row.source, row.key, row.delivery_id, digest), row.type
    return found


def _compare(
    work: Writing,
    prepared: Prepared,
    asset_type: AssetType,
    pairs: Sequence[tuple[int, Known]],
    difference: Difference,
) -> None:
    """Field by field, in chunks."""
    for start in range(0, len(pairs), _CHUNK):
        chunk = pairs[start : start + _CHUNK]
        current = _current_assets(work, [known.asset_id for _, known in chunk])
        last = _last_deliveries(work, [known.delivery_id for _, known in chunk if known.delivery_id is not None])
        for place, known in chunk:
            base = last.get(known.delivery_id) if known.delivery_id is not None else None
            _compare_one(prepared, asset_type, place, known, current[known.asset_id], base, difference)


def _current_assets(work: Writing, ids: Sequence[int]) -> dict[int, Row]:
    statement = permit(work.actor, "import.run", select(asset), [asset]).where(asset.c.id.in_(ids))
    return {row["id"]: row for row in work.connection.execute(statement).mappings()}


def _last_deliveries(work: Writing, ids: Sequence[int]) -> dict[int, Row]:
    statement = permit(work.actor, "import.run", select(delivery), [delivery]).where(delivery.c.id.in_(ids))
    return {row["id"]: row for row in work.connection.execute(statement).mappings()}


def _compare_one(
    prepared: Prepared,
    asset_type: AssetType,
    place: int,
    known: Known,
    current: Row,
    base: Row | None,
    difference: Difference,
) -> None:
    incoming = json.loads(prepared.values_json[place])
    remembered = json.loads(base["values_json"]) if base is not None else {}
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    new_grade = False
    for target in sorted(prepared.targets):
        value = incoming.get(target)
        if base is not None and value == remembered.get(target):
            continue
        if target == PARENT:
            _move_to_parent(current, prepared.parent_id[place], old, new)
            remembered[target] = value
            continue
        now = _current_value(current, asset_type, target)
        if target == CONDITION:
            new_grade = value is not None and (base is not None or value != now)
            remembered[target] = value
            continue
        if value == now or (value is None and target in ("status", "fund")):
            remembered[target] = value
        elif base is None or now == remembered.get(target) or (target not in remembered and now is None):
            _put(old, new, asset_type, target, now, prepared.fields[target][place])
            remembered[target] = value
        else:
            _conflict(prepared, difference, place, target, known, value, now)
    geometry_digest = _compare_geometry(prepared, place, known, current, base, old, new, difference)
    source_json = prepared.source_json[place]
    before = base["source_json"] if base is not None else "{}"
    if source_json != before and (base is not None or old):
        old["source_data"], new["source_data"] = json.loads(before), json.loads(source_json)
    values_json = json.dumps(
        {name: value for name, value in remembered.items() if value is not None},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    if base is None or (values_json, source_json, geometry_digest) != (
        base["values_json"],
        before,
        base["geometry_digest"] and bytes(base["geometry_digest"]),
    ):
        difference.deliveries.append(Redelivery(place, known, values_json, source_json, geometry_digest))
    if new or new_grade:
        difference.changed.append(Changed(place, known.asset_id, known.asset_uid, old, new, new_grade))
    else:
        difference.unchanged += 1


def _move_to_parent(current: Row, parent_id: int | None, old: dict[str, Any], new: dict[str, Any]) -> None:
    if parent_id != current["parent_id"]:
        old["parent_id"], new["parent_id"] = current["parent_id"], parent_id


def _current_value(current: Row, asset_type: AssetType, target: str) -> Any:
    """The register's value now, as JSON would have it."""
    if target == CONDITION:
        return current["native_grade"]
    column = asset_type.attribute(target).column
    value = current[column] if column is not None else (current["attributes"] or {}).get(target)
    return value.isoformat() if isinstance(value, date) else value


def _put(old: dict[str, Any], new: dict[str, Any], asset_type: AssetType, target: str, before: Any, after: Any) -> None:
    column = asset_type.attribute(target).column
    if column is not None:
        old[column], new[column] = before, after
    else:
        old.setdefault("attributes", {})[target] = before
        new.setdefault("attributes", {})[target] = after.isoformat() if isinstance(after, date) else after


def _conflict(
    prepared: Prepared, difference: Difference, place: int, target: str, known: Known, value: Any, now: Any
) -> None:
    difference.issues.append(
        Issue(
            WARNING,
            "conflict",
            row=int(prepared.row_numbers[place]),
            field=target,
            value=value,
            details={"uid": known.asset_uid, "register_value": now},
        )
    )


def _compare_geometry(
    prepared: Prepared,
    place: int,
    known: Known,
    current: Row,
    base: Row | None,
    old: dict[str, Any],
    new: dict[str, Any],
    difference: Difference,
) -> bytes | None:
    """The same rule for where the object lies.

    Returns the digest to remember; a layer without geometry says nothing about it.
    """
    remembered = base["geometry_digest"] and bytes(base["geometry_digest"]) if base is not None else None
    if prepared.geometry is None or prepared.geometry_digest[place] is None:
        return remembered
    incoming: bytes = prepared.geometry_digest[place]
    now = current["geometry_digest"] and bytes(current["geometry_digest"])
    if base is not None and incoming == remembered:
        return remembered
    if incoming == now:
        return incoming
    if base is None or now == remembered:
        old["geometry"], new["geometry"] = current["geometry"], place
        return incoming
    _conflict(prepared, difference, place, "geometry", known, None, None)
    return remembered


def _gone(work: Writing, prepared: Prepared, asset_type: AssetType, source: str) -> list[str]:
    """Keys this source delivered before that are absent now. A refused row is present."""
    statement = _of_source(work, asset_type, source, delivery.c.key).where(asset.c.retired_at.is_(None))
    present = {key for key in prepared.key if key is not None}
    uids = {as_uid(uid) for uid in prepared.uid if uid} if prepared.uid is not None else set()
    return sorted(
        row.key for row in work.connection.execute(statement) if row.key not in present and row.uid not in uids
    )
