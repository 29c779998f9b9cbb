"""Fixtures that every part of the suite may use. What they need is found or reported by tests/requirements.py."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests import requirements

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from sqlalchemy import Engine

# Speed is told by the benchmarks; an example that is slow once on a busy machine is no fault.
settings.register_profile("assetmgr", deadline=None, print_blob=True)
settings.load_profile("assetmgr")

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
)


@pytest.fixture(autouse=True)
def _settings_of_the_machine_stay_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' result must not depend on the database or language that the one who runs them has set."""
    for name in ("ASSETMGR_DATABASE_URL", "ASSETMGR_SANDBOX", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture(scope="session")
def sample_data() -> Path:
    """Folder of real layers from outside the project."""
    return requirements.sample_data()


@pytest.fixture(scope="session")
def _postgis_template() -> Iterator[tuple[Engine, str]]:
    """A database with PostGIS to copy: creating the extension anew takes a second each time."""
    from sqlalchemy import create_engine, text

    server = create_engine(requirements.postgres_server(), isolation_level="AUTOCOMMIT")
    name = f"assetmgr_template_{uuid.uuid4().hex}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    template = create_engine(server.url.set(database=name), isolation_level="AUTOCOMMIT")
    try:
        with template.connect() as connection:
            connection.execute(text("CREATE EXTENSION postgis"))
        template.dispose()
        yield server, name
    finally:
        template.dispose()
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


@pytest.fixture
def postgres_url(_postgis_template: tuple[Engine, str]) -> Iterator[str]:
    """URL of an empty database with PostGIS, dropped after the test."""
    from sqlalchemy import text

    server, template = _postgis_template
    name = f"assetmgr_test_{uuid.uuid4().hex}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield server.url.set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless browser; a test opens its own context in it with `chromium.new_context()`."""
    executable = requirements.chromium_executable()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe_script() -> Path:
    """Path of axe-core's script, to add to a page with `page.add_script_tag(path=...)`."""
    return requirements.axe_script()
