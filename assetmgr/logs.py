"""The log: JSON lines on stderr, each with the request or job that it belongs to, and without values about people.

What is logged is said in fields that the code chooses. The text of an exception is not among them, since it may quote
what somebody typed or what a row holds: its class and the places it passed are enough to find the fault.
"""

import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

Event = MutableMapping[str, Any]
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def set_up(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send everything that is logged, by us and by libraries, to `stream` (stderr) as JSON lines. Once per process."""
    _use_standard_logging()
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_BEFORE,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # The access lines of a web server hold addresses and search words; our own line for each request does not. The
    # others tell at every turn that they are at work.
    for name in ("werkzeug", "alembic", "apscheduler"):
        logging.getLogger(name).setLevel(logging.WARNING)


def get(name: str) -> Any:
    """A logger: `log.info("plan_exported", plan=uid, rows=12)`."""
    return structlog.stdlib.get_logger(name)


@contextmanager
def bound(**fields: Any) -> Iterator[None]:
    """Put these fields, such as `request_id` or `job_id`, on every line logged inside the block."""
    with structlog.contextvars.bound_contextvars(**fields):
        yield


def _without_exception_text(_logger: Any, _name: str, event: Event) -> Event:
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    elif isinstance(found, BaseException):
        found = (type(found), found, found.__traceback__)
    if isinstance(found, tuple) and found[0] is not None:
        event["exception"] = _named(found)
    return event


def _named(found: ExcInfo) -> list[dict[str, Any]]:
    """Class and places of an exception and of those it came from, the outermost first."""
    chain: list[dict[str, Any]] = []
    error: BaseException | None = found[1]
    while error is not None and len(chain) < 10:
        chain.append(
            {
                "class": f"{type(error).__module__}.{type(error).__qualname__}",
                "frames": [
                    f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
                    for frame in traceback.extract_tb(error.__traceback__)[-12:]
                ],
            }
        )
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return chain


_BEFORE: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _without_exception_text,
]


def _use_standard_logging() -> None:
    structlog.configure(
        processors=[*_BEFORE, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


# At once, or a process that does not call `set_up` would log to stdout, among what a command prints for programs to
# read.
_use_standard_logging()
