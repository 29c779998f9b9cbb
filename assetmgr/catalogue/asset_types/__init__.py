"""One file per asset type; the register's order."""

from assetmgr.catalogue.asset_types import (
    booster_station,
    building,
    building_component,
    combined_pipe,
    connection_point,
    flushing_post,
    hydrant,
    lta_station,
    manhole,
    playground,
    pressure_sewer_pipe,
    property_unit,
    pumping_station,
    reservoir,
    retention_storage,
    service_area,
    service_pipe,
    stormwater_pipe,
    stormwater_pond,
    valve,
    wastewater_pipe,
    wastewater_works,
    water_pipe,
    water_works,
)
from assetmgr.catalogue.model import AssetType

ASSET_TYPES: dict[str, AssetType] = {
    module.ASSET_TYPE.name: module.ASSET_TYPE
    for module in (
        property_unit,
        building,
        building_component,
        playground,
        service_area,
        water_pipe,
        wastewater_pipe,
        stormwater_pipe,
        combined_pipe,
        pressure_sewer_pipe,
        service_pipe,
        connection_point,
        manhole,
        valve,
        hydrant,
        flushing_post,
        pumping_station,
        booster_station,
        lta_station,
        reservoir,
        water_works,
        wastewater_works,
        retention_storage,
        stormwater_pond,
    )
}
