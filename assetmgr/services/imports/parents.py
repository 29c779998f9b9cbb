"""Which asset a row says it is part of."""

import numpy as np
from sqlalchemy import or_, select

from assetmgr.catalogue.model import AssetType
from assetmgr.ids import as_uid
from assetmgr.services.imports.mapping import PARENT
from assetmgr.services.imports.prepare import Prepared
from assetmgr.store import tables
from assetmgr.store.access import permit
from assetmgr.store.writing import Writing
from geodata.issues import ERROR, Issue

asset = tables.asset
_CHUNK = 400


def find_parents(work: Writing, prepared: Prepared, asset_type: AssetType, source: str) -> None:
    """Refuse rows whose parent cannot be found, or is more than one; fill in `prepared.parent_id` for the rest.

    A parent is named by uid, SOURCE:KEY, key or designation; within the same source a key goes first.
    """
    if prepared.parent is None:
        return
    wanted = sorted({text for text in prepared.parent[~prepared.refused] if text})
    found: dict[str, list[tuple[int, str]]] = {text: [] for text in wanted}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        uids = {as_uid(text): text for text in chunk if as_uid(text)}
        pairs = {text: text.split(":", 1) for text in chunk if ":" in text}
        statement = permit(
            work.actor,
            "import.run",
            select(asset.c.id, asset.c.uid, asset.c.source, asset.c.key, asset.c.designation),
            [asset],
        ).where(
            asset.c.type.in_(asset_type.parent_types),
            asset.c.retired_at.is_(None),
            or_(
                asset.c.uid.in_(list(uids)),
                asset.c.key.in_([*chunk, *(pair[1] for pair in pairs.values())]),
                asset.c.designation.in_(chunk),
            ),
        )
        for row in work.connection.execute(statement):
            names = {row.key, row.designation, f"{row.source}:{row.key}", uids.get(row.uid)} & found.keys()
            for name in names:
                found[name].append((row.id, row.source))
    for place in np.flatnonzero(~prepared.refused):
        text = prepared.parent[place]
        if not text:
            continue
        candidates = found[text]
        own = [candidate for candidate in candidates if candidate[1] == source]
        chosen = own if len(own) == 1 else candidates
        if len(chosen) == 1:
            prepared.parent_id[place] = chosen[0][0]
            continue
        code = "parent_ambiguous" if chosen else "parent_not_found"
        prepared.refused[place] = True
        details = {"parent_types": list(asset_type.parent_types), "count": len(chosen)}
        prepared.issues.append(
            Issue(ERROR, code, row=int(prepared.row_numbers[place]), field=PARENT, value=text, details=details)
        )
