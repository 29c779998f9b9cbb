"""What one may not know of looks like what does not exist, whichever way one asks.

Every reading function of the store is asked twice, before and after hidden things are put in: the answers must be
equal. One that is missing from `READS` or `WRITES` fails the suite, so that a new way to read or write cannot be
forgotten.
"""

from __future__ import annotations

import contextlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from sqlalchemy import insert, select
from sqlalchemy.engine import Connection, RowMapping

from assetmgr import store
from assetmgr.changes import Change
from assetmgr.errors import EditConflict, NotAllowed, NotFound
from assetmgr.store import (
    assets,
    due_dates,
    history,
    inspections,
    jobs,
    people,
    personal,
    plans,
    portfolio,
    registers,
    schedules,
    tables,
)
from assetmgr.store.access import CLEARANCE, PROTECTION_CLASSES, RIGHTS, ROLES, Actor, permit, require
from assetmgr.store.writing import Writing, reading
from tests.registers import TestRegister, add_assets, add_check

AT = datetime(2026, 2, 1, tzinfo=UTC)
AS_OF = date(2026, 2, 1)
ALL = assets.AssetFilter(include_retired=True)
HERE = (650_000.0, 6_570_000.0, 660_000.0, 6_580_000.0)


@dataclass(frozen=True)
class Asked:
    """The objects that a reader asks for by identity."""

    asset_id: int
    asset_uid: str
    asset_key: str
    plan_id: int
    job_uid: str
    object_id: int
    digest: str


Read = Callable[[Connection, Actor, Asked], Any]

READS: dict[str, Read] = {
    "assets.page": lambda c, a, _: assets.page(c, a, ALL, limit=1000),
    "assets.count": lambda c, a, _: assets.count(c, a, assets.AssetFilter(box=HERE)),
    "assets.counts_by": lambda c, a, _: assets.counts_by(c, a, ALL, "material"),
    "assets.counts_by_health_class": lambda c, a, _: assets.counts_by_health_class(c, a, ALL),
    "assets.totals": lambda c, a, _: assets.totals(c, a, ALL),
    "assets.names": lambda c, a, ask: assets.names(c, a, [ask.asset_id]),
    "assets.with_key": lambda c, a, ask: assets.with_key(c, a, ask.asset_key),
    "assets.rows": lambda c, a, _: assets.rows(c, a, assets.AssetFilter(search="ledning"), with_geometry=True),
    "assets.find": lambda c, a, ask: [
        _or_not_found(lambda: assets.find(c, a, ask.asset_uid)),
        _or_not_found(lambda: assets.find(c, a, f"prov:{ask.asset_key}")),
    ],
    "assets.children": lambda c, a, ask: assets.children(c, a, ask.asset_id),
    "assets.connected": lambda c, a, ask: assets.connected(c, a, ask.asset_id),
    "assets.conditions_now": lambda c, a, ask: assets.conditions_now(c, a, [ask.asset_id]),
    "assets.uninspected": lambda c, a, _: assets.uninspected(c, a, "water_pipe"),
    "due_dates.assets_of_types": lambda c, a, _: due_dates.assets_of_types(c, a, ["water_pipe", "building"]),
    "due_dates.checks_of_types": lambda c, a, _: due_dates.checks_of_types(c, a, ["water_pipe", "building"]),
    "due_dates.guarantees_ending": lambda c, a, _: due_dates.guarantees_ending(c, a, AS_OF, date(2030, 1, 1)),
    "history.latest_number": lambda c, a, _: history.latest_number(c, a),
    "history.of_asset": lambda c, a, ask: history.of_asset(c, a, ask.asset_id),
    "history.count_of_asset": lambda c, a, ask: history.count_of_asset(c, a, ask.asset_id),
    "history.of_object": lambda c, a, ask: history.of_object(c, a, "thing", ask.object_id),
    "history.personal_values": lambda c, a, ask: history.personal_values(c, a, [ask.digest]),
    "inspections.graded": lambda c, a, _: inspections.graded(c, a),
    "inspections.of_asset": lambda c, a, ask: inspections.of_asset(c, a, ask.asset_id),
    "jobs.get": lambda c, a, ask: _or_not_found(lambda: jobs.get(c, a, ask.job_uid)),
    "jobs.listing": lambda c, a, _: jobs.listing(c, a),
    "jobs.waiting": lambda c, a, _: jobs.waiting(c, a, "hidden"),
    "plans.find": lambda c, a, ask: _or_not_found(lambda: plans.find(c, a, ask.plan_id)),
    "plans.listing": lambda c, a, _: plans.listing(c, a),
    "plans.name_is_used": lambda c, a, _: plans.name_is_used(c, a, "Salems plan"),
    "plans.rows": lambda c, a, ask: plans.rows(c, a, ask.plan_id, with_geometry=True),
    "plans.page": lambda c, a, ask: plans.page(c, a, ask.plan_id, plans.RowFilter()),
    "plans.count_and_cost": lambda c, a, ask: plans.count_and_cost(c, a, ask.plan_id, plans.RowFilter()),
    "plans.of_assets": lambda c, a, ask: plans.of_assets(c, a, [ask.asset_id]),
    "plans.rows_are_withheld": lambda c, a, ask: plans.rows_are_withheld(c, a, ask.plan_id),
    "portfolio.assets_in_service": lambda c, a, _: portfolio.assets_in_service(c, a, ["water_pipe", "building"], 3),
    "portfolio.checks_done": lambda c, a, _: portfolio.checks_done(c, a),
    "registers.reference_overrides": lambda c, a, _: registers.reference_overrides(c, a),
    "schedules.last_runs": lambda c, a, _: schedules.last_runs(c, a),
}
Write = Callable[[Writing, Asked], Any]
WRITES: dict[str, Write] = {
    "assets.insert_many": lambda w, _: add_assets(w, ["ny"]),
    "assets.update_many": lambda w, ask: assets.update_many(
        w, [ask.asset_id], [ask.asset_uid], [{"address": None}], [{"address": "Hemlig väg 1"}]
    ),
    "assets.update_condition": lambda w, ask: assets.update_condition(
        w, [ask.asset_id], [ask.asset_uid], [{"health_index": None}], [{"health_index": 5.0}]
    ),
    "inspections.insert_many": lambda w, ask: add_check(w, (ask.asset_id, ask.asset_uid), "leak_search", AS_OF),
    "people.add": lambda w, _: people.add(w, "Nils Påhittad", ["planner"], None),
    "people.disable": lambda w, _: people.disable(w, "Sara Påhittad"),
    "people.close_sessions_of": lambda w, _: people.close_sessions_of(w, 1),
    "personal.dispose_of": lambda w, ask: personal.dispose_of(w, ask.asset_id, ["owner"]),
    "plans.insert_plan": lambda w, _: _plan(w, "ny"),
    "plans.update_plan": lambda w, ask: plans.update_plan(w, ask.plan_id, 1, {"name": "annat"}),
    "plans.replace_rows": lambda w, ask: plans.replace_rows(
        w, ask.plan_id, {name: [] for name in ("asset_id", *plans.ROW_COLUMNS)}
    ),
}
FOR_OTHER_WRITES = {"writing.touch"}
"""What these functions are made of; who calls it has asked for the right."""
QUEUE_WRITES = {"jobs.enqueue", "jobs.start", "jobs.request_cancel"}
"""What begins alike but writes; the last one reads through `jobs.get` first."""
FOR_EVERYONE = {"registers.info_of"}
"""Name, boundary and coordinate system of one's own municipality: no secret, and asked for before any right is."""
SAYS_THAT_SOMETHING_IS_HIDDEN = {"plans.rows_are_withheld", "history.latest_number"}
"""On purpose.

A plan must not pass for whole where it is not, and what is kept for later must be thrown away after any change.
"""


def _or_not_found(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except NotFound as error:
        return error.code


def _plain(value: Any) -> Any:
    """The answer as values that compare, whatever it came as."""
    if isinstance(value, pd.DataFrame):
        return _plain(value.to_dict("list"))
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, (Mapping, RowMapping)):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (Iterator, Sequence)) and not isinstance(value, (str, bytes)):
        return [_plain(item) for item in value]
    return "nan" if isinstance(value, float) and value != value else value


def _answers(register: TestRegister, actor: Actor, asked: Asked) -> dict[str, Any]:
    with reading(register.engine) as connection:
        return {name: _plain(read(connection, actor, asked)) for name, read in READS.items()}


def _fill(register: TestRegister, actor: Actor, protection_class: int, mark: str, into: Asked | None = None) -> Asked:
    """One of everything that can be read. `into` names visible things that the hidden ones are joined to."""
    with register.writing(actor) as work:
        municipality = actor.municipality_id
        common = {"protection_class": protection_class, "parent_id": into.asset_id if into else None}
        node = add_assets(work, [f"{mark}-brunn"], "manhole", **common)
        made = add_assets(
            work,
            [f"{mark}-ledning"],
            designation=f"{mark} ledning",
            material=f"{mark}-material",
            length_m=100.0,
            from_node_id=node.ids[0],
            to_node_id=into.asset_id if into else node.ids[0],
            guarantee_until=date(2027, 1, 1),
            geometries=[shapely.linestrings([[651_000, 6_571_000], [652_000, 6_572_000]])],
            **common,
        )
        part = add_assets(work, [f"{mark}-del"], "building", **{**common, "parent_id": made.ids[0]})
        pair = (made.ids[0], made.uids[0])
        add_check(work, pair, "leak_search", date(2025, 1, 1), note=f"{mark} anteckning")
        inspections.insert_many(
            work,
            [part.ids[0]],
            [part.uids[0]],
            {"kind": ["condition"], "scale": ["tg"], "native_grade": ["TG2"], "health_index": [40.0]},
        )
        plan_id = into.plan_id if into else _plan(work, mark)
        _plan_row(work, plan_id, made.ids[0])
        work.record(
            [Change("thing", made.ids[0], work.new_uids(1)[0], None, {"owner": f"{mark} Påhittad"})],
            frozenset({"owner"}),
        )
        digest = work.connection.execute(
            select(tables.personal_value.c.digest).where(tables.personal_value.c.municipality_id == municipality)
        ).scalars()
        return Asked(made.ids[0], made.uids[0], f"{mark}-ledning", plan_id, "", made.ids[0], digest.first() or "")


def _plan(work: Any, mark: str) -> int:
    values = {
        "name": f"{mark} plan",
        "status": "draft",
        "first_year": 2027,
        "years": 5,
        "seed": 1,
        "price_level": "2026",
        "budgets": {},
        "settings": {},
        "summary": {},
        "inputs_digest": "",
        "created_by": work.actor.name,
    }
    return plans.insert_plan(work, work.new_uids(1)[0], values)


def _plan_row(work: Any, plan_id: int, asset_id: int) -> None:
    work.connection.execute(
        insert(tables.planned_action).values(
            municipality_id=work.actor.municipality_id,
            plan_id=plan_id,
            asset_id=asset_id,
            funded=True,
            row_class="need",
            year=2027,
            fund="va",
            kind="maintenance",
            booking="operating",
            booking_rule="2024-01",
            treatment="flush",
            cost_sek=1000,
            price_verified=False,
            explanation={},
        )
    )


def _municipal_things(register: TestRegister, actor: Actor) -> str:
    """A job, a run of the schedule, a figure of its own and a user. Returns the job's uid."""
    with register.writing(actor) as work:
        people.add(work, "Sara Påhittad", ["planner"], None)
        schedules.record_run(work.connection, actor.municipality_id, "guarantees", AT, "done", {"mark": "Salem"})
        work.connection.execute(
            insert(tables.reference_override).values(
                municipality_id=actor.municipality_id,
                name="x",
                low=1,
                mid=2,
                high=3,
                source="egen",
                year=2026,
                verified=True,
            )
        )
        return jobs.enqueue(work.connection, actor, "hidden", {"mark": "Salem"}, at=AT).uid


NOBODY = Asked(999_999, "018f0000-0000-7000-8000-000000000000", "finns inte", 999_999, "", 999_999, "0" * 64)


def _store_functions(*begins: str) -> set[str]:
    """The store's public functions whose parameters begin so."""
    found = set()
    for module_info in pkgutil.iter_modules(store.__path__):
        module = import_module(f"assetmgr.store.{module_info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            parameters = tuple(inspect.signature(function).parameters)[: len(begins)]
            if function.__module__ == module.__name__ and not name.startswith("_") and parameters == begins:
                found.add(f"{module_info.name}.{name}")
    return found


def test_every_way_to_read_the_register_is_tried_here() -> None:
    assert _store_functions("connection", "actor") == set(READS) | QUEUE_WRITES | FOR_EVERYONE


def test_another_municipality_leaves_no_trace(register: TestRegister) -> None:
    mine = _fill(register, register.botkyrka, 0, "Botkyrka")
    before = _answers(register, register.botkyrka, mine)
    nothing = _answers(register, register.salem, NOBODY)
    theirs = _fill(register, register.salem, 0, "Salems")
    job_uid = _municipal_things(register, register.salem)
    assert _answers(register, register.botkyrka, mine) == before
    theirs = Asked(**{**vars(theirs), "job_uid": job_uid})
    assert _answers(register, register.botkyrka, theirs) == _answers(register, register.botkyrka, NOBODY)
    seen = _answers(register, register.salem, theirs)
    # What never answers anything could not leak in this test either.
    assert {name for name in READS if seen[name] == nothing[name]} == {"plans.rows_are_withheld"}


def test_every_way_to_write_the_register_is_tried_here() -> None:
    assert _store_functions("work") == set(WRITES) | FOR_OTHER_WRITES


def test_someone_without_roles_may_write_nothing(register: TestRegister) -> None:
    asked = _fill(register, register.botkyrka, 0, "Botkyrka")
    _municipal_things(register, register.botkyrka)
    nobody = Actor(register.botkyrka.municipality_id, "ingen", frozenset())
    written = []
    for name, write in WRITES.items():
        try:
            with register.writing(nobody) as work:
                write(work, asked)
        except NotAllowed:
            continue
        written.append(name)
    assert written == []


def test_what_one_may_not_know_of_is_not_written_either(register: TestRegister) -> None:
    hidden = _fill(register, register.salem, 0, "Salems")
    _municipal_things(register, register.salem)
    before = _answers(register, register.salem, hidden)
    for write in WRITES.values():
        with contextlib.suppress(NotFound, EditConflict), register.writing(register.botkyrka) as work:
            write(work, hidden)
    assert _answers(register, register.salem, hidden) == before


CLEARED_TO_2 = frozenset(ROLES) - {"asset_owner", "gis_editor"}


def test_objects_of_a_higher_protection_class_leave_no_trace(register: TestRegister) -> None:
    reader = Actor(register.botkyrka.municipality_id, "läsare", CLEARED_TO_2)
    mine = _fill(register, register.botkyrka, 2, "Botkyrka")
    before = _answers(register, reader, mine)
    hidden = _fill(register, register.botkyrka, 3, "Hemlig", into=mine)
    after = _answers(register, reader, mine)
    differing = {name for name in READS if before[name] != after[name]}
    assert differing == SAYS_THAT_SOMETHING_IS_HIDDEN
    asked = Asked(**{**vars(hidden), "plan_id": NOBODY.plan_id, "object_id": NOBODY.object_id, "digest": NOBODY.digest})
    assert _answers(register, reader, asked) == _answers(register, reader, NOBODY)
    assert "Hemlig" in str(_answers(register, register.botkyrka, hidden))


def test_someone_without_roles_may_read_nothing(register: TestRegister) -> None:
    asked = _fill(register, register.botkyrka, 0, "Botkyrka")
    nobody = Actor(register.botkyrka.municipality_id, "ingen", frozenset())
    answered = []
    with reading(register.engine) as connection:
        for name, read in READS.items():
            try:
                _plain(read(connection, nobody, asked))
            except NotAllowed:
                continue
            answered.append(name)
    assert answered == []


@pytest.mark.parametrize("right", RIGHTS)
@pytest.mark.parametrize("role", ROLES)
def test_a_right_is_held_by_exactly_the_roles_in_the_table(role: str, right: str) -> None:
    actor = Actor(1, "prov", frozenset({role}))
    if role in RIGHTS[right]:
        require(actor, right)
        permit(actor, right, select(tables.asset), [tables.asset])
    else:
        for refuse in (require, lambda a, r: permit(a, r, select(tables.asset), [tables.asset])):
            with pytest.raises(NotAllowed):
                refuse(actor, right)


def test_several_roles_give_the_highest_clearance_of_them() -> None:
    assert Actor(1, "prov", frozenset({"decider", "planner"})).clearance == 2
    assert set(CLEARANCE) == set(ROLES)
    assert set(CLEARANCE.values()) <= set(PROTECTION_CLASSES)
