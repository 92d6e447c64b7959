"""The table ``period``: every period of every calendar in use, with labels in both languages (domain.md 3.1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa

from ingest.contract import PERIOD
from ingest.time.definition import CutOffCalendar, FiscalCalendar, ListCalendar, SchoolYearCalendar
from ingest.time.period import GREGORIAN, Period, range_code

if TYPE_CHECKING:
    from ingest.time.calendar import Calendars

ROMAN = ("I", "II", "III", "IV")
MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
#: A day for each day of the span would be many rows for nothing: days are listed only where a source reports by day.
LISTED_WHEN_OBSERVED = frozenset({"D"})


def period_table(calendars: Calendars, observed: Iterable[Period], span: tuple[date, date]) -> pa.Table:
    """One row a period, ordered by calendar, start and length; codes of neighbours only where they are rows too."""
    observed = list(observed)
    levels = {(period.calendar_code, period.frequency) for period in observed}
    periods = set(observed)
    for calendar in calendars.codes:
        for frequency in calendars.frequencies(calendar):
            if frequency not in LISTED_WHEN_OBSERVED or (calendar, frequency) in levels:
                periods.update(calendars.overlapping(span, calendar, frequency))
    codes = {period.period_code for period in periods}
    ordered = sorted(periods, key=lambda p: (p.calendar_code, p.start, p.end_exclusive, p.period_code))
    rows = [_row(calendars, period, codes) for period in ordered]
    return pa.Table.from_pylist(rows, schema=PERIOD.schema)


def _row(calendars: Calendars, period: Period, codes: set[str]) -> dict[str, object]:
    previous, last_year = calendars.previous(period), calendars.same_period_last_year(period)
    label_vi, label_en = labels(calendars, period)
    is_gregorian = period.calendar_code == GREGORIAN
    return {
        "calendar_code": period.calendar_code,
        "period_code": period.period_code,
        "frequency": period.frequency,
        "period_start": period.start,
        "period_end_exclusive": period.end_exclusive,
        "year_label": year_label(calendars, period),
        "label_vi": label_vi,
        "label_en": label_en,
        "previous_period_code": _code_among(previous, codes),
        "same_period_last_year_code": _code_among(last_year, codes),
        "sdmx_time_period": period.period_code if is_gregorian else range_code(period.start, period.end_exclusive),
    }


def _code_among(period: Period | None, codes: set[str]) -> str | None:
    return period.period_code if period is not None and period.period_code in codes else None


def year_label(calendars: Calendars, period: Period) -> str:
    """The year a period belongs to, as its calendar writes it (2025, 2025-26); of a range, that of its last day."""
    if period.frequency == "R":
        return str(period.last_day.year)
    if period.frequency == "W":
        return period.period_code[:4]
    year = calendars.tiling(period.calendar_code).year_of(period.start)
    definition = calendars.definitions.get(period.calendar_code)
    whole = calendars.tiling(period.calendar_code).containing(period.start, "A")
    if whole is None or year is None:
        return str(period.start.year)
    if isinstance(definition, SchoolYearCalendar):
        return f"{year}-{year + 1}"
    if isinstance(definition, FiscalCalendar):
        end = whole.last_day.year
        return definition.year_written.format(year=year, start=whole.start.year, end=end, end2=f"{end % 100:02d}")
    return str(year)


def labels(calendars: Calendars, period: Period) -> tuple[str, str]:
    """Label in Vietnamese and in English; periods of other calendars also name theirs."""
    definition = calendars.definitions.get(period.calendar_code)
    if isinstance(definition, ListCalendar):
        listed = next(item for item in definition.periods if item.code == period.period_code)
        return listed.name.vi, listed.name.en
    year = year_label(calendars, period)
    vi, en = _plain_labels(period, year, definition)
    if definition is None:
        return vi, en
    return f"{vi} ({definition.name.vi})", f"{en} ({definition.name.en})"


def _plain_labels(period: Period, year: str, definition: object) -> tuple[str, str]:  # noqa: PLR0911 - one a level
    number = _number(period)
    first, last = period.start, period.last_day
    match period.frequency:
        case "A":
            return f"Năm {year}", year
        case "S" if isinstance(definition, SchoolYearCalendar):
            return f"Học kỳ {ROMAN[number - 1]} năm học {year}", f"Semester {number}, {year}"
        case "S":
            half_vi, half_en = ("đầu", "First") if number == 1 else ("cuối", "Second")
            return f"6 tháng {half_vi} năm {year}", f"{half_en} half of {year}"
        case "Q":
            return f"Quý {ROMAN[number - 1]}/{year}", f"Q{number} {year}"
        case "M" if definition is None or isinstance(definition, CutOffCalendar) or first.day == 1:
            return f"Tháng {last.month}/{last.year}", f"{MONTH_NAMES[last.month - 1]} {last.year}"
        case "M":
            return f"Tháng thứ {number} năm {year}", f"Month {number} of {year}"
        case "W":
            return f"Tuần {number}/{year}", f"Week {number} of {year}"
        case "D":
            return f"{first:%d/%m/%Y}", _day_in_english(first)
        case _:
            return f"Từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}", f"{_day_in_english(first)} to {_day_in_english(last)}"


def _number(period: Period) -> int:
    """Place in the year, from the code: 3 of 2025-Q3."""
    digits = period.period_code.rpartition("-")[2].lstrip("SQMW")
    return int(digits) if digits.isdigit() else 0


def _day_in_english(day: date) -> str:
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"
