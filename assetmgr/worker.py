"""A worker: claims jobs one at a time and does them until it is told to stop.

There may be many, on one machine or several.
"""

import signal
import sys
import threading
import time
from datetime import timedelta
from types import FrameType

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from assetmgr import logs
from assetmgr.config import Settings
from assetmgr.errors import AssetmgrError, DatabaseUnusable
from assetmgr.services.jobs import JOBS, execute, recover, worker_name
from assetmgr.store import jobs, schema
from assetmgr.store.engine import open_engine
from assetmgr.store.jobs import QUEUED
from assetmgr.store.writing import Clock, utc_now

log = logs.get(__name__)

POLL_SECONDS = 1.0
RECOVER_SECONDS = 30.0
RETRY_SECONDS = 5.0
"""How long to wait before a database that is busy or away is asked again."""


def run_worker(settings: Settings, once: bool = False) -> int:
    """Do jobs until SIGTERM or SIGINT; with `once`, until the queue is empty. Returns how many were done.

    Told to stop in the middle of a job, it lets the job come to its next safe place and puts it back in the queue.
    """
    stopping = stop_on_signals()
    engine = open_engine(settings.database_url)
    schema.check_usable(engine)
    try:
        return work_through(engine, stopping, once=once)
    finally:
        engine.dispose()


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM and SIGINT set; a handler must do no more than that."""
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return stopping


def work_through(
    engine: Engine,
    stopping: threading.Event,
    *,
    once: bool = False,
    clock: Clock = utc_now,
    silent_for: timedelta | None = None,
) -> int:
    """Claim and do jobs until `stopping` is set or, with `once`, the queue is empty. Returns how many were ended."""
    name = worker_name("worker")
    log.info("worker_started", worker=name)
    ended = 0
    recover_at = 0.0
    while not stopping.is_set():
        try:
            if time.monotonic() >= recover_at:
                recover(engine, clock(), *([silent_for] if silent_for is not None else []))
                recover_at = time.monotonic() + RECOVER_SECONDS
            job = jobs.claim(engine, name, clock(), JOBS.keys())
            if job is not None:
                ended += execute(engine, job, clock=clock, stopping=stopping).status != QUEUED
                continue
        except (DBAPIError, DatabaseUnusable) as error:
            # The claim, if there was one, runs out by itself and the job is done again.
            log.warning("database_away", error=type(error).__name__)
            stopping.wait(RETRY_SECONDS)
            continue
        if once:
            break
        stopping.wait(POLL_SECONDS)
    log.info("worker_stopped", worker=name, ended=ended)
    return ended


def main() -> None:
    """The process alone, as a unit of its own: `python -m assetmgr.worker`."""
    logs.set_up()
    try:
        run_worker(Settings.from_environment())
    except AssetmgrError as error:
        log.error("refused", code=error.code, **error.details)
        sys.exit(1)


if __name__ == "__main__":
    main()
