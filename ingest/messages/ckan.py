"""CKAN ``datastore_search``: records and the types of their fields; the total counts from the first record of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ingest.messages.json_text import load_json, whole_number
from ingest.messages.records import RecordTable
from ingest.messages.table import Document, MessageOptions, MessageRefusedError, MessageTable, data_documents

#: CKAN's own row number; it tells a record that two pages share.
ROW_NUMBER = "_id"


def read_ckan(documents: Sequence[Document], options: MessageOptions) -> MessageTable:
    """Read pages of one or more datastore searches. Columns stand in the order of ``fields``.

    Raises ``MessageRefusedError`` for ``success: false`` and for records in a form other than objects or lists.
    """
    table = RecordTable(options.key)
    for number, document in enumerate(data_documents(documents)):
        result = _result(load_json(document), document)
        names = [str(item["id"]) for item in result.get("fields") or []]
        if number == 0 and not options.key and ROW_NUMBER in names:
            table.identify_by((ROW_NUMBER,))
        table.declare(names)
        records = result.get("records")
        if not isinstance(records, list):
            raise MessageRefusedError(
                document.name,
                "/result/records",
                "bản ghi không ở dạng objects hoặc lists.",
                "the records are in a form other than objects or lists; ask for records_format=objects.",
            )
        if result.get("records_format") == "lists" or (records and isinstance(records[0], list)):
            table.add_lists(records, names, "/result/records", document)
        else:
            table.add_objects(records, "/result/records", document)
        _count(result, document, table)
    table.note_repeats()
    return table.finish()


def _result(message: Any, document: Document) -> dict[str, Any]:
    if isinstance(message, dict) and message.get("success") is True and isinstance(message.get("result"), dict):
        return dict(message["result"])
    error = message.get("error") if isinstance(message, dict) else None
    said = error.get("message") or error.get("__type") if isinstance(error, dict) else error
    raise MessageRefusedError(
        document.name, "/success", f"CKAN báo không thành công: {said}", f"CKAN reports no success: {said}"
    )


def _count(result: dict[str, Any], document: Document, table: RecordTable) -> None:
    total = whole_number(result.get("total"))
    if total is None:
        return
    if result.get("total_was_estimated"):
        table.find(
            "estimated_total",
            f"{document.name}: tổng số bản ghi {total} chỉ là ước lượng.",
            f"{document.name}: the total of {total} records is an estimate.",
        )
        return
    table.announce(document, total)
    table.starts_at(document, whole_number(result.get("offset")) or 0)
