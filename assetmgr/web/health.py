"""Whether the service lives, for whatever watches over it."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from assetmgr.web.access import open_to_all
from assetmgr.web.service import connection

pages = Blueprint("health", __name__)
PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


@pages.get("/halsa")
@open_to_all
def show() -> ResponseReturnValue:
    """200 where the database answers, 503 where it does not; nothing about what is in it."""
    try:
        connection().execute(text("SELECT 1"))
    except DBAPIError:
        return "database does not answer\n", 503, PLAIN
    return "ok\n", 200, PLAIN
