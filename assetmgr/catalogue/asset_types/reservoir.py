from assetmgr.catalogue.common import ADMINISTRATION, level_m
from assetmgr.catalogue.model import AssetType, Consequence, CurveRule
from assetmgr.catalogue.reference_values.network_prices import NETWORK_PRICES
from assetmgr.catalogue.stations import STATION_TECHNICAL, volume_m3

ASSET_TYPE = AssetType(
    name="reservoir",
    slug_sv="reservoarer",
    label_sv="Reservoar",
    label_plural_sv="Reservoarer",
    label_en="Reservoir",
    label_plural_en="Reservoirs",
    geometry_kind="Polygon",
    also_geometry_kinds=("Point",),
    default_fund="va",
    attributes=(
        *(a for a in STATION_TECHNICAL if a.name not in ("size_class", "pumps", "capacity_l_s", "backup_power")),
        volume_m3("reservoarvolym"),
        level_m("top_level_m", "Högsta vattennivå", "Highest water level", "högvattenyta", "hvy"),
        *ADMINISTRATION,
    ),
    group="network",
    curve_rules=(CurveRule("station_structure"),),
    treatments=("renovate_reservoir",),
    statutory_checks=("own_control_reservoir",),
    consequence=Consequence(cost=NETWORK_PRICES["reservoir_renovation"]),
    import_aliases=("RES", "RESERVOAR", "VATTENTORN", "Vattentorn", "Water tower"),
)
