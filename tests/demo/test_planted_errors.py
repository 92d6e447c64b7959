"""Each declared error stands in its file, spoils what it says, and leaves everything else alone."""

from __future__ import annotations

import re

from demo.generator.planted import PlantedError
from demo.generator.sheet import Workbook, position


def test_every_declared_cell_holds_the_error(handed_in: list[Workbook], planted_errors: list[PlantedError]) -> None:
    by_path = {workbook.path: workbook for workbook in handed_in}
    for error in planted_errors:
        workbook = by_path[error.file]
        sheet = workbook.sheets[0] if error.sheet is None else workbook.sheet(error.sheet)
        for cell, value in error.cells.items():
            assert sheet.cells[position(cell)].value == value, error.code


def test_every_spoiled_cell_is_a_figure(handed_in: list[Workbook], planted_errors: list[PlantedError]) -> None:
    by_path = {workbook.path: workbook for workbook in handed_in}
    for error in planted_errors:
        workbook = by_path[error.file]
        sheet = workbook.sheets[0] if error.sheet is None else workbook.sheet(error.sheet)
        for cell in error.spoils:
            looks_like_total = sheet.cells[position(cell)].look == "total_number"
            assert sheet.cells[position(cell)].fact is not None or looks_like_total, (error.code, cell)


def test_nothing_else_was_changed_but_formulas_over_it(
    flawless: list[Workbook], handed_in: list[Workbook], planted_errors: list[PlantedError]
) -> None:
    declared = {(e.file, e.sheet, position(cell)) for e in planted_errors for cell in e.cells}
    copied = {e.file for e in planted_errors if e.copy_row is not None}
    for before, after in zip(flawless, handed_in, strict=True):
        if before.path in copied:
            continue
        for old, new in zip(before.sheets, after.sheets, strict=True):
            name = None if before.file_format == "csv" else old.name
            changed = {place for place in old.cells if old.cells[place].value != new.cells[place].value}
            followed = {place for place in changed if new.cells[place].formula is not None}
            assert changed - followed == {
                place for file, sheet, place in declared if (file, sheet) == (before.path, name)
            }


def test_less_than_one_per_cent_of_the_figures_are_spoiled(
    flawless: list[Workbook], planted_errors: list[PlantedError]
) -> None:
    facts = sum(1 for w in flawless for s in w.sheets for c in s.cells.values() if c.fact)
    assert sum(len(error.spoils) for error in planted_errors) < facts / 100


def test_rule_ids_have_the_form_of_the_catalogue(planted_errors: list[PlantedError]) -> None:
    for error in planted_errors:
        assert error.rules
        assert all(re.fullmatch(r"[A-Z][A-Z0-9]*-\d\d", rule) for rule in error.rules)
        assert error.severity in {"QUARANTINE", "WARN", "INFO"}
        assert set(error.what) == {"vi", "en"}
