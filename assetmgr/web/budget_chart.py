"""Cost against budget, a bar a year, as the geometry of a drawing. The same figures stand in the table beside it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 480, 190
LEFT, TOP, BOTTOM = 40, 14, 26
MILLION = 1_000_000
WIDEST_BAR = 40.0
MOST_LABELS = 12


@dataclass(frozen=True)
class Bar:
    """One year: the bar of what is planned, and where the budget's tick is."""

    year: int
    label: str
    x: float
    width: float
    y: float
    height: float
    middle: float
    tick_x: float
    tick_width: float
    tick_y: float
    cost_sek: int
    budget_sek: int
    unfunded_sek: int
    is_flagged: bool


@dataclass(frozen=True)
class BudgetChart:
    """A fund's years; amounts on the scale are in millions of kronor."""

    fund: str
    bars: Sequence[Bar]
    levels: Sequence[tuple[float, float]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    bottom: int = HEIGHT - BOTTOM

    @property
    def cost_sek(self) -> int:
        """What all years cost."""
        return sum(bar.cost_sek for bar in self.bars)

    @property
    def budget_sek(self) -> int:
        """All years' budgets."""
        return sum(bar.budget_sek for bar in self.bars)

    @property
    def unfunded_sek(self) -> int:
        """What all years lack."""
        return sum(bar.unfunded_sek for bar in self.bars)


def budget_chart(
    fund: str,
    years: Sequence[int],
    cost_sek: Mapping[str, int],
    budget_sek: Mapping[str, int],
    unfunded_sek: Mapping[str, int],
    flagged: frozenset[int],
) -> BudgetChart:
    """The drawing of one fund; amounts by year as text, as a plan keeps them."""
    largest = max([1, *(int(amounts.get(str(year), 0)) for amounts in (cost_sek, budget_sek) for year in years)])
    top = round_up(largest)
    slot = (WIDTH - LEFT) / max(1, len(years))
    width = min(WIDEST_BAR, slot * 0.66)
    every = math.ceil(len(years) / MOST_LABELS)

    def down(amount: float) -> float:
        return round(HEIGHT - BOTTOM - amount / top * (HEIGHT - TOP - BOTTOM), 1)

    bars = []
    for place, year in enumerate(years):
        cost, budget = int(cost_sek.get(str(year), 0)), int(budget_sek.get(str(year), 0))
        middle = LEFT + slot * (place + 0.5)
        bars.append(
            Bar(
                year=year,
                label="" if place % every else str(year) if place == 0 else f"{year % 100:02d}",
                x=round(middle - width / 2, 1),
                width=round(width, 1),
                y=down(cost),
                height=round(HEIGHT - BOTTOM - down(cost), 1),
                middle=round(middle, 1),
                tick_x=round(middle - slot * 0.46, 1),
                tick_width=round(slot * 0.92, 1),
                tick_y=down(budget),
                cost_sek=cost,
                budget_sek=budget,
                unfunded_sek=int(unfunded_sek.get(str(year), 0)),
                is_flagged=year in flagged,
            )
        )
    return BudgetChart(fund, bars, [(down(share * top), share * top / MILLION) for share in (0, 0.5, 1)])


def round_up(amount: float) -> float:
    """The next of 1, 2, 5 or 10 times a power of ten: 6.5 million -> 10 million."""
    power = 10.0 ** math.floor(math.log10(amount))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= amount)
