"""Worker and scheduler as real processes, killed and stopped; what they leave behind is taken up by the next."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from assetmgr.config import DATABASE_VARIABLE
from assetmgr.scheduler import keep_calendar
from assetmgr.services import schedule
from assetmgr.services.jobs import SCHEDULE_NAME
from assetmgr.store import jobs, leases, tables
from assetmgr.store.engine import WRITES
from assetmgr.store.jobs import DONE, QUEUED, RUNNING
from assetmgr.store.writing import reading, utc_now
from assetmgr.worker import work_through
from tests.registers import TestRegister

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 120
on_sqlite = pytest.mark.parametrize("register", ["sqlite"], indirect=True)
"""A process takes seconds to start: what the queue's own tests show on both is tried with processes on one."""


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def _process(register: TestRegister, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    url = register.engine.url.render_as_string(hide_password=False)
    environment = {**os.environ, DATABASE_VARIABLE: url, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, *command], env=environment, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _put_in(register: TestRegister, kind: str = "guarantees") -> str:
    with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
        return jobs.enqueue(connection, register.botkyrka, kind, {SCHEDULE_NAME: kind}, at=utc_now()).uid


def _status(register: TestRegister, uid: str) -> str:
    with reading(register.engine) as connection:
        return str(jobs.get(connection, register.botkyrka, uid)["status"])


SLOW_WORKER = """
import sys, time
from assetmgr.services import jobs
from assetmgr.config import Settings
from assetmgr.worker import run_worker
def slow(context):
    for number in range(600):
        context.progress(number / 600)
        context.check_cancelled()
        time.sleep(0.1)
    return {}
kind = jobs.JOBS["guarantees"]
jobs.JOBS["guarantees"] = jobs.JobKind(kind.name, "", "", kind.right, kind.roles, slow)
run_worker(Settings.from_environment())
"""


@on_sqlite
def test_worker_process_does_what_is_put_in_and_stops_when_told(register: TestRegister) -> None:
    first = _put_in(register)
    with _process(register, "-m", "assetmgr.worker") as worker:
        _until(lambda: _status(register, first) == DONE)
        second = _put_in(register, "refresh-condition")
        _until(lambda: _status(register, second) == DONE)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE_SECONDS) == 0


@on_sqlite
def test_worker_stopped_in_the_middle_of_a_job_puts_it_back(register: TestRegister) -> None:
    uid = _put_in(register)
    with _process(register, "-c", SLOW_WORKER) as worker:
        _until(lambda: _status(register, uid) == RUNNING)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE_SECONDS) == 0
    assert _status(register, uid) == QUEUED
    assert work_through(register.engine, threading.Event(), once=True) == 1
    assert _status(register, uid) == DONE


@on_sqlite
def test_job_of_a_killed_worker_is_done_by_the_next(register: TestRegister) -> None:
    uid = _put_in(register)
    with _process(register, "-c", SLOW_WORKER) as worker:
        _until(lambda: _status(register, uid) == RUNNING)
        worker.kill()
        worker.wait()
    assert _status(register, uid) == RUNNING
    assert work_through(register.engine, threading.Event(), once=True) == 0
    silent_for = timedelta(0)
    assert work_through(register.engine, threading.Event(), once=True, silent_for=silent_for) == 1
    with reading(register.engine) as connection:
        assert jobs.get(connection, register.botkyrka, uid)["attempts"] == 2


@pytest.mark.parametrize("register", ["postgis"], indirect=True)
def test_schedulers_take_turns_and_put_in_each_due_job_once(register: TestRegister) -> None:
    """The first is killed without letting go; the next takes over when its lease has run out. No job comes twice."""
    yesterday = utc_now() - timedelta(days=1)
    with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
        connection.execute(update(tables.register).values(created_at=yesterday))

    def holder() -> str | None:
        with reading(register.engine) as connection:
            return leases.holder_of(connection, schedule.LEASE_NAME, utc_now())

    def put_in() -> int:
        with reading(register.engine) as connection:
            return len(jobs.listing(connection, register.botkyrka))

    with _process(register, "-m", "assetmgr.scheduler") as first:
        _until(lambda: put_in() == len(schedule.SCHEDULE))
        held_by = holder()
        assert held_by is not None
        first.kill()
        first.wait()
    stopping = threading.Event()
    # A clock that is ahead, rather than a minute's wait for the lease of the dead to run out.
    ahead = timedelta(minutes=2)
    second = threading.Thread(
        target=keep_calendar,
        args=(register.engine, stopping),
        kwargs={"clock": lambda: utc_now() + ahead, "renew_seconds": 0.1},
    )
    second.start()
    try:
        _until(lambda: holder() not in (None, held_by))
        assert put_in() == len(schedule.SCHEDULE)
    finally:
        stopping.set()
        second.join()
    assert holder() is None


@on_sqlite
def test_scheduler_process_lets_go_of_the_lease_when_told_to_stop(register: TestRegister) -> None:
    def holder() -> str | None:
        with reading(register.engine) as connection:
            return leases.holder_of(connection, schedule.LEASE_NAME, utc_now())

    with _process(register, "-m", "assetmgr.scheduler") as scheduler:
        _until(lambda: holder() is not None)
        scheduler.send_signal(signal.SIGTERM)
        assert scheduler.wait(PATIENCE_SECONDS) == 0
    assert holder() is None


@pytest.mark.parametrize("module", ["assetmgr.worker", "assetmgr.scheduler"])
def test_process_without_a_register_ends_instead_of_waiting(tmp_path: Path, module: str) -> None:
    environment = {**os.environ, DATABASE_VARIABLE: str(tmp_path / "saknas.sqlite"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", module], env=environment, capture_output=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert b"database_missing" in done.stderr
