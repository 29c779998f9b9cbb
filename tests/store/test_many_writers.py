"""Several processes that save the same objects at the same time lose nothing."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from sqlalchemy import select

from assetmgr.store import history, tables
from assetmgr.store.writing import reading, verify_chain
from tests.registers import TestRegister, add_assets
from tests.store.rivals import increment

PROCESSES, TIMES = 4, 15


def test_four_processes_that_save_the_same_objects_lose_no_increment(register: TestRegister) -> None:
    with register.writing() as work:
        made = add_assets(work, ["A", "B", "C"], quantity=0.0)
    url = register.engine.url.render_as_string(hide_password=False)
    municipality = register.botkyrka.municipality_id
    # A connection must not be shared between processes; with none open, forking saves importing everything four times.
    register.engine.dispose()
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
        running = [pool.submit(increment, url, municipality, list(made.ids), TIMES, seed) for seed in range(PROCESSES)]
        results = [future.result() for future in running]
    assert [accepted for accepted, _ in results] == [TIMES] * PROCESSES
    with reading(register.engine) as connection:
        rows = connection.execute(select(tables.asset.c.quantity, tables.asset.c.version)).all()
        assert sum(row.quantity for row in rows) == PROCESSES * TIMES
        assert [row.version for row in rows] == [row.quantity + 1 for row in rows]
        assert verify_chain(connection, municipality) is None
        for asset_id in made.ids:
            changes = [entry.new for entry in history.of_asset(connection, register.botkyrka, asset_id)][:-1]
            assert changes == [{"quantity": float(number)} for number in range(len(changes), 0, -1)]
