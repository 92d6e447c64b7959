"""What a source hands in, by either door: files put into its inbox, and the answer of its API.

An API that cannot be asked refuses nothing that is here already: why is kept for the run to report, and the next
asking goes on where this one stopped.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from ingest.fetch import FetchError, fetch_source
from ingest.landing import InboxRefusal, Receipt, inbox_refusals, land, write_inbox_refusals
from ingest.state.whole_file import write_json
from ingest.workspace import Workspace


def receive_files(workspace: Workspace, source_code: str) -> list[Receipt]:
    """Land what is new in a source's inbox; what is refused there is kept for the gate and the report."""
    result = land(
        workspace.inbox_dir(source_code),
        workspace.state.landed,
        source_code,
        patterns=workspace.sources[source_code].files,
        time_zone=workspace.settings.time_zone,
    )
    write_inbox_refusals(workspace.state.landed, source_code, result.refused)
    return result.new


def receive_answer(workspace: Workspace, source_code: str) -> Receipt | None:
    """Ask a source's API and land what it answers; None if it has none, has nothing new, or cannot be asked."""
    spec, landed = workspace.sources[source_code].fetch, workspace.state.landed
    record = _record(landed, source_code)
    if spec is None:
        record.unlink(missing_ok=True)
        return None
    try:
        receipt = fetch_source(source_code, spec, landed, workspace.state.fetch(source_code))
    except FetchError as error:
        vi = f"{error.message_vi} Số liệu đã nhận trước đây vẫn giữ nguyên; lần chạy sau sẽ hỏi lại."
        en = f"{error.message_en} What was received before stays; the next run asks again."
        write_json(record, asdict(InboxRefusal(source_code, spec.url, vi, en)))
        return None
    record.unlink(missing_ok=True)
    return receipt


def api_refusals(landed: Path, source_code: str) -> list[InboxRefusal]:
    """Why the last asking of a source's API failed; empty if it did not."""
    record = _record(landed, source_code)
    return [InboxRefusal(**json.loads(record.read_text(encoding="utf-8")))] if record.exists() else []


def refused_at_the_door(landed: Path, source_code: str) -> list[InboxRefusal]:
    """What the last look into the inbox refused, and why the last asking of the API failed."""
    return [*inbox_refusals(landed, source_code), *api_refusals(landed, source_code)]


def _record(landed: Path, source_code: str) -> Path:
    return landed / "refused" / f"{source_code}.api.json"
