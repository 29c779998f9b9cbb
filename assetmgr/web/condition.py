"""How sure a condition is."""

from datetime import date

MEASURED_YEARS = 3
MEASURED, OLDER, ASSUMED = 3, 2, 1


def certainty(health: float | None, source: str | None, inspected_on: date | None, today: date) -> int | None:
    """3 inspected within three years, 2 longer ago or on an unknown day, 1 assumed; None where nothing is known."""
    if health is None:
        return None
    if source != "inspected":
        return ASSUMED
    if inspected_on is None or (today - inspected_on).days > MEASURED_YEARS * 365.25:
        return OLDER
    return MEASURED
