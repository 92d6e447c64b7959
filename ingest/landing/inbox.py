"""Take over what agencies put into ``WORKSPACE/inbox/SOURCE/``.

A folder named ``received=2025-07-18`` (or ``received=2025-07-18T0930``) on the path says when its files were handed
in, in the workspace's time zone; without one, that is when they are first seen. Files are never moved or changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.landing.delivery import Receipt, keep_bytes, receipts, sha256_of, submission_id, write_receipt
from ingest.landing.refusals import InboxRefusal

RECEIVED = re.compile(r"^received=(\d{4}-\d{2}-\d{2})(?:T(\d{2}):?(\d{2}))?$")
#: Left-overs of editors and file managers: nobody handed them in.
NOT_HANDED_IN = ("~$*", ".*", "Thumbs.db", "desktop.ini", "*.tmp", "*.part")
#: A submission larger than this is not a submission of performance figures.
MAXIMUM_BYTES = 2 * 1024**3


@dataclass
class LandingResult:
    """What a look into the inbox brought."""

    new: list[Receipt] = field(default_factory=list)
    refused: list[InboxRefusal] = field(default_factory=list)


def land(inbox: Path, landed: Path, source_code: str, *, patterns: Sequence[str], time_zone: str) -> LandingResult:
    """Land every file below ``inbox`` that matches one of ``patterns`` and is not landed yet.

    A file that changed since it was landed is a new delivery; one that did not is left alone.
    """
    result = LandingResult()
    latest = _latest_by_name(receipts(landed, source_code))
    for path, refusal in _files(inbox, source_code, patterns):
        if refusal:
            result.refused.append(refusal)
            continue
        file_name = path.relative_to(inbox).as_posix()
        sha256 = sha256_of(path)
        known = latest.get(file_name)
        if known and known.file_sha256 == sha256:
            continue
        now = datetime.now(UTC)
        received_at = _received_at(path.relative_to(inbox), time_zone) or now
        receipt = Receipt(
            submission_id=submission_id(source_code, file_name, sha256, received_at),
            source_code=source_code,
            file_name=file_name,
            file_sha256=sha256,
            file_bytes=path.stat().st_size,
            received_at=received_at,
            landed_at=now,
        )
        keep_bytes(landed, path, sha256)
        write_receipt(landed, receipt)
        result.new.append(receipt)
    return result


def waiting(inbox: Path, landed: Path, source_code: str, *, patterns: Sequence[str]) -> list[str]:
    """Names of files that ``land`` would take over or refuse; compares content, not dates."""
    latest = _latest_by_name(receipts(landed, source_code))
    names = []
    for path, refusal in _files(inbox, source_code, patterns):
        name = path.relative_to(inbox).as_posix()
        if refusal or name not in latest or latest[name].file_sha256 != sha256_of(path):
            names.append(name)
    return names


def _latest_by_name(known: Iterable[Receipt]) -> dict[str, Receipt]:
    """The last content landed under each name: what decides whether the file there is new."""
    by_landing = sorted(known, key=lambda receipt: (receipt.landed_at, receipt.submission_id))
    return {receipt.file_name: receipt for receipt in by_landing}


def _files(inbox: Path, source_code: str, patterns: Sequence[str]) -> Iterator[tuple[Path, InboxRefusal | None]]:
    """Files in the inbox in order of name, each with a refusal if it may not be taken over."""
    if not inbox.is_dir():
        return
    for path in sorted(inbox.rglob("*")):
        name = path.relative_to(inbox).as_posix()
        if any(fnmatch(part, ignored) for part in path.relative_to(inbox).parts for ignored in NOT_HANDED_IN):
            continue
        if path.is_symlink():
            yield (
                path,
                InboxRefusal(
                    source_code,
                    name,
                    f"{name}: là liên kết tượng trưng, không phải tệp; hãy nộp chính tệp đó.",
                    f"{name}: is a symbolic link, not a file; hand in the file itself.",
                ),
            )
        elif path.is_file() and _matches(path, inbox, patterns):
            if path.stat().st_size > MAXIMUM_BYTES:
                yield (
                    path,
                    InboxRefusal(
                        source_code,
                        name,
                        f"{name}: lớn hơn 2 GiB; hãy chia nhỏ tệp.",
                        f"{name}: is larger than 2 GiB; split it.",
                    ),
                )
            else:
                yield path, None


def _matches(path: Path, inbox: Path, patterns: Sequence[str]) -> bool:
    """A pattern with a slash is about the path below the inbox, one without about the name. Case does not count."""
    relative, name = path.relative_to(inbox).as_posix().casefold(), path.name.casefold()
    return any(fnmatch(relative if "/" in pattern else name, pattern.casefold()) for pattern in patterns)


def left_lying(inbox: Path, patterns: Sequence[str]) -> list[str]:
    """Files in the inbox that no pattern of the source takes: nobody reads them, so somebody should be told."""
    if not inbox.is_dir():
        return []
    files = (path for path in sorted(inbox.rglob("*")) if path.is_file() and not _matches(path, inbox, patterns))
    names = (path.relative_to(inbox) for path in files)
    return [
        name.as_posix()
        for name in names
        if not any(fnmatch(part, ignored) for part in name.parts for ignored in NOT_HANDED_IN)
    ]


def _received_at(relative: Path, time_zone: str) -> datetime | None:
    for part in relative.parts[:-1]:
        if match := RECEIVED.match(part):
            day, hour, minute = match.groups()
            local = datetime.fromisoformat(f"{day}T{hour or '00'}:{minute or '00'}:00")
            return local.replace(tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
    return None
