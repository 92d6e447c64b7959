"""Error cells and percentages of the formats in which the fast reader does not tell them."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from ingest.read import CellKind, Refusal, open_workbook


def xls_with_errors(path: Path) -> None:
    workbook = xlwt.Workbook()
    percent = xlwt.easyxf(num_format_str="0.0%")
    for name in ("Biểu 1", "Biểu 2"):
        worksheet = workbook.add_sheet(name)
        worksheet.write(0, 0, "Số")
        worksheet.row(1).set_cell_error(0, "#DIV/0!")
        worksheet.row(2).set_cell_error(0, 0x2A)
        worksheet.write(3, 0, 0.5, percent)
        worksheet.write(3, 1, 2, percent)
        worksheet.write(3, 2, 3, percent)
    workbook.save(str(path))


def ods_with_errors(path: Path) -> None:
    document = OpenDocumentSpreadsheet()
    for name in ("Biểu 1", "Biểu 2"):
        table = Table(name=name)
        for attributes, shown in (
            ({"valuetype": "string"}, "Số"),
            ({"formula": "of:=1/0", "valuetype": "float", "value": 0}, "#DIV/0!"),
            ({"formula": "of:=NA()", "valuetype": "string", "stringvalue": ""}, "#N/A"),
            ({"valuetype": "percentage", "value": 0.5}, "50%"),
        ):
            row, cell = TableRow(), TableCell(**attributes)
            cell.addElement(P(text=shown))
            row.addElement(cell)
            table.addElement(row)
        document.spreadsheet.addElement(table)
    document.save(str(path))


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_error_cells_are_seen_on_every_sheet(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"errors.{suffix}"
    xls_with_errors(path) if suffix == "xls" else ods_with_errors(path)
    for sheet in open_workbook(path, path.name).sheets:
        column = sheet.grid.column(0, 0, 4)
        assert [CellKind(kind).name for kind in column.kinds] == ["TEXT", "ERROR", "ERROR", "NUMBER"]
        assert [sheet.grid.text(row, 0) for row in (1, 2)] == ["#DIV/0!", "#N/A"]
        assert sheet.grid.xml is not None
        assert sheet.grid.xml.percent_cells[0] == [3]


def test_stored_numbers_in_one_record_of_an_xls_keep_their_formats(tmp_path: Path) -> None:
    xls_with_errors(tmp_path / "a.xls")
    details = open_workbook(tmp_path / "a.xls", "a.xls").sheets[0].grid.xml
    assert details is not None
    assert details.percent_cells == {0: [3], 1: [3], 2: [3]}


def test_an_ods_that_repeats_an_error_over_a_million_rows_and_all_columns_is_refused(tmp_path: Path) -> None:
    document, table, row = OpenDocumentSpreadsheet(), Table(name="a"), TableRow(numberrowsrepeated=1_000_000)
    cell = TableCell(formula="of:=1/0", valuetype="string", stringvalue="", numbercolumnsrepeated=16_000)
    cell.addElement(P(text="#DIV/0!"))
    row.addElement(cell)
    table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(tmp_path / "a.ods"))
    with pytest.raises(Refusal):
        _ = open_workbook(tmp_path / "a.ods", "a.ods").sheets[0].grid
