"""From landed deliveries to tidy tables, submission by submission.

One submission that cannot be read is an outcome, not an exception: the others go on (promise 4). What was read from
the same bytes by the same recipe, registry and engine is not read again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from ingest.landing import Receipt, receipts
from ingest.read import Refusal
from ingest.recipe.model import Source
from ingest.resolve import Resolver
from ingest.state import fingerprint, write_json
from ingest.tidy import Tidied, tidy
from ingest.workspace import Workspace

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class TidyOutcome:
    """What the recipe made of one submission: counts and notes, or the reason it was refused."""

    receipt: Receipt
    made_from: str
    cells_read: int = 0
    rows_read: int = 0
    notes: tuple[str, ...] = ()
    refusal: Refusal | None = None


@dataclass(frozen=True)
class TidyFolder:
    """Files below ``.outturn/tidy/SOURCE``: observations, totals and an outcome for each submission."""

    root: Path

    def observations(self, submission_id: str) -> Path:
        return self.root / "observation" / f"{submission_id}.parquet"

    def totals(self, submission_id: str) -> Path:
        return self.root / "total" / f"{submission_id}.parquet"

    def outcome(self, submission_id: str) -> Path:
        return self.root / "outcome" / f"{submission_id}.json"


def tidy_source(
    workspace: Workspace, source_code: str, *, engine_version: str, progress: Progress | None = None
) -> list[TidyOutcome]:
    """Tidy every delivery of a source that is not a mere repeat, oldest first; reuse what is still valid."""
    source = workspace.sources[source_code]
    folder = TidyFolder(workspace.state.tidy(source_code))
    made_from = fingerprint(
        source.version, workspace.registry.fingerprint, workspace.settings_fingerprint, engine_version
    )
    deliveries = [receipt for receipt in receipts(workspace.state.landed, source_code) if not receipt.duplicate_of]
    resolver: Resolver | None = None
    outcomes: list[TidyOutcome] = []
    for position, receipt in enumerate(deliveries, start=1):
        outcome = _remembered(folder, receipt, made_from)
        if outcome is None:
            resolver = resolver or Resolver(workspace.registry)
            outcome = _tidy_one(workspace, source, receipt, folder, resolver, made_from)
        outcomes.append(outcome)
        if progress:
            progress(position, len(deliveries), receipt.file_name)
    return outcomes


def _tidy_one(
    workspace: Workspace, source: Source, receipt: Receipt, folder: TidyFolder, resolver: Resolver, made_from: str
) -> TidyOutcome:
    try:
        tidied = tidy(
            receipt.bytes_path(workspace.state.landed),
            receipt.file_name,
            source,
            resolver,
            workspace.calendars,
            submission_id=receipt.submission_id,
            received_at=receipt.received_at,
        )
    except Refusal as refusal:
        outcome = TidyOutcome(receipt, made_from, refusal=refusal)
    except Exception as error:  # noqa: BLE001 - a reader that fails on one file must not stop the other files
        outcome = TidyOutcome(receipt, made_from, refusal=_unforeseen(receipt, error))
    else:
        _write(folder, receipt, tidied)
        outcome = TidyOutcome(
            receipt,
            made_from,
            cells_read=tidied.cells_read,
            rows_read=tidied.observations.num_rows,
            notes=tuple(tidied.notes),
        )
    _remember(folder, outcome)
    return outcome


def _unforeseen(receipt: Receipt, error: Exception) -> Refusal:
    kind = type(error).__name__
    return Refusal(
        rule_id="STR-01",
        sheet=None,
        cell=None,
        message_vi=f"{receipt.file_name}: không đọc được tệp ({kind}: {error}). "
        "Hãy mở tệp, lưu lại và nộp lại; nếu vẫn lỗi, báo cho bộ phận kỹ thuật.",
        message_en=f"{receipt.file_name}: the file could not be read ({kind}: {error}). "
        "Open it, save it again and resubmit; if that does not help, tell the pipeline's engineer.",
    )


def _write(folder: TidyFolder, receipt: Receipt, tidied: Tidied) -> None:
    for path, table in (
        (folder.observations(receipt.submission_id), tidied.observations),
        (folder.totals(receipt.submission_id), tidied.totals),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        pq.write_table(table, unfinished, compression="zstd")
        unfinished.replace(path)


def _remember(folder: TidyFolder, outcome: TidyOutcome) -> None:
    content = {
        "made_from": outcome.made_from,
        "cells_read": outcome.cells_read,
        "rows_read": outcome.rows_read,
        "notes": list(outcome.notes),
        "refusal": _refusal_content(outcome.refusal),
    }
    write_json(folder.outcome(outcome.receipt.submission_id), content)


def _refusal_content(refusal: Refusal | None) -> dict[str, str | None] | None:
    if refusal is None:
        return None
    return {name: getattr(refusal, name) for name in ("rule_id", "sheet", "cell", "message_vi", "message_en")}


def _remembered(folder: TidyFolder, receipt: Receipt, made_from: str) -> TidyOutcome | None:
    path = folder.outcome(receipt.submission_id)
    if not path.exists():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    if content["made_from"] != made_from:
        return None
    refusal = Refusal(**content["refusal"]) if content["refusal"] else None
    return TidyOutcome(
        receipt, made_from, content["cells_read"], content["rows_read"], tuple(content["notes"]), refusal
    )
