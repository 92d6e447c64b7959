"""A message as it is sent, whatever carries it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    content: bytes
    media_type: str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Message:
    """Subject, the same words as plain text and as HTML, and attachments. ``key`` is the idempotency key."""

    key: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


class DeliveryError(RuntimeError):
    """The message was not taken over. ``for_good``: trying again cannot help. The text holds no secret."""

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.for_good = for_good
