"""The reporting periods of the demo: administrative quarters (data cut on the 14th) and calendar quarters and years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

YEARS = (2022, 2023, 2024, 2025)
ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True)
class Quarter:
    """A quarter of either calendar; ``index`` counts from the first quarter of 2022."""

    year: int
    number: int
    administrative: bool

    @property
    def index(self) -> int:
        return (self.year - YEARS[0]) * 4 + self.number - 1

    @property
    def code(self) -> str:
        return f"{'VNR' if self.administrative else ''}{self.year}-Q{self.number}"

    @property
    def start(self) -> date:
        month = 3 * self.number - 2
        if not self.administrative:
            return date(self.year, month, 1)
        return date(self.year - 1, 12, 15) if month == 1 else date(self.year, month - 1, 15)

    @property
    def end_exclusive(self) -> date:
        month = 3 * self.number
        if self.administrative:
            return date(self.year, month, 15)
        return date(self.year + 1, 1, 1) if month == 12 else date(self.year, month + 1, 1)

    @property
    def last_day(self) -> date:
        return self.end_exclusive - timedelta(days=1)

    @property
    def roman(self) -> str:
        return ROMAN[self.number - 1]


def quarters(*, administrative: bool) -> list[Quarter]:
    """The sixteen quarters 2022–2025 of one calendar."""
    return [Quarter(year, number, administrative) for year in YEARS for number in (1, 2, 3, 4)]
