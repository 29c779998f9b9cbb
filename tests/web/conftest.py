"""The service over a small register: one for tests that only read, and a fresh copy for those that change it."""

import io
import logging

import pytest
from argon2 import PasswordHasher

from assetmgr import logs
from assetmgr.services import people
from tests.web import small_register


@pytest.fixture(scope="session", autouse=True)
def _quick_hashing():
    """Passwords are hashed by the same function with less work, since tests sign in hundreds of times."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "_hasher", lambda: quick)
        people._hash_of_nobody.cache_clear()
        yield
    people._hash_of_nobody.cache_clear()


@pytest.fixture(autouse=True)
def log():
    """What is logged during a test, as the service writes it: JSON lines."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    stream = io.StringIO()
    logs.set_up(stream)
    yield stream
    root.handlers[:], root.level = before, level


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory):
    """The service, shared: nothing in it may be changed but sign-ins."""
    yield from small_register.open_site(tmp_path_factory.mktemp("site"))


@pytest.fixture
def own_site(site, tmp_path):
    """The service over a copy of the register that is this test's own."""
    own = small_register.copy_site(site, tmp_path)
    yield own
    own.register.engine.dispose()
