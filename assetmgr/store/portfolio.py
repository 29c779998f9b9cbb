"""What plans and estimates read of the register, as columns: one query each, however many assets."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlalchemy.engine import Connection

from assetmgr.store import tables
from assetmgr.store.access import Actor, permit

asset, inspection = tables.asset, tables.inspection

ASSET_COLUMNS = (
    "id",
    "uid",
    "type",
    "fund",
    "built_year",
    "material",
    "dimension_mm",
    "length_m",
    "area_m2",
    "quantity",
    "replacement_value_sek",
    "consequence_grade",
    "health_index",
    "health_source",
    "inspected_on",
    "native_scale",
    "native_grade",
    "attributes",
)


def assets_in_service(
    connection: Connection, actor: Actor, types: Sequence[str], highest_protection_class: int
) -> pd.DataFrame:
    """Assets of these types that are in service, in order of id: ASSET_COLUMNS, None or nan where unknown."""
    statement = permit(actor, "asset.read", select(*(asset.c[name] for name in ASSET_COLUMNS)), [asset]).where(
        asset.c.retired_at.is_(None),
        asset.c.status == "in_service",
        asset.c.type.in_(types),
        asset.c.protection_class <= highest_protection_class,
    )
    return _frame(connection, statement.order_by(asset.c.id), ASSET_COLUMNS)


CHECK_COLUMNS = ("asset_id", "check_name", "inspected_on", "approved", "next_due_on")


def checks_done(connection: Connection, actor: Actor) -> pd.DataFrame:
    """Every recurring check on record that has a date, by asset and check, the latest last: CHECK_COLUMNS."""
    statement = permit(
        actor, "inspection.read", select(*(inspection.c[name] for name in CHECK_COLUMNS)), [inspection]
    ).where(inspection.c.kind == "check", inspection.c.inspected_on.is_not(None))
    ordered = statement.order_by(
        inspection.c.asset_id, inspection.c.check_name, inspection.c.inspected_on, inspection.c.id
    )
    return _frame(connection, ordered, CHECK_COLUMNS)


def _frame(connection: Connection, statement: Any, names: Sequence[str]) -> pd.DataFrame:
    rows = connection.execute(statement).all()
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    return pd.DataFrame({name: list(values) for name, values in zip(names, columns, strict=True)})
