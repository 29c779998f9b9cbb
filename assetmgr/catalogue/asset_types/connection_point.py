from assetmgr.catalogue.common import (
    ADDRESS,
    ADMINISTRATION,
    DESIGNATION,
    INSTALLED_YEAR,
    PROPERTY_DESIGNATION,
    STATUS,
    day,
    level_m,
    yes_no,
)
from assetmgr.catalogue.model import AssetType, Attribute, Choice

SERVICES = Attribute(
    "services",
    "Tjänster",
    "Services",
    str,
    choices=(
        Choice("V", "Vatten", "Water", ("vatten",)),
        Choice("S", "Spillvatten", "Wastewater", ("spill",)),
        Choice("VS", "Vatten och spillvatten", "Water and wastewater", ("V+S", "V,S", "V/S", "V S", "VA")),
        Choice("D", "Dagvatten från fastighet", "Stormwater from property", ("Df",)),
        Choice(
            "VSD",
            "Vatten, spill- och dagvatten",
            "Water, wastewater and stormwater",
            ("V+S+D", "VSDf", "V,S,D", "V+S+Df"),
        ),
        Choice("SD", "Spill- och dagvatten", "Wastewater and stormwater", ("S+D", "SDf", "S,D")),
        Choice("VD", "Vatten och dagvatten", "Water and stormwater", ("V+D", "VDf", "V,D")),
        Choice("Dg", "Dagvatten från gata", "Stormwater from street", ("dagvatten gata",)),
    ),
    aliases=("tjänst", "servistyp", "va_tjänst", "va_tjänster", "anslutna_tjänster"),
    help_sv="De vattentjänster förbindelsepunkten ger; en punkt per fastighet.",
    help_en="The water services given at the point; one point per property.",
)

ASSET_TYPE = AssetType(
    name="connection_point",
    slug_sv="forbindelsepunkter",
    label_sv="Förbindelsepunkt",
    label_plural_sv="Förbindelsepunkter",
    label_en="Connection point",
    label_plural_en="Connection points",
    geometry_kind="Point",
    default_fund="va",
    attributes=(
        DESIGNATION,
        STATUS,
        PROPERTY_DESIGNATION,
        ADDRESS,
        SERVICES,
        INSTALLED_YEAR,
        day("established_on", "Upprättad", "Established on", "upprättad_datum", "upprättat", "fp_datum"),
        level_m(
            "invert_level_m", "VG-nivå spillvatten", "Invert level, wastewater", "vg", "vg_nivå", "vattengång", "vg_s"
        ),
        yes_no("needs_lta", "Kräver LTA-station", "Needs an LTA unit", "lta", "lta_krävs"),
        *ADMINISTRATION,
    ),
    group="network",
    parent_types=("property_unit",),
    import_aliases=("FP", "FÖRBINDELSEPUNKT", "Förbindelsepunkt", "Connection point"),
)
