from assetmgr.catalogue.curve_rules import SEWER_RULES
from assetmgr.catalogue.model import AssetType
from assetmgr.catalogue.pipes import GRAVITY_PIPE_ATTRIBUTES, PIPE_FAILURE

ASSET_TYPE = AssetType(
    name="stormwater_pipe",
    slug_sv="dagvattenledningar",
    label_sv="Dagvattenledning",
    label_plural_sv="Dagvattenledningar",
    label_en="Stormwater pipe",
    label_plural_en="Stormwater pipes",
    geometry_kind="LineString",
    measured="length_m",
    default_fund="va",
    attributes=GRAVITY_PIPE_ATTRIBUTES,
    group="network",
    curve_rules=SEWER_RULES,
    treatments=(
        "replace_gravity_main",
        "replace_gravity_main_rural",
        "line_gravity_main",
        "repair_gravity_main",
        "flush_and_inspect",
    ),
    grading_scale="p122",
    statutory_checks=("own_control_cctv",),
    consequence=PIPE_FAILURE,
    replaced_by=("replace_gravity_main", "replace_gravity_main_rural"),
    import_aliases=("LED-D", "D", "DL", "DAG", "DAGVATTEN", "Dagvattenledning", "Stormwater", "Storm", "Storm pipe"),
)
