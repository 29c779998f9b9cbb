"""Who may do what: one table, and the one function that every read and write passes.

A right is held through roles. Rows are further narrowed by municipality and by protection class, so that an object one
may not know of looks exactly like one that does not exist.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Delete, FromClause, Select, Update

from assetmgr.errors import NotAllowed

ROLES = (
    "asset_owner",
    "planner",
    "gis_editor",
    "inspector",
    "case_officer",
    "decider",
    "auditor",
    "administrator",
)

_EVERYONE = frozenset(ROLES)
RIGHTS: dict[str, frozenset[str]] = {
    "asset.read": _EVERYONE,
    "asset.write": frozenset({"asset_owner", "gis_editor"}),
    "asset.personal": frozenset({"asset_owner", "case_officer"}),
    "personal.dispose": frozenset({"asset_owner", "case_officer"}),
    "inspection.read": _EVERYONE,
    "inspection.write": frozenset({"asset_owner", "inspector"}),
    "condition.derive": frozenset({"asset_owner", "gis_editor", "inspector"}),
    "import.read": frozenset({"asset_owner", "gis_editor", "planner", "auditor", "administrator"}),
    "import.run": frozenset({"asset_owner", "gis_editor"}),
    "plan.read": _EVERYONE,
    "plan.write": frozenset({"planner"}),
    "plan.export": frozenset({"planner", "asset_owner", "decider", "auditor"}),
    "history.read": _EVERYONE,
    "job.read": frozenset({"asset_owner", "planner", "gis_editor", "auditor", "administrator"}),
    "job.cancel": frozenset({"asset_owner", "planner", "gis_editor", "administrator"}),
    "schedule.run": frozenset({"planner", "administrator"}),
    "user.read": frozenset({"administrator", "auditor"}),
    "user.write": frozenset({"administrator"}),
}
"""Right to the roles that hold it. A new right is a row here."""

CLEARANCE: dict[str, int] = {
    "asset_owner": 3,
    "planner": 2,
    "gis_editor": 3,
    "inspector": 2,
    "case_officer": 1,
    "decider": 1,
    "auditor": 2,
    "administrator": 0,
}
"""The highest protection class (0-3) each role may see."""

PROTECTION_CLASSES = (0, 1, 2, 3)


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a signed-in user, or the operator of the command line."""

    municipality_id: int
    name: str
    roles: frozenset[str]
    user_id: int | None = None
    language: str | None = field(default=None, compare=False)

    @property
    def clearance(self) -> int:
        """The highest protection class this actor may see."""
        return max((CLEARANCE[role] for role in self.roles), default=-1)

    def may(self, right: str) -> bool:
        """Whether any of the actor's roles holds the right."""
        return not RIGHTS[right].isdisjoint(self.roles)


def operator(municipality_id: int, name: str = "operatör") -> Actor:
    """Whoever can open the database itself: holds every role."""
    return Actor(municipality_id=municipality_id, name=name, roles=_EVERYONE)


Statement = TypeVar("Statement", Select, Update, Delete)  # type: ignore[type-arg]


def require(actor: Actor, right: str) -> None:
    """Refuse an actor who does not hold the right."""
    if not actor.may(right):
        raise NotAllowed(right=right, roles=sorted(RIGHTS[right]), actor=actor.name)


def permit(actor: Actor, right: str, statement: Statement, tables: Iterable[FromClause]) -> Statement:
    """The policy: require the right, and narrow the statement to rows of these tables that the actor may know of."""
    require(actor, right)
    for table in tables:
        statement = statement.where(table.c.municipality_id == actor.municipality_id)
        if "protection_class" in table.c:
            statement = statement.where(table.c.protection_class <= actor.clearance)
    return statement
