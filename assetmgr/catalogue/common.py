"""Attributes that several types share, written once, with their labels and what files call them."""

from datetime import date

from assetmgr.catalogue.labels import FUND_LABELS, GROUND, STATUSES, SURROUNDINGS
from assetmgr.catalogue.materials import PIPE_MATERIALS
from assetmgr.catalogue.model import Attribute, Choice

UNKNOWN_NUMBERS = (-1, 0, 9999)
"""What files write for an unknown year or dimension; never used for a grade, level, slope or count."""
EARLIEST_YEAR = 1850

_M_FACTORS = {"m": 1.0, "km": 1000.0, "dm": 0.1, "cm": 0.01, "mm": 0.001, "ft": 0.3048}
_MM_FACTORS = {"mm": 1.0, "cm": 10.0, "m": 1000.0, "in": 25.4}
_M2_FACTORS = {"m2": 1.0, "ha": 10_000.0, "km2": 1_000_000.0, "ft2": 0.09290304}

DESIGNATION = Attribute(
    "designation",
    "Beteckning",
    "Designation",
    str,
    column="designation",
    aliases=("namn", "name", "benämning", "objektnamn", "label", "bet", "littera", "objekt"),
    group="identity",
)
ADDRESS = Attribute(
    "address",
    "Adress",
    "Address",
    str,
    column="address",
    aliases=("gatuadress", "belägenhetsadress", "besöksadress", "street_address", "gata"),
    group="identity",
)
PROPERTY_DESIGNATION = Attribute(
    "property_designation",
    "Fastighetsbeteckning",
    "Property designation",
    str,
    aliases=("fastighet", "fastbet", "fast_bet", "fastighetsbet", "fastbeteckning", "registerbeteckning"),
    help_sv="Kommun, trakt, block och enhet, till exempel BOTKYRKA KAGGHAMRA 900:1.",
    help_en="Municipality, tract, block and unit, such as BOTKYRKA KAGGHAMRA 900:1.",
    group="identity",
)
STATUS = Attribute(
    "status",
    "Status",
    "Status",
    str,
    column="status",
    choices=tuple(STATUSES.values()),
    aliases=("driftstatus", "drift_status", "driftläge", "statuskod", "lifecycle_status", "livscykelstatus"),
    group="identity",
)
NOTE = Attribute(
    "note",
    "Anmärkning",
    "Note",
    str,
    aliases=(
        "anm",
        "anmärkn",
        "notering",
        "kommentar",
        "kommentarer",
        "comment",
        "comments",
        "remark",
        "remarks",
        "notes",
    ),
    group="note",
)


def _year(name: str, label_sv: str, label_en: str, column: str | None, aliases: tuple[str, ...]) -> Attribute:
    return Attribute(
        name,
        label_sv,
        label_en,
        int,
        column=column,
        aliases=aliases,
        unknown_values=UNKNOWN_NUMBERS,
        minimum=EARLIEST_YEAR,
    )


_BUILT_YEAR_ALIASES = (
    "läggningsår",
    "läggnår",
    "läggår",
    "laid_year",
    "byggår",
    "byggnadsår",
    "byggnår",
    "nybyggnadsår",
    "construction_year",
    "year_built",
    "built",
    "installationsår",
    "inst_år",
    "instår",
    "installation_year",
    "installed_year",
    "install_year",
    "year_installed",
    "installation_date",
    "install_date",
    "installdate",
    "instdate",
    "anläggningsår",
    "anlår",
    "anl_år",
    "årtal",
    "år",
)


def built_year(label_sv: str, label_en: str) -> Attribute:
    """The year the asset came to be; the label follows the type: Läggningsår, Byggår, Installationsår."""
    own = {label_sv.casefold(), label_en.casefold(), label_en.casefold().replace(" ", "_")}
    aliases = tuple(alias for alias in _BUILT_YEAR_ALIASES if alias not in own)
    return _year("built_year", label_sv, label_en, "built_year", aliases)


LAID_YEAR = built_year("Läggningsår", "Year laid")
BUILDING_YEAR = built_year("Byggår", "Year built")
INSTALLED_YEAR = built_year("Installationsår", "Year installed")

RENEWED_YEAR = _year(
    "renewed_year",
    "Förnyelseår",
    "Year renewed",
    None,
    ("renoveringsår", "renovår", "ombyggnadsår", "ombyggår", "year_renovated", "renewal_year", "rehab_year"),
)
RENEWAL_METHOD = Attribute(
    "renewal_method",
    "Förnyelsemetod",
    "Renewal method",
    str,
    choices=(
        Choice("open_trench", "Öppen schakt", "Open trench", ("schakt", "omläggning", "omlagd")),
        Choice("cipp_lining", "Flexibelt foder", "CIPP lining", ("foder", "strumpa", "strumpinfodring", "cipp")),
        Choice("slip_lining", "Infodring med rör", "Slip lining", ("rörinfodring", "formpassade rör", "sliplining")),
        Choice("pipe_bursting", "Rörspräckning", "Pipe bursting", ("spräckning", "cracking")),
        Choice("coating", "Beläggning", "Coating", ("sprutbeläggning", "cementisolering")),
    ),
    aliases=("förnyelse_metod", "renoveringsmetod", "rehab_method", "metod"),
)


def material(choices: tuple[Choice, ...] = PIPE_MATERIALS) -> Attribute:
    return Attribute(
        "material",
        "Material",
        "Material",
        str,
        column="material",
        choices=choices,
        aliases=(
            "mtrl",
            "matr",
            "mtr",
            "materialtyp",
            "materialkod",
            "ledningsmaterial",
            "rörmaterial",
            "pipe_material",
        ),
    )


def dimension_mm(label_sv: str = "Dimension", label_en: str = "Dimension") -> Attribute:
    names = (
        "dimension",
        "dim",
        "dn",
        "dy",
        "di_mm",
        "dim_mm",
        "diameter",
        "diam",
        "diameter_mm",
        "innerdiameter",
        "ytterdiameter",
        "innerdim",
        "ytterdim",
        "inv_dim",
        "rördimension",
        "ledningsdimension",
        "pipe_size",
        "pipe_diameter",
        "nominal_diameter",
    )
    return Attribute(
        "dimension_mm",
        label_sv,
        label_en,
        float,
        unit="mm",
        column="dimension_mm",
        aliases=names,
        unknown_values=UNKNOWN_NUMBERS,
        minimum=10,
        maximum=5000,
        source_unit_factors=_MM_FACTORS,
    )


LENGTH_M = Attribute(
    "length_m",
    "Längd",
    "Length",
    float,
    unit="m",
    column="length_m",
    aliases=(
        "längd_m",
        "ledningslängd",
        "rörlängd",
        "pipe_length",
        "shape_length",
        "shape__length",
        "shape_leng",
        "shape_len",
        "st_length(shape)",
        "st_length_",
        "len",
    ),
    minimum=0,
    maximum=200_000,
    help_sv="Räknas geodetiskt ur geometrin där den finns; annars som filen anger.",
    help_en="Computed geodesically from the geometry where there is one; otherwise as the file says.",
    source_unit_factors=_M_FACTORS,
)


def area_m2(label_sv: str = "Area", label_en: str = "Area", *aliases: str) -> Attribute:
    names = ("area", "areal", "yta", "yta_m2", "shape_area", "shape__area", "st_area(shape)", "st_area_", *aliases)
    return Attribute(
        "area_m2",
        label_sv,
        label_en,
        float,
        unit="m²",
        column="area_m2",
        aliases=names,
        minimum=0,
        maximum=1e10,
        source_unit_factors=_M2_FACTORS,
    )


QUANTITY = Attribute(
    "quantity",
    "Antal",
    "Quantity",
    float,
    unit="st",
    column="quantity",
    aliases=("mängd", "antal_st", "count", "qty", "number"),
    minimum=0,
    maximum=1_000_000,
)
INVERT_LEVEL_UP_M = Attribute(
    "invert_level_up_m",
    "Vattengång uppströms",
    "Invert level upstream",
    float,
    unit="m",
    aliases=(
        "vg_upp",
        "vgupp",
        "vg_start",
        "vg1",
        "vattengång_upp",
        "invert_up",
        "upstream_invert",
        "us_invert",
        "up_invert",
    ),
    minimum=-200,
    maximum=2200,
    help_sv="Höjd i RH 2000.",
    help_en="Height in RH 2000.",
    source_unit_factors=_M_FACTORS,
)
INVERT_LEVEL_DOWN_M = Attribute(
    "invert_level_down_m",
    "Vattengång nedströms",
    "Invert level downstream",
    float,
    unit="m",
    aliases=(
        "vg_ned",
        "vgned",
        "vg_ner",
        "vg_slut",
        "vg2",
        "vattengång_ned",
        "invert_down",
        "downstream_invert",
        "ds_invert",
    ),
    minimum=-200,
    maximum=2200,
    help_sv="Höjd i RH 2000.",
    help_en="Height in RH 2000.",
    source_unit_factors=_M_FACTORS,
)


def level_m(name: str, label_sv: str, label_en: str, *aliases: str) -> Attribute:
    """A height in RH 2000, metres."""
    return Attribute(
        name,
        label_sv,
        label_en,
        float,
        unit="m",
        aliases=aliases,
        minimum=-200,
        maximum=2200,
        help_sv="Höjd i RH 2000.",
        help_en="Height in RH 2000.",
        source_unit_factors=_M_FACTORS,
    )


def depth_m(name: str, label_sv: str, label_en: str, *aliases: str) -> Attribute:
    return Attribute(
        name,
        label_sv,
        label_en,
        float,
        unit="m",
        aliases=aliases,
        minimum=0,
        maximum=100,
        source_unit_factors=_M_FACTORS,
    )


def yes_no(name: str, label_sv: str, label_en: str, *aliases: str, group: str = "technical") -> Attribute:
    return Attribute(name, label_sv, label_en, bool, aliases=aliases, group=group)


def count(name: str, label_sv: str, label_en: str, *aliases: str, maximum: float = 10_000) -> Attribute:
    """A number of things; 0 means none, never unknown."""
    return Attribute(name, label_sv, label_en, int, unit="st", aliases=aliases, minimum=0, maximum=maximum)


def day(
    name: str, label_sv: str, label_en: str, *aliases: str, column: str | None = None, group: str = "technical"
) -> Attribute:
    return Attribute(name, label_sv, label_en, date, column=column, aliases=aliases, group=group)


SDR = Attribute("sdr", "SDR", "SDR", float, aliases=("sdr_klass", "sdr_tal"), minimum=3, maximum=60)
PRESSURE_CLASS = Attribute(
    "pressure_class",
    "Tryckklass PN",
    "Pressure class PN",
    float,
    unit="bar",
    aliases=("pn", "tryckklass", "pressure_rating"),
    minimum=0,
    maximum=100,
)
PRESSURE_ZONE = Attribute(
    "pressure_zone", "Tryckzon", "Pressure zone", str, aliases=("zon", "zone", "tryck_zon"), group="technical"
)
INSULATED = yes_no("insulated", "Isolerad", "Insulated", "isolering", "isol", "värmekabel")
SURROUNDINGS_ATTRIBUTE = Attribute(
    "surroundings",
    "Omgivning",
    "Surroundings",
    str,
    choices=SURROUNDINGS,
    aliases=("läge", "markslag", "miljö"),
    help_sv="Styr priset på schakt; okänd räknas som tätort.",
    help_en="Decides the price of digging; unknown counts as built-up.",
)
GROUND_ATTRIBUTE = Attribute(
    "ground", "Undergrund", "Ground", str, choices=GROUND, aliases=("jordart", "grundförhållande", "schaktklass")
)
LINING = Attribute(
    "lining",
    "Invändig beläggning",
    "Lining",
    str,
    choices=(
        Choice("none", "Ingen", "None", ("utan", "nej", "no", "unlined")),
        Choice("cement", "Cementbruk", "Cement mortar", ("cement", "cement lined", "cementisolerad", "concrete lined")),
        Choice("epoxy", "Epoxi", "Epoxy", ("epoxi", "epoxy lined")),
        Choice("coal_tar", "Stenkolstjära", "Coal tar", ("tjära", "asfalt", "coal tar lined")),
        Choice("polyurethane", "Polyuretan", "Polyurethane", ("pu", "pur")),
        Choice("liner", "Foder", "Liner", ("foder", "strumpa", "cipp", "relinad")),
    ),
    aliases=("lining_material", "lined_material", "beläggning", "infodring", "invändig_isolering", "foder"),
)

DEPARTMENT = Attribute(
    "department",
    "Förvaltning",
    "Department",
    str,
    column="department",
    aliases=("avdelning", "enhet", "förvaltare", "ansvarig_enhet"),
    group="responsibility",
)
FUND = Attribute(
    "fund",
    "Kollektiv",
    "Fund",
    str,
    column="fund",
    choices=tuple(FUND_LABELS.values()),
    aliases=("finansiering", "finansieringsform", "fond"),
    group="economy",
)
PROTECTION_CLASS = Attribute(
    "protection_class",
    "Skyddsklass",
    "Protection class",
    int,
    column="protection_class",
    aliases=("sekretessklass", "skydd", "säkerhetsklass"),
    minimum=0,
    maximum=3,
    help_sv="0 öppen, 1 intern, 2 skyddad, 3 särskilt skyddad.",
    help_en="0 open, 1 internal, 2 protected, 3 specially protected.",
    group="responsibility",
)
CONSEQUENCE_GRADE = Attribute(
    "consequence_grade",
    "Konsekvensgrad KG",
    "Consequence grade KG",
    int,
    column="consequence_grade",
    aliases=("konsekvensgrad", "kg", "konsekvensklass"),
    minimum=0,
    maximum=3,
    help_sv="0 ingen, 1 liten, 2 väsentlig, 3 stor konsekvens om tillgången fallerar.",
    help_en="0 none, 1 small, 2 substantial, 3 large consequence if the asset fails.",
    group="economy",
)
REPLACEMENT_VALUE_SEK = Attribute(
    "replacement_value_sek",
    "Återanskaffningsvärde",
    "Replacement value",
    int,
    unit="kr",
    column="replacement_value_sek",
    aliases=("nuanskaffningsvärde", "åav", "återansk_värde", "replacement_cost"),
    minimum=0,
    maximum=10**11,
    help_sv="Exklusive moms. Saknas värdet räknas det ur katalogens pris.",
    help_en="Excluding VAT. Where it is missing it follows from the catalogue's price.",
    group="economy",
)
FINAL_INSPECTION_ON = day(
    "final_inspection_on",
    "Slutbesiktning",
    "Final inspection",
    "slutbesiktigad",
    "slutbesiktning_datum",
    "slutbes",
    group="warranty",
)
GUARANTEE_UNTIL = day(
    "guarantee_until",
    "Garantitid till",
    "Guarantee until",
    "garantitid",
    "garanti_till",
    "garanti_tom",
    "garantislut",
    "warranty_until",
    column="guarantee_until",
    group="warranty",
)
LIABILITY_UNTIL = day(
    "liability_until",
    "Ansvarstid till",
    "Liability until",
    "ansvarstid",
    "ansvar_till",
    "ansvarstid_tom",
    column="liability_until",
    group="warranty",
)


ADMINISTRATION: tuple[Attribute, ...] = (
    DEPARTMENT,
    FUND,
    PROTECTION_CLASS,
    CONSEQUENCE_GRADE,
    REPLACEMENT_VALUE_SEK,
    FINAL_INSPECTION_ON,
    GUARANTEE_UNTIL,
    LIABILITY_UNTIL,
    NOTE,
)
"""What every type ends with."""
