"""The transactional outbox: alerts are written with the events that cause them, and sent afterwards by whoever comes.

*At least once*: an alert is taken under a lease, sent, and marked as sent; whoever dies in between leaves a lease that
runs out, and the next sender takes the alert again under the same idempotency key, ``alert_id`` (the mail's
Message-ID, the request's Idempotency-Key). *Not twice*: one sender at a time holds an alert, what is sent is marked
before the next is taken, and what was marked is never taken again.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from stewardship.store import Store, json_text, moment_text

#: A sender that has not said anything for so long is dead. Longer than any delivery may take (delivery/patience.py).
LEASE = timedelta(minutes=10)
#: Wait after the first failure; doubled after each, up to the longest, and shaken so that senders do not march in step.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=2)
#: After so many failures (about two days) a person has to look.
MOST_ATTEMPTS = 30
MAIL = "mail"


@dataclass(frozen=True)
class Item:
    """One thing a message is about: a case, or something owed; ``content`` is what was known when it was written."""

    case_id: str | None
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Alert:
    """A message to one recipient on one channel."""

    alert_id: str
    recipient: str
    channel: str
    topic: str
    language: str
    state: str
    due_at: str
    created_at: str
    attempts: int
    try_after: str
    last_error: str
    sent_at: str | None
    items: tuple[Item, ...] = ()


def put(
    store: Store,
    *,
    recipient: str,
    channel: str,
    topic: str,
    language: str,
    due_at: datetime,
    item: Item,
    now: datetime,
) -> str:
    """Add an item to the message that waits for this recipient, or begin a new one; call it inside a transaction.

    A message that somebody has begun to send takes no more items: its key stands for what it says.
    """
    due = moment_text(due_at)
    row = store.connection.execute(
        "select alert_id, (select coalesce(max(position), 0) from alert_item as i where i.alert_id = alert.alert_id) "
        "as items from alert where state = 'waiting' and attempts = 0 and recipient = ? and channel = ? and topic = ? "
        "order by created_at limit 1",
        (recipient, channel, topic),
    ).fetchone()
    if row is None:
        written = moment_text(now)
        number = store.connection.execute("select count(*) as n from alert").fetchone()["n"]
        alert_id = hashlib.sha256(f"{recipient}\x1f{channel}\x1f{topic}\x1f{written}\x1f{number}".encode()).hexdigest()[
            :32
        ]
        store.connection.execute(
            "insert into alert (alert_id, recipient, channel, topic, language, state, due_at, created_at, try_after) "
            "values (?, ?, ?, ?, ?, 'waiting', ?, ?, ?)",
            (alert_id, recipient, channel, topic, language, due, written, due),
        )
        position = 1
    else:
        alert_id, position = row["alert_id"], row["items"] + 1
        store.connection.execute(
            "update alert set due_at = min(due_at, ?), try_after = min(try_after, ?) where alert_id = ?",
            (due, due, alert_id),
        )
    store.connection.execute(
        "insert into alert_item (alert_id, position, case_id, content) values (?, ?, ?, ?)",
        (alert_id, position, item.case_id, json_text(item.content)),
    )
    return alert_id


def take(store: Store, channels: Sequence[str], now: datetime, by: str) -> Alert | None:
    """The next alert that is due on one of these channels, under a lease; None if there is none."""
    moment = moment_text(now)
    marks = ", ".join("?" for _ in channels)
    with store.transaction() as connection:
        row = connection.execute(
            f"select * from alert where state = 'waiting' and try_after <= ? and lease_until <= ? "
            f"and channel in ({marks}) order by due_at, created_at, alert_id limit 1",
            (moment, moment, *channels),
        ).fetchone()
        if row is None:
            return None
        connection.execute(
            "update alert set lease_until = ?, lease_by = ?, attempts = attempts + 1 where alert_id = ?",
            (moment_text(now + LEASE), by, row["alert_id"]),
        )
        return alert_of(store, row["alert_id"])


def has_due(store: Store, channels: Sequence[str], now: datetime) -> bool:
    """Whether ``take`` would find something."""
    moment = moment_text(now)
    marks = ", ".join("?" for _ in channels)
    row = store.connection.execute(
        f"select 1 from alert where state = 'waiting' and try_after <= ? and lease_until <= ? and channel in ({marks})",
        (moment, moment, *channels),
    ).fetchone()
    return row is not None


def mark_sent(store: Store, alert: Alert, now: datetime, by: str) -> None:
    """The recipient's server has taken it over."""
    with store.transaction() as connection:
        connection.execute(
            "update alert set state = 'sent', sent_at = ?, lease_until = '', last_error = '' "
            "where alert_id = ? and lease_by = ?",
            (moment_text(now), alert.alert_id, by),
        )


def mark_obsolete(store: Store, alert: Alert) -> None:
    """Everything it speaks of was settled before it could be sent."""
    with store.transaction() as connection:
        connection.execute(
            "update alert set state = 'obsolete', lease_until = '' where alert_id = ?", (alert.alert_id,)
        )


def mark_failed(store: Store, alert: Alert, now: datetime, by: str, *, error: str, for_good: bool) -> None:
    """It was not sent: wait and try again, or give it up where trying again cannot help. ``error`` holds no secret."""
    gives_up = for_good or alert.attempts >= MOST_ATTEMPTS
    with store.transaction() as connection:
        connection.execute(
            "update alert set state = ?, last_error = ?, try_after = ?, lease_until = '' "
            "where alert_id = ? and lease_by = ? and state = 'waiting'",
            (
                "dead" if gives_up else "waiting",
                error[:500],
                moment_text(now + back_off(alert.attempts)),
                alert.alert_id,
                by,
            ),
        )


def back_off(attempts: int) -> timedelta:
    """The wait before the next attempt: doubled each time, of which a random half is left out."""
    whole: timedelta = min(FIRST_WAIT * (1 << min(attempts - 1, 12)), LONGEST_WAIT)
    return whole / 2 + random.random() * whole / 2  # noqa: S311 - jitter is no secret


def retry(store: Store, alert_id: str, now: datetime) -> None:
    """Put a message that was given up back among those that wait, with all its attempts before it."""
    with store.transaction() as connection:
        connection.execute(
            "update alert set state = 'waiting', try_after = ?, attempts = 1 where alert_id = ? and state <> 'sent'",
            (moment_text(now), alert_id),
        )


def alert_of(store: Store, alert_id: str) -> Alert:
    """One alert with its items. Raises ``KeyError``."""
    row = store.connection.execute("select * from alert where alert_id = ?", (alert_id,)).fetchone()
    if row is None:
        raise KeyError(alert_id)
    return _alert(store, row)


def alerts(store: Store, *, states: Sequence[str] = (), limit: int = 1000) -> list[Alert]:
    """Alerts, newest first."""
    marks = ", ".join("?" for _ in states)
    rows = store.connection.execute(
        f"select * from alert {f'where state in ({marks})' if states else ''} order by created_at desc limit ?",
        (*states, limit),
    ).fetchall()
    return [_alert(store, row) for row in rows]


def _alert(store: Store, row: Any) -> Alert:
    from json import loads

    items = store.connection.execute(
        "select case_id, content from alert_item where alert_id = ? order by position", (row["alert_id"],)
    ).fetchall()
    names = (name for name in Alert.__dataclass_fields__ if name != "items")
    return Alert(
        **{name: row[name] for name in names},
        items=tuple(Item(item["case_id"], loads(item["content"])) for item in items),
    )
