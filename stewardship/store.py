"""The desk's memory: one SQLite file with an append-only log of events, what follows from it, and the outbox.

SQLite, because an event and the alerts it causes must be written in one transaction or not at all, by whichever
process comes first: a run, the scheduler, a person at the command line (docs/decisions/0011). The log cannot be
changed: triggers refuse it. ``finding_case`` is what follows from the log and can be made from it again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from stewardship.case import Case, CaseState, Event, EventKind, after, replayed

DATABASE = "desk.sqlite"
#: How long a writer waits for another one.
PATIENCE_SECONDS = 60
_SCHEMA = (Path(__file__).parent / "schema.sql").read_text(encoding="utf-8")
_MOMENTS = {"opened_at", "first_seen_at", "last_seen_at", "acknowledged_at", "resolved_at", "last_event_at"}
_DAYS = {"deadline", "reminded_for", "waived_until"}
_LISTS = {"informed", "waived_by", "confirmed_values"}


class Store:
    """The desk of one workspace. Open it for a piece of work and close it (or use it as a context manager)."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / DATABASE
        self.connection = sqlite3.connect(self.path, timeout=PATIENCE_SECONDS, isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        self.connection.execute("pragma journal_mode = wal")
        self.connection.execute("pragma synchronous = full")
        self.connection.execute("pragma foreign_keys = on")
        self.connection.executescript(_SCHEMA)

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, and nobody else writes meanwhile; a crash inside leaves no trace."""
        self.connection.execute("begin immediate")
        try:
            yield self.connection
        except BaseException:
            self.connection.execute("rollback")
            raise
        self.connection.execute("commit")

    def append(self, event: Event, case: Case | None) -> tuple[Event, Case]:
        """Add an event and what follows from it; call it inside a transaction. ``case`` is the state before."""
        now = after(case, event)
        cursor = self.connection.execute(
            "insert into event (case_id, kind, at, actor, detail) values (?, ?, ?, ?, ?)",
            (event.case_id, str(event.kind), moment_text(event.at), event.actor, json_text(event.detail)),
        )
        self._keep(now)
        return Event(event.case_id, event.kind, event.at, event.actor, event.detail, cursor.lastrowid or 0), now

    def _keep(self, case: Case) -> None:
        self.connection.execute(
            "insert or replace into finding_case (case_id, state, source_code, severity, steward, content) "
            "values (?, ?, ?, ?, ?, ?)",
            (
                case.case_id,
                str(case.state),
                case.fault["source_code"] or "",
                case.severity,
                case.steward,
                json_text(asdict(case)),
            ),
        )

    def cases(self, where: str = "1 = 1", parameters: Iterable[Any] = ()) -> dict[str, Case]:
        """Cases as they stand; ``where`` is over case_id, state, source_code, severity and steward."""
        rows = self.connection.execute(
            f"select content from finding_case where {where} order by rowid", tuple(parameters)
        ).fetchall()
        return {case.case_id: case for case in (case_of(json.loads(row["content"])) for row in rows)}

    def events(self, case_id: str | None = None) -> list[Event]:
        """The log, oldest first; of one case or of all."""
        rows = self.connection.execute(
            "select * from event where ? is null or case_id = ? order by seq", (case_id, case_id)
        ).fetchall()
        return [_event_of(row) for row in rows]

    def events_since(self, moment: datetime) -> list[Event]:
        """Events from a moment on, oldest first."""
        rows = self.connection.execute(
            "select * from event where at >= ? order by seq", (moment_text(moment),)
        ).fetchall()
        return [_event_of(row) for row in rows]

    def rebuild(self) -> int:
        """Make ``finding_case`` from the log; returns the number of cases."""
        cases = replayed(self.events())
        with self.transaction() as connection:
            connection.execute("delete from finding_case")
            for case in cases.values():
                self._keep(case)
        return len(cases)

    def last_decision(self) -> int:
        """Number of the last event or sign-off that a person made; what follows from machines does not count."""
        row = self.connection.execute(
            "select (select coalesce(max(seq), 0) from event where actor <> '') + "
            "(select count(*) from signoff_event) as decisions"
        ).fetchone()
        return int(row["decisions"])


def _event_of(row: sqlite3.Row) -> Event:
    return Event(
        row["case_id"],
        EventKind(row["kind"]),
        datetime.fromisoformat(row["at"]),
        row["actor"],
        json.loads(row["detail"]),
        row["seq"],
    )


def case_of(content: Mapping[str, Any]) -> Case:
    """A case from its JSON."""
    values = dict(content)
    for field in fields(Case):
        value = values.get(field.name)
        if value is not None and field.name in _MOMENTS:
            values[field.name] = datetime.fromisoformat(value)
        elif value is not None and field.name in _DAYS:
            values[field.name] = date.fromisoformat(value)
        elif field.name in _LISTS:
            values[field.name] = tuple(value or ())
    values["state"] = CaseState(values["state"])
    return Case(**values)


def moment_text(moment: datetime) -> str:
    """A moment as it is kept: UTC, sortable as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def json_text(content: Any) -> str:
    """JSON as it is kept: dates and moments as text, keys in order."""
    return json.dumps(content, ensure_ascii=False, default=_as_text, separators=(",", ":"))


def _as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
