"""What each of several processes does at the same time in `test_many_writers.py`."""

from __future__ import annotations

import random
import time

from sqlalchemy import select

from assetmgr.changes import Change
from assetmgr.store import tables
from assetmgr.store.access import operator
from assetmgr.store.engine import open_engine
from assetmgr.store.writing import Occasion, touch, writing


def increment(url: str, municipality_id: int, asset_ids: list[int], times: int, seed: int) -> tuple[int, int]:
    """Read an asset, think for a moment, save one more over the version read; so many times.

    Accepted and refused saves.
    """
    engine = open_engine(url)
    pick = random.Random(seed)
    actor = operator(municipality_id, f"skrivare {seed}")
    accepted = refused = 0
    asset = tables.asset
    while accepted < times:
        with engine.connect() as connection:
            row = connection.execute(select(asset).where(asset.c.id == pick.choice(asset_ids))).one()
        time.sleep(pick.random() / 500)
        with writing(engine, actor, Occasion("test", "en till")) as work:
            saved = touch(work, asset, row.id, row.version, {"quantity": row.quantity + 1})
            if saved:
                old, new = {"quantity": row.quantity}, {"quantity": row.quantity + 1}
                work.record([Change("asset", row.id, row.uid, old, new)])
        accepted, refused = accepted + saved, refused + (not saved)
    engine.dispose()
    return accepted, refused
