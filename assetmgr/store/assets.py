"""Assets: finding, listing, inserting and changing them."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Column, ColumnElement, Row, RowMapping, Select, func, or_, select
from sqlalchemy.engine import Connection

from assetmgr.changes import canonical_json, difference, json_fragments
from assetmgr.errors import NotFound
from assetmgr.ids import as_uid
from assetmgr.store import bulk, spatial, tables
from assetmgr.store.access import Actor, permit, require
from assetmgr.store.writing import Writing, stored_uids

asset = tables.asset

PLAIN_COLUMNS = (
    "designation",
    "address",
    "parent_id",
    "from_node_id",
    "to_node_id",
    "department",
    "protection_class",
    "status",
    "fund",
    "built_year",
    "material",
    "dimension_mm",
    "length_m",
    "area_m2",
    "quantity",
    "replacement_value_sek",
    "consequence_grade",
    "guarantee_until",
    "liability_until",
)
"""Columns that people and imports set; the rest follow from them or from inspections."""
CONDITION_COLUMNS = ("health_index", "health_source", "inspected_on", "native_scale", "native_grade")
RECORDED = ("type", "source", "key", *PLAIN_COLUMNS, *CONDITION_COLUMNS)


@dataclass(frozen=True)
class NewAssets:
    """n assets of one type and source to insert, as columns.

    `columns` holds any of PLAIN_COLUMNS and CONDITION_COLUMNS, each (n,) with None for unknown; `attributes` the JSON
    attributes, one mapping each, of which `personal_fields` are kept apart from the change records; `geometry_wkb`,
    `geometry_digest` (16 bytes) and `bounds` (n, 4) may be absent together.
    `status` and `fund` are needed.
    """

    asset_type: str
    source: str
    keys: Sequence[str]
    columns: Mapping[str, Sequence[Any]]
    attributes: Sequence[Mapping[str, Any]] | None = None
    personal_fields: frozenset[str] = frozenset()
    geometry_wkb: Sequence[bytes | None] | None = None
    geometry_digest: Sequence[bytes | None] | None = None
    bounds: npt.NDArray[np.float64] | None = None


@dataclass(frozen=True)
class Inserted:
    """The identities of inserted assets, in the order given."""

    ids: range
    uids: Sequence[str]


SEARCHED_ATTRIBUTE = "property_designation"
"""The attribute by which people look for what stands on a property."""


def search_texts(
    columns: Mapping[str, Sequence[Any]], keys: Sequence[str], attributes: Sequence[Mapping[str, Any]] = ()
) -> list[str]:
    """What search looks in: key, designation, address and property, casefolded, so that å is å in any case."""
    parts: list[Sequence[Any]] = [keys, *(columns[name] for name in ("designation", "address") if name in columns)]
    if attributes:
        parts.append([values.get(SEARCHED_ATTRIBUTE) for values in attributes])
    rows_ = ["\n".join([str(value) for value in row if value is not None]) for row in zip(*parts, strict=True)]
    # Casefolding all rows as one text is quicker, where the mark between them stands in none.
    folded = _ROW_MARK.join(rows_).casefold().split(_ROW_MARK)
    return folded if len(folded) == len(rows_) else [row.casefold() for row in rows_]


_ROW_MARK = "\x1e"


def insert_many(work: Writing, new: NewAssets) -> Inserted:
    """Insert assets with their change records."""
    require(work.actor, "asset.write")
    count = len(new.keys)
    if count == 0:
        return Inserted(range(0), [])
    connection = work.connection
    ids = bulk.reserve_ids(connection, asset, count)
    uids = work.new_uids(count)
    attributes = new.attributes or [{}] * count
    attribute_json = [canonical_json(values) or "{}" if values else "{}" for values in attributes]
    bounds = _bounds_columns(new.bounds, count)
    moment = work.moment()
    rows: dict[str, Sequence[Any]] = {
        "id": ids,
        "uid": stored_uids(connection, uids),
        "municipality_id": [work.actor.municipality_id] * count,
        "type": [new.asset_type] * count,
        "source": [new.source] * count,
        "key": new.keys,
        "protection_class": [0] * count,
        **new.columns,
        "attributes": attribute_json,
        "search_text": search_texts(new.columns, new.keys, new.attributes or ()),
        "geometry": new.geometry_wkb or [None] * count,
        "geometry_digest": new.geometry_digest or [None] * count,
        **bounds,
        "version": [1] * count,
        "created_at": [moment] * count,
        "updated_at": [moment] * count,
    }
    rows = {name: _stored(connection, values) if name in _DATES else values for name, values in rows.items()}
    with spatial.index_rebuilt(connection, ids[0], count):
        bulk.insert_columns(connection, asset, rows)
    if new.personal_fields:
        attribute_json = [
            canonical_json(work.apart("asset", asset_id, values, new.personal_fields)) or "{}"
            for asset_id, values in zip(ids, attributes, strict=True)
        ]
    work.record_columns("asset", ids, uids, [None] * count, _created_json(new, attribute_json))
    return Inserted(ids, uids)


_DATES = ("guarantee_until", "liability_until", "inspected_on")


def _stored(connection: Connection, values: Sequence[Any]) -> Sequence[Any]:
    """Dates as the database keeps them in bulk rows: SQLite as ISO text."""
    if connection.dialect.name != "sqlite":
        return values
    return [value.isoformat() if hasattr(value, "isoformat") else value for value in values]


def _bounds_columns(bounds: npt.NDArray[np.float64] | None, count: int) -> dict[str, Sequence[float | None]]:
    names = ("min_x", "min_y", "max_x", "max_y")
    if bounds is None:
        return {name: [None] * count for name in names}
    as_objects = bounds.astype(object)
    as_objects[np.isnan(bounds)] = None
    return {name: as_objects[:, place].tolist() for place, name in enumerate(names)}


def _created_json(new: NewAssets, attribute_json: Sequence[str]) -> list[str]:
    """A creation's `new` values: every known field, geometry as hexadecimal WKB, attributes as an object."""
    recorded = {name: values for name, values in new.columns.items() if name in RECORDED} | {"key": new.keys}
    parts: list[Iterable[str | None]] = [json_fragments(name, values) for name, values in sorted(recorded.items())]
    parts.append(None if text == "{}" else f'"attributes":{text}' for text in attribute_json)
    if new.geometry_wkb is not None:
        parts.append(None if wkb is None else f'"geometry":"{wkb.hex()}"' for wkb in new.geometry_wkb)
    constant = json.dumps({"source": new.source, "type": new.asset_type}, ensure_ascii=False)[1:]
    return ["{" + ",".join(filter(None, row)) + "," + constant for row in zip(*parts, strict=True)]


# ---- reading

LISTED = [column for column in asset.c if column.name not in ("geometry", "geometry_digest", "search_text")]


@dataclass(frozen=True)
class AssetFilter:
    """Which assets are meant. The same filter is list, count, sum, map, export and bulk action.

    `status` "current" leaves out the retired; None means any. `asset_types` means any of these types, () all.
    """

    asset_type: str | None = None
    asset_types: tuple[str, ...] = ()
    search: str = ""
    status: str | None = None
    fund: str | None = None
    health_classes: tuple[str, ...] = ()
    parent_id: int | None = None
    source: str | None = None
    include_retired: bool = False
    box: tuple[float, float, float, float] | None = None
    equals: Mapping[str, Any] = field(default_factory=dict)


HEALTH_BANDS = {"A": (90.0, 100.1), "B": (75.0, 90.0), "C": (50.0, 75.0), "D": (25.0, 50.0), "E": (-0.1, 25.0)}


def conditions(connection: Connection, wanted: AssetFilter) -> list[ColumnElement[bool]]:
    """The filter as conditions on the asset table."""
    found: list[ColumnElement[bool]] = []
    if not wanted.include_retired:
        found.append(asset.c.retired_at.is_(None))
    for name, value in (
        ("type", wanted.asset_type),
        ("status", wanted.status),
        ("fund", wanted.fund),
        ("parent_id", wanted.parent_id),
        ("source", wanted.source),
        *wanted.equals.items(),
    ):
        if value is not None:
            found.append(asset.c[name] == value)
    if wanted.asset_types:
        found.append(asset.c.type.in_(wanted.asset_types))
    for word in wanted.search.casefold().split():
        found.append(asset.c.search_text.contains(word, autoescape=True))
    if wanted.health_classes:
        found.append(or_(*(_in_class(letter) for letter in wanted.health_classes)))
    if wanted.box is not None:
        found.append(spatial.intersects_box(connection, wanted.box))
    return found


def _in_class(letter: str) -> ColumnElement[bool]:
    if letter == "U":
        return asset.c.health_index.is_(None)
    low, high = HEALTH_BANDS[letter]
    return (asset.c.health_index >= low) & (asset.c.health_index < high)


SORTABLE = (
    "designation",
    "key",
    "type",
    "built_year",
    "material",
    "dimension_mm",
    "length_m",
    "area_m2",
    "health_index",
    "inspected_on",
    "status",
    "fund",
    "replacement_value_sek",
)


def page(
    connection: Connection,
    actor: Actor,
    wanted: AssetFilter,
    *,
    sort: str = "designation",
    descending: bool = False,
    limit: int = 50,
    offset: int = 0,
) -> Sequence[RowMapping]:
    """One page of the filtered set. Unknown values sort last either way."""
    column = asset.c[sort if sort in SORTABLE else "designation"]
    ordering = column.desc() if descending else column.asc()
    statement = (
        permit(actor, "asset.read", select(*LISTED), [asset])
        .where(*conditions(connection, wanted))
        .order_by(ordering.nulls_last(), asset.c.id)
        .limit(limit)
        .offset(offset)
    )
    return connection.execute(statement).mappings().all()


def count(connection: Connection, actor: Actor, wanted: AssetFilter) -> int:
    """How many assets the filter means."""
    statement = permit(actor, "asset.read", select(func.count()).select_from(asset), [asset])
    return int(connection.execute(statement.where(*conditions(connection, wanted))).scalar_one())


def counts_by(connection: Connection, actor: Actor, wanted: AssetFilter, name: str) -> dict[Any, int]:
    """How many assets of the filtered set per value of a column."""
    column = asset.c[name]
    statement = permit(actor, "asset.read", select(column, func.count()), [asset])
    rows = connection.execute(statement.where(*conditions(connection, wanted)).group_by(column))
    return {value: int(number) for value, number in rows}


def counts_by_health_class(connection: Connection, actor: Actor, wanted: AssetFilter) -> dict[str, int]:
    """How many assets of the filtered set per condition class A-E, and U for unknown."""
    columns = [func.count().filter(_in_class(letter)).label(letter) for letter in (*HEALTH_BANDS, "U")]
    statement = permit(actor, "asset.read", select(*columns).select_from(asset), [asset])
    row = connection.execute(statement.where(*conditions(connection, wanted))).mappings().one()
    return {letter: int(number) for letter, number in row.items()}


@dataclass(frozen=True)
class Totals:
    """Sums over a filtered set; None where no asset in it has the value. The counts say how many have it."""

    length_m: float | None
    area_m2: float | None
    replacement_value_sek: int | None
    with_length: int
    with_area: int
    with_replacement_value: int


def totals(connection: Connection, actor: Actor, wanted: AssetFilter) -> Totals:
    """Length, area and replacement value of the whole filtered set."""
    columns = (asset.c.length_m, asset.c.area_m2, asset.c.replacement_value_sek)
    statement = permit(
        actor, "asset.read", select(*(func.sum(c) for c in columns), *(func.count(c) for c in columns)), [asset]
    )
    return Totals(*connection.execute(statement.where(*conditions(connection, wanted))).one())


def names(connection: Connection, actor: Actor, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Uid and name of these assets by id, as far as the actor may know of them."""
    statement = permit(
        actor, "asset.read", select(asset.c.id, asset.c.uid, asset.c.designation, asset.c.key), [asset]
    ).where(asset.c.id.in_(ids))
    return {row.id: (row.uid, row.designation or row.key) for row in connection.execute(statement)}


def with_key(connection: Connection, actor: Actor, key: str) -> Sequence[RowMapping]:
    """The assets that some source calls so, two at most: whoever asks wants to know whether there is one."""
    statement = permit(actor, "asset.read", select(*LISTED), [asset]).where(asset.c.key == key)
    return connection.execute(statement.limit(2)).mappings().all()


def rows(
    connection: Connection, actor: Actor, wanted: AssetFilter, *, with_geometry: bool = False
) -> Iterator[RowMapping]:
    """The whole filtered set, streamed in order of id."""
    chosen = [*LISTED, asset.c.geometry] if with_geometry else LISTED
    statement = permit(actor, "asset.read", select(*chosen), [asset])
    ordered = statement.where(*conditions(connection, wanted)).order_by(asset.c.id)
    yield from connection.execute(ordered, execution_options={"yield_per": 5_000}).mappings()


def find(connection: Connection, actor: Actor, identity: str, *, with_geometry: bool = False) -> RowMapping:
    """The asset with this uid or SOURCE:KEY. Several types may share a source's key: then the name is refused as
    ambiguous.
    """
    chosen = [*LISTED, asset.c.geometry] if with_geometry else LISTED
    statement: Select[Any] = permit(actor, "asset.read", select(*chosen), [asset])
    uid = as_uid(identity)
    if uid is not None:
        statement = statement.where(asset.c.uid == uid)
    else:
        candidates = [
            (asset.c.source == identity[:place]) & (asset.c.key == identity[place + 1 :])
            for place, letter in enumerate(identity)
            if letter == ":"
        ]
        if not candidates:
            raise NotFound("asset_id_malformed", id=identity)
        statement = statement.where(or_(*candidates))
    found = connection.execute(statement.limit(10)).mappings().all()
    if not found:
        raise NotFound("asset_not_found", id=identity)
    if len(found) > 1:
        raise NotFound("asset_ambiguous", id=identity, uids=[row["uid"] for row in found])
    return found[0]


def children(connection: Connection, actor: Actor, asset_id: int) -> Sequence[RowMapping]:
    """The parts of an asset; none where it is hidden from the actor."""
    statement = permit(actor, "asset.read", select(*LISTED), [asset]).where(
        asset.c.parent_id.in_(_known(actor, asset_id, asset.c.id)), asset.c.retired_at.is_(None)
    )
    return connection.execute(statement.order_by(asset.c.type, asset.c.key)).mappings().all()


def connected(connection: Connection, actor: Actor, asset_id: int) -> Sequence[RowMapping]:
    """What meets an asset in the network: a pipe's two nodes, or a node's pipes; nothing where it is hidden from the
    actor.
    """
    itself = _known(actor, asset_id, asset.c.id)
    statement = permit(actor, "asset.read", select(*LISTED), [asset]).where(
        or_(
            asset.c.id.in_(_known(actor, asset_id, asset.c.from_node_id)),
            asset.c.id.in_(_known(actor, asset_id, asset.c.to_node_id)),
            asset.c.from_node_id.in_(itself),
            asset.c.to_node_id.in_(itself),
        )
    )
    return connection.execute(statement.order_by(asset.c.type, asset.c.key).limit(200)).mappings().all()


def _known(actor: Actor, asset_id: int, column: Column[Any]) -> Select[Any]:
    """A column of one asset as a subquery, empty where the asset is hidden from the actor."""
    itself = asset.alias("itself")
    return permit(actor, "asset.read", select(itself.c[column.name]), [itself]).where(itself.c.id == asset_id)


def conditions_now(connection: Connection, actor: Actor, ids: Sequence[int]) -> Iterator[RowMapping]:
    """Id, uid and CONDITION_COLUMNS of these assets, as far as the actor may know of them."""
    columns = (asset.c.id, asset.c.uid, *(asset.c[name] for name in CONDITION_COLUMNS))
    statement = permit(actor, "asset.read", select(*columns), [asset])
    for chunk in _chunks(list(ids), 5_000):
        yield from connection.execute(statement.where(asset.c.id.in_(chunk))).mappings()


AGE_COLUMNS = ("built_year", "material", "dimension_mm", "health_index", "health_source", "attributes")


def uninspected(
    connection: Connection, actor: Actor, asset_type: str, ids: Collection[int] | None = None
) -> Sequence[Row[Any]]:
    """Id, uid and AGE_COLUMNS of a type's assets in service (or those of `ids`) whose condition nobody has seen."""
    columns = (asset.c.id, asset.c.uid, *(asset.c[name] for name in AGE_COLUMNS))
    statement = permit(actor, "asset.read", select(*columns), [asset]).where(
        asset.c.type == asset_type,
        asset.c.status == "in_service",
        asset.c.retired_at.is_(None),
        asset.c.health_source.is_distinct_from("inspected"),
    )
    if ids is not None and len(ids):
        statement = statement.where(asset.c.id.between(min(ids), max(ids)))
    wanted = None if ids is None else set(ids)
    return [row for row in connection.execute(statement) if wanted is None or row.id in wanted]


# ---- changing


def update_many(
    work: Writing,
    ids: Sequence[int],
    uids: Sequence[str],
    old: Sequence[Mapping[str, Any]],
    new: Sequence[Mapping[str, Any]],
    personal_fields: frozenset[str] = frozenset(),
) -> None:
    """Give assets new values and put the changes on record.

    `old` and `new` hold, per asset, only the fields that differ. Fields are PLAIN_COLUMNS, CONDITION_COLUMNS, `key`,
    `geometry` (WKB) with `geometry_digest` and `bounds` beside it in `new`, and `attributes` (JSON attributes that
    differ, None removes). Nothing is written where the actor may not know of one of them.
    """
    require(work.actor, "asset.write")
    if not ids:
        return
    current = _names_and_attributes(work, list(ids))
    for asset_id, uid, after in zip(ids, uids, new, strict=True):
        row = current.get(asset_id)
        if row is None:
            raise NotFound("asset_not_found", id=uid)
        values = {name: value for name, value in after.items() if name not in ("attributes", "bounds", "source_data")}
        if "bounds" in after:
            values |= dict(zip(("min_x", "min_y", "max_x", "max_y"), after["bounds"], strict=True))
        if "attributes" in after:
            merged = {**row.attributes, **after["attributes"]}
            values["attributes"] = {name: value for name, value in merged.items() if value is not None}
        if {"key", "designation", "address", "attributes"} & values.keys():
            kept = {name: getattr(row, name) for name in ("key", "designation", "address", "attributes")}
            merged_row = {**kept, **values}
            names_of_row = {name: [merged_row[name]] for name in ("designation", "address")}
            values["search_text"] = search_texts(names_of_row, [merged_row["key"]], [merged_row["attributes"]])[0]
        mine = permit(work.actor, "asset.write", asset.update(), [asset]).where(asset.c.id == asset_id)
        work.connection.execute(mine.values(**values, version=asset.c.version + 1, updated_at=work.at))
    work.record_columns(
        "asset",
        ids,
        uids,
        *(
            [
                canonical_json(_recorded(work, asset_id, values, personal_fields))
                for asset_id, values in zip(ids, side, strict=True)
            ]
            for side in (old, new)
        ),
    )


def _names_and_attributes(work: Writing, ids: list[int]) -> dict[int, Row[Any]]:
    statement = permit(
        work.actor,
        "asset.write",
        select(asset.c.id, asset.c.key, asset.c.designation, asset.c.address, asset.c.attributes),
        [asset],
    )
    return {
        row.id: row
        for chunk in _chunks(ids, 500)
        for row in work.connection.execute(statement.where(asset.c.id.in_(chunk)))
    }


def _recorded(
    work: Writing, asset_id: int, values: Mapping[str, Any], personal_fields: frozenset[str]
) -> Mapping[str, Any]:
    """What of an update stands in its change record: not what merely follows from geometry, and no personal value."""
    kept = {name: value for name, value in values.items() if name not in ("bounds", "geometry_digest")}
    if "attributes" in kept:
        kept["attributes"] = work.apart("asset", asset_id, kept["attributes"], personal_fields)
    return kept


def update_condition(
    work: Writing,
    ids: Sequence[int],
    uids: Sequence[str],
    old: Sequence[Mapping[str, Any]],
    new: Sequence[Mapping[str, Any]],
) -> None:
    """Give assets a new current condition (all with the same fields) and put it on record."""
    require(work.actor, "condition.derive")
    if not ids:
        return
    names = [name for name in CONDITION_COLUMNS if name in new[0]]
    moment = work.moment()
    columns: dict[str, Sequence[Any]] = {
        name: _stored(work.connection, [values[name] for values in new]) for name in names
    }
    columns["updated_at"] = [moment] * len(ids)
    bulk.update_columns(work.connection, asset, work.actor.municipality_id, ids, columns)
    differences = [difference(before, after) for before, after in zip(old, new, strict=True)]
    work.record_columns(
        "asset",
        ids,
        uids,
        [canonical_json(before) for before, _ in differences],
        [canonical_json(after) for _, after in differences],
    )


def _chunks(values: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
