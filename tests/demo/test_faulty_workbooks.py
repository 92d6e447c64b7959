"""Faults as people make them, in the last workbook of form II.06a: each found by the right rule at the right cell.

The clean twin is the workbook as it was handed in, judged beside the same earlier quarters: nothing is found in it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from demo.generator import sheet as demo_sheet
from expectations.intake import judge
from expectations.rules import load_rule_book
from ingest.contract import OBSERVATION
from ingest.read import Refusal
from ingest.resolve import Resolver
from ingest.tidy import tidy
from ingest.workspace import Workspace, load_workspace, obligations

pytestmark = pytest.mark.end_to_end

SOURCE, LAST, BEFORE = "one_stop_shop", "II.06a_QuyIV_2025.xlsx", "II.06a_QuyIII_2025.xlsx"
#: Quarters that the last one is judged beside.
EARLIER = 5
FIGURES = range(5, 17)
TITLE = "Kỳ báo cáo: Quý {quarter} (Từ ngày 15/09/2025 đến ngày 14/12/2025)"
Found = set[tuple[str, str, str | None]]


class Form:
    """The form II.06a, and the gate it is put before."""

    def __init__(self, loaded: Workspace, books: list[demo_sheet.Workbook], folder: Path) -> None:
        self.loaded, self.folder, self.number = loaded, folder, 0
        self.resolver, self.rules = Resolver(loaded.registry), load_rule_book(loaded.rules_dir)
        self.paths = {book.file_name: loaded.inbox_dir(SOURCE).parent / book.path for book in books}
        self.received = {book.file_name: book.received.astimezone(UTC) for book in books}
        loaded.registry.write(folder / "registry")
        span = (date(2020, 1, 1), date(2027, 1, 1))
        pq.write_table(loaded.calendars.table([], span), folder / "registry/period.parquet")
        spans = dict.fromkeys(loaded.sources, (span[0], span[1]))
        pq.write_table(obligations(loaded, spans), folder / "registry/obligation.parquet")
        self.history = folder / "history"
        self.history.mkdir()
        earlier = sorted((book for book in books if book.file_name != LAST), key=lambda book: book.received)[-EARLIER:]
        for number, book in enumerate(earlier):
            read = self._tidied(self.paths[book.file_name], book.file_name, f"{number:016x}")
            columns = list(OBSERVATION.column_names)
            pq.write_table(read.observations.select(columns), self.history / f"{number}.parquet")

    def book(self, name: str = LAST) -> Workbook:
        """The workbook with the values its formulas had."""
        return load_workbook(self.paths[name], data_only=True)

    def judged(self, book: Workbook) -> Found:
        """Rule, severity and cell of all that is found in a workbook that is handed in as the last one."""
        self.number += 1
        folder = self.folder / str(self.number)
        folder.mkdir()
        book.save(folder / LAST)
        try:
            read = self._tidied(folder / LAST, LAST, "f" * 16)
        except Refusal as refusal:
            return {(refusal.rule_id, "BLOCK", refusal.cell)}
        pq.write_table(read.observations, folder / "tidy.parquet")
        pq.write_table(read.totals, folder / "total.parquet")
        with judge(
            folder / "tidy.parquet",
            folder / "total.parquet",
            self.folder / "registry",
            source_code=SOURCE,
            submissions=[{"submission_id": "f" * 16, "file_name": LAST, "received_at": self.received[LAST]}],
            history_paths=self.history,
            rule_book=self.rules,
        ) as verdict:
            rows = verdict.findings.to_pylist()
        return {(row["rule_id"], row["severity"], row["cell"]) for row in rows}

    def _tidied(self, path: Path, name: str, submission_id: str) -> Any:
        source = self.loaded.sources[SOURCE]
        return tidy(
            path,
            name,
            source,
            self.resolver,
            self.loaded.calendars,
            submission_id=submission_id,
            received_at=self.received[name],
        )


@pytest.fixture(scope="module")
def form(workspace: Path, handed_in: list[demo_sheet.Workbook], tmp_path_factory: pytest.TempPathFactory) -> Form:
    books = [book for book in handed_in if book.source == SOURCE]
    return Form(load_workspace(workspace), books, tmp_path_factory.mktemp("faulty"))


def data_rows(sheet: Worksheet) -> list[int]:
    return [row for row in range(12, sheet.max_row + 1) if sheet.cell(row, 4).value]


def values(sheet: Worksheet, row: int) -> list[Any]:
    return [sheet.cell(row, column).value for column in FIGURES]


def write(sheet: Worksheet, row: int, figures: list[Any]) -> None:
    for column, figure in zip(FIGURES, figures, strict=True):
        sheet.cell(row, column).value = figure


def rows_shifted_by_one(sheet: Worksheet) -> None:
    rows = data_rows(sheet)
    before = {row: values(sheet, row) for row in rows}
    for row, above in zip(rows[1:], rows, strict=False):
        write(sheet, row, before[above])


def provinces_shifted_by_one(sheet: Worksheet) -> None:
    rows = data_rows(sheet)
    before = {row: values(sheet, row) for row in rows}
    for row, above in zip(rows[3:], rows, strict=False):
        write(sheet, row, before[above])


def total_as_a_part(sheet: Worksheet) -> None:
    write(sheet, 12, values(sheet, 14))


def row_pasted_twice(sheet: Worksheet) -> None:
    merged = [area for area in sheet.merged_cells.ranges if area.max_row >= 12]
    for area in list(merged):
        sheet.unmerge_cells(str(area))
    sheet.insert_rows(14)
    for column in range(1, 19):
        sheet.cell(14, column).value = sheet.cell(13, column).value
    for area in merged:
        rows = (0, 1) if area.min_row == 12 else (1, 1)
        sheet.merge_cells(None, area.min_row + rows[0], area.min_col, area.max_row + rows[1], area.max_col)


def put(**cells: Any) -> Callable[[Worksheet], None]:
    def edit(sheet: Worksheet) -> None:
        for cell, content in cells.items():
            sheet[cell] = content(sheet[cell].value) if callable(content) else content

    return edit


FAULTS: dict[str, tuple[Callable[[Worksheet], None], Found]] = {
    "rows shifted by one": (rows_shifted_by_one, {("SUM-01", "QUARANTINE", "E14"), ("SUM-01", "QUARANTINE", "P113")}),
    "provinces shifted by one": (
        provinces_shifted_by_one,
        {("SUM-01", "QUARANTINE", "E11"), ("COPY-02", "WARN", "E12"), ("JMP-01", "WARN", "E18")},
    ),
    "a year that is over": (put(A5=TITLE.format(quarter="IV/2024")), {("REVZ-01", "QUARANTINE", "E102")}),
    "a year to come": (put(A5=TITLE.format(quarter="IV/2026")), {("PER-02", "QUARANTINE", "E12")}),
    "total as a part": (total_as_a_part, {("SUM-01", "QUARANTINE", "E14")}),
    "total of the row in a part": (
        put(F12=510074),
        {("SUM-03", "QUARANTINE", "E12"), ("SUM-01", "QUARANTINE", "F14")},
    ),
    "grand total": (put(E11=lambda total: total + 1_000_000), {("SUM-01", "QUARANTINE", "E11")}),
    "grand total, a little": (put(E11=lambda total: total + 1_000), {("SUM-01", "WARN", "E11")}),
    "mixed separators": (
        put(E15="27,757.5", E16="10.579,0", F16="8,115"),
        {("TXT-06", "QUARANTINE", "E15"), ("VAL-04", "QUARANTINE", "F16")},
    ),
    "row pasted twice": (row_pasted_twice, {("STR-06", "INFO", "E14"), ("STR-06", "INFO", "P14")}),
    "sign": (put(P13=lambda days: -days), {("VAL-01", "QUARANTINE", "P13")}),
    "date for 1/2": (put(L16=date(2025, 2, 1)), {("TXT-07", "QUARANTINE", "L16")}),
    "ratio in a cell of counts": (put(E18="2.371/6.974 (33,9%)"), {("STR-03", "QUARANTINE", "E18")}),
    "thousands": (put(I12=lambda count: count / 1000), {("VAL-04", "QUARANTINE", "I12")}),
    "letters for digits": (put(K12="l00"), {("STR-03", "QUARANTINE", "K12")}),
    "unknown marker": (put(K12="n/a?"), {("STR-03", "QUARANTINE", "K12")}),
    "misspelt province": (put(B18=None, C18="Tỉnh Tuyên Qung"), {("ORG-01", "QUARANTINE", "E18")}),
    "name of another": (put(C18="Tỉnh Cao Bằng"), {("ORG-03", "QUARANTINE", "E18")}),
}


def test_nothing_is_found_in_the_clean_twin(form: Form) -> None:
    assert form.judged(form.book()) == set()


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_fault_is_found_by_the_right_rule_at_the_right_cell(form: Form, fault: str) -> None:
    edit, expected = FAULTS[fault]
    book = form.book()
    edit(book.worksheets[0])
    found = form.judged(book)
    assert expected <= found, sorted(found, key=str)[:20]


def test_the_quarter_before_under_a_new_title_is_a_copy(form: Form) -> None:
    book = form.book(BEFORE)
    book.worksheets[0]["A5"] = TITLE.format(quarter="IV/2025")
    assert ("COPY-01", "WARN", "E12") in form.judged(book)


def test_a_sheet_copied_within_the_workbook_is_counted_once(form: Form) -> None:
    book = form.book()
    book.copy_worksheet(book.worksheets[0])
    assert {(rule, severity) for rule, severity, _ in form.judged(book)} == {("STR-06", "INFO")}
