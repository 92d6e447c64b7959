"""Findings for files that could not be read at all: the reader's refusal in the terms of the catalogue."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Protocol

from expectations.rules import Gate, RuleBook, load_rule_book
from ingest.contract import FINDING, Severity


class RefusedFile(Protocol):
    """What the reader says of a file it refuses."""

    rule_id: str
    sheet: str | None
    cell: str | None
    message_vi: str
    message_en: str


def finding_from_refusal(
    refusal: RefusedFile, submission: Mapping[str, Any], rule_book: RuleBook | None = None
) -> dict[str, Any]:
    """A row of FINDING for a refused file; ``submission`` has submission_id, source_code, file_name, received_at."""
    rule = (rule_book or load_rule_book()).rules.get(refusal.rule_id)
    fault = (refusal.rule_id, submission["submission_id"], refusal.sheet or "", refusal.cell or "", "", "", "", "")
    row = dict.fromkeys(FINDING.column_names)
    return row | {
        "finding_id": hashlib.sha256(chr(31).join(fault).encode()).hexdigest()[:16],
        "rule_id": refusal.rule_id,
        "severity": str(Severity.BLOCK),
        "route": ",".join(rule.route) if rule else "SU,IT",
        "gate": str(Gate.INTAKE),
        "source_code": submission["source_code"],
        "submission_id": submission["submission_id"],
        "file_name": submission["file_name"],
        "sheet": refusal.sheet,
        "cell": refusal.cell,
        "message_vi": refusal.message_vi,
        "message_en": refusal.message_en,
        "found_at": submission["received_at"],
    }
