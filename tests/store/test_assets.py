"""Assets come out as they went in, on both databases, and are found by place and by what people call them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text

from assetmgr.errors import NotFound
from assetmgr.ids import new_uids
from assetmgr.store import assets, inspections, schema, tables
from assetmgr.store.assets import AssetFilter
from assetmgr.store.engine import open_engine
from assetmgr.store.writing import reading, verify_chain
from tests.registers import MADE_AT, TestRegister, add_assets, make_register

COLUMNS: dict[str, list[Any]] = {
    "designation": ["Ledning Å–Ö", None, "x" * 500],
    "address": ["Björkhagavägen 1", "Åsvägen; 2\n3", None],
    "built_year": [1968, None, 2017],
    "material": ["PVC", "", None],
    "dimension_mm": [110.0, 0.1, None],
    "length_m": [1e-9, 123_456.789, None],
    "replacement_value_sek": [10**12, 0, None],
    "consequence_grade": [1, None, 5],
    "guarantee_until": [date(2028, 2, 29), None, date(1899, 12, 31)],
    "liability_until": [None, date(2030, 1, 1), None],
    "health_index": [12.5, None, 100.0],
    "health_source": ["inspected", None, "estimated"],
    "inspected_on": [date(2024, 5, 6), None, None],
    "native_scale": ["p122", None, None],
    "native_grade": ["3", None, None],
}
ATTRIBUTES: list[dict[str, Any]] = [{"lined": True, "not": 'en "liten" ö'}, {}, {"depth_m": 2.5, "list": [1, None]}]
SHAPES = [
    shapely.Point(650_000.5, 6_570_000.25),
    shapely.LineString([[650_000, 6_570_000], [650_010, 6_570_020], [650_030, 6_570_000]]),
    shapely.Polygon([[0, 0], [10, 0], [10, 10]]),
]


def test_what_is_inserted_in_bulk_is_what_is_read_row_by_row(register: TestRegister) -> None:
    with register.writing() as work:
        made = add_assets(work, ["a:1", "b", "ö"], geometries=SHAPES, attributes=ATTRIBUTES, **COLUMNS)
    with reading(register.engine) as connection:
        for place, uid in enumerate(made.uids):
            row = assets.find(connection, register.botkyrka, uid, with_geometry=True)
            assert {name: row[name] for name in COLUMNS} == {name: values[place] for name, values in COLUMNS.items()}
            assert row["attributes"] == ATTRIBUTES[place]
            assert shapely.from_wkb(row["geometry"]).equals_exact(SHAPES[place])
            assert (row["min_x"], row["min_y"], row["max_x"], row["max_y"]) == SHAPES[place].bounds
            assert (row["id"], row["uid"], row["version"]) == (made.ids[place], uid, 1)
            assert row["created_at"] == row["updated_at"] == work.at
            assert (row["retired_at"], row["protection_class"]) == (None, 0)


def test_inspections_inserted_in_bulk_are_what_is_read_latest_first(register: TestRegister) -> None:
    with register.writing() as work:
        made = add_assets(work, ["V1"])
        columns: dict[str, list[Any]] = {
            "kind": ["condition", "condition", "check"],
            "inspected_on": [None, date(2020, 1, 1), date(2024, 1, 1)],
            "scale": ["p122", "p122", None],
            "native_grade": ["4", "1", None],
            "health_index": [0.0, 100.0, None],
            "check_name": [None, None, "leak_search"],
            "approved": [None, None, False],
            "next_due_on": [None, None, date(2025, 1, 1)],
            "note": ["sprucken å", None, ""],
        }
        inspections.insert_many(work, [made.ids[0]] * 3, [made.uids[0]] * 3, columns)
    with reading(register.engine) as connection:
        rows = inspections.of_asset(connection, register.botkyrka, made.ids[0])
    assert [{name: row[name] for name in columns} for row in rows] == [
        {name: values[place] for name, values in columns.items()} for place in (2, 1, 0)
    ]


def test_changing_a_name_moves_the_asset_in_search(register: TestRegister) -> None:
    with register.writing() as work:
        made = add_assets(work, ["V1"], designation="Gamla Åvägen", attributes=[{"lined": True, "depth_m": 2.0}])
    with register.writing() as work:
        assets.update_many(
            work,
            list(made.ids),
            list(made.uids),
            [{"designation": "Gamla Åvägen", "attributes": {"lined": True}}],
            [{"designation": "Nya Östervägen", "attributes": {"lined": None, "access": "grind"}}],
        )
    with reading(register.engine) as connection:
        row = assets.find(connection, register.botkyrka, "prov:V1")
        counts = [assets.count(connection, register.botkyrka, AssetFilter(search=word)) for word in ("gamla", "öster")]
    assert counts == [0, 1]
    assert row["attributes"] == {"depth_m": 2.0, "access": "grind"}
    assert (row["version"], row["updated_at"]) == (2, work.at)


def test_what_stands_on_a_property_is_found_by_its_designation(register: TestRegister) -> None:
    on_it = {"property_designation": "BOTKYRKA KAGGHAMRA 900:1"}
    with register.writing() as work:
        made = add_assets(work, ["L1", "L2"], "lta_station", attributes=[on_it, {}])

    def found() -> list[str]:
        with reading(register.engine) as connection:
            return [row["key"] for row in assets.page(connection, register.botkyrka, AssetFilter(search="kagghamra"))]

    assert found() == ["L1"]
    with register.writing() as work:
        old, new = {"attributes": {"property_designation": None}}, {"attributes": on_it}
        assets.update_many(work, [made.ids[1]], [made.uids[1]], [old], [new])
    assert found() == ["L1", "L2"]
    with register.writing() as work:
        assets.update_many(work, [made.ids[0]], [made.uids[0]], [new], [old])
    assert found() == ["L2"]


# ---- finding
# ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "key"), [("prov", "1"), ("prov", "a:b:c"), ("källa:två", "1"), ("a:b", "c"), ("a", "b:"), ("å ä", "Ö/1")]
)
def test_asset_is_found_by_uid_and_by_source_and_key(register: TestRegister, source: str, key: str) -> None:
    with register.writing() as work:
        add_assets(work, ["annan"], source=source)
        made = add_assets(work, [key], source=source)
    uid = made.uids[0]
    with reading(register.engine) as connection:
        for identity in (f"{source}:{key}", uid, uid.upper(), f"  {uid} ", uid.replace("-", "")):
            assert assets.find(connection, register.botkyrka, identity)["uid"] == uid


def test_name_that_two_assets_share_is_refused_with_their_uids(register: TestRegister) -> None:
    with register.writing() as work:
        made = [
            add_assets(work, ["b:c"], source="a").uids[0],
            add_assets(work, ["c"], source="a:b").uids[0],
        ]
    with reading(register.engine) as connection, pytest.raises(NotFound) as caught:
        assets.find(connection, register.botkyrka, "a:b:c")
    assert caught.value.code == "asset_ambiguous"
    assert sorted(caught.value.details["uids"]) == sorted(made)


@pytest.mark.parametrize(
    ("identity", "code"),
    [
        ("prov:finns ej", "asset_not_found"),
        ("019b0d6d-5a00-7000-a505-34561b2f9c01", "asset_not_found"),
        ("utan kolon", "asset_id_malformed"),
        ("", "asset_id_malformed"),
        (":", "asset_not_found"),
    ],
)
def test_identity_that_nothing_has_is_refused(register: TestRegister, identity: str, code: str) -> None:
    with reading(register.engine) as connection, pytest.raises(NotFound) as caught:
        assets.find(connection, register.botkyrka, identity)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ÅSVÄGEN", ["1"]),
        ("åsvägen", ["1"]),
        ("asvagen", []),
        ("ö", ["2"]),
        ("väg ås", ["1"]),
        ("väg ö", []),
        ("100%", ["3"]),
        ("_", ["3"]),
        ("é", ["3"]),
        ("  ", ["1", "2", "3"]),
    ],
)
def test_search_knows_swedish_letters_and_takes_signs_as_they_are(
    register: TestRegister, words: str, found: list[str]
) -> None:
    with register.writing() as work:
        add_assets(work, ["1", "2", "3"], designation=["Åsvägen 3", "ÖN", "100% CAFÉ_X"])
    with reading(register.engine) as connection:
        rows = assets.page(connection, register.botkyrka, AssetFilter(search=words), sort="key")
    assert [row["key"] for row in rows] == found


def test_pages_hold_every_asset_once_and_the_unknown_last(register: TestRegister) -> None:
    years = [1950 + place % 7 if place % 3 else None for place in range(25)]
    with register.writing() as work:
        add_assets(work, [f"{place:02}" for place in range(25)], built_year=years)
    with reading(register.engine) as connection:
        for descending in (False, True):
            pages = [
                assets.page(
                    connection,
                    register.botkyrka,
                    AssetFilter(),
                    sort="built_year",
                    descending=descending,
                    limit=4,
                    offset=offset,
                )
                for offset in range(0, 28, 4)
            ]
            rows = [row for page in pages for row in page]
            known = [row["built_year"] for row in rows if row["built_year"] is not None]
            assert sorted(row["key"] for row in rows) == [f"{place:02}" for place in range(25)]
            assert known == sorted(known, reverse=descending)
            assert [row["built_year"] for row in rows][len(known) :] == [None] * 9


def test_the_retired_are_left_out_unless_asked_for(register: TestRegister) -> None:
    with register.writing() as work:
        made = add_assets(work, ["1", "2"])
        work.connection.execute(
            tables.asset.update().where(tables.asset.c.id == made.ids[0]).values(retired_at=work.at, status="retired")
        )
    with reading(register.engine) as connection:
        assert assets.count(connection, register.botkyrka, AssetFilter()) == 1
        assert assets.count(connection, register.botkyrka, AssetFilter(include_retired=True)) == 2


def test_condition_classes_part_the_register_without_gap_or_overlap(register: TestRegister) -> None:
    health = [None, 0.0, 24.999, 25.0, 49.999, 50.0, 74.999, 75.0, 89.999, 90.0, 100.0]
    with register.writing() as work:
        add_assets(work, [str(place) for place in range(len(health))], health_index=health)
    with reading(register.engine) as connection:
        counts = assets.counts_by_health_class(connection, register.botkyrka, AssetFilter())
        for letter, number in counts.items():
            assert assets.count(connection, register.botkyrka, AssetFilter(health_classes=(letter,))) == number
    assert counts == {"A": 2, "B": 2, "C": 2, "D": 2, "E": 2, "U": 1}


def test_streaming_rows_leaves_the_connection_as_it_was(register: TestRegister) -> None:
    with register.writing() as work:
        add_assets(work, ["1", "2"])
    with reading(register.engine) as connection:
        before = connection.get_execution_options()
        assert [row["key"] for row in assets.rows(connection, register.botkyrka, AssetFilter())] == ["1", "2"]
        assert connection.get_execution_options() == before


# ---- the spatial index
# ------------------------------------------------------------------------------------------------

EAST, NORTH = 650_000.0, 6_570_000.0


def _scattered(count: int, seed: int) -> list[shapely.Geometry]:
    random = np.random.default_rng(seed)
    corner = random.random((count, 2)) * 20_000 + [EAST, NORTH]
    lines = shapely.linestrings(np.stack([corner, corner + random.random((count, 2)) * 500], axis=1))
    return [*lines[::2], *shapely.points(corner[1::2])]


def test_box_finds_on_both_databases_what_meets_it(register: TestRegister) -> None:
    shapes = _scattered(300, 1)
    with register.writing() as work:
        add_assets(work, [f"{place:03}" for place in range(len(shapes))], geometries=shapes)
        add_assets(work, ["utan läge"])
    bounds = shapely.bounds(shapes)
    random = np.random.default_rng(2)
    with reading(register.engine) as connection:
        for _ in range(20):
            west, south = random.random(2) * 19_000 + [EAST, NORTH]
            east, north = west + random.random() * 6_000, south + random.random() * 6_000
            meets = (bounds[:, 2] >= west) & (bounds[:, 0] <= east) & (bounds[:, 3] >= south) & (bounds[:, 1] <= north)
            rows = assets.page(
                connection, register.botkyrka, AssetFilter(box=(west, south, east, north)), sort="key", limit=1000
            )
            assert [row["key"] for row in rows] == [f"{place:03}" for place in np.flatnonzero(meets)]


def test_box_is_exact_to_the_centimetre(register: TestRegister) -> None:
    points = [shapely.Point(EAST + place / 10, NORTH + 0.03) for place in range(60)]
    with register.writing() as work:
        add_assets(work, [f"{place:02}" for place in range(60)], geometries=points)
    with reading(register.engine) as connection:
        for first, last in ((10, 10), (13, 27), (0, 59)):
            box = (EAST + first / 10 - 0.05, NORTH + 0.02, EAST + last / 10 + 0.05, NORTH + 0.04)
            rows = assets.page(connection, register.botkyrka, AssetFilter(box=box), sort="key", limit=100)
            assert [row["key"] for row in rows] == [f"{place:02}" for place in range(first, last + 1)]


def test_box_is_answered_by_the_index(register: TestRegister) -> None:
    with reading(register.engine) as connection:
        meant = assets.conditions(connection, AssetFilter(box=(EAST, NORTH, EAST + 1, NORTH + 1)))
        statement = select(tables.asset.c.id).where(*meant)
        sql = str(statement.compile(connection, compile_kwargs={"literal_binds": True}))
        if connection.dialect.name == "postgresql":
            # An empty table is read whole unless that is forbidden.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            plan = connection.exec_driver_sql("EXPLAIN " + sql.replace("%", "%%")).scalars().all()
            assert any("ix_asset_geom" in line for line in plan)
        else:
            plan = [row[3] for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + sql)]
            assert any("VIRTUAL TABLE INDEX" in line for line in plan)


def test_box_follows_an_asset_that_is_moved_or_gone(register: TestRegister) -> None:
    here, there = (EAST, NORTH, EAST + 10, NORTH + 10), (EAST + 100, NORTH, EAST + 110, NORTH + 10)
    with register.writing() as work:
        made = add_assets(work, ["1"], geometries=[shapely.Point(EAST + 5, NORTH + 5)])
    moved = shapely.Point(EAST + 105, NORTH + 5)

    def counted() -> list[int]:
        with reading(register.engine) as connection:
            return [assets.count(connection, register.botkyrka, AssetFilter(box=box)) for box in (here, there)]

    assert counted() == [1, 0]
    with register.writing() as work:
        change = {"geometry": shapely.to_wkb(moved), "bounds": moved.bounds, "geometry_digest": b"0" * 16}
        assets.update_many(work, list(made.ids), list(made.uids), [{"geometry": b""}], [change])
    assert counted() == [0, 1]
    with register.writing() as work:
        work.connection.execute(delete(tables.asset))
    assert counted() == [0, 0]


def test_index_filled_at_once_answers_as_one_filled_row_by_row(tmp_path: Path) -> None:
    shapes = _scattered(5_200, 3)
    answers = []
    for name, batch in (("hela", 5_200), ("delar", 1_300)):
        engine = open_engine(f"sqlite:///{tmp_path / name}", create=True)
        schema.upgrade(engine)
        register = make_register(engine)
        with register.writing() as work:
            for start in range(0, len(shapes), batch):
                keys = [str(place) for place in range(start, start + batch)]
                add_assets(work, keys, geometries=shapes[start : start + batch])
        with reading(engine) as connection:
            answers.append(connection.execute(text("SELECT * FROM asset_bounds ORDER BY id")).all())
            triggers = connection.execute(text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"))
            assert triggers.scalar_one() == 3
            assert verify_chain(connection, register.botkyrka.municipality_id) is None
        engine.dispose()
    assert answers[0] == answers[1]
    assert len(answers[0]) == 5_200


# ---- identifiers
# ------------------------------------------------------------------------------------------------------


@given(count=st.integers(1, 300))
def test_identifiers_of_one_moment_are_version_7_distinct_and_in_order(count: int) -> None:
    made = new_uids(count, MADE_AT)
    assert made == sorted(made)
    assert len(set(made)) == count
    assert {uid[14] for uid in made} == {"7"}
    assert {uid[19] for uid in made} <= set("89ab")


_words = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            _words,
            st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
            st.dictionaries(st.sampled_from(["a", "å"]), st.one_of(st.booleans(), st.integers(-9, 9), _words)),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_whatever_is_inserted_comes_back_and_stands_on_record(register: TestRegister, rows: list[Any]) -> None:
    with register.writing() as work:
        work.connection.execute(delete(tables.asset))
        made = add_assets(
            work,
            [str(place) for place in range(len(rows))],
            designation=[row[0] for row in rows],
            length_m=[row[1] for row in rows],
            attributes=[row[2] for row in rows],
        )
    asset = tables.asset
    with reading(register.engine) as connection:
        found = connection.execute(
            select(asset.c.designation, asset.c.length_m, asset.c.attributes).order_by(asset.c.id)
        ).all()
        assert verify_chain(connection, register.botkyrka.municipality_id) is None
    assert [tuple(row) for row in found] == rows
    assert len(made.uids) == len(rows)
