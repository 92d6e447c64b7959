"""The employment service by province, sex and calendar quarter: people trained, then placed, then still in work.

Placement takes two quarters and staying is counted two quarters later, so that only lagged ratios make sense
(domain.md 2.11).
"""

from __future__ import annotations

from decimal import Decimal

from demo.generator.draws import wobble
from demo.generator.periods import Quarter
from demo.generator.territories import Body
from demo.generator.truth.finance import base_salary
from demo.generator.truth.size import SIZE

SEXES = ("F", "M")
SEASON = (0.82, 1.08, 1.06, 1.04)
LAG = 2


class EmploymentService:
    """Persons and money; counts are whole, money is in steps of 100 000 VND."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def trained(self, body: Body, sex: str, quarter: Quarter) -> int:
        return sum(self._trained(code, sex, quarter.index) for code in body.part_codes)

    def placed(self, body: Body, sex: str, quarter: Quarter) -> int:
        return sum(self._placed(code, sex, quarter.index) for code in body.part_codes)

    def kept(self, body: Body, sex: str, quarter: Quarter) -> int:
        return sum(
            round(
                self._placed(code, sex, quarter.index - LAG)
                * (0.74 + 0.004 * quarter.index)
                * wobble(self._seed, 0.05, "kept", code, sex, quarter.index)
            )
            for code in body.part_codes
        )

    def cost(self, body: Body, quarter: Quarter) -> Decimal:
        """VND spent in the quarter on all trainees."""
        total = 0
        for code in body.part_codes:
            trainees = sum(self._trained(code, sex, quarter.index) for sex in SEXES)
            each = 2_300_000 + 1_100_000 * base_salary(quarter) * wobble(self._seed, 0.12, "cost", code)
            total += 100_000 * round(trainees * each / 100_000)
        return Decimal(total)

    def labour_force(self, body: Body, quarter: Quarter) -> tuple[int, int]:
        """Unemployed persons and the labour force."""
        unemployed = labour = 0
        for code in body.part_codes:
            force = round(SIZE[code] * 1000 * 0.53 * (1 + 0.0015 * quarter.index), -2)
            labour += round(force)
            unemployed += round(
                force
                * 0.024
                * wobble(self._seed, 0.3, "unemployment", code)
                * wobble(self._seed, 0.06, "u", code, quarter.index)
                * (1 - 0.006 * quarter.index)
            )
        return unemployed, labour

    def _trained(self, code: str, sex: str, index: int) -> int:
        women = 0.50 + 0.04 * (wobble(self._seed, 1.0, "women", code) - 1)
        share = women if sex == "F" else 1 - women
        level = SIZE[code] * 0.42 * wobble(self._seed, 0.25, "trained", code)
        return round(level * share * SEASON[index % 4] * 1.018**index * wobble(self._seed, 0.07, "t", code, sex, index))

    def _placed(self, code: str, sex: str, index: int) -> int:
        trained = self._trained(code, sex, index - LAG)
        share = (0.58 if sex == "F" else 0.61) + 0.004 * index
        return round(trained * share * wobble(self._seed, 0.08, "placed", code, sex, index))
