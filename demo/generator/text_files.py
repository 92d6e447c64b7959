"""Turns a workbook of one sheet into the bytes of a text file, in the encodings that agencies still use."""

from __future__ import annotations

import csv
import io
import unicodedata
from decimal import Decimal

from demo.generator.sheet import CellValue, Workbook

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


def render_text(workbook: Workbook) -> bytes:
    """Delimited text with CRLF line ends; UTF-16 and UTF-8 carry a byte order mark. Raises UnicodeEncodeError."""
    sheet = workbook.sheets[0]
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=workbook.delimiter, lineterminator="\r\n")
    lines: dict[int, dict[int, str]] = {}
    for row, column, cell in sheet.ordered():
        lines.setdefault(row, {})[column] = _text(cell.value)
    for row in range(1, max(lines) + 1):
        line = lines.get(row, {})
        writer.writerow([line.get(column, "") for column in range(1, max(line, default=0) + 1)])
    text = buffer.getvalue()
    if workbook.encoding == "windows-1258":
        return to_windows_1258(text)
    if workbook.encoding == "utf-16":
        return b"\xff\xfe" + text.encode("utf-16-le")
    return text.encode(workbook.encoding)


def to_windows_1258(text: str) -> bytes:
    """Vietnamese for Windows: letters keep circumflex, breve and horn, tones follow as combining characters."""
    composed = unicodedata.normalize("NFC", text)
    spelled = {ord(character): _tone_last(character) for character in set(composed)}
    return composed.translate(spelled).encode("cp1258")


def _tone_last(character: str) -> str:
    parts = unicodedata.normalize("NFD", character)
    letter = "".join(part for part in parts if part not in _TONES)
    return unicodedata.normalize("NFC", letter) + "".join(part for part in parts if part in _TONES)


def _text(value: CellValue) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal | float):
        return f"{value:f}".replace(".", ",")
    return str(value)
