"""Who owes what, and what came (domain.md 3.6, 4.6)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

EARLY = datetime(2025, 7, 20, tzinfo=UTC)
LATE = datetime(2025, 8, 20, tzinfo=UTC)


def fill(area: Any) -> None:
    area.organisation("SU", "national")
    for code, fields in (("SU.A", {}), ("SU.B", {}), ("SU.C", {}), ("SU.gone", {"valid_to": date(2025, 7, 1)})):
        area.organisation(code, "suProvince", "SU", **fields)
    area.source("form")
    area.source("service")
    area.source("portal")
    area.organisation("SU.owner", "suOffice", "SU")
    area.indicator("SU.x", frequency="M")
    for code, at in (("SU.A", EARLY), ("SU.B", LATE)):
        area.observe("SU.x", code, "VNR2025-M07", 1, source="form", at=at)
        area.submission("form", at, rows_read=5, rows_accepted=4, rows_quarantined=1)
    owed = {"calendar_code": "VNR", "period_code": "VNR2025-M07", "due_date": date(2025, 7, 31)}
    area.obligations.append(
        {"source_code": "form", "organisation_level": "suProvince", "organisation_code": None, **owed}
    )
    area.obligations.append({"source_code": "service", "organisation_level": None, "organisation_code": None, **owed})
    for period in ("2025-M05", "2025-M06", "2025-M07"):
        area.obligations.append(
            {
                "source_code": "portal",
                "organisation_level": None,
                "organisation_code": "SU.owner",
                "calendar_code": "CAL",
                "period_code": period,
                "due_date": date(2025, 7, 31),
            }
        )
    area.observe("SU.x", "SU.A", "2025-M05", 1, source="portal", at=EARLY)
    area.submission("portal", EARLY)
    area.submission("portal", LATE, rows_read=1, rows_accepted=0, rows_quarantined=1)
    area.findings.append(held_back("f1", "form", "SU.B", "VNR2025-M07"))
    area.findings.append(held_back("f2", "portal", "SU.A", "2025-M06"))


def held_back(finding_id: str, source: str, organisation: str, period: str) -> dict[str, Any]:
    return {
        "finding_id": finding_id,
        "fault_id": finding_id,
        "rule_id": "STAT-01",
        "severity": "QUARANTINE",
        "route": "SU",
        "gate": "intake",
        "source_code": source,
        "submission_id": f"{source}-{LATE:%Y%m%d%H}",
        "file_name": f"{source}.xlsx",
        "sheet": "Sheet1",
        "cell": "B7",
        "indicator_code": None,
        "organisation_code": organisation,
        "period_code": period,
        "target_group_code": None,
        "observed": "x",
        "expected": "y",
        "message_vi": "Sai.",
        "message_en": "Wrong.",
        "found_at": LATE,
    }


def owed(warehouse, organisation):
    return warehouse.row("marts.mart_submission", source_code="form", organisation_code=organisation)


def test_on_time_late_and_missing(warehouse):
    marks = {
        code: (r["received"], r["on_time"], r["timeliness"])
        for code in ("SU.A", "SU.B", "SU.C")
        for r in [owed(warehouse, code)]
    }
    assert marks == {"SU.A": (1, 1, 1), "SU.B": (1, 0, 0), "SU.C": (0, 0, 0)}


def test_predecessor_still_owes_the_month_it_ended_in(warehouse):
    assert owed(warehouse, "SU.gone")["expected"] == 1


def test_rows_and_findings_of_what_came(warehouse):
    late = owed(warehouse, "SU.B")
    assert (late["rows_read"], late["rows_accepted"], late["rows_quarantined"]) == (5, 4, 1)
    assert (late["findings_quarantine"], owed(warehouse, "SU.A")["findings_quarantine"]) == (1, 0)


def test_source_that_owes_as_a_whole_has_no_organisation(warehouse):
    row = warehouse.row("marts.mart_submission", source_code="service")
    assert (row["organisation_code"], row["expected"], row["received"]) == (None, 1, 0)


def test_a_named_body_owes_the_figures_of_all(warehouse):
    portal = {
        code: warehouse.row("marts.mart_submission", source_code="portal", period_code=code)
        for code in ("2025-M05", "2025-M06", "2025-M07")
    }
    assert {row["organisation_code"] for row in portal.values()} == {"SU.owner"}
    assert [(r["received"], r["on_time"]) for r in portal.values()] == [(1, 1), (1, 0), (0, 0)]
    assert [r["findings_quarantine"] for r in portal.values()] == [0, 1, 0]
