"""What a rule is: an id, a sentence, who mends it, and the checks that find where it does not hold.

A *rule* is an entry of the catalogue (domain.md 6.3). It has one or more *checks*, because some rules act with more
than one severity (SUM-01 warns above the rounding error and quarantines above one per cent). A check is a piece of
SQL, never Python: what it may refer to stands in ``expectations/README.md``.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from string import Formatter
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from ingest.contract import Severity


def threshold_text(value: Decimal) -> str:
    """A threshold as a person writes it: no trailing zeros, no exponent."""
    return f"{value.normalize():f}"


Route = Literal["SU", "DS", "OM", "RM", "IT", "AU", "DPO"]
RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*-[0-9]{2}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
#: What a message can name besides the rule's own thresholds.
MESSAGE_FIELDS = frozenset(
    {"observed", "expected", "file", "sheet", "cell", "place", "indicator", "organisation", "period", "group", "table"}
)
#: A threshold stands in SQL as ``$name``.
THRESHOLD = re.compile(r"\$([a-z][a-z0-9_]*)")


class RuleError(ValueError):
    """A rule file is wrong; the message names file and rule and says what to do, for all errors at once."""


class Gate(StrEnum):
    """Where a rule runs."""

    REGISTRY = "registry"  # when the workspace is loaded: an error there stops everything
    INTAKE = "intake"
    WAREHOUSE = "warehouse"
    RELEASE = "release"
    INTEGRITY = "integrity"  # restricted: for the performance office, never published (domain.md 6.8)


class CheckKind(StrEnum):
    """How a check finds violations."""

    ROW = "row"  # a predicate over one row; true where the rule does not hold
    SET = "set"  # a query that returns a row for each violation
    IDENTITY = "identity"  # an equation or inequality between indicators, from which the query is made
    READER = "reader"  # found while the file is read (a Refusal of ingest), before any table exists
    TABLE = "table"  # a query over warehouse tables that returns a row for each violation
    FORMULA = "formula"  # what columns of a mart must be, from which the query is made
    SIGNAL = "signal"  # a query over published tables that returns a row for each sign of gaming, kept in the office
    ELSEWHERE = "elsewhere"  # found by another room, which ``enforced_in`` names: the book only lists it


class Phase(StrEnum):
    """What a set check may rely on, in this order: each phase sees only rows that no earlier phase holds back."""

    KEY = "key"  # rows of one key, before anything is compared
    SERIES = "series"  # the same figure in earlier periods: it names the cell, so it comes before sums
    SUMS = "sums"  # rows of the same submission
    PEERS = "peers"  # other organisations of the same submission: what no other rule has explained
    REVISION = "revision"  # the same figure in earlier submissions


class RuleModel(BaseModel):
    """Strict: a misspelt key is an error, not a rule that does less than it seems to."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Text(RuleModel):
    """A text in both languages."""

    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Identity(RuleModel):
    """``left operator right`` over indicator codes of one organisation, period and group; ``-CODE`` subtracts.

    Where a term is missing, nothing is said (missing-value strategy *skip if any missing*, domain.md 6.1). With
    ``right_period: previous`` the right side is that of the period before: what a period opens with is what the one
    before left, after a reorganisation what its predecessors left together.
    """

    left: tuple[str, ...] = Field(min_length=1)
    operator: Literal["=", "<=", ">="] = "="
    right: tuple[str, ...] = Field(min_length=1)
    right_period: Literal["same", "previous"] = Field("same", description="Whose figures the right side takes.")
    tolerance: Decimal = Field(Decimal(0), ge=0, description="Absolute difference that is let pass.")
    relative_tolerance: Decimal = Field(Decimal(0), ge=0, description="The same as a share of the right side.")
    measure_kinds: tuple[str, ...] = ("ACTUAL",)

    @property
    def is_balance(self) -> bool:
        """Whether both sides are of one period and equal, so that each figure follows from the others."""
        return self.operator == "=" and self.right_period == "same"


class Formulas(RuleModel):
    """What columns of one mart must be: each an SQL expression over ``mart`` and what is joined to it.

    A formula is asked where the mart has the columns that it names as ``mart.column``; a check, where the tables and
    views that ``joined`` names are there.
    """

    mart: Name
    row: tuple[Name, ...] = Field(min_length=1, description="Columns that tell a person which row it is.")
    joined: str = Field("", description="Joins, each to one row at most: left join warehouse.core.dim_ratio as …")
    windows: str = Field("", description="Named windows: siblings as (partition by …), for sums over rows.")
    equals: dict[Name, str] = Field(default_factory=dict, description="Column: the expression that it must equal.")
    holds: dict[Name, str] = Field(default_factory=dict, description="Name: a condition that must not be false.")


class AppliesTo(RuleModel):
    """The warehouse tables a ``table`` check is made for: all that have the columns, so that a new mart is covered."""

    schemas: tuple[str, ...] = ("core", "marts", "quality")
    tables: str = Field("*", description="Name pattern, as of files.")
    columns: tuple[str, ...] = Field((), description="Only tables that have all of them.")
    without: tuple[str, ...] = Field((), description="Only tables that have none of them.")
    beside: tuple[str, ...] = Field((), description="Only where these tables are there too: schema.table.")
    column_types: tuple[str, ...] = Field((), description="Once for each column of such a type, as {column}.")
    columns_like: tuple[str, ...] = Field(
        (), description="Once for each column whose name fits a pattern, as {column}."
    )


class Check(RuleModel):
    """One way in which a rule fails to hold, with what then happens."""

    name: Name | None = Field(None, description="Needed where a rule has several checks.")
    kind: CheckKind
    severity: Severity
    gate: Gate = Gate.INTAKE
    phase: Phase = Phase.SUMS
    holds_rows: bool = Field(
        False, description="Whether rows stay out although the severity would let them pass: copies."
    )
    needs: tuple[str, ...] = Field((), description="Inputs without which the check cannot run: period, history …")
    predicate: str | None = Field(None, description="kind row: SQL condition, true where the rule does not hold.")
    query: str | None = Field(None, description="kind set or table: SQL that returns a row for each violation.")
    sql: str | None = Field(None, description="A .sql file beside the rule file, in place of predicate or query.")
    identity: Identity | None = None
    formulas: Formulas | None = None
    applies_to: AppliesTo | None = None
    enforced_in: str | None = Field(None, description="kind elsewhere: the file that finds it.")
    observed: str = Field(
        "coalesce(tidy.raw_text, number_text(tidy.value))", description="kind row: what stands there, as SQL."
    )
    expected: str = Field("null", description="kind row: what should stand there, as SQL.")
    marks_rows: bool = Field(True, description="Whether a WARN puts its mark on the rows concerned.")
    thresholds: dict[Name, Decimal] = Field(default_factory=dict)
    message: Text | None = Field(None, description="Instead of the rule's.")

    @model_validator(mode="after")
    def _says_how(self) -> Check:
        wanted = {
            CheckKind.ROW: ("predicate",),
            CheckKind.SET: ("query",),
            CheckKind.IDENTITY: ("identity",),
            CheckKind.READER: (),
            CheckKind.TABLE: ("query",),
            CheckKind.FORMULA: ("formulas",),
            CheckKind.SIGNAL: ("query",),
            CheckKind.ELSEWHERE: ("enforced_in",),
        }[self.kind]
        keys = ("predicate", "query", "identity", "formulas", "enforced_in")
        given = tuple(key for key in keys if getattr(self, key) is not None)
        if given != wanted:
            raise ValueError(
                f"a check of kind {self.kind} needs {' and '.join(wanted) or 'no SQL'}, not {given or 'none'}"
            )
        used = {name for sql in self.sql_texts for name in THRESHOLD.findall(sql)}
        if used != set(self.thresholds):
            raise ValueError(
                f"thresholds used and thresholds declared differ: {sorted(used ^ set(self.thresholds))}; "
                "write $name in the SQL and name: value under thresholds"
            )
        return self

    @property
    def runs_in(self) -> Phase:
        """An identity with the period before looks at series, not at one submission."""
        is_carried = self.identity is not None and self.identity.right_period == "previous"
        return Phase.SERIES if is_carried else self.phase

    @property
    def sql_texts(self) -> tuple[str, ...]:
        if self.kind is CheckKind.ROW:
            return (self.predicate or "", self.observed, self.expected)
        if self.formulas is not None:
            return (*self.formulas.equals.values(), *self.formulas.holds.values())
        return (self.query or "",)


class Rule(RuleModel):
    """An entry of the catalogue."""

    id: RuleId
    expectation: Annotated[str, StringConstraints(pattern=r"^Expect[A-Z][A-Za-z0-9]+$")] = Field(
        description="Name of the Great Expectations class that enforces it; without one it is made from the id."
    )
    title: Text
    message: Text
    route: tuple[Route, ...] = Field(description="Who can mend it (domain.md 6.3); empty for nobody.")
    rationale: str = Field(min_length=1)
    explained_by: tuple[RuleId, ...] = Field(
        (), description="Rules whose finding at the same row makes this one redundant."
    )
    waivable: bool = Field(True, description="Whether a steward can let pass what it finds.")
    checks: tuple[Check, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _name_expectation(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("id") and not given.get("expectation"):
            family, _, number = str(given["id"]).partition("-")
            return {**given, "expectation": f"Expect{family.title()}{number}ToHold"}
        return given

    @model_validator(mode="after")
    def _is_consistent(self) -> Rule:
        names = [check.name for check in self.checks]
        if len(set(names)) < len(names):
            raise ValueError("its checks need different names")
        for check in self.checks:
            for text in (check.message or self.message, self.message):
                for template in (text.vi, text.en):
                    unknown = message_fields(template) - MESSAGE_FIELDS - set(check.thresholds)
                    if unknown:
                        raise ValueError(f"the message names {sorted(unknown)}, which nothing fills")
        return self

    def check_id(self, check: Check) -> str:
        """``SUM-01`` or ``SUM-01/material``: unique in the book."""
        return self.id if check.name is None else f"{self.id}/{check.name}"

    def message_of(self, check: Check) -> Text:
        return check.message or self.message


class Override(RuleModel):
    """Own thresholds or severity for a part of the data; the most specific wins (domain.md 6.5).

    An indicator is more specific than a level of organisations, that than a frequency, that than a source. Of two as
    specific, the later ``valid_from`` wins, for periods that begin on that day or later.
    """

    rule: RuleId
    check: Name | None = None
    source: str | None = None
    indicator: str | None = None
    organisation_level: str | None = None
    frequency: Literal["A", "S", "Q", "M", "W", "D", "R"] | None = None
    valid_from: date | None = None
    enabled: bool = True
    severity: Severity | None = None
    thresholds: dict[Name, Decimal] = Field(default_factory=dict)
    rationale: str = Field(min_length=1)

    @property
    def specificity(self) -> tuple[int, date]:
        scopes = (self.indicator, self.organisation_level, self.frequency, self.source)
        weight = sum(2 ** (len(scopes) - place) for place, scope in enumerate(scopes) if scope is not None)
        return weight, self.valid_from or date.min

    @property
    def is_partial(self) -> bool:
        """Whether it holds for some rows of a source only."""
        return any((self.indicator, self.organisation_level, self.frequency, self.valid_from))


class Addition(RuleModel):
    """Checks that a workspace adds to a rule of the catalogue."""

    id: RuleId
    checks: tuple[Check, ...] = Field(min_length=1)


def message_fields(template: str) -> set[str]:
    """Names in braces; raises ``ValueError`` for a brace that is not closed."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}
