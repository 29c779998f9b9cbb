"""The newcomer's whole world: a register of a made-up municipality, people to sign in as, a plan and its workbook."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Engine

from assetmgr.services import demonstration, people, plan_exports, plans, registers
from assetmgr.store.access import ROLES, operator
from assetmgr.store.registers import info
from assetmgr.store.writing import Occasion, reading, writing

MUNICIPALITY = "0127"
SEED = 127
PLAN_YEARS = 10
PLAN_NAME = "Förslag till underhållsplan"
YEARLY_BUDGET_SEK = {"va": 28_000_000, "tax": 24_000_000}
"""Enough for the worst, and too little for all: a plan has to choose."""
USER_NAMES = {
    "asset_owner": "agare",
    "planner": "planerare",
    "gis_editor": "gis",
    "inspector": "besiktning",
    "case_officer": "arende",
    "decider": "beslut",
    "auditor": "revisor",
    "administrator": "admin",
}
assert tuple(USER_NAMES) == ROLES


@dataclass(frozen=True)
class Demonstrated:
    """What was made. Passwords are by user name, and kept nowhere else."""

    municipality: str
    as_of: date
    assets: int
    plan: str
    passwords: dict[str, str]

    def as_data(self, workbook: Path) -> dict[str, Any]:
        """The answer of the command."""
        return {
            "municipality": self.municipality,
            "as_of": self.as_of,
            "assets": self.assets,
            "plan": self.plan,
            "workbook": str(workbook),
            "users": [
                {"name": name, "role": role, "password": self.passwords[name]} for role, name in USER_NAMES.items()
            ],
        }


def create(engine: Engine, as_of: date | None = None) -> Demonstrated:
    """Fill an empty database. The same day gives the same register; only the passwords are new each time."""
    day = as_of or demonstration.DEFAULT_AS_OF
    demonstration.check_day(day)
    moment = datetime.combine(day, time(12), UTC)
    random = np.random.default_rng(SEED)
    register = registers.create(engine, municipality_code=MUNICIPALITY, clock=lambda: moment, demo_as_of=day)
    actor = operator(register.municipality_id, "demonstration")
    name = PLAN_NAME
    with writing(
        engine, actor, Occasion("demo", "Påhittade uppgifter"), clock=lambda: moment, random_bytes=random.bytes
    ) as work:
        filled = demonstration.fill(work, register, day, SEED)
        passwords = {user: people.add_user(work, user, [role]) for role, user in USER_NAMES.items()}
    years = range(day.year + 1, day.year + 1 + PLAN_YEARS)
    with writing(
        engine, actor, Occasion("demo", "Påhittade uppgifter"), clock=lambda: moment, random_bytes=random.bytes
    ) as work:
        budgets = {fund: dict.fromkeys(years, sek) for fund, sek in YEARLY_BUDGET_SEK.items()}
        plans.generate(work, name, years[0], PLAN_YEARS, budgets, SEED)
    return Demonstrated(register.name, day, filled.assets, name, passwords)


def export_next_year(engine: Engine, made: Demonstrated, folder: Path) -> Path:
    """The workbook of next year's measures, put in a folder."""
    year = made.as_of.year + 1
    path = folder / f"underhallsplan-{year}.xlsx"
    with reading(engine) as connection:
        register = info(connection)
        plan_exports.export(connection, operator(register.municipality_id), made.plan, "xlsx", year, path)
    return path
