"""How a recipe points at sheets, columns, rows and cells: by text, and by position only as a last resort.

Texts are compared folded (case, accents, spaces, footnote marks do not count), so that a form survives retyping.
Patterns are Python regular expressions, searched in the text as it stands, ignoring case.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator


class RecipeModel(BaseModel):
    """Part of a recipe. Unknown keys are refused, so that a misspelt one is seen."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False, frozen=True)


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return pattern


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


def _as_text(value: Any) -> Any:
    """YAML reads 2024 as a number; a recipe means the text."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _as_texts(value: Any) -> Any:
    return [_as_text(item) for item in _as_list(value)]


Pattern = Annotated[str, AfterValidator(_compiles)]
Text = Annotated[str, BeforeValidator(_as_text)]
#: One text or several that are alternatives.
Texts = Annotated[tuple[str, ...], BeforeValidator(_as_texts), Field(min_length=1)]


class SheetSelection(RecipeModel):
    """Which sheets hold the table, when a plain name or list of names does not say it."""

    matching: Pattern | None = Field(None, description="Sheets whose name matches; a named group is a component.")
    excluding: Texts | None = Field(None, description="Every sheet but these.")
    position: int | None = Field(None, ge=1, description="The n-th sheet; last resort.")
    hidden: bool = Field(False, description="Hidden sheets are taken too.")

    @model_validator(mode="after")
    def _one_way(self) -> SheetSelection:
        if sum(x is not None for x in (self.matching, self.excluding, self.position)) != 1:
            raise ValueError("give exactly one of matching, excluding, position")
        return self


def _column(value: Any) -> Any:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return {"header": value}
    if isinstance(value, list | tuple):
        return {"header": list(value)}
    return value


class ColumnSelection(RecipeModel):
    """A column, or several, found by the header texts above it. A plain text or list of texts stands for ``header``."""

    header: Texts | None = Field(
        None,
        description="Header path, parts joined by ' > ', from any level downwards; '*' stands for one or more parts. "
        "Several are alternative spellings.",
    )
    matching: Pattern | None = Field(
        None, description="Pattern searched in the header path; named groups are components."
    )
    right_of: Text | None = Field(None, description="The column `by` to the right of the one with this header.")
    left_of: Text | None = Field(None, description="The column `by` to the left of the one with this header.")
    by: int = Field(1, ge=1, description="Distance for right_of and left_of.")
    from_: Text | None = Field(None, alias="from", description="Every column from this header on …")
    to: Text | None = Field(None, description="… up to and including this one; alone, from the table's first column.")
    rest: bool = Field(False, description="Every column with a header that nothing else in the table names.")
    letter: str | None = Field(
        None, pattern="^[A-Za-z]{1,3}$", description="Column letter; last resort: it does not move."
    )
    occurrence: int | None = Field(None, ge=1, description="The n-th, from the left, of columns with the same header.")
    except_: Texts | None = Field(None, alias="except", description="Headers left out of what the other keys select.")

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @property
    def means_several(self) -> bool:
        """Whether more than one column may be meant."""
        wildcard = any("*" in text for text in self.header or ())
        return bool(self.matching or self.rest or self.from_ or self.to or wildcard)

    @model_validator(mode="after")
    def _one_way(self) -> ColumnSelection:
        ways = [
            self.header,
            self.matching,
            self.right_of,
            self.left_of,
            self.from_ or self.to,
            self.rest or None,
            self.letter,
        ]
        if sum(way is not None for way in ways) != 1:
            raise ValueError("give exactly one of header, matching, right_of, left_of, from/to, rest, letter")
        return self


Column = Annotated[ColumnSelection, BeforeValidator(_column)]


class RowTest(RecipeModel):
    """Which rows: every condition that is given must hold. Without ``column``, texts are sought in the whole row."""

    column: Column | None = Field(None, description="Column that the text conditions look at.")
    equals: Texts | None = Field(None, description="Its text is one of these.")
    containing: Texts | None = Field(None, description="Its text contains one of these.")
    matching: Pattern | None = Field(None, description="Its text matches.")
    blank: bool | None = Field(None, description="The column (or, without one, the whole row) is empty, or not.")
    values: Literal["blank", "present"] | None = Field(
        None, description="The table's value columns are all empty, or not."
    )
    bold: bool | None = Field(None, description="The column's cell (or, without one, any cell) is bold, or not.")
    outline_level: int | None = Field(None, ge=1, description="Level in the table's outline.")
    outline_parent: bool | None = Field(None, description="The row has rows below it in the outline, or not.")
    row: int | None = Field(None, ge=1, description="Row number on the sheet; last resort.")
    below: RowTest | None = Field(None, description="Only rows after the first one that passes this test.")
    above: RowTest | None = Field(None, description="Only rows before the first one that passes this test.")

    @model_validator(mode="after")
    def _says_something(self) -> RowTest:
        if not self.model_fields_set - {"column"}:
            raise ValueError("a row test needs a condition: equals, containing, matching, blank, values …")
        return self


def _row_test(value: Any) -> Any:
    """A plain text means: the row holds a cell with this text."""
    return {"equals": value} if isinstance(value, str | list | tuple) else value


Rows = Annotated[RowTest, BeforeValidator(_row_test)]


class CellSelection(RecipeModel):
    """One cell found by text anywhere on the sheet (or another sheet), for titles, units, periods above a table."""

    containing: Texts | None = Field(None, description="The cell that contains this text.")
    right_of: Texts | None = Field(None, description="The first filled cell to the right of the cell with this text.")
    left_of: Texts | None = Field(None, description="The first filled cell to the left of the cell with this text.")
    below: Texts | None = Field(None, description="The first filled cell below the cell with this text.")
    above: Texts | None = Field(None, description="The first filled cell above the cell with this text.")
    matching: Pattern | None = Field(None, description="The cell whose text matches.")
    at: str | None = Field(None, pattern="^[A-Za-z]{1,3}[1-9][0-9]*$", description="Address; last resort.")
    within: Literal["sheet", "block", "above_header"] | None = Field(
        None, description="Where to look: default is the sheet, or the block where a header repeats down the sheet."
    )
    sheet: str | None = Field(None, description="Another sheet to look on.")
    occurrence: int = Field(
        1, ge=1, description="The n-th such cell, reading order; given only if several are expected."
    )

    @model_validator(mode="after")
    def _one_way(self) -> CellSelection:
        ways = (self.containing, self.right_of, self.left_of, self.below, self.above, self.matching, self.at)
        if sum(way is not None for way in ways) != 1:
            raise ValueError("give exactly one of containing, right_of, left_of, below, above, matching, at")
        return self

    @property
    def texts(self) -> tuple[str, ...]:
        """What it is found by, for messages."""
        texts = self.containing or self.right_of or self.left_of or self.below or self.above
        return texts or (self.matching or self.at or "",)


def _cell(value: Any) -> Any:
    return {"containing": value} if isinstance(value, str | list | tuple) else value


Cell = Annotated[CellSelection, BeforeValidator(_cell)]
