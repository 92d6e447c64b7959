"""``sources/NAME.yml``: what a source is, how its files are read, and how its labels map to the registry.

The reference page with an example for each feature is ``docs/recipe.md``; ``docs/recipe.schema.json`` is generated
from these models (``python -m ingest.recipe.json_schema``).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from ingest.fetch.spec import FetchSpec
from ingest.recipe.components import (
    Components,
    Label,
    LabelSource,
    Organisation,
    OrganisationLabel,
    Period,
    PeriodLabel,
)
from ingest.recipe.selection import Cell, Column, Pattern, RecipeModel, Rows, RowTest, SheetSelection, Text, Texts

__all__ = [
    "Body",
    "Components",
    "Header",
    "Label",
    "LabelSource",
    "Numbers",
    "Obligation",
    "Organisation",
    "OrganisationLabel",
    "Outline",
    "Period",
    "PeriodLabel",
    "RowTest",
    "Source",
    "Table",
    "Total",
    "Values",
]


class Names(RecipeModel):
    """A name in both languages."""

    vi: str
    en: str


class Numbers(RecipeModel):
    """How figures are written (domain.md 10.2, 10.3)."""

    locale: Literal["vi", "en", "fr", "ch", "de", "es", "it", "nl", "pt", "id", "pl", "in"] | None = Field(
        None,
        description="1.234,5 (vi, de, es, it, nl, pt, id), 1,234.5 (en), 1 234,5 (fr, pl), 1'234.5 (ch), 12,34,567.8 "
        "(in); default: told from each column.",
    )
    markers: dict[Text, Literal["zero", "missing", "not_collected", "not_applicable", "suppressed"]] = Field(
        default_factory=dict,
        description="What stands for no figure, and why there is none. A dash is not known by default.",
    )
    profile: Literal["plain", "yearbook", "dash_missing", "gss", "eurostat", "destatis", "abs"] = Field(
        "plain", description="Markers of a family of publishers; `markers` add to them and win."
    )
    blank: Literal["zero", "missing", "not_collected", "not_applicable", "suppressed", "ignore"] = Field(
        "missing", description="What an empty value cell means; ignore: it says nothing and makes no fact."
    )
    percent: Literal["keep", "fraction"] = Field("keep", description="The text 95% is 95 of the unit %, or 0.95.")
    parentheses: Literal["negative", "low_reliability", "refused"] | None = Field(
        None,
        description="(12) is -12, a 12 of low reliability (status U), or no number; default: -12, in the profile "
        "destatis low_reliability.",
    )
    intervals: bool = Field(
        True, description="<5 is kept as an interval without a value; false: it is not a number, and is quarantined."
    )


class Deadline(RecipeModel):
    """Last day on time, counted from the last day of the period."""

    days: int | None = Field(None, ge=0)
    working_days: int | None = Field(None, ge=0)

    @model_validator(mode="after")
    def _one(self) -> Deadline:
        if (self.days is None) == (self.working_days is None):
            raise ValueError("give either days or working_days")
        return self


class Obligation(RecipeModel):
    """What is owed: by whom, how often, by when (domain.md 3.6)."""

    calendar: str = "CAL"
    frequency: Literal["A", "S", "Q", "M", "W", "D"]
    deadline: Deadline
    level: str | None = Field(None, description="Every organisation of this level owes it.")
    organisation: Text | None = Field(None, description="Code of the one organisation that owes it.")

    @model_validator(mode="after")
    def _one(self) -> Obligation:
        if (self.level is None) == (self.organisation is None):
            raise ValueError("give either level or organisation")
        return self


class Resubmission(RecipeModel):
    """What a later submission says about earlier ones, besides the figures it holds."""

    replaces: tuple[
        Literal["period", "organisation", "indicator", "target_group", "measure_kind", "sheet", "file"], ...
    ] = Field(
        min_length=1,
        description="Within what it covers, a submission holds everything: earlier figures with the same values of "
        "these components that it no longer holds are withdrawn.",
    )


class Header(RecipeModel):
    """The header rows. A plain text or list of texts stands for ``holds``."""

    holds: Texts | None = Field(None, description="The row that holds cells with all these texts.")
    row: int | None = Field(None, ge=1, description="Row number; last resort: it does not move.")
    rows: int = Field(1, ge=1, description="How many header rows there are, top to bottom.")
    anchor: int = Field(1, ge=1, description="Which of them holds the texts.")
    occurrence: int | Literal["each"] = Field(
        1, description="The n-th such row, where several are expected; each: a block starts at every one."
    )
    fill: Literal["merged", "right", "none"] = Field(
        "merged",
        description="Upper levels reach over the columns they are merged across; right: up to the next text. "
        "Text files have no merged cells: there merged means right.",
    )
    numbering: bool = Field(
        False, description="A row of column numbers (A, B, 1, 2, 3=1+2) stands below the header rows."
    )

    @model_validator(mode="after")
    def _found_somehow(self) -> Header:
        if (self.holds is None) == (self.row is None):
            raise ValueError("give either holds or row")
        if self.anchor > self.rows:
            raise ValueError("anchor counts within rows")
        return self


def _header(value: Any) -> Any:
    return {"holds": value} if isinstance(value, str | list | tuple) else value


class Body(RecipeModel):
    """Which rows under the header are records."""

    ends: tuple[Rows, ...] = Field((), description="The body ends before the first row that passes one of these tests.")
    ends_after: tuple[Rows, ...] = Field((), description="The body ends with the first row that passes one of these.")
    blank_rows: int | None = Field(None, ge=1, description="The body ends at this many empty rows in a row.")
    only: Rows | None = Field(None, description="Only rows that pass.")
    skip: tuple[Rows, ...] = Field((), description="Rows that are no records.")
    notes: tuple[Rows, ...] = Field((), description="Rows kept as notes of the submission.")
    no_data: Rows | None = Field(None, description="A row that says there is no data; the table then holds no facts.")
    rows_without_values: Literal["known", "missing", "ignore"] = Field(
        "known",
        description="A row whose values are all empty: missing figures if its labels are known, else a note (known); "
        "always missing figures; or nothing.",
    )


class Outline(RecipeModel):
    """A hierarchy that the rows show by indentation, by bold type, by numbering, or by a column of levels."""

    column: Column = Field(description="Column of the labels.")
    by: Literal["spaces", "indent", "bold", "numbering", "level"] = Field(
        "spaces",
        description="Leading spaces (or dashes, >); the cell's indent format; bold type above plain type, and spaces; "
        "numbering (I, 1, 1.1, a, -); or a column of level numbers (1, 2, 3).",
    )
    numbers: Column | None = Field(
        None,
        description="Column of the numbering, where it is not at the start of the label; or of the level numbers.",
    )
    levels: tuple[Literal["I", "A", "1", "1.1", "a", "-", "+"], ...] = Field(
        (), description="Order of the kinds of numbering, outermost first; default: in order of appearance."
    )
    step: int | None = Field(
        None, ge=1, description="Spaces a level, where indents are uneven; default: any more is deeper."
    )
    separator: str = Field(" > ", description="Between the parts of a path.")

    @model_validator(mode="after")
    def _levels_stand_somewhere(self) -> Outline:
        if self.by == "level" and self.numbers is None:
            raise ValueError("by: level needs numbers, the column of the level numbers")
        return self


class Total(Components):
    """Rows that add up others: reconciled with their parts, never loaded as facts. Components may be overridden."""

    rows: Rows = Field(description="Which rows.")
    of: str = Field(description="What they add up: organisation, target_group or period.")


class Values(Components):
    """Columns of figures. Components given here override those of the table for these columns."""

    columns: Column | None = Field(None, description="Which columns.")
    cell: Cell | None = Field(None, description="Instead of columns: a single figure outside a table, found by text.")
    pattern: Pattern | None = Field(
        None,
        description="Part of each cell's text that is the figure: the first group, else the match. "
        "A text that does not match is no number.",
    )
    optional: bool = Field(False, description="They may be absent.")
    only: Rows | None = Field(None, description="Only figures in rows that pass.")
    total_of: str | None = Field(None, description="These columns add up others: organisation, target_group or period.")
    numbers: Numbers | None = Field(None, description="Instead of the source's.")

    @model_validator(mode="after")
    def _one_place(self) -> Values:
        if (self.columns is None) == (self.cell is None):
            raise ValueError("give either columns or cell")
        return self

    @property
    def named_groups(self) -> str:
        """The pattern that selects columns, whose named groups are components; empty if there is none."""
        return (self.columns.matching or "") if self.columns is not None else ""


def _values(value: Any) -> Any:
    if isinstance(value, str):
        return [{"columns": value}]
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list):
        return [{"columns": item} if isinstance(item, str) else item for item in value]
    return value


def _sheets(value: Any) -> Any:
    return [value] if isinstance(value, str) and value != "all" else value


class Table(Components):
    """One table, on one sheet or on several alike."""

    name: str | None = Field(None, description="Name for messages.")
    files: str | None = Field(
        None, description="Only files whose name matches this glob, where the source's files differ."
    )
    sheets: Annotated[Literal["all"] | tuple[str, ...] | SheetSelection, BeforeValidator(_sheets)] = Field(
        "all", description="A sheet's name, several, all (visible ones), or a selection. A text file has one sheet."
    )
    optional: bool = Field(False, description="The sheet or header may be absent.")
    header: Annotated[Header, BeforeValidator(_header)] | None = Field(
        None, description="Where the header is. Only a table of single cells (values: cell) has none."
    )
    columns_from: Text | None = Field(
        None, description="Leftmost header of the table, where tables stand side by side."
    )
    columns_to: Text | None = Field(None, description="Rightmost header of the table.")
    body: Body = Field(default_factory=Body, description="Which rows are records.")
    outline: Outline | None = Field(None, description="Hierarchy shown by the rows.")
    totals: tuple[Total, ...] = Field((), description="Rows that add up others.")
    hidden: Literal["read", "skip", "refuse"] = Field("read", description="Hidden rows and columns.")
    values: Annotated[tuple[Values, ...], BeforeValidator(_values)] = Field(
        min_length=1, description="The columns of figures."
    )
    numbers: Numbers | None = Field(None, description="Instead of the source's.")
    notes: tuple[Cell, ...] = Field((), description="Cells kept as notes of the submission.")

    @model_validator(mode="after")
    def _has_header(self) -> Table:
        if self.header is None and any(values.columns is not None for values in self.values):
            raise ValueError("give header: the columns of values are found by it")
        return self

    @property
    def heading(self) -> Header:
        """The header of a table that has columns."""
        if self.header is None:
            raise ValueError("the table has no header")
        return self.header

    @property
    def single_cells(self) -> tuple[Values, ...]:
        """Values that are single cells."""
        return tuple(values for values in self.values if values.cell is not None)


class Source(RecipeModel):
    """A source: what it is, where it comes from, how to read it, how its labels map to the registry."""

    name: Names = Field(description="What it is, in both languages.")
    publisher: str | None = Field(None, description="Body that hands it in.")
    steward: str | None = Field(None, description="Steward who mends it.")
    licence: str | None = Field(None, description="Licence of the data.")
    priority: int = Field(100, ge=0, description="Smaller is preferred where two sources report the same figure.")
    files: Annotated[tuple[str, ...], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)] = Field(
        ("*",), description="Names of its files below inbox/NAME/: glob patterns."
    )
    fetch: FetchSpec | None = Field(None, description="The API its figures come from, beside or instead of files.")
    language: Literal["vi", "en"] = Field("vi", description="Language of its labels, and of messages to its senders.")
    encoding: str | None = Field(None, description="Of text files; default: told from the file.")
    delimiter: str | None = Field(None, description="Of text files; default: told from the file.")
    numbers: Numbers = Field(default_factory=Numbers, description="How figures are written.")
    obligation: Obligation | None = Field(None, description="What is owed, by whom and when.")
    resubmission: Resubmission | None = Field(
        None, description="Whether a later submission withdraws what it no longer holds; default: it only adds."
    )
    labels: dict[str, dict[Text, Text]] = Field(
        default_factory=dict,
        description="Component or dimension → label → code or label. NAME.labels.csv beside it has the same.",
    )
    constants: Components = Field(default_factory=Components, description="Components that hold for every table.")
    tables: tuple[Table, ...] = Field(min_length=1, description="The tables in each file.")

    _code: str = PrivateAttr("")
    _version: str = PrivateAttr("")

    @property
    def code(self) -> str:
        """The source's code: the name of its file."""
        return self._code

    @property
    def version(self) -> str:
        """Fingerprint of the YAML and the label map beside it."""
        return self._version
