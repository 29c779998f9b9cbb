"""The current condition of assets: what was seen last, the worst of it, and an estimate where nobody has looked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest

from assetmgr.catalogue import SCALES
from assetmgr.services import condition
from assetmgr.store import assets, history, inspections
from assetmgr.store.access import Actor
from assetmgr.store.writing import reading
from tests.planned_register import empty_register
from tests.registers import TestRegister, add_assets

Seen = tuple[str, str, date | None]
"""Scale, native grade and day."""


@pytest.fixture
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestRegister]:
    register = empty_register(tmp_path_factory.mktemp("condition"))
    yield register
    register.engine.dispose()


def look(work: Any, made: assets.Inserted, seen: Sequence[Seen]) -> None:
    """Put on record what was seen of one asset."""
    scales, grades, days = zip(*seen, strict=True)
    columns = {
        "kind": ["condition"] * len(seen),
        "scale": scales,
        "native_grade": grades,
        "inspected_on": days,
        "health_index": [SCALES[scale].health(grade) for scale, grade in zip(scales, grades, strict=True)],
    }
    inspections.insert_many(work, list(made.ids) * len(seen), list(made.uids) * len(seen), columns)


def condition_after(register: TestRegister, seen: Sequence[Seen], **columns: Any) -> dict[str, Any]:
    """The condition of a pipe of which this was seen."""
    with register.writing() as work:
        made = add_assets(work, ["S1"], "wastewater_pipe", **columns)
        if seen:
            look(work, made, seen)
        condition.refresh_from_inspections(work)
        condition.estimate_missing(work, 2026)
    with reading(register.engine) as connection:
        row = assets.find(connection, register.botkyrka, "prov:S1")
    return {name: row[name] for name in assets.CONDITION_COLUMNS}


DAY, LATER = date(2024, 5, 3), date(2025, 6, 4)


@pytest.mark.parametrize(
    ("seen", "health", "scale", "grade", "on"),
    [
        ([("p122", "1", DAY), ("p122", "4", DAY), ("p122", "2", DAY)], 10.0, "p122", "4", DAY),
        ([("p122", "1", DAY), ("tg", "TG3", DAY)], 10.0, "tg", "TG3", DAY),
        ([("1-5-best-1", "5", DAY), ("1-5-best-5", "5", DAY)], 10.0, "1-5-best-1", "5", DAY),
        ([("0-10-best-0", "0", DAY), ("0-10-best-10", "0", DAY)], 0.0, "0-10-best-10", "0", DAY),
        ([("p122", "4", DAY), ("p122", "1", LATER)], 85.0, "p122", "1", LATER),
        ([("p122", "3", DAY), ("tg", "TGIU", LATER)], 35.0, "p122", "3", DAY),
    ],
)
def test_the_worst_of_the_latest_day_counts_with_its_own_grade(
    register: TestRegister, seen: list[Seen], health: float, scale: str, grade: str, on: date
) -> None:
    assert condition_after(register, seen, built_year=1990) == {
        "health_index": health,
        "health_source": "inspected",
        "inspected_on": on,
        "native_scale": scale,
        "native_grade": grade,
    }


UNKNOWN = dict.fromkeys(assets.CONDITION_COLUMNS)


def test_a_grade_that_says_not_inspected_leaves_an_estimate(register: TestRegister) -> None:
    found = condition_after(register, [("tg", "TGIU", DAY)], built_year=2026, material="BTG")
    assert found == {**UNKNOWN, "health_index": 100.0, "health_source": "estimated"}


def test_what_nobody_knows_stays_unknown(register: TestRegister) -> None:
    assert condition_after(register, []) == UNKNOWN


def test_an_estimate_gives_way_to_the_first_inspection_and_both_are_on_record(register: TestRegister) -> None:
    before = condition_after(register, [], built_year=1990, material="BTG")
    assert before["health_source"] == "estimated"
    with register.writing() as work:
        row = assets.find(work.connection, register.botkyrka, "prov:S1")
        made = assets.Inserted(range(row["id"], row["id"] + 1), [row["uid"]])
        look(work, made, [("p122", "3", DAY)])
        assert condition.refresh_from_inspections(work, [row["id"]]) == 1
        assert condition.refresh_from_inspections(work, [row["id"]]) == 0
        assert condition.estimate_missing(work, 2030) == 0
    with reading(register.engine) as connection:
        changes = [e for e in history.of_asset(connection, register.botkyrka, row["id"]) if e.object_type == "asset"]
    assert changes[0].old is not None
    assert changes[0].new is not None
    assert (changes[0].old["health_source"], changes[0].new["health_source"]) == ("estimated", "inspected")
    assert changes[0].new["health_index"] == 35.0


def test_whoever_may_not_know_of_an_asset_does_not_derive_its_condition(register: TestRegister) -> None:
    with register.writing() as work:
        made = add_assets(work, ["S1"], "wastewater_pipe", protection_class=3, built_year=1990)
        look(work, made, [("p122", "4", DAY)])
    inspector = Actor(register.botkyrka.municipality_id, "inspektör", frozenset({"inspector"}))
    with register.writing(inspector) as work:
        assert condition.refresh_from_inspections(work) == 0
        assert condition.estimate_missing(work, 2026) == 0
    with register.writing() as work:
        assert condition.refresh_from_inspections(work) == 1
