"""What falls due, as a list: everything that the start page counts and has no room for."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assetmgr.i18n import N_
from assetmgr.services import falling_due
from assetmgr.services.falling_due import DueRow
from assetmgr.web import words
from assetmgr.web.access import needs
from assetmgr.web.due import due_now
from assetmgr.web.due_words import due_words
from assetmgr.web.register_filter import LARGEST_PAGE
from assetmgr.web.texts import _

pages = Blueprint("due", __name__, url_prefix="/<kommun>/forfaller")
PAGE_SIZE = 50
VIEWS: Mapping[str, tuple[str, Callable[[DueRow], bool]]] = {
    "lagstadgat": (N_("Overdue statutory checks"), lambda row: row.is_overdue and row.statutory),
    "egna": (N_("Other overdue rounds"), lambda row: row.is_overdue and not row.statutory),
    "kommande": (N_("To come"), lambda row: not row.is_overdue),
}
"""Word in the address, label, and which rows. Every row is in just one."""


@pages.get("/")
@needs("asset.read")
def listing() -> ResponseReturnValue:
    """One of the views, the most urgent first."""
    due = due_now()
    word = request.args.get("visa", "")
    current = word if word in VIEWS else next(iter(VIEWS))
    found = [row for row in due if VIEWS[current][1](row)]
    page = min(_page(), max(1, -(-len(found) // PAGE_SIZE)))
    first = (page - 1) * PAGE_SIZE
    shown = found[first : first + PAGE_SIZE]
    return render_template(
        "pages/due.html",
        due_days=falling_due.CHECK_DAYS,
        views=_views(due, current),
        view_label=_(VIEWS[current][0]),
        rows=[{**due_words(row), "type_label": words.type_label(row.asset_type)} for row in shown],
        total=len(found),
        first=first + 1,
        last=first + len(shown),
        previous_url=_address(current, page - 1) if page > 1 else None,
        next_url=_address(current, page + 1) if first + PAGE_SIZE < len(found) else None,
    )


def _views(due: Sequence[DueRow], current: str) -> list[dict[str, Any]]:
    return [
        {
            "label": _(text),
            "url": _address(word),
            "is_current": word == current,
            "count": sum(belongs(row) for row in due),
        }
        for word, (text, belongs) in VIEWS.items()
    ]


def _address(word: str, page: int = 1) -> str:
    return url_for("due.listing", visa=word, sida=page if page > 1 else None)


def _page() -> int:
    text = request.args.get("sida", "1")
    return min(int(text), LARGEST_PAGE) if text.isascii() and text.isdigit() and int(text) > 0 else 1
