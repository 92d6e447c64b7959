"""A gate that stops a release says all that it found, what stopped it first."""

from __future__ import annotations

from orchestration.assets.gate_failures import failures


def finding(rule: str, severity: str, message: str) -> dict[str, str]:
    return {"rule_id": rule, "severity": severity, "message_vi": f"vi {message}", "message_en": message}


def test_what_stopped_it_comes_first_then_the_warnings_each_with_its_places() -> None:
    said = failures(
        [
            finding("RAT-07", "WARN", "thin"),
            finding("VAL-07", "BLOCK", "infinite"),
            *(finding("SUM-07", "BLOCK", f"sum {number}") for number in range(5)),
            finding("REV-01", "INFO", "revised"),
        ]
    )
    assert {place: words["en"] for place, words in said.items()} == {
        "BLOCK VAL-07": "infinite",
        "BLOCK SUM-07 1/5": "sum 0",
        "BLOCK SUM-07 2/5": "sum 1",
        "BLOCK SUM-07 3/5": "sum 2",
        "WARN RAT-07": "thin",
    }
    assert list(said)[-1] == "WARN RAT-07"
    assert said["WARN RAT-07"]["vi"] == "vi thin"
