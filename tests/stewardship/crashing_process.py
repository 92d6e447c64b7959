"""A process that records, sends, and is killed at a named step: ``python crashing_process.py WORKSPACE STEP``.

The product has no hooks for this: the steps are those of its own modules, wrapped here. SIGKILL runs nothing more,
neither ``finally`` nor the closing of files.
"""

from __future__ import annotations

import os
import signal
import smtplib
import sys
from collections.abc import Callable
from typing import Any

import stewardship.delivery.sender as sender
import stewardship.desk as desk
import stewardship.telling as telling
from ingest.workspace import load_workspace
from stewardship import outbox
from stewardship.delivery.sender import send_due
from stewardship.store import Store


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def before(owner: Any, name: str, count: int = 1) -> None:
    _wrap(owner, name, count, lambda call: (die(), call())[1])


def after(owner: Any, name: str, count: int = 1) -> None:
    _wrap(owner, name, count, lambda call: (call(), die())[0])


def _wrap(owner: Any, name: str, count: int, around: Callable[[Callable[[], Any]], Any]) -> None:
    real, left = getattr(owner, name), [count]

    def wrapped(*arguments: Any, **options: Any) -> Any:
        left[0] -= 1
        call = lambda: real(*arguments, **options)  # noqa: E731
        return around(call) if left[0] == 0 else call()

    setattr(owner, name, wrapped)


#: Every step between a finding and its alert, in order.
STEPS: dict[str, Callable[[], None]] = {
    "before_anything_is_read": lambda: before(desk, "judgements"),
    "findings_read": lambda: after(desk, "judgements"),
    "first_event_written": lambda: after(Store, "append"),
    "first_alert_written": lambda: after(telling, "put"),
    "second_event_written": lambda: after(Store, "append", 2),
    "before_the_commit": lambda: before(desk.Desk, "_run_clocks"),
    "committed": lambda: after(desk.Desk, "record"),
    "before_it_is_taken": lambda: before(outbox, "take"),
    "taken": lambda: after(outbox, "take"),
    "content_made": lambda: after(sender, "content_of"),
    "before_the_connection": lambda: before(smtplib.SMTP, "connect"),
    "connected": lambda: after(smtplib.SMTP, "connect"),
    "sender_named": lambda: after(smtplib.SMTP, "mail"),
    "recipient_named": lambda: after(smtplib.SMTP, "rcpt"),
    "before_the_text": lambda: before(smtplib.SMTP, "data"),
    "taken_over_by_the_server": lambda: after(smtplib.SMTP, "data"),
    "before_it_is_marked": lambda: before(outbox, "mark_sent"),
    "marked": lambda: after(outbox, "mark_sent"),
    "second_taken": lambda: after(outbox, "take", 2),
    "nowhere": lambda: None,
}
#: Between the server's acceptance and our note of it: the only steps after which a mail may go out twice.
IN_DOUBT = ("taken_over_by_the_server", "before_it_is_marked")


def main(folder: str, step: str) -> None:
    STEPS[step]()
    workspace = load_workspace(folder)
    with Store(workspace.state.stewardship) as store:
        desk.Desk(store, workspace).record()
        send_due(store, workspace)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
