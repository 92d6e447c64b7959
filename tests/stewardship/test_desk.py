"""Cases over runs: one fault is one case, what mends it closes it, what returns reopens it, and the log says all."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from typing import Any

import pytest

from stewardship.case import Case, CaseState, EventKind, Resolution, replayed
from stewardship.decisions import DecisionError, Decisions

from .conftest import NOW, Office, finding

HAI_PHONG = {"organisation_code": "31", "value": -50}
HA_NOI = {"organisation_code": "01", "value": 10}


def the_case(office: Office, fault: str = "f1") -> Case:
    return office.store.cases()[fault]


def kinds(office: Office, fault: str = "f1") -> list[str]:
    return [str(event.kind) for event in office.store.events(fault)]


@pytest.fixture
def found(office: Office) -> Office:
    office.gate.submission("s1", rows=[HAI_PHONG, HA_NOI], findings=[finding()])
    office.desk().record()
    return office


def decide(office: Office, actor: str = "HP", **more: Any) -> Decisions:
    return Decisions(office.desk(NOW + timedelta(hours=1)), actor, **more)


def mended(office: Office, **more: Any) -> None:
    rows = [{"organisation_code": "31", "value": 50}, HA_NOI]
    office.gate.submission("s2", rows=rows, at=NOW + timedelta(days=1), **more)


def test_thirty_runs_that_find_the_same_are_one_case_seen_thirty_times(found: Office) -> None:
    for day in range(1, 30):
        found.gate.again()
        found.desk(NOW + timedelta(minutes=day)).record()
    case = the_case(found)
    assert (len(found.store.cases()), case.seen_count, case.state) == (1, 30, CaseState.OPEN)
    assert (case.first_seen_at, case.last_seen_at) == (
        NOW + timedelta(microseconds=1),
        NOW + timedelta(minutes=29, microseconds=1),
    )


def test_one_judgement_is_recorded_once_however_often_it_is_looked_at(found: Office) -> None:
    for _ in range(3):
        assert not found.desk().record().anything
    assert kinds(found) == ["opened"]


def test_a_mended_file_closes_the_case(found: Office) -> None:
    mended(found)
    assert found.desk().record().resolved == 1
    case = the_case(found)
    assert (case.state, case.resolution, case.resolved_by) == (CaseState.CLOSED, Resolution.RESUBMISSION, "")
    assert found.store.events("f1")[-1].detail["submission_id"] == "s2"


def test_another_organisations_file_closes_nothing(found: Office) -> None:
    found.gate.submission("s2", rows=[HA_NOI], at=NOW + timedelta(days=1))
    found.desk().record()
    assert the_case(found).state is CaseState.OPEN


def test_a_fault_that_another_submission_shows_again_is_the_same_case(found: Office) -> None:
    found.gate.submission(
        "s2", rows=[HAI_PHONG, HA_NOI], findings=[finding(finding_id="other")], at=NOW + timedelta(days=1)
    )
    found.desk().record()
    case = the_case(found)
    assert (case.state, case.seen_count, case.fault["submission_id"]) == (CaseState.OPEN, 2, "s2")


def test_what_is_no_longer_found_is_closed_for_that_reason(found: Office) -> None:
    found.gate.submission("s1", rows=[HAI_PHONG, HA_NOI], findings=[])
    found.desk().record()
    assert the_case(found).resolution == Resolution.NO_LONGER_FOUND


def test_the_same_fault_that_returns_reopens_its_case(found: Office) -> None:
    mended(found)
    found.desk().record()
    found.gate.submission("s3", rows=[HAI_PHONG], findings=[finding()], at=NOW + timedelta(days=2))
    found.desk().record()
    case = the_case(found)
    assert (case.state, case.reopened_count, case.resolution) == (CaseState.OPEN, 1, "")
    assert kinds(found) == ["opened", "resolved", "reopened"]


def test_a_refused_file_is_mended_by_one_of_the_same_name_with_a_period_in_it(office: Office) -> None:
    refused = finding(
        "f9", rule_id="STR-02", severity="BLOCK", cell=None, indicator_code=None, organisation_code=None,
        period_code=None, target_group_code=None,
    )  # fmt: skip
    office.gate.submission("s1", rows=[], findings=[refused], file_name="received=2026-03-01/hoso_2026-Q1.xlsx")
    office.gate.submission("n1", rows=[HA_NOI], findings=[refused | {"fault_id": "f8"}], file_name="data.xlsx")
    office.desk().record()
    later = NOW + timedelta(days=1)
    office.gate.submission("s2", rows=[HA_NOI], file_name="received=2026-03-05/hoso_2026-Q1.xlsx", at=later)
    office.desk().record()
    assert the_case(office, "f9").resolution == Resolution.RESUBMISSION
    assert the_case(office, "f8").state is CaseState.CLOSED, "the later file repeats all of its figures"


def test_a_file_that_is_always_called_alike_does_not_mend_the_month_before(office: Office) -> None:
    refused = finding("f9", rule_id="STR-02", severity="BLOCK", cell=None, indicator_code=None)
    office.gate.submission("s1", rows=[], findings=[refused], file_name="received=2026-02-01/report.xlsx")
    office.gate.submission("s2", rows=[HA_NOI], file_name="received=2026-03-01/report.xlsx", at=NOW + timedelta(days=1))
    office.desk().record()
    assert the_case(office, "f9").state is CaseState.OPEN


def test_an_unknown_organisation_is_mended_by_a_file_that_repeats_the_rest(office: Office) -> None:
    unknown = finding("f2", rule_id="ORG-01", organisation_code=None, cell="B5")
    rows = [HA_NOI, {"organisation_code": "31", "value": 1}, {"organisation_code": None, "value": 7}]
    office.gate.submission("s1", rows=rows, findings=[unknown])
    office.desk().record()
    mended = [HA_NOI, {"organisation_code": "31", "value": 1}, {"organisation_code": "3101", "value": 7}]
    office.gate.submission("s2", rows=mended, at=NOW + timedelta(days=1))
    office.desk().record()
    assert the_case(office, "f2").resolution == Resolution.RESUBMISSION


class TestDecisions:
    def test_acknowledging_keeps_the_case_open_and_says_who(self, found: Office) -> None:
        case = decide(found).acknowledge("f1")
        assert (case.state, case.acknowledged_by) == (CaseState.OPEN, "HP")

    def test_assigning_gives_it_to_another(self, found: Office) -> None:
        case = decide(found).assign("f1", "DS")
        assert (case.state, case.steward) == (CaseState.ASSIGNED, "DS")
        with pytest.raises(DecisionError, match="decision_no_steward"):
            decide(found).assign("f1", "NOBODY")

    def test_a_confirmed_value_is_let_pass_for_good_and_another_value_reopens(self, found: Office) -> None:
        decide(found).resolve("f1", Resolution.CONFIRMED, "a refund")
        [waiver] = found.desk().waivers("dossiers")
        assert waiver == {"fault_id": "f1", "observed": "-50", "disposition": "confirmed"}
        found.gate.submission("s1", rows=[HAI_PHONG, HA_NOI], findings=[])  # the gate sets it aside
        found.desk().record()
        assert the_case(found).state is CaseState.CLOSED
        assert the_case(found).resolution == Resolution.CONFIRMED
        assert found.desk(NOW + timedelta(days=4000)).waivers() == [waiver]
        found.gate.submission("s3", rows=[HAI_PHONG], findings=[finding(observed="-60")], at=NOW + timedelta(days=2))
        found.desk().record()
        assert the_case(found).state is CaseState.OPEN
        assert found.desk().waivers() == [waiver], "the value that was confirmed stays confirmed"

    def test_a_waiver_ends_after_two_periods_and_the_fault_then_asks_again(self, found: Office) -> None:
        case = decide(found).waive("f1", "letter 12")
        assert case.waived_until == date(2026, 9, 30), "this quarter and two more"
        assert [row["disposition"] for row in found.desk().waivers("dossiers")] == ["waived"]
        found.gate.submission("s1", rows=[HAI_PHONG, HA_NOI], findings=[])
        found.desk().record()
        assert the_case(found).state is CaseState.WAIVED, "a fault that is let pass is not mended"
        found.gate.submission("s1", rows=[HAI_PHONG, HA_NOI], findings=[finding()])
        after = NOW.replace(month=10, day=2)
        assert found.desk(after).waivers() == []
        found.desk(after).record()
        assert the_case(found).state is CaseState.OPEN
        assert found.store.events("f1")[-1].detail["why"] == "waiver_ended"

    def test_what_refuses_a_submission_takes_two_people_to_waive(self, office: Office) -> None:
        office.gate.submission("s1", rows=[HAI_PHONG], findings=[finding(severity="BLOCK", rule_id="STR-03")])
        office.desk().record()
        assert decide(office, "DS").waive("f1", "known").state is CaseState.OPEN
        assert decide(office, "DS").waive("f1", "known").state is CaseState.OPEN
        assert office.desk().waivers() == []
        assert decide(office, "IT").waive("f1", "agreed").state is CaseState.WAIVED
        with pytest.raises(DecisionError, match="decision_needs_two"):
            decide(office).resolve("f1", Resolution.CONFIRMED, "it is right")

    def test_nothing_is_let_through_where_there_is_no_figure(self, office: Office) -> None:
        held = finding(rule_id="STR-03", observed="l00")
        rows = [{"organisation_code": "31", "value_problem": "not_a_number"}]
        office.gate.submission("s1", rows=rows, findings=[held])
        office.desk().record()
        with pytest.raises(DecisionError, match="decision_nothing_to_let_through"):
            decide(office).waive("f1", "never mind")
        with pytest.raises(DecisionError, match="decision_never_waived"):
            decide(office, never_waived={"STR-03"}).waive("f1", "never mind")

    def test_corrected_waits_for_the_file_and_reopens_when_it_does_not_come(self, found: Office) -> None:
        decide(found).resolve("f1", Resolution.CORRECTED, "new file tomorrow")
        found.gate.again()
        found.desk(NOW + timedelta(days=1)).record()
        assert the_case(found).state is CaseState.CORRECTED
        found.gate.again()
        found.desk(NOW + timedelta(days=30)).record()
        assert the_case(found).state is CaseState.OPEN

    def test_a_closed_case_takes_no_decision(self, found: Office) -> None:
        mended(found)
        found.desk().record()
        with pytest.raises(DecisionError, match="decision_closed"):
            decide(found).waive("f1", "too late")


class TestClocks:
    @pytest.mark.parametrize(
        ("severity", "deadline"),
        [("BLOCK", date(2026, 3, 5)), ("QUARANTINE", date(2026, 3, 10)), ("WARN", date(2026, 3, 12))],
    )
    def test_service_levels_count_working_days(self, office: Office, severity: str, deadline: date) -> None:
        """From Wednesday 4 March; 9 March is a holiday."""
        office.gate.submission("s1", rows=[HAI_PHONG], findings=[finding(severity=severity)])
        office.desk().record()
        assert the_case(office).deadline == deadline

    def test_a_deadline_is_reminded_of_once_and_then_goes_up_step_by_step(self, found: Office) -> None:
        decide(found).assign("f1", "DS")
        for day in range(1, 40):
            found.desk(NOW + timedelta(days=day)).record()
        clock = [
            event for event in found.store.events("f1") if event.kind not in (EventKind.OPENED, EventKind.ASSIGNED)
        ]
        assert [(str(event.kind), event.at.date()) for event in clock] == [
            ("reminded", date(2026, 3, 6)),
            ("escalated", date(2026, 3, 11)),
            ("reminded", date(2026, 3, 13)),
        ]
        assert clock[1].detail == {"to": "BOSS", "deadline": "2026-03-16", "missed": "2026-03-10"}

    def test_what_is_settled_has_no_clock(self, found: Office) -> None:
        decide(found).waive("f1", "letter 12")
        assert not found.desk(NOW + timedelta(days=60)).record().escalated


class TestLog:
    def test_cases_follow_from_the_log_alone(self, found: Office) -> None:
        decide(found).acknowledge("f1")
        decide(found).waive("f1", "letter 12")
        mended(found)
        found.desk().record()
        before = found.store.cases()
        assert replayed(found.store.events()) == before
        assert found.store.rebuild() == len(before)
        assert found.store.cases() == before

    @pytest.mark.parametrize("statement", ["update event set actor = 'somebody'", "delete from event"])
    def test_the_log_cannot_be_changed(self, found: Office, statement: str) -> None:
        with pytest.raises(sqlite3.DatabaseError, match="not changed"):
            found.store.connection.execute(statement)

    def test_nothing_is_written_by_halves(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        office.gate.submission("s1", rows=[HAI_PHONG, HA_NOI], findings=[finding(), finding("f2", observed="-1")])
        real = type(office.store).append

        def fails_at_the_second(store: Any, event: Any, case: Any) -> Any:
            if event.case_id == "f2":
                raise OSError("disk full")
            return real(store, event, case)

        monkeypatch.setattr(type(office.store), "append", fails_at_the_second)
        with pytest.raises(OSError, match="disk full"):
            office.desk().record()
        assert office.store.events() == []
        assert office.store.connection.execute("select count(*) from alert").fetchone()[0] == 0
