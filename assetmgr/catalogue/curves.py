"""Survival curves by name: the ages at which 10, 50 and 90 % of a cohort have failed. Every one is unverified.

Network curves are written out. Curves of building components follow from a technical life L among the reference values
(10 % at 0.7 L, half at L, 90 % at 1.4 L), so a municipality's own life moves its curve.
"""

from collections.abc import Mapping

from assetmgr.catalogue.model import ReferenceValue, SurvivalQuantiles
from assetmgr.catalogue.reference_values.component_lives import COMPONENT_LIVES
from assetmgr.catalogue.sources import DERIVED_FROM_LIFE, OWN

SHARES_OF_LIFE = (0.7, 1.0, 1.4)

_NETWORK = (
    ("water_grey_cast_iron", 60, 90, 130),
    ("water_ductile_iron_early", 35, 55, 80),
    ("water_ductile_iron_modern", 70, 100, 140),
    ("water_steel", 40, 60, 90),
    ("water_asbestos_cement", 45, 70, 90),
    ("pvc_pressure_before_1974", 30, 50, 70),
    ("pvc_pressure_from_1974", 60, 90, 120),
    ("pe_before_1980", 30, 50, 70),
    ("pe_from_1980", 80, 110, 150),
    ("concrete_sewer_before_1950", 50, 80, 120),
    ("concrete_sewer_1950_1970", 60, 90, 120),
    ("concrete_sewer_after_1970", 90, 130, 170),
    ("plastic_sewer_before_1980", 50, 70, 100),
    ("plastic_sewer_from_1980", 80, 100, 140),
    ("lining", 40, 60, 80),
    ("manhole_concrete", 60, 90, 120),
    ("valve", 25, 40, 60),
    ("hydrant", 30, 45, 60),
    ("station_structure", 40, 60, 80),
    ("station_pipework", 25, 35, 50),
    ("station_pumps", 10, 15, 20),
    ("station_electrical", 10, 15, 20),
    ("lta_tank", 30, 40, 50),
    ("lta_pump", 7, 12, 18),
    ("lta_control", 8, 12, 15),
)


def derived_curves(lives: Mapping[str, ReferenceValue]) -> dict[str, SurvivalQuantiles]:
    """The curves that follow from the technical lives among `lives` (named `life_...`), by name without the prefix."""
    return {
        name.removeprefix("life_"): _from_life(name.removeprefix("life_"), life.mid)
        for name, life in lives.items()
        if name.startswith("life_")
    }


def _from_life(name: str, life_years: float) -> SurvivalQuantiles:
    failed_10, failed_50, failed_90 = (round(share * life_years, 2) for share in SHARES_OF_LIFE)
    return SurvivalQuantiles(name, failed_10, failed_50, failed_90, DERIVED_FROM_LIFE)


CURVES: dict[str, SurvivalQuantiles] = {
    **{
        name: SurvivalQuantiles(name, failed_10, failed_50, failed_90, OWN)
        for name, failed_10, failed_50, failed_90 in _NETWORK
    },
    **derived_curves(COMPONENT_LIVES),
}
