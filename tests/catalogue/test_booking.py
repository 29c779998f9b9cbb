"""Drift eller investering by the dated rule."""

import pytest

from assetmgr.catalogue import TREATMENTS, booking
from assetmgr.catalogue.booking import PRICE_BASE_AMOUNTS_SEK, capital_threshold_sek, price_base_amount_sek


def test_price_base_amounts_are_the_published_ones() -> None:
    assert PRICE_BASE_AMOUNTS_SEK == {
        2020: 47_300,
        2021: 47_600,
        2022: 48_300,
        2023: 52_500,
        2024: 57_300,
        2025: 58_800,
        2026: 59_200,
    }


@pytest.mark.parametrize(("year", "amount"), [(2019, 47_300), (2024, 57_300), (2031, 59_200)])
def test_an_unknown_year_takes_the_nearest_known_amount(year: int, amount: int) -> None:
    assert price_base_amount_sek(year) == amount


def test_renewal_is_capital_only_above_half_a_price_base_amount() -> None:
    limit = capital_threshold_sek(2026)
    assert limit == 29_600
    assert booking(TREATMENTS["replace_valve"], limit, 2026) == ("operating", "2024-01")
    assert booking(TREATMENTS["replace_valve"], limit + 1, 2026) == ("capital", "2024-01")


def test_repair_is_operating_whatever_it_costs() -> None:
    assert booking(TREATMENTS["repair_gravity_main"], 10_000_000, 2026) == ("operating", "2024-01")
