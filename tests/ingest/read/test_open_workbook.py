"""What an agency may hand in, sound or broken: each fixture is named by what is wrong with it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlwt
from msoffcrypto.format.ooxml import OOXMLFile
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from ingest.read import CellKind, Limits, Refusal, open_workbook
from ingest.read.grid import cell_values


def xlsx_bytes(rows: dict[str, object], sheet: str = "Biểu 1") -> bytes:
    workbook = openpyxl.Workbook()
    worksheet = workbook.active
    worksheet.title = sheet
    for address, value in rows.items():
        worksheet[address] = value
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


SMALL = {"C5": "Đơn vị", "D5": "Số", "C6": "Hà Nội", "D6": 12.5, "D7": dt.date(2025, 3, 4), "D8": True}


def write(folder: Path, content: bytes, name: str = "blob") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refusal_of(path: Path, **options: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        [sheet.grid for sheet in open_workbook(path, "nộp.xlsx", **options).sheets]  # type: ignore[arg-type]
    assert caught.value.rule_id == "STR-01"
    assert "nộp.xlsx" in caught.value.message_vi
    assert "nộp.xlsx" in caught.value.message_en
    return caught.value


def test_cells_keep_their_true_address_where_leading_rows_and_columns_are_empty(tmp_path: Path) -> None:
    grid = open_workbook(write(tmp_path, xlsx_bytes(SMALL)), "a.xlsx").sheets[0].grid
    assert grid.text(4, 2) == "Đơn vị"
    assert grid.text(5, 3) == "12.5"
    assert grid.text(6, 3) == "2025-03-04"
    assert grid.text(0, 0) == ""
    column = grid.column(3, 4, 8)
    assert [CellKind(kind).name for kind in column.kinds] == ["TEXT", "NUMBER", "DATE", "TRUTH"]


def test_the_format_is_told_from_the_content_not_from_the_name(tmp_path: Path) -> None:
    assert open_workbook(write(tmp_path, xlsx_bytes(SMALL)), "lie.csv").kind == "xlsx"
    assert open_workbook(write(tmp_path, b"a;b\n1;2\n"), "lie.xlsx").kind.startswith("text")


def test_xls_and_ods_read_alike(tmp_path: Path) -> None:
    old = xlwt.Workbook()
    worksheet = old.add_sheet("Biểu 1")
    worksheet.write(4, 2, "Đơn vị")
    worksheet.write(5, 3, 12.5)
    old.save(str(tmp_path / "a.xls"))
    document = OpenDocumentSpreadsheet()
    table = Table(name="Biểu 1")
    for cells in ([], [], [], [], ["", "", "Đơn vị"], ["", "", "", 12.5]):
        row = TableRow()
        for value in cells:
            if isinstance(value, float):
                row.addElement(TableCell(valuetype="float", value=value))
            else:
                cell = TableCell(valuetype="string")
                cell.addElement(P(text=value))
                row.addElement(cell)
        if not cells:
            row.addElement(TableCell())
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(tmp_path / "a.ods"))
    for name, kind in (("a.xls", "xls"), ("a.ods", "ods")):
        workbook = open_workbook(tmp_path / name, name)
        assert workbook.kind == kind
        assert workbook.sheets[0].name == "Biểu 1"
        assert workbook.sheets[0].grid.text(4, 2) == "Đơn vị"
        assert workbook.sheets[0].grid.text(5, 3) == "12.5"


def test_error_cells_are_seen(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    cell = workbook.active["B2"]
    cell.value = "#DIV/0!"
    cell.data_type = "e"
    workbook.save(tmp_path / "error")
    column = open_workbook(tmp_path / "error", "e.xlsx").sheets[0].grid.column(1, 0, 2)
    assert CellKind(column.kinds[1]) is CellKind.ERROR
    assert column.texts[column.codes[1]] == "#DIV/0!"


def test_empty_file(tmp_path: Path) -> None:
    assert "0 byte" in refusal_of(write(tmp_path, b"")).message_vi


def test_truncated_workbook(tmp_path: Path) -> None:
    content = xlsx_bytes(SMALL)
    refusal_of(write(tmp_path, content[: len(content) // 2]))


def test_workbook_with_a_damaged_sheet(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(SMALL))) as sound, zipfile.ZipFile(buffer, "w") as broken:
        for name in sound.namelist():
            content = sound.read(name)
            broken.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)
    refusal_of(write(tmp_path, buffer.getvalue()))


def test_password_protected_workbook(tmp_path: Path) -> None:
    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(xlsx_bytes(SMALL))).encrypt("secret", locked)
    assert "password" in refusal_of(write(tmp_path, locked.getvalue())).message_en


def test_zip_bomb(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    refusal = refusal_of(tmp_path / "bomb", limits=Limits(ratio_from_bytes=10_000_000))
    assert "bomb" in refusal.message_en


def test_workbook_that_declares_xml_entities(tmp_path: Path) -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>'
    with zipfile.ZipFile(tmp_path / "laughs", "w") as archive:
        archive.writestr("xl/workbook.xml", laughs)
    assert "xl/workbook.xml" in refusal_of(tmp_path / "laughs").message_en


def test_archive_that_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "docs", "w") as archive:
        archive.writestr("../../etc/passwd", "root")
    refusal_of(tmp_path / "docs")


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n...", b"<html><table></table></html>", b"<?xml version='1.0'?><Workbook/>"],
)
def test_file_that_is_no_table(tmp_path: Path, content: bytes) -> None:
    refusal_of(write(tmp_path, content))


def test_sheet_with_more_cells_than_the_limit(tmp_path: Path) -> None:
    path = write(tmp_path, xlsx_bytes({"A1": 1, "Z100": 2}))
    assert "2,600" in refusal_of(path, limits=Limits(cells=1000)).message_en


def test_a_million_empty_formatted_rows_cost_nothing(tmp_path: Path) -> None:
    empty = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(3, 300_000))
    buffer = io.BytesIO()
    content = io.BytesIO(xlsx_bytes({"A1": "Đơn vị", "A2": "x"}))
    with zipfile.ZipFile(content) as sound, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as swollen:
        for name in sound.namelist():
            part = sound.read(name)
            swollen.writestr(name, part.replace(b"</sheetData>", empty + b"</sheetData>") if "sheet1" in name else part)
    grid = open_workbook(write(tmp_path, buffer.getvalue()), "a.xlsx").sheets[0].grid
    assert (grid.height, grid.width) == (2, 1)


def test_hidden_sheets_rows_and_columns_are_known(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = 1
    workbook.active["C3"] = 2
    workbook.active.row_dimensions[3].hidden = True
    workbook.active.column_dimensions["C"].hidden = True
    workbook.create_sheet("ẩn").sheet_state = "hidden"
    workbook.save(tmp_path / "hidden")
    opened = open_workbook(tmp_path / "hidden", "h.xlsx")
    assert [sheet.hidden for sheet in opened.sheets] == [False, True]
    xml = opened.sheets[0].grid.xml  # type: ignore[attr-defined]
    assert xml.hidden_rows == {2}
    assert xml.hidden_columns == ((2, 2),)


def test_formula_cells_with_and_without_stored_value(tmp_path: Path) -> None:
    path = write(tmp_path, xlsx_bytes({"A1": 1, "B1": "=A1*2"}))
    xml = open_workbook(path, "f.xlsx").sheets[0].grid.xml  # type: ignore[attr-defined]
    assert xml.formulas == (frozenset({(0, 1)}), frozenset({(0, 1)}))


def test_text_file_with_ragged_rows_and_cells_of_several_lines(tmp_path: Path) -> None:
    grid = open_workbook(write(tmp_path, 'Tiêu đề\n\na;"b\nc";d\n1;2;3\n'.encode()), "r.csv").sheets[0].grid
    assert (grid.height, grid.width) == (4, 3)
    assert grid.text(2, 1) == "b\nc"
    assert grid.text(3, 2) == "3"


def test_text_file_in_utf_16_and_in_windows_1258(tmp_path: Path) -> None:
    for encoding in ("utf-16", "utf-8-sig"):
        grid = open_workbook(write(tmp_path, "Đơn vị,Số\nHà Nội,1\n".encode(encoding)), "t.csv").sheets[0].grid
        assert grid.row_texts(0) == ["Đơn vị", "Số"]


def test_declared_encoding_that_does_not_fit(tmp_path: Path) -> None:
    refusal_of(write(tmp_path, "Số à,1\n".encode("cp1258", "ignore") + b"\xe0\xff"), encoding="utf-8")


def test_the_values_of_a_sheet_are_numbers_where_it_stores_numbers(tmp_path: Path) -> None:
    path = write(tmp_path, xlsx_bytes(SMALL))
    (sheet,) = open_workbook(path, "nộp.xlsx").sheets
    assert [row[2:] for row in cell_values(sheet.grid)[4:]] == [
        ["Đơn vị", "Số"],
        ["Hà Nội", 12.5],
        ["", "2025-03-04"],
        ["", "TRUE"],
    ]
