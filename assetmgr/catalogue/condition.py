"""Health classes: the letter people see for a health index."""

from collections.abc import Iterable

from assetmgr.catalogue.model import Choice

HEALTH_CLASSES: tuple[tuple[str, float], ...] = (("A", 90.0), ("B", 75.0), ("C", 50.0), ("D", 25.0), ("E", 0.0))
"""(class, lowest health index in it), best first."""
UNKNOWN_CLASS = "U"
HEALTH_CLASS_LABELS: dict[str, Choice] = {
    "A": Choice("A", "Mycket gott", "Very good"),
    "B": Choice("B", "Gott", "Good"),
    "C": Choice("C", "Godtagbart", "Acceptable"),
    "D": Choice("D", "Dåligt", "Poor"),
    "E": Choice("E", "Mycket dåligt", "Very poor"),
    UNKNOWN_CLASS: Choice(UNKNOWN_CLASS, "Okänt", "Unknown"),
}


def health_class(health: float | None) -> str:
    """A (best) to E by health index 0-100, U where the condition is unknown."""
    if health is None or health != health:
        return UNKNOWN_CLASS
    return next((letter for letter, lowest in HEALTH_CLASSES if health >= lowest), "E")


def worst_health(healths: Iterable[float | None]) -> float | None:
    """The lowest known health index: the worst observation is never averaged away. None where nothing is known."""
    return min((health for health in healths if health is not None), default=None)
