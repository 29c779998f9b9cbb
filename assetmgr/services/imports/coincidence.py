"""The same objects under another name: a file sent again with a new name must not double the register."""

import numpy as np
from sqlalchemy import select

from assetmgr.catalogue.model import AssetType
from assetmgr.errors import ImportRefused
from assetmgr.ids import as_uid
from assetmgr.services.imports.prepare import Prepared
from assetmgr.store import tables
from assetmgr.store.access import permit
from assetmgr.store.writing import Writing

asset, delivery = tables.asset, tables.delivery
COINCIDING_SHARE = 0.05
"""Neighbouring deliveries may share a pipe at their border; more than this share of rows is the same layer again."""


def check(work: Writing, prepared: Prepared, asset_type: AssetType, source: str) -> None:
    """Refuse a first import under a source that nobody named, whose rows coincide with another source's objects.

    Rows coincide by the place where they lie, or, in files without geometry, by key. Rows that name a known uid are
    no first import of anything.
    """
    known = work.connection.execute(
        permit(work.actor, "import.run", select(delivery.c.id), [delivery])
        .where(delivery.c.source == source, delivery.c.asset_type == asset_type.name)
        .limit(1)
    ).first()
    if known is not None:
        return
    places = np.flatnonzero(~prepared.refused)
    if prepared.uid is not None:
        places = np.array([place for place in places if not as_uid(prepared.uid[place] or "")], dtype=np.int64)
    if not len(places):
        return
    column = asset.c.key if prepared.geometry is None else asset.c.geometry_digest
    theirs = prepared.key if prepared.geometry is None else prepared.geometry_digest
    rows = work.connection.execute(
        permit(work.actor, "import.run", select(column, asset.c.source), [asset]).where(
            asset.c.type == asset_type.name,
            asset.c.source != source,
            column.is_not(None),
            asset.c.retired_at.is_(None),
        )
    )
    ours = {bytes(value) if isinstance(value, memoryview) else value: other for value, other in rows}
    hits = [place for place in places if theirs[place] is not None and theirs[place] in ours]
    if hits and len(hits) > COINCIDING_SHARE * len(places):
        others = sorted({ours[theirs[place]] for place in hits})
        raise ImportRefused(
            "coincides_with_source",
            source=source,
            others=others,
            count=len(hits),
            rows=prepared.row_numbers[hits[:5]].tolist(),
        )
