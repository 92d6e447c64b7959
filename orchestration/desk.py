"""The steward's desk between the gates and the people: what is let pass, what is recorded, what is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ingest.contract import WAIVER
from ingest.state import fingerprint
from ingest.workspace import Workspace

if TYPE_CHECKING:
    from stewardship.delivery.message import Attachment
    from stewardship.delivery.sender import Sent
    from stewardship.desk import Recorded


@dataclass(frozen=True)
class Attended:
    """What an attendance at the desk came to."""

    recorded: Recorded
    sent: Sent
    reminded_of_submissions: int


def attend(workspace: Workspace, *, since: datetime | None = None) -> Attended:
    """Record what the gates said, let the clocks run, remind, and send what is due. May be called at any time.

    ``since``: count also what was recorded from that moment on, as by an earlier step of the same run.
    """
    from stewardship.delivery.sender import send_due
    from stewardship.desk import Desk, counted
    from stewardship.due_submissions import remind_of_submissions
    from stewardship.store import Store

    with Store(workspace.state.stewardship) as store:
        recorded = Desk(store, workspace).record()
        if since is not None:
            recorded = counted(store.events_since(since))
        reminded = remind_of_submissions(store, workspace, datetime.now(UTC))
        sent = send_due(store, workspace, annotate=annotator(workspace))
    return Attended(recorded, sent, reminded)


def something_is_due(workspace: Workspace) -> bool:
    """Whether an attendance would find anything: a judgement not recorded, an alert to send, a clock that has run."""
    from stewardship.delivery.sender import usable_channels
    from stewardship.desk import Desk
    from stewardship.store import DATABASE, Store

    if not (workspace.state.stewardship / DATABASE).exists():
        return False
    with Store(workspace.state.stewardship) as store:
        return Desk(store, workspace).has_work(usable_channels(workspace))


def record_and_export(workspace: Workspace) -> tuple[Recorded, dict[str, int]]:
    """Record what the gates said, and write the desk's tables for the warehouse; nothing is sent."""
    from stewardship.desk import Desk
    from stewardship.export import export_tables
    from stewardship.store import Store

    with Store(workspace.state.stewardship) as store:
        recorded = Desk(store, workspace).record()
        return recorded, export_tables(store, workspace)


def waivers(workspace: Workspace, source_code: str) -> pa.Table:
    """What stewards confirmed or waived for a source and is in force today."""
    return pa.Table.from_pylist(_waivers(workspace).get(source_code, []), schema=WAIVER.schema)


def waivers_fingerprints(workspace: Workspace) -> dict[str, str]:
    """Source → fingerprint of what is let pass today; a source without waivers is not among them."""
    return {
        source: fingerprint(*(f"{row['fault_id']} {row['observed']} {row['disposition']}" for row in rows))
        for source, rows in _waivers(workspace).items()
    }


def last_decision(workspace: Workspace) -> int:
    """Number of the last decision that a person made at the desk; 0 where nobody ever did."""
    from stewardship.store import DATABASE, Store

    if not (workspace.state.stewardship / DATABASE).exists():
        return 0
    with Store(workspace.state.stewardship) as store:
        return store.last_decision()


def _waivers(workspace: Workspace) -> dict[str, list[dict[str, Any]]]:
    from stewardship.desk import Desk
    from stewardship.store import DATABASE, Store

    if not (workspace.state.stewardship / DATABASE).exists():
        return {}
    with Store(workspace.state.stewardship) as store:
        desk = Desk(store, workspace)
        found = {source: desk.waivers(source) for source in sorted(workspace.sources)}
    return {source: rows for source, rows in found.items() if rows}


def annotator(workspace: Workspace) -> Callable[[str, str, list[dict[str, Any]]], Attachment | None]:
    """A function that makes the annotated workbook of a submission, from the bytes that were landed."""

    def annotate(submission_id: str, language: str, findings: list[dict[str, Any]]) -> Attachment | None:
        from ingest.landing import receipts
        from stewardship.delivery.message import Attachment

        source = findings[0]["source_code"] if findings else None
        known = receipts(workspace.state.landed, source) if source else []
        receipt = next((one for one in known if one.submission_id == submission_id), None)
        if receipt is None or receipt.medium != "file":
            return None
        name = Path(receipt.file_name).name
        content = annotated_copy(
            workspace, receipt.bytes_path(workspace.state.landed), name, findings, language, str(source)
        )
        return Attachment(annotated_name(name, language), content)

    return annotate


def annotated_name(file_name: str, language: str) -> str:
    """``report.xlsx`` → ``report.checked.xlsx``; ``report.csv`` → ``report.csv.checked.xlsx``, so that files of one
    name and several kinds have copies of their own."""
    stem = Path(file_name).stem if Path(file_name).suffix.lower() == ".xlsx" else file_name
    return f"{stem}.{'kiem_tra' if language == 'vi' else 'checked'}.xlsx"


def annotated_copy(
    workspace: Workspace, file: Path, file_name: str, findings: list[dict[str, Any]], language: str, source_code: str
) -> bytes:
    """The workbook with each finding marked in its cell, as bytes."""
    from expectations.annotated_workbook import annotate
    from ingest.read import open_workbook
    from ingest.read.grid import cell_values

    source = workspace.sources[source_code]

    def cells() -> Iterator[tuple[str, list[list[str | float]]]]:
        book = open_workbook(file, file_name, encoding=source.encoding, delimiter=source.delimiter)
        for sheet in book.sheets:
            yield sheet.name, cell_values(sheet.grid)

    return annotate(file, file_name, findings, language, cells=cells)
