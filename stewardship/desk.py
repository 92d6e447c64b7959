"""The desk at work: what the gates found becomes cases, clocks run, and people decide.

Every step is one transaction: the events, the cases that follow and the alerts they cause are written together or not
at all. Whatever calls it, and however often, the same judgement is recorded once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.workspace import Workspace
from stewardship import outbox
from stewardship.case import Case, CaseState, Event, EventKind, Resolution
from stewardship.clocks import Clocks
from stewardship.faults import Judgement, judgement_fingerprints, judgements
from stewardship.routing import Routing
from stewardship.store import Store, json_text
from stewardship.telling import Telling

#: What of a finding a case keeps; where it was found may change from run to run, the fault is the same.
_WHERE = ("finding_id", "submission_id", "file_name", "sheet", "cell", "observed", "expected", "severity", "route")
#: States in which a person has answered.
_ANSWERED = (CaseState.CORRECTED, CaseState.CONFIRMED, CaseState.FALSE_ALARM, CaseState.WAIVED)


@dataclass
class Recorded:
    """What a recording changed, for the report of a run."""

    opened: int = 0
    seen: int = 0
    reopened: int = 0
    resolved: int = 0
    escalated: int = 0
    reminded: int = 0

    @property
    def anything(self) -> bool:
        return bool(self.opened or self.reopened or self.resolved or self.escalated or self.reminded)


class Desk:
    """The desk of a workspace at a moment."""

    def __init__(self, store: Store, workspace: Workspace, now: datetime | None = None) -> None:
        self.store, self.workspace = store, workspace
        self.now = (now or datetime.now(UTC)).astimezone(UTC)
        self.clocks = Clocks(workspace)
        self.today = self.clocks.today(self.now)
        self.routing = Routing(workspace, self.today)
        self.recorded = Recorded()

    def record(self) -> Recorded:
        """Take in what the gates said since the last time, and let the clocks run."""
        for source in self._judged_anew():
            self._record_source(source)
        self._run_clocks()
        self.store.connection.execute("insert or ignore into attendance values (?)", (self.today.isoformat(),))
        return self.recorded

    def has_work(self, channels: Sequence[str]) -> bool:
        """Whether anything is to be recorded, reminded of, escalated, or sent on one of these channels."""
        if self._judged_anew() or any(self._clock_of(case) for case in self._unsettled()):
            return True
        if not self.store.connection.execute(
            "select 1 from attendance where day = ?", (self.today.isoformat(),)
        ).fetchone():
            return True
        return outbox.has_due(self.store, channels, self.now)

    def _judged_anew(self) -> list[str]:
        known = dict(
            self.store.connection.execute("select source_code, fingerprint from recorded_judgement").fetchall()
        )
        now = judgement_fingerprints(self.workspace.state)
        gone = [source for source, print_ in known.items() if source not in now and print_]
        return [source for source, print_ in now.items() if known.get(source) != print_] + gone

    def _record_source(self, source: str) -> None:
        # the fingerprint is taken first: a gate that judges again meanwhile is recorded again, and not missed
        fingerprint = judgement_fingerprints(self.workspace.state).get(source, "")
        judgement = judgements(self.workspace.state, [source])[source]
        with self.store.transaction() as connection:
            known = connection.execute(
                "select fingerprint from recorded_judgement where source_code = ?", (source,)
            ).fetchone()
            if known is not None and known["fingerprint"] == fingerprint:
                return
            cases = self.store.cases("source_code = ?", (source,))
            telling = Telling(self.store, self.workspace, self.now)
            for fault, finding in judgement.standing.items():
                self._stands(cases.get(fault), finding, telling)
            for fault, case in cases.items():
                if fault not in judgement.standing:
                    self._is_gone(case, judgement)
            connection.execute("insert or replace into recorded_judgement values (?, ?)", (source, fingerprint))

    def _stands(self, case: Case | None, finding: Mapping[str, Any], telling: Telling) -> None:
        if case is None:
            opened = self._append(None, finding["fault_id"], EventKind.OPENED, self._fresh(finding))
            self.recorded.opened += 1
            telling.of_case(opened, why="opened")
            return
        why = self._reason_to_reopen(case, finding)
        if why:
            reopened = self._append(case, case.case_id, EventKind.REOPENED, self._fresh(finding) | {"why": why})
            self.recorded.reopened += 1
            telling.of_case(reopened, why="reopened")
            return
        changed = any(case.fault.get(name) != finding[name] for name in _WHERE)
        self._append(case, case.case_id, EventKind.SEEN, {"fault": _kept(finding)} if changed else {})
        self.recorded.seen += 1

    def _reason_to_reopen(self, case: Case, finding: Mapping[str, Any]) -> str:
        """Why a fault that was answered needs an answer again; empty if it does not."""
        if case.state is CaseState.CLOSED:
            return "" if finding["observed"] in case.waivers(self.today) else "returned"
        if case.state not in _ANSWERED:
            return ""
        if case.state is CaseState.CORRECTED:
            handed_in = finding["submission_id"] != case.fault["submission_id"]
            return "returned" if handed_in or self.today > case.deadline else ""
        if finding["observed"] != case.observed:
            return "other_value"
        in_force = finding["observed"] in case.waivers(self.today)
        return "" if in_force else "waiver_ended"

    def _is_gone(self, case: Case, judgement: Judgement) -> None:
        """The fault does not stand: mended, or let pass by the gate because a steward said so."""
        if case.state is CaseState.CLOSED or (case.state is CaseState.WAIVED and case.waivers(self.today)):
            return
        by = judgement.covered.get(case.case_id)
        how = Resolution.RESUBMISSION if by else Resolution.NO_LONGER_FOUND
        self._append(case, case.case_id, EventKind.RESOLVED, {"how": str(how)} | ({"submission_id": by} if by else {}))
        self.recorded.resolved += 1

    def _run_clocks(self) -> None:
        """Remind before a deadline, and tell the superior after it."""
        for case_id in [case.case_id for case in self._unsettled() if self._clock_of(case)]:
            with self.store.transaction():
                case = self.store.cases("case_id = ?", (case_id,))[case_id]  # as it stands now that nobody else writes
                step = self._clock_of(case)
                telling = Telling(self.store, self.workspace, self.now)
                if step is EventKind.ESCALATED:
                    self._escalate(case, telling)
                elif step is EventKind.REMINDED:
                    telling.of_reminder(self._append(case, case_id, EventKind.REMINDED, {"deadline": case.deadline}))
                    self.recorded.reminded += 1

    def _unsettled(self) -> list[Case]:
        return list(self.store.cases("state in ('open', 'assigned')").values())

    def _clock_of(self, case: Case) -> EventKind | None:
        if not case.is_unsettled:
            return None
        if case.is_overdue(self.today):
            return EventKind.ESCALATED if case.escalations == 0 or self._above(case) else None
        day = self.clocks.reminder_day(case.deadline)
        due = day is not None and self.today >= day and self.today > self.clocks.today(case.last_event_at or self.now)
        return EventKind.REMINDED if due and case.reminded_for != case.deadline else None

    def _escalate(self, case: Case, telling: Telling) -> None:
        above = self._above(case)
        deadline = self.clocks.deadline(case.severity, self.now)
        detail = {"to": above, "deadline": deadline.isoformat(), "missed": case.deadline.isoformat()}
        escalated = self._append(case, case.case_id, EventKind.ESCALATED, detail)
        self.recorded.escalated += 1
        telling.of_escalation(escalated, above, steward=case.steward)

    def _above(self, case: Case) -> str:
        """One level further up with each deadline that passes."""
        code = case.steward
        for _ in range(case.escalations + 1):
            above = self.routing.superior(code)
            if not above:
                return ""
            code = above
        return code

    def _fresh(self, finding: Mapping[str, Any]) -> dict[str, Any]:
        route = self.routing.route(finding)
        return {
            "fault": _kept(finding),
            "steward": route.steward,
            "role": route.role,
            "informed": list(route.informed),
            "deadline": self.clocks.deadline(finding["severity"], self.now).isoformat(),
        }

    def _append(
        self, case: Case | None, case_id: str, kind: EventKind, detail: Mapping[str, Any], actor: str = ""
    ) -> Case:
        plain = json.loads(json_text(detail))
        # moments differ, so that the order of events is that of their moments too
        self.now += timedelta(microseconds=1)
        return self.store.append(Event(case_id, kind, self.now, actor, plain), case)[1]

    def append(self, case: Case, kind: EventKind, detail: Mapping[str, Any], actor: str) -> Case:
        """Add what a person decided to the log; call it inside a transaction of the store."""
        return self._append(case, case.case_id, kind, detail, actor)

    def waivers(self, source: str | None = None) -> list[dict[str, Any]]:
        """What the gate is to let pass today: rows of WAIVER."""
        where, values = ("source_code = ?", (source,)) if source is not None else ("1 = 1", ())
        return [
            {"fault_id": case.case_id, "observed": observed, "disposition": disposition}
            for case in sorted(self.store.cases(where, values).values(), key=lambda case: case.case_id)
            for observed, disposition in case.waivers(self.today).items()
        ]


def counted(events: Sequence[Event]) -> Recorded:
    """The same counts from a stretch of the log."""
    found = Recorded()
    for event in events:
        if event.actor == "":
            setattr(found, event.kind.value, getattr(found, event.kind.value) + 1)
    return found


def _kept(finding: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in finding.items() if name != "fault_id"}


def open_cases(cases: Sequence[Case]) -> list[Case]:
    """Those that somebody still has to settle, the most pressing first."""
    return sorted((case for case in cases if case.is_unsettled), key=lambda case: (case.deadline, case.case_id))
