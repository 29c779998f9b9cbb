from assetmgr.catalogue.common import ADMINISTRATION, DESIGNATION, STATUS, area_m2, day
from assetmgr.catalogue.model import AssetType, Attribute, Choice

ASSET_TYPE = AssetType(
    name="service_area",
    slug_sv="verksamhetsomraden",
    label_sv="Verksamhetsområde",
    label_plural_sv="Verksamhetsområden",
    label_en="Service area",
    label_plural_en="Service areas",
    geometry_kind="Polygon",
    measured="area_m2",
    default_fund="va",
    attributes=(
        DESIGNATION,
        STATUS,
        Attribute(
            "services",
            "Vattentjänster",
            "Water services",
            str,
            choices=(
                Choice("V", "Vatten", "Water", ("vatten",)),
                Choice("S", "Spillvatten", "Wastewater", ("spill",)),
                Choice("VS", "Vatten och spillvatten", "Water and wastewater", ("V+S", "V,S", "V/S")),
                Choice("VSD", "Vatten, spill- och dagvatten", "Water, wastewater and stormwater", ("V+S+D", "V,S,D")),
                Choice("D", "Dagvatten", "Stormwater", ("Df",)),
                Choice("Dg", "Dagvatten från gata", "Stormwater from street", ("dagvatten gata",)),
            ),
            aliases=("tjänster", "tjänst", "vattentjänst", "vo_tjänst"),
        ),
        area_m2(),
        day("decided_on", "Beslutad", "Decided on", "beslutsdatum", "kf_datum", "beslut_datum"),
        Attribute("case_number", "Diarienummer", "Case number", str, aliases=("dnr", "diarienr")),
        *ADMINISTRATION,
    ),
    group="network",
    import_aliases=("VO", "VERKSAMHETSOMRÅDE", "Verksamhetsområde", "Service area"),
)
