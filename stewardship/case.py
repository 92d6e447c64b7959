"""A case: one fault, however often it is seen. What happened to it is a list of events; its state follows from them.

``OPEN → ASSIGNED → (CORRECTED | CONFIRMED | WAIVED | FALSE_ALARM) → CLOSED``, and open again when the same fault
returns (domain.md 6.8). Pure: no clock, no disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class EventKind(StrEnum):
    """What can happen to a case."""

    OPENED = "opened"
    SEEN = "seen"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    EXPLAINED = "explained"
    WAIVED = "waived"
    ESCALATED = "escalated"
    REMINDED = "reminded"
    RESOLVED = "resolved"
    REOPENED = "reopened"


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    ASSIGNED = "assigned"
    CORRECTED = "corrected"
    CONFIRMED = "confirmed"
    WAIVED = "waived"
    FALSE_ALARM = "false_alarm"
    CLOSED = "closed"


class Resolution(StrEnum):
    """How a case came to its end."""

    RESUBMISSION = "resubmission"  # a later submission covers it, and the fault is not there
    NO_LONGER_FOUND = "no_longer_found"  # registry, rules, corrections or another file changed
    CORRECTED = "corrected"  # a person says so; proved when the fault is gone
    CONFIRMED = "confirmed"  # the value is right
    FALSE_ALARM = "false_alarm"  # the rule is wrong here


#: Somebody still has to do something.
UNSETTLED = (CaseState.OPEN, CaseState.ASSIGNED)
#: What a person can say of a case.
BY_PERSONS = (Resolution.CORRECTED, Resolution.CONFIRMED, Resolution.FALSE_ALARM)
#: Two persons must waive what refuses a whole submission (domain.md 6.2: pipeline owner and steward).
WAIVERS_NEEDED = {"BLOCK": 2}


@dataclass(frozen=True)
class Event:
    """Something that happened to a case, once and for all. ``actor`` is empty where the product did it."""

    case_id: str
    kind: EventKind
    at: datetime
    actor: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    seq: int = 0


@dataclass(frozen=True)
class Case:
    """The state of a fault after its events. ``fault`` is the finding that shows it: columns of FINDING as JSON."""

    case_id: str
    state: CaseState
    fault: Mapping[str, Any]
    steward: str
    role: str
    informed: tuple[str, ...]
    deadline: date
    opened_at: datetime
    first_seen_at: datetime
    last_seen_at: datetime
    seen_count: int = 1
    reopened_count: int = 0
    escalations: int = 0
    reminded_for: date | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    explanation: str = ""
    explained_by: str = ""
    waived_until: date | None = None
    waived_by: tuple[str, ...] = ()
    confirmed_values: tuple[str | None, ...] = ()
    resolution: str = ""
    resolution_reason: str = ""
    resolved_at: datetime | None = None
    resolved_by: str = ""
    last_event_at: datetime | None = None

    @property
    def severity(self) -> str:
        return str(self.fault["severity"])

    @property
    def observed(self) -> str | None:
        """The value the rule saw."""
        value: str | None = self.fault["observed"]
        return value

    @property
    def is_unsettled(self) -> bool:
        return self.state in UNSETTLED

    @property
    def is_restricted(self) -> bool:
        """Whether it is an integrity signal: for the office, never for the submitting unit (domain.md 6.8)."""
        return "AU" in str(self.fault["route"]).split(",")

    def waivers(self, today: date) -> dict[str | None, str]:
        """The values that the gate lets pass today, each with its disposition: confirmed or waived."""
        found: dict[str | None, str] = {}
        if self.state is CaseState.WAIVED and self.waived_until is not None and today <= self.waived_until:
            found[self.observed] = "waived"
        return found | dict.fromkeys(self.confirmed_values, "confirmed")

    def is_overdue(self, today: date) -> bool:
        return self.is_unsettled and today > self.deadline


class WrongEventError(ValueError):
    """An event that cannot happen to the case as it stands."""


def after(case: Case | None, event: Event) -> Case:
    """The case after the event. Raises ``WrongEventError`` where the event does not fit."""
    if case is None:
        if event.kind is not EventKind.OPENED:
            raise WrongEventError(f"{event.case_id} is not open: nothing can be {event.kind}")
        return _opened(event)
    if event.kind is EventKind.OPENED:
        raise WrongEventError(f"{event.case_id} is open already")
    return replace(_CHANGES[event.kind](case, event), last_event_at=event.at)


def replayed(events: Iterable[Event]) -> dict[str, Case]:
    """Every case from the log alone."""
    cases: dict[str, Case] = {}
    for event in events:
        cases[event.case_id] = after(cases.get(event.case_id), event)
    return cases


def _opened(event: Event) -> Case:
    detail = event.detail
    return Case(
        case_id=event.case_id,
        state=CaseState.OPEN,
        fault=detail["fault"],
        steward=detail["steward"],
        role=detail["role"],
        informed=tuple(detail["informed"]),
        deadline=date.fromisoformat(detail["deadline"]),
        opened_at=event.at,
        first_seen_at=event.at,
        last_seen_at=event.at,
        last_event_at=event.at,
    )


def _seen(case: Case, event: Event) -> Case:
    return replace(
        case, fault=event.detail.get("fault", case.fault), last_seen_at=event.at, seen_count=case.seen_count + 1
    )


def _reopened(case: Case, event: Event) -> Case:
    fresh = _opened(event)
    return replace(
        fresh,
        opened_at=case.opened_at,
        first_seen_at=case.first_seen_at,
        seen_count=case.seen_count + 1,
        reopened_count=case.reopened_count + 1,
        explanation=case.explanation,
        explained_by=case.explained_by,
        confirmed_values=case.confirmed_values,
    )


def _acknowledged(case: Case, event: Event) -> Case:
    return replace(
        case, acknowledged_at=case.acknowledged_at or event.at, acknowledged_by=case.acknowledged_by or event.actor
    )


def _assigned(case: Case, event: Event) -> Case:
    return replace(case, state=CaseState.ASSIGNED, steward=event.detail["steward"])


def _explained(case: Case, event: Event) -> Case:
    return replace(case, explanation=event.detail["reason"], explained_by=event.actor)


def _waived(case: Case, event: Event) -> Case:
    by = (*case.waived_by, *([event.actor] if event.actor not in case.waived_by else []))
    enough = len(by) >= WAIVERS_NEEDED.get(case.severity, 1)
    return replace(
        case,
        state=CaseState.WAIVED if enough else case.state,
        waived_by=by,
        waived_until=date.fromisoformat(event.detail["until"]),
        resolution_reason=event.detail["reason"],
    )


def _escalated(case: Case, event: Event) -> Case:
    return replace(
        case, escalations=case.escalations + 1, deadline=date.fromisoformat(event.detail["deadline"]), reminded_for=None
    )


def _reminded(case: Case, _event: Event) -> Case:
    return replace(case, reminded_for=case.deadline)


def _resolved(case: Case, event: Event) -> Case:
    how = Resolution(event.detail["how"])
    if how in BY_PERSONS:
        return replace(
            case,
            state=CaseState(how.value),
            resolution=how,
            resolution_reason=event.detail.get("reason", ""),
            resolved_at=event.at,
            resolved_by=event.actor,
            confirmed_values=case.confirmed_values
            if how is Resolution.CORRECTED or case.observed in case.confirmed_values
            else (*case.confirmed_values, case.observed),
            deadline=date.fromisoformat(event.detail["deadline"]),
        )
    # what a person said of it stays: the gate goes by it, and the log says who said it
    kept = case.resolution in (Resolution.CONFIRMED, Resolution.FALSE_ALARM)
    return replace(
        case,
        state=CaseState.CLOSED,
        resolution=case.resolution if kept else how,
        resolved_at=case.resolved_at if kept else event.at,
    )


_CHANGES = {
    EventKind.SEEN: _seen,
    EventKind.ACKNOWLEDGED: _acknowledged,
    EventKind.ASSIGNED: _assigned,
    EventKind.EXPLAINED: _explained,
    EventKind.WAIVED: _waived,
    EventKind.ESCALATED: _escalated,
    EventKind.REMINDED: _reminded,
    EventKind.RESOLVED: _resolved,
    EventKind.REOPENED: _reopened,
}
