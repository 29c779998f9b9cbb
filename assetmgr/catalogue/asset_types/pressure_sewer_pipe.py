from assetmgr.catalogue.curve_rules import WATER_RULES
from assetmgr.catalogue.model import AssetType
from assetmgr.catalogue.pipes import PIPE_FAILURE, PRESSURE_PIPE_ATTRIBUTES

ASSET_TYPE = AssetType(
    name="pressure_sewer_pipe",
    slug_sv="tryckspillvattenledningar",
    label_sv="Tryckspillvattenledning",
    label_plural_sv="Tryckspillvattenledningar",
    label_en="Pressure sewer",
    label_plural_en="Pressure sewers",
    geometry_kind="LineString",
    measured="length_m",
    default_fund="va",
    attributes=tuple(a for a in PRESSURE_PIPE_ATTRIBUTES if a.name != "pressure_zone"),
    group="network",
    curve_rules=WATER_RULES,
    treatments=("replace_pressure_sewer", "replace_pressure_sewer_shallow", "renew_pressure_sewer_trenchless"),
    consequence=PIPE_FAILURE,
    replaced_by=("replace_pressure_sewer", "replace_pressure_sewer_shallow"),
    import_aliases=("LED-TS", "TS", "TSL", "TRYCKSPILL", "Tryckspillvattenledning", "Force main", "Pressure sewer"),
)
