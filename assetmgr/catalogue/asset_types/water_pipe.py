from assetmgr.catalogue.curve_rules import WATER_RULES
from assetmgr.catalogue.model import AssetType
from assetmgr.catalogue.pipes import PIPE_FAILURE, PRESSURE_PIPE_ATTRIBUTES

ASSET_TYPE = AssetType(
    name="water_pipe",
    slug_sv="vattenledningar",
    label_sv="Vattenledning",
    label_plural_sv="Vattenledningar",
    label_en="Water pipe",
    label_plural_en="Water pipes",
    geometry_kind="LineString",
    measured="length_m",
    default_fund="va",
    attributes=PRESSURE_PIPE_ATTRIBUTES,
    group="network",
    curve_rules=WATER_RULES,
    treatments=("replace_water_main", "replace_water_main_rural", "renew_water_main_trenchless"),
    consequence=PIPE_FAILURE,
    replaced_by=("replace_water_main", "replace_water_main_rural"),
    import_aliases=("LED-V", "V", "VL", "VATTEN", "Vattenledning", "Water", "Water main", "watermain"),
)
