"""The door through which everything is written: all or nothing, on record, and in a chain where tampering shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.engine import Connection

from assetmgr.changes import Change
from assetmgr.store import assets, history, tables
from assetmgr.store.engine import WRITES
from assetmgr.store.writing import (
    ChainBreak,
    ChainHead,
    Occasion,
    Writing,
    chain_head,
    reading,
    touch,
    verify_chain,
    writing,
)
from tests.registers import TestRegister, add_assets

ROW, LINK = tables.change_row, tables.change_transaction


def _head_and_break(register: TestRegister, known: ChainHead | None = None) -> tuple[ChainHead, ChainBreak | None]:
    municipality = register.botkyrka.municipality_id
    with reading(register.engine) as connection:
        return chain_head(connection, municipality), verify_chain(connection, municipality, known)


def test_everything_written_is_on_record_with_who_when_and_why(register: TestRegister) -> None:
    at = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    occasion = Occasion("cli", "ny ledning vid Björkhaga", request_id="A1")
    with writing(register.engine, register.botkyrka, occasion, clock=lambda: at) as work:
        made = add_assets(work, ["V1"], designation="Vattenledning å", dimension_mm=110.0, attributes=[{"lined": True}])
    with writing(register.engine, register.botkyrka, Occasion("web", "mätt på plats")) as work:
        assets.update_many(work, list(made.ids), list(made.uids), [{"dimension_mm": 110.0}], [{"dimension_mm": 160.0}])
    with reading(register.engine) as connection:
        latest, first = history.of_asset(connection, register.botkyrka, made.ids[0])
    assert (first.at, first.actor) == (at, "operatör")
    assert (first.origin, first.reason) == ("cli", "ny ledning vid Björkhaga")
    assert first.old is None
    assert first.new == {
        "key": "V1",
        "designation": "Vattenledning å",
        "dimension_mm": 110.0,
        "status": "in_service",
        "fund": "va",
        "attributes": {"lined": True},
        "source": "prov",
        "type": "water_pipe",
    }
    assert (latest.number, latest.reason) == (2, "mätt på plats")
    assert (latest.old, latest.new) == ({"dimension_mm": 110.0}, {"dimension_mm": 160.0})


def test_transaction_that_fails_leaves_neither_rows_nor_record(register: TestRegister) -> None:
    def halfway() -> None:
        with register.writing() as work:
            add_assets(work, ["V1", "V2"])
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError):
        halfway()
    with reading(register.engine) as connection:
        counts = [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (tables.asset, ROW, LINK)
        ]
    assert counts == [0, 0, 0]


def test_transaction_without_changes_adds_no_link(register: TestRegister) -> None:
    with register.writing():
        pass
    assert _head_and_break(register) == (ChainHead(0, "0" * 64), None)


def test_each_municipality_has_a_chain_of_its_own(register: TestRegister) -> None:
    for key in ("B1", "B2"):
        with register.writing() as work:
            add_assets(work, [key])
    with register.writing(register.salem) as work:
        add_assets(work, ["S1"])
    with reading(register.engine) as connection:
        heads = [chain_head(connection, actor.municipality_id).number for actor in (register.botkyrka, register.salem)]
        breaks = [verify_chain(connection, actor.municipality_id) for actor in (register.botkyrka, register.salem)]
    assert heads == [2, 1]
    assert breaks == [None, None]


def test_chain_holds_over_more_rows_than_are_written_at_a_time(
    register: TestRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assetmgr.store.writing.CHUNK", 7)
    with register.writing() as work:
        for batch in range(5):
            add_assets(work, [f"{batch}-{place}" for place in range(9)])
    with reading(register.engine) as connection:
        assert verify_chain(connection, register.botkyrka.municipality_id) is None
        assert connection.execute(select(LINK.c.row_count)).scalars().all() == [45]


# ---- tampering ---------------------------------------------------------------------------------------------


def _three_links(register: TestRegister) -> None:
    with register.writing(reason="ett") as work:
        add_assets(work, ["1", "2", "3"], material="PVC")
    with register.writing(reason="två") as work:
        add_assets(work, ["4", "5"], material="PE")
    with register.writing(reason="tre") as work:
        add_assets(work, ["6"], material="GJJ")


def _row_id(connection: Connection, key: str) -> int:
    return int(connection.execute(select(ROW.c.id).where(ROW.c.new_json.contains(f'"key":"{key}"'))).scalar_one())


def _edit_row(connection: Connection, register: TestRegister) -> None:
    row = _row_id(connection, "2")
    new = connection.execute(select(ROW.c.new_json).where(ROW.c.id == row)).scalar_one()
    connection.execute(update(ROW).where(ROW.c.id == row).values(new_json=new.replace("PVC", "PEH")))


def _move_row_to_another_object(connection: Connection, register: TestRegister) -> None:
    connection.execute(update(ROW).where(ROW.c.id == _row_id(connection, "2")).values(object_id=999))


def _move_row_to_another_municipality(connection: Connection, register: TestRegister) -> None:
    salem = register.salem.municipality_id
    connection.execute(update(ROW).where(ROW.c.id == _row_id(connection, "2")).values(municipality_id=salem))


def _move_row_to_another_link(connection: Connection, register: TestRegister) -> None:
    third = connection.execute(select(LINK.c.id).where(LINK.c.number == 3)).scalar_one()
    connection.execute(update(ROW).where(ROW.c.id == _row_id(connection, "2")).values(transaction_id=third))


def _delete_row(connection: Connection, register: TestRegister) -> None:
    connection.execute(delete(ROW).where(ROW.c.id == _row_id(connection, "2")))


def _insert_row(connection: Connection, register: TestRegister) -> None:
    copied = connection.execute(select(ROW).where(ROW.c.id == _row_id(connection, "2"))).mappings().one()
    connection.execute(insert(ROW).values(**{**copied, "id": 10_000}))


def _swap_rows(connection: Connection, register: TestRegister) -> None:
    first, second = _row_id(connection, "1"), _row_id(connection, "2")
    for old, new in ((first, -1), (second, first), (-1, second)):
        connection.execute(update(ROW).where(ROW.c.id == old).values(id=new))


def _edit_link(connection: Connection, register: TestRegister) -> None:
    connection.execute(update(LINK).where(LINK.c.number == 2).values(actor_name="någon annan"))


def _edit_reason(connection: Connection, register: TestRegister) -> None:
    connection.execute(update(LINK).where(LINK.c.number == 2).values(reason="rättelse"))


def _move_in_time(connection: Connection, register: TestRegister) -> None:
    connection.execute(update(LINK).where(LINK.c.number == 2).values(at=datetime(2020, 1, 1, tzinfo=UTC)))


def _delete_link(connection: Connection, register: TestRegister) -> None:
    link = connection.execute(select(LINK.c.id).where(LINK.c.number == 2)).scalar_one()
    connection.execute(delete(ROW).where(ROW.c.transaction_id == link))
    connection.execute(delete(LINK).where(LINK.c.id == link))


def _delete_link_and_close_the_gap(connection: Connection, register: TestRegister) -> None:
    _delete_link(connection, register)
    connection.execute(update(LINK).where(LINK.c.number == 3).values(number=2))


def _swap_links(connection: Connection, register: TestRegister) -> None:
    for old, new in ((1, -1), (2, 1), (-1, 2)):
        connection.execute(update(LINK).where(LINK.c.number == old).values(number=new))


def _insert_link(connection: Connection, register: TestRegister) -> None:
    last = connection.execute(select(LINK).where(LINK.c.number == 3)).mappings().one()
    connection.execute(insert(LINK).values(**{**last, "id": 10_000, "number": 4, "reason": "aldrig skett"}))


def _cut_tail(connection: Connection, register: TestRegister) -> None:
    link = connection.execute(select(LINK.c.id).where(LINK.c.number == 3)).scalar_one()
    connection.execute(delete(ROW).where(ROW.c.transaction_id == link))
    connection.execute(delete(LINK).where(LINK.c.id == link))


def _cut_everything(connection: Connection, register: TestRegister) -> None:
    connection.execute(delete(ROW))
    connection.execute(delete(LINK))


Tampering = Callable[[Connection, TestRegister], None]
TAMPERINGS: tuple[tuple[Tampering, ChainBreak], ...] = (
    (_edit_row, ChainBreak(1, "rows")),
    (_move_row_to_another_object, ChainBreak(1, "rows")),
    (_move_row_to_another_municipality, ChainBreak(1, "rows")),
    (_move_row_to_another_link, ChainBreak(1, "rows")),
    (_delete_row, ChainBreak(1, "rows")),
    (_insert_row, ChainBreak(1, "rows")),
    (_swap_rows, ChainBreak(1, "rows")),
    (_edit_link, ChainBreak(2, "link")),
    (_edit_reason, ChainBreak(2, "link")),
    (_move_in_time, ChainBreak(2, "link")),
    (_delete_link, ChainBreak(2, "number")),
    (_delete_link_and_close_the_gap, ChainBreak(2, "previous")),
    (_swap_links, ChainBreak(1, "previous")),
    (_insert_link, ChainBreak(4, "previous")),
    (_cut_tail, ChainBreak(3, "head")),
    (_cut_everything, ChainBreak(3, "head")),
)


@pytest.mark.parametrize(("tamper", "found"), TAMPERINGS, ids=[tamper.__name__.strip("_") for tamper, _ in TAMPERINGS])
def test_tampering_shows(register: TestRegister, tamper: Tampering, found: ChainBreak) -> None:
    _three_links(register)
    known, broken = _head_and_break(register)
    assert broken is None
    with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
        tamper(connection, register)
    assert _head_and_break(register, known)[1] == found


def test_chain_that_has_grown_still_agrees_with_a_head_kept_earlier(register: TestRegister) -> None:
    _three_links(register)
    known, _ = _head_and_break(register)
    with register.writing() as work:
        add_assets(work, ["7"])
    head, broken = _head_and_break(register, known)
    assert (head.number, broken) == (4, None)


# ---- personal values ---------------------------------------------------------------------------------------


def _record_person(work: Writing, name: str) -> None:
    work.record(
        [Change("connection_point", 1, work.new_uids(1)[0], None, {"owner_name": name, "key": "FP1"})],
        personal_fields=frozenset({"owner_name"}),
    )


def test_personal_value_stands_apart_from_the_chain_and_can_be_disposed_of(register: TestRegister) -> None:
    with register.writing() as work:
        _record_person(work, "Åsa Påhittad")
    with reading(register.engine) as connection:
        recorded = connection.execute(select(ROW.c.new_json)).scalar_one()
        (entry,) = history.of_object(connection, register.botkyrka, "connection_point", 1)
        assert entry.new is not None
        digest = entry.new["owner_name"]["personal"]
        assert history.personal_values(connection, register.botkyrka, [digest]) == {digest: "Åsa Påhittad"}
        assert history.personal_values(connection, register.salem, [digest]) == {}
    assert "Påhittad" not in recorded
    with register.engine.connect().execution_options(**WRITES) as connection, connection.begin():
        connection.execute(delete(tables.personal_value))
    with reading(register.engine) as connection:
        assert history.personal_values(connection, register.botkyrka, [digest]) == {}
        assert verify_chain(connection, register.botkyrka.municipality_id) is None


def test_digest_of_a_personal_value_does_not_tell_that_two_people_have_the_same_name(register: TestRegister) -> None:
    with register.writing() as work:
        _record_person(work, "Åsa Påhittad")
        _record_person(work, "Åsa Påhittad")
    with reading(register.engine) as connection:
        digests = connection.execute(select(tables.personal_value.c.digest)).scalars().all()
    assert len(set(digests)) == 2


# ---- many writers ------------------------------------------------------------------------------------------


def test_saving_over_a_version_somebody_else_has_changed_is_refused(register: TestRegister) -> None:
    with register.writing() as work:
        made = add_assets(work, ["V1"], quantity=0.0)
    with register.writing() as work:
        assert touch(work, tables.asset, made.ids[0], 1, {"quantity": 1.0})
        assert not touch(work, tables.asset, made.ids[0], 1, {"quantity": 2.0})
    with register.writing(register.salem) as work:
        assert not touch(work, tables.asset, made.ids[0], 2, {"quantity": 3.0})
    with reading(register.engine) as connection:
        row = assets.find(connection, register.botkyrka, made.uids[0])
    assert (row["quantity"], row["version"]) == (1.0, 2)


def test_reader_sees_one_moment_however_many_queries_it_makes(register: TestRegister) -> None:
    with reading(register.engine) as connection:
        before = assets.count(connection, register.botkyrka, assets.AssetFilter())
        with register.writing() as work:
            add_assets(work, ["V1"])
        assert assets.count(connection, register.botkyrka, assets.AssetFilter()) == before == 0
    with reading(register.engine) as connection:
        assert assets.count(connection, register.botkyrka, assets.AssetFilter()) == 1


def test_municipalities_on_postgis_do_not_wait_for_each_others_transactions(
    request: pytest.FixtureRequest, register: TestRegister
) -> None:
    if register.engine.dialect.name != "postgresql":
        return  # SQLite has one writer at a time, whoever it is.
    with register.writing() as slow:
        add_assets(slow, ["B1"])
        slow.record([Change("note", 1, slow.new_uids(1)[0], None, {"text": "x"})])
        with register.writing(register.salem) as quick:
            quick.connection.execute(text("SET LOCAL statement_timeout = '5s'"))
            add_assets(quick, ["S1"])
    with reading(register.engine) as connection:
        for actor in (register.botkyrka, register.salem):
            assert verify_chain(connection, actor.municipality_id) is None
            assert assets.count(connection, actor, assets.AssetFilter()) == 1


_value = st.one_of(st.none(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False), st.text())
_values = st.dictionaries(st.text(min_size=1), _value, max_size=4)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(transactions=st.lists(st.lists(st.tuples(_values, _values), min_size=1, max_size=3), min_size=1, max_size=4))
def test_chain_verifies_whatever_was_written(
    register: TestRegister, transactions: Sequence[Sequence[tuple[dict[str, object], dict[str, object]]]]
) -> None:
    for changes in transactions:
        with register.writing() as work:
            uids = work.new_uids(len(changes))
            work.record(
                Change("thing", place, uid, old, new)
                for place, (uid, (old, new)) in enumerate(zip(uids, changes, strict=True))
            )
    assert _head_and_break(register)[1] is None
