"""Drift eller investering: the dated rule that decides how a treatment is booked."""

from collections.abc import Mapping
from dataclasses import dataclass

from assetmgr.catalogue.model import Booking, ReferenceValue, TreatmentRule
from assetmgr.catalogue.reference_values.accounting import ACCOUNTING_VALUES

PRICE_BASE_AMOUNTS_SEK: dict[int, int] = {
    int(name.rpartition("_")[2]): int(value.mid)
    for name, value in sorted(ACCOUNTING_VALUES.items())
    if name.startswith("price_base_amount_")
}
"""Prisbasbelopp by year."""


@dataclass(frozen=True)
class BookingRule:
    """One version of the rule; plans keep the version they were decided by."""

    version: str
    valid_from: str
    text_sv: str
    text_en: str
    threshold: str
    """Name of the reference value: how many price base amounts a capital measure must exceed."""


BOOKING_RULES: dict[str, BookingRule] = {
    rule.version: rule
    for rule in (
        BookingRule(
            version="2024-01",
            valid_from="2024-01-01",
            text_sv="Byte av hel komponent eller hel sträcka är investering när kostnaden överstiger ett halvt "
            "prisbasbelopp exklusive moms, annars drift. Lagning, kontroll och utredning är drift.",
            text_en="Replacing a whole component or run is capital when it costs more than half a price base amount "
            "excluding VAT, otherwise operating. Repair, checks and surveys are operating.",
            threshold="capital_threshold",
        ),
    )
}
CURRENT_BOOKING_RULE = "2024-01"


def price_base_amount_sek(year: int) -> int:
    """Prisbasbelopp of a year; the nearest known year where it is not known (it is set for one year at a time)."""
    nearest = min(PRICE_BASE_AMOUNTS_SEK, key=lambda known: (abs(known - year), known))
    return PRICE_BASE_AMOUNTS_SEK[nearest]


def capital_threshold_sek(year: int, values: Mapping[str, ReferenceValue] = ACCOUNTING_VALUES) -> float:
    """What a measure must exceed to be capital, in SEK excluding VAT."""
    return values[BOOKING_RULES[CURRENT_BOOKING_RULE].threshold].mid * price_base_amount_sek(year)


def booking(treatment: TreatmentRule, cost_sek: float, year: int) -> tuple[Booking, str]:
    """How a treatment of that cost is booked in that year, and the version of the rule that says so."""
    threshold = BOOKING_RULES[treatment.booking_rule].threshold
    limit = ACCOUNTING_VALUES[threshold].mid * price_base_amount_sek(year)
    is_capital = treatment.booking == "capital" and cost_sek > limit
    return ("capital" if is_capital else "operating"), treatment.booking_rule
