"""Recognises a form that comes back by its stamp, and makes of it the recipe that reads it: by codes, cell by cell.

Codes stand in the file itself, so an old form still reads: a code that was renamed since is found among the registry's
aliases, like any label. A form whose codes were changed is refused.
"""

from __future__ import annotations

from typing import Any

from ingest.read import Grid, Refusal, Workbook, address
from ingest.recipe.model import Components, Source, Table
from ingest.resolve import Resolver
from ingest.template.stamp import (
    CORNER,
    FIGURE,
    HEADER_ROWS,
    REMARK,
    STAMP_SHEET,
    STATUS,
    STATUSES,
    Measure,
    ReadStamp,
    Stamp,
    one_line,
    read_stamp,
)

#: Rows and columns from A1 within which the corner of the codes is sought: a person may have inserted some.
SOUGHT_WITHIN = 100


def recognise(workbook: Workbook, source: Source, resolver: Resolver) -> Source | None:
    """The recipe of a form made by the product; None for any other workbook.

    Raises ``Refusal``: STR-01 where the form's sheet is gone, STR-02 where it is another source's or its codes were
    changed.
    """
    hidden = next((sheet for sheet in workbook.sheets if sheet.name == STAMP_SHEET), None)
    found = read_stamp(hidden) if hidden is not None else None
    if found is None:
        return None
    _check_stamp(found, workbook.file_name, source)
    stamp = found.stamp
    sheet = next((sheet for sheet in workbook.sheets if sheet.name == stamp.sheet), None)
    if sheet is None:
        raise Refusal(
            "STR-01",
            stamp.sheet,
            None,
            f"{workbook.file_name}: biểu mẫu thiếu trang «{stamp.sheet}». Hãy dùng lại biểu mẫu gốc.",
            f"{workbook.file_name}: the form lacks its sheet «{stamp.sheet}». Use the form as it was sent.",
        )
    table = _FormReader(workbook.file_name, stamp, sheet.grid, resolver).table()
    recipe = source.model_copy(update={"tables": (table,), "labels": {}, "constants": Components()})
    recipe._code, recipe._version = source.code, found.version
    return recipe


def _check_stamp(found: ReadStamp, file_name: str, source: Source) -> None:
    if not found.is_intact:
        raise Refusal(
            "STR-02",
            STAMP_SHEET,
            None,
            f"{file_name}: phần mã ẩn của biểu mẫu (trang {STAMP_SHEET}) đã bị thay đổi. "
            "Hãy lấy biểu mẫu mới và nhập lại.",
            f"{file_name}: the form's hidden codes (sheet {STAMP_SHEET}) were changed. Take a new form and fill it in.",
        )
    if found.stamp.source != source.code:
        raise Refusal(
            "STR-02",
            STAMP_SHEET,
            None,
            f"{file_name}: đây là biểu mẫu của nguồn «{found.stamp.source}», không phải «{source.code}». "
            "Hãy nộp đúng nơi.",
            f"{file_name}: this is the form of the source «{found.stamp.source}», not «{source.code}». "
            "Hand it in where it belongs.",
        )


class _FormReader:
    """Finds the codes of a form on its sheet, wherever they are now, and checks them against the stamp."""

    def __init__(self, file_name: str, stamp: Stamp, grid: Grid, resolver: Resolver) -> None:
        self.file_name, self.stamp, self.grid, self.resolver = file_name, stamp, grid, resolver
        self.code_row, self.code_column = self._corner()
        self.first_row = self.code_row + HEADER_ROWS + 1

    def table(self) -> Table:
        """The form as a table of the recipe language. Raises ``Refusal``."""
        columns = self._columns()
        self._check_rows(columns)
        letters = {part: _letters(column) for part, column in columns.items()}
        code_letter = _letters(self.code_column)
        layout: dict[str, Any] = {
            "name": f"form {self.stamp.source} {self.stamp.period}",
            "sheets": self.stamp.sheet,
            "header": {"row": self.first_row},
            "body": {"only": {"column": {"letter": code_letter}, "blank": False}, "rows_without_values": "missing"},
            "organisation": {"column": {"letter": code_letter}, "map": self._moved_organisations()},
            "period": {"constant": self.stamp.period, "calendar": self.stamp.calendar},
            "values": [self._values(Measure.from_code(code), letters) for code in self.stamp.columns],
        }
        if REMARK in letters:
            layout["note"] = {"column": {"letter": letters[REMARK]}}
        return Table.model_validate(layout)

    def _values(self, measure: Measure, letters: dict[str, str]) -> dict[str, Any]:
        members = [member.partition("=") for member in measure.target_group.split("|") if "=" in member]
        return {
            "columns": {"letter": letters[f"{FIGURE}:{measure.code}"]},
            "indicator": measure.indicator,
            "target_group": {dimension: member for dimension, _, member in members},
            "measure_kind": measure.measure_kind,
            "accumulation": measure.accumulation,
            "status": {"column": {"letter": letters[f"{STATUS}:{measure.code}"]}, "map": STATUSES},
        }

    def _moved_organisations(self) -> dict[str, str]:
        """Row codes that the registry no longer knows with their first day: read by the code alone, in the period."""
        return {
            code: code.partition("@")[0]
            for code in self.stamp.rows
            if self.resolver.organisation(code, None, {}).problem is not None
        }

    def _corner(self) -> tuple[int, int]:
        places = [
            (row, column)
            for row in range(min(self.grid.height, SOUGHT_WITHIN))
            for column in range(min(self.grid.width, SOUGHT_WITHIN))
            if self.grid.text(row, column) == CORNER
        ]
        if len(places) != 1:
            raise self._changed(None, "ô góc của phần mã ẩn", "the corner of the hidden codes")
        return places[0]

    def _columns(self) -> dict[str, int]:
        """Code of a column → where it stands. Every column of the stamp must be there once, under its own header."""
        found: dict[str, int] = {}
        expected = {f"{part}:{code}" for code in self.stamp.columns for part in (FIGURE, STATUS)} | {REMARK}
        for column in range(self.code_column + 1, self.grid.width):
            code = self.grid.text(self.code_row, column)
            if code in found or (code and code.partition(":")[0] in {FIGURE, STATUS} and code not in expected):
                raise self._changed((self.code_row, column), f"mã cột «{code}»", f"the column code «{code}»")
            if code in expected:
                found[code] = column
        for code in expected - {REMARK} - set(found):
            raise self._changed(None, f"mã cột «{code}» (thiếu)", f"the column code «{code}» (missing)")
        for code, label in self.stamp.columns.items():
            column = found[f"{FIGURE}:{code}"]
            texts = (self.grid.text(self.code_row + level, column) for level in (1, 2))
            if one_line(" ".join(texts)) != label:
                raise self._changed((self.code_row + 1, column), f"tiêu đề «{label}»", f"the header «{label}»")
        return found

    def _check_rows(self, columns: dict[str, int]) -> None:
        """Every record has a code of the stamp, once, beside its own name; rows may be sorted, or left out."""
        seen: set[str] = set()
        for row in range(self.first_row, self.grid.height):
            code = self.grid.text(row, self.code_column)
            if not code:
                if any(self.grid.text(row, column) for column in columns.values()):
                    raise self._changed((row, self.code_column), "mã dòng (thiếu)", "the row code (missing)")
                continue
            label = self.grid.text(row, self.code_column + 1)
            if code not in self.stamp.rows or code in seen or one_line(label) != self.stamp.rows[code]:
                words = f"«{code}» ({one_line(label)})"
                raise self._changed((row, self.code_column), f"mã dòng {words}", f"the row code {words}")
            seen.add(code)

    def _changed(self, place: tuple[int, int] | None, what_vi: str, what_en: str) -> Refusal:
        cell = address(*place) if place else None
        at_vi, at_en = (f", ô {cell}", f", cell {cell}") if cell else ("", "")
        return Refusal(
            "STR-02",
            self.stamp.sheet,
            cell,
            f"{self.file_name}, trang {self.stamp.sheet}{at_vi}: phần khóa của biểu mẫu đã bị thay đổi: {what_vi}. "
            "Hãy lấy biểu mẫu gốc và nhập lại.",
            f"{self.file_name}, sheet {self.stamp.sheet}{at_en}: a locked part of the form was changed: {what_en}. "
            "Take the form as it was sent and fill it in.",
        )


def _letters(column: int) -> str:
    return address(0, column)[:-1]
