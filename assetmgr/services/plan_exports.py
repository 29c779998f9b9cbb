"""Plans as files: a workbook with everything, or the measures as text or as a layer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from sqlalchemy.engine import Connection

from assetmgr.errors import AssetmgrError
from assetmgr.exports import layer_file, text_file, workbook
from assetmgr.exports.files import check_place, replacing
from assetmgr.services.plan_columns import Reader, measure_columns, table_of
from assetmgr.services.plan_report import PlanInWords, report_of
from assetmgr.store import plans as store
from assetmgr.store import registers
from assetmgr.store.access import Actor, require
from assetmgr.store.engine import belongs_to_a_register
from geodata.errors import LayerError

LAYER_NAME = "measures"


def export(
    connection: Connection,
    actor: Actor,
    identity: str | int,
    format_name: str,
    year: int | None,
    path: Path,
    language: str = "sv",
) -> None:
    """Write a plan, or one year of it, to a file that appears whole or not at all. One that is there is replaced."""
    require(actor, "plan.export")
    if format_name not in EXPORT_FORMATS:
        raise AssetmgrError("export_format_unknown", format=format_name, formats=list(EXPORT_FORMATS))
    plan = store.find(connection, actor, identity)
    last_year = plan["first_year"] + plan["years"] - 1
    if year is not None and not plan["first_year"] <= year <= last_year:
        raise AssetmgrError("year_outside_plan", year=year, first=plan["first_year"], last=last_year, name=plan["name"])
    check_place(path)
    if belongs_to_a_register(connection.engine, path):
        raise AssetmgrError("file_is_register", path=str(path))
    register = registers.info_of(connection, actor)
    EXPORT_FORMATS[format_name](_Export(connection, actor, plan, year, path, language, register))


@dataclass(frozen=True)
class _Export:
    """What is to be written, for whom and where."""

    connection: Connection
    actor: Actor
    plan: Mapping[Any, Any]
    year: int | None
    path: Path
    language: str
    register: registers.RegisterInfo

    @property
    def reader(self) -> Reader:
        return Reader(self.language, self.plan["price_level"], self.register.is_demo)

    def measures(self, *, with_geometry: bool = False) -> Any:
        """The funded rows that are meant."""
        return store.rows(
            self.connection, self.actor, self.plan["id"], funded=True, year=self.year, with_geometry=with_geometry
        )


def _write_workbook(wanted: _Export) -> None:
    plan_id = wanted.plan["id"]
    unfunded = store.rows(wanted.connection, wanted.actor, plan_id, funded=False, year=wanted.year)
    in_words = PlanInWords(
        plan=wanted.plan,
        measures=wanted.measures(),
        unfunded=unfunded,
        year=wanted.year,
        municipality=wanted.register.name,
        municipality_code=wanted.register.code,
        rows_withheld=store.rows_are_withheld(wanted.connection, wanted.actor, plan_id),
        reader=wanted.reader,
    )
    with replacing(wanted.path) as unfinished:
        workbook.write(unfinished, report_of(in_words))


def _write_text(wanted: _Export) -> None:
    table = table_of(wanted.measures(), measure_columns(wanted.reader), wanted.reader)
    with replacing(wanted.path) as unfinished:
        text_file.write(unfinished, table, wanted.reader.yes_no)


def _write_layer(layer_format: layer_file.LayerFormat) -> Callable[[_Export], None]:
    def write(wanted: _Export) -> None:
        rows = wanted.measures(with_geometry=True)
        table = table_of(rows, measure_columns(wanted.reader), wanted.reader)
        geometry = np.empty(len(rows), dtype=object)
        geometry[:] = shapely.from_wkb([row["geometry"] for row in rows]).tolist() if rows else []
        register = wanted.register
        try:
            layer_file.write_table(
                wanted.path, layer_format, table, geometry, register.crs_epsg, register.display_crs_epsg, LAYER_NAME
            )
        except LayerError as error:
            raise AssetmgrError("file_not_writable", path=str(wanted.path), reason=str(error.details)) from error

    return write


EXPORT_FORMATS: dict[str, Callable[[_Export], None]] = {
    "xlsx": _write_workbook,
    "csv": _write_text,
    "gpkg": _write_layer("gpkg"),
    "geojson": _write_layer("geojson"),
}
