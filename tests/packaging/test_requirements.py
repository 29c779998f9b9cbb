"""What a test does when something it needs is missing."""

from pathlib import Path

import pytest

from tests import requirements


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "ASSETMGR_REQUIRE_ALL",
        "ASSETMGR_SAMPLE_DATA",
        "ASSETMGR_TEST_POSTGRES",
        "ASSETMGR_TEST_CHROMIUM",
    ):
        monkeypatch.delenv(name, raising=False)


def no_program(name: str) -> None:
    return None


def test_without_sample_layers_a_test_skips_and_says_so():
    with pytest.raises(pytest.skip.Exception, match="sample layers: set ASSETMGR_SAMPLE_DATA"):
        requirements.sample_data()


def test_without_postgis_a_test_skips_and_says_so():
    with pytest.raises(pytest.skip.Exception, match="PostGIS: set ASSETMGR_TEST_POSTGRES"):
        requirements.postgres_server()


def test_without_a_browser_a_test_skips_and_says_so():
    with pytest.raises(pytest.skip.Exception, match="browser: install chromium"):
        requirements.chromium_executable(find=no_program)


def test_under_require_all_a_missing_postgis_is_a_failure(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ASSETMGR_REQUIRE_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match="PostGIS"):
        requirements.postgres_server()


def test_under_require_all_a_missing_browser_is_a_failure(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ASSETMGR_REQUIRE_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match="browser"):
        requirements.chromium_executable(find=no_program)


def test_under_require_all_sample_layers_that_nobody_named_still_skip(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ASSETMGR_REQUIRE_ALL", "1")
    with pytest.raises(pytest.skip.Exception, match="sample layers"):
        requirements.sample_data()


def test_sample_layers_that_are_named_but_not_there_are_a_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("ASSETMGR_SAMPLE_DATA", str(tmp_path / "absent"))
    with pytest.raises(pytest.fail.Exception, match="which is not a folder"):
        requirements.sample_data()


def test_a_browser_that_is_named_but_not_there_is_a_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("ASSETMGR_TEST_CHROMIUM", str(tmp_path / "absent"))
    with pytest.raises(pytest.fail.Exception, match="which is not a file"):
        requirements.chromium_executable()


def test_what_is_named_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    program = tmp_path / "browser"
    program.touch()
    monkeypatch.setenv("ASSETMGR_SAMPLE_DATA", str(tmp_path))
    monkeypatch.setenv("ASSETMGR_TEST_POSTGRES", "postgresql+psycopg://somewhere/postgres")
    monkeypatch.setenv("ASSETMGR_TEST_CHROMIUM", str(program))
    assert requirements.sample_data() == tmp_path
    assert requirements.postgres_server() == "postgresql+psycopg://somewhere/postgres"
    assert requirements.chromium_executable() == str(program)


def test_each_test_gets_an_empty_database_with_postgis(postgres_url: str):
    from sqlalchemy import create_engine, text

    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT ST_AsText(ST_Point(1, 2))")) == "POINT(1 2)"
        assert connection.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")) == 1
    engine.dispose()


def test_the_browser_opens_a_page(chromium):
    page = chromium.new_page()
    page.set_content("<h1>Register</h1>")
    assert page.inner_text("h1") == "Register"
    page.close()
