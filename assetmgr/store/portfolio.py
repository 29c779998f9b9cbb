"""What plans read of the register, as columns: one query each, however many assets."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Text, cast, select
from sqlalchemy.engine import Connection

from assetmgr.store import tables
from assetmgr.store.access import Actor, permit

asset, inspection = tables.asset, tables.inspection

ReadColumns = dict[str, npt.NDArray[Any]]
"""(n,) arrays by column name: ids as int64, numbers as float64 with nan for unknown, all else as objects with None."""

ID_COLUMNS = ("id",)
NUMBER_COLUMNS = (
    "built_year",
    "dimension_mm",
    "length_m",
    "area_m2",
    "quantity",
    "replacement_value_sek",
    "consequence_grade",
    "health_index",
)
EXTERNAL_KEY = ("type", "source", "key")
OTHER_COLUMNS = (
    *EXTERNAL_KEY,
    "fund",
    "material",
    "health_source",
    "inspected_on",
    "native_scale",
    "native_grade",
)
CHECK_COLUMNS = ("asset_id", "check_name", "inspected_on", "approved", "next_due_on")


def assets_in_service(
    connection: Connection, actor: Actor, types: Sequence[str], highest_protection_class: int
) -> ReadColumns:
    """Assets of these types that are in service, by type, source and key.

    That order is the same in every database that holds the same assets: ids follow the order in which they came, and
    databases sort texts each in its own way.
    """
    names = (*ID_COLUMNS, *NUMBER_COLUMNS, *OTHER_COLUMNS, "attributes")
    # As text, since most assets share a few texts and each need be read only once.
    wanted = [*(asset.c[name] for name in names[:-1]), cast(asset.c.attributes, Text)]
    statement = permit(actor, "asset.read", select(*wanted), [asset]).where(
        asset.c.retired_at.is_(None),
        asset.c.status == "in_service",
        asset.c.type.in_(types),
        asset.c.protection_class <= highest_protection_class,
    )
    found = _columns(connection, statement, names)
    order = _order([found[name].tolist() for name in EXTERNAL_KEY])
    return {name: column[order] for name, column in found.items()}


def _order(columns: Sequence[Sequence[Any]]) -> npt.NDArray[np.int64]:
    keys = list(zip(*columns, strict=True))
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)


def checks_done(connection: Connection, actor: Actor) -> ReadColumns:
    """Every recurring check on record that has a date, by asset and check, the latest last."""
    statement = permit(
        actor,
        "inspection.read",
        select(*(inspection.c[name] for name in CHECK_COLUMNS)).join_from(
            inspection, asset, inspection.c.asset_id == asset.c.id
        ),
        [inspection, asset],
    ).where(inspection.c.kind == "check", inspection.c.inspected_on.is_not(None))
    ordered = statement.order_by(
        inspection.c.asset_id, inspection.c.check_name, inspection.c.inspected_on, inspection.c.id
    )
    return _columns(connection, ordered, CHECK_COLUMNS)


def _columns(connection: Connection, statement: Any, names: Sequence[str]) -> ReadColumns:
    rows = connection.execute(statement).all()
    values = zip(*rows, strict=True) if rows else ((),) * len(names)
    return {name: _column(name, column) for name, column in zip(names, values, strict=True)}


def _column(name: str, values: Sequence[Any]) -> npt.NDArray[Any]:
    if name in ("id", "asset_id"):
        return np.array(values, dtype=np.int64)
    if name in NUMBER_COLUMNS:
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    if name == "attributes":
        values = _read_once(values)
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _read_once(texts: Sequence[str]) -> list[Any]:
    """JSON texts as values; equal texts share one value, which nobody may change."""
    read = {text: json.loads(text) for text in set(texts)}
    return [read[text] for text in texts]
