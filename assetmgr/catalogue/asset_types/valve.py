from assetmgr.catalogue.common import (
    ADMINISTRATION,
    DESIGNATION,
    INSTALLED_YEAR,
    PRESSURE_CLASS,
    STATUS,
    day,
    dimension_mm,
)
from assetmgr.catalogue.model import AssetType, Attribute, Choice, Consequence, CurveRule
from assetmgr.catalogue.reference_values.factors import FACTORS
from assetmgr.catalogue.reference_values.network_prices import NETWORK_PRICES

ASSET_TYPE = AssetType(
    name="valve",
    slug_sv="ventiler",
    label_sv="Ventil",
    label_plural_sv="Ventiler",
    label_en="Valve",
    label_plural_en="Valves",
    geometry_kind="Point",
    default_fund="va",
    attributes=(
        DESIGNATION,
        STATUS,
        Attribute(
            "valve_kind",
            "Ventiltyp",
            "Kind of valve",
            str,
            choices=(
                Choice("gate", "Avstängningsventil", "Gate valve", ("AV", "avstängning", "kilslid", "slussventil")),
                Choice("service", "Servisventil", "Service valve", ("SV", "servis")),
                Choice("butterfly", "Vridspjällsventil", "Butterfly valve", ("vridspjäll",)),
                Choice("non_return", "Backventil", "Non-return valve", ("back", "check valve")),
                Choice("air", "Luftningsventil", "Air valve", ("luftning", "luftare")),
                Choice("pressure_reducing", "Tryckreducering", "Pressure reducing valve", ("reducerventil", "prv")),
            ),
            aliases=("typ", "valve_type"),
        ),
        Attribute(
            "position",
            "Läge",
            "Position",
            str,
            choices=(
                Choice("open", "Öppen", "Open", ("öppet", "ö")),
                Choice("closed", "Stängd", "Closed", ("stängt", "s")),
                Choice("throttled", "Strypt", "Throttled", ("delvis öppen",)),
            ),
            aliases=("ventilläge", "valve_status", "öppen_stängd"),
        ),
        dimension_mm(),
        INSTALLED_YEAR,
        PRESSURE_CLASS,
        day("last_exercised_on", "Senast motionerad", "Last exercised on", "motionerad", "motionsdatum"),
        *ADMINISTRATION,
    ),
    group="network",
    curve_rules=(CurveRule("valve"),),
    treatments=("replace_valve",),
    statutory_checks=("own_control_valve",),
    consequence=Consequence(haste_share=FACTORS["haste_share"]),
    replacement_price=NETWORK_PRICES["valve_replacement"],
    import_aliases=("AN-V", "AV", "VENTIL", "Valve"),
)
