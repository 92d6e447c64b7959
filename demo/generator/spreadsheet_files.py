"""Turns a workbook into the bytes of .xlsx, .xls or .ods that look like an office form and never change between runs.

Archives are written again with fixed times, document properties are fixed, and the cached results that a spreadsheet
program would have stored beside its formulas are put in, because readers take those.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape

import openpyxl
import xlwt
from odf.element import Element
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableCellProperties, TableColumnProperties, TextProperties
from odf.table import CoveredTableCell, Table, TableCell, TableColumn, TableRow
from odf.text import P
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from demo.generator.sheet import Cell, Look, Sheet, Workbook, address, column_letter

_ARCHIVE_TIME = (2022, 1, 1, 0, 0, 0)
_BOXED: set[Look] = {"header", "numbering", "label", "number", "section", "total", "total_number"}
_BOLD: set[Look] = {"agency", "title", "header", "section", "total", "total_number", "sign"}
_CENTRED: set[Look] = {"agency", "title", "subtitle", "header", "numbering", "sign"}
_ITALIC: set[Look] = {"subtitle", "unit", "numbering", "note"}
_RIGHT: set[Look] = {"unit", "number", "total_number"}


def render_spreadsheet(workbook: Workbook) -> bytes:
    """Bytes of the workbook in its format: xlsx, xls or ods."""
    writers = {"xlsx": _xlsx, "xls": _xls, "ods": _ods}
    return writers[workbook.file_format](workbook)


def _stored(cell: Cell) -> str | int | float | date | None:
    return (
        float(cell.value)
        if isinstance(cell.value, Decimal) and cell.value % 1
        else (int(cell.value) if isinstance(cell.value, Decimal) else cell.value)
    )


def _number_format(cell: Cell) -> str:
    return "#,##0" + ("." + "0" * cell.decimals if cell.decimals else "")


# --- xlsx ---------------------------------------------------------------------------------------------------------


def _xlsx(workbook: Workbook) -> bytes:
    book = openpyxl.Workbook()
    for name in book.sheetnames:
        del book[name]
    styles: dict[str, NamedStyle] = {}
    for sheet in workbook.sheets:
        _fill_worksheet(book, book.create_sheet(sheet.name), sheet, styles)
    book.properties.creator = "Bộ phận tổng hợp (giả định)"
    buffer = io.BytesIO()
    book.save(buffer)
    return _settled_archive(buffer.getvalue(), workbook)


def _fill_worksheet(book: openpyxl.Workbook, target: Worksheet, sheet: Sheet, styles: dict[str, NamedStyle]) -> None:
    for row, column, cell in sheet.ordered():
        out = target.cell(row, column, cell.formula or _stored(cell))
        name = f"{cell.look} {'date' if isinstance(cell.value, date) else cell.decimals}"
        if name not in styles:
            styles[name] = _xlsx_style(name, cell)
            book.add_named_style(styles[name])
        out.style = name
    for first_row, first_column, last_row, last_column in sheet.merges:
        target.merged_cells.add(f"{address(first_row, first_column)}:{address(last_row, last_column)}")
    for column, width in sheet.widths.items():
        target.column_dimensions[column_letter(column)].width = width
    for row, height in sheet.heights.items():
        target.row_dimensions[row].height = height
    for column in sheet.hidden_columns:
        target.column_dimensions[column_letter(column)].hidden = True
    if sheet.frozen_below:
        target.freeze_panes = address(sheet.frozen_below + 1, 3)
    target.page_setup.orientation = "landscape"
    target.page_setup.paperSize = 9
    target.page_setup.fitToHeight = 0
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _xlsx_style(name: str, cell: Cell) -> NamedStyle:
    style = NamedStyle(name=name)
    style.font = Font(
        name="Times New Roman",
        size=14 if cell.look == "title" else 11,
        bold=cell.look in _BOLD,
        italic=cell.look in _ITALIC,
    )
    style.alignment = Alignment(
        horizontal="center" if cell.look in _CENTRED else "right" if cell.look in _RIGHT else None,
        vertical="center",
        wrap_text=cell.look in {"header", "agency"},
    )
    if cell.look in _BOXED:
        thin = Side(style="thin", color="808080")
        style.border = Border(left=thin, right=thin, top=thin, bottom=thin)
    if cell.look in {"header", "section", "total", "total_number"}:
        style.fill = PatternFill("solid", start_color="F2F2F2")
    if isinstance(cell.value, date):
        style.number_format = "d/m/yyyy"
    elif cell.look in {"number", "total_number"}:
        style.number_format = _number_format(cell)
    return style


def _settled_archive(content: bytes, workbook: Workbook) -> bytes:
    """The same archive with fixed times, fixed properties and cached formula results."""
    stamp = workbook.received.strftime("%Y-%m-%dT%H:%M:%SZ")
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp.encode(), data)
            if match := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name):
                data = _with_cached_results(data.decode(), workbook.sheets[int(match[1]) - 1]).encode()
            new.writestr(zipfile.ZipInfo(name, _ARCHIVE_TIME), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _with_cached_results(xml: str, sheet: Sheet) -> str:
    """The sheet's XML with a value beside each formula. Raises ValueError if a formula has no place for it."""
    results = {address(row, column): cell for row, column, cell in sheet.ordered() if cell.formula is not None}

    def with_result(match: re.Match[str]) -> str:
        return f"{match[1]}<v>{_stored(results.pop(match[2]))}</v>"

    xml = re.sub(r'(<c r="([A-Z]+[0-9]+)"[^>]*><f>[^<]*</f>)<v(?:\s*/>|></v>)', with_result, xml)
    if results:
        raise ValueError(f"{sheet.name}: formulas without a place for their results in {sorted(results)}")
    return xml


# --- xls ----------------------------------------------------------------------------------------------------------


def _xls(workbook: Workbook) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    styles: dict[tuple[Look, int], xlwt.XFStyle] = {}
    for sheet in workbook.sheets:
        target = book.add_sheet(sheet.name)
        merged = {(r, c): (r2, c2) for r, c, r2, c2 in sheet.merges}
        covered = {(r, c) for r1, c1, r2, c2 in sheet.merges for r in range(r1, r2 + 1) for c in range(c1, c2 + 1)}
        for row, column, cell in sheet.ordered():
            style = styles.setdefault((cell.look, cell.decimals), _xls_style(cell))
            if (row, column) in merged:
                last_row, last_column = merged[row, column]
                target.write_merge(row - 1, last_row - 1, column - 1, last_column - 1, _stored(cell), style)
            elif (row, column) not in covered:
                target.write(row - 1, column - 1, _stored(cell), style)
        for column, width in sheet.widths.items():
            target.col(column - 1).width = int(width * 256)
        for column in sheet.hidden_columns:
            target.col(column - 1).hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _xls_style(cell: Cell) -> xlwt.XFStyle:
    size, bold, italic = 280 if cell.look == "title" else 220, cell.look in _BOLD, cell.look in _ITALIC
    parts = [f"font: name Times New Roman, height {size}, bold {bold}, italic {italic}"]
    side = "center" if cell.look in _CENTRED else "right" if cell.look in _RIGHT else "general"
    parts.append(f"align: horiz {side}, vert center, wrap {'on' if cell.look == 'header' else 'off'}")
    if cell.look in _BOXED:
        parts.append("borders: left thin, right thin, top thin, bottom thin")
    number_format = _number_format(cell) if cell.look in {"number", "total_number"} else "General"
    return xlwt.easyxf("; ".join(parts), num_format_str=number_format)


# --- ods ----------------------------------------------------------------------------------------------------------


def _ods(workbook: Workbook) -> bytes:
    Element.namespaces.clear()  # odfpy keeps those of every document this process wrote, and writes them all
    document = OpenDocumentSpreadsheet()
    styles: dict[str, Style] = {}
    for sheet in workbook.sheets:
        table = Table(name=sheet.name)
        for column in range(1, sheet.last_column + 1):
            table.addElement(TableColumn(stylename=_ods_width(document, styles, sheet.widths.get(column, 12))))
        spans = {(r, c): (r2 - r + 1, c2 - c + 1) for r, c, r2, c2 in sheet.merges}
        covered = {
            (r, c) for r1, c1, r2, c2 in sheet.merges for r in range(r1, r2 + 1) for c in range(c1, c2 + 1)
        } - spans.keys()
        for row in range(1, sheet.last_row + 1):
            line = TableRow()
            for column in range(1, sheet.last_column + 1):
                cell = sheet.cells.get((row, column), Cell(None))
                if (row, column) in covered:
                    line.addElement(CoveredTableCell())
                else:
                    line.addElement(_ods_cell(cell, spans.get((row, column)), _ods_style(document, styles, cell.look)))
            table.addElement(line)
        document.spreadsheet.addElement(table)
    buffer = io.BytesIO()
    document.save(buffer)
    return _settled_document(buffer.getvalue(), workbook.received)


def _ods_width(document: OpenDocumentSpreadsheet, styles: dict[str, Style], characters: float) -> Style:
    name = f"width{characters:g}"
    if name not in styles:
        styles[name] = Style(name=name, family="table-column")
        styles[name].addElement(TableColumnProperties(columnwidth=f"{characters * 0.2:.2f}cm"))
        document.automaticstyles.addElement(styles[name])
    return styles[name]


def _ods_style(document: OpenDocumentSpreadsheet, styles: dict[str, Style], look: Look) -> Style:
    if look not in styles:
        style = Style(name=look, family="table-cell")
        style.addElement(
            TextProperties(
                fontweight="bold" if look in _BOLD else "normal", fontstyle="italic" if look in _ITALIC else "normal"
            )
        )
        if look in _BOXED:
            style.addElement(TableCellProperties(border="0.5pt solid #808080"))
        document.automaticstyles.addElement(style)
        styles[look] = style
    return styles[look]


def _ods_cell(cell: Cell, span: tuple[int, int] | None, style: Style) -> TableCell:
    options = {"numberrowsspanned": str(span[0]), "numbercolumnsspanned": str(span[1])} if span else {}
    value = _stored(cell)
    if isinstance(value, int | float):
        out = TableCell(valuetype="float", value=str(value), stylename=style, **options)
        out.addElement(P(text=f"{value:,}"))
    elif isinstance(value, date):
        out = TableCell(valuetype="date", datevalue=value.isoformat(), stylename=style, **options)
        out.addElement(P(text=f"{value:%d/%m/%Y}"))
    elif value is not None:
        out = TableCell(valuetype="string", stylename=style, **options)
        out.addElement(P(text=value))
    else:
        out = TableCell(stylename=style, **options)
    return out


def _settled_document(content: bytes, received: datetime) -> bytes:
    """The same document with fixed times; the type of an OpenDocument file stands first in it, uncompressed."""
    stamp = escape(received.strftime("%Y-%m-%dT%H:%M:%S"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "meta.xml":
                data = re.sub(rb"(<(?:meta:creation-date|dc:date)>)[^<]*", rb"\g<1>" + stamp.encode(), data)
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(zipfile.ZipInfo(name, _ARCHIVE_TIME), data, method)
    return buffer.getvalue()
