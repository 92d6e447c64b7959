"""Read the registry: one CSV a table, or one ``registry.xlsx`` with sheets of the same names. All errors at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ingest.problem import Place, Problem, ProblemsError
from ingest.registry.consistency import inconsistencies
from ingest.registry.models import REGISTRY_TABLES, REQUIRED_TABLES, RegistryRow
from ingest.registry.parquet import write_registry
from ingest.registry.sentences import explain
from ingest.state import fingerprint

#: Column names of the contract that a model calls otherwise.
HEADER_ALIASES = {"organisation_events": {"from": "from_code", "to": "to_code"}}
WORKBOOK = "registry.xlsx"


class RegistryError(ProblemsError):
    """The registry cannot be used; ``problems`` names every file, row and column."""


@dataclass(frozen=True)
class Placed:
    """A row and where it stands: file and line, for messages about rows together."""

    file: str
    line: int
    row: Any


@dataclass(frozen=True)
class Registry:
    """The registry of a workspace: every table of ``REGISTRY_TABLES``, empty ones included."""

    placed: Mapping[str, tuple[Placed, ...]]

    @cached_property
    def tables(self) -> dict[str, list[Any]]:
        """Table → rows, in the order of the file."""
        return {name: [placed.row for placed in rows] for name, rows in self.placed.items()}

    @cached_property
    def fingerprint(self) -> str:
        """Over the content; the order of rows and columns and the format of the file do not matter."""
        return fingerprint(
            *(
                f"{name}|{content}"
                for name in REGISTRY_TABLES
                for content in sorted(row.model_dump_json() for row in self.tables[name])
            )
        )

    def write(self, folder: Path) -> None:
        """Write ``TABLE.parquet`` for every table, and ``ratio_term.parquet``."""
        write_registry(self.tables, folder)


def load_registry(folder: Path) -> Registry:
    """Load and check the registry in a folder. Raises ``RegistryError`` with all problems."""
    problems: list[Problem] = []
    placed: dict[str, tuple[Placed, ...]] = {}
    sheets = _sheets(folder, problems)
    for name in sheets.keys() - REGISTRY_TABLES.keys():
        known = ", ".join(REGISTRY_TABLES)
        problems.append(
            Problem(sheets[name][0], Place(), f"không có bảng nào tên «{name}»; các bảng là: {known}",
                    f"there is no table called «{name}»; the tables are: {known}")
        )
    for name, model in REGISTRY_TABLES.items():
        if name in sheets:
            placed[name] = tuple(_rows(name, model, *sheets[name], problems))
        else:
            placed[name] = ()
            if name in REQUIRED_TABLES:
                problems.append(
                    Problem(f"{name}.csv", Place(), "thiếu bảng bắt buộc này", "this table is required and is not there")
                )
    if not problems:
        problems = inconsistencies(placed)
    if problems:
        raise RegistryError(problems)
    return Registry(placed)


Lines = list[tuple[int, dict[str, str]]]


def _sheets(folder: Path, problems: list[Problem]) -> dict[str, tuple[str, Lines]]:
    """Table → file and its lines, each with its number in the file."""
    workbook = folder / WORKBOOK
    found: dict[str, tuple[str, Lines]] = {}
    if workbook.is_file():
        found.update({name: (f"{WORKBOOK}[{name}]", lines) for name, lines in _workbook_lines(workbook)})
    for path in sorted(folder.glob("*.csv")):
        if path.stem in found:
            problems.append(
                Problem(path.name, Place(), f"bảng này cũng có trong {WORKBOOK}; chỉ giữ một nơi",
                        f"this table is in {WORKBOOK} as well; keep one of them")
            )
        try:
            found[path.stem] = (path.name, list(_csv_lines(path)))
        except UnicodeDecodeError:
            problems.append(
                Problem(path.name, Place(), "tệp không phải UTF-8; hãy lưu lại dạng CSV UTF-8",
                        "the file is not UTF-8; save it as CSV UTF-8")
            )
    return found


def _csv_lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    text = path.read_bytes().decode("utf-8-sig")
    header = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if header.count(";") > header.count(",") else ",")
    for line in reader:
        yield reader.line_num, {str(key): value for key, value in line.items() if key is not None or value}


def _workbook_lines(path: Path) -> Iterator[tuple[str, Lines]]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        header = [str(cell).strip() for cell in rows[0]] if rows else []
        yield name, [
            (number, {key: _as_text(cell) for key, cell in zip(header, row, strict=False) if key})
            for number, row in enumerate(rows[1:], start=2)
        ]


def _as_text(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _rows(
    name: str, model: type[RegistryRow], file: str, lines: Lines, problems: list[Problem]
) -> Iterator[Placed]:
    aliases = HEADER_ALIASES.get(name, {})
    for number, line in lines:
        given = {aliases.get(key, key): value.strip() for key, value in line.items() if value and value.strip()}
        if not given:
            continue
        try:
            yield Placed(file, number, model.model_validate(given))
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                problems.append(explain(file, number, detail, list(model.model_fields)))
