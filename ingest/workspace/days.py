"""The working-day calendar as a table: what lateness is counted by in the warehouse (domain.md 3.2)."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa

from ingest.contract import DAY
from ingest.workspace.settings import Settings


def days(settings: Settings, first: date, last: date) -> pa.Table:
    """The table ``ingest.contract.DAY``, a row for each day from ``first`` to ``last``, both included."""
    names = {day: holiday.name for holiday in settings.holidays for day in holiday.days if holiday.name is not None}
    rows = []
    number = 0
    for day in (first + timedelta(days=offset) for offset in range((last - first).days + 1)):
        works = settings.working_days.is_working_day(day)
        number += works
        name = names.get(day)
        rows.append(
            {
                "date": day,
                "is_working_day": works,
                "working_day_number": number,
                "holiday_name_vi": name.vi if name else None,
                "holiday_name_en": name.en if name else None,
            }
        )
    return pa.Table.from_pylist(rows, schema=DAY.schema)
