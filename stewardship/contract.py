"""What the desk hands to the warehouse: its tables, declared once, as in ``ingest.contract``."""

from __future__ import annotations

import pyarrow as pa

from ingest.contract import DECIMAL, FINDING, TIMESTAMP, Column, Table


def text(name: str, description: str, *, nullable: bool = False) -> Column:
    """A column of text."""
    return Column(name, pa.string(), nullable, description)


FINDING_CASE = Table(
    "finding_case",
    "One fault with all that happened to it at the steward's desk, however often it was seen.",
    (
        text("case_id", "The fault: fault_id of its findings."),
        text("state", "open, assigned, corrected, confirmed, waived, false_alarm or closed (domain.md 6.8)."),
        text("resolution", "resubmission, no_longer_found, corrected, confirmed or false_alarm.", nullable=True),
        *(column for column in FINDING.columns if column.name not in ("fault_id", "found_at")),
        text("steward", "Steward who has to settle it.", nullable=True),
        text("role", "Role in which the steward has it: SU, DS, OM, RM, IT, AU or DPO."),
        Column("opened_at", TIMESTAMP, False, "When it was first opened."),
        Column("first_seen_at", TIMESTAMP, False, "First run that saw it."),
        Column("last_seen_at", TIMESTAMP, False, "Last run that saw it, as of the last change at the desk."),
        Column("seen_count", pa.int64(), False, "Runs that saw it, as of the last change at the desk."),
        Column("reopened_count", pa.int64(), False, "How often it came back."),
        Column("deadline", pa.date32(), False, "Last day on which it is settled in time, in working days."),
        Column("escalations", pa.int64(), False, "How often it passed a deadline and a superior was told."),
        Column("acknowledged_at", TIMESTAMP, True, "When somebody acknowledged it."),
        text("acknowledged_by", "Who did.", nullable=True),
        text("explanation", "What was said to explain the figure.", nullable=True),
        Column("waived_until", pa.date32(), True, "Last day of its waiver."),
        text("reason", "Why it was waived or resolved.", nullable=True),
        Column("resolved_at", TIMESTAMP, True, "When it was resolved."),
        text("resolved_by", "Who resolved it; empty where the run saw that the fault is gone.", nullable=True),
    ),
)

#: Apart from the cases: what else happens to a case moves no figure, and builds no mart again.
SETTLED_FAULT = Table(
    "settled_fault",
    "One fault that nobody has to act on any more: resolved, or waived for the time being.",
    (text("fault_id", "The fault: case_id of its case."),),
)

FINDING_EVENT = Table(
    "finding_event",
    "One thing that happened to a case: opened, acknowledged, assigned, explained, waived, escalated, resolved …",
    (
        Column("event_number", pa.int64(), False, "Position in the log, which is never changed."),
        text("case_id", "Case."),
        text("event", "opened, acknowledged, assigned, explained, waived, escalated, reminded, resolved, reopened."),
        Column("happened_at", TIMESTAMP, False, "When."),
        text("actor", "Steward or role that did it; empty for the product itself.", nullable=True),
        text("detail", "What was said or set, as JSON."),
    ),
)

SIGNOFF = Table(
    "signoff",
    "Sign-off of the figures of an organisation and all below it for a period, bound to their content.",
    (
        text("organisation_code", "Organisation that signs."),
        text("period_code", "Period."),
        text("source_code", "Source that is signed; empty: all.", nullable=True),
        text("status", "prepared, signed, changed (what was signed differs from what is there now) or unsigned."),
        text("prepared_by", "Who prepared it.", nullable=True),
        Column("prepared_at", TIMESTAMP, True, "When."),
        text("approved_by", "Who approved it: never who prepared it.", nullable=True),
        Column("approved_at", TIMESTAMP, True, "When."),
        text("withdrawn_by", "Who took the last sign-off back, if it was.", nullable=True),
        Column("withdrawn_at", TIMESTAMP, True, "When."),
        text("signed_hash", "SHA-256 of the content that was signed.", nullable=True),
        text("current_hash", "SHA-256 of the content as it is."),
        Column("figures", pa.int64(), False, "Figures there are now."),
        Column("figures_changed", pa.int64(), False, "Figures that differ from those signed, came or went."),
    ),
)

SIGNOFF_DIFFERENCE = Table(
    "signoff_difference",
    "One figure that is not what was signed.",
    (
        text("organisation_code", "Organisation that signed."),
        text("period_code", "Period."),
        text("signed_source_code", "Source that was signed; empty: all.", nullable=True),
        text("source_code", "Source of the figure."),
        text("indicator_code", "Indicator."),
        text("figure_organisation_code", "Organisation the figure is about."),
        text("target_group_code", "Target group."),
        text("measure_kind", "What the figure claims to be."),
        text("accumulation", "Over what stretch it adds up."),
        text("change", "changed, added or gone."),
        Column("value_signed", DECIMAL, True, "Value as signed."),
        Column("value_now", DECIMAL, True, "Value now."),
        text("status_signed", "Status as signed.", nullable=True),
        text("status_now", "Status now.", nullable=True),
        text("file_name", "File the figure stands in now, or stood in.", nullable=True),
        text("sheet", "Sheet.", nullable=True),
        text("cell", "Cell.", nullable=True),
    ),
)

#: All that the desk hands over.
TABLES = (FINDING_CASE, SETTLED_FAULT, FINDING_EVENT, SIGNOFF, SIGNOFF_DIFFERENCE)
