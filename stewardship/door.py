"""Faults of what was refused at the door: a file that was not taken over, an API that could not be asked.

No gate sees them, for there is no submission. A fault stands as long as the last look into the inbox, or the last
asking of the API, refuses the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ingest.contract import FINDING, Severity
from ingest.landing.refusals import NOT_ASKED, NOT_TAKEN_OVER, last_refused, refused_at_the_door
from ingest.state import fingerprint

#: Rule → who can mend it, as in the catalogue.
ROUTES = {NOT_TAKEN_OVER: "SU,DS", NOT_ASKED: "DS,IT"}


def door_fingerprint(landed: Path, source_code: str) -> str:
    """Fingerprint of what stands refused; empty where nothing does."""
    refused = refused_at_the_door(landed, source_code)
    return fingerprint(*(f"{one.rule_id} {one.file_name} {one.message_en}" for one in refused)) if refused else ""


def door_faults(landed: Path, source_code: str) -> dict[str, dict[str, Any]]:
    """Fault → a row of FINDING for each refusal that stands."""
    found = {}
    for refusal in refused_at_the_door(landed, source_code):
        fault = fingerprint(refusal.rule_id, source_code, refusal.file_name)
        found[fault] = dict.fromkeys(FINDING.column_names) | {
            "finding_id": fault,
            "fault_id": fault,
            "rule_id": refusal.rule_id,
            "severity": str(Severity.BLOCK),
            "route": ROUTES[refusal.rule_id],
            "gate": "intake",
            "source_code": source_code,
            "file_name": refusal.file_name,
            "message_vi": refusal.message_vi,
            "message_en": refusal.message_en,
            "found_at": last_refused(landed, source_code),
        }
    return found
