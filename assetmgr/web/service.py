"""What a request has at hand: database, clock, who asks, in which municipality, and one snapshot to read from."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from assetmgr.config import Settings
from assetmgr.store import registers
from assetmgr.store.access import Actor
from assetmgr.store.registers import RegisterInfo
from assetmgr.store.writing import Occasion, snapshot
from assetmgr.web.addresses import municipality_names

NAME = "assetmgr"
SWEDEN = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True)
class Service:
    """What the application was made with."""

    settings: Settings
    engine: Engine
    clock: Callable[[], datetime]
    remembered: dict[Hashable, Any] = field(default_factory=dict, compare=False)
    """What was worked out for a state of the register, by that state; see `web.due`."""


def service() -> Service:
    """The running service."""
    return cast(Service, current_app.extensions[NAME])


def connection() -> Connection:
    """The request's one snapshot of the database, opened when it is first asked for."""
    if "connection" not in g:
        g.connection = snapshot(service().engine)
    return cast(Connection, g.connection)


def actor() -> Actor:
    """Whoever is signed in. Only pages that need a sign-in may ask."""
    return cast(Actor, g.actor)


def register() -> RegisterInfo:
    """The municipality of the address."""
    return cast(RegisterInfo, g.register)


def occasion(reason: str = "") -> Occasion:
    """What a change made by this request is put on record with."""
    return Occasion(origin="web", reason=reason, request_id=g.request_id)


def today() -> date:
    """The day it is in Sweden; in a demonstration the day that its made-up data were made for."""
    made_up = register().demo_as_of
    return made_up if made_up is not None else service().clock().astimezone(SWEDEN).date()


def let_go_of_connection(_error: BaseException | None = None) -> None:
    """Close the request's snapshot."""
    found = g.pop("connection", None)
    if found is not None:
        found.close()


def find_register(address_name: str) -> RegisterInfo | None:
    """The municipality whose name in addresses this is."""
    for code, name in municipality_names(registers.municipalities(connection())).items():
        if name == address_name:
            return registers.info(connection(), code)
    return None


def add_to(app: Flask, made: Service) -> None:
    """Give the app its service."""
    app.extensions[NAME] = made
    app.teardown_appcontext(let_go_of_connection)
