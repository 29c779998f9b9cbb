"""One command runs everything: it says so when a port is taken, mends what breaks, and leaves nothing running."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assetmgr.config import DATABASE_VARIABLE, Settings
from assetmgr.errors import AssetmgrError, DatabaseUnusable
from assetmgr.store import schema
from assetmgr.store.engine import open_engine
from assetmgr.supervisor import Child, Supervisor, open_socket, serve
from tests.registers import make_register

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 90


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _python(name: str, program: str) -> Child:
    return Child(name, (sys.executable, "-S", "-c", program))


FOREVER = "import time\nwhile True: time.sleep(1)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True)\n{FOREVER}"


@pytest.fixture
def supervised() -> Iterator[Callable[..., Supervisor]]:
    made: list[Supervisor] = []

    def make(*children: Child) -> Supervisor:
        made.append(Supervisor(children, first_pause_seconds=0.05))
        return made[-1]

    yield make
    for supervisor in made:
        supervisor.stop(0)


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_taken_port_is_refused_before_anything_starts() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AssetmgrError) as caught:
            serve(Settings("sqlite:////does/not/exist"), "127.0.0.1", port)
    assert caught.value.code == "port_in_use"
    assert caught.value.details["port"] == port


@pytest.mark.parametrize("host", ["nowhere.invalid", "203.0.113.1", "..", "å" * 100])
def test_address_that_is_not_this_machines_is_refused(host: str) -> None:
    with pytest.raises(AssetmgrError) as caught:
        open_socket(host, 0)
    assert caught.value.code == "host_unknown"
    assert caught.value.details["host"] == host


def test_port_that_no_machine_has_is_refused() -> None:
    with pytest.raises(AssetmgrError) as caught:
        open_socket("127.0.0.1", 70_000)
    assert caught.value.code == "port_not_allowed"


def test_database_that_is_no_register_is_refused_and_the_port_let_go(tmp_path: Path) -> None:
    empty = tmp_path / "tom.sqlite"
    schema.upgrade(open_engine(f"sqlite:///{empty}", create=True))
    listener = open_socket("127.0.0.1", 0)
    port = listener.getsockname()[1]
    listener.close()
    for path, code in ((tmp_path / "saknas.sqlite", "database_missing"), (empty, "register_not_initialised")):
        with pytest.raises(DatabaseUnusable) as caught:
            serve(Settings(f"sqlite:///{path}"), "127.0.0.1", port)
        assert caught.value.code == code
    open_socket("127.0.0.1", port).close()


def test_child_that_ends_is_started_again_after_longer_and_longer_pauses(
    supervised: Callable[..., Supervisor],
) -> None:
    supervisor = supervised(_python("fragile", "pass"), _python("well", FOREVER))

    def turned() -> bool:
        supervisor.tend()
        return supervisor.starts["fragile"] >= 4

    began = time.monotonic()
    _until(turned)
    assert time.monotonic() - began >= 0.05 + 0.1 + 0.2
    assert supervisor.starts["well"] == 1


def test_children_are_stopped_and_the_stubborn_killed(supervised: Callable[..., Supervisor]) -> None:
    supervisor = supervised(_python("mild", FOREVER), _python("stubborn", STUBBORN))
    supervisor.tend()
    pids = [process.pid for process in map(supervisor.process, ("mild", "stubborn")) if process is not None]
    assert len(pids) == 2
    time.sleep(0.5)
    supervisor.stop(0.5)
    assert [_is_running(pid) for pid in pids] == [False, False]


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel of Linux")
def test_children_die_with_a_supervisor_that_is_killed() -> None:
    program = (
        "import sys, time\n"
        "from assetmgr.supervisor import Child, Supervisor\n"
        f"supervisor = Supervisor([Child('c', (sys.executable, '-S', '-c', {FOREVER!r}))])\n"
        "supervisor.tend()\n"
        "print(supervisor.process('c').pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert _is_running(child)
    parent.kill()
    parent.wait()
    _until(lambda: not _is_running(child))


# ---- the whole service
# ------------------------------------------------------------------------------------------------


def _answer(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    finally:
        connection.close()


def _children(pid: int) -> dict[str, int]:
    found = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            command = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            name = re.search(r"assetmgr\.(wsgi|worker|scheduler)", command)
            if name:
                found[name[1]] = int(child)
    return found


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into Linux's /proc")
def test_service_starts_mends_itself_and_stops_whole(tmp_path: Path) -> None:
    path = tmp_path / "register.sqlite"
    engine = open_engine(f"sqlite:///{path}", create=True)
    schema.upgrade(engine)
    make_register(engine)
    engine.dispose()
    program = (
        "import sys\nfrom assetmgr import logs\nfrom assetmgr.config import Settings\n"
        "from assetmgr.supervisor import serve\nlogs.set_up()\n"
        "serve(Settings.from_environment(), port=0, announce=lambda a: print(a, flush=True))\n"
    )
    environment = {**os.environ, DATABASE_VARIABLE: f"sqlite:///{path}", "PYTHONPATH": str(ROOT)}
    log = (tmp_path / "log").open("wb")
    service = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=log, env=environment)
    try:
        assert service.stdout is not None
        address = service.stdout.readline().decode().strip()
        port = int(re.fullmatch(r"http://127\.0\.0\.1:(\d+)/", address)[1])  # type: ignore[index]
        assert _answer(port) < 500
        before = _children(service.pid)
        assert before.keys() == {"wsgi", "worker", "scheduler"}
        for pid in before.values():
            os.kill(pid, signal.SIGKILL)
        # Asked while the web server is away: the socket waits for it.
        assert _answer(port) < 500
        _until(lambda: _children(service.pid).keys() == before.keys())
        after = _children(service.pid)
        assert not set(after.values()) & set(before.values())
        service.send_signal(signal.SIGTERM)
        assert service.wait(PATIENCE_SECONDS) == 0
        assert [_is_running(pid) for pid in after.values()] == [False] * 3
    finally:
        service.kill()
        service.wait()
        log.close()
    # What was started is on record, and no secret is.
    text = (tmp_path / "log").read_text()
    assert text.count('"child_started"') == 6
    assert "Traceback" not in text
