"""From landed deliveries to tidy tables, submission by submission.

One submission that cannot be read is an outcome, not an exception: the others go on (promise 4). What was read from
the same bytes by the same recipe, registry and engine is not read again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

from ingest.contract import TIDY
from ingest.corrections import Corrected, Correction, correct, unmatched
from ingest.landing import Receipt, receipts
from ingest.read import Refusal
from ingest.recipe.model import Source
from ingest.remark import Remark
from ingest.resolve import Resolver
from ingest.resolve.encoded import decoded, encoded
from ingest.resubmission import Said, write_retractions
from ingest.state import fingerprint
from ingest.state.whole_file import write_json, write_parquet, write_parquet_pieces
from ingest.tidy import Tidied, tidy, tidy_answer
from ingest.workspace import Workspace

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class TidyOutcome:
    """What the recipe made of one submission: counts and notes, or the reason it was refused.

    ``remarks`` are findings of no single row, ``corrections_met`` the corrections whose place is in it;
    with ``changes_only``, what it does not hold is not withdrawn. ``is_remembered``: it was read by an earlier run
    from the same bytes by the same recipe, registry and engine.
    """

    receipt: Receipt
    made_from: str
    cells_read: int = 0
    rows_read: int = 0
    notes: tuple[str, ...] = ()
    refusal: Refusal | None = None
    remarks: tuple[Remark, ...] = ()
    corrections_met: tuple[str, ...] = ()
    changes_only: bool = False
    is_remembered: bool = False


@dataclass(frozen=True)
class TidyFolder:
    """Files below ``.outturn/tidy/SOURCE``: observations, totals and an outcome for each submission."""

    root: Path

    def observations(self, submission_id: str) -> Path:
        return self.root / "observation" / f"{submission_id}.parquet"

    def totals(self, submission_id: str) -> Path:
        return self.root / "total" / f"{submission_id}.parquet"

    def retractions(self, submission_id: str) -> Path:
        """What the submission withdraws by no longer holding it; there only where it does."""
        return self.retraction_folder / f"{submission_id}.parquet"

    @property
    def retraction_folder(self) -> Path:
        return self.root / "retraction"

    def judged_files(self, submission_id: str) -> list[Path]:
        """Everything the submission says, for the gate: its observations and what it withdraws."""
        retractions = self.retractions(submission_id)
        return [self.observations(submission_id), *([retractions] if retractions.exists() else [])]

    def outcome(self, submission_id: str) -> Path:
        return self.root / "outcome" / f"{submission_id}.json"


def tidy_source(
    workspace: Workspace, source_code: str, *, engine_version: str, progress: Progress | None = None
) -> list[TidyOutcome]:
    """Tidy every delivery of a source that is not a mere repeat, oldest first; reuse what is still valid."""
    source = workspace.sources[source_code]
    folder = TidyFolder(workspace.state.tidy(source_code))
    corrections = workspace.corrections_of(source_code)
    made_from = fingerprint(
        source.version,
        workspace.registry.fingerprint,
        workspace.settings_fingerprint,
        engine_version,
        *(correction.model_dump_json() for correction in corrections),
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
    _write_retractions(source, outcomes, folder, made_from)
    return _with_unmatched(outcomes, corrections)


def _write_retractions(source: Source, outcomes: list[TidyOutcome], folder: TidyFolder, made_from: str) -> None:
    """What each submission withdraws, made anew when the set of submissions or how they are read has changed."""
    read = [outcome for outcome in outcomes if outcome.refusal is None] if source.resubmission else []
    made_of = fingerprint(made_from, *(outcome.receipt.submission_id for outcome in read))
    marker = folder.retraction_folder / "made_from.json"
    if marker.exists() and json.loads(marker.read_text(encoding="utf-8")) == made_of:
        return
    shutil.rmtree(folder.retraction_folder, ignore_errors=True)
    if source.resubmission and read:
        said = [
            Said(
                outcome.receipt.submission_id,
                outcome.receipt.file_name,
                folder.observations(outcome.receipt.submission_id),
                is_complete=not outcome.changes_only,
            )
            for outcome in read
        ]
        write_retractions(said, source.resubmission.replaces, folder.retraction_folder)
    write_json(marker, made_of)


def _with_unmatched(outcomes: list[TidyOutcome], corrections: Sequence[Correction]) -> list[TidyOutcome]:
    """A correction that no submission of the source has a place for is a remark on the latest one."""
    met = {name for outcome in outcomes for name in outcome.corrections_met}
    remarks = tuple(unmatched(correction) for correction in corrections if correction.id not in met)
    if not outcomes or not remarks:
        return outcomes
    return [*outcomes[:-1], replace(outcomes[-1], remarks=outcomes[-1].remarks + remarks)]


def corrected(
    tidied: Tidied, workspace: Workspace, source_code: str, *, file_name: str, received_at: datetime
) -> Corrected:
    """What was read of one file, with the corrections that are declared for its source."""
    corrections = workspace.corrections_of(source_code)
    if not corrections:
        return Corrected(tidied.observations, tidied.totals)
    return correct(
        decoded(tidied.observations),
        decoded(tidied.totals),
        corrections,
        file_name=file_name,
        received_on=received_at.astimezone(ZoneInfo(workspace.settings.time_zone)).date(),
    )


def _tidy_one(
    workspace: Workspace, source: Source, receipt: Receipt, folder: TidyFolder, resolver: Resolver, made_from: str
) -> TidyOutcome:
    try:
        tidied = _read(workspace, source, receipt, resolver)
        outcome = TidyOutcome(
            receipt,
            made_from,
            cells_read=tidied.cells_read,
            notes=tuple(tidied.notes),
            remarks=tidied.remarks,
            changes_only=tidied.changes_only,
        )
        if workspace.corrections_of(source.code):
            outcome = _write_corrected(workspace, folder, tidied, outcome)
        else:
            outcome = _write(folder, tidied, outcome)
    except Refusal as refusal:
        outcome = TidyOutcome(receipt, made_from, refusal=refusal)
    _remember(folder, outcome)
    return outcome


def _write(folder: TidyFolder, tidied: Tidied, outcome: TidyOutcome) -> TidyOutcome:
    """Write what was read, piece by piece: a file may hold more than memory should."""
    receipt = outcome.receipt
    path = folder.observations(receipt.submission_id)
    pieces = _refusing(receipt, tidied.observation_pieces())
    rows = write_parquet_pieces(path, encoded(TIDY.schema), pieces, statistics=False)
    write_parquet(folder.totals(receipt.submission_id), tidied.totals)
    return replace(outcome, rows_read=rows)


def _write_corrected(workspace: Workspace, folder: TidyFolder, tidied: Tidied, outcome: TidyOutcome) -> TidyOutcome:
    receipt = outcome.receipt
    with _unforeseen_refused(receipt):
        result = corrected(
            tidied, workspace, receipt.source_code, file_name=receipt.file_name, received_at=receipt.received_at
        )
    write_parquet(folder.observations(receipt.submission_id), result.observations)
    write_parquet(folder.totals(receipt.submission_id), result.totals)
    return replace(
        outcome,
        rows_read=result.observations.num_rows,
        refusal=result.refusal,
        remarks=tidied.remarks + result.remarks,
        corrections_met=tuple(sorted(result.met)),
    )


def _refusing(receipt: Receipt, pieces: Iterator[pa.Table]) -> Iterator[pa.Table]:
    with _unforeseen_refused(receipt):
        yield from pieces


@contextmanager
def _unforeseen_refused(receipt: Receipt) -> Iterator[None]:
    """A reader that fails on one file must not stop the other files. A disk that is full does."""
    try:
        yield
    except (Refusal, GeneratorExit):
        raise
    except Exception as error:
        raise _unforeseen(receipt, error) from error


def _read(workspace: Workspace, source: Source, receipt: Receipt, resolver: Resolver) -> Tidied:
    landed, calendars = workspace.state.landed, workspace.calendars
    with _unforeseen_refused(receipt):
        if receipt.medium == "api":
            return tidy_answer(
                landed,
                receipt.file_sha256,
                receipt.file_name,
                source,
                resolver,
                calendars,
                submission_id=receipt.submission_id,
                received_at=receipt.received_at,
            )
        return tidy(
            receipt.bytes_path(landed),
            receipt.file_name,
            source,
            resolver,
            calendars,
            submission_id=receipt.submission_id,
            received_at=receipt.received_at,
        )


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


def _remember(folder: TidyFolder, outcome: TidyOutcome) -> None:
    content = {
        "made_from": outcome.made_from,
        "cells_read": outcome.cells_read,
        "rows_read": outcome.rows_read,
        "notes": list(outcome.notes),
        "refusal": _refusal_content(outcome.refusal),
        "remarks": [asdict(remark) for remark in outcome.remarks],
        "corrections_met": list(outcome.corrections_met),
        "changes_only": outcome.changes_only,
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
        receipt,
        made_from,
        content["cells_read"],
        content["rows_read"],
        tuple(content["notes"]),
        refusal,
        tuple(Remark(**remark) for remark in content["remarks"]),
        tuple(content["corrections_met"]),
        content["changes_only"],
        is_remembered=True,
    )
