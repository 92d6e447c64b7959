"""How each kind of calendar divides time: from a day to its period, from a code to its period, and n periods on.

A tiling numbers the periods of a level one after the other, so that "previous" is a subtraction and nothing can gap or
overlap by construction; only the listed kind has its edges checked when it is loaded.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date, timedelta
from typing import Protocol

from ingest.time.definition import (
    CalendarDefinition,
    CutOffCalendar,
    FiscalCalendar,
    ListCalendar,
    SchoolYearCalendar,
)
from ingest.time.period import GREGORIAN, Period, UnknownPeriodError, shift_months

#: Length in months of the levels that months make up, and how many of them a year has.
MONTHS = {"A": 12, "S": 6, "Q": 3, "M": 1}
_CODE = re.compile(r"(?P<prefix>[A-Z][A-Z_-]*?)?(?P<year>\d{4})(?:-(?P<level>[SQM])(?P<number>\d{1,2}))?")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
#: Years with four digits and a neighbour on either side.
FIRST_DAY, LAST_DAY = date(1002, 1, 1), date(9997, 12, 31)


class Tiling(Protocol):
    """One calendar's division of time."""

    code: str
    #: Levels it has, coarse to fine.
    frequencies: tuple[str, ...]

    def containing(self, day: date, frequency: str) -> Period | None:
        """The period of the level that the day lies in, or None where the calendar does not reach."""

    def from_code(self, code: str) -> Period | None:
        """The period with this code, or None if it is none of this calendar's."""

    def shift(self, period: Period, by: int) -> Period | None:
        """The period so many places on, at the same level."""

    def year_of(self, day: date) -> int | None:
        """The calendar year by which the calendar names the year the day lies in."""

    def numbered(self, year: int, frequency: str, number: int) -> Period | None:
        """The n-th period of the level in a year, from 1."""


class MonthTiling:
    """Years, half-years, quarters and months counted from any day of the year (1 January: Gregorian)."""

    def __init__(self, code: str, prefix: str, start_month: int, start_day: int, *, named_after_end: bool) -> None:
        self.code = code
        self.frequencies: tuple[str, ...] = ("A", "S", "Q", "M")
        self._prefix = prefix
        self._start_month = start_month
        self._start_day = start_day
        self._year_shift = int(named_after_end and (start_month, start_day) != (1, 1))

    def containing(self, day: date, frequency: str) -> Period | None:
        if frequency not in MONTHS or not FIRST_DAY <= day <= LAST_DAY:
            return None
        month = day.year * 12 + day.month - 1 - (day.day < self._start_day) - (self._start_month - 1)
        return self._at(month // MONTHS[frequency], frequency)

    def from_code(self, code: str) -> Period | None:
        match = _CODE.fullmatch(code)
        if match is None or (match["prefix"] or "") != self._prefix:
            return None
        period = self.numbered(int(match["year"]), match["level"] or "A", int(match["number"] or 1))
        return period if period is not None and period.period_code == code else None

    def shift(self, period: Period, by: int) -> Period | None:
        month = period.start.year * 12 + period.start.month - self._start_month
        return self._at(month // MONTHS[period.frequency] + by, period.frequency)

    def year_of(self, day: date) -> int | None:
        period = self.containing(day, "A")
        return None if period is None else self._year_of_ordinal(period.start)

    def numbered(self, year: int, frequency: str, number: int) -> Period | None:
        length = MONTHS.get(frequency)
        if length is None or not 1 <= number <= 12 // length:
            return None
        return self._at((year - self._year_shift) * (12 // length) + number - 1, frequency)

    def _year_of_ordinal(self, start: date) -> int:
        return (start.year * 12 + start.month - self._start_month) // 12 + self._year_shift

    def _at(self, ordinal: int, frequency: str) -> Period | None:
        """The period of this running number; period 0 of a level starts in the year 0."""
        length = MONTHS[frequency]
        year, number = divmod(ordinal, 12 // length)
        if not 1001 <= year <= 9997:
            return None
        start = shift_months(date(year, self._start_month, self._start_day), number * length)
        code = f"{self._prefix}{year + self._year_shift:04d}"
        if frequency != "A":
            code += f"-{frequency}{number + 1:02d}" if frequency == "M" else f"-{frequency}{number + 1}"
        return Period(self.code, code, frequency, start, shift_months(start, length))


class GregorianTiling(MonthTiling):
    """The calendar year with its parts, ISO weeks and days."""

    def __init__(self) -> None:
        super().__init__(GREGORIAN, "", 1, 1, named_after_end=False)
        self.frequencies = ("A", "S", "Q", "M", "W", "D")

    def containing(self, day: date, frequency: str) -> Period | None:
        if not FIRST_DAY <= day <= LAST_DAY:
            return None
        if frequency == "W":
            return self._week(day - timedelta(days=day.weekday()))
        if frequency == "D":
            return Period(self.code, day.isoformat(), "D", day, day + timedelta(days=1))
        return super().containing(day, frequency)

    def from_code(self, code: str) -> Period | None:
        try:
            if week := _WEEK.fullmatch(code):
                return self.containing(date.fromisocalendar(int(week[1]), int(week[2]), 1), "W")
            if _DAY.fullmatch(code):
                return self.containing(date.fromisoformat(code), "D")
        except ValueError:
            return None
        return super().from_code(code)

    def shift(self, period: Period, by: int) -> Period | None:
        days = {"W": 7, "D": 1}.get(period.frequency)
        if days is None:
            return super().shift(period, by)
        return self.containing(period.start + timedelta(days=days * by), period.frequency)

    def year_of(self, day: date) -> int | None:
        return day.year

    def numbered(self, year: int, frequency: str, number: int) -> Period | None:
        if frequency == "W":
            return self.from_code(f"{year:04d}-W{number:02d}")
        return super().numbered(year, frequency, number)

    def _week(self, monday: date) -> Period:
        year, week, _ = monday.isocalendar()
        return Period(self.code, f"{year:04d}-W{week:02d}", "W", monday, monday + timedelta(days=7))


class SchoolTiling:
    """School years named after the calendar year they start in, and two semesters where they are declared."""

    def __init__(self, definition: SchoolYearCalendar) -> None:
        self.code = definition.code
        self._definition = definition
        self.frequencies: tuple[str, ...] = ("A", "S") if definition.second_semester_month else ("A",)

    def containing(self, day: date, frequency: str) -> Period | None:
        if frequency not in self.frequencies or not FIRST_DAY <= day <= LAST_DAY:
            return None
        year = self._year(day)
        if frequency == "S":
            return self.numbered(year, "S", 2 if day >= self._second_semester(year) else 1)
        return self.numbered(year, "A", 1)

    def from_code(self, code: str) -> Period | None:
        match = _CODE.fullmatch(code)
        if match is None or match["prefix"] != self._definition.prefix:
            return None
        period = self.numbered(int(match["year"]), match["level"] or "A", int(match["number"] or 1))
        return period if period is not None and period.period_code == code else None

    def shift(self, period: Period, by: int) -> Period | None:
        year = self._year(period.start)
        if period.frequency == "A":
            return self.numbered(year + by, "A", 1)
        half = year * 2 + int(period.start >= self._second_semester(year)) + by
        return self.numbered(half // 2, "S", half % 2 + 1)

    def year_of(self, day: date) -> int | None:
        return self._year(day)

    def numbered(self, year: int, frequency: str, number: int) -> Period | None:
        known = frequency in self.frequencies and 1 <= number <= {"A": 1, "S": 2}[frequency]
        if not known or not FIRST_DAY.year <= year < LAST_DAY.year:
            return None
        start, end = self._start(year), self._start(year + 1)
        code = f"{self._definition.prefix}{year:04d}"
        if frequency == "A":
            return Period(self.code, code, "A", start, end)
        middle = self._second_semester(year)
        return Period(self.code, f"{code}-S{number}", "S", *((start, middle) if number == 1 else (middle, end)))

    def _start(self, year: int) -> date:
        return date(year, self._definition.start_month, self._definition.start_day)

    def _year(self, day: date) -> int:
        return day.year - int(day < self._start(day.year))

    def _second_semester(self, year: int) -> date:
        month, day = self._definition.second_semester_month or 1, self._definition.second_semester_day
        same_year = (month, day) > (self._definition.start_month, self._definition.start_day)
        return date(year if same_year else year + 1, month, day)


class ListTiling:
    """Named periods, one after the other, from the first to the last that is declared."""

    def __init__(self, definition: ListCalendar) -> None:
        self.code = definition.code
        self.frequencies: tuple[str, ...] = (definition.frequency,)
        self._periods = tuple(
            Period(definition.code, listed.code, definition.frequency, listed.start, listed.end_exclusive)
            for listed in definition.periods
        )
        self._starts = [period.start for period in self._periods]

    def containing(self, day: date, frequency: str) -> Period | None:
        if frequency not in self.frequencies or not self._starts[0] <= day < self._periods[-1].end_exclusive:
            return None
        return self._periods[bisect_right(self._starts, day) - 1]

    def from_code(self, code: str) -> Period | None:
        return next((period for period in self._periods if period.period_code == code), None)

    def shift(self, period: Period, by: int) -> Period | None:
        place = self._starts.index(period.start) + by
        return self._periods[place] if 0 <= place < len(self._periods) else None

    def year_of(self, day: date) -> int | None:
        return day.year

    def numbered(self, year: int, frequency: str, number: int) -> Period | None:
        """None: a list has names, not numbers."""
        return None


def tiling_of(definition: CalendarDefinition) -> Tiling:
    """The tiling that a definition declares."""
    if isinstance(definition, ListCalendar):
        return ListTiling(definition)
    if isinstance(definition, SchoolYearCalendar):
        return SchoolTiling(definition)
    if isinstance(definition, CutOffCalendar):
        return MonthTiling(definition.code, definition.prefix, 12, definition.day, named_after_end=True)
    if isinstance(definition, FiscalCalendar):
        return MonthTiling(
            definition.code,
            definition.prefix,
            definition.start_month,
            definition.start_day,
            named_after_end=definition.labelled_by == "end",
        )
    raise UnknownPeriodError(f"no such kind of calendar: {definition}")
