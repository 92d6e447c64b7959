"""A scheme of appraisal as data: what is counted, how it becomes points and a class, by which law and when.

What the law says in a way that nobody could look up yet stands under ``unverified`` and is printed with every score.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

SCHEMES = Path(__file__).parent / "schemes"
Class = Literal["excellent", "good", "completed", "not_completed"]
Criterion = Literal["quantity", "quality", "progress", "unit_results", "organising", "uniting"]


class SchemeError(LookupError):
    """No scheme, or more than one, applies; the message says to whom and when."""


class SchemeModel(BaseModel):
    """Strict: a misspelt key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Names(SchemeModel):
    """A name in both languages."""

    vi: str
    en: str


class General(SchemeModel):
    """Points for general criteria, given by a person."""

    most: Decimal


class Results(SchemeModel):
    """Points for results: ``most`` times the mean of the criteria, each from 0 to 100."""

    most: Decimal
    mean_of: tuple[Criterion, ...] = Field(min_length=1)


class UnitResults(SchemeModel):
    """What a manager's unit counts for: whether every subordinate reached at least ``completed``."""

    all_completed: Decimal
    otherwise: Decimal


class Band(SchemeModel):
    """The class from so many points on."""

    class_: Class = Field(alias="class")
    from_: Decimal = Field(alias="from")


class Condition(SchemeModel):
    """A class and the least share that each fact must have."""

    class_: Class = Field(alias="class")
    all_: dict[str, Decimal] = Field(alias="all")


class Quota(SchemeModel):
    """At most ``share`` of the number in class ``of`` may have class ``class``, rounded down."""

    class_: Class = Field(alias="class")
    share: Decimal
    of: Class
    rounding: Literal["floor"] = "floor"


class Unverified(SchemeModel):
    """What must be checked against the official text before anybody is appraised by it."""

    item: str
    note: str


class Scheme(SchemeModel):
    """Points and bands, or conditions; ``valid_to`` is the first day on which it no longer holds."""

    code: str
    version: int
    applies_to: Literal["staff", "manager"]
    name: Names
    legal_basis: str
    valid_from: date
    valid_to: date | None = None
    general: General | None = None
    results: Results | None = None
    deduction_per_failure: Decimal = Decimal(0)
    unit_results: UnitResults | None = None
    bands: tuple[Band, ...] = ()
    conditions: tuple[Condition, ...] = ()
    quota: Quota | None = None
    unverified: tuple[Unverified, ...] = ()

    @model_validator(mode="after")
    def _points_or_conditions(self) -> Scheme:
        by_points = self.general is not None and self.results is not None and bool(self.bands)
        if by_points == bool(self.conditions):
            raise ValueError("a scheme has either general, results and bands, or conditions")
        starts = [band.from_ for band in self.bands]
        if starts != sorted(starts, reverse=True) or (starts and starts[-1] != 0):
            raise ValueError("bands go from the highest to one that begins at 0")
        return self

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def class_of(self, points: Decimal) -> Class:
        """The class of a number of points."""
        return next(band.class_ for band in self.bands if points >= band.from_)


@cache
def schemes() -> tuple[Scheme, ...]:
    """Every scheme of the engine; raises pydantic's error for a file that is wrong."""
    files = sorted(SCHEMES.glob("*.yml"))
    return tuple(Scheme.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files)


def scheme_for(applies_to: str, day: date, among: Sequence[Scheme] | None = None) -> Scheme:
    """The scheme in force for ``applies_to`` on the day the appraisal period ends. Raises ``SchemeError``."""
    found = [s for s in (among or schemes()) if s.applies_to == applies_to and s.holds_on(day)]
    if len(found) != 1:
        said = ", ".join(s.code for s in found) or "none"
        raise SchemeError(f"schemes for {applies_to} on {day}: {said}; exactly one must be in force")
    return found[0]
