"""Where each component of a fact takes its label from, and how that label is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from ingest.recipe.selection import Cell, Column, Pattern, RecipeModel, Rows, Text, Texts

if TYPE_CHECKING:
    from ingest.recipe.model import Source

#: Components that a fact has once; target groups, which it has by dimension, come besides.
SINGLE_COMPONENTS = (
    "indicator",
    "organisation",
    "organisation_code",
    "period",
    "unit",
    "status",
    "measure_kind",
    "accumulation",
    "note",
)
#: The member of a dimension of target groups that stands for no restriction.
TOTAL_GROUP = "_T"
#: The keys that say where a label comes from; each label source has exactly one of them.
ORIGINS = (
    *("column", "beside", "header", "sheet", "file", "folder", "cell"),
    *("section", "outline", "constant", "template", "first_of"),
)


class Section(RecipeModel):
    """A row above that holds for the rows under it, up to the next such row."""

    column: Column | None = Field(None, description="Column of its text; default: the first filled cell of the row.")
    rows: Rows | None = Field(None, description="Which rows are section rows; default: rows with a text and no value.")
    level: int = Field(
        1, ge=1, description="Sections within sections: a new row of a lower level ends those of a higher one."
    )


def _section(value: Any) -> Any:
    if value is True:
        return {}
    return {"rows": {"matching": value}} if isinstance(value, str) else value


class LabelSource(RecipeModel):
    """Where a label stands, and what of it counts. A plain text stands for ``constant``."""

    column: Column | None = Field(None, description="The cell of the same row in this column.")
    beside: int | Text | None = Field(
        None,
        description="A cell of the same row that belongs to this figure alone: in the next column to the right with "
        "this header, or so many columns to the right (or, below 0, to the left).",
    )
    header: int | Text | Literal[True] | None = Field(
        None,
        description="The header above the value: true for the whole path, a level from the top (1) or the bottom "
        "(-1), or the text that stands at the left of that header row.",
    )
    sheet: Literal[True] | None = Field(None, description="The sheet's name.")
    file: Literal[True] | None = Field(None, description="The file's name, without folders.")
    folder: int | None = Field(
        None,
        description="The folder that the file lies in below the source's inbox: 1 the outermost, -1 the innermost. "
        "Folders named received=… do not count.",
    )
    cell: Cell | None = Field(None, description="A cell found by text elsewhere.")
    section: Annotated[Section, BeforeValidator(_section)] | None = Field(None, description="A section row above.")
    outline: Literal["path", "leaf", "parent"] | int | None = Field(
        None, description="The table's outline: path of all levels, own label, parent's label, or ancestor at level n."
    )
    constant: Text | None = Field(None, description="The same for every fact.")
    template: str | None = Field(None, description="Text with {parts} in braces, each defined under `parts`.")
    parts: dict[str, Label] = Field(default_factory=dict, description="The parts of the template.")
    first_of: tuple[Label, ...] | None = Field(None, description="The first of several that is not empty.")

    optional: bool = Field(False, description="The column, cell, folder or file part may be absent.")
    fill: Literal["down", "right", "merged"] | None = Field(
        None, description="An empty cell takes the label above (down), at the left (right), or of its merged range."
    )
    pattern: Pattern | None = Field(
        None,
        description="Part of the text that counts: the group named as the component, else the first group, else the "
        "match. Text that does not match has no label.",
    )
    replace: dict[Pattern, str] = Field(
        default_factory=dict, description="Pattern → replacement, in order, before anything else."
    )
    map: dict[Text, Text] = Field(
        default_factory=dict, description="Label → registered code or label, for this place only."
    )
    blank: Text | None = Field(None, description="What an empty cell means.")
    total: Texts | None = Field(None, description="Labels that stand for the total: no restriction in this dimension.")
    expect: Texts | None = Field(
        None,
        description="Labels that must appear in this column or among these sections of each table; a file without one "
        "of them is refused, since its rows may stand under another label.",
    )
    width: int | None = Field(None, ge=1, le=20, description="Codes are filled with leading zeros to this width.")

    @model_validator(mode="after")
    def _one_origin(self) -> LabelSource:
        given = [origin for origin in ORIGINS if getattr(self, origin) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(ORIGINS)}; here: {', '.join(given) or 'none'}")
        if self.template is not None:
            named = set(_parts_of(self.template))
            if named != set(self.parts):
                raise ValueError(f"the template names {sorted(named)}, parts defines {sorted(self.parts)}")
        elif self.parts:
            raise ValueError("parts go with a template")
        if self.expect is not None and self.column is None and self.section is None:
            raise ValueError("expect goes with column or section")
        return self


def is_dimension(name: str) -> bool:
    """Whether a name is one of a dimension of target groups, or of several at once; else it is of a component."""
    return name == "*" or name.isupper()


def _parts_of(template: str) -> list[str]:
    from string import Formatter

    return [name for _, name, _, _ in Formatter().parse(template) if name]


def _label(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    return {"constant": value} if isinstance(value, str | int | float) else value


Label = Annotated[LabelSource, BeforeValidator(_label)]


class PeriodLabel(LabelSource):
    """Label of a period, with what it needs to be understood."""

    calendar: str | None = Field(None, description="Calendar of the workspace; default: that of the indicator or CAL.")
    frequency: Literal["A", "S", "Q", "M", "W", "D"] | None = Field(
        None, description="Frequency where the label leaves it open: a date stands for the period it lies in."
    )
    year: Label | None = Field(None, description="Where the year stands, if not in the label.")


class OrganisationLabel(LabelSource):
    """Label of an organisation: code or name, read with the period."""

    as_of: Literal["period", "received"] | date = Field(
        "period", description="Date of the structure the file uses: that of each period, of receipt, or a fixed date."
    )
    straddle: Literal["predecessor", "successor"] | None = Field(
        None, description="Which body is meant where a period touches both; without it such a label is ambiguous."
    )
    level: Text | None = Field(None, description="Only organisations of this level are meant.")
    within: Label | None = Field(
        None,
        description="Where the label of an organisation above it stands: of several that share a name, one below it.",
    )


Period = Annotated[PeriodLabel, BeforeValidator(_label)]
Organisation = Annotated[OrganisationLabel, BeforeValidator(_label)]


class Components(RecipeModel):
    """The components of a fact. On the source they hold for every table, on a table for it, on values for those."""

    indicator: Label | None = Field(None, description="Indicator: code or name.")
    organisation: Organisation | None = Field(None, description="Organisation: code or name.")
    organisation_code: Organisation | None = Field(
        None, description="Its code where a name stands beside it: the two must agree."
    )
    period: Period | None = Field(None, description="Period.")
    target_group: dict[str, Label] = Field(
        default_factory=dict,
        description="Dimension → its member; '*' for labels that are mapped to DIM=MEMBER. An empty label was lost, "
        "unless `blank` says what it means.",
    )
    unit: Label | None = Field(None, description="Unit as written, with its multiplier; default: the registered unit.")
    multiplier: float | None = Field(
        None, gt=0, description="Factor from the printed figure to the unit, where no unit says it."
    )
    status: Label | None = Field(
        None, description="Observation status: SDMX code, or a label that `labels` maps to one."
    )
    measure_kind: Label | None = Field(
        None, description="ACTUAL (default), TARGET, PLAN, BASELINE, FORECAST, NORM, REPORTED_RATIO."
    )
    accumulation: Label | None = Field(None, description="IN_PERIOD, YTD, SINCE_START …; default: the indicator's.")
    note: Label | None = Field(None, description="Remark that belongs to the figure.")


LabelSource.model_rebuild()
PeriodLabel.model_rebuild()
OrganisationLabel.model_rebuild()


def dimensions_of(source: Source) -> frozenset[str]:
    """Dimensions of target groups that a source has labels for."""
    holders: list[Components] = [source.constants]
    for table in source.tables:
        holders += [table, *table.values]
    return frozenset(dimension for holder in holders for dimension in holder.target_group)


def labels_of(holder: Components) -> Iterator[LabelSource]:
    """Every label source of a holder, with the parts of templates, the alternatives, the years of periods and the
    organisations above."""
    waiting: list[LabelSource] = [label for name in SINGLE_COMPONENTS if (label := getattr(holder, name)) is not None]
    waiting.extend(holder.target_group.values())
    while waiting:
        label = waiting.pop()
        yield label
        waiting.extend(label.parts.values())
        waiting.extend(label.first_of or ())
        if isinstance(label, PeriodLabel) and label.year is not None:
            waiting.append(label.year)
        if isinstance(label, OrganisationLabel) and label.within is not None:
            waiting.append(label.within)
