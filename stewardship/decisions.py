"""What people decide at the desk: acknowledge, assign, explain, waive, resolve. Who and why is kept for good."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from stewardship.case import WAIVERS_NEEDED, Case, CaseState, EventKind, Resolution
from stewardship.desk import Desk
from stewardship.faults import can_go_on
from stewardship.telling import Telling


class DecisionError(ValueError):
    """The decision cannot be taken; ``phrase`` names the sentence that says why, ``values`` fill it."""

    def __init__(self, phrase: str, **values: str) -> None:
        super().__init__(f"{phrase}: {values}")
        self.phrase, self.values = phrase, values


class Decisions:
    """Decisions of one actor (a steward's code or a role). ``never_waived`` are rules that the gate never lets pass."""

    def __init__(self, desk: Desk, actor: str, *, never_waived: Collection[str] = ()) -> None:
        self.desk, self.actor, self.never_waived = desk, actor, never_waived

    def acknowledge(self, case_id: str) -> Case:
        """Seen; somebody is at it."""
        return self._decide(case_id, EventKind.ACKNOWLEDGED, lambda _: {})

    def assign(self, case_id: str, steward: str) -> Case:
        """Give it to another steward, who is told."""
        if steward not in self.desk.routing.stewards:
            known = ", ".join(sorted(self.desk.routing.stewards)) or "–"
            raise DecisionError("decision_no_steward", steward=steward, known=known)
        return self._decide(case_id, EventKind.ASSIGNED, lambda _: {"steward": steward}, tell="assigned")

    def explain(self, case_id: str, reason: str) -> Case:
        """Say why the figure is as it is, without deciding anything."""
        return self._decide(case_id, EventKind.EXPLAINED, lambda _: {"reason": reason})

    def waive(self, case_id: str, reason: str, until: date | None = None) -> Case:
        """Let it pass until a day, for the same value; what refuses a submission takes two people (domain.md 6.2)."""
        today = self.desk.today
        if until is not None and until < today:
            raise DecisionError("decision_until_past", until=until.isoformat())

        def detail(case: Case) -> dict[str, Any]:
            self._must_be_waivable(case)
            last = until or self.desk.clocks.waiver_end(case.fault["period_code"], today)
            return {"reason": reason, "until": last.isoformat()}

        return self._decide(case_id, EventKind.WAIVED, detail)

    def resolve(self, case_id: str, how: Resolution, reason: str) -> Case:
        """Close it: the figure was corrected, is right, or the rule is wrong here."""

        def detail(case: Case) -> dict[str, Any]:
            if how is not Resolution.CORRECTED:
                if case.severity in WAIVERS_NEEDED:
                    raise DecisionError("decision_needs_two", case=case.case_id)
                self._must_be_waivable(case)
            deadline = self.desk.clocks.deadline(case.severity, self.desk.now)
            return {"how": str(how), "reason": reason, "deadline": deadline.isoformat()}

        return self._decide(case_id, EventKind.RESOLVED, detail)

    def _must_be_waivable(self, case: Case) -> None:
        fault = dict(case.fault)
        if fault["gate"] != "intake" or fault["rule_id"] in self.never_waived:
            raise DecisionError("decision_never_waived", case=case.case_id, rule=fault["rule_id"])
        if case.severity == "QUARANTINE" and not can_go_on(self.desk.workspace.state, fault):
            raise DecisionError("decision_nothing_to_let_through", case=case.case_id, rule=fault["rule_id"])

    def _decide(self, case_id: str, kind: EventKind, detail: Callable[[Case], dict[str, Any]], tell: str = "") -> Case:
        store = self.desk.store
        with store.transaction():
            found = store.cases("case_id = ?", (case_id,))
            if case_id not in found:
                raise DecisionError("decision_no_case", case=case_id)
            case = found[case_id]
            if case.state is CaseState.CLOSED and kind is not EventKind.EXPLAINED:
                raise DecisionError("decision_closed", case=case_id)
            after = self.desk.append(case, kind, detail(case), self.actor)
            if tell:
                Telling(store, self.desk.workspace, self.desk.now).of_case(after, why=tell)
        return after
