"""From the parts of a label to the period they mean in a calendar: the rules of domain.md 3.2, 3.3 and 10.6.

*6 tháng*, *9 tháng*, *cả năm* are figures from the start of the year to the end of Q2, Q3, Q4, no periods of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ingest.time.definition import CutOffCalendar, FiscalCalendar, SchoolYearCalendar
from ingest.time.label_grammar import Part
from ingest.time.period import GREGORIAN, Period, shift_months

if TYPE_CHECKING:
    from ingest.time.calendar import Calendars

#: Levels that a cumulative figure may end at, in the order in which its last day is looked for.
_ENDS = ("Q", "M", "S", "A")
_PLACES = {"S": 2, "Q": 4, "M": 12}


class UnknownLabelError(Exception):
    """The text names no period of the calendar."""


class AmbiguousLabelError(Exception):
    """The text fits several periods; ``candidates`` are their codes, best known first."""

    def __init__(self, *candidates: Period | None) -> None:
        self.candidates = tuple(dict.fromkeys(period.period_code for period in candidates if period is not None))
        super().__init__(", ".join(self.candidates))


@dataclass(frozen=True)
class Context:
    """What is known besides the label."""

    calendars: Calendars
    calendar: str = GREGORIAN
    frequency: str | None = None
    year: int | str | None = None
    order: str | None = None
    cumulative: bool = False
    until: bool = False

    def numbered(self, year: int, level: str, number: int) -> Period:
        """The n-th period of a level in the calendar, or in the Gregorian one where the calendar has no such level."""
        known = level in self.calendars.frequencies(self.calendar)
        period = self.calendars.tiling(self.calendar if known else GREGORIAN).numbered(year, level, number)
        if period is None:
            raise UnknownLabelError(f"{level}{number} {year}")
        return period

    def containing(self, day: date, level: str) -> Period:
        known = level in self.calendars.frequencies(self.calendar)
        return self.calendars.containing(day, self.calendar if known else GREGORIAN, level)

    @property
    def given_year(self) -> int | None:
        """The year that stands elsewhere, if it is one: 2026, "Năm 2026"; of a split year, the first."""
        years = re.findall(r"(?<!\d)(?:1[5-9]|2[01])\d\d(?!\d)", str(self.year or ""))
        return int(years[0]) if years and (len(years) == 1 or int(years[1]) == int(years[0]) + 1) else None


@dataclass(frozen=True)
class Meaning:
    """The period, and the accumulation that the way of writing implies."""

    period: Period
    accumulation: str | None = None


def meaning_of(part: Part, context: Context) -> Meaning:  # noqa: PLR0911 - one a level
    """The period of one point. Raises ``AmbiguousLabelError`` or ``UnknownLabelError``."""
    match part.level:
        case "split":
            return Meaning(_split_year(part, context))
        case "D":
            return _of_day(_date(part, _year(part, context), context), context)
        case "A":
            return _of_year(part, context)
        case "months":
            return _of_months(part, context)
        case "open":
            return Meaning(_numbered_by_source(part, context))
        case "named_month":
            return Meaning(_named_month(part, context))
        case "W":
            return Meaning(context.calendars.period(f"{_year(part, context):04d}-W{part.number:02d}"))
        case "S" if part.manner == "school":
            return Meaning(_semester(part, context))
        case "Q" | "S" if part.manner == "own_year":
            return Meaning(_part_of_own_year(part, context))
        case _:
            return Meaning(context.numbered(_year(part, context), part.level, part.number))


def window_of(left: Part, right: Part, context: Context, *, certain: bool = False) -> Meaning:
    """The period from the start of one point to the end of another; the first takes its year from the second.

    Two years in a row are one split year to some and two years to others: without a word like *giai đoạn*, or a
    calendar whose years do straddle, they are ambiguous.
    """
    context = _with_order(left, right, context)
    if left.level == right.level == "A" and left.year is not None and right.year is not None:
        return Meaning(_years(left.year, right.year, context, certain=certain))
    plain = Context(context.calendars, context.calendar, None, context.year, context.order)
    last = _whole(right, plain)
    if left.year is None and left.short_year is None:
        year = right.year or _year(right, plain)
        first = _whole(_in_year(left, year), plain)
        if first.start > last.start:
            first = _whole(_in_year(left, year - 1), plain)
    else:
        first = _whole(left, plain)
    if first.start >= last.end_exclusive:
        raise UnknownLabelError("the end is before the start")
    return Meaning(context.calendars.between(first.start, last.end_exclusive, context.calendar))


def _in_year(part: Part, year: int) -> Part:
    return Part(part.level, year, part.number, part.day, manner=part.manner, open_order=part.open_order)


def _whole(part: Part, context: Context) -> Period:
    if part.level == "split":
        raise UnknownLabelError("a split year is no end of a range")
    return meaning_of(part, context).period


def _with_order(left: Part, right: Part, context: Context) -> Context:
    """One end with a day above 12 shows how both are written."""
    undecided = left.open_order or right.open_order
    settled = [part for part in (left, right) if part.level == "D" and not part.open_order]
    if undecided and settled and context.order is None:
        return Context(
            context.calendars,
            context.calendar,
            context.frequency,
            context.year,
            "mdy" if settled[0].manner == "month_first" else "dmy",
        )
    return context


def _year(part: Part, context: Context) -> int:
    if part.year is not None:
        return part.year
    given = context.given_year
    if part.short_year is None:
        if given is None:
            raise AmbiguousLabelError
        return given
    if given is not None and given % 100 == part.short_year:
        return given
    raise AmbiguousLabelError


def _date(part: Part, year: int, context: Context) -> date:
    if part.open_order and context.order is None:
        raise AmbiguousLabelError(
            *(
                context.calendars.containing(date(year, month, day), frequency="D")
                for month, day in ((part.number, part.day), (part.day, part.number))
            )
        )
    if part.open_order and context.order == "mdy":
        return date(year, part.day, part.number)
    return date(year, part.number, part.day)


def _of_day(day: date, context: Context) -> Meaning:
    """A date stands for the period it lies in; after *đến*, for the period that ends on it."""
    if not context.until:
        return Meaning(context.containing(day, context.frequency or "D"))
    levels = [context.frequency] if context.frequency else []
    for level in [*levels, *(_ENDS if context.cumulative else ())]:
        period = context.containing(day, level)
        if period.last_day == day:
            return Meaning(period)
    if context.cumulative or context.frequency is None:
        return Meaning(context.containing(day, "D"))
    return Meaning(context.containing(day, context.frequency))


def _of_year(part: Part, context: Context) -> Meaning:
    year = _year(part, context)
    if part.manner == "fiscal" and context.calendar == GREGORIAN:
        raise AmbiguousLabelError(*_years_named(year, context, FiscalCalendar))
    counted = part.manner == "whole" and context.frequency != "A"
    counted = counted or (part.manner == "year" and context.frequency in _PLACES)
    if counted:
        level = context.frequency if context.frequency in _PLACES else "Q"
        return Meaning(context.numbered(year, level or "Q", _PLACES[level or "Q"]), "YTD")
    return Meaning(context.numbered(year, "A", 1))


def _of_months(part: Part, context: Context) -> Meaning:
    """6 tháng: the figure from the start of the year, kept at the period that ends then."""
    year = _year(part, context)
    if part.number == 12 and context.frequency == "A":
        return Meaning(context.numbered(year, "A", 1))
    if context.frequency == "S" and part.number % 6 == 0:
        return Meaning(context.numbered(year, "S", part.number // 6), "YTD")
    if context.frequency == "M" or part.number % 3:
        return Meaning(context.numbered(year, "M", part.number), "YTD")
    return Meaning(context.numbered(year, "Q", part.number // 3), "YTD")


def _numbered_by_source(part: Part, context: Context) -> Period:
    """A bare number counts what the source says it counts."""
    year = _year(part, context)
    if context.frequency in {"S", "Q", "M", "W"}:
        return context.numbered(year, context.frequency or "", part.number)
    raise AmbiguousLabelError(
        *(context.numbered(year, level, part.number) for level, most in _PLACES.items() if part.number <= most)
    )


def _named_month(part: Part, context: Context) -> Period:
    """A month by its name: the calendar's month of that name, or the coarser period that it is the edge of."""
    month = _month(part, context)
    coarser = context.frequency in {"A", "S", "Q"} and part.manner == "like_a_date"
    if not coarser:
        return month
    period = context.containing(month.start, context.frequency or "")
    if month.end_exclusive == period.end_exclusive or month.start == period.start:
        return period
    raise AmbiguousLabelError(month, period)


def _month(part: Part, context: Context) -> Period:
    definition = context.calendars.definitions.get(context.calendar)
    year = _year(part, context)
    if not isinstance(definition, FiscalCalendar):
        return context.numbered(year, "M", part.number)
    if definition.start_day != 1:
        numbered = context.containing(date(year, part.number, definition.start_day), "M")
        raise AmbiguousLabelError(context.calendars.previous(numbered), numbered)
    if part.year is None:
        months = [context.numbered(year, "M", number) for number in range(1, 13)]
        return next(month for month in months if month.start.month == part.number)
    return context.containing(date(year, part.number, 1), "M")


def _semester(part: Part, context: Context) -> Period:
    calendar = _school_calendar(context)
    period = context.calendars.tiling(calendar).numbered(_year(part, context), "S", part.number)
    if period is None:
        raise UnknownLabelError("the school calendar has no semesters")
    return period


def _school_calendar(context: Context) -> str:
    definitions = context.calendars.definitions
    if isinstance(definitions.get(context.calendar), SchoolYearCalendar):
        return context.calendar
    schools = [code for code, definition in definitions.items() if isinstance(definition, SchoolYearCalendar)]
    if len(schools) != 1:
        raise UnknownLabelError("no school calendar, or several")
    return schools[0]


def _split_year(part: Part, context: Context) -> Period:
    """2019/20: the year of the calendar that starts in 2019 and ends in 2020."""
    year = part.year or 0
    if part.manner == "school":
        period = context.calendars.tiling(_school_calendar(context)).numbered(year, "A", 1)
        if period is None:
            raise UnknownLabelError("no such school year")
        return period
    month = None
    if part.manner == "or_month":
        month = context.calendars.containing(date(year, part.number, 1))
        if context.frequency in {"M", "D"}:
            return _month(Part("named_month", year, part.number), context)
    straddling = _straddling_year(year, context)
    if straddling is not None:
        return straddling
    raise AmbiguousLabelError(month, *_years_starting(year, context))


def _part_of_own_year(part: Part, context: Context) -> Period:
    """2023-24 Q1, Q1 FY2023: counted from the first month of that year of the source's fiscal calendar."""
    year = part.year or 0
    if not isinstance(context.calendars.definitions.get(context.calendar), FiscalCalendar):
        years = _years_starting(year, context) if part.of_split else _years_named(year, context, FiscalCalendar)
        raise AmbiguousLabelError(*years)
    whole = _straddling_year(year, context) if part.of_split else context.numbered(year, "A", 1)
    if whole is None:
        raise UnknownLabelError("the calendar's years do not straddle")
    months = (part.number - 1) * (3 if part.level == "Q" else 6)
    return context.containing(shift_months(whole.start, months), part.level)


def _straddling_year(year: int, context: Context) -> Period | None:
    """The calendar's own year from one year into the next, if its years straddle."""
    definition = context.calendars.definitions.get(context.calendar)
    if definition is None or isinstance(definition, CutOffCalendar):
        return None
    period = context.calendars.tiling(context.calendar).containing(date(year + 1, 1, 1), "A")
    straddles = period is not None and (period.start.year, period.last_day.year) == (year, year + 1)
    return period if straddles else None


def _years_starting(year: int, context: Context) -> list[Period]:
    """What a split year may mean: the years of all calendars that start in it and end in the next."""
    contexts = [Context(context.calendars, code) for code in context.calendars.definitions]
    return [period for period in (_straddling_year(year, other) for other in contexts) if period is not None]


def _years_named(year: int, context: Context, kind: type[FiscalCalendar]) -> list[Period | None]:
    codes = [code for code, definition in context.calendars.definitions.items() if isinstance(definition, kind)]
    return [context.calendars.tiling(code).numbered(year, "A", 1) for code in codes]


def _years(first: int, last: int, context: Context, *, certain: bool) -> Period:
    """From one year to another; where years straddle, from the one that starts in it to the one that ends in it."""
    if last <= first:
        raise UnknownLabelError("the end is before the start")
    straddling = _straddling_year(first, context)
    if straddling is not None:
        end = shift_months(straddling.end_exclusive, 12 * (last - first - 1))
        return context.calendars.between(straddling.start, end, context.calendar)
    start, end = context.numbered(first, "A", 1).start, context.numbered(last, "A", 1).end_exclusive
    whole = context.calendars.between(start, end, context.calendar)
    if last == first + 1 and not certain:
        raise AmbiguousLabelError(whole, *_years_starting(first, context))
    return whole
