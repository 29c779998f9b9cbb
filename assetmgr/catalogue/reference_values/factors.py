"""Factors on prices: how dimension, and the consequence grade a person has set, scale a figure. Unverified templates.

A dimension table is (upper limit of the dimension in mm, name of the factor), ascending.
"""

from assetmgr.catalogue.model import ReferenceValue
from assetmgr.catalogue.reference_values.table import figures
from assetmgr.catalogue.sources import HOUSE_CHOICE, OWN

FACTORS: dict[str, ReferenceValue] = {
    **figures(
        "factor",
        OWN,
        (
            ("trench_factor_to_75", "Schakt, faktor till DN 75", "Trench, factor to DN 75", 0.5, 0.7, 0.9),
            ("trench_factor_to_200", "Schakt, faktor till DN 200", "Trench, factor to DN 200", 1.0, 1.0, 1.0),
            ("trench_factor_to_300", "Schakt, faktor till DN 300", "Trench, factor to DN 300", 1.1, 1.3, 1.6),
            ("trench_factor_to_500", "Schakt, faktor till DN 500", "Trench, factor to DN 500", 1.4, 1.8, 2.4),
            ("trench_factor_to_800", "Schakt, faktor till DN 800", "Trench, factor to DN 800", 2.0, 2.7, 3.8),
            ("trench_factor_above_800", "Schakt, faktor över DN 800", "Trench, factor above DN 800", 3.0, 4.5, 7.0),
            ("lining_factor_to_150", "Infodring, faktor till DN 150", "Lining, factor to DN 150", 0.7, 0.85, 1.0),
            ("lining_factor_to_300", "Infodring, faktor till DN 300", "Lining, factor to DN 300", 1.0, 1.0, 1.0),
            ("lining_factor_to_500", "Infodring, faktor till DN 500", "Lining, factor to DN 500", 1.3, 1.7, 2.3),
            ("lining_factor_to_800", "Infodring, faktor till DN 800", "Lining, factor to DN 800", 2.0, 2.8, 4.0),
            ("lining_factor_above_800", "Infodring, faktor över DN 800", "Lining, factor above DN 800", 3.5, 5.0, 8.0),
            ("failure_factor_to_75", "Haveri, faktor till DN 75", "Failure, factor to DN 75", 0.4, 0.6, 0.8),
            ("failure_factor_to_200", "Haveri, faktor till DN 200", "Failure, factor to DN 200", 1.0, 1.0, 1.0),
            ("failure_factor_to_400", "Haveri, faktor till DN 400", "Failure, factor to DN 400", 1.3, 2.0, 3.5),
            ("failure_factor_above_400", "Haveri, faktor över DN 400", "Failure, factor above DN 400", 2.5, 5.0, 12.0),
            (
                "haste_share",
                "Akut utbyte, merkostnad som andel av återanskaffningsvärdet",
                "Replacement in haste, extra cost as a share of the replacement value",
                0.2,
                0.5,
                1.0,
            ),
        ),
    ),
    **figures(
        "factor",
        HOUSE_CHOICE,
        (
            ("consequence_factor_kg0", "Konsekvensgrad 0, faktor", "Consequence grade 0, factor", 0.25, 0.5, 1.0),
            ("consequence_factor_kg1", "Konsekvensgrad 1, faktor", "Consequence grade 1, factor", 1.0, 1.0, 1.0),
            ("consequence_factor_kg2", "Konsekvensgrad 2, faktor", "Consequence grade 2, factor", 1.5, 2.0, 3.0),
            ("consequence_factor_kg3", "Konsekvensgrad 3, faktor", "Consequence grade 3, factor", 2.5, 4.0, 8.0),
        ),
    ),
}

NO_LIMIT = float("inf")
DIMENSION_TABLES: dict[str, tuple[tuple[float, str], ...]] = {
    "trench": (
        (75, "trench_factor_to_75"),
        (200, "trench_factor_to_200"),
        (300, "trench_factor_to_300"),
        (500, "trench_factor_to_500"),
        (800, "trench_factor_to_800"),
        (NO_LIMIT, "trench_factor_above_800"),
    ),
    "lining": (
        (150, "lining_factor_to_150"),
        (300, "lining_factor_to_300"),
        (500, "lining_factor_to_500"),
        (800, "lining_factor_to_800"),
        (NO_LIMIT, "lining_factor_above_800"),
    ),
    "failure": (
        (75, "failure_factor_to_75"),
        (200, "failure_factor_to_200"),
        (400, "failure_factor_to_400"),
        (NO_LIMIT, "failure_factor_above_400"),
    ),
}
CONSEQUENCE_GRADE_FACTORS: tuple[str, ...] = (
    "consequence_factor_kg0",
    "consequence_factor_kg1",
    "consequence_factor_kg2",
    "consequence_factor_kg3",
)
"""Names of the factors by consequence grade 0-3; an unknown grade counts as 1."""


def dimension_factors(table: str) -> tuple[tuple[float, float], ...]:
    """The shipped table as (upper limit in mm, factor)."""
    return tuple((limit, FACTORS[name].mid) for limit, name in DIMENSION_TABLES[table])


BY_TRENCH = dimension_factors("trench")
BY_LINING = dimension_factors("lining")
BY_FAILURE = dimension_factors("failure")
