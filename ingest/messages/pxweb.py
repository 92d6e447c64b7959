"""PxWeb answers: JSON-stat 1 or 2, or PxWeb's own JSON (columns, and data of key and values)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ingest.messages.json_stat import read_json_stat
from ingest.messages.json_text import load_json, text_of
from ingest.messages.table import (
    LABEL,
    VALUE,
    Document,
    MessageOptions,
    MessageRefusedError,
    MessageTable,
    TableBuilder,
    data_documents,
)

#: PxWeb marks columns of figures by this type; all others (d, t) are dimensions.
FIGURES = "c"
CONTENTS = "ContentsCode"


def read_pxweb(documents: Sequence[Document], options: MessageOptions) -> MessageTable:
    """Read PxWeb in whichever of its JSON forms it came: the one figure a row, its content as a dimension.

    Raises ``MessageRefusedError`` if a record does not fit the columns.
    """
    data = data_documents(documents)
    messages = [load_json(document) for document in data]
    own = [isinstance(message, dict) and "columns" in message and "data" in message for message in messages]
    if not any(own):
        return read_json_stat(documents, options)
    if not all(own):
        raise MessageRefusedError(
            data[own.index(False)].name, "", "các trang có dạng khác nhau.", "the pages have different forms."
        )
    table = TableBuilder()
    for document, message in zip(data, messages, strict=True):
        _read(message, document, table)
    return table.finish()


def _read(message: dict[str, Any], document: Document, table: TableBuilder) -> None:
    dimensions = [column for column in message["columns"] if column.get("type") != FIGURES]
    contents = [column for column in message["columns"] if column.get("type") == FIGURES]
    for comment in message.get("comments") or []:
        table.note(text_of(comment.get("comment")) if isinstance(comment, dict) else text_of(comment))
    for number, record in enumerate(message["data"]):
        key, values = record.get("key") or [], record.get("values") or []
        if len(key) != len(dimensions) or len(values) != len(contents):
            raise MessageRefusedError(
                document.name, f"/data/{number}", "bản ghi không khớp với các cột.", "does not fit the columns."
            )
        known = {column["code"]: text_of(code) for column, code in zip(dimensions, key, strict=True)}
        for position, (column, value) in enumerate(zip(contents, values, strict=True)):
            row = {**known, CONTENTS: column["code"], CONTENTS + LABEL: text_of(column.get("text"))}
            row[VALUE] = text_of(value)
            table.add(row, f"/data/{number}/values/{position}", document)
