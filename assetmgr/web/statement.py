"""The accessibility statement."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from assetmgr.web.access import open_to_all

pages = Blueprint("statement", __name__)


@pages.get("/tillganglighet")
@open_to_all
def show() -> ResponseReturnValue:
    """How far the service can be used by everyone, and what falls short."""
    return render_template("pages/statement.html")
