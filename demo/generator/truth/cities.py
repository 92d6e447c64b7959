"""The city scorecard: safety, neighbourhoods, government, transport and economy of six cities, by year."""

from __future__ import annotations

from decimal import Decimal

from demo.generator.draws import wobble
from demo.generator.periods import Quarter
from demo.generator.territories import Body
from demo.generator.truth.finance import base_salary
from demo.generator.truth.size import SIZE

CITIES = ("01", "31", "46", "48", "79", "92")
#: Survey results are published as percentages only, so they do not add up over territories.
SURVEYS = ("CTY_FEEL", "CTY_SERV_SAT")
_TEAM = {"CTY_FEEL": (71.0, 2.2), "CTY_SERV_SAT": (76.5, 2.4)}


class Cities:
    """Figures of a city in a year, by indicator code."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def year(self, body: Body, year: int) -> dict[str, Decimal]:
        """Every indicator of the scorecard; additive ones are sums over the parts of the city."""
        total: dict[str, Decimal] = {}
        for code in body.part_codes:
            for indicator, value in self._additive(code, year).items():
                total[indicator] = total.get(indicator, Decimal(0)) + value
        for indicator in SURVEYS:
            start, step = _TEAM[indicator]
            level = start * wobble(self._seed, 0.06, indicator, body.code) + step * (year - 2022)
            total[indicator] = (
                Decimal(round(10 * min(97.0, level * wobble(self._seed, 0.01, indicator, body.code, year)))) / 10
            )
        return total

    def _additive(self, code: str, year: int) -> dict[str, Decimal]:
        since = year - 2022

        def around(level: float, spread: float, name: str, trend: float = 1.0) -> float:
            return (
                level
                * trend**since
                * wobble(self._seed, spread, name, code)
                * wobble(self._seed, 0.03, name, code, year)
            )

        people = round(SIZE[code] * 1000 * 1.009**since, -2)
        calls = round(around(people * 0.011, 0.15, "calls", 1.01))
        staff = round(around(people * 0.0042, 0.1, "civil servants", 0.985))
        quarter_pay = sum(base_salary(Quarter(year, n, False)) for n in (1, 2, 3, 4)) * 3_000_000 * 3.4
        neighbourhoods = round(people / 4200)
        kilometres = Decimal(round(10 * around(people * 0.00042, 0.2, "cleaned", 1.03))) / 10
        workers = round(around(people * 0.0009, 0.2, "bus workers", 1.02))
        return {
            "CTY_CRIMES": Decimal(round(around(people * 0.0056, 0.2, "crimes", 0.955))),
            "CTY_POP": Decimal(round(people)),
            "CTY_CALLS": Decimal(calls),
            "CTY_CALLS7": Decimal(round(calls * min(0.96, around(0.83, 0.03, "in time", 1.022)))),
            "CTY_NBH_ALL": Decimal(neighbourhoods),
            "CTY_NBH_STABLE": Decimal(round(neighbourhoods * min(0.95, around(0.61, 0.05, "stable", 1.04)))),
            "CTY_PAYCOST": Decimal(round(staff * quarter_pay * wobble(self._seed, 0.06, "pay", code), -6)),
            "CTY_STAFF": Decimal(staff),
            "CTY_LEAVERS": Decimal(round(around(staff * 0.028, 0.3, "leavers", 1.05))),
            "CTY_BUSHOURS": Decimal(round(workers * around(1395, 0.04, "bus hours", 1.017))),
            "CTY_BUSWORK": Decimal(workers),
            "CTY_TRIPS": Decimal(round(around(people * 22, 0.5, "trips", 1.06))),
            "CTY_COMPL": Decimal(round(float(kilometres) / 100 * around(19.5, 0.15, "street complaints", 0.87))),
            "CTY_KMCLEAN": kilometres,
            "CTY_DEATHS": Decimal(round(around(people * 0.000062, 0.2, "deaths", 0.96))),
            "CTY_ENT": Decimal(round(around(people * 0.0021, 0.4, "enterprises", 1.05))),
        }
