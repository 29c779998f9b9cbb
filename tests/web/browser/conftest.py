"""A real server over the small register, and a browser with somebody signed in."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.web.small_register import PASSWORD, Site


class Quiet(WSGIRequestHandler):
    """Writes nothing about each request."""

    def log(self, *_arguments, **_named) -> None:
        pass


@pytest.fixture(scope="session")
def address(site: Site) -> Iterator[str]:
    """Where the service answers."""
    server = make_server("127.0.0.1", 0, site.app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def browse(chromium, address) -> Iterator[Callable]:
    """Open a window with a user signed in: `browse("planner", width=390)`. Its complaints fail the test."""
    contexts, complaints = [], []

    def open_window(user: str | None = None, width: int = 1280, language: str = "sv-SE", **options):
        context = chromium.new_context(
            base_url=address, viewport={"width": width, "height": 850}, locale=language, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/botkyrka/logga-in")
        if user is not None:
            page.fill("#name", user)
            page.fill("#password", PASSWORD)
            page.click("button.primary")
            page.wait_for_url("**/botkyrka/")
        return page

    open_window.complaints = complaints
    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def picture_folder(tmp_path_factory) -> Path:
    """Where pictures go: the folder named by ASSETMGR_SCREENSHOTS, for the documents, else one that passes away."""
    named = os.environ.get("ASSETMGR_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
