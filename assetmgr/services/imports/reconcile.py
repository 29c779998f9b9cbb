"""The difference between what a source delivers now and what the register has: the heart of an import that can be
repeated.

A field changes only where the source's value differs from what that source last delivered. Where a person has changed
it since, the person's value stays and the row reports a conflict, each time anew, until somebody decides.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Select, select

from assetmgr.catalogue.labels import STATUSES
from assetmgr.catalogue.model import AssetType
from assetmgr.ids import as_uid
from assetmgr.services.imports.mapping import CONDITION, INSPECTED_ON, PARENT, SCALE
from assetmgr.services.imports.options import ImportOptions
from assetmgr.services.imports.prepare import Prepared, row_digest
from assetmgr.store import tables
from assetmgr.store.access import permit
from assetmgr.store.writing import Writing
from geodata.issues import ERROR, WARNING, Issue

asset, delivery = tables.asset, tables.delivery
_CHUNK = 500
IN_SERVICE, OPEN = "in_service", 0
assert IN_SERVICE in STATUSES
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
    known = _match(work, prepared, asset_type, source, difference, source_said=options.source is not None)
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


def _refuse(
    prepared: Prepared,
    difference: Difference,
    place: int,
    code: str,
    value: Any,
    column: str | None = None,
    **details: Any,
) -> None:
    prepared.refused[place] = True
    row, field_name = int(prepared.row_numbers[place]), column or prepared.key_column
    difference.issues.append(Issue(ERROR, code, row=row, field=field_name, value=value, details=details))


def _match(
    work: Writing,
    prepared: Prepared,
    asset_type: AssetType,
    source: str,
    difference: Difference,
    *,
    source_said: bool,
) -> dict[int, Known]:
    """Rows to assets: by a known uid, else by what their source delivered before, else by external key.

    A row of our own export names its source itself, which holds unless somebody said another for the whole file.
    """
    by_uid = _by_uid(work, prepared)
    if prepared.uid is not None and prepared.key_column is None and not by_uid:
        prepared.key[:] = prepared.uid  # a column of that name that is not ours is the id of whoever wrote the file
    stated = prepared.stated_source if prepared.stated_source is not None and not source_said else None
    delivered: dict[tuple[str, str], Known] = {}
    owned: dict[tuple[str, str], Known] = {}
    for name in {source, *(() if stated is None else filter(None, stated))}:
        delivered |= _delivered(work, asset_type, name)
        owned |= _owned(work, asset_type, name)
    found: dict[int, Known] = {}
    rows_of_asset: dict[int, list[int]] = {}
    for place in np.flatnonzero(~prepared.refused).tolist():
        uid = as_uid(prepared.uid[place]) if prepared.uid is not None and prepared.uid[place] else None
        key = prepared.key[place]
        match = by_uid.get(uid) if uid else None
        known: Known | None = None
        if match is not None:
            known, its_type = match
            if its_type != asset_type.name:
                _refuse(prepared, difference, place, "uid_of_other_type", uid, prepared.uid_column, asset_type=its_type)
                continue
        elif key is not None:
            for name in (source,) if stated is None or stated[place] is None else (stated[place], source):
                known = known or delivered.get((name, key)) or owned.get((name, key))
        elif prepared.uid is not None:
            code = "uid_unknown" if prepared.uid[place] else "key_missing"
            column = prepared.uid_column if prepared.uid[place] or prepared.key_column is None else None
            _refuse(prepared, difference, place, code, prepared.uid[place], column)
            continue
        if known is not None:
            found[place] = known
            rows_of_asset.setdefault(known.asset_id, []).append(place)
    _refuse_copies(prepared, difference, found, rows_of_asset)
    return found


def _refuse_copies(
    prepared: Prepared, difference: Difference, found: dict[int, Known], rows_of_asset: Mapping[int, list[int]]
) -> None:
    """Rows that mean the same asset, or would make two of one key, contradict each other: none is taken."""
    rows_of_key: dict[str, list[int]] = {}
    for place in np.flatnonzero(~prepared.refused).tolist() if prepared.uid is not None else ():
        if place not in found and prepared.key[place] is not None:
            rows_of_key.setdefault(prepared.key[place], []).append(place)
    for places in (*rows_of_asset.values(), *rows_of_key.values()):
        if len(places) < 2:
            continue
        rows = [int(prepared.row_numbers[place]) for place in places]
        for place in places:
            uid = prepared.uid[place] if prepared.uid is not None else None
            column = prepared.uid_column if uid else None
            shown = uid or prepared.key[place]
            _refuse(prepared, difference, place, "duplicate_key", shown, column, rows=rows[:10], count=len(rows))
            found.pop(place, None)


def _delivered(work: Writing, asset_type: AssetType, source: str) -> dict[tuple[str, str], Known]:
    rows = work.connection.execute(
        _of_source(work, asset_type, source, delivery.c.key, delivery.c.id, delivery.c.digest)
    )
    return {(source, row.key): Known(row.asset_id, row.uid, source, row.key, row.id, bytes(row.digest)) for row in rows}


def _of_source(work: Writing, asset_type: AssetType, source: str, *columns: Any) -> Select[Any]:
    statement = select(delivery.c.asset_id, asset.c.uid, *columns).join_from(
        delivery, asset, delivery.c.asset_id == asset.c.id
    )
    return permit(work.actor, "import.run", statement, [delivery, asset]).where(
        delivery.c.source == source, delivery.c.asset_type == asset_type.name
    )


def _owned(work: Writing, asset_type: AssetType, source: str) -> dict[tuple[str, str], Known]:
    """Assets with this source's external key of which it has delivered nothing yet."""
    statement = permit(work.actor, "import.run", select(asset.c.id, asset.c.uid, asset.c.key), [asset])
    rows = work.connection.execute(statement.where(asset.c.source == source, asset.c.type == asset_type.name))
    return {(source, row.key): Known(row.id, row.uid, source, row.key, None, None) for row in rows}


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
        parents = _names_of_parents(work, current.values()) if prepared.parent is not None else {}
        last = _last_deliveries(work, [known.delivery_id for _, known in chunk if known.delivery_id is not None])
        for place, known in chunk:
            base = last.get(known.delivery_id) if known.delivery_id is not None else None
            _compare_one(prepared, asset_type, place, known, current[known.asset_id], parents, base, difference)


def _current_assets(work: Writing, ids: Sequence[int]) -> dict[int, Row]:
    statement = permit(work.actor, "import.run", select(asset), [asset]).where(asset.c.id.in_(ids))
    return {row["id"]: row for row in work.connection.execute(statement).mappings()}


def _last_deliveries(work: Writing, ids: Sequence[int]) -> dict[int, Row]:
    statement = permit(work.actor, "import.run", select(delivery), [delivery]).where(delivery.c.id.in_(ids))
    return {row["id"]: row for row in work.connection.execute(statement).mappings()}


def _names_of_parents(work: Writing, current: Iterable[Row]) -> dict[int | None, tuple[str | None, ...]]:
    """Per parent everything that a source may call it, what people call it first; having none is called None."""
    wanted = sorted({row["parent_id"] for row in current if row["parent_id"] is not None})
    statement = permit(
        work.actor,
        "import.run",
        select(asset.c.id, asset.c.uid, asset.c.source, asset.c.key, asset.c.designation),
        [asset],
    ).where(asset.c.id.in_(wanted))
    named: dict[int | None, tuple[str | None, ...]] = {None: (None,)}
    for row in work.connection.execute(statement):
        names = (row.designation, row.key, f"{row.source}:{row.key}", row.uid)
        named[row.id] = tuple(name for name in names if name)
    return named


def _compare_one(
    prepared: Prepared,
    asset_type: AssetType,
    place: int,
    known: Known,
    current: Row,
    parents: Mapping[int | None, tuple[str | None, ...]],
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
        if target == CONDITION:
            new_grade = value is not None and _is_new_grade(incoming, remembered if base is not None else None, current)
            remembered |= {name: incoming.get(name) for name in (CONDITION, SCALE)}
            if prepared.inspected_on is not None:
                remembered[INSPECTED_ON] = incoming.get(INSPECTED_ON)
            continue
        if base is not None and value == remembered.get(target):
            continue
        if target == PARENT:
            names = parents.get(current["parent_id"], (None,))
            parent_id = prepared.parent_id[place]
            if base is None or parent_id == current["parent_id"] or remembered.get(target) in names:
                _move_to_parent(current, parent_id, old, new)
                remembered[target] = value
            else:
                _conflict(prepared, difference, place, target, known, value, names[0])
            continue
        if target == asset_type.measured and _has_place(prepared, place, current):
            remembered[target] = value
            continue
        start = initial_value(asset_type, target)
        if value is None and start is not None:
            continue  # every asset has this field: a source that says nothing about it leaves it as it is
        now = current_value(current, asset_type, target)
        if value == now:
            remembered[target] = value
        elif base is None or now == remembered.get(target, start):
            _put(old, new, asset_type, target, now, prepared.fields[target][place])
            remembered[target] = value
        else:
            # A person's value is for those who may see it; that the two differ is for whoever imports.
            is_personal = asset_type.attribute(target).personal
            shown, register_value = (None, None) if is_personal else (value, now)
            _conflict(prepared, difference, place, target, known, shown, register_value)
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


def _is_new_grade(incoming: Row, remembered: Row | None, current: Row) -> bool:
    """Whether a delivered grade tells of another inspection than the last one did: another grade, scale or day.

    Without a last delivery the asset's current condition is asked. A grade without its day says nothing of when.
    """
    if remembered is None:
        day = current["inspected_on"]
        seen: Row = {
            CONDITION: current["native_grade"],
            SCALE: current["native_scale"],
            INSPECTED_ON: day and day.isoformat(),
        }
    else:
        seen = remembered
    if (incoming.get(CONDITION), incoming.get(SCALE)) != (seen.get(CONDITION), seen.get(SCALE)):
        return True
    return incoming.get(INSPECTED_ON) is not None and incoming.get(INSPECTED_ON) != seen.get(INSPECTED_ON)


def _has_place(prepared: Prepared, place: int, current: Row) -> bool:
    """Whether the asset is measured by its geometry, so that a stated measure does not count."""
    return current["geometry"] is not None or prepared.geometry_digest[place] is not None


def _move_to_parent(current: Row, parent_id: int | None, old: dict[str, Any], new: dict[str, Any]) -> None:
    if parent_id != current["parent_id"]:
        old["parent_id"], new["parent_id"] = current["parent_id"], parent_id


def initial_value(asset_type: AssetType, target: str) -> Any:
    """What a new asset has in a field that its source says nothing about; None for most."""
    return {"status": IN_SERVICE, "fund": asset_type.default_fund, "protection_class": OPEN}.get(target)


def current_value(current: Row, asset_type: AssetType, target: str) -> Any:
    """The register's value now, as JSON would have it."""
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
    stated = prepared.stated_source if prepared.stated_source is not None else [None] * len(prepared.key)
    present = {
        key for key, name in zip(prepared.key, stated, strict=True) if key is not None and name in (None, source)
    }
    uids = {as_uid(uid) for uid in prepared.uid if uid} if prepared.uid is not None else set()
    return sorted(
        row.key for row in work.connection.execute(statement) if row.key not in present and row.uid not in uids
    )
