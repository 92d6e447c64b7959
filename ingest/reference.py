"""The reference tables that follow from registry, sources and what was reported: periods, sources, obligations.

They stand beside the registry in ``accepted/registry/``, because dbt reads them alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from ingest.contract import FINDING, OBSERVATION, SUBMISSION
from ingest.landing import receipts
from ingest.state.whole_file import write_parquet
from ingest.workspace import Workspace, days, obligations, source_table

#: Tables of the registry that name periods, which the warehouse must know even if nothing is reported on them.
PERIODS_NAMED_IN = ("targets", "scorecard_periods", "norms", "budget_lines")
#: dbt reads each table as a set of files; one without rows stands for a workspace that has none yet.
PLACEHOLDER = "none"
Span = tuple[date, date]
#: Period code, source code, first day, first day after.
Reported = tuple[str, str, date, date]


def write_reference_tables(workspace: Workspace) -> dict[str, int]:
    """Write ``period``, ``source``, ``obligation`` and ``day`` for the warehouse; returns their row counts."""
    accepted = workspace.state.accepted
    for table in (OBSERVATION, SUBMISSION, FINDING):
        write_parquet(accepted / table.name / PLACEHOLDER / "none.parquet", table.schema.empty_table())
    files = [
        path
        for code in (*sorted(workspace.sources), *sorted(workspace.broken_sources))
        for path in sorted((accepted / "observation" / code).glob("*.parquet"))
    ]
    named = {
        row.period_code
        for table in PERIODS_NAMED_IN
        for row in workspace.registry.tables[table]
        if row.period_code is not None
    }
    reported = _reported(files)
    tables = _reference_tables(workspace, reported, named)
    tables["day"] = days(workspace.settings, *_days_counted(workspace, reported))
    for name, content in tables.items():
        write_parquet(workspace.state.registry / f"{name}.parquet", content)
    return {name: content.num_rows for name, content in tables.items()}


def _days_counted(workspace: Workspace, reported: list[Reported]) -> Span:
    """From the first day reported on to a year after the last, or the last receipt: when things fall due or come."""
    first, last = _whole_years([(start, end) for _, _, start, end in reported])
    received = [
        receipt.received_at.date() for code in workspace.sources for receipt in receipts(workspace.state.landed, code)
    ]
    return min([first, *received]), max([last + timedelta(days=366), *received])


def write_gate_reference(workspace: Workspace, source_code: str, tidy_files: Sequence[Path]) -> Path:
    """Write what the intake gate of a source looks things up in, and return the folder.

    Periods and obligations are those of what this source itself reported, so that its verdict depends on nothing that
    another source, or an earlier run, left behind.
    """
    folder = workspace.state.judged(source_code) / "reference"
    workspace.registry.write(folder)
    for name, content in _reference_tables(workspace, _reported(tidy_files), set()).items():
        write_parquet(folder / f"{name}.parquet", content)
    return folder


def write_check_reference(workspace: Workspace, folder: Path, tidy_files: Sequence[Path]) -> Path:
    """The same for a file that is only tried: what is owed is not asked of it, for it is not handed in."""
    workspace.registry.write(folder)
    tables = _reference_tables(workspace, _reported(tidy_files), set())
    write_parquet(folder / "period.parquet", tables["period"])
    return folder


def _reference_tables(workspace: Workspace, reported: list[Reported], further: set[str]) -> dict[str, pa.Table]:
    codes = {code for code, _, _, _ in reported} | further
    observed = [workspace.calendars.period(code) for code in sorted(codes)]
    whole = _whole_years([(period.start, period.end_exclusive) for period in observed])
    return {
        "period": workspace.calendars.table(observed, whole),
        "source": source_table(workspace),
        "obligation": obligations(workspace, _owed_spans(reported)),
    }


def _reported(files: Sequence[Path]) -> list[Reported]:
    """Period and source of what stands in Parquet files: period code, source code, first day, first day after."""
    if not files:
        return []
    with duckdb.connect() as connection:
        return connection.execute(
            "select distinct period_code, source_code, period_start, period_end_exclusive from read_parquet(?) "
            "where period_code is not null order by all",
            [[path.as_posix() for path in files]],
        ).fetchall()


def _owed_spans(reported: list[Reported]) -> dict[str, Span]:
    """Source → from its first reported day to the last day that any source reported on.

    A source that fell silent still owes the periods that others reported on; no clock decides what is owed.
    """
    last = max((end for _, _, _, end in reported), default=date.min)
    first: dict[str, date] = {}
    for _, source, start, _ in reported:
        first[source] = min(start, first.get(source, start))
    return {source: (start, last) for source, start in first.items()}


def _whole_years(stretches: list[Span]) -> Span:
    if not stretches:
        return date(2000, 1, 1), date(2000, 1, 1)
    first = min(start for start, _ in stretches)
    last = max(end for _, end in stretches)
    return date(first.year, 1, 1), date(last.year + 1, 1, 1)
