"""DHIS2: ``dataValueSets`` (what was entered) and ``analytics`` (what DHIS2 has added up)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ingest.messages.json_text import load_json, whole_number
from ingest.messages.records import RecordTable
from ingest.messages.table import LABEL, Document, MessageOptions, MessageRefusedError, MessageTable, data_documents

#: What an entry may leave to the head of the set.
INHERITED = ("dataSet", "period", "orgUnit", "attributeOptionCombo")
#: Who typed it: personal data, of no use to a warehouse of performance.
PERSONAL = ("storedBy", "createdByUserInfo", "lastUpdatedByUserInfo", "completedBy")
DELETED = "deleted"


def read_dhis2_values(documents: Sequence[Document], options: MessageOptions) -> MessageTable:
    """Read ``dataValueSets`` JSON: one row a data value, period and organisation unit from the head where not repeated.

    Raises ``MessageRefusedError`` if there is no list of data values and no sign of an empty set.
    """
    table = RecordTable(options.key)
    for document in data_documents(documents):
        message = _object(load_json(document), document)
        head = {name: message[name] for name in INHERITED if message.get(name) is not None}
        table.add_objects(
            [_entry(record, head, table) for record in message.get("dataValues") or []], "/dataValues", document
        )
    table.note_repeats()
    return table.finish()


def read_dhis2_analytics(documents: Sequence[Document], options: MessageOptions) -> MessageTable:
    """Read an ``analytics`` answer: a column a header, and a label behind each dimension from ``metaData``.

    Raises ``MessageRefusedError`` if a row does not fit the headers.
    """
    table = RecordTable(options.key)
    for document in data_documents(documents):
        message = _object(load_json(document), document)
        headers, rows = message.get("headers"), message.get("rows")
        if not isinstance(headers, list) or not isinstance(rows, list):
            raise MessageRefusedError(document.name, "", "thiếu headers hoặc rows.", "has no headers or no rows.")
        names = [str(header["name"]) for header in headers]
        dimensions = [str(header["name"]) for header in headers if header.get("meta") is True]
        items = (message.get("metaData") or {}).get("items") or {}
        first = len(table)
        table.add_lists(rows, names, "/rows", document)
        for name in dimensions if items else ():
            for row in range(first, len(table)):
                label = (items.get(table.columns[name][row] or "") or {}).get("name")
                if label is not None:
                    table.set(row, name + LABEL, str(label))
        height = whole_number(message.get("height"))
        if height is not None:
            table.announce(document, height)
    table.note_repeats()
    return table.finish()


def _object(message: Any, document: Document) -> dict[str, Any]:
    if not isinstance(message, dict) or str(message.get("status", "")).upper() == "ERROR":
        said = message.get("message") if isinstance(message, dict) else ""
        raise MessageRefusedError(document.name, "", f"DHIS2 báo lỗi: {said}", f"DHIS2 reports an error: {said}")
    return message


def _entry(record: Any, head: dict[str, Any], table: RecordTable) -> Any:
    if not isinstance(record, dict):
        return record
    if any(name in record for name in PERSONAL):
        table.find(
            "personal_data",
            "Tên người nhập liệu có trong thông điệp và không được đọc.",
            "The message names who entered the figures; these names are not read.",
        )
    if record.get(DELETED) is True:
        table.find("deletions", "Có giá trị bị xóa (deleted = true).", "There are withdrawn values (deleted = true).")
        record = record | {"value": None}  # DHIS2 still sends what it was
    return head | {name: value for name, value in record.items() if name not in PERSONAL}
