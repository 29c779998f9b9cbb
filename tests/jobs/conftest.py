"""Registers on both databases, and kinds of jobs that do what a test wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from assetmgr.services import jobs as job_services
from assetmgr.services.jobs import JobContext, JobKind
from tests.registers import migrated_postgis, migrated_sqlite, register

__all__ = ["migrated_postgis", "migrated_sqlite", "register"]

Do = Callable[[JobContext], Mapping[str, Any]]


@pytest.fixture
def job_that(monkeypatch: pytest.MonkeyPatch) -> Callable[[Do], str]:
    """Make a kind of job, named `trial`, of a function."""

    def make(do: Do) -> str:
        kind = JobKind("trial", "Prov", "Trial", "schedule.run", frozenset({"asset_owner"}), do)
        monkeypatch.setitem(job_services.JOBS, "trial", kind)
        return "trial"

    return make
