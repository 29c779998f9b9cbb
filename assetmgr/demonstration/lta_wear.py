"""How the LTA pumps of Kagghamra have been found at their service visits: one age, one wave of wear."""

from datetime import date, timedelta

import numpy as np

INSTALLED_ON = date(2018, 11, 1)
WEAR_PER_YEAR = 0.34
"""Grades on the scale 1-5 that an ordinary pump loses in a year."""

NOTES = {
    "1": "Utan anmärkning.",
    "2": "Normalt slitage på skärhjul.",
    "3": "Skärhjul slitet, nivågivare rengjord.",
    "4": "Pumpen drar hög ström, byte bör planeras.",
    "5": "Återkommande högnivålarm, pumpen har tappat kapacitet.",
}


def service_visits(as_of: date, random: np.random.Generator) -> list[tuple[date, str, str]]:
    """Day, grade 1-5 (5 worst) and note of each visit, every two years or so, the latest last; at least one."""
    found: list[tuple[date, str, str]] = []
    on = date(2020, 5, 1) + timedelta(days=int(random.integers(0, 300)))
    pace = float(random.normal(1.0, 0.28))
    while on <= as_of - timedelta(days=10):
        age = (on - INSTALLED_ON).days / 365.25
        grade = int(np.clip(np.floor(1.0 + WEAR_PER_YEAR * pace * age + random.normal(0.0, 0.25)), 1, 5))
        if found:
            grade = max(grade, int(found[-1][1]))
        found.append((on, str(grade), NOTES[str(grade)]))
        on += timedelta(days=int(random.integers(560, 860)))
    return found or [(as_of, "1", NOTES["1"])]
