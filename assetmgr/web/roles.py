"""What the roles are called on a page."""

from collections.abc import Iterable

from assetmgr.i18n import N_
from assetmgr.store.access import ROLES
from assetmgr.web.texts import _

ROLE_WORDS = {
    "asset_owner": N_("Asset owner"),
    "planner": N_("Planner"),
    "gis_editor": N_("GIS editor"),
    "inspector": N_("Inspector"),
    "case_officer": N_("Case officer"),
    "decider": N_("Decision maker"),
    "auditor": N_("Auditor"),
    "administrator": N_("Administrator"),
}


def role_words(roles: Iterable[str]) -> str:
    """The roles in words, in the order of the policy's list: "Planner, Auditor"."""
    held = set(roles)
    return ", ".join(_(ROLE_WORDS[role]) for role in ROLES if role in held)
