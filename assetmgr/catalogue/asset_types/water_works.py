from assetmgr.catalogue.model import AssetType, Consequence, CurveRule
from assetmgr.catalogue.reference_values.network_prices import NETWORK_PRICES
from assetmgr.catalogue.stations import WORKS_ATTRIBUTES

# A works has no template for its own replacement value: it is entered, or its parts are child assets.
ASSET_TYPE = AssetType(
    name="water_works",
    slug_sv="vattenverk",
    label_sv="Vattenverk",
    label_plural_sv="Vattenverk",
    label_en="Water treatment works",
    label_plural_en="Water treatment works",
    geometry_kind="Polygon",
    also_geometry_kinds=("Point",),
    default_fund="va",
    attributes=WORKS_ATTRIBUTES,
    group="network",
    curve_rules=(CurveRule("station_structure"),),
    treatments=("refurbish_works", "refurbish_station_electrical"),
    statutory_checks=("electrical_own_control", "electrical_revision"),
    consequence=Consequence(cost=NETWORK_PRICES["works_refurbishment"]),
    import_aliases=("VV", "VATTENVERK", "WTP"),
)
