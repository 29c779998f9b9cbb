from assetmgr.catalogue.common import ADMINISTRATION
from assetmgr.catalogue.model import AssetType, Consequence, CurveRule
from assetmgr.catalogue.reference_values.network_prices import NETWORK_PRICES
from assetmgr.catalogue.stations import OVERFLOWS, STATION_TECHNICAL

ASSET_TYPE = AssetType(
    name="pumping_station",
    slug_sv="pumpstationer",
    label_sv="Pumpstation",
    label_plural_sv="Pumpstationer",
    label_en="Pumping station",
    label_plural_en="Pumping stations",
    geometry_kind="Point",
    also_geometry_kinds=("Polygon",),
    default_fund="va",
    attributes=(*STATION_TECHNICAL, *OVERFLOWS, *ADMINISTRATION),
    group="network",
    curve_rules=(CurveRule("station_structure"),),
    treatments=(
        "replace_pumping_station",
        "replace_pumping_station_large",
        "replace_station_pumps",
        "refurbish_station_electrical",
        "refurbish_station_pipework",
    ),
    statutory_checks=("own_control_station", "electrical_own_control"),
    consequence=Consequence(cost=NETWORK_PRICES["pumping_station_pumps"]),
    replaced_by=("replace_pumping_station", "replace_pumping_station_large"),
    import_aliases=("PST", "PS", "PUMPSTATION", "Spillvattenpumpstation", "Pump station", "Lift station"),
)
