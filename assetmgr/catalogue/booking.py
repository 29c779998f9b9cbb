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


def price_base_amount_sek(year: int, values: Mapping[str, ReferenceValue] = ACCOUNTING_VALUES) -> int:
    """Prisbasbelopp of a year; the nearest known year where it is not known (it is set for one year at a time)."""
    nearest = min(PRICE_BASE_AMOUNTS_SEK, key=lambda known: (abs(known - year), known))
    return int(values[f"price_base_amount_{nearest}"].mid)


def capital_threshold_sek(
    year: int, values: Mapping[str, ReferenceValue] = ACCOUNTING_VALUES, rule: str = CURRENT_BOOKING_RULE
) -> float:
    """What a measure must exceed to be capital in that year, in SEK excluding VAT."""
    return values[BOOKING_RULES[rule].threshold].mid * price_base_amount_sek(year, values)


def booking(
    treatment: TreatmentRule, cost_sek: float, year: int, values: Mapping[str, ReferenceValue] = ACCOUNTING_VALUES
) -> tuple[Booking, str]:
    """How a treatment of that cost is booked in that year, and the version of the rule that says so.

    `values` are the reference values in force: give a municipality's own where it has put in any.
    """
    limit = capital_threshold_sek(year, values, treatment.booking_rule)
    is_capital = treatment.booking == "capital" and cost_sek > limit
    return ("capital" if is_capital else "operating"), treatment.booking_rule
