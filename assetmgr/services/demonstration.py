"""Puts the invented municipality into an empty register, on record like everything else."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely

from assetmgr.catalogue import ASSET_TYPES, CATALOGUE
from assetmgr.demonstration import (
    CRS_EPSG,
    DEFAULT_AS_OF,
    DEFAULT_SEED,
    EARLIEST_AS_OF,
    DemoAsset,
    DemoInspection,
    Demonstration,
    build,
)
from assetmgr.errors import AssetmgrError
from assetmgr.services import condition
from assetmgr.store import assets, inspections
from assetmgr.store.assets import NewAssets
from assetmgr.store.registers import RegisterInfo
from assetmgr.store.writing import Writing
from geodata import crs
from geodata.geometry import fingerprint

__all__ = ["DEFAULT_AS_OF", "DEFAULT_SEED", "EARLIEST_AS_OF", "DemoSummary", "fill"]

STORED_ORDER = (
    "property_unit",
    "service_area",
    "water_works",
    "wastewater_works",
    "reservoir",
    "retention_storage",
    "stormwater_pond",
    "pumping_station",
    "booster_station",
    "manhole",
    "valve",
    "hydrant",
    "flushing_post",
    "connection_point",
    "lta_station",
    "water_pipe",
    "wastewater_pipe",
    "stormwater_pipe",
    "combined_pipe",
    "pressure_sewer_pipe",
    "service_pipe",
    "building",
    "building_component",
    "playground",
)
"""Types in an order in which parents and nodes come before what names them."""


@dataclass(frozen=True)
class DemoSummary:
    """How much was put into the register."""

    assets: int
    inspections: int
    by_type: Mapping[str, int]


def check_day(as_of: date) -> None:
    """Refuse a day when what is shown was not built yet."""
    if as_of < EARLIEST_AS_OF:
        raise AssetmgrError("demonstration_too_early", earliest=EARLIEST_AS_OF.isoformat(), as_of=as_of.isoformat())


def fill(work: Writing, register: RegisterInfo, as_of: date, seed: int = DEFAULT_SEED) -> DemoSummary:
    """Insert the invented municipality as it stands on `as_of`, with the conditions that follow from what was seen
    there.

    The register must be empty of its keys. The same day, seed, clock and random bytes give the same rows.
    A day before `EARLIEST_AS_OF` is refused.
    """
    check_day(as_of)
    invented = build(as_of, seed)
    identity = _insert_assets(work, register, invented)
    _insert_inspections(work, invented.inspections, identity)
    condition.refresh_from_inspections(work)
    condition.estimate_missing(work, as_of.year)
    by_type = Counter(asset.asset_type for asset in invented.assets)
    return DemoSummary(len(invented.assets), len(invented.inspections), dict(sorted(by_type.items())))


Identity = dict[str, tuple[int, str]]
"""Key to id and uid."""


def _insert_assets(work: Writing, register: RegisterInfo, invented: Demonstration) -> Identity:
    batches: dict[tuple[str, str], list[DemoAsset]] = defaultdict(list)
    for asset in invented.assets:
        batches[asset.asset_type, asset.source].append(asset)
    identity: Identity = {}
    for (asset_type, source), batch in sorted(batches.items(), key=lambda item: STORED_ORDER.index(item[0][0])):
        inserted = assets.insert_many(work, _new_assets(asset_type, source, batch, identity, register))
        for asset, asset_id, uid in zip(batch, inserted.ids, inserted.uids, strict=True):
            identity[asset.key] = (asset_id, uid)
    return identity


def _new_assets(
    asset_type: str, source: str, batch: Sequence[DemoAsset], identity: Identity, register: RegisterInfo
) -> NewAssets:
    geometry, length_m, area_m2 = _measured(batch, register.crs_epsg)
    names = sorted({name for asset in batch for name in asset.columns})
    columns: dict[str, Sequence[Any]] = {name: [asset.columns.get(name) for asset in batch] for name in names}
    columns["protection_class"] = [asset.columns.get("protection_class", 0) for asset in batch]
    measured_by_geometry = ASSET_TYPES[asset_type].measured
    if measured_by_geometry is not None:
        measured = length_m if measured_by_geometry == "length_m" else area_m2
        given = columns.get(measured_by_geometry, [None] * len(batch))
        columns[measured_by_geometry] = [
            found if found is not None else own for found, own in zip(measured, given, strict=True)
        ]
    columns["parent_id"] = [_id_of(identity, asset.parent) for asset in batch]
    columns["from_node_id"] = [_id_of(identity, asset.from_node) for asset in batch]
    columns["to_node_id"] = [_id_of(identity, asset.to_node) for asset in batch]
    return NewAssets(
        asset_type=asset_type,
        source=source,
        keys=[asset.key for asset in batch],
        columns=columns,
        attributes=[asset.attributes for asset in batch],
        geometry_wkb=shapely.to_wkb(geometry, output_dimension=2, byte_order=1).tolist(),
        geometry_digest=fingerprint(geometry).tolist(),
        bounds=shapely.bounds(geometry),
    )


def _id_of(identity: Identity, key: str | None) -> int | None:
    return identity[key][0] if key is not None else None


def _measured(
    batch: Sequence[DemoAsset], crs_epsg: int
) -> tuple[np.ndarray[Any, np.dtype[np.object_]], list[float | None], list[float | None]]:
    """Geometry in the register's coordinate system (n,), and geodesic length of lines and area of surfaces."""
    geometry: np.ndarray[Any, np.dtype[np.object_]] = np.array([asset.geometry for asset in batch], dtype=object)
    drawn_in = crs.parse_crs(CRS_EPSG)
    kind = shapely.get_type_id(geometry)
    length = np.round(crs.geodesic_length_m(geometry, drawn_in), 3).tolist()
    area = np.round(crs.geodesic_area_m2(geometry, drawn_in), 3).tolist()
    lengths = [value if of == shapely.GeometryType.LINESTRING else None for value, of in zip(length, kind, strict=True)]
    areas = [value if of == shapely.GeometryType.POLYGON else None for value, of in zip(area, kind, strict=True)]
    if crs_epsg != CRS_EPSG:
        geometry, _ = crs.transform(geometry, drawn_in, crs.parse_crs(crs_epsg))
    return geometry, lengths, areas


def _insert_inspections(work: Writing, seen: Sequence[DemoInspection], identity: Identity) -> None:
    scales = CATALOGUE.scales
    inspections.insert_many(
        work,
        [identity[one.asset][0] for one in seen],
        [identity[one.asset][1] for one in seen],
        {
            "kind": [one.kind for one in seen],
            "inspected_on": [one.inspected_on for one in seen],
            "scale": [one.scale for one in seen],
            "native_grade": [one.native_grade for one in seen],
            "health_index": [
                scales[one.scale].health(one.native_grade) if one.scale and one.native_grade else None for one in seen
            ],
            "check_name": [one.check_name for one in seen],
            "approved": [one.approved for one in seen],
            "next_due_on": [one.next_due_on for one in seen],
            "note": [one.note for one in seen],
        },
    )
