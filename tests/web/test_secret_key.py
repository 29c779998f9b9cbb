import os

import pytest
from sqlalchemy import create_engine

from assetmgr.errors import DatabaseUnusable
from assetmgr.store.engine import open_engine
from assetmgr.web.secret_key import VARIABLE, refuse_open_file, secret_key


@pytest.fixture
def engine(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    return open_engine(f"sqlite:///{tmp_path / 'r.sqlite'}", create=True)


def test_key_is_made_once_beside_the_database_and_is_its_owners_alone(engine, tmp_path):
    first, second = secret_key(engine), secret_key(engine)
    path = tmp_path / "r.sqlite.secret"
    assert first == second == path.read_bytes()
    assert len(first) >= 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(p.name for p in tmp_path.iterdir()) == ["r.sqlite", "r.sqlite.secret"]


@pytest.mark.parametrize("key", ["", "kort", "a" * 64, "abcabcabcabcabcabcabcabcabcabcabcabc"])
def test_weak_key_is_refused_wherever_it_comes_from(engine, tmp_path, monkeypatch, key):
    path = tmp_path / "r.sqlite.secret"
    path.write_text(key)
    path.chmod(0o600)
    with pytest.raises(DatabaseUnusable, match="secret_key_weak"):
        secret_key(engine)
    monkeypatch.setenv(VARIABLE, key)
    with pytest.raises(DatabaseUnusable, match="secret_key_weak"):
        secret_key(engine)


def test_key_that_others_can_read_is_refused(engine, tmp_path):
    secret_key(engine)
    (tmp_path / "r.sqlite.secret").chmod(0o640)
    with pytest.raises(DatabaseUnusable, match="secret_key_readable"):
        secret_key(engine)


def test_key_of_the_environment_goes_before_the_file(engine, tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, "0123456789abcdef0123456789abcdef")
    assert secret_key(engine) == b"0123456789abcdef0123456789abcdef"
    assert not (tmp_path / "r.sqlite.secret").exists()


def test_server_database_needs_its_key_in_the_environment(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(DatabaseUnusable, match="secret_key_missing"):
        secret_key(create_engine("postgresql+psycopg://nobody@127.0.0.1/none"))


def test_database_that_everyone_can_read_is_refused(engine, tmp_path):
    refuse_open_file(engine)
    os.chmod(tmp_path / "r.sqlite", 0o644)
    with pytest.raises(DatabaseUnusable, match="database_readable_by_all"):
        refuse_open_file(engine)
