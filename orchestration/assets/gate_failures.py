"""What a gate that stopped something says to who waits for it: what stopped it first, then what it warns of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ingest.contract import Severity

#: So many places are named of each rule; all of them stand with the steward's desk.
_NAMED = 3
_SAID = (Severity.BLOCK, Severity.QUARANTINE, Severity.WARN)


def failures(findings: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """``SEVERITY RULE``, numbered where there are several → the message in both languages; rows of FINDING in."""
    said: dict[str, dict[str, str]] = {}
    for severity in _SAID:
        of_severity = [finding for finding in findings if finding["severity"] == severity]
        for rule in dict.fromkeys(finding["rule_id"] for finding in of_severity):
            found = [finding for finding in of_severity if finding["rule_id"] == rule]
            for number, finding in enumerate(found[:_NAMED], start=1):
                place = f" {number}/{len(found)}" if len(found) > 1 else ""
                words = {language: str(finding[f"message_{language}"]) for language in ("vi", "en")}
                said[f"{severity} {rule}{place}"] = words
    return said
