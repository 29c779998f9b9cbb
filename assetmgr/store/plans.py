"""Plans and their rows: finding, listing, saving and replacing them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, Select, and_, delete, func, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from assetmgr.changes import canonical_json
from assetmgr.errors import AssetmgrError, EditConflict, NotFound
from assetmgr.ids import as_uid
from assetmgr.store import bulk, tables
from assetmgr.store.access import Actor, permit, require
from assetmgr.store.writing import Writing, touch

plan, planned_action, asset = tables.plan, tables.planned_action, tables.asset

DRAFT = "draft"
ROW_COLUMNS = (
    "asset_id",
    "funded",
    "row_class",
    "year",
    "fund",
    "kind",
    "booking",
    "booking_rule",
    "treatment",
    "cost_sek",
    "price_verified",
    "explanation",
)
LARGEST_ID = 2**63 - 1


def insert_plan(work: Writing, uid: str, values: Mapping[str, Any]) -> int:
    """Save a new plan without its rows; its name must be free."""
    require(work.actor, "plan.write")
    name = values["name"]
    if name_is_used(work.connection, work.actor, name):
        raise AssetmgrError("plan_name_used", name=name)
    try:
        plan_id = work.connection.execute(
            insert(plan)
            .values(uid=uid, municipality_id=work.actor.municipality_id, version=1, created_at=work.at, **values)
            .returning(plan.c.id)
        ).scalar_one()
    except IntegrityError as error:
        # Somebody took the name after it was looked up; only PostgreSQL lets two writers come this far.
        raise AssetmgrError("plan_name_used", name=name) from error
    return int(plan_id)


def update_plan(work: Writing, plan_id: int, version: int, values: Mapping[str, Any]) -> None:
    """Save new values over the version of the plan that was read."""
    require(work.actor, "plan.write")
    if not touch(work, plan, plan_id, version, values):
        raise EditConflict(object="plan", id=plan_id)


def name_is_used(connection: Connection, actor: Actor, name: str) -> bool:
    """Whether a plan of the municipality has this name."""
    statement = permit(actor, "plan.read", select(plan.c.id), [plan]).where(plan.c.name == name)
    return connection.execute(statement.limit(1)).first() is not None


def replace_rows(work: Writing, plan_id: int, rows: Mapping[str, Sequence[Any]]) -> None:
    """Put these rows, columns of ROW_COLUMNS in the order they are shown, in place of those that the plan has."""
    require(work.actor, "plan.write")
    connection, municipality_id = work.connection, work.actor.municipality_id
    connection.execute(
        delete(planned_action).where(
            planned_action.c.plan_id == plan_id, planned_action.c.municipality_id == municipality_id
        )
    )
    count = len(rows["asset_id"])
    bulk.insert_columns(
        connection,
        planned_action,
        {
            "id": bulk.reserve_ids(connection, planned_action, count),
            "municipality_id": [municipality_id] * count,
            "plan_id": [plan_id] * count,
            **{name: rows[name] for name in ROW_COLUMNS if name != "explanation"},
            "explanation": [canonical_json(values) for values in rows["explanation"]],
        },
    )


def listing(connection: Connection, actor: Actor) -> Sequence[RowMapping]:
    """All plans of the municipality, the latest made first."""
    statement = permit(actor, "plan.read", select(plan), [plan])
    return connection.execute(statement.order_by(plan.c.created_at.desc(), plan.c.id.desc())).mappings().all()


def find(connection: Connection, actor: Actor, identity: str | int) -> RowMapping:
    """The plan with this name, else this uid, else this number. Names go first: one may be all figures, like "2027"."""
    text = str(identity).strip()
    statement = permit(actor, "plan.read", select(plan), [plan])
    meanings = [plan.c.name == text]
    uid = as_uid(text)
    if uid is not None:
        meanings.append(plan.c.uid == uid)
    if text.isascii() and text.isdigit() and int(text) <= LARGEST_ID:
        meanings.append(plan.c.id == int(text))
    for meaning in meanings:
        found = connection.execute(statement.where(meaning)).mappings().one_or_none()
        if found is not None:
            return found
    raise NotFound("plan_not_found", plan=text)


_parent = asset.alias("parent")
SHOWN = [
    planned_action,
    asset.c.uid.label("asset_uid"),
    asset.c.type.label("asset_type"),
    asset.c.source,
    asset.c.key,
    asset.c.designation,
    asset.c.address,
    asset.c.department,
    asset.c.attributes["property_designation"].as_string().label("property_designation"),
    func.coalesce(_parent.c.designation, _parent.c.key).label("parent_designation"),
]


def rows(
    connection: Connection,
    actor: Actor,
    plan_id: int,
    *,
    funded: bool | None = None,
    year: int | None = None,
    with_geometry: bool = False,
) -> Sequence[RowMapping]:
    """The plan's rows with their assets' names, in the plan's own order, as far as the actor may know of the assets."""
    shown = [*SHOWN, asset.c.geometry] if with_geometry else SHOWN
    statement: Select[Any] = select(*shown).select_from(_rows_with_assets(actor))
    statement = permit(actor, "plan.read", statement, [planned_action, asset]).where(
        planned_action.c.plan_id == plan_id
    )
    if funded is not None:
        statement = statement.where(planned_action.c.funded == funded)
    if year is not None:
        statement = statement.where(planned_action.c.year == year)
    return connection.execute(statement.order_by(planned_action.c.id)).mappings().all()


def _rows_with_assets(actor: Actor) -> Any:
    return planned_action.join(asset, planned_action.c.asset_id == asset.c.id).outerjoin(
        _parent,
        and_(
            asset.c.parent_id == _parent.c.id,
            _parent.c.municipality_id == actor.municipality_id,
            _parent.c.protection_class <= actor.clearance,
        ),
    )


def rows_are_withheld(connection: Connection, actor: Actor, plan_id: int) -> bool:
    """Whether the plan has rows about assets that this actor may not know of; how many is not said."""
    mine = permit(actor, "plan.read", select(planned_action.c.id), [planned_action]).where(
        planned_action.c.plan_id == plan_id
    )
    hidden = mine.join(asset, planned_action.c.asset_id == asset.c.id).where(asset.c.protection_class > actor.clearance)
    return connection.execute(hidden.limit(1)).first() is not None


@dataclass(frozen=True)
class RowFilter:
    """Which rows of a plan are meant; None means any."""

    funded: bool | None = None
    year: int | None = None
    fund: str | None = None
    kind: str | None = None


def _wanted(statement: Select[Any], plan_id: int, wanted: RowFilter) -> Select[Any]:
    statement = statement.where(planned_action.c.plan_id == plan_id)
    for name in ("funded", "year", "fund", "kind"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(planned_action.c[name] == value)
    return statement


def page(
    connection: Connection, actor: Actor, plan_id: int, wanted: RowFilter, *, limit: int = 50, offset: int = 0
) -> Sequence[RowMapping]:
    """Some of the plan's rows by year, the largest cost first, as `rows` gives them with the asset's condition."""
    shown = [*SHOWN, asset.c.health_index, asset.c.health_source]
    statement = permit(
        actor, "plan.read", select(*shown).select_from(_rows_with_assets(actor)), [planned_action, asset]
    )
    ordering = (planned_action.c.year, planned_action.c.cost_sek.desc(), planned_action.c.id)
    return (
        connection.execute(_wanted(statement, plan_id, wanted).order_by(*ordering).limit(limit).offset(offset))
        .mappings()
        .all()
    )


def count_and_cost(connection: Connection, actor: Actor, plan_id: int, wanted: RowFilter) -> tuple[int, int]:
    """How many of the plan's rows are meant, and what they cost together in SEK."""
    numbers = select(func.count(), func.coalesce(func.sum(planned_action.c.cost_sek), 0))
    joined = numbers.select_from(planned_action.join(asset, planned_action.c.asset_id == asset.c.id))
    statement = permit(actor, "plan.read", joined, [planned_action, asset])
    found, cost_sek = connection.execute(_wanted(statement, plan_id, wanted)).one()
    return int(found), int(cost_sek)


def of_assets(
    connection: Connection, actor: Actor, asset_ids: Sequence[int], plan_id: int | None = None
) -> Sequence[RowMapping]:
    """What plans (or one plan) hold for these assets, plan by plan, the latest made first, and by year."""
    joined = planned_action.join(asset, planned_action.c.asset_id == asset.c.id).join(
        plan, planned_action.c.plan_id == plan.c.id
    )
    statement = permit(
        actor, "plan.read", select(planned_action).select_from(joined), [planned_action, asset, plan]
    ).where(planned_action.c.asset_id.in_(asset_ids))
    if plan_id is not None:
        statement = statement.where(planned_action.c.plan_id == plan_id)
    ordering = (plan.c.created_at.desc(), plan.c.id.desc(), planned_action.c.year, planned_action.c.id)
    return connection.execute(statement.order_by(*ordering)).mappings().all()
