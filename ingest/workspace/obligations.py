"""What is owed, from the ``obligation`` block of each source; and the sources themselves as a table (domain.md 3.6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pyarrow as pa

from ingest.contract import OBLIGATION, SOURCE
from ingest.recipe.model import Obligation
from ingest.time.calendar import Calendars
from ingest.time.period import Period
from ingest.time.working_days import WorkingDays
from ingest.workspace.workspace import Workspace

Span = tuple[date, date]


def source_table(workspace: Workspace) -> pa.Table:
    """The table ``ingest.contract.SOURCE``, a row for each usable source."""
    rows = [
        {
            "source_code": code,
            "name_vi": source.name.vi,
            "name_en": source.name.en,
            "publisher": source.publisher,
            "steward": source.steward,
            "licence": source.licence,
            "priority": source.priority,
            "recipe_version": source.version,
        }
        for code, source in sorted(workspace.sources.items())
    ]
    return pa.Table.from_pylist(rows, schema=SOURCE.schema)


def obligations(workspace: Workspace, spans: Mapping[str, Span]) -> pa.Table:
    """The table ``ingest.contract.OBLIGATION``: for each source that owes something, every period of its stretch.

    ``spans`` gives the stretch of each source as half-open days, from the first period it reported on to the last
    period known to the workspace: a source owes nothing before it began, nor a period that has not ended.
    """
    rows = [
        {
            "source_code": code,
            "calendar_code": period.calendar_code,
            "period_code": period.period_code,
            "organisation_level": owed.level,
            "organisation_code": owed.organisation,
            "due_date": due_date(owed, period, workspace.settings.working_days),
        }
        for code, source in sorted(workspace.sources.items())
        if (owed := source.obligation) is not None and code in spans
        for period in _periods_within(workspace.calendars, owed, spans[code])
    ]
    return pa.Table.from_pylist(rows, schema=OBLIGATION.schema)


def due_date(owed: Obligation, period: Period, working_days: WorkingDays) -> date:
    """Last day on which a submission for the period is on time, counted from the period's last day."""
    if owed.deadline.working_days is not None:
        return working_days.after(period.last_day, owed.deadline.working_days)
    return period.last_day + timedelta(days=owed.deadline.days or 0)


def _periods_within(calendars: Calendars, owed: Obligation, span: Span) -> list[Period]:
    first, end_exclusive = span
    touching = calendars.overlapping(span, owed.calendar, owed.frequency)
    return [period for period in touching if first <= period.start and period.end_exclusive <= end_exclusive]
