"""What due dates are counted from, as columns: one query each, however many assets."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import or_, select
from sqlalchemy.engine import Connection

from assetmgr.store import tables
from assetmgr.store.access import Actor, permit
from assetmgr.store.inspections import CHECK

asset, inspection = tables.asset, tables.inspection

NAMED = ("id", "uid", "type", "designation", "key", "department", "protection_class")
"""What a list shows of an asset."""
FACTS = ("built_year", "material", "dimension_mm", "length_m", "area_m2", "quantity", "consequence_grade", "attributes")
"""What rules look at."""
CHECKED = ("asset_id", "check_name", "inspected_on", "approved", "next_due_on")


def assets_of_types(connection: Connection, actor: Actor, types: Sequence[str]) -> pd.DataFrame:
    """Assets of these types in service, by id: NAMED and FACTS, None where unknown."""
    names = (*NAMED, *FACTS)
    statement = permit(actor, "asset.read", select(*(asset.c[name] for name in names)), [asset]).where(
        asset.c.type.in_(types), asset.c.status == "in_service", asset.c.retired_at.is_(None)
    )
    return _frame(connection, statement.order_by(asset.c.id), names)


def checks_of_types(connection: Connection, actor: Actor, types: Sequence[str]) -> pd.DataFrame:
    """The dated checks on record of assets of these types, the latest last: CHECKED."""
    statement = permit(
        actor,
        "inspection.read",
        select(*(inspection.c[name] for name in CHECKED)).join_from(
            inspection, asset, inspection.c.asset_id == asset.c.id
        ),
        [inspection, asset],
    ).where(asset.c.type.in_(types), inspection.c.kind == CHECK, inspection.c.inspected_on.is_not(None))
    return _frame(connection, statement.order_by(inspection.c.inspected_on, inspection.c.id), CHECKED)


def guarantees_ending(connection: Connection, actor: Actor, first: date, last: date) -> pd.DataFrame:
    """Assets whose guarantee or liability ends between these days, both counted: NAMED and the two dates."""
    names = (*NAMED, "guarantee_until", "liability_until")
    statement = permit(actor, "asset.read", select(*(asset.c[name] for name in names)), [asset]).where(
        asset.c.retired_at.is_(None),
        or_(asset.c.guarantee_until.between(first, last), asset.c.liability_until.between(first, last)),
    )
    return _frame(connection, statement.order_by(asset.c.id), names)


def _frame(connection: Connection, statement: Any, names: Sequence[str]) -> pd.DataFrame:
    rows = connection.execute(statement).all()
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    return pd.DataFrame(dict(zip(names, map(list, columns), strict=True)), dtype=object)
