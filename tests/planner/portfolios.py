"""Small portfolios for the planner's tests."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner import Budgets, Portfolio, SurvivalCurve, Treatment

FIRST_YEAR = 2027

PIPE = SurvivalCurve("pipe", 50.0, 90.0, 125.0)
PUMP = SurvivalCurve("pump", 6.0, 12.0, 17.0)
REPLACE = Treatment("replace", "improvement", age_removed=1.0, apply_at_or_below=60.0)
MEND = Treatment("mend", "maintenance", age_removed=0.3, apply_at_or_below=75.0, years_between=3.0)


@dataclass(frozen=True)
class Asset:
    """One asset with what each treatment would cost (treatment index -> kronor)."""

    id: int
    age: float
    costs: dict[int, int]
    fund: int = 0
    curve: int = 0
    failure_cost: float = 1_000_000.0
    replacement_value: float = 100_000.0


@dataclass(frozen=True)
class Fixed:
    """One fixed point, on the asset at `asset` in the list of assets."""

    asset: int
    year: int
    cost: int
    treatment: int = -1
    kind: str = "statutory"


def portfolio_of(
    assets: Sequence[Asset],
    fixed: Sequence[Fixed] = (),
    funds: tuple[str, ...] = ("tax", "va"),
    curves: tuple[SurvivalCurve, ...] = (PIPE, PUMP),
    treatments: tuple[Treatment, ...] = (REPLACE, MEND),
) -> Portfolio:
    options = [(row, treatment, cost) for row, asset in enumerate(assets) for treatment, cost in asset.costs.items()]

    def whole(values: Sequence[int]) -> np.ndarray:
        return np.array(values, dtype=np.int64)

    def real(values: Sequence[float]) -> np.ndarray:
        return np.array(values, dtype=np.float64)

    return Portfolio(
        funds=funds,
        curves=curves,
        treatments=treatments,
        asset_id=whole([asset.id for asset in assets]),
        fund=whole([asset.fund for asset in assets]),
        curve=whole([asset.curve for asset in assets]),
        effective_age=real([asset.age for asset in assets]),
        failure_cost_sek=real([asset.failure_cost for asset in assets]),
        replacement_value_sek=real([asset.replacement_value for asset in assets]),
        option_asset=whole([option[0] for option in options]),
        option_treatment=whole([option[1] for option in options]),
        option_cost_sek=whole([option[2] for option in options]),
        fixed_asset=whole([point.asset for point in fixed]),
        fixed_year=whole([point.year for point in fixed]),
        fixed_cost_sek=whole([point.cost for point in fixed]),
        fixed_treatment=whole([point.treatment for point in fixed]),
        fixed_class=np.array([point.kind for point in fixed], dtype=np.str_),
    )


def yearly(*rows: Sequence[int]) -> Budgets:
    """Budgets with one row per fund."""
    return Budgets(FIRST_YEAR, np.array(rows, dtype=np.int64))


def random_portfolio(seed: int, n_assets: int, n_years: int, n_fixed: int = 0) -> Portfolio:
    """A portfolio of mixed assets in two funds, some of unknown age, ids in no order."""
    rng = np.random.default_rng(seed)
    value = np.rint(np.exp(rng.normal(12.0, 1.0, n_assets))) + 1
    ages = np.where(rng.random(n_assets) < 0.1, np.nan, rng.uniform(0, 130, n_assets))
    curve = rng.integers(0, 2, n_assets)
    offered = np.flatnonzero(rng.random(2 * n_assets) < 0.9)
    treatment = offered % 2
    share = np.array([1.0, 0.2])[treatment]
    return Portfolio(
        funds=("tax", "va"),
        curves=(PIPE, PUMP),
        treatments=(REPLACE, MEND),
        asset_id=rng.permutation(3 * n_assets)[:n_assets].astype(np.int64),
        fund=rng.integers(0, 2, n_assets),
        curve=curve,
        effective_age=np.where(curve == 1, ages / 7, ages),
        failure_cost_sek=value * np.exp(rng.normal(1.0, 1.0, n_assets)),
        replacement_value_sek=value,
        option_asset=offered // 2,
        option_treatment=treatment,
        option_cost_sek=np.rint(share * value[offered // 2]).astype(np.int64) + 1,
        fixed_asset=rng.integers(0, max(n_assets, 1), n_fixed),
        fixed_year=FIRST_YEAR + rng.integers(0, n_years, n_fixed),
        fixed_cost_sek=rng.integers(0, 60_000, n_fixed),
        fixed_treatment=rng.integers(-1, 2, n_fixed),
        fixed_class=np.where(rng.random(n_fixed) < 0.5, "statutory", "committed").astype(np.str_),
    )


def permuted(portfolio: Portfolio, seed: int) -> tuple[Portfolio, np.ndarray, np.ndarray]:
    """The same portfolio with assets, options and fixed points shuffled; new positions of the old assets and fixed."""
    rng = np.random.default_rng(seed)
    assets, options, fixed = (
        rng.permutation(len(column)) for column in (portfolio.asset_id, portfolio.option_asset, portfolio.fixed_asset)
    )
    place = np.empty(len(assets), dtype=np.int64)
    place[assets] = np.arange(len(assets))
    fixed_place = np.empty(len(fixed), dtype=np.int64)
    fixed_place[fixed] = np.arange(len(fixed))
    columns = ("asset_id", "fund", "curve", "effective_age", "failure_cost_sek", "replacement_value_sek")
    shuffled = replace(
        portfolio,
        **{name: getattr(portfolio, name)[assets] for name in columns},
        option_asset=place[portfolio.option_asset[options]],
        option_treatment=portfolio.option_treatment[options],
        option_cost_sek=portfolio.option_cost_sek[options],
        fixed_asset=place[portfolio.fixed_asset[fixed]],
        fixed_year=portfolio.fixed_year[fixed],
        fixed_cost_sek=portfolio.fixed_cost_sek[fixed],
        fixed_treatment=portfolio.fixed_treatment[fixed],
        fixed_class=portfolio.fixed_class[fixed],
    )
    return shuffled, place, fixed_place
