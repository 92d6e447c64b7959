"""The desk as tables for the warehouse: cases, events and sign-offs, as Parquet beside what the gates accepted.

That a run has seen the same faults once more is no news: then the files stay as they are, and with them the release.
Integrity signals stay at the desk (domain.md 6.8).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.contract import Table
from ingest.state import StateFolders, write_atomically
from ingest.workspace import Workspace
from stewardship.case import Case, EventKind
from stewardship.contract import FINDING_CASE, FINDING_EVENT, SETTLED_FAULT, SIGNOFF, SIGNOFF_DIFFERENCE, TABLES
from stewardship.signoff import APPROVED, PREPARED, WITHDRAWN, Signing, Signoff
from stewardship.store import Store, json_text

FOLDER = "stewardship"
#: What every run moves, without anything having happened.
_OF_EVERY_RUN = ("last_seen_at", "seen_count")


def export_tables(store: Store, workspace: Workspace) -> dict[str, int]:
    """Write the tables of the desk; returns their row counts."""
    cases = sorted((case for case in store.cases().values() if not case.is_restricted), key=lambda case: case.case_id)
    shown = {case.case_id for case in cases}
    events = [event for event in store.events() if event.case_id in shown and event.kind is not EventKind.SEEN]
    signoffs = Signing(store, workspace).all()
    tables = {
        FINDING_CASE: [_case(case) for case in cases],
        SETTLED_FAULT: [{"fault_id": case.case_id} for case in cases if not case.is_unsettled],
        FINDING_EVENT: [
            {
                "event_number": event.seq,
                "case_id": event.case_id,
                "event": str(event.kind),
                "happened_at": event.at,
                "actor": event.actor or None,
                "detail": json_text({name: value for name, value in event.detail.items() if name != "fault"}),
            }
            for event in events
        ],
        SIGNOFF: [_signoff(signoff) for signoff in signoffs],
        SIGNOFF_DIFFERENCE: [row for signoff in signoffs for row in _differences(signoff)],
    }
    for table, rows in tables.items():
        _write(workspace.state, table, rows)
    return {table.name: len(rows) for table, rows in tables.items()}


def write_empty_tables(accepted: Path) -> None:
    """The tables of a desk that nobody sat at, for a warehouse that is built without one."""
    for table in TABLES:
        _write_parquet(accepted / FOLDER / f"{table.name}.parquet", table.schema.empty_table())


def _write(state: StateFolders, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    path = state.accepted / FOLDER / f"{table.name}.parquet"
    content = pa.Table.from_pylist([dict(row) for row in rows], schema=table.schema)
    if path.exists():
        before = pq.read_table(path)
        if before.schema.equals(table.schema) and _news(before).equals(_news(content)):
            return
    _write_parquet(path, content)


def _write_parquet(path: Path, content: pa.Table) -> None:
    stream = pa.BufferOutputStream()
    pq.write_table(content, stream, compression="zstd")
    write_atomically(path, stream.getvalue().to_pybytes())


def _news(table: pa.Table) -> pa.Table:
    return table.drop_columns([name for name in _OF_EVERY_RUN if name in table.column_names])


def _case(case: Case) -> dict[str, Any]:
    own = {
        "case_id": case.case_id,
        "state": str(case.state),
        "resolution": case.resolution or None,
        "steward": case.steward or None,
        "role": case.role,
        "opened_at": case.opened_at,
        "first_seen_at": case.first_seen_at,
        "last_seen_at": case.last_seen_at,
        "seen_count": case.seen_count,
        "reopened_count": case.reopened_count,
        "deadline": case.deadline,
        "escalations": case.escalations,
        "acknowledged_at": case.acknowledged_at,
        "acknowledged_by": case.acknowledged_by or None,
        "explanation": case.explanation or None,
        "waived_until": case.waived_until,
        "reason": case.resolution_reason or None,
        "resolved_at": case.resolved_at,
        "resolved_by": case.resolved_by or None,
    }
    return {name: case.fault.get(name) for name in FINDING_CASE.column_names} | own


def _signoff(signoff: Signoff) -> dict[str, Any]:
    prepared, signed = signoff.prepared, signoff.signed
    withdrawn = signoff.steps[-1] if signoff.steps and signoff.steps[-1].kind == WITHDRAWN else None
    return {
        "organisation_code": signoff.scope.organisation,
        "period_code": signoff.scope.period,
        "source_code": signoff.scope.source or None,
        "status": signoff.status,
        f"{PREPARED}_by": prepared.actor if prepared else None,
        f"{PREPARED}_at": prepared.at if prepared else None,
        f"{APPROVED}_by": signed.actor if signed else None,
        f"{APPROVED}_at": signed.at if signed else None,
        f"{WITHDRAWN}_by": withdrawn.actor if withdrawn else None,
        f"{WITHDRAWN}_at": withdrawn.at if withdrawn else None,
        "signed_hash": signed.content_hash if signed else None,
        "current_hash": signoff.now.hash,
        "figures": len(signoff.now.figures),
        "figures_changed": len(signoff.differences),
    }


def _differences(signoff: Signoff) -> Iterable[dict[str, Any]]:
    for difference in signoff.differences:
        source, indicator, organisation, group, kind, accumulation = difference.key
        place = difference.now or difference.signed
        yield {
            "organisation_code": signoff.scope.organisation,
            "period_code": signoff.scope.period,
            "signed_source_code": signoff.scope.source or None,
            "source_code": source,
            "indicator_code": indicator,
            "figure_organisation_code": organisation,
            "target_group_code": group,
            "measure_kind": kind,
            "accumulation": accumulation,
            "change": difference.change,
            "value_signed": difference.signed.value if difference.signed else None,
            "value_now": difference.now.value if difference.now else None,
            "status_signed": difference.signed.status if difference.signed else None,
            "status_now": difference.now.status if difference.now else None,
            "file_name": place.file_name if place else None,
            "sheet": place.sheet if place else None,
            "cell": place.cell if place else None,
        }
