"""`assetmgr serve`: web, worker and scheduler as children of one command.

The children are the same commands that a larger installation runs one per unit. One that ends is started again, after a
pause that doubles while it keeps ending at once. The socket is opened here, before anything is started, so that an
occupied port is told at once and a web server that is started again loses no connection.
"""

import ctypes
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assetmgr import logs
from assetmgr.config import DATABASE_VARIABLE, DEFAULT_HOST, DEFAULT_PORT, Settings
from assetmgr.errors import AssetmgrError, DatabaseUnusable
from assetmgr.store import registers, schema
from assetmgr.store.engine import open_engine
from assetmgr.worker import stop_on_signals

log = logs.get(__name__)

STOP_SECONDS = 25.0
"""How long the children have to finish or put back what they do; those left are killed."""
READY_SECONDS = 60.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0
STEADY_SECONDS = 60.0
"""A child that has lived this long is well, and its next pause is the first again."""
TICK_SECONDS = 0.2
PR_SET_PDEATHSIG = 1
LARGEST_PORT = 65_535


@dataclass(frozen=True)
class Child:
    """A process to keep running."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    sockets: tuple[int, ...] = ()


class Supervisor:
    """Keeps children running until it is told to stop them."""

    def __init__(self, children: Sequence[Child], first_pause_seconds: float = FIRST_PAUSE_SECONDS) -> None:
        self._children = children
        self._first_pause = first_pause_seconds
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._pause = {child.name: first_pause_seconds for child in children}
        self._started_at = {child.name: 0.0 for child in children}
        self._start_at = {child.name: 0.0 for child in children}
        self.starts = {child.name: 0 for child in children}

    def tend(self) -> None:
        """Start what does not run, as soon as its pause is over. Call it again and again."""
        now = time.monotonic()
        for child in self._children:
            process = self._running.get(child.name)
            if process is not None and process.poll() is not None:
                self._bury(child, process.returncode, now)
            if child.name not in self._running and now >= self._start_at[child.name]:
                self._start(child, now)

    def _start(self, child: Child, now: float) -> None:
        self._running[child.name] = subprocess.Popen(
            child.command,
            env={**os.environ, **child.environment},
            pass_fds=child.sockets,
            stdin=subprocess.DEVNULL,
            # Ctrl-C in the terminal reaches the supervisor alone, which then stops the children in its own way.
            start_new_session=True,
            preexec_fn=_die_with(os.getpid()) if sys.platform == "linux" else None,
        )
        self._started_at[child.name] = now
        self.starts[child.name] += 1
        log.info("child_started", child=child.name, pid=self._running[child.name].pid)

    def _bury(self, child: Child, status: int, now: float) -> None:
        del self._running[child.name]
        if now - self._started_at[child.name] >= STEADY_SECONDS:
            self._pause[child.name] = self._first_pause
        pause = self._pause[child.name]
        self._start_at[child.name] = now + pause
        self._pause[child.name] = min(2 * pause, LONGEST_PAUSE_SECONDS)
        log.warning("child_ended", child=child.name, status=status, again_in_seconds=pause)

    def process(self, name: str) -> "subprocess.Popen[bytes] | None":
        """The running process of a child."""
        return self._running.get(name)

    def stop(self, within_seconds: float = STOP_SECONDS) -> None:
        """Ask all children to end, and kill those that have not after so long."""
        for process in self._running.values():
            process.terminate()
        deadline = time.monotonic() + within_seconds
        for name, process in self._running.items():
            try:
                process.wait(max(deadline - time.monotonic(), 0.0))
            except subprocess.TimeoutExpired:
                log.warning("child_killed", child=name)
                _kill_group(process)
        self._running.clear()


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def _die_with(parent: int) -> Callable[[], None]:
    """What a child does first: ask the kernel for SIGTERM when its parent dies, however that comes about."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def serve(
    settings: Settings,
    host: str = DEFAULT_HOST,
    port: int = DEFAULT_PORT,
    *,
    announce: Callable[[str], None] = print,
    stopping: threading.Event | None = None,
) -> None:
    """Run the service until SIGTERM or SIGINT; `announce` gets its address as soon as it answers.

    The schema is brought up to date first: whoever starts all of the service at once has no other process of it
    running. Port 0 takes a free one.
    """
    stop = stopping or stop_on_signals()
    listener = open_socket(host, port)
    try:
        _make_ready(settings)
        _run(settings, listener, host, announce, stop)
    finally:
        listener.close()


def open_socket(host: str, port: int) -> socket.socket:
    """A listening socket at this address, or a plain reason why there is none."""
    if not 0 <= port <= LARGEST_PORT:
        raise AssetmgrError("port_not_allowed", port=port, host=host)
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError) as error:
        raise AssetmgrError("host_unknown", port=port, host=host) from error
    listener = socket.socket(family, kind, protocol)
    try:
        # Connections of a service that has just ended must not keep the next from starting.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError as error:
        listener.close()
        codes = {errno.EADDRINUSE: "port_in_use", errno.EACCES: "port_not_allowed"}
        raise AssetmgrError(codes.get(error.errno or 0, "host_unknown"), port=port, host=host) from error
    return listener


def _make_ready(settings: Settings) -> None:
    engine = open_engine(settings.database_url)
    try:
        schema.upgrade(engine)
        with engine.connect() as connection:
            if not registers.exists(connection):
                raise DatabaseUnusable("register_not_initialised")
    finally:
        engine.dispose()


def _run(
    settings: Settings, listener: socket.socket, host: str, announce: Callable[[str], None], stop: threading.Event
) -> None:
    # By the environment: a command line is for everyone on the machine to read, and the address may hold a password.
    environment = {DATABASE_VARIABLE: settings.database_url, "ASSETMGR_SANDBOX": settings.sandbox}
    socket_number = listener.fileno()
    python = (sys.executable, "-m")
    supervisor = Supervisor(
        (
            Child("web", (*python, "assetmgr.wsgi", "--bind", f"fd://{socket_number}"), environment, (socket_number,)),
            Child("worker", (*python, "assetmgr.worker"), environment),
            Child("scheduler", (*python, "assetmgr.scheduler"), environment),
        )
    )
    port = int(listener.getsockname()[1])
    try:
        _wait_until_answering(supervisor, listener, stop)
        if not stop.is_set():
            announce(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
        while not stop.wait(TICK_SECONDS):
            supervisor.tend()
    finally:
        supervisor.stop()


def _wait_until_answering(supervisor: Supervisor, listener: socket.socket, stop: threading.Event) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not stop.is_set():
        supervisor.tend()
        if supervisor.starts["web"] > 1 or time.monotonic() > deadline:
            raise AssetmgrError("service_did_not_start", process="web")
        if _answers(listener):
            return
        stop.wait(TICK_SECONDS)


def _answers(listener: socket.socket) -> bool:
    """Whether the service answers anything at all. The connection may wait in the socket until somebody takes it."""
    host, port = listener.getsockname()[:2]
    within_reach = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(within_reach, port, timeout=1.0)
    try:
        connection.request("HEAD", "/")
        connection.getresponse()
        return True
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
