"""Delimited text over HTTP: records by the names in the first line, each cell addressed by column letter and line."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.messages.records import RecordTable
from ingest.messages.table import Document, MessageOptions, MessageRefusedError, MessageTable, data_documents

BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DELIMITERS = ",;\t|"
#: A field larger than this is an unclosed quote, not a field.
LARGEST_FIELD = 1_000_000


@dataclass(frozen=True)
class TextRecords:
    """Names of the columns and the records below them, each with its line (of its last part, if it has several)."""

    names: list[str]
    records: list[tuple[int, list[str]]]


def read_csv(documents: Sequence[Document], options: MessageOptions) -> MessageTable:
    """Read delimited text. All documents must have the same columns; a ragged line is refused, never shifted.

    An empty field is the empty text. Raises ``MessageRefusedError`` as described, and for bytes that do not decode.
    """
    table = RecordTable(options.key)
    first: list[str] | None = None
    for document in data_documents(documents):
        content = text_records(document, options)
        if first is not None and content.names != first:
            raise MessageRefusedError(
                document.name, "line 1", "các cột khác với trang trước.", "has other columns than the page before."
            )
        first = content.names
        table.declare(first)
        for line, record in content.records:
            table.add_record(dict(zip(first, record, strict=True)), str(line), document)
    table.places = {name: column_letters(number) for number, name in enumerate(first or [])}
    table.note_repeats()
    return table.finish(addressing="grid")


def text_records(document: Document, options: MessageOptions) -> TextRecords:
    """Names and records of one document. Columns of the same name are told apart as ``name_2``."""
    text = decoded(document, options)
    delimiter = options.delimiter or _delimiter(text)
    names: list[str] = []
    records = []
    for line, fields in _lines(text, delimiter, document):
        if not names:
            names = _distinct(fields)
        elif fields and len(fields) != len(names):
            raise MessageRefusedError(
                document.name,
                f"line {line}",
                f"có {len(fields)} ô, tiêu đề có {len(names)} cột.",
                f"has {len(fields)} fields where the header has {len(names)}.",
            )
        elif fields:
            records.append((line, fields))
    return TextRecords(names, records)


def decoded(document: Document, options: MessageOptions) -> str:
    """The text: by the option, the byte order mark, the answer's charset, UTF-8, in this order."""
    marked = next((name for mark, name in BYTE_ORDER_MARKS if document.content.startswith(mark)), None)
    charset = re.search(r"charset=\"?([\w-]+)", document.media_type or "", re.IGNORECASE)
    encoding = options.encoding or marked or (charset.group(1) if charset else "utf-8")
    try:
        return document.content.decode(encoding).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError) as error:
        raise MessageRefusedError(
            document.name,
            str(error),
            f"không giải mã được theo {encoding}; hãy khai báo encoding.",
            f"cannot be decoded as {encoding}; declare its encoding.",
        ) from None


def column_letters(number: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _lines(text: str, delimiter: str, document: Document) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LARGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for fields in reader:
            yield reader.line_num, fields
    except csv.Error as error:
        raise MessageRefusedError(
            document.name,
            f"line {reader.line_num}",
            f"không phải văn bản phân cách đúng dạng ({error}).",
            f"is not well-formed delimited text ({error}).",
        ) from None


def _delimiter(text: str) -> str:
    """The one that the first line has most of, outside quotes and brackets (``CONF[;]`` of SDMX-CSV)."""
    line = re.sub(r'"[^"]*"|\[[^\]]*\]', "", text.lstrip("\r\n").partition("\n")[0])
    return max(DELIMITERS, key=line.count)


def _distinct(names: Sequence[str]) -> list[str]:
    counts: dict[str, int] = {}
    distinct = []
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        distinct.append(name if counts[name] == 1 else f"{name}_{counts[name]}")
    return distinct
