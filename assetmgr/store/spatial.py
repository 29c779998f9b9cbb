"""The spatial index: an R*Tree beside the table on SQLite, a generated geometry column with GiST on PostGIS."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import ColumnElement, column, select, table, text
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
    if connection.dialect.name == "postgresql":
        return text("asset.geom && ST_MakeEnvelope(:bx0, :by0, :bx1, :by1, ST_SRID(asset.geom))").bindparams(
            bx0=min_x, by0=min_y, bx1=max_x, by1=max_y
        )
    return tables.asset.c.id.in_(
        select(_bounds.c.id).where(
            _bounds.c.max_x >= min_x, _bounds.c.min_x <= max_x, _bounds.c.max_y >= min_y, _bounds.c.min_y <= max_y
        )
    )


@contextmanager
def index_rebuilt(connection: Connection, first_id: int, rows: int) -> Iterator[None]:
    """Around the insertion of many assets with ids from `first_id`: the index is filled once afterwards, which is faster.

    Small batches leave the triggers alone, since changing the schema makes other connections prepare their statements anew.
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
