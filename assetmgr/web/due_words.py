"""A thing that falls due, in words."""

from typing import Any

from flask import url_for

from assetmgr.services import falling_due
from assetmgr.services.falling_due import DueRow
from assetmgr.web import formats, language, words
from assetmgr.web.service import today
from assetmgr.web.texts import _, ngettext

SOON_DAYS = 30


def due_words(row: DueRow) -> dict[str, Any]:
    """What, on which asset, when, and how late or soon."""
    terms = {falling_due.GUARANTEE: _("Guarantee ends"), falling_due.LIABILITY: _("Liability ends")}
    days = (row.due_on - today()).days
    number = formats.number(abs(days), language.current())
    if row.is_overdue:
        tag, kind = ngettext("%(days)s day late", "%(days)s days late", -days, days=number), "danger"
    elif row.last_done_on is None and row.name not in terms:
        tag, kind = _("never done"), "warn"
    else:
        tag = ngettext("in %(days)s day", "in %(days)s days", days, days=number)
        kind = "warn" if days <= SOON_DAYS else "quiet"
    return {
        "what": terms.get(row.name) or words.treatment_label(row.name),
        "asset": row.designation or row.key,
        "url": url_for("assets.overview", identity=row.asset_uid),
        "on": row.due_on,
        "done_on": row.last_done_on,
        "tag": tag,
        "kind": kind,
    }
