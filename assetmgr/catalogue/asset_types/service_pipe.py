from assetmgr.catalogue.common import (
    ADMINISTRATION,
    DESIGNATION,
    GROUND_ATTRIBUTE,
    INSULATED,
    LAID_YEAR,
    LENGTH_M,
    PRESSURE_CLASS,
    PROPERTY_DESIGNATION,
    RENEWAL_METHOD,
    RENEWED_YEAR,
    SDR,
    STATUS,
    SURROUNDINGS_ATTRIBUTE,
    dimension_mm,
    material,
)
from assetmgr.catalogue.curve_rules import SEWER_RULES, WATER_RULES, where
from assetmgr.catalogue.model import AssetType, Attribute, Choice
from assetmgr.catalogue.pipes import PIPE_FAILURE
from assetmgr.catalogue.reference_values.network_prices import NETWORK_PRICES

MEDIUM = Attribute(
    "medium",
    "Medium",
    "Medium",
    str,
    choices=(
        Choice("V", "Vatten", "Water", ("vattenservis",)),
        Choice("S", "Spillvatten", "Wastewater", ("spill", "spillservis", "sewer")),
        Choice("D", "Dagvatten", "Stormwater", ("dag", "storm")),
        Choice("K", "Kombinerat", "Combined", ("komb", "kombinerad")),
        Choice("TS", "Tryckspillvatten", "Pressure sewage", ("tryckspill", "lta")),
    ),
    aliases=("vattentyp", "system_type", "tjänst", "ledningsslag"),
)

ASSET_TYPE = AssetType(
    name="service_pipe",
    slug_sv="servisledningar",
    label_sv="Servisledning",
    label_plural_sv="Servisledningar",
    label_en="Service pipe",
    label_plural_en="Service pipes",
    geometry_kind="LineString",
    measured="length_m",
    default_fund="va",
    attributes=(
        DESIGNATION,
        STATUS,
        MEDIUM,
        PROPERTY_DESIGNATION,
        material(),
        dimension_mm(),
        LAID_YEAR,
        LENGTH_M,
        PRESSURE_CLASS,
        SDR,
        INSULATED,
        RENEWED_YEAR,
        RENEWAL_METHOD,
        SURROUNDINGS_ATTRIBUTE,
        GROUND_ATTRIBUTE,
        *ADMINISTRATION,
    ),
    group="network",
    curve_rules=(*where(SEWER_RULES, medium=("S", "D", "K")), *WATER_RULES),
    treatments=("replace_service", "replace_service_gravity"),
    consequence=PIPE_FAILURE,
    replacement_price=NETWORK_PRICES["new_service"],
    parent_types=("connection_point",),
    import_aliases=("SERV", "SERVIS", "Servisledning", "Service line", "Lateral"),
)
