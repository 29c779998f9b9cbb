"""Making a register: its coordinate system and its municipality are chosen once, and stay."""

from datetime import date

import numpy as np
import shapely
from sqlalchemy import Engine

from assetmgr.changes import Change
from assetmgr.errors import AssetmgrError, DatabaseUnusable
from assetmgr.geography import Municipality, municipality
from assetmgr.ids import new_uids
from assetmgr.store import registers, schema, spatial
from assetmgr.store.access import operator
from assetmgr.store.engine import WRITES, shown_location
from assetmgr.store.writing import Clock, Occasion, Writing, reading, utc_now
from geodata import crs

DEFAULT_CRS = 3006
WGS84 = 4326
NAMELESS = "Namnlös kommun"


def create(
    engine: Engine,
    *,
    municipality_code: str | None = None,
    crs_epsg: int = DEFAULT_CRS,
    clock: Clock = utc_now,
    demo_as_of: date | None = None,
) -> registers.RegisterInfo:
    """Make a register in an empty database; an existing one is refused untouched. Schema and register come together
    or not at all.
    """
    system = crs.parse_crs(crs_epsg)
    if system.is_geographic or system.epsg is None:
        raise AssetmgrError("crs_unsuitable", crs=f"EPSG:{crs_epsg}")
    place = _municipality(municipality_code)
    boundary = _boundary(place, system)
    if schema.check_usable(engine, may_be_empty=True) is not None:
        with reading(engine) as connection:
            if registers.exists(connection):
                raise DatabaseUnusable("register_exists", path=shown_location(engine))
    schema.upgrade(engine)
    at = clock()
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        if registers.exists(connection):
            raise DatabaseUnusable("register_exists", path=shown_location(engine))
        registers.create(connection, system.epsg, at, demo_as_of)
        spatial.create_geometry_column(connection, system.epsg)
        code = place.code if place else registers.NAMELESS_CODE
        name = place.name if place else NAMELESS
        municipality_id = registers.add_municipality(connection, code, name, boundary, _display_crs(place))
        work = Writing(connection, operator(municipality_id), at, Occasion("init"))
        made = {"municipality": code, "name": name, "crs": system.text}
        uid = new_uids(1, at, lambda size: municipality_id.to_bytes(size, "big"))[0]
        work.record([Change("register", 1, uid, None, made)])
        work.seal()
        return registers.info(connection)


def _municipality(code: str | None) -> Municipality | None:
    if code is None:
        return None
    found = municipality(code)
    if found is None:
        raise AssetmgrError("municipality_unknown", municipality=code)
    return found


def _boundary(place: Municipality | None, system: crs.Crs) -> bytes | None:
    if place is None:
        return None
    given = np.array([place.boundary], dtype=object)
    if not crs.within_area_of_use(given, crs.parse_crs(WGS84)).all() or not _covers(system, place):
        raise AssetmgrError("crs_far_from_municipality", crs=system.text, municipality=place.name)
    placed, unplaceable = crs.transform(given, crs.parse_crs(WGS84), system)
    if unplaceable.any():
        raise AssetmgrError("crs_far_from_municipality", crs=system.text, municipality=place.name)
    return bytes(shapely.to_wkb(placed[0], output_dimension=2))


def _covers(system: crs.Crs, place: Municipality) -> bool:
    """Whether the municipality lies where the system is meant to be used; a local zone is used past its edges."""
    if system.area_of_use is None:
        return True
    west, south, east, north = system.area_of_use
    margin = 1.5
    reach = shapely.box(west - margin, south - margin, east + margin, north + margin)
    return bool(shapely.covers(reach, place.boundary))


_ZONES = {
    12.0: 3007,
    13.5: 3008,
    14.25: 3012,
    15.0: 3009,
    15.75: 3013,
    16.5: 3010,
    17.25: 3014,
    18.0: 3011,
    18.75: 3015,
    20.25: 3016,
    21.75: 3017,
    23.25: 3018,
}
"""Central meridian of each local SWEREF 99 zone and its EPSG number."""


def _display_crs(place: Municipality | None) -> int | None:
    """The local zone whose meridian lies nearest: what people are shown until the municipality says another."""
    if place is None:
        return None
    longitude = place.boundary.centroid.x
    return _ZONES[min(_ZONES, key=lambda meridian: abs(meridian - longitude))]
