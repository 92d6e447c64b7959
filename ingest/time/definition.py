"""Calendars as data: what stands under ``calendars:`` in ``workspace.yml`` (domain.md 3.1, 3.2).

Every kind tiles time: each day belongs to exactly one period of each level. What would leave a gap or an overlap is
refused here, with the field it stands in.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ingest.time.period import GREGORIAN


class CalendarModel(BaseModel):
    """Part of a calendar definition; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class BilingualName(CalendarModel):
    """A name in both languages."""

    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)


class _Calendar(CalendarModel):
    code: str = Field(
        pattern=r"^[A-Z][A-Z0-9_-]*$", description="Code by which sources and indicators name the calendar."
    )
    name: BilingualName = Field(description="Its name in both languages.")

    @field_validator("code")
    @classmethod
    def _not_built_in(cls, value: str) -> str:
        if value == GREGORIAN:
            raise ValueError("CAL is the Gregorian calendar and always there; give this calendar another code")
        return value


class _PrefixedCalendar(_Calendar):
    prefix: str = Field(
        "",
        description="Stands before the year in its codes; default: the letters of the code.",
        pattern=r"^([A-Z][A-Z_-]*)?$",
    )

    @model_validator(mode="after")
    def _prefix_from_code(self) -> _PrefixedCalendar:
        if not self.prefix:
            letters = re.sub(r"[^A-Z]", "", self.code)
            object.__setattr__(self, "prefix", letters)
        return self


class FiscalCalendar(_PrefixedCalendar):
    """Years from a day of the year, with half-years, quarters and months counted from it."""

    kind: Literal["fiscal"]
    start_month: int = Field(ge=1, le=12, description="Month in which the year starts.")
    start_day: int = Field(1, ge=1, le=28, description="Day of that month.")
    labelled_by: Literal["start", "end"] = Field(
        "end", description="The year is named after the calendar year it starts or ends in."
    )
    year_written: str = Field(
        "{year}", description="How the year is written: of {year}, {start}, {end}, {end2}; {start}-{end2} is 2025-26."
    )

    @field_validator("year_written")
    @classmethod
    def _known_parts(cls, value: str) -> str:
        try:
            value.format(year=2025, start=2025, end=2026, end2="26")
        except (KeyError, IndexError, ValueError) as error:
            raise ValueError("use {year}, {start}, {end} and {end2} only") from error
        return value


class CutOffCalendar(_PrefixedCalendar):
    """Administrative periods: month m runs from a day of the month before to the day before it (domain.md 3.2)."""

    kind: Literal["cut_off"]
    day: int = Field(
        ge=2, le=28, description="First day of a month's period, in the month before: 15 for the 15th to the 14th."
    )


class SchoolYearCalendar(_PrefixedCalendar):
    """School years, from their first day to the next one's, and semesters if the second one's start is given."""

    kind: Literal["school_year"]
    start_month: int = Field(9, ge=1, le=12, description="Month in which the school year starts.")
    start_day: int = Field(5, ge=1, le=28, description="Day of that month.")
    second_semester_month: int | None = Field(
        None, ge=1, le=12, description="Month in which the second semester starts."
    )
    second_semester_day: int = Field(1, ge=1, le=28, description="Day of that month.")

    @model_validator(mode="after")
    def _semesters_differ(self) -> SchoolYearCalendar:
        if (self.second_semester_month, self.second_semester_day) == (self.start_month, self.start_day):
            raise ValueError("the second semester starts on the first day of the year; the first would have no days")
        return self


class ListedPeriod(CalendarModel):
    """A period with a name of its own."""

    code: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$", description="Code, unique over all calendars.")
    start: date = Field(description="First day.")
    end: date = Field(description="Last day: the period includes it.")
    name: BilingualName = Field(description="Its name in both languages.")

    @property
    def end_exclusive(self) -> date:
        return self.end + timedelta(days=1)

    @model_validator(mode="after")
    def _ends_after_start(self) -> ListedPeriod:
        if self.end < self.start:
            raise ValueError(f"{self.code} ends ({self.end}) before it starts ({self.start})")
        return self


class ListCalendar(_Calendar):
    """Named periods one after the other: terms, plans, campaigns. No gaps, no overlaps."""

    kind: Literal["list"]
    frequency: Literal["A", "R"] = Field("R", description="A if each is a year, else R.")
    periods: tuple[ListedPeriod, ...] = Field(min_length=1, description="The periods, in any order.")

    @model_validator(mode="after")
    def _tiles(self) -> ListCalendar:
        ordered = sorted(self.periods, key=lambda period: period.start)
        for before, after in pairwise(ordered):
            if after.start <= before.end:
                raise ValueError(
                    f"{before.code} (to {before.end}) and {after.code} (from {after.start}) overlap; "
                    "end is the last day of a period, not the first day after it"
                )
            if after.start > before.end_exclusive:
                raise ValueError(
                    f"no period covers the days {before.end_exclusive} to {after.start - timedelta(days=1)}, "
                    f"between {before.code} and {after.code}"
                )
        object.__setattr__(self, "periods", tuple(ordered))
        return self


CalendarDefinition = Annotated[
    FiscalCalendar | CutOffCalendar | SchoolYearCalendar | ListCalendar, Field(discriminator="kind")
]


def calendar_clashes(definitions: tuple[CalendarDefinition, ...]) -> str:
    """Why the calendars cannot stand together (codes or prefixes used twice), or an empty text."""
    seen: dict[str, str] = {}
    for definition in definitions:
        names = [("code", definition.code)]
        if isinstance(definition, ListCalendar):
            names += [("period code", period.code) for period in definition.periods]
        else:
            names.append(("prefix", definition.prefix))
        for what, name in names:
            key = f"{'code' if what == 'code' else 'period'} {name}"
            if key in seen:
                return f"{what} {name} of {definition.code} is already used by {seen[key]}; give it another"
            seen[key] = definition.code
    prefixes = [definition.prefix for definition in definitions if not isinstance(definition, ListCalendar)]
    for definition in definitions:
        for period in definition.periods if isinstance(definition, ListCalendar) else ():
            if any(re.fullmatch(rf"{prefix}\d{{4}}(-.*)?", period.code) for prefix in prefixes):
                return f"period code {period.code} of {definition.code} reads like a year of another calendar"
    return ""
