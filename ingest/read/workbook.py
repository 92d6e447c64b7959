"""Opens what an agency handed in: tells its format from its content, and refuses what is unsafe."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import python_calamine as calamine

from ingest.read.biff import read_xls_details
from ingest.read.found_details import FoundDetails
from ingest.read.grid import Grid, WorkbookGrid
from ingest.read.ods_xml import read_ods_details
from ingest.read.package import Limits, Package, check_package
from ingest.read.refusal import unreadable
from ingest.read.sheet_xml import SheetDetails, SheetXml, read_sheet_xml
from ingest.read.text_file import read_text_grid

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_DAMAGE = (
    calamine.CalamineError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    ValueError,
    KeyError,
    IndexError,
    EOFError,
    NotImplementedError,
)
_NOT_TABLES = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
    b"\x1f\x8b": "gzip",
}


@dataclass
class Sheet:
    """A sheet, read when its grid is first asked for."""

    name: str
    hidden: bool
    _load: Callable[[], Grid] = field(repr=False)
    _grid: Grid | None = field(default=None, repr=False)

    @property
    def grid(self) -> Grid:
        """Its cells. Raises ``Refusal`` where they cannot be read."""
        if self._grid is None:
            self._grid = self._load()
        return self._grid

    @property
    def was_read(self) -> bool:
        return self._grid is not None


@dataclass
class Workbook:
    """An opened file: its format, its sheets in order, and what is worth a note."""

    file_name: str
    kind: str
    sheets: list[Sheet]
    notes: list[str] = field(default_factory=list)


def open_workbook(
    path: Path,
    file_name: str,
    *,
    limits: Limits | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Workbook:
    """Open a file by its content. Raises ``Refusal`` (STR-01) for what cannot or must not be read."""
    limits = limits or Limits()
    size = path.stat().st_size
    if size == 0:
        raise unreadable(
            file_name,
            "tệp rỗng (0 byte). Hãy xuất lại tệp và nộp lại.",
            "the file is empty (0 bytes). Save it again and resubmit.",
        )
    if size > limits.file_bytes:
        raise unreadable(
            file_name,
            f"tệp lớn {size / 1e6:,.0f} MB, quá giới hạn. Hãy chia nhỏ tệp.",
            f"the file has {size / 1e6:,.0f} MB, more than the limit. Split it.",
        )
    with path.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(_ZIP):
        return _open_calamine(path, file_name, check_package(path, file_name, limits), limits)
    if head.startswith(_OLE):
        return _open_legacy(path, file_name, limits)
    for magic, what in _NOT_TABLES.items():
        if head.startswith(magic):
            raise unreadable(
                file_name,
                f"đây là tệp {what}, không phải bảng tính. Hãy nộp tệp .xlsx, .xls, .ods hoặc .csv.",
                f"this is a {what} file, not a table. Hand in .xlsx, .xls, .ods or .csv.",
            )
    return _open_text(path, file_name, limits, encoding, delimiter)


def _open_legacy(path: Path, file_name: str, limits: Limits) -> Workbook:
    with path.open("rb") as stream:
        if _ENCRYPTED_STREAM in stream.read():
            raise _protected(file_name)
    return _open_calamine(path, file_name, None, limits)


def _protected(file_name: str) -> Exception:
    return unreadable(
        file_name,
        "tệp được bảo vệ bằng mật khẩu. Hãy bỏ mật khẩu mở tệp rồi nộp lại.",
        "the file is protected by a password. Remove the password and resubmit.",
    )


def _open_calamine(path: Path, file_name: str, package: Package | None, limits: Limits) -> Workbook:
    with _refusing_damage(file_name):
        with path.open("rb") as stream:
            book = calamine.CalamineWorkbook.from_filelike(stream)
        metadata = book.sheets_metadata
    kind = package.kind if package else "xls"
    details = _Details(path, kind, package.parts if package else ())
    sheets = [
        Sheet(
            item.name,
            item.visible != calamine.SheetVisibleEnum.Visible,
            _loader(book, item.name, file_name, details, limits),
        )
        for item in metadata
        if item.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    workbook = Workbook(file_name, kind, sheets)
    if package and package.has_macros:
        workbook.notes.append("Tệp có macro; macro không được chạy. / The file holds macros, which were not run.")
    if package and package.has_external_links:
        workbook.notes.append(
            "Tệp có liên kết ngoài; dùng giá trị đã lưu. / The file holds external links; stored values were used."
        )
    return workbook


class _Details:
    """What the fast reader does not tell, by sheet. An .ods and an .xls are searched once for all their sheets."""

    def __init__(self, path: Path, kind: str, parts: tuple[str, ...]) -> None:
        self._path, self._kind, self._parts = path, kind, parts

    def of_sheet(self, name: str) -> SheetDetails | None:
        if self._kind == "xlsx":
            return read_sheet_xml(self._path, self._parts, name)
        return self._found.get(name)

    @cached_property
    def _found(self) -> dict[str, FoundDetails]:
        if self._kind == "ods":
            return read_ods_details(self._path)
        return read_xls_details(self._path) if self._kind == "xls" else {}


def _loader(
    book: calamine.CalamineWorkbook, name: str, file_name: str, details: _Details, limits: Limits
) -> Callable[[], Grid]:
    def load() -> Grid:
        with ThreadPoolExecutor(1) as beside:  # unpacking needs no interpreter: it runs while the fast reader parses
            waiting = beside.submit(details.of_sheet, name)
            with _refusing_damage(file_name):
                sheet = book.get_sheet_by_name(name)
                _check_size(file_name, sheet, limits)
                rows = sheet.to_python()
                found = waiting.result()
            _keep_marks_apart(rows, sheet.start or (0, 0), found)
            merged = tuple(
                (top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
            )
            return WorkbookGrid(name, rows, sheet.start or (0, 0), merged, found)

    return load


def _keep_marks_apart(rows: list[list[Any]], origin: tuple[int, int], details: SheetDetails | None) -> None:
    if isinstance(details, SheetXml):
        for (row, column), text in details.raised_texts.items():
            rows[row - origin[0]][column - origin[1]] = text


def _check_size(file_name: str, sheet: calamine.CalamineSheet, limits: Limits) -> None:
    cells = sheet.height * sheet.width
    if cells > limits.cells:
        raise unreadable(
            file_name,
            f"trang «{sheet.name}» rộng {cells:,} ô, quá giới hạn {limits.cells:,}. Hãy xóa dòng, cột thừa.",
            f"sheet «{sheet.name}» spans {cells:,} cells, more than the limit of {limits.cells:,}. "
            "Remove superfluous rows and columns.",
        )


@contextmanager
def _refusing_damage(file_name: str) -> Iterator[None]:
    """Whatever a broken file does to a reader is a refusal of that file.

    The fast reader panics at some broken files; a panic is no ``Exception`` and would end the whole run.
    """
    try:
        yield
    except calamine.PasswordError:
        raise _protected(file_name) from None
    except _DAMAGE as error:
        raise _damaged(file_name, error) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(file_name, error) from None


def _damaged(file_name: str, error: BaseException) -> Exception:
    return unreadable(
        file_name,
        f"tệp bị cắt cụt hoặc hỏng ({error}). Hãy xuất lại tệp và nộp lại.",
        f"the file is truncated or damaged ({error}). Save it again and resubmit.",
    )


def _open_text(path: Path, file_name: str, limits: Limits, encoding: str | None, delimiter: str | None) -> Workbook:
    content = path.read_bytes()
    start = content[:2000].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table")):
        raise unreadable(
            file_name,
            "đây là trang web lưu dưới tên bảng tính. Hãy mở bằng Excel và lưu dạng .xlsx.",
            "this is a web page saved under a workbook's name. Open it in Excel and save it as .xlsx.",
        )
    if start.startswith(b"<?xml"):
        raise unreadable(
            file_name,
            "đây là tệp XML, không phải bảng tính. Hãy mở bằng Excel và lưu dạng .xlsx.",
            "this is an XML file, not a table. Open it in Excel and save it as .xlsx.",
        )
    grid, used, chosen = read_text_grid(content, file_name, encoding=encoding, delimiter=delimiter, limits=limits)
    return Workbook(file_name, f"text ({used}, «{chosen}»)", [Sheet(grid.name, False, lambda: grid)])
