"""Who is told of what, on which channel, and when: from an event to the alerts that go into the outbox with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from ingest.contract import Severity
from ingest.workspace import Workspace
from ingest.workspace.stewards import AlertChannel
from stewardship.case import Case
from stewardship.clocks import Clocks
from stewardship.outbox import MAIL, Item, put
from stewardship.store import Store

#: From the gravest on.
GRAVITY = (Severity.BLOCK, Severity.QUARANTINE, Severity.WARN, Severity.INFO)
#: What a message is about.
FINDINGS, DIGEST, ESCALATION, REMINDER, DUE, TEST = "findings", "digest", "escalation", "reminder", "due", "test"


class Telling:
    """Puts messages into the outbox; call it inside the transaction of the event they tell of."""

    def __init__(self, store: Store, workspace: Workspace, now: datetime) -> None:
        self.store, self.workspace, self.now = store, workspace, now
        self.clocks = Clocks(workspace)
        self.stewards = {steward.code: steward for steward in workspace.settings.stewards}
        self.channels = {channel.name: channel for channel in workspace.settings.alerts}

    def of_case(self, case: Case, *, why: str) -> None:
        """Tell the steward and those informed of a case that was opened or came back."""
        at_once = case.severity in self.workspace.settings.stewardship.at_once
        item = Item(case.case_id, {"why": why})
        topic = FINDINGS if at_once else DIGEST
        self._to_stewards((case.steward, *case.informed), topic, item, case.severity, at_once=at_once)
        if not case.is_restricted:
            self._to_channels((case.steward, *case.informed), topic, item, case.severity, at_once=at_once)

    def of_escalation(self, case: Case, to: str, *, steward: str) -> None:
        """Tell a superior that a steward has not settled a case in time."""
        item = Item(case.case_id, {"why": "escalated", "steward": steward})
        self._to_stewards((to,), ESCALATION, item, case.severity, at_once=True)

    def of_reminder(self, case: Case) -> None:
        """Remind the steward of a deadline that is near."""
        self._to_stewards(
            (case.steward,), REMINDER, Item(case.case_id, {"why": "reminded"}), case.severity, at_once=True
        )

    def of_submission(self, to: str, content: Mapping[str, Any]) -> None:
        """Remind somebody of what is owed."""
        self._to_stewards((to,), DUE, Item(None, content), str(Severity.WARN), at_once=True)

    def of_test(self, recipient: str, channel: str, language: str) -> str:
        """A message that only says that the channel works."""
        return self._put(recipient, channel, TEST, language, Item(None, {}), self.now)

    def _to_stewards(self, codes: tuple[str, ...], topic: str, item: Item, severity: str, *, at_once: bool) -> None:
        due = self.clocks.send_time(self.now, severity, at_once=at_once)
        for code in dict.fromkeys(codes):
            steward = self.stewards.get(code)
            if steward is None:
                continue
            if steward.email:
                self._put(code, MAIL, topic, steward.language, item, due)
            for channel in steward.channels:
                self._put(code, channel, topic, steward.language, item, due)

    def _to_channels(self, codes: tuple[str, ...], topic: str, item: Item, severity: str, *, at_once: bool) -> None:
        due = self.clocks.send_time(self.now, severity, at_once=at_once)
        for channel in self._copied(codes, severity):
            self._put("", channel.name, topic, channel.language, item, due)

    def _copied(self, codes: tuple[str, ...], severity: str) -> Iterator[AlertChannel]:
        """Channels that get a copy: those of nobody in particular, or of one of these stewards."""
        own = {name for steward in self.stewards.values() for name in steward.channels}
        for channel in self.channels.values():
            grave = GRAVITY.index(Severity(severity)) <= GRAVITY.index(Severity(channel.severity))
            if grave and channel.name not in own and (not channel.stewards or set(channel.stewards) & set(codes)):
                yield channel

    def _put(self, recipient: str, channel: str, topic: str, language: str, item: Item, due: datetime) -> str:
        return put(
            self.store,
            recipient=recipient,
            channel=channel,
            topic=topic,
            language=language,
            due_at=due,
            item=item,
            now=self.now,
        )
