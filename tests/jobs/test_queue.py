"""The queue: each job is done once, by one worker, however workers come and go."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest

from assetmgr.errors import NotAllowed, NotFound
from assetmgr.store import jobs, leases
from assetmgr.store.access import Actor
from assetmgr.store.engine import WRITES
from assetmgr.store.jobs import CANCELLED, DONE, FAILED, MOST_ATTEMPTS, QUEUED, RUNNING, ClaimedJob
from tests.registers import MADE_AT as NOW
from tests.registers import TestRegister

KINDS = ("trial",)
SILENT = timedelta(minutes=2)


def _put_in(register: TestRegister, run_key: str | None = None, actor: Actor | None = None) -> jobs.Enqueued:
    with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
        return jobs.enqueue(connection, actor or register.botkyrka, "trial", {"x": 1}, at=NOW, run_key=run_key)


def _claim(register: TestRegister, worker: str = "w1") -> ClaimedJob:
    job = jobs.claim(register.engine, worker, NOW, KINDS)
    assert job is not None
    return job


def _row(register: TestRegister, uid: str) -> dict[str, object]:
    with register.engine.connect() as connection:
        return dict(jobs.get(connection, register.botkyrka, uid))


def test_jobs_are_claimed_in_order_and_by_one_worker_each(register: TestRegister) -> None:
    put_in = [_put_in(register) for _ in range(3)]
    claimed = [_claim(register, f"w{number}") for number in range(3)]
    assert [job.uid for job in claimed] == [job.uid for job in put_in]
    assert jobs.claim(register.engine, "w4", NOW, KINDS) is None
    assert claimed[0].payload == {"x": 1}
    assert (claimed[0].municipality_id, claimed[0].attempts) == (register.botkyrka.municipality_id, 1)


def test_worker_leaves_alone_what_it_does_not_know_how_to_do(register: TestRegister) -> None:
    _put_in(register)
    assert jobs.claim(register.engine, "older", NOW, ["something else"]) is None
    assert _claim(register).kind == "trial"


def test_many_workers_at_once_claim_every_job_exactly_once(register: TestRegister) -> None:
    put_in = {_put_in(register).uid for _ in range(40)}
    claimed: list[str] = []

    def work(name: str) -> None:
        while (job := jobs.claim(register.engine, name, NOW, KINDS)) is not None:
            claimed.append(job.uid)

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(claimed) == Counter(put_in)


def test_same_run_key_is_one_job_even_after_it_is_done(register: TestRegister) -> None:
    first = _put_in(register, "plans:2026-01-01")
    again = _put_in(register, "plans:2026-01-01")
    job = _claim(register)
    with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
        jobs.end(connection, job, NOW, DONE)
    later = _put_in(register, "plans:2026-01-01")
    assert (first.is_new, again.is_new, later.is_new) == (True, False, False)
    assert first.id == again.id == later.id
    assert jobs.claim(register.engine, "w2", NOW, KINDS) is None


def test_run_keys_of_municipalities_never_meet(register: TestRegister) -> None:
    ours, theirs = _put_in(register, "plans"), _put_in(register, "plans", register.salem)
    assert ours.is_new
    assert theirs.is_new
    assert ours.id != theirs.id


def test_run_key_put_in_by_two_at_once_is_one_job(register: TestRegister) -> None:
    results: list[jobs.Enqueued] = []
    together = threading.Barrier(4)

    def put_in() -> None:
        together.wait()
        results.append(_put_in(register, "natt"))

    threads = [threading.Thread(target=put_in) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result.is_new for result in results) == [False, False, False, True]
    assert len({result.id for result in results}) == 1


def test_progress_and_end_are_written_by_the_one_that_holds_the_claim(register: TestRegister) -> None:
    uid = _put_in(register).uid
    job = _claim(register)
    with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
        assert jobs.heartbeat(connection, job, NOW, 1.7, {"code": "busy"})
    row = _row(register, uid)
    assert (row["status"], row["progress"], row["message"]) == (RUNNING, 1.0, {"code": "busy"})
    with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
        assert jobs.end(connection, job, NOW, DONE, result={"changed": 3})
        assert not jobs.heartbeat(connection, job, NOW)
        assert not jobs.end(connection, job, NOW, FAILED)
    row = _row(register, uid)
    assert (row["status"], row["progress"], row["result"], row["finished_at"]) == (DONE, 1.0, {"changed": 3}, NOW)


def test_job_of_a_silent_worker_goes_to_another_and_the_first_can_write_no_more(register: TestRegister) -> None:
    uid = _put_in(register).uid
    lost = _claim(register)
    with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
        assert jobs.recover_stale(connection, NOW + SILENT, SILENT) == []
        (found,) = jobs.recover_stale(connection, NOW + SILENT + timedelta(seconds=1), SILENT)
        assert (found.id, found.status) == (lost.id, QUEUED)
    # The same worker, as it might be: the claim is another all the same.
    again = _claim(register, lost.worker)
    with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
        assert not jobs.standing(connection, lost).is_held
        assert not jobs.heartbeat(connection, lost, NOW)
        assert not jobs.end(connection, lost, NOW, DONE)
        assert not jobs.give_back(connection, lost)
        assert jobs.end(connection, again, NOW, DONE)
    assert _row(register, uid)["attempts"] == 2


def test_job_that_kills_its_workers_is_given_up(register: TestRegister) -> None:
    uid = _put_in(register).uid
    late = NOW + timedelta(hours=1)
    for _ in range(MOST_ATTEMPTS):
        _claim(register)
        with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
            jobs.recover_stale(connection, late, SILENT)
    row = _row(register, uid)
    assert row["status"] == FAILED
    assert row["message"] == {"code": "worker_lost", "values": {"attempts": MOST_ATTEMPTS}}
    assert jobs.claim(register.engine, "w9", NOW, KINDS) is None


def test_job_given_back_has_not_used_up_an_attempt(register: TestRegister) -> None:
    uid = _put_in(register).uid
    job = _claim(register)
    with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
        assert jobs.give_back(connection, job)
    row = _row(register, uid)
    assert (row["status"], row["attempts"], row["claimed_by"]) == (QUEUED, 0, None)
    assert _claim(register, "w2").uid == uid


def test_waiting_job_is_called_off_at_once_and_a_running_one_is_told(register: TestRegister) -> None:
    running, waiting = _put_in(register).uid, _put_in(register).uid
    job = _claim(register)
    with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
        assert jobs.request_cancel(connection, register.botkyrka, running, NOW) == RUNNING
        assert jobs.request_cancel(connection, register.botkyrka, waiting, NOW) == CANCELLED
        assert jobs.standing(connection, job) == jobs.Standing(is_held=True, cancel_requested=True)
        jobs.end(connection, job, NOW, CANCELLED)
        assert jobs.request_cancel(connection, register.botkyrka, running, NOW) == CANCELLED
    assert jobs.claim(register.engine, "w2", NOW, KINDS) is None


def test_job_of_another_municipality_cannot_be_called_off(register: TestRegister) -> None:
    uid = _put_in(register).uid
    with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
        with pytest.raises(NotFound):
            jobs.request_cancel(connection, register.salem, uid, NOW)
        with pytest.raises(NotFound):
            jobs.request_cancel(connection, register.botkyrka, "nonsense", NOW)
        with pytest.raises(NotAllowed):
            jobs.request_cancel(
                connection, Actor(register.botkyrka.municipality_id, "r", frozenset({"auditor"})), uid, NOW
            )
    assert _row(register, uid)["status"] == QUEUED


def test_jobs_are_listed_latest_first_by_page(register: TestRegister) -> None:
    made = [_put_in(register).uid for _ in range(5)]
    _put_in(register, actor=register.salem)
    with register.engine.connect() as connection:
        pages = [jobs.listing(connection, register.botkyrka, limit=2, offset=start) for start in (0, 2, 4)]
        assert [row["uid"] for page in pages for row in page] == made[::-1]
        assert len(jobs.listing(connection, register.botkyrka, status=QUEUED)) == 5
        assert jobs.listing(connection, register.botkyrka, kind="another") == []


def test_lease_has_one_holder_until_it_lets_go_or_falls_silent(register: TestRegister) -> None:
    minute = timedelta(minutes=1)
    with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
        assert leases.acquire(connection, "scheduler", "a", NOW, minute)
        assert not leases.acquire(connection, "scheduler", "b", NOW + minute / 2, minute)
        assert leases.acquire(connection, "another", "b", NOW, minute)
        assert leases.acquire(connection, "scheduler", "a", NOW + minute / 2, minute)
        assert not leases.acquire(connection, "scheduler", "b", NOW + minute, minute)
        assert leases.holder_of(connection, "scheduler", NOW + minute) == "a"
        assert leases.holder_of(connection, "scheduler", NOW + 2 * minute) is None
        assert leases.acquire(connection, "scheduler", "b", NOW + 2 * minute, minute)
        assert not leases.acquire(connection, "scheduler", "a", NOW + 2 * minute, minute)
        leases.release(connection, "scheduler", "a")
        assert leases.holder_of(connection, "scheduler", NOW + 2 * minute) == "b"
        leases.release(connection, "scheduler", "b")
        assert leases.acquire(connection, "scheduler", "a", NOW + 2 * minute, minute)


def test_lease_wanted_by_several_at_once_goes_to_one(register: TestRegister) -> None:
    got: list[str] = []
    together = threading.Barrier(4)

    def want(holder: str) -> None:
        together.wait()
        with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
            if leases.acquire(connection, "scheduler", holder, NOW, timedelta(minutes=1)):
                got.append(holder)

    threads = [threading.Thread(target=want, args=(f"s{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1
