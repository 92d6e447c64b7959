"""API messages as long tables: one reader a format, no value lost, doubled or interpreted."""

from ingest.messages.formats import FORMATS, MessageFormat, read_message
from ingest.messages.table import Document, MessageFinding, MessageOptions, MessageRefusedError, MessageTable

__all__ = [
    "FORMATS",
    "Document",
    "MessageFinding",
    "MessageFormat",
    "MessageOptions",
    "MessageRefusedError",
    "MessageTable",
    "read_message",
]
