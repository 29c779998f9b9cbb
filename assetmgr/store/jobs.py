"""The queue of jobs: put in, claimed by exactly one worker, kept alive by heartbeats, ended once.

A claim belongs to the worker that made it until its heartbeat has stopped; every later write of that worker names the
claim, so that one who was given up for dead cannot end or overwrite a job that another has taken since. The queue is
the service's own bookkeeping and no part of the register, hence without change records; what a job does to the register
has them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, RowMapping, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from assetmgr.errors import NotFound
from assetmgr.ids import as_uid, new_uids
from assetmgr.store import tables
from assetmgr.store.access import Actor, permit
from assetmgr.store.engine import WRITES

job = tables.job

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
MOST_ATTEMPTS = 3
"""A job whose worker has died this many times is given up: it is probably what kills them."""


@dataclass(frozen=True)
class Enqueued:
    """Where a job stands in the queue; `is_new` is False where its run key was there already."""

    id: int
    uid: str
    is_new: bool


@dataclass(frozen=True)
class ClaimedJob:
    """A job that one worker has claimed."""

    id: int
    uid: str
    municipality_id: int
    kind: str
    payload: Mapping[str, Any]
    worker: str
    attempts: int


@dataclass(frozen=True)
class Standing:
    """What a worker learns of its job: whether the claim still holds, and whether somebody wants the job stopped."""

    is_held: bool
    cancel_requested: bool


def enqueue(
    connection: Connection,
    actor: Actor,
    kind: str,
    payload: Mapping[str, Any],
    *,
    at: datetime,
    run_key: str | None = None,
) -> Enqueued:
    """Put a job in the queue of the actor's municipality.

    The same run key gives the same job, however often it is put in.
    The right to have this kind of job done is the caller's to require.
    """
    return _insert(connection, actor, kind, payload, at, run_key, {"status": QUEUED, "attempts": 0})


def start(
    connection: Connection, actor: Actor, kind: str, payload: Mapping[str, Any], *, at: datetime, worker: str
) -> ClaimedJob:
    """A job that its maker does at once, claimed from birth so that no worker takes it."""
    claimed = {"status": RUNNING, "attempts": 1, "claimed_by": worker, "heartbeat_at": at, "started_at": at}
    made = _insert(connection, actor, kind, payload, at, None, claimed)
    return ClaimedJob(made.id, made.uid, actor.municipality_id, kind, payload, worker, 1)


def _insert(
    connection: Connection,
    actor: Actor,
    kind: str,
    payload: Mapping[str, Any],
    at: datetime,
    run_key: str | None,
    state: Mapping[str, Any],
) -> Enqueued:
    # Within one municipality: another's key must neither collide nor be found.
    key = None if run_key is None else f"{actor.municipality_id}:{run_key}"
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = connection.execute(
        dialect.insert(job)
        .values(
            uid=new_uids(1, at)[0],
            municipality_id=actor.municipality_id,
            kind=kind,
            run_key=key,
            payload=dict(payload),
            progress=0.0,
            message={},
            cancel_requested=False,
            created_by=actor.name,
            created_at=at,
            **state,
        )
        .on_conflict_do_nothing(index_elements=[job.c.run_key])
        .returning(job.c.id, job.c.uid)
    ).one_or_none()
    if row is not None:
        return Enqueued(row.id, row.uid, is_new=True)
    found = connection.execute(select(job.c.id, job.c.uid).where(job.c.run_key == key)).one()
    return Enqueued(found.id, found.uid, is_new=False)


def waiting(connection: Connection, actor: Actor, kind: str) -> bool:
    """Whether the actor's municipality has a job of this kind that no worker has claimed yet."""
    statement = permit(actor, "job.read", select(job.c.id), [job])
    found = connection.execute(statement.where(job.c.status == QUEUED, job.c.kind == kind).limit(1)).first()
    return found is not None


def claim(engine: Engine, worker: str, now: datetime, kinds: Collection[str]) -> ClaimedJob | None:
    """The oldest waiting job of these kinds, now this worker's alone; None where there is none.

    Serves all municipalities.
    """
    queued = select(job).where(job.c.status == QUEUED, job.c.kind.in_(list(kinds))).order_by(job.c.id).limit(1)
    with engine.connect() as connection:
        # A look without the write lock first: an idle worker must not disturb those who write.
        if connection.execute(queued).first() is None:
            return None
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        found = connection.execute(queued.with_for_update(skip_locked=True)).one_or_none()
        if found is None:
            return None
        attempts = found.attempts + 1
        connection.execute(
            update(job)
            .where(job.c.id == found.id)
            .values(
                status=RUNNING,
                claimed_by=worker,
                attempts=attempts,
                heartbeat_at=now,
                started_at=found.started_at or now,
            )
        )
    return ClaimedJob(found.id, found.uid, found.municipality_id, found.kind, found.payload, worker, attempts)


def _claimed(statement: Any, claimed: ClaimedJob) -> Any:
    """Narrowed to this claim and no later one of the same job."""
    return statement.where(
        job.c.id == claimed.id,
        job.c.status == RUNNING,
        job.c.claimed_by == claimed.worker,
        job.c.attempts == claimed.attempts,
    )


def standing(connection: Connection, claimed: ClaimedJob) -> Standing:
    """Whether the claim still holds and whether the job is to stop."""
    found = connection.execute(_claimed(select(job.c.cancel_requested), claimed)).one_or_none()
    return Standing(found is not None, found is not None and found.cancel_requested)


def heartbeat(
    connection: Connection,
    claimed: ClaimedJob,
    now: datetime,
    progress: float | None = None,
    message: Mapping[str, Any] | None = None,
) -> bool:
    """Say that the worker lives and how far it has come; False where the claim is lost."""
    values: dict[str, Any] = {"heartbeat_at": now}
    if progress is not None:
        values["progress"] = min(max(progress, 0.0), 1.0)
    if message is not None:
        values["message"] = dict(message)
    done = connection.execute(_claimed(update(job), claimed).values(**values))
    return bool(done.rowcount == 1)


def end(
    connection: Connection,
    claimed: ClaimedJob,
    now: datetime,
    status: str,
    *,
    result: Mapping[str, Any] | None = None,
    message: Mapping[str, Any] | None = None,
) -> bool:
    """Finish, fail or call off a claimed job; False where the claim is lost, and then nothing is written."""
    values: dict[str, Any] = {
        "status": status,
        "result": None if result is None else dict(result),
        "message": dict(message or {}),
        "heartbeat_at": now,
        "finished_at": now,
    }
    if status == DONE:
        values["progress"] = 1.0
    done = connection.execute(_claimed(update(job), claimed).values(**values))
    return bool(done.rowcount == 1)


def give_back(connection: Connection, claimed: ClaimedJob) -> bool:
    """Put a job that could not be finished back in the queue, as if it had not been claimed."""
    done = connection.execute(
        _claimed(update(job), claimed).values(
            status=QUEUED, claimed_by=None, heartbeat_at=None, progress=0.0, message={}, attempts=claimed.attempts - 1
        )
    )
    return bool(done.rowcount == 1)


@dataclass(frozen=True)
class Recovered:
    """A job found without a living worker and what became of it."""

    id: int
    municipality_id: int
    kind: str
    payload: Mapping[str, Any]
    status: str


def recover_stale(connection: Connection, now: datetime, silent_for: timedelta) -> Sequence[Recovered]:
    """Jobs whose worker has not been heard for so long.

    Back in the queue, or ended where cancelled or tried too often.
    """
    stale = connection.execute(
        select(job)
        .where(job.c.status == RUNNING, job.c.heartbeat_at < now - silent_for)
        .order_by(job.c.id)
        .with_for_update(skip_locked=True)
    ).all()
    recovered = []
    for row in stale:
        if row.cancel_requested:
            status, message = CANCELLED, {}
        elif row.attempts >= MOST_ATTEMPTS:
            status, message = FAILED, {"code": "worker_lost", "values": {"attempts": row.attempts}}
        else:
            status, message = QUEUED, {}
        connection.execute(
            update(job)
            .where(job.c.id == row.id)
            .values(
                status=status,
                message=message,
                claimed_by=None,
                heartbeat_at=None,
                progress=0.0,
                finished_at=None if status == QUEUED else now,
            )
        )
        recovered.append(Recovered(row.id, row.municipality_id, row.kind, row.payload, status))
    return recovered


def request_cancel(connection: Connection, actor: Actor, uid: str, now: datetime) -> str:
    """Ask for a job to stop; returns its status.

    One that waits is called off at once, one that has ended stays as it is.
    """
    found = get(connection, actor, uid)
    waiting_too = permit(actor, "job.cancel", update(job), [job]).where(job.c.id == found["id"])
    connection.execute(
        waiting_too.where(job.c.status == QUEUED).values(status=CANCELLED, cancel_requested=True, finished_at=now)
    )
    connection.execute(waiting_too.where(job.c.status == RUNNING).values(cancel_requested=True))
    return str(get(connection, actor, uid)["status"])


def get(connection: Connection, actor: Actor, uid: str) -> RowMapping:
    """One job of the actor's municipality."""
    known = as_uid(uid)
    statement = permit(actor, "job.read", select(job), [job])
    found = connection.execute(statement.where(job.c.uid == known)).mappings().one_or_none() if known else None
    if found is None:
        raise NotFound("job_not_found", id=uid)
    return found


def listing(
    connection: Connection,
    actor: Actor,
    *,
    kind: str | None = None,
    status: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Sequence[RowMapping]:
    """The municipality's jobs, the latest first."""
    statement = permit(actor, "job.read", select(job), [job])
    if kind is not None:
        statement = statement.where(job.c.kind == kind)
    if status is not None:
        statement = statement.where(job.c.status == status)
    return connection.execute(statement.order_by(job.c.id.desc()).limit(limit).offset(offset)).mappings().all()
