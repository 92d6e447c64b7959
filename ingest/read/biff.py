"""What the fast reader does not tell of an .xls (BIFF8): errors, percentages, hidden rows and columns, cells' looks.

Only the records that say so are looked at ([MS-XLS] 2.4); nothing else of the format is interpreted here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from ingest.read.found_details import PLAIN, CellLook, FoundDetails
from ingest.read.number_formats import percent_formats

_BOUND_SHEET, _BOF, _EOF, _XF, _FORMAT = 0x0085, 0x0809, 0x000A, 0x00E0, 0x041E
_NUMBER, _RK, _MULRK, _BOOLERR, _FORMULA = 0x0203, 0x027E, 0x00BD, 0x0205, 0x0006
_ROW, _COLUMNS, _FONT, _SHARED_TEXT, _TEXT = 0x0208, 0x007D, 0x0031, 0x00FD, 0x0204
_BOLD_WEIGHT = 600
#: BErr ([MS-XLS] 2.5.10).
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_BIFF8 = 0x0600

Record = tuple[int, int, bytes]  # offset, type, content


def read_xls_details(path: Path) -> dict[str, FoundDetails]:
    """Details by sheet name; empty for workbooks before Excel 97. Raises ``ValueError`` where records are cut off."""
    stream = _workbook_stream(path)
    names: dict[int, str] = {}
    styles: list[int] = []
    looks: list[tuple[int, int]] = []
    is_bold: list[bool] = []
    formats: dict[int, str] = {}
    for _, kind, content in _records(stream, 0):
        if kind == _BOF and struct.unpack_from("<H", content)[0] != _BIFF8:
            return {}
        if kind == _BOUND_SHEET:
            names[struct.unpack_from("<I", content)[0]] = _short_text(content[6:], wide_count=False)
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", content, 2)[0])
            looks.append((struct.unpack_from("<H", content)[0], content[8] & 0x0F))
        elif kind == _FONT:
            is_bold.append(struct.unpack_from("<H", content, 6)[0] >= _BOLD_WEIGHT)
        elif kind == _FORMAT:
            formats[struct.unpack_from("<H", content)[0]] = _short_text(content[2:], wide_count=True)
    wanted = percent_formats(formats)
    percent = frozenset(style for style, number in enumerate(styles) if number in wanted)
    found = [CellLook(indent, _bold(is_bold, font)) for font, indent in looks]
    return {name: _sheet(stream, offset, percent, found) for offset, name in names.items()}


def _bold(is_bold: list[bool], font: int) -> bool:
    """Fonts are counted without a number 4 ([MS-XLS] 2.5.129)."""
    at = font - 1 if font > 4 else font
    return at < len(is_bold) and is_bold[at]


def _workbook_stream(path: Path) -> bytes:
    import olefile  # type: ignore[import-untyped]

    with olefile.OleFileIO(str(path)) as compound:
        if not compound.exists("Workbook"):
            return b""
        content: bytes = compound.openstream("Workbook").read()
        return content


def _records(stream: bytes, start: int) -> Iterator[Record]:
    """Records of one substream, up to its end."""
    at, depth = start, 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if at + 4 + size > len(stream):
            raise ValueError(f"record {kind:#06x} at byte {at} is cut off")
        depth += (kind == _BOF) - (kind == _EOF)
        yield at, kind, stream[at + 4 : at + 4 + size]
        if depth == 0:
            return
        at += 4 + size


def _short_text(content: bytes, *, wide_count: bool) -> str:
    """A Unicode string with its count of characters in one byte, or in two."""
    count, at = (struct.unpack_from("<H", content)[0], 2) if wide_count else (content[0], 1)
    is_wide = content[at] & 1
    text = content[at + 1 : at + 1 + count * (2 if is_wide else 1)]
    return text.decode("utf-16-le" if is_wide else "latin-1")


def _sheet(stream: bytes, offset: int, percent: frozenset[int], looks: list[CellLook]) -> FoundDetails:
    details = FoundDetails()
    hidden_rows: set[int] = set()
    for _, kind, content in _records(stream, offset):
        if kind == _ROW and content[12] & 0x20:
            hidden_rows.add(struct.unpack_from("<H", content)[0])
        elif kind == _COLUMNS and content[8] & 1:
            details.hidden_columns += (struct.unpack_from("<HH", content),)
        elif kind in {_SHARED_TEXT, _TEXT}:
            row, column, style = struct.unpack_from("<HHH", content)
            details.add_look(row, column, looks[style] if style < len(looks) else PLAIN)
        if kind not in {_NUMBER, _RK, _MULRK, _BOOLERR, _FORMULA}:
            continue
        row, column, style = struct.unpack_from("<HHH", content)
        error = _error(kind, content)
        if error is not None:
            details.errors[(row, column)] = _ERRORS.get(error, f"#ERROR {error}")
        elif kind == _MULRK:
            for position in range((len(content) - 6) // 6):
                if struct.unpack_from("<H", content, 4 + 6 * position)[0] in percent:
                    details.add_percent(row, column + position)
        elif kind != _BOOLERR and style in percent:
            details.add_percent(row, column)
    details.hidden_rows = frozenset(hidden_rows)
    return details


def _error(kind: int, content: bytes) -> int | None:
    """The error code of a cell that holds one: typed, or as the stored result of a formula."""
    if kind == _BOOLERR and content[7]:
        return content[6]
    if kind == _FORMULA and content[12:14] == b"\xff\xff" and content[6] == 2:
        return content[8]
    return None
