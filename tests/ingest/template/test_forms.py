"""Forms as a person meets them: made, filled in, handed back; and what is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from ingest.read import Refusal
from ingest.resolve import Resolver
from ingest.template.plan import FormError, plan_form
from ingest.template.stamp import STAMP_SHEET
from ingest.template.write import CODE_ROW, FORM_SHEET, write_form
from ingest.tidy import Tidied, tidy
from ingest.workspace import load_workspace

FILES = {
    "workspace.yml": "name: {vi: a, en: b}\n",
    "registry/organisations.csv": (
        "code,name_vi,name_en,level,parent_code,valid_from,valid_to\n"
        "VN,Việt Nam,Viet Nam,national,,2000-01-01,\n01,Hà Nội,Ha Noi,province,VN,2000-01-01,\n"
        "02,Hà Giang,Ha Giang,province,VN,2000-01-01,2025-07-01\n31,Hải Phòng,Hai Phong,province,VN,2000-01-01,\n"
    ),
    "registry/indicators.csv": (
        "code,name_vi,name_en,role,unit,integer_only,hard_max,frequency,decimals,aliases\n"
        "RESOLVED,Đã giải quyết,Resolved,output,dossier,true,100000,Q,0,\n"
        "DAYS,Số ngày,Days,output,day,false,,Q,1,\n"
    ),
    "registry/target_groups.csv": "dimension,code,name_vi,name_en\nSEX,F,Nữ,Women\nSEX,M,Nam,Men\n",
    "sources/dossiers.yml": """\
name: {vi: Hồ sơ, en: Dossiers}
numbers: {locale: vi}
obligation: {calendar: CAL, frequency: Q, deadline: {days: 20}, level: province}
tables:
  - header: [Đơn vị, Đã giải quyết]
    organisation: {column: Đơn vị}
    period: {file: true, pattern: '(20\\d\\d-Q\\d)'}
    values:
      - {columns: Đã giải quyết, indicator: RESOLVED}
      - {columns: Trong đó nữ, indicator: RESOLVED, target_group: {SEX: F}}
      - {columns: Số ngày, indicator: DAYS}
""",
}
Fill = Callable[[Workbook], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


@pytest.fixture
def form(folder: Path) -> Path:
    """The form of a quarter, as it is sent out."""
    path = folder / "form.xlsx"
    path.write_bytes(write_form(plan_form(load_workspace(folder), "dossiers", "2025-Q3")))
    return path


def changed(path: Path, change: Fill) -> Path:
    book = load_workbook(path)
    change(book)
    book.save(path)
    return path


def read(folder: Path, path: Path, source: str = "dossiers") -> Tidied:
    workspace = load_workspace(folder)
    return tidy(
        path,
        path.name,
        workspace.sources[source],
        Resolver(workspace.registry),
        workspace.calendars,
        submission_id="s",
        received_at=dt.datetime(2025, 10, 5, tzinfo=dt.UTC),
    )


def by_cell(tidied: Tidied) -> dict[str, dict[str, Any]]:
    return {row["cell"]: row for row in tidied.observations.to_pylist()}


def test_the_form_looks_as_a_person_expects(form: Path) -> None:
    book = load_workbook(form)
    sheet = book[FORM_SHEET]
    assert [sheet.cell(row, 2).value for row in (9, 10, 11)] == ["Hà Nội / Ha Noi", "Hải Phòng / Hai Phong", None]
    assert sheet["C5"].value == "Đã giải quyết / Resolved"
    assert [sheet[cell].value for cell in ("C6", "F6", "I6")] == ["Tổng số / Total", "Nữ / Women", "Tổng số / Total"]
    assert sheet["E8"].value == "Kỳ trước\n2025-Q2"
    assert sheet.column_dimensions["A"].hidden
    assert sheet.row_dimensions[CODE_ROW].hidden
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    unlocked = {cell.coordinate for row in sheet.iter_rows(min_row=9) for cell in row if not cell.protection.locked}
    assert unlocked == {f"{column}{row}" for column in "CDFGIJL" for row in (9, 10)}
    assert book[STAMP_SHEET].sheet_state == "veryHidden"
    checks = {str(check.sqref): check for check in sheet.data_validations.dataValidation}
    assert (checks["C9:C10"].type, checks["C9:C10"].formula1, checks["C9:C10"].formula2) == ("whole", "0", "100000")
    assert checks["I9:I10"].type == "decimal"
    assert checks["D9:D10 G9:G10 J9:J10"].type == "list"


def test_what_comes_back_is_read_by_its_codes_cell_by_cell(folder: Path, form: Path) -> None:
    def fill(book: Workbook) -> None:
        sheet = book[FORM_SHEET]
        sheet["C9"], sheet["F9"], sheet["I9"], sheet["L9"] = 1200, 400, "2,5", "đã kiểm tra"
        sheet["D9"] = "Ước tính / Estimate"
        sheet["D10"] = "Không áp dụng / Not applicable"

    tidied = read(folder, changed(form, fill))
    rows = by_cell(tidied)
    assert len(rows) == 6
    first = rows["C9"]
    assert (first["organisation_code"], first["indicator_code"], first["period_code"]) == ("01", "RESOLVED", "2025-Q3")
    assert (first["value"], first["obs_status"], first["raw_text"], first["sheet"]) == (1200, "E", "1200", FORM_SHEET)
    assert first["note"] == "đã kiểm tra"
    assert (rows["F9"]["target_group_code"], rows["F9"]["value"]) == ("SEX=F", 400)
    assert (rows["I9"]["indicator_code"], rows["I9"]["value"]) == ("DAYS", Decimal("2.5"))
    assert (rows["C10"]["value"], rows["C10"]["obs_status"]) == (None, "M")
    assert (rows["F10"]["value"], rows["F10"]["obs_status"]) == (None, "O")
    problems = [name for name in tidied.observations.column_names if name.endswith("_problem")]
    assert not any(row[name] for row in rows.values() for name in problems)


def test_rows_may_be_inserted_above_sorted_and_left_out(folder: Path, form: Path) -> None:
    def change(book: Workbook) -> None:
        sheet = book[FORM_SHEET]
        sheet["C10"] = 7
        sheet.delete_rows(9)
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        sheet.insert_rows(1)

    rows = by_cell(read(folder, changed(form, change)))
    assert {cell: (row["organisation_code"], row["value"]) for cell, row in rows.items() if row["value"]} == {
        "C10": ("31", 7)
    }


def test_an_old_form_is_read_by_the_registry_of_today(folder: Path, form: Path) -> None:
    changed(form, lambda book: book[FORM_SHEET].__setitem__("C9", 5))
    renamed = {
        "registry/indicators.csv": ("RESOLVED,Đã giải quyết,", "SETTLED,Đã xong,"),
        "registry/organisations.csv": ("VN,2000-01-01,\n02", "VN,2001-01-01,\n02"),
        "sources/dossiers.yml": ("indicator: RESOLVED", "indicator: SETTLED"),
    }
    for name, (before, after) in renamed.items():
        text = FILES[name]
        assert before in text
        text = text.replace(before, after).replace("100000,Q,0,", "100000,Q,0,RESOLVED")
        (folder / name).write_text(text, encoding="utf-8")
    row = by_cell(read(folder, form))["C9"]
    assert (row["indicator_code"], row["organisation_code"], row["value"]) == ("SETTLED", "01", 5)
    assert row["organisation_valid_from"] == dt.date(2001, 1, 1)


def _swap_row_codes(book: Workbook) -> None:
    sheet = book[FORM_SHEET]
    sheet["A9"], sheet["A10"] = sheet["A10"].value, sheet["A9"].value


TAMPERED: dict[str, tuple[Fill, str]] = {
    "row_codes_swapped": (_swap_row_codes, "A9"),
    "row_code_changed": (lambda book: book[FORM_SHEET].__setitem__("A9", "31@2000-01-01"), "A9"),
    "row_code_deleted": (lambda book: book[FORM_SHEET].__setitem__("A9", None), "A9"),
    "column_code_changed": (lambda book: book[FORM_SHEET].__setitem__("C4", "figure:DAYS;_T;ACTUAL;IN_PERIOD"), ""),
    "column_deleted": (lambda book: book[FORM_SHEET].delete_cols(6), "SEX=F"),
    "header_moved": (lambda book: book[FORM_SHEET].__setitem__("F6", "Nam / Men"), "F5"),
    "stamp_changed": (lambda book: book[STAMP_SHEET].__setitem__("B5", "2025-Q4"), STAMP_SHEET),
    "form_sheet_renamed": (lambda book: setattr(book[FORM_SHEET], "title", "Trang 1"), FORM_SHEET),
}


@pytest.mark.parametrize("fault", TAMPERED)
def test_a_tampered_form_is_refused_and_named(folder: Path, form: Path, fault: str) -> None:
    change, words = TAMPERED[fault]

    def fill(book: Workbook) -> None:
        book[FORM_SHEET]["C9"] = 5
        change(book)

    with pytest.raises(Refusal) as refused:
        read(folder, changed(form, fill))
    assert refused.value.rule_id in {"STR-01", "STR-02"}
    assert words in refused.value.message_en
    assert "form.xlsx" in refused.value.message_vi


def test_a_form_of_another_source_is_refused(folder: Path, form: Path) -> None:
    other = folder / "sources" / "other.yml"
    other.write_text(FILES["sources/dossiers.yml"], encoding="utf-8")
    with pytest.raises(Refusal, match="dossiers"):
        read(folder, form, "other")


def test_one_organisation_and_the_day_decide_who_is_on_the_form(folder: Path) -> None:
    workspace = load_workspace(folder)
    before = plan_form(workspace, "dossiers", "2025-Q2")
    assert [row.code for row in before.organisations] == ["01", "02", "31"]
    assert [row.code for row in plan_form(workspace, "dossiers", "2025-Q3", "31").organisations] == ["31"]
    with pytest.raises(FormError, match="02"):
        plan_form(workspace, "dossiers", "2025-Q3", "02")
    with pytest.raises(FormError, match="frequency Q"):
        plan_form(workspace, "dossiers", "2025")
