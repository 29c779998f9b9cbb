"""Code lists that every type shares, with their Swedish and English labels."""

from collections.abc import Iterable

from assetmgr.catalogue.model import Choice


def by_code(choices: Iterable[Choice]) -> dict[str, Choice]:
    return {choice.code: choice for choice in choices}


KINDS: dict[str, Choice] = by_code(
    (
        Choice("maintenance", "Underhåll", "Maintenance", ("planerat underhåll", "periodiskt underhåll")),
        Choice("value_preserving", "Värdebevarande", "Value preserving", ("värdebevarande underhåll",)),
        Choice("improvement", "Förädling", "Improvement", ("standardhöjning",)),
        Choice("statutory_check", "Lagstadgad kontroll", "Statutory check", ("kontroll", "besiktning")),
    )
)
BOOKINGS: dict[str, Choice] = by_code(
    (
        Choice("operating", "Drift", "Operating", ("driftkostnad",)),
        Choice("capital", "Investering", "Capital", ("reinvestering", "investment")),
    )
)
FUND_LABELS: dict[str, Choice] = by_code(
    (
        Choice("tax", "Skattekollektivet", "Tax fund", ("skatt", "skattefinansierad", "skattekollektiv")),
        Choice("va", "VA-kollektivet", "VA fund", ("taxa", "taxefinansierad", "va-kollektiv", "avgift")),
    )
)
STATUS_UNKNOWN = "unknown"
"""An asset whose source leaves its status open or writes a code that we lack; it is in the register but in no plan."""
STATUSES: dict[str, Choice] = by_code(
    (
        Choice(
            "planned",
            "Planerad",
            "Planned",
            ("planerat", "projekterad", "projekterat", "föreslagen", "proposed", "future", "design", "plan"),
        ),
        Choice(
            "in_service",
            "I drift",
            "In service",
            (
                "drift",
                "aktiv",
                "aktivt",
                "active",
                "existing",
                "befintlig",
                "befintligt",
                "in use",
                "i bruk",
                "inservice",
            ),
        ),
        Choice(
            "out_of_service",
            "Ur drift",
            "Out of service",
            ("avställd", "avstängd", "inaktiv", "inactive", "tagen ur drift", "ej i drift", "out of use", "standby"),
        ),
        Choice(
            "abandoned",
            "Övergiven",
            "Abandoned",
            ("slopad", "slopat", "avlagd", "proppad", "ur bruk", "kvarlämnad", "decommissioned", "abandoned in place"),
        ),
        Choice(STATUS_UNKNOWN, "Okänd", "Unknown"),
    )
)
SURROUNDINGS: tuple[Choice, ...] = (
    Choice("urban", "Tätort, gata", "Built-up, street", ("tätort", "gata", "stad", "street")),
    Choice("rural", "Landsbygd, grönyta", "Rural, green area", ("landsbygd", "grönyta", "terräng", "åker", "park")),
)
GROUND: tuple[Choice, ...] = (
    Choice("soil", "Jord", "Soil", ("lera", "morän", "sand")),
    Choice("rock", "Berg", "Rock", ("bergschakt",)),
)
ATTRIBUTE_GROUPS: dict[str, Choice] = by_code(
    (
        Choice("identity", "Identitet", "Identity"),
        Choice("technical", "Tekniska uppgifter", "Technical data"),
        Choice("inspection", "Kontrollunderlag", "Basis for checks"),
        Choice("responsibility", "Ansvar", "Responsibility"),
        Choice("contact", "Kontakt", "Contact"),
        Choice("economy", "Ekonomi och risk", "Economy and risk"),
        Choice("warranty", "Garanti och ansvarstid", "Guarantee and liability"),
        Choice("note", "Anteckning", "Note"),
    )
)
