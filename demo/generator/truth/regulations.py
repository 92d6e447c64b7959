"""The regulation simplification programme: business regulations by function, type and half-year since 2021.

Ministries were not purely merged in 2025; functions moved (domain.md 4.3). Regulations are therefore simulated by
function, and a ministry reports the functions that it holds at the end of the half-year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from demo.generator.draws import stream, wobble
from demo.generator.territories import MINISTRY_REFORM

TYPES = ("COND", "PROC", "REPORT", "STANDARD", "INSPECT")
_TYPE_SHARE = {"COND": 0.30, "PROC": 0.38, "REPORT": 0.14, "STANDARD": 0.10, "INSPECT": 0.08}


@dataclass(frozen=True)
class Function:
    """A field of state management: who holds it before and after 1 March 2025, and its regulations at the baseline."""

    before: str
    after: str
    regulations: int
    types: tuple[str, ...] = TYPES


_ALL = TYPES
_NO_STANDARDS = ("COND", "PROC", "REPORT")
#: The parts of a ministry that was divided have sizes in the proportion of the weights in organisation_events.csv.
FUNCTIONS = (
    Function("BQP", "BQP", 240, _NO_STANDARDS),
    Function("BCA", "BCA", 520),
    Function("BNG", "BNG", 90, ("PROC", "REPORT")),
    Function("BTP", "BTP", 380, _NO_STANDARDS),
    Function("BTC", "BTC", 1500),
    Function("BKHDT", "BTC", 760, _NO_STANDARDS),
    Function("BCT", "BCT", 1850),
    Function("BNNPTNT", "BNNMT", 1640),
    Function("BTNMT", "BNNMT", 1120),
    Function("BGTVT", "BXD", 1720),
    Function("BXD", "BXD", 820),
    Function("BTTTT", "BKHCN", 640),
    Function("BTTTT", "BVHTTDL", 160),
    Function("BKHCN", "BKHCN", 610),
    Function("BLDTBXH", "BNV", 400),
    Function("BLDTBXH", "BGDDT", 160),
    Function("BLDTBXH", "BYT", 120),
    Function("BLDTBXH", "BNNMT", 80),
    Function("BLDTBXH", "BCA", 40),
    Function("BNV", "BNV", 150, _NO_STANDARDS),
    Function("BNV", "BDTTG", 50, _NO_STANDARDS),
    Function("BVHTTDL", "BVHTTDL", 580),
    Function("BGDDT", "BGDDT", 470, _NO_STANDARDS),
    Function("BYT", "BYT", 1260),
    Function("UBDT", "BDTTG", 30, ("PROC", "REPORT")),
    Function("TTCP", "TTCP", 40, ("PROC", "REPORT")),
    Function("NHNN", "NHNN", 840, _NO_STANDARDS),
    Function("VPCP", "VPCP", 60, ("PROC", "REPORT")),
)


@dataclass(frozen=True)
class Half:
    """A half-year, numbered 1 or 2."""

    year: int
    number: int

    @property
    def code(self) -> str:
        return f"{self.year}-S{self.number}"

    @property
    def last_day(self) -> date:
        return date(self.year, 6, 30) if self.number == 1 else date(self.year, 12, 31)


@dataclass(frozen=True)
class Progress:
    """Regulations and yearly compliance cost (VND) of one type; the first five are year to date, the rest stand."""

    reviewed: int = 0
    approved: int = 0
    abolished: int = 0
    simplified: int = 0
    new: int = 0
    cut_since_start: int = 0
    baseline: int = 0
    cost_baseline: int = 0
    cost_saved: int = 0

    def __add__(self, other: Progress) -> Progress:
        return Progress(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Resources:
    """Money since the start (VND), staff at the end, documents amended in the year to date."""

    budget: Decimal
    staff: Decimal
    documents: int


class Regulations:
    """What each ministry reports for a half-year."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def holds(self, ministry: str, half: Half) -> list[int]:
        """Numbers of the functions that a ministry holds at the end of a half-year."""
        after = half.last_day >= MINISTRY_REFORM
        return [n for n, f in enumerate(FUNCTIONS) if (f.after if after else f.before) == ministry]

    def progress(self, ministry: str, kind: str, half: Half) -> Progress | None:
        """Progress of one type; None where none of the ministry's functions has such regulations."""
        numbers = [n for n in self.holds(ministry, half) if kind in FUNCTIONS[n].types]
        if not numbers:
            return None
        total = Progress()
        for number in numbers:
            total += self._progress(number, kind, half)
        return total

    def resources(self, ministry: str, half: Half) -> Resources:
        """Resources of the ministry: they follow the regulations it holds."""
        budget, staff, documents = Decimal(0), Decimal(0), 0
        for number in self.holds(ministry, half):
            size = FUNCTIONS[number].regulations
            halves = 2 * (half.year - 2021) + half.number
            budget += Decimal(round(size * 0.33 * halves * wobble(self._seed, 0.05, "budget", number))) * 1_000_000
            staff += Decimal(round(2 * (2 + size / 90) * wobble(self._seed, 0.2, "review staff", number))) / 2
            documents += sum(
                1 + round(size / 150 * wobble(self._seed, 0.5, "documents", number, half.year, n))
                for n in range(1, half.number + 1)
            )
        return Resources(budget, staff, documents)

    def baseline(self, number: int, kind: str) -> int:
        """Regulations of a function and type at the baseline."""
        function = FUNCTIONS[number]
        share = sum(_TYPE_SHARE[k] for k in function.types)
        return max(1, round(function.regulations * _TYPE_SHARE[kind] / share))

    def step(self, number: int, kind: str, half: Half) -> tuple[int, int, int, int, int]:
        """Reviewed, approved, abolished, simplified and new regulations in one half-year."""
        draw = stream(self._seed, "regulations", number, kind, half.year, half.number)
        stock = self.baseline(number, kind)
        reviewed = round(stock * 0.042 * (0.7 + 0.6 * draw.random()))
        approved = round(reviewed * (0.55 + 0.2 * draw.random()))
        done = round(approved * (0.62 + 0.06 * (half.year - 2021) + 0.1 * draw.random() * (half.number == 2)))
        abolished = round(done * (0.30 + 0.2 * draw.random()))
        new = round(stock * 0.006 * draw.random() * 2)
        return reviewed, approved, abolished, min(done, approved) - abolished, new

    def _progress(self, number: int, kind: str, half: Half) -> Progress:
        in_year = (0, 0, 0, 0, 0)
        since_start = 0
        for year in range(2021, half.year + 1):
            for part in (1, 2):
                if (year, part) > (half.year, half.number):
                    continue
                step = self.step(number, kind, Half(year, part))
                since_start += step[2] + step[3]
                if year == half.year:
                    in_year = _added(in_year, step)
        baseline = self.baseline(number, kind)
        each = round(900_000_000 * wobble(self._seed, 0.6, "compliance", number, kind), -6)
        saved = round(since_start * each * wobble(self._seed, 0.25, "saving", number, kind), -6)
        return Progress(*in_year, since_start, baseline, round(baseline * each), round(saved))


_Steps = tuple[int, int, int, int, int]


def _added(one: _Steps, other: _Steps) -> _Steps:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3], one[4] + other[4]
