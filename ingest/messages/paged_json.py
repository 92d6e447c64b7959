"""Plain JSON APIs, Socrata and OData: lists of records at a place in the message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ingest.messages.columnar import add_columns
from ingest.messages.json_text import find, find_lists, load_json, whole_number
from ingest.messages.records import RecordTable
from ingest.messages.table import Document, MessageOptions, MessageRefusedError, MessageTable, data_documents

Cleaner = Callable[[Any], Any] | None

#: Members that name a column where it is described by an object.
_NAMES = ("name", "id", "code", "field", "key")
#: Socrata's own row identifier, where the query asks for it ($select=:*,*).
SOCRATA_ROW = ":id"


def read_json(documents: Sequence[Document], options: MessageOptions) -> MessageTable:
    """Read pages of plain JSON: ``options.records`` says where the records are (default: the message itself).

    Raises ``MessageRefusedError`` if nothing stands there, naming what does, and for repeats that disagree.
    """
    table = RecordTable(options.key)
    for document in data_documents(documents):
        message = load_json(document)
        if options.columnar:
            add_columns(message, options.records or "", document, table)
        else:
            _add(message, options.records or "", options, document, table)
        if options.total and (total := whole_number(find(message, options.total))) is not None:
            table.announce(document, total)
    table.note_repeats()
    return table.finish(addressing="grid" if options.columnar else "path")


def read_socrata(documents: Sequence[Document], options: MessageOptions) -> MessageTable:
    """Read pages of a Socrata resource: a list of records, in which empty fields are left out.

    Raises ``MessageRefusedError`` for an error message.
    """
    table = RecordTable(options.key)
    for document in data_documents(documents):
        message = load_json(document)
        if isinstance(message, dict):
            said = message.get("message") or message.get("code")
            raise MessageRefusedError(document.name, "", f"máy chủ báo: {said}", f"the server reports: {said}")
        if not options.key and message and isinstance(message[0], dict) and SOCRATA_ROW in message[0]:
            table.identify_by((SOCRATA_ROW,))
        _add(message, "", options, document, table)
    table.note_repeats()
    return table.finish()


def read_odata(documents: Sequence[Document], options: MessageOptions) -> MessageTable:
    """Read pages of an OData 4 collection; annotations (``@odata.…``) are no columns, ``@odata.count`` is the total.

    Raises ``MessageRefusedError`` for an error message. Entries that a delta withdraws are reported, not read.
    """
    table = RecordTable(options.key)
    for document in data_documents(documents):
        message = load_json(document)
        error = message.get("error") if isinstance(message, dict) else None
        if error:
            said = error.get("message") if isinstance(error, dict) else error
            raise MessageRefusedError(document.name, "/error", f"máy chủ báo: {said}", f"the server reports: {said}")
        _add(message, options.records or "/value", options, document, table, clean=_without_annotations(table))
        count = message.get("@odata.count", message.get("@count")) if isinstance(message, dict) else None
        if (total := whole_number(count)) is not None:
            table.announce(document, total)
    table.note_repeats()
    return table.finish()


def _add(
    message: Any, path: str, options: MessageOptions, document: Document, table: RecordTable, *, clean: Cleaner = None
) -> None:
    lists = list(find_lists(message, path))
    if not lists:
        raise _no_records(message, path, document)
    named = _named_columns(message, options.columns, document) if options.columns else []
    for records, pointer, above in lists:
        if named:
            table.add_lists(records, named, pointer, document)
        elif options.header and records:
            names = [str(name) for name in records[0]]
            table.add_lists(records[1:], names, pointer, document, first=1)
        else:
            table.add_objects(records, pointer, document, above=above, clean=clean)


def _no_records(message: Any, path: str, document: Document) -> MessageRefusedError:
    """Names what stands there instead, and the key that would read it."""
    here = find(message, path)
    by_columns = isinstance(here, dict) and any(isinstance(member, list) for member in here.values())
    there = ", ".join(list(message)[:10]) if isinstance(message, dict) else type(message).__name__
    hint = " (message: {columnar: true}?)" if by_columns else ""
    return MessageRefusedError(
        document.name,
        path or "/",
        f"không có danh sách bản ghi ở đây; thông điệp có: {there}{hint}.",
        f"there is no list of records here; the message has: {there}{hint}.",
    )


def _named_columns(message: Any, path: str, document: Document) -> list[str]:
    """The names of the columns of records that are lists, where the message has them apart."""
    found = find(message, path)
    names = [_name_of(column) for column in found] if isinstance(found, list) else []
    if not names or None in names:
        raise MessageRefusedError(
            document.name,
            path,
            "không có danh sách tên cột ở đây.",
            "there is no list of column names here.",
        )
    return [name for name in names if name is not None]


def _name_of(column: Any) -> str | None:
    if isinstance(column, dict):
        column = next((column[key] for key in _NAMES if isinstance(column.get(key), str)), None)
    return str(column) if isinstance(column, str | int | float) else None


def _without_annotations(table: RecordTable) -> Cleaner:
    def clean(record: Any) -> Any:
        if isinstance(record, dict):
            if "@removed" in record or "@odata.removed" in record:
                table.find(
                    "deletions",
                    "Có bản ghi bị rút lại (@removed); không đọc thành giá trị.",
                    "There are withdrawn entries (@removed); they are not read as values.",
                )
                return None
            return {key: clean(value) for key, value in record.items() if "@" not in key}
        return record

    return clean
