"""Plants the errors declared in ``planted_errors.yml`` into workbooks, cell by cell."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from demo.generator.formulas import recalculate
from demo.generator.sheet import Sheet, Workbook, position


@dataclass(frozen=True)
class PlantedError:
    """One declared error: where it stands, what is written there, and the rule that must find it."""

    code: str
    file: str
    sheet: str | None
    cells: dict[str, str | int | float | dt.date]
    copy_row: int | None
    what: dict[str, str]
    rules: tuple[str, ...]
    severity: str
    spoils: tuple[str, ...]


def load_planted(path: Path) -> list[PlantedError]:
    """Read the declarations. Raises OSError, or KeyError on a missing field."""
    entries: list[dict[str, Any]] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))["errors"]
    return [
        PlantedError(
            code=entry["id"],
            file=entry["file"],
            sheet=entry.get("sheet"),
            cells=dict(entry.get("cells", {})),
            copy_row=entry.get("copy_row"),
            what=entry["what"],
            rules=tuple(entry["rules"]),
            severity=entry["severity"],
            spoils=tuple(entry.get("spoils", entry.get("cells", {}))),
        )
        for entry in entries
    ]


def plant(workbooks: list[Workbook], errors: list[PlantedError]) -> None:
    """Write the errors into the workbooks; formulas follow. Raises ValueError if a file, sheet or cell is not there."""
    by_path = {workbook.path: workbook for workbook in workbooks}
    for error in errors:
        if error.file not in by_path:
            raise ValueError(f"planted error {error.code}: there is no file {error.file}")
        workbook = by_path[error.file]
        sheet = workbook.sheets[0] if error.sheet is None else workbook.sheet(error.sheet)
        if error.copy_row is not None:
            _append_copy(sheet, error.copy_row)
        for cell, value in error.cells.items():
            _overwrite(error, sheet, cell, value)
        recalculate(sheet)


def _append_copy(sheet: Sheet, row: int) -> None:
    """Repeat a line of a text file below its last figure; what stood there moves one line down."""
    last = max(r for r, _, cell in sheet.ordered() if cell.fact is not None)
    for r, column in sorted(sheet.cells, reverse=True):
        if r > last:
            sheet.cells[r + 1, column] = sheet.cells.pop((r, column))
    for r, column, cell in list(sheet.ordered()):
        if r == row:
            sheet.cells[last + 1, column] = replace(cell)


def _overwrite(error: PlantedError, sheet: Sheet, cell: str, value: str | int | float | dt.date) -> None:
    row_column = position(cell)
    if row_column not in sheet.cells:
        raise ValueError(f"planted error {error.code}: {error.file} has nothing in {cell}")
    old = sheet.cells[row_column]
    if old.value == value:
        raise ValueError(f"planted error {error.code}: {cell} holds {value!r} already")
    sheet.cells[row_column] = replace(old, value=value, formula=None)
