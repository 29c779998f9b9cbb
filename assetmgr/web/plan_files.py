"""A plan as a file to download: whole or one year, in each format."""

import tempfile
from pathlib import Path

from flask import Blueprint, Response, request, send_file
from werkzeug.exceptions import NotFound

from assetmgr import logs
from assetmgr.services import plan_exports
from assetmgr.store import plans
from assetmgr.store.plans import RowFilter
from assetmgr.web import language
from assetmgr.web.access import needs
from assetmgr.web.addresses import slug
from assetmgr.web.plan_addresses import find_plan
from assetmgr.web.service import actor, connection, register

pages = Blueprint("plan_files", __name__, url_prefix="/<kommun>/plan")
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
}
log = logs.get(__name__)


@pages.get("/<int:first_year>/<name>/hamta/<format_name>")
@needs("plan.export")
def download(first_year: int, name: str, format_name: str) -> Response:
    """The file, made for this reader and kept nowhere."""
    plan = find_plan(first_year, name)
    if plan is None or format_name not in MEDIA_TYPES:
        raise NotFound
    year = _year(first_year, first_year + plan["years"] - 1)
    # The folder's name is random and its owner's alone; the file is open when the folder goes.
    with tempfile.TemporaryDirectory(prefix="assetmgr-export-") as folder:
        path = Path(folder) / f"plan.{format_name}"
        plan_exports.export(connection(), actor(), plan["uid"], format_name, year, path, language.current())
        size = path.stat().st_size
        file = path.open("rb")
    rows, _cost_sek = plans.count_and_cost(connection(), actor(), plan["id"], RowFilter(year=year))
    log.info(
        "plan_exported",
        user=actor().user_id,
        plan=plan["uid"],
        format=format_name,
        year=year,
        rows=rows,
        size_bytes=size,
    )
    response = send_file(
        file,
        mimetype=MEDIA_TYPES[format_name],
        as_attachment=True,
        download_name=_file_name(plan["name"], year, format_name),
    )
    response.content_length = size
    return response


def _year(first: int, last: int) -> int | None:
    text = request.args.get("ar")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4 and first <= int(text) <= last):
        raise NotFound
    return int(text)


def _file_name(plan_name: str, year: int | None, format_name: str) -> str:
    """botkyrka-utkast-3-2028.xlsx: letters, figures and hyphens only, safe on every system."""
    parts = [slug(register().name), slug(plan_name)[:80] or "plan", str(year) if year else ""]
    return f"{'-'.join(part for part in parts if part)}.{format_name}"
