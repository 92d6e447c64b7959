"""The one interface between intake and everything after it: the tidy observation and its companions.

Each table is declared here once, as data. Intake writes Parquet with these columns, the gates read them, and the dbt
sources describe them; a test compares the three. A new source therefore needs no staging model.

Sources: domain.md 11.1 (``fct_observation``), 3.3 (accumulation), 3.4 (status), 7.2 (measure kinds), 11.3.5 (states).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

#: Exact sums need exact addends: every measure is a decimal, and only the final quotient of a ratio is a double.
DECIMAL = pa.decimal128(38, 12)
TIMESTAMP = pa.timestamp("us", tz="UTC")


class MeasureKind(StrEnum):
    """What a figure claims to be; figures of different kinds are never summed (domain.md 7.2)."""

    ACTUAL = "ACTUAL"
    TARGET = "TARGET"
    PLAN = "PLAN"
    BASELINE = "BASELINE"
    FORECAST = "FORECAST"
    NORM = "NORM"
    REPORTED_RATIO = "REPORTED_RATIO"


class ObsStatus(StrEnum):
    """The codes of SDMX ``CL_OBS_STATUS`` 2.2 that the product writes itself (domain.md 3.4)."""

    NORMAL = "A"
    BREAK = "B"
    ESTIMATED = "E"
    FORECAST = "F"
    PROVISIONAL = "P"
    LOW_RELIABILITY = "U"
    UNVALIDATED = "V"
    MISSING = "O"  # no information reached us
    NOT_COLLECTED = "L"  # exists, but was not asked for
    NOT_APPLICABLE = "M"  # cannot exist
    SUPPRESSED = "Q"  # exists, and is withheld


#: Statuses of a cell without a value; a value with one of these, or no value without one, is an error (STAT-01).
VALUELESS_STATUSES = (ObsStatus.MISSING, ObsStatus.NOT_COLLECTED, ObsStatus.NOT_APPLICABLE, ObsStatus.SUPPRESSED)


class ValueState(StrEnum):
    """The six states that are kept apart from the cell to the mart (domain.md 11.3.5)."""

    VALUE = "value"
    ZERO = "zero"
    MISSING = "missing"
    NOT_COLLECTED = "not_collected"
    NOT_APPLICABLE = "not_applicable"
    SUPPRESSED = "suppressed"


class Accumulation(StrEnum):
    """Over what stretch of time a figure adds up (domain.md 3.3)."""

    IN_PERIOD = "IN_PERIOD"
    YEAR_TO_DATE = "YTD"
    SINCE_START = "SINCE_START"
    POINT_IN_TIME = "POINT_IN_TIME"
    ROLLING_12 = "ROLLING_12"


class Severity(StrEnum):
    """What a failed rule does (domain.md 6.2)."""

    BLOCK = "BLOCK"  # the submission is not loaded; its bytes are kept
    QUARANTINE = "QUARANTINE"  # the row waits outside; the rest goes on
    WARN = "WARN"  # the row goes on, marked
    INFO = "INFO"  # recorded only
    INTEGRITY = "INTEGRITY"  # a sign for the performance office alone: no finding, never published


class SubmissionStatus(StrEnum):
    """What became of a file an agency handed in."""

    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    REFUSED = "refused"
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Column:
    """One column of a table: its name, Arrow type, whether it may be empty, and what it means."""

    name: str
    type: pa.DataType
    nullable: bool
    description: str


@dataclass(frozen=True)
class Table:
    """A declared table; ``schema`` is what its Parquet files carry."""

    name: str
    description: str
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, columns in declared order. Parquet enforces no nulls here: the gates do."""
        return pa.schema([pa.field(column.name, column.type) for column in self.columns])

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def _text(name: str, description: str, *, nullable: bool = False) -> Column:
    return Column(name, pa.string(), nullable, description)


OBSERVATION = Table(
    "observation",
    "One figure as an agency reported it: what, who, when, for whom, how much, and in which cell it stood.",
    (
        _text("source_code", "Source that reported the figure: the name of its file in sources/."),
        _text("submission_id", "Submission (one landed file) that carried it."),
        _text("sheet", "Sheet of the workbook, or the file name for text files."),
        _text("cell", "Address of the value cell in A1 notation; in a text file, column letter and line."),
        _text("raw_text", "The cell's content as it was read, before any interpretation.", nullable=True),
        _text("indicator_code", "Indicator, as registered."),
        _text("indicator_label", "The label that was resolved to the indicator.", nullable=True),
        _text(
            "organisation_code", "Organisation code as registered; codes are reused, so read it with the next column."
        ),
        Column(
            "organisation_valid_from",
            pa.date32(),
            False,
            "First day of the organisation that bore the code in this period; with the code, its identity.",
        ),
        _text("organisation_label", "The label that was resolved to the organisation.", nullable=True),
        _text("calendar_code", "Calendar of the period (CAL, VNR, a fiscal year …)."),
        _text("period_code", "Period: SDMX code, or the calendar's prefix and that, or start/duration."),
        Column("period_start", pa.date32(), False, "First day of the period."),
        Column("period_end_exclusive", pa.date32(), False, "First day after the period."),
        _text("period_label", "The label that was resolved to the period.", nullable=True),
        _text("target_group_code", "_T for the total, else DIM=MEMBER[|DIM=MEMBER] in alphabetical order."),
        _text("target_group_label", "The label or labels that were resolved to the group.", nullable=True),
        _text(
            "measure_kind",
            "What the figure claims to be: ACTUAL, TARGET, PLAN, BASELINE, FORECAST, NORM, REPORTED_RATIO.",
        ),
        Column(
            "value", DECIMAL, True, "The figure in the indicator's registered unit; empty where the status says why."
        ),
        Column("value_low", DECIMAL, True, "Least possible value of a figure given as an interval, such as <5."),
        Column("value_high", DECIMAL, True, "Greatest possible value of a figure given as an interval."),
        _text("unit_code", "Unit of value: the indicator's registered unit."),
        _text("reported_unit", "Unit as written by the agency, before conversion.", nullable=True),
        _text("obs_status", "SDMX observation status: A E P F B U V, or why there is no value: O L M Q."),
        _text(
            "flags",
            "Further marks, comma-separated: DASH_ZERO, FORMULA, FOOTNOTE, REORG_PARTIAL, CORRECTED …",
            nullable=True,
        ),
        _text("accumulation", "IN_PERIOD, YTD, SINCE_START, POINT_IN_TIME or ROLLING_12."),
        _text("note", "Footnotes and remarks that belong to the figure.", nullable=True),
        Column("recorded_at", TIMESTAMP, False, "When the submission was received: knowledge time."),
        _text("recipe_version", "Fingerprint of the recipe that read the cell."),
    ),
)

#: Words for what intake could not make out; the rules of ``expectations`` give them their severity and sentence.
PROBLEM_COLUMNS = (
    _text(
        "value_problem",
        "ambiguous_number, not_a_number, unmapped_marker, date_in_number, error_value, "
        "formula_without_value, misplaced, lost_label or out_of_precision; else empty.",
        nullable=True,
    ),
    _text("indicator_problem", "unknown or ambiguous; else empty.", nullable=True),
    _text(
        "organisation_problem",
        "unknown, ambiguous, not_valid_in_period or name_code_disagree; else empty.",
        nullable=True,
    ),
    _text("period_problem", "unknown or ambiguous; else empty.", nullable=True),
    _text("target_group_problem", "unknown or ambiguous; else empty.", nullable=True),
    _text("unit_problem", "unknown, not_convertible or undeclared; else empty.", nullable=True),
    _text("text_problem", "legacy_encoding, mojibake or homoglyph found in a label; else empty.", nullable=True),
    _text(
        "candidates", "Nearest registered labels for what did not resolve, best first, for the steward.", nullable=True
    ),
)

TIDY = Table(
    "tidy",
    "Observations as read, before the gate: the columns of the observation, any of them empty, and what went wrong.",
    (*OBSERVATION.columns, *PROBLEM_COLUMNS),
)

QUARANTINE = Table(
    "quarantine",
    "Rows that a rule holds back, with every rule that does.",
    (*TIDY.columns, _text("rule_ids", "Rules that hold the row back, comma-separated.")),
)

TOTAL = Table(
    "total",
    "Totals and subtotals that a source prints beside their parts: reconciled against them, never loaded as facts.",
    (*TIDY.columns, _text("total_of", "What the total adds up: organisation, target_group or period, with its scope.")),
)

SUBMISSION = Table(
    "submission",
    "One file (or API answer) that was handed in, and what became of it.",
    (
        _text(
            "submission_id",
            "Sixteen hexadecimal digits of the SHA-256 over source, file name, content and time of receipt.",
        ),
        _text("source_code", "Source it was handed in for."),
        _text("file_name", "Path below the source's inbox, as received."),
        _text("file_sha256", "SHA-256 of the bytes, which are kept unchanged under landed/."),
        Column("file_bytes", pa.int64(), False, "Size in bytes."),
        Column("received_at", TIMESTAMP, False, "When the agency handed it in."),
        Column(
            "received_on",
            pa.date32(),
            True,
            "Day it was handed in, in the workspace's time zone: what deadlines are compared with.",
        ),
        _text("medium", "file or api."),
        _text("status", "accepted, partly_accepted, refused or duplicate."),
        _text("recipe_version", "Fingerprint of the recipe that read it."),
        Column("cells_read", pa.int64(), False, "Cells that were not empty."),
        Column("rows_read", pa.int64(), False, "Observations that the recipe found: accepted and quarantined."),
        Column("rows_accepted", pa.int64(), False, "Observations that passed the gate."),
        Column("rows_quarantined", pa.int64(), False, "Observations held back."),
        _text("refusal_vi", "Why it was refused, in Vietnamese.", nullable=True),
        _text("refusal_en", "Why it was refused, in English.", nullable=True),
        _text("notes", "Footnotes and trailing remarks found in it.", nullable=True),
    ),
)

FINDING = Table(
    "finding",
    "One thing a rule found, in the terms of the file it was found in.",
    (
        _text("finding_id", "Fingerprint of rule, submission, sheet, cell and key: the same fault has the same id."),
        _text(
            "fault_id",
            "Fingerprint of check and key, or of file name and place where the key is incomplete: the same fault has "
            "the same id when the file is handed in again.",
        ),
        _text("rule_id", "Rule of the catalogue (domain.md 6.3)."),
        _text("severity", "BLOCK, QUARANTINE, WARN or INFO."),
        _text("route", "Who can mend it: SU, DS, OM, RM, IT, AU or DPO (domain.md 6.3)."),
        _text("gate", "Where the rule ran: intake, warehouse or release."),
        _text("source_code", "Source.", nullable=True),
        _text("submission_id", "Submission.", nullable=True),
        _text("file_name", "File as the agency named it.", nullable=True),
        _text("sheet", "Sheet.", nullable=True),
        _text("cell", "Cell, or range of cells.", nullable=True),
        _text("indicator_code", "Indicator, where known.", nullable=True),
        _text("organisation_code", "Organisation, where known.", nullable=True),
        _text("period_code", "Period, where known.", nullable=True),
        _text("target_group_code", "Target group, where known.", nullable=True),
        _text("observed", "What stands there.", nullable=True),
        _text("expected", "What the rule expects.", nullable=True),
        _text("message_vi", "The finding in one sentence and what to do, in Vietnamese."),
        _text("message_en", "The finding in one sentence and what to do, in English."),
        Column("found_at", TIMESTAMP, False, "When the submission that shows it was received."),
    ),
)

WAIVER = Table(
    "waiver",
    "A decision of a steward that is in force: the check does not fire again for this fault and value (domain.md 6.2).",
    (
        _text("fault_id", "Fault it concerns, as in the finding."),
        _text("observed", "Value it was given for; another value is judged anew.", nullable=True),
        _text("disposition", "confirmed: the value is right; waived: let pass for a time."),
    ),
)

PERIOD = Table(
    "period",
    "Every period of every calendar in use, from calendars declared as data, and every window a source reported for.",
    (
        _text("calendar_code", "Calendar."),
        _text("period_code", "Code, unique over all calendars."),
        _text("frequency", "A year, S half-year, Q quarter, M month, W week, D day, R other range."),
        Column("period_start", pa.date32(), False, "First day."),
        Column("period_end_exclusive", pa.date32(), False, "First day after."),
        _text("year_label", "Year it belongs to, as the calendar writes it."),
        _text("label_vi", "Label in Vietnamese."),
        _text("label_en", "Label in English."),
        _text("previous_period_code", "Period before, of the same calendar and frequency.", nullable=True),
        _text("same_period_last_year_code", "The same period a year earlier.", nullable=True),
        _text("sdmx_time_period", "SDMX time period; a start/duration range where SDMX has no code (domain.md 3.5)."),
    ),
)

SOURCE = Table(
    "source",
    "What a source is, who answers for it, and which of several sources of one figure is preferred.",
    (
        _text("source_code", "Name of its file in sources/."),
        _text("name_vi", "Name in Vietnamese."),
        _text("name_en", "Name in English."),
        _text("publisher", "Body that hands it in.", nullable=True),
        _text("steward", "Steward who mends it.", nullable=True),
        _text("licence", "Licence of the data.", nullable=True),
        Column("priority", pa.int32(), False, "Smaller is preferred where two sources report the same figure."),
        _text("recipe_version", "Fingerprint of the recipe."),
    ),
)

OBLIGATION = Table(
    "obligation",
    "What is owed: a source's submission for a period, by each organisation of a level valid in it (domain.md 3.6).",
    (
        _text("source_code", "Source."),
        _text("calendar_code", "Calendar."),
        _text("period_code", "Period reported on."),
        _text(
            "organisation_level",
            "Every organisation of this level owes it; else the next column names one.",
            nullable=True,
        ),
        _text("organisation_code", "The organisation that owes it, where it is one.", nullable=True),
        Column("due_date", pa.date32(), False, "Last day on which it is on time."),
    ),
)

DAY = Table(
    "day",
    "The working-day calendar by which deadlines and lateness are counted (domain.md 3.2).",
    (
        Column("date", pa.date32(), False, "Day."),
        Column("is_working_day", pa.bool_(), False, "Whether it is worked: weekends, holidays, swapped days."),
        Column("working_day_number", pa.int32(), False, "Working days of the calendar up to and including it."),
        _text("holiday_name_vi", "Holiday, in Vietnamese.", nullable=True),
        _text("holiday_name_en", "Holiday, in English.", nullable=True),
    ),
)

RATIO_TERM = Table(
    "ratio_term",
    "The terms of each ratio's numerator and denominator: sign × factor_1 [× factor_2], summed.",
    (
        _text("ratio_code", "Ratio."),
        _text("part", "numerator or denominator."),
        Column("term_number", pa.int32(), False, "Position in the part, from 1."),
        Column("sign", pa.int32(), False, "1 or -1."),
        _text("factor_1", "Indicator."),
        _text("factor_2", "Second indicator of a product, multiplied in each unit before any sum.", nullable=True),
        Column(
            "is_count",
            pa.bool_(),
            True,
            "One indicator that counts cases: no sample projected, no money, no quantity, no product.",
        ),
    ),
)
