"""Persons with disabilities who seek work, by province, degree and year: counts so small that some name the person."""

from __future__ import annotations

from demo.generator.draws import wobble
from demo.generator.territories import Body
from demo.generator.truth.size import SIZE

#: Degree of disability → persons registered for each thousand of a province's size.
DEGREES = {"SPECIAL": 0.007, "SEVERE": 0.022, "MILD": 0.03}


class DisabilityEmployment:
    """Whole persons; who is placed had registered in the same year."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def registered(self, body: Body, degree: str, year: int) -> int:
        return sum(self._registered(code, degree, year) for code in body.part_codes)

    def placed(self, body: Body, degree: str, year: int) -> int:
        return sum(self._placed(code, degree, year) for code in body.part_codes)

    def _registered(self, code: str, degree: str, year: int) -> int:
        growth = 1 + 0.06 * (year - 2022)
        return round(SIZE[code] * DEGREES[degree] * growth * wobble(self._seed, 0.35, "registered", code, degree, year))

    def _placed(self, code: str, degree: str, year: int) -> int:
        share = {"SPECIAL": 0.30, "SEVERE": 0.45, "MILD": 0.62}[degree]
        placed = self._registered(code, degree, year) * share * wobble(self._seed, 0.2, "placed", code, degree, year)
        return round(placed)
