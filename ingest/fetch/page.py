"""A landed page, read just far enough to know whether it is whole, how many records it has, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.fetch.apis import HABITS
from ingest.fetch.paging import Page
from ingest.fetch.problem import FetchError
from ingest.fetch.query import Query
from ingest.fetch.spec import FetchSpec, Offset, PageNumber
from ingest.messages import FORMATS, Document, MessageRefusedError, read_message
from ingest.messages.columnar import columns_at, row_count
from ingest.messages.delimited import text_records
from ingest.messages.json_text import find, find_lists, load_json, whole_number
from ingest.messages.xml_text import elements


def read_page(spec: FetchSpec, query: Query, document: Document, headers: Mapping[str, str]) -> Page:
    """What paging needs to know. Raises ``MessageRefusedError`` if the body is not whole, or not of its kind."""
    _refuse_web_page(document)
    if query.role == "structure":
        if document.content.lstrip()[:1] in b"{[":
            load_json(document)
        else:
            _read_through(document)
        return Page(None, headers, None, None)
    syntax = FORMATS[spec.api].syntax
    if syntax == "xml":
        _read_through(document)
        return _counted(spec, Page(None, headers, None, None))
    if syntax == "csv":
        return Page(None, headers, len(text_records(document, spec.message).records), None)
    return _counted(spec, _json_page(spec, document, headers))


def _json_page(spec: FetchSpec, document: Document, headers: Mapping[str, str]) -> Page:
    message = load_json(document)
    habits = HABITS[spec.api]
    path = spec.message.records if spec.message.records is not None else habits.records
    total_path = spec.message.total or habits.total
    total = whole_number(find(message, total_path)) if total_path else None
    if spec.message.columnar:
        by_name, _ = columns_at(message, path or "", document)
        return Page(message, headers, row_count(by_name, path or "", document), total)
    if path is None:
        return Page(message, headers, None, total)
    lists = list(find_lists(message, path))
    if not lists:
        read_message(spec.api, [document], spec.message)  # says what is wrong; an empty answer passes
    count = sum(len(records) for records, _, _ in lists) - (len(lists) if spec.message.header else 0)
    return Page(message, headers, max(count, 0), total)


def _counted(spec: FetchSpec, page: Page) -> Page:
    paging = spec.paging or HABITS[spec.api].paging
    if page.count is None and isinstance(paging, PageNumber | Offset):
        raise FetchError(
            "configuration",
            "không đếm được bản ghi của trang; hãy khai báo message.records.",
            "the records of a page cannot be counted; declare message.records.",
        )
    return page


def _read_through(document: Document) -> None:
    for event, element in elements(document):
        if event == "end":
            element.clear()


def _refuse_web_page(document: Document) -> None:
    start = document.content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise MessageRefusedError(
            document.name,
            document.media_type or "",
            "là trang web, không phải dữ liệu (đăng nhập, bảo trì?).",
            "is a web page, not data (a log-in or maintenance page?).",
        )
