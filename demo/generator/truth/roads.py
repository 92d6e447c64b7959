"""Road maintenance by province, surface and calendar year; lengths in tenths of a kilometre, money in million VND."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from demo.generator.draws import wobble
from demo.generator.territories import Body
from demo.generator.truth.size import SIZE

SURFACES = ("ASPHALT", "OTHER")


@dataclass(frozen=True)
class RoadYear:
    """Network, good and treated kilometres, and VND, of one surface in one year."""

    network: Decimal
    good: Decimal
    treated: Decimal
    cost: Decimal

    def __add__(self, other: RoadYear) -> RoadYear:
        return RoadYear(
            self.network + other.network, self.good + other.good, self.treated + other.treated, self.cost + other.cost
        )


class Roads:
    """Network and maintenance."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def year(self, body: Body, surface: str, year: int) -> RoadYear:
        total = RoadYear(Decimal(0), Decimal(0), Decimal(0), Decimal(0))
        for code in body.part_codes:
            total += self._year(code, surface, year)
        return total

    def complaints(self, body: Body, year: int) -> int:
        total = 0
        for code in body.part_codes:
            length = sum(float(self._year(code, surface, year).network) for surface in SURFACES)
            per_hundred = 8.5 * (1 - 0.07 * (year - 2022)) * wobble(self._seed, 0.2, "road complaints", code, year)
            total += round(length * per_hundred / 100)
        return total

    def _year(self, code: str, surface: str, year: int) -> RoadYear:
        length = 40 * SIZE[code] ** 0.45 * wobble(self._seed, 0.3, "network", code)
        paved = 0.45 + 0.2 * (wobble(self._seed, 1.0, "paved", code) - 1) + 0.015 * (year - 2022)
        network = Decimal(round(10 * length * (paved if surface == "ASPHALT" else 1 - paved))) / 10
        level = (0.70 if surface == "ASPHALT" else 0.48) + 0.025 * (year - 2022)
        good = Decimal(round(10 * float(network) * level * wobble(self._seed, 0.08, "good", code, surface, year))) / 10
        pace = 0.22 if surface == "ASPHALT" else 0.30
        treated = (
            Decimal(round(10 * float(network) * pace * wobble(self._seed, 0.2, "treated", code, surface, year))) / 10
        )
        each = (
            (165 if surface == "ASPHALT" else 92)
            * 1.05 ** (year - 2022)
            * wobble(self._seed, 0.18, "each", code, surface)
        )
        return RoadYear(network, good, treated, Decimal(round(float(treated) * each)) * 1_000_000)
