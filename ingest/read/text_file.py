"""Text files (csv, tsv and their relatives) as one sheet: encoding, delimiter and quoting are told from the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from ingest.parse.delimiters import sniff_delimiter
from ingest.parse.encodings import DecodingError, decode
from ingest.read.column import Column, text_column
from ingest.read.package import Limits
from ingest.read.refusal import unreadable
from ingest.read.sheet_xml import SheetDetails

RowWidths = np.ndarray[Any, np.dtype[np.int32]]
_LONGEST_CELL = 10_000_000
_NO_TEXTS = pa.DictionaryArray.from_arrays(pa.array([], pa.int32()), pa.array([], pa.string()))


class TextGrid:
    """A text file as a sheet: each record is a row, also where a quoted cell spans several lines.

    ``row_widths`` says how many cells each record has, where they differ.
    """

    merged: tuple[tuple[int, int, int, int], ...] = ()
    xml: SheetDetails | None = None

    def __init__(self, name: str, columns: list[pa.Array], height: int, row_widths: RowWidths | None = None) -> None:
        self.name = name
        self.height = height
        self.width = len(columns)
        self.row_widths = row_widths
        self._columns = columns

    def text(self, row: int, column: int) -> str:
        if 0 <= column < self.width and 0 <= row < self.height:
            return self._columns[column][row].as_py() or ""
        return ""

    def row_texts(self, row: int) -> list[str]:
        return [self.text(row, column) for column in range(self.width)]

    def column(self, column: int, start: int, stop: int) -> Column:
        if not 0 <= column < self.width:
            return text_column(pa.nulls(stop - start, pa.string()))
        return text_column(self._columns[column].slice(start, stop - start))


def read_text_grid(
    content: bytes, file_name: str, *, encoding: str | None, delimiter: str | None, limits: Limits
) -> tuple[TextGrid, str, str]:
    """The sheet of a text file, with the encoding and the delimiter used. Raises ``Refusal`` (STR-01)."""
    try:
        decoded = decode(content, encoding)
    except DecodingError as error:
        raise unreadable(
            file_name,
            f"không đọc được chữ trong tệp ({error}). Hãy lưu tệp ở dạng UTF-8, hoặc sửa khóa encoding của nguồn.",
            f"the text cannot be read ({error}). Save the file as UTF-8, or mend the source's key encoding.",
        ) from None
    text, used = decoded.text.removeprefix("\ufeff"), decoded.encoding
    if "\x00" in text[:100_000]:
        raise unreadable(
            file_name,
            "không phải là bảng tính hay tệp văn bản. Hãy nộp tệp .xlsx, .xls, .ods hoặc .csv.",
            "this is neither a workbook nor a text file. Hand in .xlsx, .xls, .ods or .csv.",
        )
    chosen = delimiter or sniff_delimiter(text[:1_000_000]) or ","
    is_utf_8 = used == "utf-8" and len(text) == len(content)  # the same letters, the same bytes
    try:
        columns, height, row_widths = _columns(text, chosen, content if is_utf_8 else text.encode())
    except csv.Error as error:
        raise unreadable(
            file_name,
            f"không phải bảng phân cách hợp lệ ({error}). Hãy kiểm tra dấu ngoặc kép và xuất lại tệp.",
            f"this is not well-formed delimited text ({error}). Check its quotes and save it again.",
        ) from None
    if height * len(columns) > limits.cells:
        raise unreadable(
            file_name,
            f"có {height * len(columns):,} ô, quá giới hạn {limits.cells:,}. Hãy chia nhỏ tệp.",
            f"has {height * len(columns):,} cells, more than the limit of {limits.cells:,}. Split it.",
        )
    return TextGrid(file_name.rsplit("/", 1)[-1], columns, height, row_widths), used, chosen


def _columns(text: str, delimiter: str, utf_8: bytes) -> tuple[list[pa.Array], int, RowWidths | None]:
    regular = _regular_columns(text, delimiter, utf_8)
    return (*regular, None) if regular is not None else _ragged_columns(text, delimiter)


def _regular_columns(text: str, delimiter: str, utf_8: bytes) -> tuple[list[pa.Array], int] | None:
    """The fast way, for files whose every record has as many cells; None where one has not."""
    first = next(_records(text[:1_000_000], delimiter), [])
    names = [str(number) for number in range(len(first))]
    if not names:
        return None
    is_quoted = '"' in text  # without quotes every end of line ends a record, and blocks are cut without looking
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(utf_8),
            read_options=pa_csv.ReadOptions(column_names=names, block_size=4_000_000),
            parse_options=pa_csv.ParseOptions(
                delimiter=delimiter,
                quote_char='"' if is_quoted else False,
                newlines_in_values=is_quoted,
                ignore_empty_lines=False,
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, null_values=[]
            ),
        )
    except pa.ArrowInvalid:
        return None
    height = table.num_rows
    with ThreadPoolExecutor(min(len(names), 4)) as beside:
        return list(beside.map(_encoded, table.itercolumns())), height


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _encoded(column: pa.ChunkedArray) -> pa.Array:
    """Each distinct text of a column once. Reading texts and then this is twice as fast as reading into codes."""
    encoded = column.dictionary_encode()
    return encoded.combine_chunks() if encoded.num_chunks else _NO_TEXTS


def _ragged_columns(text: str, delimiter: str) -> tuple[list[pa.Array], int, RowWidths]:
    rows = list(_records(text, delimiter))
    width = max((len(row) for row in rows), default=0)
    return (
        [pa.array([row[column] if column < len(row) else "" for row in rows], pa.string()) for column in range(width)],
        len(rows),
        np.array([len(row) for row in rows], np.int32),
    )
