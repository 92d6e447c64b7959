"""Findings from reading: why a file was refused, and what the reader remarked, in the terms of the catalogue."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Protocol

from expectations.intake.fault import fault_id
from expectations.rules import CheckKind, Gate, RuleBook, load_rule_book
from ingest.contract import FINDING, Severity


class Remarked(Protocol):
    """What the reader says of a file: a refusal, or a remark, which has ``observed`` and ``expected`` besides."""

    @property
    def rule_id(self) -> str: ...
    @property
    def sheet(self) -> str | None: ...
    @property
    def cell(self) -> str | None: ...
    @property
    def message_vi(self) -> str: ...
    @property
    def message_en(self) -> str: ...


def finding_from_refusal(
    refusal: Remarked, submission: Mapping[str, Any], rule_book: RuleBook | None = None
) -> dict[str, Any]:
    """A row of FINDING; ``submission`` has submission_id, source_code, file_name, received_at.

    Its severity is that of the rule's check for readers; a refusal under a rule that has none blocks.
    """
    rule = (rule_book or load_rule_book()).rules.get(refusal.rule_id)
    severities = [check.severity for check in rule.checks if check.kind is CheckKind.READER] if rule else []
    observed, expected = getattr(refusal, "observed", None), getattr(refusal, "expected", None)
    key = (observed or "", "", "", "")
    fault = (refusal.rule_id, submission["submission_id"], refusal.sheet or "", refusal.cell or "", *key)
    row = dict.fromkeys(FINDING.column_names)
    return row | {
        "finding_id": hashlib.sha256(chr(31).join(fault).encode()).hexdigest()[:16],
        "fault_id": fault_id(
            refusal.rule_id,
            submission["source_code"],
            submission["file_name"],
            refusal.sheet,
            refusal.cell,
            observed or "",
        ),
        "rule_id": refusal.rule_id,
        "severity": str(severities[0] if severities else Severity.BLOCK),
        "route": ",".join(rule.route) if rule else "SU,IT",
        "gate": str(Gate.INTAKE),
        "source_code": submission["source_code"],
        "submission_id": submission["submission_id"],
        "file_name": submission["file_name"],
        "sheet": refusal.sheet,
        "cell": refusal.cell,
        "observed": observed,
        "expected": expected,
        "message_vi": refusal.message_vi,
        "message_en": refusal.message_en,
        "found_at": submission["received_at"],
    }
