"""What is done to playgrounds, retention storages and ponds."""

from assetmgr.catalogue.model import TreatmentRule
from assetmgr.catalogue.reference_values.building_prices import BUILDING_PRICES
from assetmgr.catalogue.reference_values.network_prices import NETWORK_PRICES

OUTDOOR_TREATMENTS: tuple[TreatmentRule, ...] = (
    TreatmentRule(
        name="replace_playground_equipment",
        label_sv="Byte av lekutrustning",
        label_en="Playground equipment replacement",
        kind="value_preserving",
        booking="capital",
        unit_price=BUILDING_PRICES["playground_equipment"],
        per="each",
        age_removed=1.0,
        apply_at_or_below=40,
        years_between=10,
    ),
    TreatmentRule(
        name="repair_playground",
        label_sv="Reparation av lekplats",
        label_en="Playground repair",
        kind="maintenance",
        booking="operating",
        unit_price=BUILDING_PRICES["playground_repair"],
        per="each",
        age_removed=0.2,
        apply_at_or_below=75,
        years_between=3,
    ),
    TreatmentRule(
        name="desludge_retention_storage",
        label_sv="Slamtömning av magasin",
        label_en="Desludging of retention storage",
        kind="maintenance",
        booking="operating",
        unit_price=NETWORK_PRICES["retention_desludging"],
        per="each",
        age_removed=0.2,
        apply_at_or_below=75,
        years_between=5,
    ),
    TreatmentRule(
        name="dredge_stormwater_pond",
        label_sv="Rensning av dagvattendamm",
        label_en="Dredging of stormwater pond",
        kind="maintenance",
        booking="operating",
        unit_price=NETWORK_PRICES["pond_dredging"],
        per="each",
        age_removed=0.5,
        apply_at_or_below=60,
        years_between=10,
    ),
)
