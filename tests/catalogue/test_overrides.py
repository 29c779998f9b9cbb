"""A municipality's own figures in place of the shipped ones."""

import numpy as np
import pytest

from assetmgr.catalogue import CATALOGUE, booking, rules
from assetmgr.catalogue.model import Source


def own(name: str, mid: float) -> dict[str, object]:
    figures = {"low": mid * 0.9, "mid": mid, "high": mid * 1.1}
    return {"name": name, **figures, "source": "Upphandling 2025", "year": 2025, "verified": True}


def test_no_overrides_give_the_same_catalogue() -> None:
    assert CATALOGUE.with_overrides([]) == CATALOGUE


def test_an_own_price_is_used_wherever_the_figure_is() -> None:
    mine = CATALOGUE.with_overrides([own("open_trench_single_urban", 10_000)])
    columns = {"length_m": np.array([100.0]), "dimension_mm": np.array([150.0])}
    water = mine.asset_types["water_pipe"]
    costs = rules.treatment_cost_sek(water, mine.treatments["replace_water_main"], columns, 1, mine)
    assert costs.cost_sek.tolist() == [1_000_000]
    assert mine.treatments["replace_gravity_main"].unit_price.source == Source("Upphandling 2025", 2025, verified=True)
    assert rules.replacement_values_sek(water, columns, 1, mine).tolist() == [1_000_000]
    assert CATALOGUE.treatments["replace_water_main"].unit_price.mid == 8_000


def test_a_price_counts_as_verified_only_when_its_factors_are_too() -> None:
    columns = {"length_m": np.array([100.0]), "dimension_mm": np.array([150.0])}
    water = CATALOGUE.asset_types["water_pipe"]
    price = own("open_trench_single_urban", 10_000)
    factors = [own(name, 1.0) for name in CATALOGUE.reference_values if name.startswith("trench_factor_")]

    def is_verified(rows: list[dict[str, object]]) -> list[bool]:
        mine = CATALOGUE.with_overrides(rows)
        return rules.treatment_cost_sek(
            water, mine.treatments["replace_water_main"], columns, 1, mine
        ).verified.tolist()

    assert is_verified([price]) == [False]
    assert is_verified([price, *factors]) == [True]


def test_own_factors_reach_prices_by_dimension_and_consequences() -> None:
    mine = CATALOGUE.with_overrides([own("trench_factor_to_500", 2.0), own("failure_factor_to_400", 3.0)])
    columns = {"length_m": np.array([10.0]), "dimension_mm": np.array([400.0])}
    water = mine.asset_types["water_pipe"]
    assert rules.replacement_values_sek(water, columns, 1, mine).tolist() == [160_000]
    assert rules.failure_cost_sek(water, columns, 1, mine).tolist() == [270_000]


def test_an_own_technical_life_moves_its_curve() -> None:
    mine = CATALOGUE.with_overrides([own("life_roof_tile", 50)])
    assert mine.curves["roof_tile"].age_50_failed == 50
    assert mine.curves["roof_bitumen"] == CATALOGUE.curves["roof_bitumen"]


def test_an_own_curve_replaces_the_shipped_one() -> None:
    row = {"name": "lta_pump", "age_10_failed": 5, "age_50_failed": 9, "age_90_failed": 14}
    row |= {"source": "Driftjournal", "year": 2025, "verified": True}
    mine = CATALOGUE.with_overrides([], [row])
    assert (mine.curves["lta_pump"].age_50_failed, mine.curves["lta_pump"].source.verified) == (9, True)


def test_a_figure_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError, match="no_such_price"):
        CATALOGUE.with_overrides([own("no_such_price", 1)])


def test_bounds_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="open_trench_joint"):
        CATALOGUE.with_overrides([{**own("open_trench_joint", 100), "low": 200}])


def test_an_own_threshold_decides_what_is_capital() -> None:
    mine = CATALOGUE.with_overrides([own("capital_threshold", 1.0)])
    valve = mine.treatments["replace_valve"]
    assert booking(valve, 59_200, 2026, mine.reference_values)[0] == "operating"
    assert booking(valve, 59_200, 2026)[0] == "capital"
