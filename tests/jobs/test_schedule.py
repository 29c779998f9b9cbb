"""The schedule.

Swedish local time, each due time once, missed ones made up for once, and the nights when clocks are moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from assetmgr.errors import AssetmgrError, NotAllowed
from assetmgr.services import schedule
from assetmgr.services.jobs import JOBS, LOCAL_ZONE
from assetmgr.services.schedule import SCHEDULE, ScheduledJob, enqueue_due
from assetmgr.store import jobs, leases, schedules, tables
from assetmgr.store.access import Actor
from assetmgr.store.engine import WRITES
from assetmgr.store.jobs import DONE
from assetmgr.store.writing import reading
from tests.registers import MADE_AT, TestRegister

MINUTE = timedelta(minutes=1)
REFRESH = schedule.entry_named("refresh-condition")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _due_times(entry: ScheduledJob, first: datetime, last: datetime) -> list[datetime]:
    found = [entry.next_due(first)]
    while found[-1] <= last:
        found.append(entry.next_due(found[-1]))
    return found[:-1]


def test_every_line_names_a_kind_of_job_and_has_a_name_of_its_own() -> None:
    assert {entry.kind for entry in SCHEDULE} <= JOBS.keys()
    assert len({entry.name for entry in SCHEDULE}) == len(SCHEDULE)
    assert [entry.name for entry in SCHEDULE] == ["refresh-condition", "refresh-plans", "statutory-due", "guarantees"]


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2026-01-15", "2026-01-15T01:10"),
        ("2026-07-15", "2026-07-15T00:10"),
        # The clock goes from 02:00 to 03:00: 02:10 is when it would have been.
        ("2026-03-29", "2026-03-29T01:10"),
        # 02:10 comes twice: the first counts.
        ("2026-10-25", "2026-10-25T00:10"),
        ("2028-02-29", "2028-02-29T01:10"),
    ],
)
def test_nightly_job_is_due_once_that_day_by_the_swedish_clock(day: str, due: str) -> None:
    midnight = datetime.combine(date.fromisoformat(day), datetime.min.time(), LOCAL_ZONE)
    next_midnight = midnight + timedelta(days=1)
    assert _due_times(REFRESH, midnight, next_midnight - MINUTE) == [_at(due)]


@given(start=st.datetimes(datetime(2025, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))
def test_due_times_are_one_a_day_and_never_in_the_past(start: datetime) -> None:
    for entry in SCHEDULE:
        due = _due_times(entry, start, start + timedelta(days=4))
        days = [moment.astimezone(LOCAL_ZONE).date() for moment in due]
        assert all(moment > start for moment in due)
        assert days == [days[0] + timedelta(days=number) for number in range(len(days))]


@given(
    since=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    minutes=st.integers(-100, 5 * 24 * 60),
)
def test_last_due_time_is_the_latest_of_those_that_come(since: datetime, minutes: int) -> None:
    by = since + minutes * MINUTE
    all_due = _due_times(REFRESH, since, by) if by > since else []
    assert REFRESH.last_due(by, since) == (all_due[-1] if all_due else None)


# ---- putting in the queue
# ---------------------------------------------------------------------------------------------


def _queued(register: TestRegister, actor: Actor | None = None) -> list[Mapping[str, Any]]:
    with reading(register.engine) as connection:
        return [dict(row) for row in jobs.listing(connection, actor or register.botkyrka, limit=1000)][::-1]


def _do_all(register: TestRegister, now: datetime) -> None:
    """A worker in short: ends what is in the queue and records it, without doing the work."""
    while (job := jobs.claim(register.engine, "w", now, JOBS.keys())) is not None:
        with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
            jobs.end(connection, job, now, DONE)
            schedules.record_run(connection, job.municipality_id, job.payload["schedule"], now, DONE, None)


def test_new_register_has_nothing_due_until_the_first_time_comes(register: TestRegister) -> None:
    assert enqueue_due(register.engine, "s", MADE_AT + timedelta(hours=1), MINUTE) == 0
    assert enqueue_due(register.engine, "s", MADE_AT + timedelta(days=1), MINUTE) == 2 * len(SCHEDULE)
    ours, theirs = _queued(register), _queued(register, register.salem)
    assert [row["kind"] for row in ours] == [row["kind"] for row in theirs] == [entry.kind for entry in SCHEDULE]
    assert {row["created_by"] for row in ours} == {"schema"}


def test_each_due_time_is_put_in_once_over_both_nights_when_clocks_are_moved(register: TestRegister) -> None:
    for first, days in ((_at("2026-03-28T12:00"), 2), (_at("2026-10-24T12:00"), 2), (_at("2028-02-28T12:00"), 2)):
        with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
            connection.execute(update(tables.register).values(created_at=first))
            connection.execute(tables.scheduled_job.delete())
            connection.execute(tables.job.delete())
        # A scheduler that is started anew all the time, and a worker that is quick.
        for turn in range(days * 24):
            now = first + turn * 60 * MINUTE
            enqueue_due(register.engine, f"s{turn // 3}", now, timedelta(0))
            if turn % 2:
                _do_all(register, now)
        due = [(row["payload"]["schedule"], _at(row["payload"]["due_at"][:16])) for row in _queued(register)]
        expected = [(entry.name, time) for entry in SCHEDULE for time in _due_times(entry, first, now)]
        assert sorted(due) == sorted(expected)
        assert len(due) == days * len(SCHEDULE)


def test_what_was_missed_while_nothing_ran_is_done_once(register: TestRegister) -> None:
    enqueue_due(register.engine, "s", MADE_AT + timedelta(days=1), MINUTE)
    _do_all(register, MADE_AT + timedelta(days=1))
    later = MADE_AT + timedelta(days=9)
    assert enqueue_due(register.engine, "s", later, MINUTE) == 2 * len(SCHEDULE)
    latest = _queued(register)[-1]["payload"]["due_at"]
    assert later - timedelta(days=1) < datetime.fromisoformat(latest) <= later
    assert enqueue_due(register.engine, "s", later + MINUTE, MINUTE) == 0


def test_job_still_waiting_is_not_put_in_again(register: TestRegister) -> None:
    for day in range(1, 6):
        enqueue_due(register.engine, "s", MADE_AT + timedelta(days=day), MINUTE)
    assert len(_queued(register)) == len(SCHEDULE)


def test_only_the_holder_of_the_lease_puts_anything_in(register: TestRegister) -> None:
    now = MADE_AT + timedelta(days=1)
    with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
        leases.acquire(connection, schedule.LEASE_NAME, "another", now, MINUTE)
    assert enqueue_due(register.engine, "s", now, MINUTE) is None
    assert _queued(register) == []
    assert enqueue_due(register.engine, "s", now + 2 * MINUTE, MINUTE) == 2 * len(SCHEDULE)
    assert enqueue_due(register.engine, "another", now + 2 * MINUTE, MINUTE) is None


# ---- listing and running
# ----------------------------------------------------------------------------------------------


def test_listing_says_what_comes_next_and_how_it_went_last(register: TestRegister) -> None:
    now = _at("2026-06-01T12:00")
    with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
        schedules.record_run(connection, register.botkyrka.municipality_id, "guarantees", now, DONE, {"n": 1})
    with reading(register.engine) as connection:
        rows = schedule.listing(connection, register.botkyrka, now)
        others = schedule.listing(connection, register.salem, now)
    assert [row.next_run_at for row in rows] == [
        _at("2026-06-02T00:10"),
        _at("2026-06-02T00:40"),
        _at("2026-06-02T03:00"),
        _at("2026-06-02T03:10"),
    ]
    assert (rows[0].cron, rows[0].time_zone, rows[0].last_run_at) == ("10 2 * * *", "Europe/Stockholm", None)
    assert (rows[3].last_run_at, rows[3].last_status, rows[3].last_result) == (now, DONE, {"n": 1})
    assert others[3].last_run_at is None


@pytest.mark.parametrize("name", [entry.name for entry in SCHEDULE])
def test_every_job_of_the_schedule_runs_at_once_on_an_empty_register(register: TestRegister, name: str) -> None:
    outcome = schedule.run(register.engine, register.botkyrka, name)
    assert outcome.status == DONE
    with reading(register.engine) as connection:
        row = next(row for row in schedule.listing(connection, register.botkyrka, MADE_AT) if row.name == name)
    assert (row.last_status, row.last_result) == (DONE, outcome.result)
    (job,) = _queued(register)
    assert (job["status"], job["created_by"], job["run_key"]) == (DONE, "operatör", None)


def test_running_by_hand_does_not_take_the_place_of_the_next_due_time(register: TestRegister) -> None:
    schedule.run(register.engine, register.botkyrka, "guarantees", lambda: MADE_AT + timedelta(hours=1))
    assert enqueue_due(register.engine, "s", MADE_AT + timedelta(days=1), MINUTE) == 2 * len(SCHEDULE)


def test_unknown_job_is_refused_with_the_names_there_are(register: TestRegister) -> None:
    with pytest.raises(AssetmgrError) as caught:
        schedule.run(register.engine, register.botkyrka, "städning")
    assert caught.value.code == "schedule_unknown"
    assert caught.value.details["names"] == [entry.name for entry in SCHEDULE]
    assert _queued(register) == []


def test_someone_without_the_right_runs_nothing(register: TestRegister) -> None:
    reader = Actor(register.botkyrka.municipality_id, "läsare", frozenset({"decider"}))
    with pytest.raises(NotAllowed):
        schedule.run(register.engine, reader, "guarantees")
    with reading(register.engine) as connection, pytest.raises(NotAllowed):
        schedule.listing(connection, reader, MADE_AT)
    assert _queued(register) == []


def test_failed_run_raises_its_reason_and_stands_as_the_last_run(
    register: TestRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise AssetmgrError("plan_name_used", name="x")

    monkeypatch.setattr("assetmgr.services.condition.estimate_missing", refuse)
    with pytest.raises(AssetmgrError) as caught:
        schedule.run(register.engine, register.botkyrka, "refresh-condition")
    assert caught.value.code == "plan_name_used"
    with reading(register.engine) as connection:
        row = schedule.listing(connection, register.botkyrka, MADE_AT)[0]
    assert (row.last_status, row.last_result) == ("failed", {"code": "plan_name_used", "values": {"name": "x"}})


def test_reader_is_told_only_of_what_that_reader_may_know_of(register: TestRegister) -> None:
    counts = [{"name": "radon", "protection_class": level, "due": 1, "overdue": 0} for level in (0, 2, 3)]
    reader = Actor(register.botkyrka.municipality_id, "planerare", frozenset({"planner"}))
    shown = schedule.visible_result(reader, {"days": 90, "counts": counts})
    assert shown == {"days": 90, "counts": counts[:2]}
    assert schedule.visible_result(reader, None) is None
    assert schedule.visible_result(reader, {"changed": 4}) == {"changed": 4}
