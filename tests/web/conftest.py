"""The service over a small register: one for tests that only read, and a fresh copy for those that change it."""

import pytest

from tests.web import small_register


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
