from assetmgr.catalogue.common import (
    ADDRESS,
    ADMINISTRATION,
    BUILDING_YEAR,
    DESIGNATION,
    PROPERTY_DESIGNATION,
    RENEWED_YEAR,
    STATUS,
    area_m2,
    count,
    yes_no,
)
from assetmgr.catalogue.model import AssetType, Attribute, Choice


def _area(name: str, label_sv: str, label_en: str, *aliases: str) -> Attribute:
    return Attribute(name, label_sv, label_en, float, unit="m²", aliases=aliases, minimum=0, maximum=1_000_000)


PURPOSE = Attribute(
    "purpose",
    "Ändamål",
    "Purpose",
    str,
    choices=(
        Choice("preschool", "Förskola", "Preschool", ("daghem", "dagis")),
        Choice("school", "Skola", "School", ("grundskola", "gymnasium", "samhällsfunktion;skola")),
        Choice("care", "Vård och omsorg", "Care", ("vård", "äldreboende", "vårdboende", "särskilt boende")),
        Choice("apartments", "Bostäder", "Apartments", ("bostad", "flerbostadshus", "flerfamiljshus")),
        Choice("office", "Kontor", "Office", ("förvaltning", "kommunhus", "administration")),
        Choice("culture", "Kultur och bibliotek", "Culture and library", ("kultur", "bibliotek", "kulturhus")),
        Choice("sports", "Idrott och bad", "Sports and swimming", ("idrott", "idrottshall", "simhall", "ishall")),
        Choice("fire_station", "Räddningstjänst", "Fire station", ("brandstation",)),
        Choice("technical", "Teknik och förråd", "Technical and storage", ("teknik", "förråd", "garage", "drift")),
        Choice("other", "Övrigt", "Other", ("annat",)),
    ),
    aliases=("andamal1", "användning", "byggnadstyp", "objekttyp", "verksamhet", "use", "building_use"),
)
VENTILATION_TYPE = Attribute(
    "ventilation_type",
    "Ventilationssystem",
    "Ventilation system",
    str,
    choices=(
        Choice("S", "Självdrag (S)", "Natural (S)", ("självdrag",)),
        Choice("F", "Frånluft (F)", "Exhaust (F)", ("frånluft",)),
        Choice("FX", "Frånluft med återvinning (FX)", "Exhaust with recovery (FX)", ("frånluftsvärmepump",)),
        Choice("FT", "Från- och tilluft (FT)", "Supply and exhaust (FT)", ("från- och tilluft",)),
        Choice(
            "FTX", "Från- och tilluft med återvinning (FTX)", "Supply and exhaust with recovery (FTX)", ("återvinning",)
        ),
    ),
    aliases=("ventilation", "ventilationstyp", "vent_typ", "ventsystem"),
    help_sv="Styr intervallet för OVK.",
    help_en="Decides the interval of the ventilation control.",
    group="inspection",
)
CHECK_BASIS: tuple[Attribute, ...] = (
    VENTILATION_TYPE,
    yes_no(
        "visited_by_public", "Besöks ofta av allmänheten", "Visited by the public", "publik_lokal", group="inspection"
    ),
    yes_no("fire_alarm", "Brandlarm", "Fire alarm", "automatiskt_brandlarm", "brandlarm_finns", group="inspection"),
    yes_no("sprinkler", "Sprinkler", "Sprinkler", "sprinkleranläggning", group="inspection"),
    yes_no("emergency_lighting", "Nödbelysning", "Emergency lighting", "nödljus", group="inspection"),
    yes_no("fire_extinguishers", "Handbrandsläckare", "Fire extinguishers", "brandsläckare", group="inspection"),
    Attribute(
        "hearth",
        "Eldstad",
        "Hearth",
        str,
        choices=(
            Choice("none", "Ingen", "None", ("nej", "saknar eldstad")),
            Choice(
                "main_heating", "Huvuduppvärmning, fast bränsle", "Main heating, solid fuel", ("fastbränsle", "panna")
            ),
            Choice("occasional", "Tillfällig eldning", "Occasional use", ("öppen spis", "kamin")),
        ),
        aliases=("eldstadstyp",),
        group="inspection",
    ),
    Attribute(
        "oil_tank",
        "Cistern över 1 m³",
        "Tank above 1 m³",
        str,
        choices=(
            Choice("none", "Ingen", "None", ("nej",)),
            Choice("S", "Klass S, utan korrosionsskydd", "Class S, unprotected", ("klass s",)),
            Choice("K", "Klass K, korrosionsskyddad", "Class K, protected", ("klass k",)),
            Choice("special", "Särskild, invändigt behandlad", "Special, lined", ("särskild",)),
        ),
        aliases=("cistern", "oljetank", "cisternklass"),
        group="inspection",
    ),
    Attribute(
        "refrigerant_class",
        "Köldmedium, CO2e",
        "Refrigerant, CO2e",
        str,
        choices=(
            Choice("below_5", "Under 5 ton", "Below 5 t", ("<5", "inget")),
            Choice("5_to_50", "5-50 ton", "5-50 t", ("5-50",)),
            Choice("50_to_500", "50-500 ton", "50-500 t", ("50-500",)),
            Choice("above_500", "500 ton eller mer", "500 t or more", (">=500", ">500")),
        ),
        aliases=("köldmedium", "köldmedieklass"),
        group="inspection",
    ),
    yes_no("pressure_equipment", "Trycksatt anordning", "Pressure equipment", "tryckkärl", group="inspection"),
    Attribute(
        "separator",
        "Avskiljare",
        "Separator",
        str,
        choices=(
            Choice("none", "Ingen", "None", ("nej",)),
            Choice("grease", "Fettavskiljare", "Grease separator", ("fett",)),
            Choice("oil", "Oljeavskiljare", "Oil separator", ("olja",)),
        ),
        aliases=("avskiljartyp",),
        group="inspection",
    ),
    yes_no(
        "backflow_protection", "Återströmningsskydd", "Backflow protection", "återsugningsskydd", group="inspection"
    ),
    yes_no(
        "priority_premises",
        "Prioriterad lokal, legionella",
        "Priority premises, legionella",
        "prioriterad_lokal",
        group="inspection",
    ),
    Attribute(
        "pcb_status",
        "PCB-status",
        "PCB status",
        str,
        choices=(
            Choice("not_concerned", "Berörs inte", "Not concerned", ("ej aktuellt",)),
            Choice("inventoried", "Inventerad", "Inventoried", ("inventerat",)),
            Choice("remediated", "Sanerad", "Remediated", ("sanerat",)),
            Choice("remaining", "Kvarstår", "Remaining", ("ej åtgärdad",)),
        ),
        aliases=("pcb",),
        help_sv="Byggnader från 1956-1973 ska vara inventerade.",
        help_en="Buildings from 1956-1973 are to be inventoried.",
        group="inspection",
    ),
)

ASSET_TYPE = AssetType(
    name="building",
    slug_sv="byggnader",
    label_sv="Byggnad",
    label_plural_sv="Byggnader",
    label_en="Building",
    label_plural_en="Buildings",
    # Its area is floor area, which the outline does not give: nothing is measured.
    geometry_kind="Polygon",
    also_geometry_kinds=("Point",),
    default_fund="tax",
    attributes=(
        DESIGNATION,
        STATUS,
        PROPERTY_DESIGNATION,
        ADDRESS,
        PURPOSE,
        BUILDING_YEAR,
        RENEWED_YEAR,
        area_m2("BRA", "Floor area (BRA)", "bruksarea", "bra_m2"),
        _area("gross_area_m2", "BTA", "Gross area (BTA)", "bruttoarea", "bta_m2"),
        _area("heated_area_m2", "Atemp", "Heated area (Atemp)", "a_temp", "atemp_m2", "uppvärmd_area"),
        count("floors", "Antal våningar", "Floors", "våningar", "våningsantal", "plan", maximum=100),
        count("apartments", "Antal lägenheter", "Apartments", "lägenheter", "lgh", maximum=2_000),
        count("lifts", "Antal hissar", "Lifts", "hissar", maximum=100),
        Attribute(
            "object_identity", "Objektidentitet", "Object identity", str, aliases=("objid_lm",), group="identity"
        ),
        *CHECK_BASIS,
        *ADMINISTRATION,
    ),
    group="property",
    grading_scale="tg",
    statutory_checks=(
        "ovk_schools_and_care",
        "ovk_balanced",
        "ovk_other",
        "energy_declaration",
        "fire_safety_work",
        "fire_alarm",
        "sprinkler",
        "fire_extinguishers",
        "emergency_lighting",
        "hearth_main_heating",
        "hearth_occasional",
        "tank_unprotected",
        "tank_protected",
        "tank_special",
        "radon",
        "legionella_temperature",
        "legionella_review",
        "refrigerant_5",
        "refrigerant_50",
        "refrigerant_500",
        "pressure_equipment",
        "separator",
        "separator_full",
        "electrical_own_control",
        "electrical_revision",
        "backflow_protection",
    ),
    parent_types=("property_unit",),
    import_aliases=("BYGGNAD", "HUS", "byggnad", "Building"),
)
