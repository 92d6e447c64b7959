"""A landed answer as a workbook of one sheet, which a recipe reads as it reads a file: columns by name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingest.fetch.answer import load_answer, read_answer
from ingest.fetch.problem import FetchError
from ingest.fetch.spec import FetchSpec
from ingest.messages import MessageFinding, MessageRefusedError
from ingest.messages.grid import MessageGrid
from ingest.read import Refusal, Sheet, Workbook
from ingest.remark import Remark

#: What the reader of messages may notice → rule of the catalogue. Anything else is a note of the submission.
RULES = {"rows_missing": "SUB-05", "unstable_total": "SUB-06", "deletions": "SUB-07"}


@dataclass
class AnswerWorkbook(Workbook):
    """``changes_only``: what is absent has not been withdrawn. ``is_empty``: it holds no record."""

    remarks: tuple[Remark, ...] = ()
    changes_only: bool = False
    is_empty: bool = False


def open_answer(landed: Path, sha256: str, file_name: str, spec: FetchSpec | None) -> AnswerWorkbook:
    """Open an answer by its address. Raises ``Refusal`` (STR-01) for messages that cannot be read whole."""
    try:
        scope = load_answer(landed, sha256).scope
        table = read_answer(landed, sha256, spec)
    except MessageRefusedError as error:
        raise _unreadable(file_name, error.document, error.place, error.message_vi, error.message_en) from None
    except FetchError as error:
        raise _unreadable(file_name, None, None, error.message_vi, error.message_en) from None
    sheet = Sheet(file_name, False, lambda: MessageGrid(file_name, table))
    noted = [f"{found.message_vi} / {found.message_en}" for found in table.findings if found.kind not in RULES]
    remarks = tuple(_remark(file_name, found) for found in table.findings if found.kind in RULES)
    notes, is_empty = [*table.notes, *noted], table.received_rows == 0
    return AnswerWorkbook(file_name, "api", [sheet], notes, remarks, scope == "changes", is_empty)


def _remark(file_name: str, found: MessageFinding) -> Remark:
    return Remark(
        RULES[found.kind],
        found.place,
        None,
        found.observed,
        found.expected,
        f"{file_name}: {found.message_vi}",
        f"{file_name}: {found.message_en}",
    )


def _unreadable(file_name: str, document: str | None, place: str | None, why_vi: str, why_en: str) -> Refusal:
    return Refusal(
        "STR-01",
        document,
        place or None,
        f"{file_name}: {why_vi} Hãy kiểm tra khóa fetch của nguồn, hoặc hỏi cơ quan quản lý API.",
        f"{file_name}: {why_en} Check fetch of the source, or ask who runs the API.",
    )
