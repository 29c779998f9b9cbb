"""Jobs: what the service does by itself or in the background, and how one of them is done from claim to end.

A job is a function of a `JobContext`. It writes in short transactions of its own, says how far it has come and stops
between them when it is told to; done twice it does no more than done once. Its result is counts and names, never
objects that a reader might not be allowed to know of.
"""

import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from assetmgr import logs
from assetmgr.errors import AssetmgrError
from assetmgr.i18n import N_
from assetmgr.services import condition, falling_due, plans
from assetmgr.store import jobs, registers, schedules
from assetmgr.store import plans as plan_store
from assetmgr.store.access import Actor, require
from assetmgr.store.engine import WRITES
from assetmgr.store.jobs import CANCELLED, DONE, FAILED, QUEUED, ClaimedJob
from assetmgr.store.plans import DRAFT
from assetmgr.store.writing import Clock, Occasion, Writing, reading, utc_now, writing

log = logs.get(__name__)

LOCAL_ZONE = ZoneInfo("Europe/Stockholm")
HEARTBEAT_SECONDS = 5.0
SILENT_FOR = timedelta(minutes=2)
"""A worker that has not been heard for this long is taken for dead."""
SCHEDULE_NAME = "schedule"
"""The key of a job's payload that names the line of the schedule it was put in for."""


def worker_name(role: str) -> str:
    """A name that no other process has: what it is, where it runs, and random bits, since process ids come again."""
    return f"{role}@{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


class JobCancelledError(Exception):
    """Somebody has asked for the job to stop."""


class JobInterruptedError(Exception):
    """The worker is stopping; the job goes back in the queue."""


class JobLostError(Exception):
    """The worker was taken for dead and the job may be another's now: write nothing more."""


class Heart:
    """Tells the queue in the background that the worker lives and how far it has come, and hears what it is told."""

    def __init__(self, engine: Engine, job: ClaimedJob, clock: Clock, seconds: float) -> None:
        self._engine, self._job, self._clock, self._seconds = engine, job, clock, seconds
        self._lock = threading.Lock()
        self._progress: float | None = None
        self._message: Mapping[str, Any] | None = None
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"heart-of-job-{job.id}", daemon=True)
        self.cancel_requested = threading.Event()
        self.lost = threading.Event()

    def tell(self, progress: float, message: Mapping[str, Any]) -> None:
        """Take down how far the job has come; it is written with the next beat, so this may be called often."""
        with self._lock:
            self._progress, self._message = progress, message

    def beat(self) -> None:
        """One heartbeat. A database that is busy or away for a moment is met again at the next."""
        try:
            with self._engine.connect() as connection:
                standing = jobs.standing(connection, self._job)
            self._hear(standing)
            with self._lock:
                progress, message = self._progress, self._message
            with self._engine.connect().execution_options(**WRITES) as connection, connection.begin():
                jobs.heartbeat(connection, self._job, self._clock(), progress, message)
        except DBAPIError as error:
            log.info("heartbeat_missed", job_id=self._job.id, error=type(error).__name__)

    def _hear(self, standing: jobs.Standing) -> None:
        if not standing.is_held:
            self.lost.set()
        elif standing.cancel_requested:
            self.cancel_requested.set()

    def _run(self) -> None:
        while not self._end.wait(self._seconds):
            self.beat()

    def __enter__(self) -> "Heart":
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._end.set()
        self._thread.join()


@dataclass(frozen=True)
class JobContext:
    """What a job works with: its municipality's database, who it acts as, and the way to say how it goes."""

    engine: Engine
    job: ClaimedJob
    actor: Actor
    clock: Clock
    heart: Heart
    stopping: threading.Event = field(default_factory=threading.Event)

    def check_cancelled(self) -> None:
        """Stop here where somebody has asked for it. Call it between transactions."""
        if self.heart.lost.is_set():
            raise JobLostError
        if self.heart.cancel_requested.is_set():
            raise JobCancelledError
        if self.stopping.is_set():
            raise JobInterruptedError

    def progress(self, fraction: float, code: str = "", **values: Any) -> None:
        """Say how much is done (0-1) and with what the job is busy.

        A code whose words stand in the message catalogues.
        """
        self.heart.tell(fraction, {"code": code, "values": values} if code else {})

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot to read from."""
        with reading(self.engine) as connection:
            yield connection

    @contextmanager
    def write(self, reason: str) -> Iterator[Writing]:
        """A write transaction of this job; undone whole where the job was taken from this worker meanwhile."""
        self.check_cancelled()
        occasion = Occasion("job", reason, job_id=self.job.id)
        with writing(self.engine, self.actor, occasion, clock=self.clock) as work:
            yield work
            # In the same transaction: on SQLite nobody else could write a heartbeat while it was open.
            if not jobs.heartbeat(work.connection, self.job, self.clock()):
                raise JobLostError

    def today(self) -> date:
        """The day it is in Sweden; in a demonstration the day that it was made for, so that it never ages."""
        with self.read() as connection:
            demo_as_of = registers.info(connection).demo_as_of
        return demo_as_of or self.clock().astimezone(LOCAL_ZONE).date()


@dataclass(frozen=True)
class JobKind:
    """A kind of job: the right to have it done, the roles it acts with, and what it does."""

    name: str
    label_sv: str
    label_en: str
    right: str
    roles: frozenset[str]
    run: Callable[[JobContext], Mapping[str, Any]]


def _refresh_condition(context: JobContext) -> Mapping[str, Any]:
    year = context.today().year
    context.progress(0.0, "estimating_condition", year=year)
    with context.write("Nattlig uppdatering av beräknat skick") as work:
        changed = condition.estimate_missing(work, year)
    return {"year": year, "changed": changed}


def _refresh_plans(context: JobContext) -> Mapping[str, Any]:
    with context.read() as connection:
        drafts = [plan["uid"] for plan in plan_store.listing(connection, context.actor) if plan["status"] == DRAFT]
    refreshed = 0
    for place, uid in enumerate(drafts):
        context.progress(place / len(drafts), "refreshing_plan", number=place + 1, count=len(drafts))
        try:
            with context.write("Nattlig uppdatering av planutkast") as work:
                refreshed += plans.refresh(work, uid)
        except AssetmgrError as error:
            # Somebody was quicker: the plan is a draft no more, or was changed just now and needs no refreshing.
            if error.code not in OVERTAKEN:
                raise
            log.info("draft_overtaken", plan=uid, code=error.code)
    return {"drafts": len(drafts), "refreshed": refreshed}


OVERTAKEN = ("plan_not_draft", "plan_not_found", "edit_conflict")


def _statutory_due(context: JobContext) -> Mapping[str, Any]:
    as_of = context.today()
    with context.read() as connection:
        found = falling_due.checks(connection, context.actor, as_of, falling_due.CHECK_DAYS)
    return {"as_of": as_of.isoformat(), "days": falling_due.CHECK_DAYS, "counts": falling_due.counts(found)}


def _guarantees(context: JobContext) -> Mapping[str, Any]:
    as_of = context.today()
    with context.read() as connection:
        found = falling_due.guarantees(connection, context.actor, as_of, falling_due.GUARANTEE_DAYS)
    return {"as_of": as_of.isoformat(), "days": falling_due.GUARANTEE_DAYS, "counts": falling_due.counts(found)}


_OWNER = frozenset({"asset_owner"})
_PLANNER = frozenset({"planner", "asset_owner"})
JOBS: dict[str, JobKind] = {
    kind.name: kind
    for kind in (
        JobKind(
            "refresh-condition",
            "Uppdatera beräknat skick",
            "Refresh estimated condition",
            "schedule.run",
            _OWNER,
            _refresh_condition,
        ),
        JobKind(
            "refresh-plans", "Uppdatera planutkast", "Refresh draft plans", "schedule.run", _PLANNER, _refresh_plans
        ),
        JobKind(
            "statutory-due",
            "Lagstadgade kontroller som förfaller",
            "Statutory checks falling due",
            "schedule.run",
            _OWNER,
            _statutory_due,
        ),
        JobKind(
            "guarantees",
            "Garanti- och ansvarstider som löper ut",
            "Guarantee and liability periods ending",
            "schedule.run",
            _OWNER,
            _guarantees,
        ),
    )
}

PROGRESS_MESSAGES = {
    "estimating_condition": N_("Estimating the condition of what nobody has inspected, for %(year)d"),
    "refreshing_plan": N_("Refreshing draft plan %(number)d of %(count)d"),
}
"""The words of what jobs say while they are busy."""


def enqueue(
    connection: Connection,
    actor: Actor,
    kind: str,
    payload: Mapping[str, Any],
    *,
    at: datetime,
    run_key: str | None = None,
) -> jobs.Enqueued:
    """Have a job done by a worker, on behalf of the actor. The connection must be one that writes."""
    if kind not in JOBS:
        raise AssetmgrError("job_kind_unknown", kind=kind, kinds=list(JOBS))
    require(actor, JOBS[kind].right)
    return jobs.enqueue(connection, actor, kind, payload, at=at, run_key=run_key)


@dataclass(frozen=True)
class Outcome:
    """How a job ended: its status, what it gave, and where it failed the error with its data."""

    status: str
    result: Mapping[str, Any] | None = None
    error: AssetmgrError | None = None


def execute(
    engine: Engine,
    job: ClaimedJob,
    *,
    clock: Clock = utc_now,
    stopping: threading.Event | None = None,
    heartbeat_seconds: float = HEARTBEAT_SECONDS,
) -> Outcome:
    """Do a claimed job and put its end on record; a fault in it ends the job, never the worker."""
    kind = JOBS[job.kind]
    actor = Actor(job.municipality_id, f"jobb:{job.kind}", kind.roles)
    started_at = clock()
    with logs.bound(job_id=job.id, job_kind=job.kind):
        log.info("job_started", attempt=job.attempts)
        with Heart(engine, job, clock, heartbeat_seconds) as heart:
            outcome = _run(kind, JobContext(engine, job, actor, clock, heart, stopping or threading.Event()))
        is_ours = _end(engine, job, started_at, clock(), outcome)
        log.info("job_ended", status=outcome.status, is_ours=is_ours)
    return outcome


def _run(kind: JobKind, context: JobContext) -> Outcome:
    try:
        return Outcome(DONE, result=kind.run(context))
    except JobCancelledError:
        return Outcome(CANCELLED)
    except (JobInterruptedError, JobLostError):
        return Outcome(QUEUED)
    except KeyboardInterrupt:
        return Outcome(CANCELLED)
    except AssetmgrError as error:
        return Outcome(FAILED, error=error)
    except Exception as error:
        # The boundary between one job and the worker that must go on with the next.
        log.error("job_crashed", exc_info=error)
        return Outcome(FAILED, error=AssetmgrError("job_crashed", kind=kind.name, fault=type(error).__name__))


def _end(engine: Engine, job: ClaimedJob, started_at: datetime, now: datetime, outcome: Outcome) -> bool:
    message = {"code": outcome.error.code, "values": _plain(outcome.error.details)} if outcome.error else {}
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        if outcome.status == QUEUED:
            return jobs.give_back(connection, job)
        is_ours = jobs.end(connection, job, now, outcome.status, result=outcome.result, message=message)
        if is_ours and SCHEDULE_NAME in job.payload:
            schedules.record_run(
                connection,
                job.municipality_id,
                job.payload[SCHEDULE_NAME],
                started_at,
                outcome.status,
                outcome.result if outcome.error is None else message,
            )
        return is_ours


def _plain(details: Mapping[str, Any]) -> dict[str, Any]:
    """Details as JSON can hold them."""
    return {name: _plain_value(value) for name, value in details.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain_value(item) for item in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def recover(engine: Engine, now: datetime, silent_for: timedelta = SILENT_FOR) -> int:
    """Take the jobs of dead workers back into the queue. Returns how many were found."""
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        recovered = jobs.recover_stale(connection, now, silent_for)
        for job in recovered:
            log.warning("job_recovered", job_id=job.id, job_kind=job.kind, status=job.status)
            if job.status != QUEUED and SCHEDULE_NAME in job.payload:
                schedules.record_run(connection, job.municipality_id, job.payload[SCHEDULE_NAME], now, job.status, None)
    return len(recovered)
