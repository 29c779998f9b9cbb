"""What falls due: recurring checks, counted from the last approved one, and guarantee and liability periods that end.

A check is due when the inspector has said so, else its interval after the last approved one; one that was never done is
due now. A check that was not approved and has a date for the next moves the due date nearer, never further away.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy.engine import Connection

from assetmgr.catalogue import ASSET_TYPES, CHECKS, rules
from assetmgr.catalogue.model import AssetType, StatutoryCheck
from assetmgr.services.condition import attribute_columns
from assetmgr.store import due_dates
from assetmgr.store.access import Actor
from planner.statutory import add_months

CHECK_DAYS = 90
GUARANTEE_DAYS = 180
"""An inspection before the guarantee ends has to be ordered, done and acted on in time."""
GUARANTEE, LIABILITY = "guarantee", "liability"

Dates = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class DueRow:
    """One thing that falls due.

    `name` is a check of the catalogue, "guarantee" or "liability"; `last_done_on` None: never.
    """

    name: str
    statutory: bool
    due_on: date
    last_done_on: date | None
    is_overdue: bool
    asset_id: int
    asset_uid: str
    asset_type: str
    designation: str | None
    key: str
    department: str | None
    protection_class: int


def listing(connection: Connection, actor: Actor, as_of: date, days: int) -> list[DueRow]:
    """Everything that is overdue or falls due within so many days, the most urgent first."""
    found = [*checks(connection, actor, as_of, days), *guarantees(connection, actor, as_of, days)]
    return sorted(found, key=_urgency)


def _urgency(row: DueRow) -> tuple[Any, ...]:
    return (row.due_on, not row.statutory, row.name, row.asset_id)


def checks(connection: Connection, actor: Actor, as_of: date, days: int) -> list[DueRow]:
    """Recurring checks that are overdue or fall due within so many days, the most urgent first."""
    types = [name for name, asset_type in ASSET_TYPES.items() if asset_type.statutory_checks]
    assets = due_dates.assets_of_types(connection, actor, types)
    done = _Done(due_dates.checks_of_types(connection, actor, types))
    found: list[DueRow] = []
    for name, of_type in assets.groupby("type"):
        found.extend(_checks_of_type(ASSET_TYPES[str(name)], of_type, done, as_of, days))
    return sorted(found, key=_urgency)


def _checks_of_type(
    asset_type: AssetType, assets: pd.DataFrame, done: "_Done", as_of: date, days: int
) -> Iterable[DueRow]:
    columns = {name: assets[name].to_numpy() for name in due_dates.FACTS if name != "attributes"}
    columns |= attribute_columns(asset_type, assets["attributes"].tolist())
    facts = rules.as_asset_columns(columns, len(assets))
    ids = assets["id"].to_numpy(dtype=np.int64)
    for name in asset_type.statutory_checks:
        check = CHECKS[name]
        if not _is_in_force(check, as_of):
            continue
        applies = rules.check_scope(asset_type, check, facts, len(assets)).applies
        last, due = done.last_and_due(check, ids, as_of)
        places = np.flatnonzero(applies & (due <= np.datetime64(as_of + timedelta(days=days))))
        yield from _rows(assets, places, name, check.statutory, due, last, as_of)


def _is_in_force(check: StatutoryCheck, as_of: date) -> bool:
    day = as_of.isoformat()
    return check.valid_from <= day and (check.valid_to is None or day <= check.valid_to)


def _as_dates(values: Iterable[Any]) -> Dates:
    """Days as pandas keeps them: to the second, so that no date of a register lies outside."""
    return np.array(list(values), dtype="datetime64[D]").astype("datetime64[s]")


class _Done:
    """The checks on record, looked up by check and asset."""

    def __init__(self, checks: pd.DataFrame) -> None:
        checks = checks.assign(**{name: _as_dates(checks[name]) for name in ("inspected_on", "next_due_on")})
        approved = checks["approved"].eq(True)
        self._approved = self._last_of(checks[approved])
        self._refused = self._last_of(checks[~approved & checks["next_due_on"].notna()])

    @staticmethod
    def _last_of(checks: pd.DataFrame) -> Mapping[str, pd.DataFrame]:
        latest = checks.drop_duplicates(["check_name", "asset_id"], keep="last")
        return {str(name): rows.set_index("asset_id") for name, rows in latest.groupby("check_name")}

    def last_and_due(self, check: StatutoryCheck, ids: npt.NDArray[np.int64], as_of: date) -> tuple[Dates, Dates]:
        """When these assets (n,) last had the check approved (NaT: never), and when it is due."""
        last = self._dates(self._approved, check.name, "inspected_on", ids)
        stated = self._dates(self._approved, check.name, "next_due_on", ids)
        interval = np.full(len(ids), check.interval_months, dtype=np.int64)
        counted = add_months(np.where(np.isnat(last), np.datetime64(as_of), last), interval)
        due = np.where(np.isnat(stated), counted, stated)
        refused_on = self._dates(self._refused, check.name, "inspected_on", ids)
        again_by = self._dates(self._refused, check.name, "next_due_on", ids)
        refused_since = ~np.isnat(refused_on) & (np.isnat(last) | (refused_on >= last))
        never = np.isnat(last)
        due = np.where(never, np.where(refused_since, again_by, np.datetime64(as_of)), due)
        return last, np.where(refused_since, np.minimum(due, again_by), due)

    @staticmethod
    def _dates(by_check: Mapping[str, pd.DataFrame], check: str, column: str, ids: npt.NDArray[np.int64]) -> Dates:
        if check not in by_check:
            return np.full(len(ids), np.datetime64("NaT", "D"))
        return by_check[check][column].reindex(ids).to_numpy().astype("datetime64[D]")


def guarantees(connection: Connection, actor: Actor, as_of: date, days: int) -> list[DueRow]:
    """Guarantee and liability periods that end within so many days, the nearest first.

    One that has ended is not listed: nothing can be claimed any more.
    """
    last = as_of + timedelta(days=days)
    assets = due_dates.guarantees_ending(connection, actor, as_of, last)
    found: list[DueRow] = []
    for name, column in ((GUARANTEE, "guarantee_until"), (LIABILITY, "liability_until")):
        due = _as_dates(assets[column]).astype("datetime64[D]")
        places = np.flatnonzero((due >= np.datetime64(as_of)) & (due <= np.datetime64(last)))
        never = np.full(len(due), np.datetime64("NaT", "D"))
        found.extend(_rows(assets, places, name, False, due, never, as_of))
    return sorted(found, key=_urgency)


def _rows(
    assets: pd.DataFrame,
    places: npt.NDArray[np.int64],
    name: str,
    statutory: bool,
    due: Dates,
    last: Dates,
    as_of: date,
) -> Iterable[DueRow]:
    chosen = assets.iloc[places]
    named = (chosen[column].tolist() for column in due_dates.NAMED)
    for due_on, last_on, asset_id, uid, asset_type, designation, key, department, protection_class in zip(
        due[places].tolist(), last[places].tolist(), *named, strict=True
    ):
        yield DueRow(
            name=name,
            statutory=statutory,
            due_on=due_on,
            last_done_on=last_on,
            is_overdue=due_on < as_of,
            asset_id=asset_id,
            asset_uid=uid,
            asset_type=asset_type,
            designation=designation,
            key=key,
            department=department,
            protection_class=protection_class,
        )


def counts(rows: Sequence[DueRow]) -> list[dict[str, Any]]:
    """How many are overdue and how many are due, per name and protection class.

    By class, so that a reader of the result is told only of what that reader may know of.
    """
    all_due = Counter((row.name, row.protection_class) for row in rows)
    overdue = Counter((row.name, row.protection_class) for row in rows if row.is_overdue)
    return [
        {"name": name, "protection_class": level, "due": number, "overdue": overdue[name, level]}
        for (name, level), number in sorted(all_due.items())
    ]
