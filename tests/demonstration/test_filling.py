"""The invented municipality in a register."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import numpy as np
import pytest
import shapely
from sqlalchemy import Connection, Engine, func, select

from assetmgr.demonstration import DEFAULT_AS_OF, DEFAULT_SEED
from assetmgr.errors import AssetmgrError
from assetmgr.services import demonstration, registers
from assetmgr.services.demonstration import DemoSummary
from assetmgr.store import assets, inspections, tables
from assetmgr.store.access import Actor, operator
from assetmgr.store.engine import open_engine
from assetmgr.store.writing import Occasion, reading, verify_chain, writing
from geodata import crs
from tests.demonstration.conftest import Invented

COMPARED = (tables.asset, tables.inspection, tables.change_row, tables.change_transaction)


def filled(path: Path, as_of: date = DEFAULT_AS_OF) -> tuple[Engine, DemoSummary, Actor]:
    """A new register in a SQLite file, filled as the command does it."""
    engine = open_engine(f"sqlite:///{path}", create=True)
    moment = datetime.combine(as_of, time(12), UTC)
    register = registers.create(engine, municipality_code="0127", clock=lambda: moment, demo_as_of=as_of)
    actor = operator(register.municipality_id, "demonstration")
    random = np.random.default_rng(DEFAULT_SEED)
    with writing(engine, actor, Occasion("demo"), clock=lambda: moment, random_bytes=random.bytes) as work:
        summary = demonstration.fill(work, register, as_of, DEFAULT_SEED)
    return engine, summary, actor


def dumped(engine: Engine) -> str:
    """A digest of every row of the tables that filling writes."""
    digest = hashlib.sha256()
    with reading(engine) as connection:
        for table in COMPARED:
            for row in connection.execute(select(table).order_by(table.c.id)):
                digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


@pytest.fixture(scope="module")
def register(
    tmp_path_factory: pytest.TempPathFactory, invented: Invented
) -> Iterator[tuple[Engine, DemoSummary, Actor]]:
    """Filled from what was made for all tests: it is made anew in the test for sameness."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demonstration, "build", lambda as_of, seed: invented.made)
        made = filled(tmp_path_factory.mktemp("demonstration") / "register.db")
    yield made
    made[0].dispose()


@pytest.fixture
def connection(register: tuple[Engine, DemoSummary, Actor]) -> Iterator[Connection]:
    with reading(register[0]) as opened:
        yield opened


@pytest.mark.slow
def test_another_process_makes_the_very_same_register(
    register: tuple[Engine, DemoSummary, Actor], tmp_path: Path
) -> None:
    script = (
        "import sys, pathlib; from tests.demonstration.test_filling import filled, dumped;"
        "print(dumped(filled(pathlib.Path(sys.argv[1]))[0]))"
    )
    again = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "again.db")],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONHASHSEED": "4242"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert again.returncode == 0, again.stderr
    assert again.stdout.strip() == dumped(register[0])


def test_all_that_was_invented_is_on_record_from_the_demonstration(
    register: tuple[Engine, DemoSummary, Actor], connection: Connection, invented: Invented
) -> None:
    _, summary, actor = register
    created = connection.execute(
        select(func.count()).select_from(tables.change_row).where(tables.change_row.c.old_json.is_(None))
    ).scalar_one()
    origins = connection.execute(
        select(tables.change_transaction.c.origin).order_by(tables.change_transaction.c.number)
    ).scalars()

    assert summary.assets == len(invented.made.assets)
    assert summary.inspections == len(invented.made.inspections)
    assert created == summary.assets + summary.inspections + 1
    assert list(origins) == ["init", "demo"]
    assert verify_chain(connection, actor.municipality_id) is None


def test_lengths_and_areas_are_geodesic(
    register: tuple[Engine, DemoSummary, Actor], connection: Connection, invented: Invented
) -> None:
    actor = register[2]
    pipe = assets.find(connection, actor, "demo-va:KAG-V-0001")
    plot = assets.find(connection, actor, "demo-fastighet:KAGGHAMRA 900:1")
    system = crs.parse_crs(3006)
    line, surface = (invented.by_key[key].geometry for key in ("KAG-V-0001", "KAGGHAMRA 900:1"))

    assert pipe["length_m"] == pytest.approx(
        crs.geodesic_length_m(np.array([line], dtype=object), system)[0], abs=0.001
    )
    assert plot["area_m2"] == pytest.approx(
        crs.geodesic_area_m2(np.array([surface], dtype=object), system)[0], abs=0.001
    )
    # So near the zone's middle the plane is too short.
    assert pipe["length_m"] > 1.00005 * line.length


def test_pipes_name_the_nodes_they_meet(register: tuple[Engine, DemoSummary, Actor], connection: Connection) -> None:
    actor = register[2]
    pipe = assets.find(connection, actor, "demo-va:KAG-S-0001", with_geometry=True)
    met = {row["id"]: row for row in assets.connected(connection, actor, pipe["id"])}

    assert {pipe["from_node_id"], pipe["to_node_id"]} <= met.keys()
    ends = shapely.get_coordinates(shapely.from_wkb(pipe["geometry"]))[[0, -1]]
    for end, node in zip(ends, (met[pipe["from_node_id"]], met[pipe["to_node_id"]]), strict=True):
        assert (node["min_x"], node["min_y"]) == tuple(end)


def test_condition_follows_from_what_was_seen_and_is_marked_where_it_was_not(
    register: tuple[Engine, DemoSummary, Actor], connection: Connection, invented: Invented
) -> None:
    actor = register[2]
    station = assets.find(connection, actor, "demo-va:KAG-LTA-0147")
    seen = [s for s in inspections.of_asset(connection, actor, station["id"]) if s["kind"] == "condition"]
    sources = assets.counts_by(connection, actor, assets.AssetFilter(), "health_source")

    assert (station["health_source"], station["health_index"]) == ("inspected", seen[0]["health_index"])
    assert station["inspected_on"] == seen[0]["inspected_on"]
    assert sources["estimated"] > sources["inspected"] > 1_000


def test_a_filmed_grade_4_stays_the_sewers_condition(
    register: tuple[Engine, DemoSummary, Actor], connection: Connection, invented: Invented
) -> None:
    actor = register[2]
    worst = {seen.asset for seen in invented.made.inspections if seen.scale == "p122" and seen.native_grade == "4"}

    for key in sorted(worst):
        sewer = assets.find(connection, actor, f"demo-va:{key}")
        assert (sewer["native_grade"], sewer["health_index"]) == ("4", 10.0), key


def test_each_type_shows_more_than_one_condition_where_there_are_many(
    register: tuple[Engine, DemoSummary, Actor], connection: Connection
) -> None:
    actor = register[2]
    for asset_type in ("water_pipe", "wastewater_pipe", "combined_pipe", "building_component", "lta_station"):
        counts = assets.counts_by_health_class(connection, actor, assets.AssetFilter(asset_type=asset_type))
        total = sum(counts.values())
        assert sum(number > 0 for number in counts.values()) >= 4, (asset_type, counts)
        assert counts["E"] < 0.35 * total, (asset_type, counts)


def test_the_floor_area_of_a_building_is_not_that_of_its_outline(
    register: tuple[Engine, DemoSummary, Actor], connection: Connection
) -> None:
    buildings = list(assets.rows(connection, register[2], assets.AssetFilter(asset_type="building")))
    assert buildings
    for building in buildings:
        attributes = building["attributes"]
        assert building["area_m2"] < attributes["heated_area_m2"] < attributes["gross_area_m2"]


def test_a_day_before_the_network_stood_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssetmgrError, match="demonstration_too_early"):
        filled(tmp_path / "early.db", date(2017, 5, 1))
