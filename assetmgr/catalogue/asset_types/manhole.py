from assetmgr.catalogue.common import (
    ADMINISTRATION,
    BUILDING_YEAR,
    DESIGNATION,
    RENEWED_YEAR,
    STATUS,
    depth_m,
    dimension_mm,
    level_m,
    material,
)
from assetmgr.catalogue.materials import MANHOLE_MATERIALS
from assetmgr.catalogue.model import AssetType, Attribute, Choice, Consequence, CurveRule
from assetmgr.catalogue.reference_values.factors import FACTORS
from assetmgr.catalogue.reference_values.network_prices import NETWORK_PRICES

MANHOLE_KIND = Attribute(
    "manhole_kind",
    "Brunnstyp",
    "Kind of manhole",
    str,
    choices=(
        Choice("manhole", "Nedstigningsbrunn", "Manhole", ("N", "NB", "BR-N", "nedstigning")),
        Choice("inspection_chamber", "Tillsynsbrunn", "Inspection chamber", ("T", "TB", "BR-T", "tillsyn")),
        Choice("rodding_eye", "Rensbrunn", "Rodding eye", ("R", "RB", "BR-R", "rens")),
        Choice("gully", "Dagvattenbrunn, rännsten", "Gully", ("RST", "DB", "rännstensbrunn", "dagvattenbrunn")),
        Choice("valve_chamber", "Ventilbrunn", "Valve chamber", ("VB", "ventilkammare")),
    ),
    aliases=("brunntyp", "brunnskod", "brtyp", "nodtyp", "typ"),
)

ASSET_TYPE = AssetType(
    name="manhole",
    slug_sv="brunnar",
    label_sv="Brunn",
    label_plural_sv="Brunnar",
    label_en="Manhole",
    label_plural_en="Manholes",
    geometry_kind="Point",
    default_fund="va",
    attributes=(
        DESIGNATION,
        STATUS,
        MANHOLE_KIND,
        material(MANHOLE_MATERIALS),
        dimension_mm("Diameter", "Diameter"),
        depth_m("depth_m", "Djup", "Depth", "brunnsdjup"),
        BUILDING_YEAR,
        level_m("cover_level_m", "Marknivå", "Cover level", "lock_nivå", "betäckningsnivå", "markhöjd", "öknivå"),
        level_m("invert_level_m", "Vattengång", "Invert level", "vg", "bottennivå", "vg_nivå"),
        Attribute("cover_kind", "Betäckning", "Cover", str, aliases=("lock", "locktyp", "betäckningstyp")),
        RENEWED_YEAR,
        *ADMINISTRATION,
    ),
    group="network",
    curve_rules=(
        CurveRule("plastic_sewer_from_1980", materials=("PE", "PP", "PVC", "GAP")),
        CurveRule("manhole_concrete"),
    ),
    treatments=("replace_manhole", "renovate_manhole"),
    grading_scale="p122",
    consequence=Consequence(haste_share=FACTORS["haste_share"]),
    replacement_price=NETWORK_PRICES["new_manhole"],
    import_aliases=("BR", "BR-N", "BR-T", "BR-R", "BRUNN", "Nedstigningsbrunn", "Manhole"),
)
