from assetmgr.catalogue.common import (
    ADDRESS,
    ADMINISTRATION,
    DESIGNATION,
    INSTALLED_YEAR,
    STATUS,
    day,
    dimension_mm,
)
from assetmgr.catalogue.model import AssetType, Attribute, Choice, Consequence, CurveRule
from assetmgr.catalogue.reference_values.factors import FACTORS
from assetmgr.catalogue.reference_values.network_prices import NETWORK_PRICES

ASSET_TYPE = AssetType(
    name="hydrant",
    slug_sv="brandposter",
    label_sv="Brandpost",
    label_plural_sv="Brandposter",
    label_en="Hydrant",
    label_plural_en="Hydrants",
    geometry_kind="Point",
    default_fund="va",
    attributes=(
        DESIGNATION,
        STATUS,
        Attribute(
            "hydrant_kind",
            "Brandposttyp",
            "Kind of hydrant",
            str,
            choices=(
                Choice("underground", "Markbrandpost", "Underground hydrant", ("mark", "underjordisk")),
                Choice("pillar", "Brandpost ovan mark", "Pillar hydrant", ("stolpe", "ovan mark")),
            ),
            aliases=("typ", "hydrant_type"),
        ),
        dimension_mm(),
        INSTALLED_YEAR,
        ADDRESS,
        Attribute(
            "flow_l_s",
            "Flöde",
            "Flow",
            float,
            unit="l/s",
            aliases=("kapacitet", "kapacitet_l_s", "flöde_l_s"),
            minimum=0,
            maximum=500,
        ),
        day("last_exercised_on", "Senast motionerad", "Last exercised on", "motionerad", "motionsdatum"),
        *ADMINISTRATION,
    ),
    group="network",
    curve_rules=(CurveRule("hydrant"),),
    treatments=("replace_hydrant",),
    statutory_checks=("own_control_hydrant",),
    consequence=Consequence(haste_share=FACTORS["haste_share"]),
    replacement_price=NETWORK_PRICES["hydrant_replacement"],
    import_aliases=("AN-BP", "BP", "BRANDPOST", "Hydrant"),
)
