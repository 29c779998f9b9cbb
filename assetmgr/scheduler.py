"""The scheduler: puts jobs in the queue by the calendar.

Any number may be started; the one that holds the lease is active.
"""

import sys
import threading
from datetime import datetime, timedelta
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine

from assetmgr import logs
from assetmgr.config import Settings
from assetmgr.errors import AssetmgrError
from assetmgr.services.jobs import LOCAL_ZONE, worker_name
from assetmgr.services.schedule import LEASE_NAME, SCHEDULE, enqueue_due
from assetmgr.store import leases, schema
from assetmgr.store.engine import WRITES, open_engine
from assetmgr.store.writing import Clock, utc_now
from assetmgr.worker import stop_on_signals

log = logs.get(__name__)

LEASE_FOR = timedelta(seconds=60)
RENEW_SECONDS = 20
MISFIRE_GRACE_SECONDS = 3600


def run_scheduler(settings: Settings) -> None:
    """Keep the calendar until SIGTERM or SIGINT."""
    stopping = stop_on_signals()
    engine = open_engine(settings.database_url)
    schema.check_usable(engine)
    try:
        keep_calendar(engine, stopping)
    finally:
        engine.dispose()


def keep_calendar(
    engine: Engine, stopping: threading.Event, *, clock: Clock = utc_now, renew_seconds: float = RENEW_SECONDS
) -> None:
    """Put jobs in the queue as they fall due until `stopping` is set, while the lease is held; else stand by for it.

    Every tick asks the database what is due and not yet put in, so that a missed one is made up for by the next. The
    calendar's own ticks are there for the right second; the regular ones renew the lease and catch up after a stop.
    """
    holder = worker_name("scheduler")
    held = _Held()

    def tick() -> None:
        new = enqueue_due(engine, holder, clock(), LEASE_FOR)
        held.say(new is not None, holder)
        if new:
            log.info("jobs_enqueued", count=new)

    # Never started by a web worker: APScheduler runs here alone. It keeps nothing itself; the last runs stand in our
    # own table.
    scheduler = BackgroundScheduler(
        timezone=LOCAL_ZONE,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": MISFIRE_GRACE_SECONDS},
    )
    for entry in SCHEDULE:
        scheduler.add_job(tick, entry.trigger(), id=entry.name)
    scheduler.add_job(tick, "interval", seconds=renew_seconds, id="lease", next_run_time=_now(scheduler))
    scheduler.start()
    stopping.wait()
    scheduler.shutdown(wait=True)
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        leases.release(connection, LEASE_NAME, holder)
    log.info("scheduler_stopped", holder=holder)


def _now(scheduler: Any) -> datetime:
    return datetime.now(scheduler.timezone)


class _Held:
    """Whether the lease was held the last time, so that only a change is logged."""

    def __init__(self) -> None:
        self._was: bool | None = None

    def say(self, held: bool, holder: str) -> None:
        if held != self._was:
            log.info("scheduler_active" if held else "scheduler_standing_by", holder=holder)
        self._was = held


def main() -> None:
    """The process alone, as a unit of its own: `python -m assetmgr.scheduler`."""
    logs.set_up()
    try:
        run_scheduler(Settings.from_environment())
    except AssetmgrError as error:
        log.error("refused", code=error.code, **error.details)
        sys.exit(1)


if __name__ == "__main__":
    main()
