"""The same objects under another name: a file sent again with a new name must not double the register."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from assetmgr.catalogue.model import AssetType
from assetmgr.errors import ImportRefused
from assetmgr.services.imports.mapping import CONDITION, PARENT
from assetmgr.services.imports.prepare import Prepared
from assetmgr.services.imports.reconcile import Row, current_value
from assetmgr.store import tables
from assetmgr.store.access import permit
from assetmgr.store.writing import Writing

asset, delivery = tables.asset, tables.delivery
_CHUNK = 500
COINCIDING_SHARE = 0.05
"""Neighbouring deliveries may share a pipe at their border; more than this share of rows is the same layer again."""
SAME_SHARE = 0.8
"""Of the rows whose key another source has too, more than this share must say the same in every field: two sources that
both number from 1 agree in fewer.
"""


def check(work: Writing, prepared: Prepared, asset_type: AssetType, source: str, new: Sequence[int]) -> None:
    """Refuse a first import under a source that nobody named, whose new rows coincide with another source's objects.

    Rows coincide by the place where they lie, or, in files without geometry, by their key and everything else that they
    say.
    """
    delivered_before = work.connection.execute(
        permit(work.actor, "import.run", select(delivery.c.id), [delivery])
        .where(delivery.c.source == source, delivery.c.asset_type == asset_type.name)
        .limit(1)
    ).first()
    if delivered_before is not None:
        return
    by_place = prepared.geometry is not None
    said = prepared.geometry_digest if by_place else prepared.key
    theirs = _of_other_sources(work, asset_type, source, asset.c.geometry_digest if by_place else asset.c.key)
    hits = {place: theirs[said[place]] for place in new if said[place] in theirs}
    sharing = len(hits)
    if not by_place:
        known = _known(work, sorted({asset_id for found in hits.values() for _, asset_id in found}))
        hits = {
            place: [pair for pair in found if _says_the_same(prepared, place, known[pair[1]], asset_type)]
            for place, found in hits.items()
        }
    places = [place for place, found in hits.items() if found]
    if len(places) > max(COINCIDING_SHARE * int((~prepared.refused).sum()), 0 if by_place else SAME_SHARE * sharing):
        others = sorted({name for place in places for name, _ in hits[place]})
        raise ImportRefused(
            "coincides_with_source",
            source=source,
            others=others,
            count=len(places),
            rows=prepared.row_numbers[places[:5]].tolist(),
        )


def _of_other_sources(
    work: Writing, asset_type: AssetType, source: str, column: ColumnElement[Any]
) -> dict[Any, list[tuple[str, int]]]:
    """Source and id of the assets of this type that other sources have, by what the column says of them."""
    rows = work.connection.execute(
        permit(work.actor, "import.run", select(column, asset.c.source, asset.c.id), [asset]).where(
            asset.c.type == asset_type.name,
            asset.c.source != source,
            column.is_not(None),
            asset.c.retired_at.is_(None),
        )
    )
    found: dict[Any, list[tuple[str, int]]] = {}
    for value, name, asset_id in rows:
        found.setdefault(bytes(value) if isinstance(value, memoryview) else value, []).append((name, asset_id))
    return found


def _known(work: Writing, ids: Sequence[int]) -> dict[int, Row]:
    """Assets as they are now, with what their source last delivered beside their fields."""
    found: dict[int, Row] = {}
    for start in range(0, len(ids), _CHUNK):
        statement = (
            select(asset, delivery.c.source_json)
            .outerjoin_from(
                asset, delivery, (delivery.c.asset_id == asset.c.id) & (delivery.c.source == asset.c.source)
            )
            .where(asset.c.id.in_(ids[start : start + _CHUNK]))
        )
        rows = work.connection.execute(permit(work.actor, "import.run", statement, [asset])).mappings()
        found |= {row["id"]: row for row in rows}
    return found


def _says_the_same(prepared: Prepared, place: int, theirs: Row, asset_type: AssetType) -> bool:
    """Whether every field that the row knows has the same value in the register; where it knows none, its own data is
    compared with theirs.
    """
    fields = {attribute.name for attribute in asset_type.attributes} - {CONDITION, PARENT}
    said: dict[str, Any] = {
        name: value for name, value in json.loads(prepared.values_json[place]).items() if name in fields
    }
    if not said:
        return bool(prepared.source_json[place] == (theirs["source_json"] or "{}"))
    return all(value == current_value(theirs, asset_type, name) for name, value in said.items())
