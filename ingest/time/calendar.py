"""All calendars of a workspace: from a code, a day, two days or a label to the one period that is meant.

The Gregorian calendar ``CAL`` is always there; the others are declared in ``workspace.yml`` (domain.md 3.1, 3.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cached_property

import pyarrow as pa

from ingest.time.definition import CalendarDefinition, calendar_clashes
from ingest.time.label import LabelReader, ParsedPeriod
from ingest.time.period import (
    FREQUENCIES,
    GREGORIAN,
    Period,
    UnknownPeriodError,
    dates_of_range_code,
    range_period,
    shift_months,
)
from ingest.time.tiling import GregorianTiling, Tiling, tiling_of

__all__ = ["Calendars", "ParsedPeriod", "Period", "UnknownPeriodError"]


class Calendars:
    """The Gregorian calendar and those declared as data.

    Raises ``ValueError`` if two of them share a code or a prefix.
    """

    def __init__(self, definitions: Sequence[CalendarDefinition] = ()) -> None:
        clash = calendar_clashes(tuple(definitions))
        if clash:
            raise ValueError(clash)
        self.definitions: dict[str, CalendarDefinition] = {definition.code: definition for definition in definitions}
        self._tilings: dict[str, Tiling] = {GREGORIAN: GregorianTiling()}
        self._tilings |= {definition.code: tiling_of(definition) for definition in definitions}

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of all calendars, ``CAL`` first."""
        return tuple(self._tilings)

    def frequencies(self, calendar: str) -> tuple[str, ...]:
        """Levels of a calendar, coarse to fine."""
        return self.tiling(calendar).frequencies

    def tiling(self, calendar: str) -> Tiling:
        """The division of time of a calendar. Raises ``UnknownPeriodError`` if the workspace has no such calendar."""
        if calendar not in self._tilings:
            raise UnknownPeriodError(f"no calendar {calendar}; the workspace has {', '.join(self.codes)}")
        return self._tilings[calendar]

    def period(self, code: str) -> Period:
        """The period with this code. Raises ``UnknownPeriodError``.

        A time range whose days are those of a Gregorian period is that period, so that equal days have one code.
        """
        for tiling in self._tilings.values():
            period = tiling.from_code(code)
            if period is not None:
                return period
        dates = dates_of_range_code(code)
        if dates is None:
            raise UnknownPeriodError(f"no calendar has a period {code!r}; calendars: {', '.join(self.codes)}")
        return self.between(*dates)

    def containing(self, day: date, calendar: str = GREGORIAN, frequency: str = "M") -> Period:
        """The period of a level that a day lies in. Raises ``UnknownPeriodError`` if the calendar has none there."""
        period = self.tiling(calendar).containing(day, frequency)
        if period is None:
            raise UnknownPeriodError(f"calendar {calendar} has no period of frequency {frequency} on {day}")
        return period

    def between(self, first_day: date, end_exclusive: date, calendar: str = GREGORIAN) -> Period:
        """The period of exactly these days: of the calendar, else of ``CAL``, else a time range (frequency R)."""
        for code in dict.fromkeys((calendar, GREGORIAN)):
            for frequency in self.frequencies(code):
                period = self.tiling(code).containing(first_day, frequency)
                if period is not None and (period.start, period.end_exclusive) == (first_day, end_exclusive):
                    return period
        return range_period(first_day, end_exclusive)

    def range(self, start: date, end_exclusive: date) -> Period:
        """A window as a time range ``start/duration``, whatever calendar it may fit."""
        return range_period(start, end_exclusive)

    def overlapping(self, span: tuple[date, date], calendar: str, frequency: str) -> list[Period]:
        """The periods of a level that touch the days ``[span[0], span[1])``, in order."""
        first, end_exclusive = span
        tiling = self.tiling(calendar)
        periods: list[Period] = []
        if end_exclusive <= first:
            return periods
        period = tiling.containing(first, frequency) or self._first_after(first, end_exclusive, tiling, frequency)
        while period is not None and period.start < end_exclusive:
            periods.append(period)
            period = tiling.shift(period, 1)
        return periods

    def previous(self, period: Period) -> Period | None:
        """The period before, of the same calendar and frequency; a range moves back by its own length."""
        if self._is_window(period):
            months = _months_of(period)
            if months is None:
                return self.range(period.start - timedelta(days=period.days), period.start)
            return self.range(shift_months(period.start, -months), period.start)
        return self.tiling(period.calendar_code).shift(period, -1)

    def same_period_last_year(self, period: Period) -> Period | None:
        """The same period a year earlier (cùng kỳ năm trước); none for listed periods, or week 53 of a longer year."""
        if self._is_window(period):
            return self.range(shift_months(period.start, -12), shift_months(period.end_exclusive, -12))
        if period.frequency in {"A", "S", "Q", "M"}:
            years = {"A": 1, "S": 2, "Q": 4, "M": 12}[period.frequency]
            return self.tiling(period.calendar_code).shift(period, -years)
        if period.frequency == "D":
            earlier = shift_months(period.start, -12)
            return self.containing(earlier, period.calendar_code, "D") if earlier.day == period.start.day else None
        if period.frequency == "W":
            year, week = int(period.period_code[:4]), int(period.period_code[-2:])
            return self.tiling(period.calendar_code).numbered(year - 1, "W", week)
        return None

    def year_to_date(self, period: Period) -> Period:
        """From the first day of the period's year to its end: the days of a YTD figure (domain.md 3.2, 3.3)."""
        year = self.tiling(period.calendar_code).containing(period.start, "A")
        if year is None:
            raise UnknownPeriodError(f"calendar {period.calendar_code} has no years")
        return self.between(year.start, period.end_exclusive, period.calendar_code)

    def parse(
        self,
        label: object,
        *,
        calendar: str = GREGORIAN,
        frequency: str | None = None,
        year: int | str | None = None,
        order: str | None = None,
    ) -> ParsedPeriod:
        """What a label, or a date cell, says about the period; see ``ingest.time.label``.

        ``frequency`` fills in what the label leaves open, ``year`` is where the label has none, ``order`` (dmy or mdy)
        is what the column shows about its dates (``date_order``).
        """
        return self._reader.read(label, calendar, frequency, year, order)

    def table(self, observed: Iterable[Period], span: tuple[date, date]) -> pa.Table:
        """The table ``ingest.contract.PERIOD``: every period that touches the span, and every observed window."""
        from ingest.time.period_table import period_table

        return period_table(self, observed, span)

    @cached_property
    def _reader(self) -> LabelReader:
        return LabelReader(self)

    def _is_window(self, period: Period) -> bool:
        return period.frequency == "R" and period.calendar_code == GREGORIAN

    def _first_after(self, first: date, end_exclusive: date, tiling: Tiling, frequency: str) -> Period | None:
        """The first period of a list that starts within the span, where the span starts before the list does."""
        definition = self.definitions.get(tiling.code)
        listed = getattr(definition, "periods", ())
        starts = [period.start for period in listed if first <= period.start < end_exclusive]
        return tiling.containing(min(starts), frequency) if starts and frequency in FREQUENCIES else None


def _months_of(period: Period) -> int | None:
    """Length in whole months, or None."""
    if period.start.day != period.end_exclusive.day:
        return None
    months = (period.end_exclusive.year - period.start.year) * 12 + period.end_exclusive.month - period.start.month
    return months or None
