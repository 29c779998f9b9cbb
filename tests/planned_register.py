"""A small municipality to plan for: pipes, schools with their parts, inspections and checks, in two funds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import shapely

from assetmgr.services import plans
from assetmgr.services.plans import SavedPlan
from assetmgr.store import schema
from assetmgr.store.access import Actor
from assetmgr.store.engine import open_engine
from assetmgr.store.writing import reading
from tests.registers import TestRegister, add_assets, add_check, make_register

FIRST_YEAR, YEARS = 2027, 10
FORMULA_LIKE = ["=1+1", "+46 70", "-x", "@cmd", "\tflik"]
BUDGETS = {
    "va": {year: 900_000 for year in range(FIRST_YEAR, FIRST_YEAR + YEARS)},
    "tax": {year: 700_000 for year in range(FIRST_YEAR, FIRST_YEAR + YEARS)},
}


def new_register(folder: Path, demo_as_of: date | None = None) -> TestRegister:
    """The filled register on an SQLite database of its own."""
    return register_at(f"sqlite:///{folder / 'register.sqlite'}", demo_as_of)


def empty_register(folder: Path) -> TestRegister:
    """A register with nothing in it, on an SQLite database of its own."""
    engine = open_engine(f"sqlite:///{folder / 'register.sqlite'}", create=True)
    schema.upgrade(engine)
    return make_register(engine)


def register_at(url: str, demo_as_of: date | None = None) -> TestRegister:
    """The filled register in an empty database."""
    engine = open_engine(url, create=True)
    schema.upgrade(engine)
    register = make_register(engine, demo_as_of)
    fill(register)
    return register


def fill(register: TestRegister) -> None:
    """Put pipes, schools and parts in Botkyrka, and a little in Salem."""
    with register.writing() as work:
        water = [f"V{number:02d}" for number in range(30)]
        add_assets(
            work,
            water,
            geometries=[shapely.linestrings([[660_000 + i, 6_550_000], [660_050 + i, 6_550_020]]) for i in range(30)],
            designation=[*FORMULA_LIKE, *(f"Vattenledning {number}" for number in range(25))],
            built_year=[None if number % 7 == 6 else 1950 + number for number in range(30)],
            material=[("GJJ", "SEG", "PVC", None)[number % 4] for number in range(30)],
            dimension_mm=[(110.0, 160.0, None)[number % 3] for number in range(30)],
            length_m=[20.0 + number for number in range(30)],
        )
        add_assets(
            work,
            [f"S{number:02d}" for number in range(12)],
            "wastewater_pipe",
            geometries=[shapely.linestrings([[661_000 + i, 6_550_000], [661_040 + i, 6_550_010]]) for i in range(12)],
            built_year=1965,
            material="BTG",
            dimension_mm=225.0,
            length_m=40.0,
            health_index=[35.0 if number % 2 else 65.0 for number in range(12)],
            health_source="inspected",
            inspected_on=date(2024, 5, 3),
            native_scale="p122",
            native_grade=["3" if number % 2 else "2" for number in range(12)],
        )
        schools = add_assets(
            work,
            ["B1", "B2"],
            "building",
            fund="tax",
            designation=["Broängs skola", "Tallskolan"],
            built_year=1975,
            area_m2=2400.0,
            attributes=[{"purpose": "school", "ventilation_type": "FTX", "fire_alarm": True}] * 2,
        )
        add_assets(
            work,
            [f"D{number}" for number in range(6)],
            "building_component",
            fund="tax",
            parent_id=[schools.ids[number % 2] for number in range(6)],
            designation=[f"Del {number}" for number in range(6)],
            built_year=1990,
            area_m2=120.0,
            quantity=4.0,
            attributes=[{"component_kind": kind} for kind in ("roof", "windows", "doors", "facade", "heating", "roof")],
        )
        add_check(work, (schools.ids[0], schools.uids[0]), "ovk_schools_and_care", date(2025, 3, 10))
        for key, status in (("X1", "planned"), ("X2", "abandoned"), ("X3", "out_of_service")):
            add_assets(work, [key], built_year=1930, length_m=50.0, status=status)
        add_assets(work, ["X4"], built_year=1930, length_m=50.0, retired_at="2025-01-01 00:00:00.000000")
        add_assets(work, ["K1"], built_year=1940, length_m=20.0, material="GJJ", protection_class=2)
    with register.writing(register.salem) as work:
        add_assets(work, ["V01"], built_year=1930, length_m=50.0, material="GJJ")


def make_plan(
    register: TestRegister,
    name: str = "Plan A",
    budgets: Mapping[str, Mapping[int, int]] = BUDGETS,
    actor: Actor | None = None,
    **asked: Any,
) -> SavedPlan:
    """A plan of the register, ten years from 2027 unless something else is said."""
    wanted = {"first_year": FIRST_YEAR, "years": YEARS, "seed": 1, **asked}
    with register.writing(actor) as work:
        return plans.generate(work, name, budgets=budgets, **wanted)


def shown(register: TestRegister, name: str = "Plan A", actor: Actor | None = None, language: str = "en") -> Any:
    """The plan as people and programs read it."""
    with reading(register.engine) as connection:
        return plans.show(connection, actor or register.botkyrka, name, language)
