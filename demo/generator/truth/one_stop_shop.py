"""Dossiers at the one-stop shops: received, carried over, resolved and pending by province, procedure and quarter.

The identities of form II.06 hold by construction: 3 = 4 + 5 + 6 = 7 + 11, 7 = 8 + 9 + 10, 11 = 12 + 13, and a
quarter opens with what the quarter before left pending (domain.md 7.4.2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from demo.generator.draws import stream, wobble
from demo.generator.periods import Quarter, quarters
from demo.generator.territories import Body
from demo.generator.truth.size import SIZE

PROCEDURES = ("SIMPLE", "COMPLEX")
#: Dossiers drop in the quarter of Tết (15 December – 14 March) and are caught up with afterwards.
SEASON = (0.86, 1.05, 1.02, 1.07)
#: One province where every group gets better and the whole gets worse, because hard cases crowd in (Simpson).
SIMPSON_PROVINCE = "46"
SIMPSON_FIRST_YEAR = 2024


@dataclass(frozen=True)
class Dossiers:
    """One line of the form: the columns 4 to 14; the other columns are sums of these."""

    online: int
    counter: int
    carried: int
    early: int
    due: int
    late: int
    pending_in_time: int
    pending_late: int
    days: int

    @property
    def received(self) -> int:
        return self.online + self.counter

    @property
    def total(self) -> int:
        return self.received + self.carried

    @property
    def resolved(self) -> int:
        return self.early + self.due + self.late

    @property
    def pending(self) -> int:
        return self.pending_in_time + self.pending_late

    def __add__(self, other: Dossiers) -> Dossiers:
        return Dossiers(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


NO_DOSSIERS = Dossiers(0, 0, 0, 0, 0, 0, 0, 0, 0)


class OneStopShops:
    """Dossiers by old province code, procedure and administrative quarter."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._lines: dict[tuple[str, str, int], Dossiers] = {}
        for code in SIZE:
            for procedure in PROCEDURES:
                carried = round(self._demand(code, procedure, 0) * self._pending_share(code, procedure, 0))
                for quarter in quarters(administrative=True):
                    line = self._quarter(code, procedure, quarter, carried)
                    self._lines[code, procedure, quarter.index] = line
                    carried = line.pending

    def line(self, body: Body, procedure: str, quarter: Quarter) -> Dossiers:
        """What a province of either structure reports: the sum over its parts."""
        total = NO_DOSSIERS
        for code in body.part_codes:
            total += self._lines[code, procedure, quarter.index]
        return total

    def resolved(self, code: str, quarter_index: int) -> int:
        """Dossiers of an old province resolved in a quarter, all procedures."""
        return sum(self._lines[code, procedure, quarter_index].resolved for procedure in PROCEDURES)

    def _complex_share(self, code: str, index: int) -> float:
        if code == SIMPSON_PROVINCE:
            return 0.48 if index >= 4 * (SIMPSON_FIRST_YEAR - 2022) else 0.20
        return 0.16 + 0.12 * stream(self._seed, "complex share", code).random()

    def _demand(self, code: str, procedure: str, index: int) -> int:
        share = self._complex_share(code, index)
        share = share if procedure == "COMPLEX" else 1 - share
        per_thousand = 55 * wobble(self._seed, 0.25, "demand", code)
        noise = wobble(self._seed, 0.06, "demand noise", code, procedure, index)
        return round(SIZE[code] * per_thousand * share * SEASON[index % 4] * 1.01**index * noise)

    def _pending_share(self, code: str, procedure: str, index: int) -> float:
        base = 0.05 if procedure == "SIMPLE" else 0.15
        return (
            base
            * wobble(self._seed, 0.3, "pending", code, procedure)
            * wobble(self._seed, 0.1, "p", code, procedure, index)
        )

    def _on_time_share(self, code: str, procedure: str, index: int) -> float:
        if code == SIMPSON_PROVINCE:
            better = index >= 4 * (SIMPSON_FIRST_YEAR - 2022)
            return {"SIMPLE": (0.95, 0.96), "COMPLEX": (0.60, 0.65)}[procedure][better]
        start = 0.90 if procedure == "SIMPLE" else 0.68
        ceiling = 0.99 if procedure == "SIMPLE" else 0.94
        level = start + 0.05 * (2 * stream(self._seed, "on time", code, procedure).random() - 1)
        pace = 0.05 + 0.05 * stream(self._seed, "pace", code).random()
        return ceiling - (ceiling - level) * math.exp(-pace * index) * wobble(
            self._seed, 0.08, "o", code, procedure, index
        )

    def _online_share(self, code: str, procedure: str, index: int) -> float:
        midpoint = 2 + 8 * stream(self._seed, "online", code).random() + (0 if procedure == "SIMPLE" else 3)
        return 0.20 + 0.72 / (1 + math.exp(-0.35 * (index - midpoint)))

    def _quarter(self, code: str, procedure: str, quarter: Quarter, carried: int) -> Dossiers:
        index = quarter.index
        received = self._demand(code, procedure, index)
        online = round(received * self._online_share(code, procedure, index))
        pending = round((received + carried) * self._pending_share(code, procedure, index))
        resolved = received + carried - pending
        on_time = round(resolved * self._on_time_share(code, procedure, index))
        early = round(on_time * (0.40 + 0.2 * stream(self._seed, "early", code, procedure).random()))
        overdue = round(pending * (0.22 if procedure == "COMPLEX" else 0.10) * (1 - 0.03 * index))
        mean_days = (
            (3.4 if procedure == "SIMPLE" else 19.0) * wobble(self._seed, 0.15, "days", code) * (1 - 0.012 * index)
        )
        return Dossiers(
            online,
            received - online,
            carried,
            early,
            on_time - early,
            resolved - on_time,
            pending - overdue,
            overdue,
            round(resolved * mean_days),
        )
