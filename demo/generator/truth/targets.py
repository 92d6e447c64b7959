"""Yearly targets that a decision assigns to each province."""

from __future__ import annotations

from decimal import Decimal

from demo.generator.draws import wobble
from demo.generator.periods import quarters
from demo.generator.territories import Body
from demo.generator.truth.employment import SEXES, EmploymentService
from demo.generator.truth.roads import SURFACES, Roads


class AssignedTargets:
    """Targets near what will be achieved, rounded as decisions round."""

    def __init__(self, seed: int, employment: EmploymentService, roads: Roads) -> None:
        self._seed = seed
        self._employment = employment
        self._roads = roads

    def trained(self, body: Body, year: int) -> Decimal:
        """Persons to train in the year."""
        actual = sum(
            self._employment.trained(body, sex, quarter)
            for sex in SEXES
            for quarter in quarters(administrative=False)
            if quarter.year == year
        )
        return Decimal(round(actual * wobble(self._seed, 0.08, "target trained", body.code, year), -2))

    def maintained(self, body: Body, year: int) -> Decimal:
        """Kilometres to maintain in the year."""
        actual = sum(self._roads.year(body, surface, year).treated for surface in SURFACES)
        return Decimal(round(float(actual) * wobble(self._seed, 0.1, "target km", body.code, year), -1))
