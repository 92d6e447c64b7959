"""A finished fetch as a submission: a list of landed responses, itself landed by content, with a receipt.

The list holds no times, so that the same answer fetched twice is the same file, and the second fetch is no submission.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from ingest.fetch.problem import FetchError
from ingest.fetch.spec import FetchSpec
from ingest.fetch.state import LandedResponse
from ingest.landing.delivery import READ_ONLY, Receipt, content_path, receipts, submission_id, write_receipt
from ingest.messages import Document, MessageOptions, MessageTable, read_message
from ingest.state.whole_file import write_atomically, write_json

#: Headers that say what the body is, how fresh it is, and what the server asks for. Others are not kept.
KEPT_HEADERS = (
    "content-type",
    "content-encoding",
    "content-language",
    "date",
    "etag",
    "last-modified",
    "link",
    "retry-after",
)


@dataclass(frozen=True)
class Answer:
    """What a fetch brought. ``scope`` is ``changes`` if it holds only what changed: absence then means nothing."""

    api: str
    message: MessageOptions
    scope: Literal["full", "changes"]
    documents: list[dict[str, Any]]


def keep_content(landed: Path, content: bytes) -> str:
    """Keep bytes under their SHA-256, once; gives it back."""
    sha256 = hashlib.sha256(content).hexdigest()
    target = content_path(landed, sha256)
    if not target.exists():
        write_atomically(target, content)
        target.chmod(READ_ONLY)
    return sha256


def write_response_receipt(landed: Path, source_code: str, response: LandedResponse) -> None:
    """Receipt of one response, beside its bytes; also of those that a broken-off fetch leaves unused."""
    moment = response.received_at.strftime("%Y%m%dT%H%M%S%fZ")
    name = f"{moment}-{response.page:05d}-{response.sha256[:12]}.json"
    write_json(
        landed / "responses" / source_code / name, asdict(response) | {"received_at": response.received_at.isoformat()}
    )


def deliver(
    source_code: str,
    spec: FetchSpec,
    responses: Sequence[LandedResponse],
    landed: Path,
    *,
    scope: Literal["full", "changes"],
) -> Receipt | None:
    """Write the receipt of a finished fetch; None if it brought nothing new. Doing it twice is doing it once."""
    if not any(response.role == "data" and not response.reused for response in responses):
        return None
    content = json.dumps(
        {
            "api": spec.api,
            "message": spec.message.model_dump(mode="json", exclude_defaults=True),
            "scope": scope,
            "documents": [
                {
                    "name": response.name,
                    "request": response.request,
                    "role": response.role,
                    "sha256": response.sha256,
                    "media_type": response.headers.get("content-type"),
                }
                for response in responses
            ],
        },
        ensure_ascii=False,
        indent=1,
    ).encode()
    sha256 = keep_content(landed, content)
    known = receipts(landed, source_code)
    if known and known[-1].file_sha256 == sha256:
        return None
    received_at = max(response.received_at for response in responses)
    file_name = f"{source_code}.api.json"
    receipt = Receipt(
        submission_id=submission_id(source_code, file_name, sha256, received_at),
        source_code=source_code,
        file_name=file_name,
        file_sha256=sha256,
        file_bytes=len(content) + sum(response.size for response in responses),
        received_at=received_at,
        landed_at=received_at,
        medium="api",
    )
    write_receipt(landed, receipt)
    return receipt


def load_answer(landed: Path, sha256: str) -> Answer:
    """The list of responses that a receipt of medium ``api`` names."""
    content = json.loads(content_path(landed, sha256).read_text(encoding="utf-8"))
    return Answer(content["api"], MessageOptions(**content["message"]), content["scope"], content["documents"])


def read_answer(landed: Path, sha256: str, spec: FetchSpec | None = None) -> MessageTable:
    """Read the responses of an answer as one long table.

    How they are read is the source file's to say, also of what was landed before it said so; without ``spec``, or
    where the answer is of another kind of API, it is what was said at the time.
    Raises ``MessageRefusedError`` if the messages cannot be read, ``FetchError`` if landed bytes were altered.
    """
    answer = load_answer(landed, sha256)
    documents = [
        Document(item["name"], landed_bytes(landed, item["sha256"]), item["request"], item["role"], item["media_type"])
        for item in answer.documents
    ]
    message = spec.message if spec is not None and spec.api == answer.api else answer.message
    return read_message(answer.api, documents, message)


def landed_bytes(landed: Path, sha256: str) -> bytes:
    """Bytes by their address, checked against it."""
    content = content_path(landed, sha256).read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise FetchError(
            "unreadable", f"tệp đã lưu {sha256[:12]} bị thay đổi.", f"the landed bytes {sha256[:12]} were altered."
        )
    return content
