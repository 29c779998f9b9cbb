from assetmgr.catalogue.common import ADMINISTRATION, DESIGNATION, INSTALLED_YEAR, STATUS, day, dimension_mm
from assetmgr.catalogue.model import AssetType, Consequence, CurveRule
from assetmgr.catalogue.reference_values.factors import FACTORS
from assetmgr.catalogue.reference_values.network_prices import NETWORK_PRICES

# No figures are known for flushing posts of their own: those of hydrants stand in.
ASSET_TYPE = AssetType(
    name="flushing_post",
    slug_sv="spolposter",
    label_sv="Spolpost",
    label_plural_sv="Spolposter",
    label_en="Flushing post",
    label_plural_en="Flushing posts",
    geometry_kind="Point",
    default_fund="va",
    attributes=(
        DESIGNATION,
        STATUS,
        dimension_mm(),
        INSTALLED_YEAR,
        day("last_exercised_on", "Senast motionerad", "Last exercised on", "motionerad", "motionsdatum"),
        *ADMINISTRATION,
    ),
    group="network",
    curve_rules=(CurveRule("hydrant"),),
    treatments=("replace_flushing_post",),
    statutory_checks=("own_control_hydrant",),
    consequence=Consequence(haste_share=FACTORS["haste_share"]),
    replacement_price=NETWORK_PRICES["hydrant_replacement"],
    import_aliases=("AN-SP", "SP", "SPOLPOST", "Flushing post"),
)
