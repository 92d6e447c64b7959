"""When something may be sent, and what is owed around today."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from ingest.workspace import load_workspace
from stewardship.clocks import Clocks
from stewardship.due_submissions import remind_of_submissions
from stewardship.outbox import alerts

from .conftest import WORKSPACE, Office, write_workspace

QUIET = 'stewardship: {quiet_hours: {start: "18:00", end: "07:00", but: [BLOCK]}, digest_at: "07:30"}\n'


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


@pytest.mark.parametrize(
    ("now", "severity", "at_once", "sent"),
    [
        ("2026-03-04T10:00", "QUARANTINE", True, "2026-03-04T10:00"),
        ("2026-03-04T17:59", "QUARANTINE", True, "2026-03-04T17:59"),
        ("2026-03-04T18:00", "QUARANTINE", True, "2026-03-05T07:00"),
        ("2026-03-05T03:00", "QUARANTINE", True, "2026-03-05T07:00"),
        ("2026-03-06T20:00", "QUARANTINE", True, "2026-03-10T07:00"),
        ("2026-03-06T20:00", "BLOCK", True, "2026-03-06T20:00"),
        ("2026-03-04T06:00", "WARN", False, "2026-03-04T07:30"),
        ("2026-03-04T08:00", "WARN", False, "2026-03-05T07:30"),
        ("2026-03-06T08:00", "WARN", False, "2026-03-10T07:00"),
    ],
    ids=[
        "at once",
        "the last minute",
        "in the evening",
        "before dawn",
        "Friday evening, over the weekend and a holiday",
        "what does not wait",
        "this morning's digest",
        "tomorrow's digest",
        "a digest that falls on days off",
    ],
)
def test_quiet_hours_and_digests(tmp_path: Path, now: str, severity: str, at_once: bool, sent: str) -> None:
    folder = write_workspace(tmp_path)
    (folder / "workspace.yml").write_text(WORKSPACE + QUIET, encoding="utf-8")
    clocks = Clocks(load_workspace(folder))
    assert clocks.send_time(local(now), severity, at_once=at_once) == local(sent)


class TestSubmissionsOwed:
    """Quarter 1 of 2026 is due on 20 April, a Monday, by provinces 01 and 31; 01 has handed in."""

    @pytest.fixture
    def began(self, office: Office) -> Office:
        office.gate.submission("s1", rows=[{"organisation_code": "01", "value": 1}])
        return office

    def remind(self, office: Office, day: str) -> list[tuple[str, str, bool]]:
        before = {alert.alert_id for alert in alerts(office.store)}
        remind_of_submissions(office.store, office.workspace, local(f"{day}T09:00"))
        return [
            (alert.recipient, str(item.content["organisation_code"]), bool(item.content["is_late"]))
            for alert in reversed(alerts(office.store))
            for item in alert.items
            if alert.alert_id not in before or len(alert.items) > 1
        ]

    def test_a_reminder_five_working_days_before_it_is_due(self, began: Office) -> None:
        assert self.remind(began, "2026-04-10") == []
        assert self.remind(began, "2026-04-13") == [("HP", "31", False)]

    def test_none_is_given_twice(self, began: Office) -> None:
        assert len(self.remind(began, "2026-04-13")) == 1
        assert self.remind(began, "2026-04-13") == []
        assert self.remind(began, "2026-04-14") == []

    def test_after_the_day_it_is_late_and_last_the_superior_is_told(self, began: Office) -> None:
        assert self.remind(began, "2026-04-23") == [("HP", "31", True)]
        office = began.folder / "workspace.yml"
        office.write_text(WORKSPACE.replace("roles: [SU]", "superior: BOSS, roles: [SU]"), encoding="utf-8")
        began.workspace = load_workspace(began.folder)
        told = self.remind(began, "2026-05-04")
        assert ("BOSS", "31", True) in told

    def test_who_has_handed_in_is_left_alone(self, began: Office) -> None:
        began.gate.submission("s2", rows=[{"organisation_code": "31", "value": 1}])
        assert self.remind(began, "2026-04-13") == []

    def test_a_source_that_never_began_owes_nothing(self, office: Office) -> None:
        assert self.remind(office, "2026-04-13") == []

    def test_a_reminder_that_nobody_gave_in_time_is_not_given_years_later(self, began: Office) -> None:
        assert self.remind(began, "2027-12-01") == []
