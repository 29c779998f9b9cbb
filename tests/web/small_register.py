"""A register that the pages are tried on: one of everything that a page must show or hide, and one user per role."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import shapely
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from assetmgr import app, config
from assetmgr.catalogue import ASSET_TYPES
from assetmgr.services import condition, people, plans
from assetmgr.store import assets, inspections, schema
from assetmgr.store.access import ROLES, Actor, operator
from assetmgr.store.engine import open_engine
from assetmgr.store.writing import Writing
from tests.registers import TestRegister, add_assets, add_check, make_register

AS_OF = date(2026, 11, 24)
PASSWORD = "lampa-spade-kaffe-42"
HOSTILE = """<script>alert("x")</script>' onload=x {{ 7*7 }}"""
PIPES = 60
HIDDEN_NAME = "HEMLIG-STATION-7Q"
PLAN_NAME = "Utkast Å"


@dataclass
class Clock:
    """The moment it is in a test; it moves when told to."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 24, 8, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Site:
    """The service over the small register."""

    app: Flask
    clock: Clock
    register: TestRegister
    uids: dict[str, str]
    """By key."""

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def signed_in(self, name: str) -> FlaskClient:
        """A browser in which this user has signed in; a role's user bears the role's name."""
        client = self.client()
        answer = sign_in(client, name)
        assert answer.status_code == 303, answer.text
        return client


def sign_in(client: FlaskClient, name: str, password: str = PASSWORD, kommun: str = "botkyrka", **extra: str):
    """Fill in the sign-in form and send it, as a browser would."""
    address = f"/{kommun}/logga-in"
    token = form_token(client.get(address).text)
    return client.post(address, data={"name": name, "password": password, "csrf_token": token, **extra})


def form_token(page: str) -> str:
    return page.split('name="csrf-token" content="')[1].split('"')[0]


def make_site(folder: Path) -> Site:
    """A real SQLite register in a file, filled by the same functions that fill real ones."""
    engine = open_engine(f"sqlite:///{folder / 'register.sqlite'}", create=True)
    schema.upgrade(engine)
    register = make_register(engine, demo_as_of=AS_OF)
    uids = _fill(register)
    clock = Clock()
    settings = config.Settings(database_url=str(engine.url))
    made = app.create_app(settings, engine=engine, clock=clock)
    made.testing = False
    return Site(made, clock, register, uids)


def open_site(folder: Path) -> Iterator[Site]:
    site = make_site(folder)
    yield site
    site.register.engine.dispose()


def copy_site(made: Site, folder: Path) -> Site:
    """The same register in a file of its own, for a test that changes it."""
    target = folder / "register.sqlite"
    connection = made.register.engine.raw_connection()
    try:
        connection.driver_connection.execute("VACUUM INTO ?", [str(target)])
    finally:
        connection.close()
    target.chmod(0o600)
    engine: Engine = open_engine(f"sqlite:///{target}")
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM sign_in_attempt")
    clock = Clock()
    own = app.create_app(config.Settings(str(engine.url)), engine=engine, clock=clock)
    return Site(own, clock, TestRegister(engine, made.register.botkyrka, made.register.salem), made.uids)


def _fill(register: TestRegister) -> dict[str, str]:
    with register.writing(reason="provregister") as work:
        uids = _assets(work)
        condition.refresh_from_inspections(work)
        condition.estimate_missing(work, AS_OF.year)
        for role in ROLES:
            people.add_user(work, role, [role], PASSWORD)
        people.add_user(work, "nobody", [], PASSWORD)
    with register.writing(register.salem) as work:
        add_assets(work, ["SALEM-1"], designation="Salems ledning")
        people.add_user(work, "grannen", ["planner"], PASSWORD)
    planner = Actor(register.botkyrka.municipality_id, "planner", frozenset({"planner", "gis_editor"}))
    with register.writing(planner) as work:
        budgets = {fund: {year: 2_500_000 for year in range(2027, 2032)} for fund in ("va", "tax")}
        plans.generate(work, PLAN_NAME, 2027, 5, budgets, seed=1)
    return uids


def _assets(work: Writing) -> dict[str, str]:
    uids: dict[str, str] = {}

    def add(keys: list[str], asset_type: str, **columns):
        added = add_assets(work, keys, asset_type, **columns)
        uids.update(zip(keys, added.uids, strict=True))
        return added

    plot = assets.insert_many(
        work,
        assets.NewAssets(
            "property_unit",
            "prov",
            ["F-1"],
            {"designation": ["BOTKYRKA KAGGHAMRA 900:1"], "status": ["in_service"], "fund": ["tax"]},
            attributes=[{"contact_name": "Åsa Öberg", "contact_phone": "070-555 01 23"}],
            personal_fields=frozenset({"contact_name", "contact_phone", "contact_email"}),
        ),
    )
    uids["F-1"] = plot.uids[0]
    school = add(
        ["B-1"],
        "building",
        designation="Änggårdens förskola",
        address="Ängsvägen 4",
        fund="tax",
        built_year=1974,
        area_m2=1240.0,
        replacement_value_sek=52_000_000,
        parent_id=plot.ids[0],
        attributes=[{"use": "preschool"}],
    )
    add(
        ["K-1", "K-2", "K-3"],
        "building_component",
        designation=["Tak", "Fasad", "Fönster"],
        fund="tax",
        built_year=[1974, 1990, 2015],
        parent_id=school.ids[0],
        quantity=[1240.0, 800.0, 60.0],
        attributes=[{"component": "roof"}, {"component": "facade"}, {"component": "windows"}],
    )
    nodes = add(
        [f"N-{number}" for number in range(3)],
        "manhole",
        designation=[f"NB-{number}" for number in range(3)],
        built_year=1968,
        geometries=[shapely.Point(653_000 + 100 * number, 6_552_000) for number in range(3)],
    )
    pipes = add(
        [f"V-{number:04d}" for number in range(PIPES)],
        "water_pipe",
        designation=[f"V-{number:04d}" for number in range(PIPES)],
        address=["Åvägen" if number % 2 else "Storgatan" for number in range(PIPES)],
        built_year=[1955 + number for number in range(PIPES)],
        material=["GJJ" if number < 30 else "PE100" for number in range(PIPES)],
        dimension_mm=150.0,
        length_m=100.5,
        from_node_id=[nodes.ids[0]] * PIPES,
        to_node_id=[nodes.ids[1]] * PIPES,
        replacement_value_sek=[500_000] * (PIPES - 1) + [None],
        guarantee_until=[date(2026, 12, 24)] + [None] * (PIPES - 1),
        geometries=[
            shapely.LineString([(653_000, 6_552_000 + number), (653_100, 6_552_000 + number)])
            for number in range(PIPES)
        ],
    )
    inspections.insert_many(
        work,
        [pipes.ids[0], pipes.ids[0], pipes.ids[1]],
        [pipes.uids[0], pipes.uids[0], pipes.uids[1]],
        {
            "kind": ["condition"] * 3,
            "inspected_on": [date(2019, 5, 2), date(2026, 9, 2), date(2015, 6, 1)],
            "scale": ["p122", "p122", "p122"],
            "native_grade": ["2", "4", "1"],
            "health_index": [62.0, 12.0, 80.0],
            "note": ["", "Spricka i hjässan", None],
        },
    )
    add_check(
        work, (school.ids[0], school.uids[0]), "ovk_schools_and_care", date(2021, 3, 1), next_due_on=date(2024, 3, 1)
    )
    add(["STATION"], "pumping_station", designation=HIDDEN_NAME, protection_class=3, built_year=1980)
    add(["XSS"], "valve", designation=HOSTILE, address=HOSTILE, built_year=1999)
    return uids


TYPES_WITH_ASSETS = ("property_unit", "building", "building_component", "manhole", "water_pipe", "valve")
assert set(TYPES_WITH_ASSETS) <= set(ASSET_TYPES)


def operator_of(site: Site) -> Actor:
    return operator(site.register.botkyrka.municipality_id)
