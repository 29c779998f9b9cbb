"""The register itself and its municipalities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.engine import Connection

from assetmgr.errors import DatabaseUnusable
from assetmgr.store import tables
from assetmgr.store.access import Actor, permit

NAMELESS_CODE = "0000"


@dataclass(frozen=True)
class RegisterInfo:
    """What is fixed for the whole register, and the municipality one works in."""

    crs_epsg: int
    is_demo: bool
    demo_as_of: date | None
    municipality_id: int
    code: str
    name: str
    boundary: bytes | None
    display_crs_epsg: int | None


def exists(connection: Connection) -> bool:
    """Whether `init` has been done."""
    return connection.execute(select(func.count()).select_from(tables.register)).scalar_one() > 0


def created_at(connection: Connection) -> datetime | None:
    """When the register was made; None before `init`."""
    return connection.execute(select(tables.register.c.created_at)).scalar_one_or_none()


def create(connection: Connection, crs_epsg: int, at: datetime, demo_as_of: date | None = None) -> None:
    """Fix what never changes again."""
    connection.execute(
        insert(tables.register).values(
            id=1, crs_epsg=crs_epsg, is_demo=demo_as_of is not None, demo_as_of=demo_as_of, created_at=at
        )
    )


def add_municipality(
    connection: Connection, code: str, name: str, boundary: bytes | None, display_crs_epsg: int | None
) -> int:
    """Add a tenant; its boundary is WKB in the register's coordinate system."""
    return int(
        connection.execute(
            insert(tables.municipality)
            .values(code=code, name=name, boundary=boundary, display_crs_epsg=display_crs_epsg)
            .returning(tables.municipality.c.id)
        ).scalar_one()
    )


def info(connection: Connection, code: str | None = None) -> RegisterInfo:
    """The register and one of its municipalities: the one with this code, else the only or first one."""
    register = connection.execute(select(tables.register)).one_or_none()
    if register is None:
        raise DatabaseUnusable("register_not_initialised")
    statement = select(tables.municipality).order_by(tables.municipality.c.id).limit(1)
    if code is not None:
        statement = statement.where(tables.municipality.c.code == code)
    municipality = connection.execute(statement).one_or_none()
    if municipality is None:
        raise DatabaseUnusable("municipality_unknown", municipality=code)
    return RegisterInfo(
        crs_epsg=register.crs_epsg,
        is_demo=register.is_demo,
        demo_as_of=register.demo_as_of,
        municipality_id=municipality.id,
        code=municipality.code,
        name=municipality.name,
        boundary=municipality.boundary,
        display_crs_epsg=municipality.display_crs_epsg,
    )


def info_of(connection: Connection, actor: Actor) -> RegisterInfo:
    """The register and the municipality that this actor works in."""
    code = connection.execute(
        select(tables.municipality.c.code).where(tables.municipality.c.id == actor.municipality_id)
    ).scalar_one_or_none()
    if code is None:
        raise DatabaseUnusable("municipality_unknown", municipality=actor.municipality_id)
    return info(connection, code)


def municipalities(connection: Connection) -> Sequence[tuple[str, str]]:
    """Code and name of each tenant, the first made first."""
    rows = connection.execute(
        select(tables.municipality.c.code, tables.municipality.c.name).order_by(tables.municipality.c.id)
    )
    return [(row.code, row.name) for row in rows]


def municipality_ids(connection: Connection) -> Sequence[int]:
    """All tenants, for the scheduler."""
    return connection.execute(select(tables.municipality.c.id).order_by(tables.municipality.c.id)).scalars().all()


def reference_overrides(connection: Connection, actor: Actor) -> Sequence[Mapping[str, Any]]:
    """The municipality's own figures."""
    override = tables.reference_override
    statement = permit(actor, "plan.read", select(override), [override])
    return [dict(row) for row in connection.execute(statement.order_by(override.c.name)).mappings()]
