"""The schedule: which jobs are done when, for every municipality.

Times are said in Swedish local time and kept in UTC. The rules: a job is put in the queue once per due time, whoever
asks and however often; where due times were missed while nothing ran, the job is done once, not once per missed time;
on the night when the clocks go back and an hour comes twice it is done the first time; on the night when they go
forward, at the moment the time would have been.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from assetmgr.errors import AssetmgrError
from assetmgr.services import jobs as job_services
from assetmgr.services.jobs import LOCAL_ZONE, SCHEDULE_NAME, Outcome
from assetmgr.store import jobs, leases, registers, schedules
from assetmgr.store.access import Actor, require
from assetmgr.store.engine import WRITES
from assetmgr.store.jobs import CANCELLED
from assetmgr.store.writing import Clock, utc_now

LEASE_NAME = "scheduler"
SCHEDULER_ROLES = frozenset({"administrator"})


class OncePerLocalTime(CronTrigger):  # type: ignore[misc]
    """A cron line in local time that comes once even where the clocks go back and the time comes twice."""

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """The next due time; the repetition of an hour is no due time of its own."""
        due = super().get_next_fire_time(previous_fire_time, now)
        while due is not None and due.fold:
            due = super().get_next_fire_time(due, due)
        return due  # type: ignore[no-any-return]


@dataclass(frozen=True)
class ScheduledJob:
    """A line of the schedule; `cron` has the five fields minute, hour, day, month, weekday in Swedish local time."""

    name: str
    label_sv: str
    label_en: str
    cron: str
    kind: str

    def trigger(self) -> OncePerLocalTime:
        """When it is due, for the scheduler."""
        minute, hour, day, month, weekday = self.cron.split()
        return OncePerLocalTime(
            minute=minute, hour=hour, day=day, month=month, day_of_week=weekday, timezone=LOCAL_ZONE
        )

    def next_due(self, after: datetime) -> datetime:
        """The first due time later than this moment, in UTC."""
        due = self.trigger().get_next_fire_time(None, after.astimezone(LOCAL_ZONE) + timedelta(microseconds=1))
        if due is None:
            raise ValueError(f"{self.cron!r} never comes")
        return due.astimezone(UTC)

    def last_due(self, by: datetime, since: datetime) -> datetime | None:
        """The latest due time after `since` and not after `by`, in UTC; None where there was none."""
        found = None
        # Due times of the last days are enough: of those that were missed only the latest counts.
        due = self.next_due(max(since, by - timedelta(days=LOOK_BACK_DAYS)))
        while due <= by:
            found, due = due, self.next_due(due)
        return found


LOOK_BACK_DAYS = 40
"""Further back than any line of the schedule is apart."""

SCHEDULE: tuple[ScheduledJob, ...] = (
    ScheduledJob(
        "refresh-condition",
        "Uppdatera beräknat skick",
        "Refresh estimated condition",
        "10 2 * * *",
        "refresh-condition",
    ),
    ScheduledJob("refresh-plans", "Uppdatera planutkast", "Refresh draft plans", "40 2 * * *", "refresh-plans"),
    ScheduledJob(
        "statutory-due",
        "Lagstadgade kontroller som förfaller",
        "Statutory checks falling due",
        "0 5 * * *",
        "statutory-due",
    ),
    ScheduledJob(
        "guarantees",
        "Garanti- och ansvarstider som löper ut",
        "Guarantee and liability periods ending",
        "10 5 * * *",
        "guarantees",
    ),
)


@dataclass(frozen=True)
class ScheduleRow:
    """A line of the schedule with its next time and its last run; moments are in UTC."""

    name: str
    label_sv: str
    label_en: str
    cron: str
    time_zone: str
    next_run_at: datetime
    last_run_at: datetime | None
    last_status: str | None
    last_result: Mapping[str, Any] | None


def listing(connection: Connection, actor: Actor, now: datetime) -> list[ScheduleRow]:
    """The schedule as it stands for the actor's municipality."""
    runs = schedules.last_runs(connection, actor)
    rows = []
    for entry in SCHEDULE:
        last = runs.get(entry.name)
        rows.append(
            ScheduleRow(
                entry.name,
                entry.label_sv,
                entry.label_en,
                entry.cron,
                LOCAL_ZONE.key,
                entry.next_due(now),
                last["last_run_at"] if last else None,
                last["last_status"] if last else None,
                visible_result(actor, last["last_result"]) if last else None,
            )
        )
    return rows


def visible_result(actor: Actor, result: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """A job's result without the counts of objects that the actor may not know of."""
    if result is None or "counts" not in result:
        return result
    counts = [row for row in result["counts"] if row["protection_class"] <= actor.clearance]
    return {**result, "counts": counts}


def entry_named(name: str) -> ScheduledJob:
    """The line of that name."""
    for entry in SCHEDULE:
        if entry.name == name:
            return entry
    raise AssetmgrError("schedule_unknown", name=name, names=[entry.name for entry in SCHEDULE])


def run(engine: Engine, actor: Actor, name: str, clock: Clock = utc_now) -> Outcome:
    """Do a job of the schedule at once, in this process; raises what it failed of. It is recorded as its last run."""
    entry = entry_named(name)
    require(actor, job_services.JOBS[entry.kind].right)
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        job = jobs.start(
            connection, actor, entry.kind, {SCHEDULE_NAME: name}, at=clock(), worker=job_services.worker_name("command")
        )
    outcome = job_services.execute(engine, job, clock=clock)
    if outcome.error is not None:
        raise outcome.error
    if outcome.status == CANCELLED:
        raise AssetmgrError("job_cancelled", name=name)
    return outcome


def enqueue_due(engine: Engine, holder: str, now: datetime, lease_for: timedelta) -> int | None:
    """Put what is due by now in the queue, for every municipality.

    Returns how many jobs are new; None without the lease.
    """
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        # In the same transaction as what it guards, so that one who has lost the lease cannot put anything in.
        if not leases.acquire(connection, LEASE_NAME, holder, now, lease_for):
            return None
        created_at = registers.created_at(connection)
        if created_at is None:
            return 0
        return sum(
            _enqueue_municipality(connection, municipality_id, created_at, now)
            for municipality_id in registers.municipality_ids(connection)
        )


def _enqueue_municipality(connection: Connection, municipality_id: int, created_at: datetime, now: datetime) -> int:
    actor = Actor(municipality_id, "schema", SCHEDULER_ROLES)
    runs = schedules.last_runs(connection, actor)
    new = 0
    for entry in SCHEDULE:
        last = runs.get(entry.name)
        since = (last["last_run_at"] if last else None) or created_at
        due = entry.last_due(now, since)
        if due is None or jobs.waiting(connection, actor, entry.kind):
            continue
        run_key = f"{entry.name}:{due.isoformat()}"
        payload = {SCHEDULE_NAME: entry.name, "due_at": due.isoformat()}
        new += jobs.enqueue(connection, actor, entry.kind, payload, at=now, run_key=run_key).is_new
    return new
