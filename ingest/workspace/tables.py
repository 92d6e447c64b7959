"""The tables that follow from a workspace's sources: what each is, and what is owed by when (domain.md 3.6)."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa

from ingest.contract import OBLIGATION, SOURCE
from ingest.recipe.model import Obligation
from ingest.time.period import Period
from ingest.time.working_days import WorkingDays
from ingest.workspace.workspace import Workspace


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


def obligations(workspace: Workspace, span: tuple[date, date]) -> pa.Table:
    """The table ``ingest.contract.OBLIGATION``: for each source, every period that touches the days of the span."""
    rows = [
        {
            "source_code": code,
            "calendar_code": period.calendar_code,
            "period_code": period.period_code,
            "organisation_level": source.obligation.level,
            "organisation_code": source.obligation.organisation,
            "due_date": due_date(source.obligation, period, workspace.working_days),
        }
        for code, source in sorted(workspace.sources.items())
        if source.obligation is not None
        for period in workspace.calendars.overlapping(span, source.obligation.calendar, source.obligation.frequency)
    ]
    return pa.Table.from_pylist(rows, schema=OBLIGATION.schema)


def due_date(obligation: Obligation, period: Period, working_days: WorkingDays) -> date:
    """Last day on which a submission for the period is on time, counted from the period's last day."""
    deadline = obligation.deadline
    if deadline.working_days is not None:
        return working_days.after(period.last_day, deadline.working_days)
    return period.last_day + timedelta(days=deadline.days or 0)
