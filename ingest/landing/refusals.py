"""What was refused at the door: files that were not taken over (LAND-01), and APIs that could not be asked (LAND-02).

They are no submissions, so that no gate judges them; why is kept for the run to report and for the steward's desk.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest.state.whole_file import write_json

NOT_TAKEN_OVER, NOT_ASKED = "LAND-01", "LAND-02"


@dataclass(frozen=True)
class InboxRefusal:
    """A file that was not taken over, and why, for the person who put it there; or an API, named by its address."""

    source_code: str
    file_name: str
    message_vi: str
    message_en: str
    rule_id: str = NOT_TAKEN_OVER


def write_inbox_refusals(landed: Path, source_code: str, refused: Sequence[InboxRefusal]) -> None:
    """Keep what the last look into the inbox refused, for the gate to report."""
    write_json(_files(landed, source_code), [asdict(refusal) for refusal in refused])


def inbox_refusals(landed: Path, source_code: str) -> list[InboxRefusal]:
    """What the last look into the inbox refused."""
    path = _files(landed, source_code)
    return [InboxRefusal(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))] if path.exists() else []


def write_api_refusal(landed: Path, refusal: InboxRefusal) -> None:
    """Keep why a source's API could not be asked."""
    write_json(_api(landed, refusal.source_code), asdict(refusal) | {"rule_id": NOT_ASKED})


def forget_api_refusal(landed: Path, source_code: str) -> None:
    """The API was asked after all, or the source has none any more."""
    _api(landed, source_code).unlink(missing_ok=True)


def api_refusals(landed: Path, source_code: str) -> list[InboxRefusal]:
    """Why the last asking of a source's API failed; empty if it did not."""
    record = _api(landed, source_code)
    return [InboxRefusal(**json.loads(record.read_text(encoding="utf-8")))] if record.exists() else []


def refused_at_the_door(landed: Path, source_code: str) -> list[InboxRefusal]:
    """What the last look into the inbox refused, and why the last asking of the API failed."""
    return [*inbox_refusals(landed, source_code), *api_refusals(landed, source_code)]


def sources_with_refusals(landed: Path) -> list[str]:
    """Sources of which something was refused at the last look."""
    names = {path.name.partition(".")[0] for path in _folder(landed).glob("*.json")}
    return sorted(name for name in names if refused_at_the_door(landed, name))


def last_refused(landed: Path, source_code: str) -> datetime:
    """When the refusals of a source were last written."""
    kept = (_files(landed, source_code), _api(landed, source_code))
    return datetime.fromtimestamp(max((path.stat().st_mtime for path in kept if path.exists()), default=0.0), UTC)


def _folder(landed: Path) -> Path:
    return landed / "refused"


def _files(landed: Path, source_code: str) -> Path:
    return _folder(landed) / f"{source_code}.json"


def _api(landed: Path, source_code: str) -> Path:
    return _folder(landed) / f"{source_code}.api.json"
