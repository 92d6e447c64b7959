"""Reads the registry's files: CSV tables, or one workbook with a sheet for each, into rows of text with their numbers.

Values stay text until the models read them, so that a code keeps its leading zeros and a date its spelling.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ingest.problem import Place, Problem
from ingest.registry.models import REGISTRY_TABLES, REQUIRED_TABLES

WORKBOOK = "registry.xlsx"
_DELIMITERS = ",;\t"


@dataclass(frozen=True)
class RawTable:
    """A table as written: its name, the file (and sheet) it came from, its header, and numbered rows of text."""

    table: str
    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_tables(folder: Path, problems: list[Problem]) -> list[RawTable]:
    """Every table of the folder that can be read; what cannot is added to ``problems``."""
    if not folder.is_dir():
        problems.append(
            Problem(
                f"{folder.name}/",
                Place(),
                "không có thư mục registry; hãy tạo thư mục với organisations.csv và indicators.csv",
                "there is no registry folder; create it with organisations.csv and indicators.csv",
            )
        )
        return []
    csv_files = sorted(path for path in folder.glob("*.csv") if not path.name.startswith((".", "~")))
    workbook = folder / WORKBOOK
    if workbook.is_file():
        for path in csv_files:
            problems.append(
                Problem(
                    _name(path),
                    Place(),
                    f"danh mục đã có trong {WORKBOOK}; chỉ giữ một trong hai: tệp CSV hoặc {WORKBOOK}",
                    f"the registry already stands in {WORKBOOK}; keep either the CSV files or {WORKBOOK}",
                )
            )
        raw = list(_workbook_tables(workbook, problems))
    else:
        raw = [table for path in csv_files for table in _csv_table(path, problems)]
    present = {table.table for table in raw} | {path.stem for path in csv_files}
    for name in REQUIRED_TABLES:
        if name not in present:
            problems.append(
                Problem(
                    _name(folder / f"{name}.csv"), Place(), "thiếu bảng bắt buộc này", "this required table is missing"
                )
            )
    return raw


def _name(path: Path) -> str:
    """The file as its owner knows it, from the workspace's folder."""
    return f"{path.parent.name}/{path.name}"


def _unknown_table(name: str, file: str) -> Problem:
    from rapidfuzz import process

    near = process.extractOne(name, list(REGISTRY_TABLES), score_cutoff=70)
    known = ", ".join(REGISTRY_TABLES)
    hint_vi, hint_en = (f"; có phải {near[0]}?", f"; did you mean {near[0]}?") if near else ("", "")
    return Problem(
        file,
        Place(),
        f"không có bảng «{name}» trong danh mục; các bảng: {known}{hint_vi}",
        f"the registry has no table «{name}»; its tables: {known}{hint_en}",
    )


def _csv_table(path: Path, problems: list[Problem]) -> Iterator[RawTable]:
    file = _name(path)
    if path.stem not in REGISTRY_TABLES:
        problems.append(_unknown_table(path.stem, file))
        return
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problems.append(
            Problem(
                file,
                Place(line),
                "tệp không phải UTF-8; hãy lưu lại dạng CSV UTF-8",
                "the file is not UTF-8; save it again as CSV UTF-8",
            )
        )
        return
    first_line = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first_line.count)
    try:
        reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
        rows = [tuple(cell.strip() for cell in row) for row in reader]
    except csv.Error as error:
        problems.append(
            Problem(file, Place(), f"không đọc được dạng CSV: {error}", f"this is not well-formed CSV: {error}")
        )
        return
    yield from _table(path.stem, file, rows, problems)


def _workbook_tables(path: Path, problems: list[Problem]) -> Iterator[RawTable]:
    from python_calamine import CalamineError, CalamineWorkbook

    file = _name(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError) as error:
        problems.append(
            Problem(
                file,
                Place(),
                f"không mở được sổ tính ({error}); hãy mở, lưu lại dạng .xlsx không mật khẩu",
                f"the workbook cannot be opened ({error}); open it and save it again as .xlsx without a password",
            )
        )
        return
    for sheet in book.sheet_names:
        name = sheet.strip()
        if name not in REGISTRY_TABLES:
            problems.append(_unknown_table(name, f"{file} [{sheet}]"))
            continue
        cells = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        rows = [tuple(_text(cell) for cell in row) for row in cells]
        yield from _table(name, f"{file} [{sheet}]", rows, problems)


def _text(cell: object) -> str:
    """A workbook's cell as it would stand in the CSV."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


def _table(table: str, file: str, rows: list[tuple[str, ...]], problems: list[Problem]) -> Iterator[RawTable]:
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(row)]
    if not filled:
        problems.append(
            Problem(
                file,
                Place(),
                "tệp trống; dòng đầu phải là tên các cột",
                "the file is empty; its first row has the column names",
            )
        )
        return
    header = filled[0][1]
    while header and not header[-1]:
        header = header[:-1]
    yield RawTable(table, file, tuple(name.lower() for name in header), tuple(filled[1:]))
