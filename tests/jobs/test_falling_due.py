"""What falls due.

Checks counted from the last approved one, guarantees before they end, and nothing that one may not see.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from assetmgr.catalogue import CHECKS
from assetmgr.services import falling_due
from assetmgr.services.falling_due import DueRow
from assetmgr.store.access import Actor
from assetmgr.store.writing import reading
from tests.registers import TestRegister, add_assets, add_check

AS_OF = date(2026, 6, 15)
OVK = "ovk_schools_and_care"
SCHOOL = {"purpose": "school"}


def _school(register: TestRegister, key: str = "skola", **columns: Any) -> tuple[int, str]:
    with register.writing() as work:
        made = add_assets(work, [key], "building", fund="tax", attributes=[SCHOOL], designation="Skolan", **columns)
    return made.ids[0], made.uids[0]


def _checks(register: TestRegister, days: int = 90, name: str = OVK, actor: Actor | None = None) -> list[DueRow]:
    with reading(register.engine) as connection:
        found = falling_due.checks(connection, actor or register.botkyrka, AS_OF, days)
    return [row for row in found if row.name == name]


def _done(register: TestRegister, asset: tuple[int, str], on: date, approved: bool = True, **more: Any) -> None:
    with register.writing() as work:
        add_check(work, asset, OVK, on, approved, **more)


def test_check_never_done_is_due_now(register: TestRegister) -> None:
    asset_id, uid = _school(register, department="Fastighet")
    (row,) = _checks(register, days=0)
    assert row == DueRow(
        name=OVK,
        statutory=True,
        due_on=AS_OF,
        last_done_on=None,
        is_overdue=False,
        asset_id=asset_id,
        asset_uid=uid,
        asset_type="building",
        designation="Skolan",
        key="skola",
        department="Fastighet",
        protection_class=0,
    )


@pytest.mark.parametrize(
    ("last", "due", "is_overdue"),
    [
        (date(2023, 9, 13), date(2026, 9, 13), False),
        (date(2023, 9, 14), None, None),
        (date(2023, 6, 15), date(2026, 6, 15), False),
        (date(2023, 6, 14), date(2026, 6, 14), True),
        (date(2020, 2, 29), date(2023, 2, 28), True),
    ],
)
def test_check_is_due_its_interval_after_the_last_approved_one(
    register: TestRegister, last: date, due: date | None, is_overdue: bool | None
) -> None:
    assert CHECKS[OVK].interval_months == 36
    school = _school(register)
    _done(register, school, last - timedelta(days=900))
    _done(register, school, last)
    found = [(row.due_on, row.last_done_on, row.is_overdue) for row in _checks(register)]
    assert found == ([(due, last, is_overdue)] if due else [])


def test_check_that_was_not_approved_does_not_count_as_done(register: TestRegister) -> None:
    school = _school(register)
    _done(register, school, date(2023, 1, 1))
    _done(register, school, date(2026, 1, 1), approved=False)
    (row,) = _checks(register)
    assert (row.due_on, row.last_done_on) == (date(2026, 1, 1), date(2023, 1, 1))


def test_date_for_a_new_check_after_a_refusal_moves_the_due_date_nearer_only(register: TestRegister) -> None:
    near, far, first = (_school(register, key) for key in ("nära", "långt", "första"))
    for school, again_by in ((near, date(2026, 5, 1)), (far, date(2031, 1, 1))):
        _done(register, school, date(2023, 7, 1))
        _done(register, school, date(2026, 4, 1), approved=False, next_due_on=again_by)
    _done(register, first, date(2026, 4, 1), approved=False, next_due_on=date(2026, 7, 1))
    due = {row.key: row.due_on for row in _checks(register)}
    assert due == {"nära": date(2026, 5, 1), "långt": date(2026, 7, 1), "första": date(2026, 7, 1)}


def test_refusal_before_the_last_approval_is_forgotten(register: TestRegister) -> None:
    school = _school(register)
    _done(register, school, date(2025, 1, 1), approved=False, next_due_on=date(2025, 4, 1))
    _done(register, school, date(2025, 3, 1))
    assert _checks(register) == []


def test_date_stated_by_the_inspector_goes_before_the_interval(register: TestRegister) -> None:
    school = _school(register)
    _done(register, school, date(2025, 6, 1), next_due_on=date(2026, 6, 1))
    (row,) = _checks(register)
    assert (row.due_on, row.is_overdue) == (date(2026, 6, 1), True)


def test_check_concerns_only_what_the_catalogue_says_and_what_is_in_service(register: TestRegister) -> None:
    with register.writing() as work:
        add_assets(work, ["okänd"], "building")
        add_assets(work, ["förråd"], "building", attributes=[{"purpose": "technical"}])
        add_assets(work, ["planerad"], "building", attributes=[SCHOOL], status="planned")
        add_assets(work, ["skola"], "building", attributes=[SCHOOL])
    assert [row.key for row in _checks(register)] == ["skola"]


def test_check_not_yet_or_no_longer_in_force_is_not_due(
    register: TestRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    _school(register)
    for dates in ({"valid_from": "2026-06-16"}, {"valid_to": "2026-06-14"}):
        with monkeypatch.context() as patched:
            patched.setitem(falling_due.CHECKS, OVK, replace(CHECKS[OVK], **dates))
            assert _checks(register) == []
    assert len(_checks(register)) == 1


def test_guarantees_are_listed_before_they_end_and_not_after(register: TestRegister) -> None:
    with register.writing() as work:
        add_assets(
            work,
            ["igår", "idag", "i tid", "senare", "båda"],
            guarantee_until=[date(2026, 6, 14), AS_OF, AS_OF + timedelta(days=180), AS_OF + timedelta(days=181), AS_OF],
            liability_until=[None, None, None, date(2030, 1, 1), date(2026, 7, 1)],
        )
    with reading(register.engine) as connection:
        found = falling_due.guarantees(connection, register.botkyrka, AS_OF, falling_due.GUARANTEE_DAYS)
    assert [(row.key, row.name, row.due_on) for row in found] == [
        ("idag", "guarantee", AS_OF),
        ("båda", "guarantee", AS_OF),
        ("båda", "liability", date(2026, 7, 1)),
        ("i tid", "guarantee", AS_OF + timedelta(days=180)),
    ]


def test_listing_holds_both_kinds_the_most_urgent_first(register: TestRegister) -> None:
    school = _school(register, guarantee_until=date(2026, 6, 20))
    _done(register, school, date(2020, 1, 1))
    with reading(register.engine) as connection:
        found = falling_due.listing(connection, register.botkyrka, AS_OF, 30)
    assert [row.due_on for row in found] == sorted(row.due_on for row in found)
    assert {OVK, "guarantee"} <= {row.name for row in found}
    assert found[0].name == OVK


def test_nobody_hears_of_what_falls_due_in_hidden_objects(register: TestRegister) -> None:
    _school(register, "öppen", guarantee_until=AS_OF)
    _school(register, "hemlig", protection_class=3, guarantee_until=AS_OF)
    planner = Actor(register.botkyrka.municipality_id, "planerare", frozenset({"planner"}))
    with reading(register.engine) as connection:
        for actor, keys in ((planner, {"öppen"}), (register.botkyrka, {"öppen", "hemlig"}), (register.salem, set())):
            found = falling_due.listing(connection, actor, AS_OF, 90)
            assert {row.key for row in found} == keys
        counted = falling_due.counts(falling_due.guarantees(connection, register.botkyrka, AS_OF, 1))
    assert counted == [
        {"name": "guarantee", "protection_class": 0, "due": 1, "overdue": 0},
        {"name": "guarantee", "protection_class": 3, "due": 1, "overdue": 0},
    ]


@pytest.mark.parametrize("number", [1, 30])
def test_number_of_queries_does_not_depend_on_the_number_of_assets(register: TestRegister, number: int) -> None:
    for key in range(number):
        school = _school(register, str(key), guarantee_until=AS_OF)
        _done(register, school, date(2020, 1, 1))
    statements: list[str] = []
    with reading(register.engine) as connection:
        event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
        found = falling_due.listing(connection, register.botkyrka, AS_OF, 90)
    assert len([row for row in found if row.name == OVK]) == number
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 3
