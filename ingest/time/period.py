"""A period: a half-open stretch of days with a calendar, a code and a frequency (domain.md 3.1).

Dates, not labels, define a period. Windows without a code of their own are written as SDMX time ranges
(``2016-04-01/P1Y``, domain.md 3.5).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

#: Year, half-year, quarter, month, week, day, other range; coarse to fine, the range apart.
FREQUENCIES = ("A", "S", "Q", "M", "W", "D", "R")
#: The calendar that is always there.
GREGORIAN = "CAL"

_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})/P(\d+)([YMD])")


class UnknownPeriodError(ValueError):
    """No calendar of the workspace has such a period."""


@dataclass(frozen=True, order=True)
class Period:
    """Days ``start`` to ``end_exclusive`` of a calendar; ``period_code`` is unique over all calendars."""

    calendar_code: str
    period_code: str
    frequency: str
    start: date
    end_exclusive: date

    @property
    def last_day(self) -> date:
        return self.end_exclusive - timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.end_exclusive - self.start).days

    def overlaps(self, start: date, end_exclusive: date) -> bool:
        """Whether a day is in both; validity is tested by overlap, never by equality (domain.md 4.6)."""
        return self.start < end_exclusive and start < self.end_exclusive


def shift_months(day: date, months: int) -> date:
    """The same day so many months later; the last day of the month where that month is shorter.

    Raises ``UnknownPeriodError`` beyond the years that a date can have.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year < 9999:
        raise UnknownPeriodError(f"no such year: {year}")
    first_of_next = date(year + (month == 11), 1 if month == 11 else month + 2, 1)
    return date(year, month + 1, min(day.day, (first_of_next - timedelta(days=1)).day))


def range_code(start: date, end_exclusive: date) -> str:
    """The SDMX time range of a window: whole years, else whole months, else days.

    >>> range_code(date(2016, 4, 1), date(2017, 4, 1)), range_code(date(2023, 5, 17), date(2023, 6, 12))
    ('2016-04-01/P1Y', '2023-05-17/P26D')
    """
    if end_exclusive <= start:
        raise UnknownPeriodError(f"a period ends after it starts: {start} to {end_exclusive}")
    months = (end_exclusive.year - start.year) * 12 + end_exclusive.month - start.month
    whole = end_exclusive.day == start.day and months > 0
    if whole and months % 12 == 0:
        return f"{start}/P{months // 12}Y"
    return f"{start}/P{months}M" if whole else f"{start}/P{(end_exclusive - start).days}D"


def dates_of_range_code(code: str) -> tuple[date, date] | None:
    """First day and first day after of an SDMX time range, or None if the text is none."""
    match = _RANGE.fullmatch(code)
    if match is None:
        return None
    try:
        start = date.fromisoformat(match[1])
        length = int(match[2])
        if length == 0:
            return None
        if match[3] == "D":
            return start, start + timedelta(days=length)
        return start, shift_months(start, length * (12 if match[3] == "Y" else 1))
    except (ValueError, OverflowError):
        return None


def range_period(start: date, end_exclusive: date) -> Period:
    """A window as a period of frequency R."""
    return Period(GREGORIAN, range_code(start, end_exclusive), "R", start, end_exclusive)
