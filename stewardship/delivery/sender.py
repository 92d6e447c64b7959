"""The sender: takes what is due from the outbox, one message at a time, and sees it delivered or waits.

What is guaranteed: every alert is handed over at least once, under one key. Between the server's acceptance and our
note of it a crash can make it go out again; the repeat has the same Message-ID or Idempotency-Key, by which a mail
system or a receiver drops it. No protocol of mail or webhooks allows more (README).
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from ingest.workspace import Workspace
from ingest.workspace.stewards import AlertChannel
from stewardship import outbox
from stewardship.case import Case
from stewardship.delivery.channels import is_set, send_by_apprise
from stewardship.delivery.mail import MailServer, mail_server, send_mail
from stewardship.delivery.message import Attachment, DeliveryError, Message
from stewardship.delivery.redaction import variable
from stewardship.messages.content import Content, content_of
from stewardship.messages.html import html_text
from stewardship.messages.plain import plain_text
from stewardship.outbox import MAIL, Alert
from stewardship.store import Store

#: Makes the annotated workbook of a submission from its findings (rows of FINDING); None where there is no workbook.
Annotate = Callable[[str, str, list[dict[str, Any]]], Attachment | None]
#: Lines in a message to a channel; chat services cut long ones off.
LINES_ON_A_CHANNEL = 15
MEGABYTE = 1024 * 1024


@dataclass
class Sent:
    """What a round of sending came to."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0
    obsolete: int = 0


def usable_channels(workspace: Workspace) -> list[str]:
    """Channels whose address the environment holds; what waits for another one goes on waiting."""
    names = [channel.name for channel in workspace.settings.alerts if is_set(channel)]
    return [*([MAIL] if variable(workspace.settings.mail.host_from) else []), *names]


def send_due(
    store: Store,
    workspace: Workspace,
    *,
    annotate: Annotate | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    most: int = 1000,
) -> Sent:
    """Send every alert that is due; a message that fails waits, and the next one is tried."""
    by = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
    channels = usable_channels(workspace)
    sent = Sent()
    for _ in range(most if channels else 0):
        alert = outbox.take(store, channels, now(), by)
        if alert is None:
            break
        content = content_of(alert, _cases_of(store, alert), workspace)
        if content is None:
            outbox.mark_obsolete(store, alert)
            sent.obsolete += 1
            continue
        try:
            _deliver(alert, content, _cases_of(store, alert), workspace, annotate, now())
        except DeliveryError as error:
            outbox.mark_failed(store, alert, now(), by, error=str(error), for_good=error.for_good)
            sent.failed += 1
            sent.given_up += error.for_good
        except Exception as error:  # noqa: BLE001 - one message that cannot be made must not keep the others
            outbox.mark_failed(store, alert, now(), by, error=type(error).__name__, for_good=False)
            sent.failed += 1
        else:
            outbox.mark_sent(store, alert, now(), by)
            sent.sent += 1
    return sent


def _cases_of(store: Store, alert: Alert) -> dict[str, Case]:
    found: dict[str, Case] = {}
    ids = [item.case_id for item in alert.items if item.case_id]
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        found |= store.cases(f"case_id in ({', '.join('?' for _ in some)})", some)
    return found


def _deliver(
    alert: Alert,
    content: Content,
    cases: dict[str, Case],
    workspace: Workspace,
    annotate: Annotate | None,
    now: datetime,
) -> None:
    channel = next((one for one in workspace.settings.alerts if one.name == alert.channel), None)
    if alert.channel == MAIL or (channel is not None and channel.kind == "email"):
        server = mail_server(workspace.settings.mail)
        if server is None:
            raise DeliveryError(f"{workspace.settings.mail.host_from} is not set")
        _mail(alert, content, cases, workspace, annotate, now, server, _mailbox(alert, channel, workspace))
    elif channel is not None:
        text = plain_text(content, most_lines=LINES_ON_A_CHANNEL)
        send_by_apprise(channel, Message(alert.alert_id, content.subject, text, html_text(content)))
    else:
        raise DeliveryError(f"the channel {alert.channel} is no longer in workspace.yml", for_good=True)


def _mailbox(alert: Alert, channel: AlertChannel | None, workspace: Workspace) -> str:
    if channel is not None:
        return variable(channel.address_from)
    steward = next((one for one in workspace.settings.stewards if one.code == alert.recipient), None)
    if steward is None or steward.email is None:
        raise DeliveryError(f"{alert.recipient} has no mailbox in workspace.yml", for_good=True)
    return steward.email


def _mail(
    alert: Alert,
    content: Content,
    cases: dict[str, Case],
    workspace: Workspace,
    annotate: Annotate | None,
    now: datetime,
    server: MailServer,
    to: str,
) -> None:
    attachments, remarks = _attachments(content, cases, workspace, annotate)
    whole = replace(content, attachments=len(attachments), remarks=tuple(remarks))
    message = Message(alert.alert_id, whole.subject, plain_text(whole), html_text(whole), tuple(attachments))
    send_mail(server, message, to, now)


def _attachments(
    content: Content, cases: dict[str, Case], workspace: Workspace, annotate: Annotate | None
) -> tuple[list[Attachment], list[str]]:
    """The annotated workbook of each file, as long as they fit; and what is to be said of those that do not."""
    limit = workspace.settings.stewardship.attachments
    room, attached, remarks = limit * MEGABYTE, [], []
    for section in content.sections:
        if annotate is None or section.submission_id is None or not limit:
            continue
        shown = {line.case_id for line in section.lines}
        findings = [dict(case.fault) for case in cases.values() if case.case_id in shown]
        try:
            attachment = annotate(section.submission_id, content.language, findings)
        except Exception:  # noqa: BLE001 - a workbook that cannot be marked must not keep the message
            remarks.append(content.phrase("not_attached", name=section.title, reason=content.phrase("not_readable")))
            continue
        if attachment is None:
            continue
        if len(attachment.content) > room:
            reason = content.phrase("too_large", limit=limit)
            remarks.append(content.phrase("not_attached", name=attachment.name, reason=reason))
            continue
        room -= len(attachment.content)
        attached.append(attachment)
    return attached, remarks
