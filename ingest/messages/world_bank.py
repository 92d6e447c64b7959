"""World Bank indicators API v1 and v2: a pair of header and rows, nulls in between, numbers as texts (v1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ingest.messages.json_text import load_json, text_of, whole_number
from ingest.messages.records import RecordTable
from ingest.messages.table import LABEL, Document, MessageOptions, MessageRefusedError, MessageTable, data_documents

#: What identifies an observation, to tell one that two pages share.
KEY = ("indicator", "country", "date")


def read_world_bank(documents: Sequence[Document], options: MessageOptions) -> MessageTable:
    """Read pages of one or more indicators: ``indicator`` and ``country`` by code and label, ``date``, ``value``.

    Raises ``MessageRefusedError`` for an error message and for anything that is not a pair of header and rows.
    """
    table = RecordTable(options.key or KEY)
    for document in data_documents(documents):
        message = load_json(document)
        header = message[0] if isinstance(message, list) and message and isinstance(message[0], dict) else {}
        if "message" in header:
            said = "; ".join(f"{item.get('key')}: {item.get('value')}" for item in header["message"])
            raise MessageRefusedError(document.name, "/0/message", f"máy chủ báo: {said}", f"the API reports: {said}")
        if "total" not in header or len(message) != 2:
            raise MessageRefusedError(
                document.name, "", "không phải cặp [đầu trang, các dòng].", "is not a pair of header and rows."
            )
        table.note(text_of(header.get("lastupdated")))
        table.add_objects([_coded(record) for record in message[1] or []], "/1", document)
        total = whole_number(header["total"])
        if total is not None:
            table.announce(document, total)
    table.places |= {"indicator": "/indicator/id", "country": "/country/id"}
    table.places |= {"indicator" + LABEL: "/indicator/value", "country" + LABEL: "/country/value"}
    table.note_repeats()
    return table.finish()


def _coded(record: Any) -> Any:
    """``{"id": code, "value": label}`` as two columns; anything else as it is."""
    if not isinstance(record, dict):
        return record
    row: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, Mapping) and {"id", "value"} <= value.keys():
            row |= {key: value["id"], key + LABEL: value["value"]}
        else:
            row[key] = value
    return row
