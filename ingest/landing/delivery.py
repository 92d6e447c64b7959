"""A delivery: what was handed in, when, and where its bytes are kept.

The bytes stand once under ``landed/bytes/ab/<sha256>``, read-only. Each delivery of them has a receipt under
``landed/receipts/SOURCE/<submission_id>.json``. Receipts are never changed or removed: the history of what was known
when (domain.md 3.4) is the list of receipts.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest.state import fingerprint
from ingest.state.whole_file import copy_atomically, write_json

READ_ONLY = 0o444


@dataclass(frozen=True)
class Receipt:
    """Receipt of one delivery.

    ``received_at`` is when the agency handed it in (knowledge time), ``landed_at`` when this machine took it over;
    both UTC. ``duplicate_of`` names the submission whose content it repeats with nothing else handed in between.
    """

    submission_id: str
    source_code: str
    file_name: str
    file_sha256: str
    file_bytes: int
    received_at: datetime
    landed_at: datetime
    medium: str = "file"
    duplicate_of: str | None = None

    def bytes_path(self, landed: Path) -> Path:
        """Where its content is kept."""
        return content_path(landed, self.file_sha256)


def content_path(landed: Path, sha256: str) -> Path:
    return landed / "bytes" / sha256[:2] / sha256


def submission_id(source_code: str, file_name: str, sha256: str, received_at: datetime) -> str:
    """The same file of the same source, received at the same moment, is the same submission, wherever it is run."""
    return fingerprint(source_code, file_name, sha256, received_at.astimezone(UTC).isoformat())


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's content, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def keep_bytes(landed: Path, source: Path, sha256: str) -> Path:
    """Copy a file under its content address, once. Raises ``OSError`` if the disk does."""
    target = content_path(landed, sha256)
    if not target.exists():
        copy_atomically(source, target, durable=True)
        target.chmod(READ_ONLY)
    return target


def write_receipt(landed: Path, receipt: Receipt) -> None:
    content = asdict(receipt) | {
        "received_at": receipt.received_at.astimezone(UTC).isoformat(),
        "landed_at": receipt.landed_at.astimezone(UTC).isoformat(),
    }
    del content["duplicate_of"]  # follows from the receipts together, whatever the order they came in
    write_json(landed / "receipts" / receipt.source_code / f"{receipt.submission_id}.json", content)


def receipts(landed: Path, source_code: str) -> list[Receipt]:
    """Every delivery of a source, oldest first; the order in which files were landed makes no difference."""
    found: list[Receipt] = []
    for path in sorted((landed / "receipts" / source_code).glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        for moment in ("received_at", "landed_at"):
            content[moment] = datetime.fromisoformat(content[moment])
        found.append(Receipt(**content))
    found.sort(key=lambda receipt: (receipt.received_at, receipt.file_name, receipt.submission_id))
    return [_marked(receipt, found[:position]) for position, receipt in enumerate(found)]


def _marked(receipt: Receipt, earlier: list[Receipt]) -> Receipt:
    """A repeat is a no-op only while nothing else was handed in between: A, B, A takes B back."""
    if earlier and earlier[-1].file_sha256 == receipt.file_sha256:
        first = earlier[-1].duplicate_of or earlier[-1].submission_id
        return Receipt(**{**asdict(receipt), "duplicate_of": first})
    return receipt
