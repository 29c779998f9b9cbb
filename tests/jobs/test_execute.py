"""A job from claim to end: progress, cancel, failure, a worker that stops or was taken for dead."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from assetmgr.errors import AssetmgrError
from assetmgr.services import jobs as job_services
from assetmgr.services.jobs import SCHEDULE_NAME, JobContext, Outcome, execute
from assetmgr.store import assets, history, jobs, schedules
from assetmgr.store.assets import AssetFilter
from assetmgr.store.engine import WRITES
from assetmgr.store.jobs import CANCELLED, DONE, FAILED, QUEUED
from assetmgr.store.writing import reading, utc_now, verify_chain
from assetmgr.worker import work_through
from tests.registers import TestRegister, add_assets

JobThat = Callable[[Callable[[JobContext], Mapping[str, Any]]], str]


def _put_in(register: TestRegister, payload: dict[str, Any] | None = None) -> str:
    with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
        return jobs.enqueue(connection, register.botkyrka, "trial", payload or {}, at=utc_now()).uid


def _do_one(register: TestRegister, stopping: threading.Event | None = None) -> Outcome:
    job = jobs.claim(register.engine, "w1", utc_now(), ["trial"])
    assert job is not None
    return execute(register.engine, job, stopping=stopping, heartbeat_seconds=0.02)


def _row(register: TestRegister, uid: str) -> Mapping[str, Any]:
    with reading(register.engine) as connection:
        return dict(jobs.get(connection, register.botkyrka, uid))


def _count(register: TestRegister) -> int:
    with reading(register.engine) as connection:
        return assets.count(connection, register.botkyrka, AssetFilter())


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_job_writes_in_its_own_name_and_its_changes_name_it(register: TestRegister, job_that: JobThat) -> None:
    def add(context: JobContext) -> Mapping[str, Any]:
        with context.write("nattjobb") as work:
            return {"added": list(add_assets(work, ["1", "2"]).uids)}

    job_that(add)
    uid = _put_in(register)
    outcome = _do_one(register)
    assert outcome.status == DONE
    assert outcome.result is not None
    row = _row(register, uid)
    assert (row["status"], row["progress"], row["result"]) == (DONE, 1.0, outcome.result)
    with reading(register.engine) as connection:
        asset = assets.find(connection, register.botkyrka, outcome.result["added"][0])
        (entry,) = history.of_asset(connection, register.botkyrka, asset["id"])
        assert verify_chain(connection, register.botkyrka.municipality_id) is None
    assert (entry.actor, entry.origin, entry.reason) == ("jobb:trial", "job", "nattjobb")
    assert entry.job_id == row["id"]


def test_job_reads_one_moment_however_many_queries_it_makes(register: TestRegister, job_that: JobThat) -> None:
    def count_twice(context: JobContext) -> Mapping[str, Any]:
        with context.read() as connection:
            first = assets.count(connection, context.actor, AssetFilter())
            with register.writing() as work:
                add_assets(work, ["1"])
            return {"counts_of_all": [first, assets.count(connection, context.actor, AssetFilter())]}

    job_that(count_twice)
    _put_in(register)
    assert _do_one(register).result == {"counts_of_all": [0, 0]}


def test_progress_is_seen_while_the_job_runs(register: TestRegister, job_that: JobThat) -> None:
    seen: list[Mapping[str, Any]] = []

    def busy(context: JobContext) -> Mapping[str, Any]:
        context.progress(0.25, "refreshing_plan", number=1, count=4)
        _until(lambda: _row(register, uid)["progress"] == 0.25)
        seen.append(_row(register, uid)["message"])
        return {}

    job_that(busy)
    uid = _put_in(register)
    assert _do_one(register).status == DONE
    assert seen == [{"code": "refreshing_plan", "values": {"number": 1, "count": 4}}]
    assert seen[0]["code"] in job_services.PROGRESS_MESSAGES


def test_cancelled_job_stops_between_transactions_and_keeps_what_it_did(
    register: TestRegister, job_that: JobThat
) -> None:
    def long(context: JobContext) -> Mapping[str, Any]:
        for number in range(1_000):
            with context.write("steg") as work:
                add_assets(work, [str(number)])
            if number == 1:
                with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
                    jobs.request_cancel(connection, register.botkyrka, uid, utc_now())
                _until(context.heart.cancel_requested.is_set)
        return {}

    job_that(long)
    uid = _put_in(register)
    assert _do_one(register).status == CANCELLED
    assert _row(register, uid)["status"] == CANCELLED
    assert _count(register) == 2


def test_job_that_is_refused_fails_with_its_reason(register: TestRegister, job_that: JobThat) -> None:
    def refuse(context: JobContext) -> Mapping[str, Any]:
        with context.write("halvvägs") as work:
            add_assets(work, ["1"])
            raise AssetmgrError("plan_name_used", name="Plan å", others=("a", object))

    job_that(refuse)
    uid = _put_in(register)
    outcome = _do_one(register)
    assert outcome.status == FAILED
    assert outcome.error is not None
    row = _row(register, uid)
    assert row["status"] == FAILED
    assert row["message"] == {
        "code": "plan_name_used",
        "values": {"name": "Plan å", "others": ["a", "<class 'object'>"]},
    }
    assert _count(register) == 0


def test_fault_in_one_job_ends_that_job_and_not_the_worker(register: TestRegister, job_that: JobThat) -> None:
    def either(context: JobContext) -> Mapping[str, Any]:
        return {"quotient": 1 // context.job.payload["by"]}

    job_that(either)
    bad, good = _put_in(register, {"by": 0}), _put_in(register, {"by": 1})
    assert work_through(register.engine, threading.Event(), once=True) == 2
    assert (_row(register, bad)["status"], _row(register, good)["status"]) == (FAILED, DONE)
    assert _row(register, bad)["message"] == {
        "code": "job_crashed",
        "values": {"kind": "trial", "fault": "ZeroDivisionError"},
    }


def test_worker_told_to_stop_puts_its_job_back_for_another(register: TestRegister, job_that: JobThat) -> None:
    stopping = threading.Event()

    def stop_midway(context: JobContext) -> Mapping[str, Any]:
        with context.write("ett") as work:
            add_assets(work, [f"{context.job.attempts}-{time.monotonic_ns()}"])
        if not stopping.is_set():
            stopping.set()
            context.check_cancelled()
        return {"done": True}

    job_that(stop_midway)
    uid = _put_in(register)
    assert work_through(register.engine, stopping, once=True) == 0
    row = _row(register, uid)
    assert (row["status"], row["attempts"]) == (QUEUED, 0)
    assert work_through(register.engine, threading.Event(), once=True) == 1
    assert _row(register, uid)["result"] == {"done": True}


def test_worker_taken_for_dead_can_not_write_any_more(register: TestRegister, job_that: JobThat) -> None:
    def slow(context: JobContext) -> Mapping[str, Any]:
        if context.job.attempts == 1:
            late = utc_now() + timedelta(hours=1)
            assert job_services.recover(register.engine, late) == 1
            # Before the heart has heard of it: the transaction itself must not go through.
            with context.write("för sent") as work:
                add_assets(work, ["1"])
        return {"attempt": context.job.attempts}

    job_that(slow)
    uid = _put_in(register)
    job = jobs.claim(register.engine, "w1", utc_now(), ["trial"])
    assert job is not None
    assert execute(register.engine, job, heartbeat_seconds=60).status == QUEUED
    assert _count(register) == 0
    assert _row(register, uid)["status"] == QUEUED
    assert work_through(register.engine, threading.Event(), once=True) == 1
    assert _row(register, uid)["result"] == {"attempt": 2}


def test_long_transaction_is_no_silence(register: TestRegister, job_that: JobThat) -> None:
    began = utc_now()
    times = [began]

    def long(context: JobContext) -> Mapping[str, Any]:
        with context.write("stor") as work:
            add_assets(work, ["1"])
            # On SQLite nobody can write a heartbeat while this goes on.
            times.append(began + timedelta(minutes=30))
        with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
            return {"recovered": len(jobs.recover_stale(connection, times[-1], timedelta(minutes=2)))}

    job_that(long)
    _put_in(register)
    job = jobs.claim(register.engine, "w1", began, ["trial"])
    assert job is not None
    outcome = execute(register.engine, job, clock=lambda: times[-1], heartbeat_seconds=60)
    assert outcome.result == {"recovered": 0}


def test_heart_survives_a_database_that_is_busy(register: TestRegister, job_that: JobThat) -> None:
    def hold(context: JobContext) -> Mapping[str, Any]:
        with context.write("länge") as work:
            add_assets(work, ["1"])
            time.sleep(0.2)
        return {}

    job_that(hold)
    _put_in(register)
    assert _do_one(register).status == DONE


def test_outcome_is_the_last_run_of_the_schedules_line(register: TestRegister, job_that: JobThat) -> None:
    job_that(lambda context: {"n": 1} if context.job.payload["ok"] else 1 / 0)  # type: ignore[arg-type,return-value]
    runs = []
    for ok in (True, False):
        _put_in(register, {SCHEDULE_NAME: "trial", "ok": ok})
        _do_one(register)
        with reading(register.engine) as connection:
            last = schedules.last_runs(connection, register.botkyrka)["trial"]
            runs.append((last["last_status"], last["last_result"]))
    assert runs[0] == (DONE, {"n": 1})
    assert runs[1][0] == FAILED
    assert runs[1][1]["code"] == "job_crashed"


def test_worker_keeps_on_while_the_database_is_away(
    register: TestRegister, job_that: JobThat, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    job_that(lambda _context: {})
    uid = _put_in(register)
    claim, failures = jobs.claim, [OperationalError("x", {}, Exception("away"))] * 2

    def sometimes(*arguments: Any) -> Any:
        if failures:
            raise failures.pop()
        return claim(*arguments)

    monkeypatch.setattr(jobs, "claim", sometimes)
    monkeypatch.setattr("assetmgr.worker.RETRY_SECONDS", 0.01)
    assert work_through(register.engine, threading.Event(), once=True) == 1
    assert _row(register, uid)["status"] == DONE
