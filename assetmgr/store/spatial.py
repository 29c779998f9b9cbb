"""The spatial index: an R*Tree beside the table on SQLite, a generated geometry column with GiST on PostGIS."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, and_, column, func, literal_column, select, table, text
from sqlalchemy.engine import Connection

from assetmgr.store import tables

_bounds = table("asset_bounds", column("id"), column("min_x"), column("max_x"), column("min_y"), column("max_y"))


def create_geometry_column(connection: Connection, crs_epsg: int) -> None:
    """On PostGIS, the column that QGIS and the spatial index see; it follows the stored WKB by itself."""
    if connection.dialect.name != "postgresql":
        return
    connection.execute(
        text(
            f"ALTER TABLE asset ADD COLUMN geom geometry(Geometry, {int(crs_epsg)}) "
            f"GENERATED ALWAYS AS (ST_SetSRID(ST_GeomFromWKB(geometry), {int(crs_epsg)})) STORED"
        )
    )
    connection.execute(text("CREATE INDEX ix_asset_geom ON asset USING gist (geom)"))


def intersects_box(connection: Connection, box: tuple[float, float, float, float]) -> ColumnElement[bool]:
    """A condition on assets whose bounds meet (min_x, min_y, max_x, max_y), answered by the index."""
    min_x, min_y, max_x, max_y = box
    asset = tables.asset.c
    # Both indexes keep bounds in single precision, half a metre at Swedish northings, and so only say what may meet.
    exactly = and_(asset.max_x >= min_x, asset.min_x <= max_x, asset.max_y >= min_y, asset.min_y <= max_y)
    if connection.dialect.name == "postgresql":
        # As a subquery of its own, or the index could not be used.
        crs_epsg = select(tables.register.c.crs_epsg).scalar_subquery()
        geom: ColumnElement[Any] = literal_column("asset.geom")
        return and_(geom.op("&&")(func.ST_MakeEnvelope(min_x, min_y, max_x, max_y, crs_epsg)), exactly)
    maybe = select(_bounds.c.id).where(
        _bounds.c.max_x >= min_x, _bounds.c.min_x <= max_x, _bounds.c.max_y >= min_y, _bounds.c.min_y <= max_y
    )
    return and_(asset.id.in_(maybe), exactly)


@contextmanager
def index_rebuilt(connection: Connection, first_id: int, rows: int) -> Iterator[None]:
    """Around the insertion of many assets with ids from `first_id`: fills the index once afterwards, which is faster.

    Small batches leave the triggers alone, since changing the schema makes other connections prepare their statements
    anew.
    """
    if connection.dialect.name != "sqlite" or rows < 5_000:
        yield
        return
    trigger = connection.execute(
        text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'asset_bounds_insert'")
    ).scalar_one()
    connection.execute(text("DROP TRIGGER asset_bounds_insert"))
    yield
    connection.execute(
        text(
            "INSERT INTO asset_bounds SELECT id, min_x, max_x, min_y, max_y FROM asset "
            "WHERE id >= :first AND min_x IS NOT NULL"
        ),
        {"first": first_id},
    )
    connection.exec_driver_sql(trigger)
