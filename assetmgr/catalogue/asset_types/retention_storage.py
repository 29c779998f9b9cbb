from assetmgr.catalogue.common import ADMINISTRATION, BUILDING_YEAR, DESIGNATION, STATUS, area_m2, depth_m, level_m
from assetmgr.catalogue.model import AssetType, Consequence, CurveRule
from assetmgr.catalogue.reference_values.network_prices import NETWORK_PRICES
from assetmgr.catalogue.stations import volume_m3

ASSET_TYPE = AssetType(
    name="retention_storage",
    slug_sv="fordrojningsmagasin",
    label_sv="Fördröjningsmagasin",
    label_plural_sv="Fördröjningsmagasin",
    label_en="Retention storage",
    label_plural_en="Retention storages",
    geometry_kind="Polygon",
    measured="area_m2",
    also_geometry_kinds=("Point",),
    default_fund="va",
    attributes=(
        DESIGNATION,
        STATUS,
        BUILDING_YEAR,
        area_m2(),
        volume_m3(),
        depth_m("sediment_m", "Sedimentdjup", "Sediment depth", "sediment", "slamdjup"),
        level_m("sediment_level_m", "Sedimentnivå", "Sediment level", "slamnivå"),
        *ADMINISTRATION,
    ),
    group="network",
    curve_rules=(CurveRule("station_structure"),),
    treatments=("desludge_retention_storage",),
    consequence=Consequence(cost=NETWORK_PRICES["retention_desludging"]),
    import_aliases=("MAG", "MAGASIN", "Fördröjningsmagasin", "Utjämningsmagasin"),
)
