"""The registry's files are landed too, so that a rebuild knows by which registry a release was made."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from ingest.landing.delivery import Receipt, keep_bytes, receipts, sha256_of, submission_id, write_receipt

#: Where its receipts stand, beside those of the sources; no source can bear this name.
REGISTRY_SOURCE = "_registry"


def land_registry(folder: Path, landed: Path) -> int:
    """Land the files of ``WORKSPACE/registry`` that changed; returns how many did."""
    latest = {receipt.file_name: receipt.file_sha256 for receipt in receipts(landed, REGISTRY_SOURCE)}
    changed = 0
    for path in sorted([*folder.glob("*.csv"), *folder.glob("*.xlsx")]):
        sha256 = sha256_of(path)
        if latest.get(path.name) == sha256:
            continue
        now = datetime.now(UTC)
        keep_bytes(landed, path, sha256)
        write_receipt(
            landed,
            Receipt(
                submission_id=submission_id(REGISTRY_SOURCE, path.name, sha256, now),
                source_code=REGISTRY_SOURCE,
                file_name=path.name,
                file_sha256=sha256,
                file_bytes=path.stat().st_size,
                received_at=now,
                landed_at=now,
                medium="registry",
            ),
        )
        changed += 1
    return changed
