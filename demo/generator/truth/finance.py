"""Cost and staff of the one-stop shops by administrative quarter; the legal base salary moves the cost."""

from __future__ import annotations

from decimal import Decimal

from demo.generator.draws import wobble
from demo.generator.periods import Quarter
from demo.generator.territories import Body
from demo.generator.truth.one_stop_shop import OneStopShops
from demo.generator.truth.size import SIZE

#: Reports are in billions with three decimals until 2023, in millions with one decimal since: the figure is rounded so.
ROUNDED_TO = {2022: 1_000_000, 2023: 1_000_000, 2024: 100_000, 2025: 100_000}


def base_salary(quarter: Quarter) -> float:
    """Monthly base salary in million VND: 1.49, from July 2023 1.80, from July 2024 2.34."""
    if (quarter.year, quarter.number) < (2023, 3):
        return 1.49
    return 1.80 if (quarter.year, quarter.number) < (2024, 3) else 2.34


class OneStopShopFinance:
    """Staff at the end of a quarter and money spent in it."""

    def __init__(self, seed: int, shops: OneStopShops) -> None:
        self._seed = seed
        self._shops = shops

    def staff(self, body: Body, quarter: Quarter) -> Decimal:
        """Full-time equivalents, in halves; the merger of 2025 is followed by a slow reduction."""
        total = Decimal(0)
        for code in body.part_codes:
            wanted = SIZE[code] * 0.11 * wobble(self._seed, 0.15, "staff", code)
            wanted *= 1 - 0.004 * quarter.index - (0.02 if quarter.index >= 15 else 0)
            total += Decimal(round(2 * wanted)) / 2
        return total

    def cost(self, body: Body, quarter: Quarter) -> Decimal:
        """VND spent in the quarter."""
        total = 0
        step = ROUNDED_TO[quarter.year]
        for code in body.part_codes:
            staff = SIZE[code] * 0.11 * wobble(self._seed, 0.15, "staff", code)
            wages = staff * base_salary(quarter) * 1_000_000 * 3 * 4.2
            running = self._shops.resolved(code, quarter.index) * 14_000 * wobble(self._seed, 0.2, "running", code)
            total += step * round((wages + running) / step)
        return Decimal(total)
