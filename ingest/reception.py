"""What a source hands in, by either door: files put into its inbox, and the answer of its API.

An API that cannot be asked refuses nothing that is here already: why is kept for the run to report, and the next
asking goes on where this one stopped.
"""

from __future__ import annotations

from ingest.fetch import FetchError, fetch_source
from ingest.landing import InboxRefusal, Receipt, land, write_inbox_refusals
from ingest.landing.refusals import forget_api_refusal, write_api_refusal
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
    if spec is None:
        forget_api_refusal(landed, source_code)
        return None
    try:
        receipt = fetch_source(source_code, spec, landed, workspace.state.fetch(source_code))
    except FetchError as error:
        vi = f"{error.message_vi} Số liệu đã nhận trước đây vẫn giữ nguyên; lần chạy sau sẽ hỏi lại."
        en = f"{error.message_en} What was received before stays; the next run asks again."
        write_api_refusal(landed, InboxRefusal(source_code, spec.url, vi, en))
        return None
    forget_api_refusal(landed, source_code)
    return receipt
