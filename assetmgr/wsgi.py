"""The web server: gunicorn around the application.

`assetmgr serve` starts it as a child; alone it is `python -m assetmgr.wsgi`.
The database is taken from the environment, so that a password never stands on a command line.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.glogging import Logger

from assetmgr import logs
from assetmgr.app import create_app
from assetmgr.config import DEFAULT_HOST, DEFAULT_PORT, Settings
from assetmgr.errors import AssetmgrError
from assetmgr.store import schema
from assetmgr.store.engine import open_engine
from assetmgr.web.secret_key import secret_key

log = logs.get(__name__)

WORKERS, THREADS = 2, 4
GRACEFUL_SECONDS = 20
SILENT_SECONDS = 120
"""A web worker that has not been heard for this long is replaced."""


class JsonLines(Logger):  # type: ignore[misc]
    """gunicorn's own messages in our log, as every other line."""

    def setup(self, cfg: Config) -> None:
        """Called by gunicorn."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class WebServer(BaseApplication):  # type: ignore[misc]
    """gunicorn with the settings given here and none from files or its own command line."""

    def __init__(self, load_application: Callable[[], Any], options: Mapping[str, Any]) -> None:
        self._load_application, self._options = load_application, options
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn."""
        for name, value in self._options.items():
            # A release may lack the newest settings.
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Called by gunicorn in each web worker after its birth: connections must not be shared between processes."""
        return self._load_application()


def options(bind: str) -> dict[str, Any]:
    """gunicorn's settings; `bind` is HOST:PORT or fd://N for a socket that is open already."""
    return {
        "bind": [bind],
        "worker_class": "gthread",
        "workers": WORKERS,
        "threads": THREADS,
        "timeout": SILENT_SECONDS,
        "graceful_timeout": GRACEFUL_SECONDS,
        "keepalive": 5,
        "loglevel": "warning",
        "logger_class": JsonLines,
        "control_socket_disable": True,
        "proc_name": "assetmgr-web",
    }


def main() -> None:
    """The process alone, as a unit of its own: `python -m assetmgr.wsgi --bind HOST:PORT`, until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m assetmgr.wsgi")
    parser.add_argument("--bind", default=f"{DEFAULT_HOST}:{DEFAULT_PORT}")
    arguments = parser.parse_args()
    logs.set_up()
    settings = Settings.from_environment()
    try:
        _check(settings)
    except AssetmgrError as error:
        log.error("refused", code=error.code, **error.details)
        sys.exit(1)
    WebServer(lambda: create_app(settings), options(arguments.bind)).run()


def _check(settings: Settings) -> None:
    """Refuse once, not in every web worker; and make the secret before there are several that race to make it."""
    engine = open_engine(settings.database_url)
    schema.check_usable(engine)
    secret_key(engine)
    engine.dispose()


if __name__ == "__main__":
    main()
