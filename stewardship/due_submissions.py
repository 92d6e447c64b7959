"""What is owed around today, and by whom: reminders before and after the day a submission is due (SUB-02).

The warehouse says who was late (``marts.mart_submission``), and knows no clock; this looks ahead from today.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa

from ingest.time.period import Period
from ingest.workspace import Workspace
from ingest.workspace.obligations import due_date
from stewardship.clocks import Clocks
from stewardship.routing import Routing
from stewardship.store import Store, moment_text
from stewardship.telling import Telling

#: A reminder that nobody gave in so many days is not given any more: the next one is nearer.
STALE = timedelta(days=7)


@dataclass(frozen=True)
class Owed:
    """A submission that an organisation owes for a period."""

    source_code: str
    organisation_code: str
    period: Period
    due: date


@dataclass(frozen=True)
class Step:
    """A reminder: its day, whether the submission is late by then, and whether the superior is told too."""

    day: date
    is_late: bool
    is_last: bool


def remind_of_submissions(store: Store, workspace: Workspace, now: datetime) -> int:
    """Put the reminders that are due today into the outbox; returns how many submissions were reminded of."""
    clocks = Clocks(workspace)
    today = clocks.today(now)
    routing = Routing(workspace, today)
    owed = [one for one in _owed_around(workspace, clocks, today) if _step(workspace, clocks, one.due, today)]
    missing = [one for one in owed if one not in _received(workspace, owed)]
    given = 0
    for one in missing:
        step = _step(workspace, clocks, one.due, today)
        if step is None:
            continue
        key = f"{one.source_code}|{one.organisation_code}|{one.period.period_code}|{step.day.isoformat()}"
        with store.transaction() as connection:
            added = connection.execute("insert or ignore into reminder values (?, ?)", (key, moment_text(now))).rowcount
            if not added:
                continue
            steward = routing.for_submission(one.source_code, one.organisation_code).steward
            telling = Telling(store, workspace, now)
            content = {
                "source_code": one.source_code,
                "organisation_code": one.organisation_code,
                "period_code": one.period.period_code,
                "due": one.due.isoformat(),
                "is_late": step.is_late,
                "steward": steward,
            }
            telling.of_submission(steward, content)
            if step.is_last and (superior := routing.superior(steward)):
                telling.of_submission(superior, content | {"why": "escalated"})
        given += 1
    return given


def not_in_form(workspace: Workspace, source_code: str, observations: pa.Table) -> list[Owed]:
    """What is owed for the periods of a form of several organisations by those that have no row in it, nor elsewhere.

    ``observations``: what was read from the form (schema TIDY). A form of one organisation says nothing of others.
    """
    rule = workspace.sources[source_code].obligation
    if rule is None or rule.organisation is not None:
        return []
    rows = {
        (organisation, start, end)
        for organisation, start, end in zip(
            *(observations[name].to_pylist() for name in ("organisation_code", "period_start", "period_end_exclusive")),
            strict=True,
        )
        if organisation is not None and start is not None
    }
    clocks = Clocks(workspace)
    found: list[Owed] = []
    for period in _periods_of(workspace, rule.calendar, rule.frequency, rows):
        owing = _who_owes(workspace, rule.level, None, period)
        inside = {code for code, start, end in rows if period.start <= start and end <= period.end_exclusive}
        if len(inside.intersection(owing)) > 1:
            due = due_date(rule, period, clocks.working_days)
            found += [Owed(source_code, code, period, due) for code in owing if code not in inside]
    received = _received(workspace, found) if found and _files(workspace, source_code) else set()
    return [one for one in found if one not in received]


def _periods_of(workspace: Workspace, calendar: str, frequency: str, rows: set[tuple[str, date, date]]) -> list[Period]:
    """The periods of this calendar and length of which the rows tell something."""
    if not rows:
        return []
    reach = (min(start for _, start, _ in rows), max(end for _, _, end in rows))
    return [
        period
        for period in workspace.calendars.overlapping(reach, calendar, frequency)
        if any(period.start <= start and end <= period.end_exclusive for _, start, end in rows)
    ]


def _step(workspace: Workspace, clocks: Clocks, due: date, today: date) -> Step | None:
    """The last reminder whose day has come, unless that was long ago."""
    settings = workspace.settings.stewardship
    last = max(settings.due_after, default=None)
    steps = [Step(clocks.before(due, days), False, False) for days in settings.due_before]
    steps += [Step(clocks.working_days.after(due, days), True, days == last) for days in settings.due_after]
    come = [step for step in steps if step.day <= today and today - step.day < STALE]
    latest = max(come, key=lambda step: step.day, default=None)
    return latest if latest is None or latest.is_late == (today > due) else None


def _owed_around(workspace: Workspace, clocks: Clocks, today: date) -> Iterator[Owed]:
    """Submissions due near today, of sources that have reported before (a source owes nothing before it began)."""
    began = _first_reported(workspace)
    for code, source in sorted(workspace.sources.items()):
        rule = source.obligation
        if rule is None or code not in began:
            continue
        reach = (today - timedelta(days=400), today + timedelta(days=60))
        for period in workspace.calendars.overlapping(reach, rule.calendar, rule.frequency):
            if period.start < began[code]:
                continue
            due = due_date(rule, period, clocks.working_days)
            if abs(due - today) > timedelta(days=60):
                continue
            for organisation in _who_owes(workspace, rule.level, rule.organisation, period):
                yield Owed(code, organisation, period, due)


def _who_owes(workspace: Workspace, level: str | None, named: str | None, period: Period) -> list[str]:
    if named is not None:
        return [named]
    end = date(9999, 12, 31)
    return sorted(
        {
            row.code
            for row in workspace.registry.organisations
            if row.level == level and period.overlaps(row.valid_from, row.valid_to or end)
        }
    )


def _files(workspace: Workspace, source: str) -> list[str]:
    state = workspace.state
    folders = (state.accepted_table("observation", source), state.quarantine(source))
    return [path.as_posix() for folder in folders for path in sorted(folder.glob("*.parquet"))]


def _first_reported(workspace: Workspace) -> dict[str, date]:
    found: dict[str, date] = {}
    with duckdb.connect() as connection:
        for code in workspace.sources:
            if files := _files(workspace, code):
                row = connection.execute(
                    "select min(period_start) from read_parquet(?, union_by_name = true)", [files]
                ).fetchone()
                if row and row[0] is not None:
                    found[code] = row[0]
    return found


def _received(workspace: Workspace, owed: Sequence[Owed]) -> set[Owed]:
    """Which of these were handed in, be it that their figures were held back."""
    found: set[Owed] = set()
    with duckdb.connect() as connection:
        for source in sorted({one.source_code for one in owed}):
            rule = workspace.sources[source].obligation
            rows: list[tuple[Any, ...]] = connection.execute(
                "select distinct organisation_code, period_start, period_end_exclusive "
                "from read_parquet(?, union_by_name = true) where period_start is not null",
                [_files(workspace, source)],
            ).fetchall()
            for one in owed:
                if one.source_code == source and any(
                    one.period.start <= start
                    and end <= one.period.end_exclusive
                    and (organisation == one.organisation_code or (rule is not None and rule.organisation is not None))
                    for organisation, start, end in rows
                ):
                    found.add(one)
    return found
