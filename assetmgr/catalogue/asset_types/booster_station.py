from assetmgr.catalogue.common import ADMINISTRATION
from assetmgr.catalogue.model import AssetType, Consequence, CurveRule
from assetmgr.catalogue.reference_values.network_prices import NETWORK_PRICES
from assetmgr.catalogue.stations import STATION_TECHNICAL

ASSET_TYPE = AssetType(
    name="booster_station",
    slug_sv="tryckstegringsstationer",
    label_sv="Tryckstegringsstation",
    label_plural_sv="Tryckstegringsstationer",
    label_en="Booster station",
    label_plural_en="Booster stations",
    geometry_kind="Point",
    also_geometry_kinds=("Polygon",),
    default_fund="va",
    attributes=(*STATION_TECHNICAL, *ADMINISTRATION),
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
    import_aliases=("TST", "TRYCKSTEGRING", "Tryckstegringsstation", "Booster"),
)
