"""``corrections.yml``: what is corrected, where, why, by whom, until when, and what must stand there for it to hold.

The page for people is ``docs/corrections.md``.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ingest.contract import MeasureKind

#: A1, or A1:B9.
CELLS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})(?::([A-Z]{1,3})([1-9]\d{0,6}))?")


class LedgerModel(BaseModel):
    """Part of the ledger; unknown keys are refused, so that a misspelt one is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _texts(value: Any) -> Any:
    """One text or several; YAML reads 01 and 2024 as numbers where a code is meant."""
    values = value if isinstance(value, list | tuple) else [value]
    return [str(one) if isinstance(one, int) and not isinstance(one, bool) else one for one in values]


def _cells(value: Any) -> Any:
    cells = [str(one).upper().replace("$", "") for one in _texts(value)]
    wrong = [cell for cell in cells if not CELLS.fullmatch(cell)]
    if wrong:
        raise ValueError(f"{', '.join(wrong)}: write a cell as D7, or several as D7:E12")
    return cells


Texts = Annotated[tuple[str, ...], BeforeValidator(_texts), Field(min_length=1)]
Cells = Annotated[tuple[str, ...], BeforeValidator(_cells), Field(min_length=1)]


class Reason(LedgerModel):
    """Why, in both languages; a plain text stands for both."""

    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)

    @property
    def both(self) -> str:
        return self.vi if self.vi == self.en else f"{self.vi} / {self.en}"


class Expected(LedgerModel):
    """What must stand in a cell for the correction to hold: its text, its value, or bounds of its value.

    In YAML a text stands for ``text``, a number for ``value``.
    """

    text: str | None = Field(None, description="The cell's text as the agency wrote it.")
    value: Decimal | None = Field(None, description="The figure, in the indicator's registered unit.")
    min: Decimal | None = Field(None, description="The figure is at least this.")
    max: Decimal | None = Field(None, description="The figure is at most this.")

    @model_validator(mode="after")
    def _says_something(self) -> Expected:
        bounds = self.min is not None or self.max is not None
        if (self.text is not None) + (self.value is not None) + bounds != 1:
            raise ValueError("give text, or value, or min and max")
        return self

    def holds(self, raw_text: str | None, value: Decimal | None) -> bool:
        """Whether it stands there."""
        if self.text is not None:
            return (raw_text or "").strip() == self.text
        if value is None:
            return False
        if self.value is not None:
            return value == self.value
        return (self.min is None or value >= self.min) and (self.max is None or value <= self.max)

    @property
    def words(self) -> str:
        if self.text is not None:
            return f"«{self.text}»"
        if self.value is not None:
            return f"{self.value:f}"
        low, high = (f"{bound:f}" if bound is not None else "…" for bound in (self.min, self.max))
        return f"[{low}; {high}]"


def _expected(value: Any) -> Any:
    if isinstance(value, str):
        return {"text": value}
    return {"value": value} if isinstance(value, int | float) and not isinstance(value, bool) else value


Guard = Annotated[Expected, BeforeValidator(_expected)]


class Place(LedgerModel):
    """Where the error stands: everything that is given must hold, and each key may name several."""

    file: Texts | None = Field(None, description="Glob on the file's name, or on its path below the source's inbox.")
    sheet: Texts | None = Field(None, description="Sheets.")
    cell: Cells | None = Field(None, description="Cells or ranges, such as D7 or D7:E12; needs file.")
    indicator: Texts | None = Field(None, description="Codes of indicators.")
    organisation: Texts | None = Field(None, description="Codes of organisations.")
    period: Texts | None = Field(None, description="Codes of periods.")
    target_group: Texts | None = Field(None, description="Target groups: _T, or DIM=MEMBER.")
    measure_kind: Annotated[tuple[MeasureKind, ...], BeforeValidator(_texts)] | None = Field(
        None, description="ACTUAL, TARGET, PLAN …"
    )
    expect: Guard | None = Field(None, description="What must stand there; default: the correction's.")

    @model_validator(mode="after")
    def _is_a_place(self) -> Place:
        if not self.model_fields_set - {"expect"}:
            raise ValueError("name at least one of file, sheet, cell, indicator, organisation, period, target_group")
        if self.cell is not None and self.file is None:
            raise ValueError("a cell means nothing without its file: give file, too")
        return self

    def names_file(self, file_name: str) -> bool:
        """Whether a file, by its path below the inbox, is meant."""
        names = (file_name, PurePosixPath(file_name).name)
        return self.file is None or any(fnmatchcase(name, pattern) for pattern in self.file for name in names)


def _places(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


class Correction(LedgerModel):
    """One declared correction."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", description="Its name in flags, notes and findings.")
    source: str = Field(min_length=1, description="Source it corrects.")
    where: Annotated[tuple[Place, ...], BeforeValidator(_places), Field(min_length=1)] = Field(
        description="Where the error stands; one place or several."
    )
    action: Literal["override", "scale", "drop", "flag"] = Field(description="What is done.")
    value: Decimal | None = Field(None, description="override: the right figure, in the registered unit.")
    status: Literal["O", "L", "M", "Q"] | None = Field(
        None, description="override: why there is no figure, instead of a value."
    )
    factor: Decimal | None = Field(None, description="scale: what the figure is multiplied by.")
    reason: Annotated[Reason, BeforeValidator(lambda v: {"vi": v, "en": v} if isinstance(v, str) else v)] = Field(
        description="Why."
    )
    owner: str = Field(min_length=1, description="Who answers for it: a steward of workspace.yml.")
    expires: date = Field(description="Last day of receipt of submissions that it applies to.")
    expect: Guard | None = Field(None, description="What must stand at each place; required, but for flag.")

    @model_validator(mode="after")
    def _goes_with_its_action(self) -> Correction:
        given = {name for name in ("value", "status", "factor") if getattr(self, name) is not None}
        allowed = {"override": [{"value"}, {"status"}], "scale": [{"factor"}]}.get(self.action, [set()])
        if given not in allowed:
            wanted = " or ".join(" and ".join(sorted(one)) or "no value, status or factor" for one in allowed)
            raise ValueError(f"action {self.action} needs {wanted}; here: {', '.join(sorted(given)) or 'none'}")
        if self.action != "flag" and any(self.guard(place) is None for place in self.where):
            raise ValueError("expect is missing: what must stand there, so that the correction ends with the error")
        return self

    def guard(self, place: Place) -> Expected | None:
        return place.expect or self.expect


class Ledger(LedgerModel):
    """The whole of ``corrections.yml``."""

    corrections: tuple[Correction, ...] = Field((), description="The corrections, applied in this order.")
