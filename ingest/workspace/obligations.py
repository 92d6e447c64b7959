"""What is owed, from the ``obligation`` block of each source; and the sources themselves as a table."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ingest.contract import OBLIGATION, SOURCE

if TYPE_CHECKING:
    from ingest.workspace.load import Workspace


def source_table(workspace: Workspace) -> pa.Table:
    """Rows of ``contract.SOURCE``, one a source."""
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


def obligations(workspace: Workspace, spans: dict[str, tuple[date, date]]) -> pa.Table:
    """Rows of ``contract.OBLIGATION``: for each source that owes something, every period of its stretch of time.

    ``spans`` gives the stretch for each source, from the first period it reported on to the last period known to the
    workspace: a source owes nothing before it began.
    """
    rows: list[dict[str, Any]] = []
    work = workspace.settings.calendar_of_work
    for code, source in sorted(workspace.sources.items()):
        owed = source.obligation
        if owed is None or code not in spans:
            continue
        first, end = spans[code]
        for period in workspace.calendars.overlapping((first, end), owed.calendar, owed.frequency):
            if period.start < first or period.end_exclusive > end:
                continue
            last_day = period.end_exclusive - timedelta(days=1)
            due = (
                work.after(last_day, owed.deadline.working_days)
                if owed.deadline.working_days is not None
                else last_day + timedelta(days=owed.deadline.days or 0)
            )
            rows.append(
                {
                    "source_code": code,
                    "calendar_code": owed.calendar,
                    "period_code": period.period_code,
                    "organisation_level": owed.level,
                    "organisation_code": owed.organisation,
                    "due_date": due,
                }
            )
    return pa.Table.from_pylist(rows, schema=OBLIGATION.schema)
