"""Writes a form as a workbook: drop-downs, input checks, locked codes, last period's values, and its stamp."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ingest.registry.models import Indicator, Organisation
from ingest.template.plan import Form
from ingest.template.stamp import (
    BEFORE,
    CORNER,
    FIGURE,
    HEADER_ROWS,
    REMARK,
    STAMP_SHEET,
    STATUS,
    STATUSES,
    Measure,
    Stamp,
)

FORM_SHEET = "Biểu mẫu"
CODE_ROW = 4
FIRST_ROW = CODE_ROW + HEADER_ROWS + 1
_NAME_COLUMN, _FIRST_COLUMN = 2, 3
_LIMIT = 10**15
_PARTS = {
    FIGURE: ("Số liệu", "Figure", 14),
    STATUS: ("Trạng thái", "Status", 16),
    BEFORE: ("Kỳ trước", "Last period", 12),
}
_HEADER_FILL = PatternFill("solid", start_color="DDE6F0")
_INPUT_FILL = PatternFill("solid", start_color="FFFBE6")
_GREY = Font(color="7F7F7F")
_LINE = Border(*(Side(style="thin", color="BFBFBF"),) * 4)
_CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)


def stamp_of(form: Form) -> Stamp:
    """The stamp that goes with a form."""
    return Stamp(
        source=form.source.code,
        calendar=form.period.calendar_code,
        period=form.period.period_code,
        sheet=FORM_SHEET,
        rows={row_code(row): _name(row) for row in form.organisations},
        columns={measure.code: _measure_label(form, measure) for measure in form.measures},
    )


def row_code(organisation: Organisation) -> str:
    """The organisation's identity: codes are used again, so its first day belongs to it."""
    return f"{organisation.code}@{organisation.valid_from.isoformat()}"


def write_form(form: Form) -> bytes:
    """The form as an .xlsx."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = FORM_SHEET
    stamp = stamp_of(form)
    _title(sheet, form, stamp)
    for number, measure in enumerate(form.measures):
        _measure_header(sheet, form, measure, _FIRST_COLUMN + number * len(_PARTS))
    remark = _FIRST_COLUMN + len(form.measures) * len(_PARTS)
    _header_cell(sheet, CODE_ROW, remark, REMARK)
    _header_cell(sheet, FIRST_ROW - 1, remark, "Ghi chú\nRemarks")
    sheet.column_dimensions[get_column_letter(remark)].width = 30
    for number, organisation in enumerate(form.organisations):
        _record(sheet, form, organisation, FIRST_ROW + number, remark)
    _checks(sheet, form)
    _lock(sheet)
    _stamp_sheet(book, stamp)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _name(row: Organisation | Indicator) -> str:
    return row.name_vi if row.name_vi == row.name_en else f"{row.name_vi} / {row.name_en}"


def _measure_label(form: Form, measure: Measure) -> str:
    """Both header texts above a figure, as the reader finds them."""
    return f"{_indicator_label(form, measure)} {_group_label(form, measure)}"


def _indicator_label(form: Form, measure: Measure) -> str:
    kind = "" if measure.measure_kind == "ACTUAL" else f" ({measure.measure_kind})"
    return _name(form.indicators[measure.indicator]) + kind


def _group_label(form: Form, measure: Measure) -> str:
    vi, en = form.group_names[measure.target_group]
    return vi if vi == en else f"{vi} / {en}"


def _title(sheet: Worksheet, form: Form, stamp: Stamp) -> None:
    period = form.period
    days = f"{period.start:%d/%m/%Y} – {period.last_day:%d/%m/%Y}"
    sheet.cell(1, _NAME_COLUMN, f"{form.source.name.vi} / {form.source.name.en}").font = Font(bold=True, size=14)
    sheet.cell(2, _NAME_COLUMN, f"Kỳ báo cáo / Period: {period.period_code} ({days}). Mẫu / Form: {stamp.version}")
    sheet.cell(
        3,
        _NAME_COLUMN,
        "Chỉ nhập vào ô màu vàng. Không có số: để trống và chọn trạng thái. / "
        "Fill in yellow cells only. No figure: leave it empty and choose a status.",
    ).font = _GREY
    sheet.cell(CODE_ROW, 1, CORNER)
    _header_cell(sheet, FIRST_ROW - HEADER_ROWS, _NAME_COLUMN, "Đơn vị\nOrganisation")
    sheet.merge_cells(
        start_row=FIRST_ROW - HEADER_ROWS, end_row=FIRST_ROW - 1, start_column=_NAME_COLUMN, end_column=_NAME_COLUMN
    )
    sheet.column_dimensions["B"].width = 34
    for row, height in zip(range(FIRST_ROW - HEADER_ROWS, FIRST_ROW), (48, 32, 18, 32), strict=True):
        sheet.row_dimensions[row].height = height


def _header_cell(sheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = sheet.cell(row, column, text)
    cell.fill, cell.alignment, cell.border, cell.font = _HEADER_FILL, _CENTRED, _LINE, Font(bold=True)


def _measure_header(sheet: Worksheet, form: Form, measure: Measure, column: int) -> None:
    top = FIRST_ROW - HEADER_ROWS
    unit = form.indicators[measure.indicator].unit
    texts = (_indicator_label(form, measure), _group_label(form, measure), f"Đơn vị tính / Unit: {unit}")
    for row, text in enumerate(texts, start=top):
        _header_cell(sheet, row, column, text)
        sheet.merge_cells(start_row=row, end_row=row, start_column=column, end_column=column + len(_PARTS) - 1)
    for offset, (part, (vi, en, width)) in enumerate(_PARTS.items()):
        sheet.cell(CODE_ROW, column + offset, f"{part}:{measure.code}")
        previous = f"\n{form.previous.period_code}" if part == BEFORE and form.previous else f"\n{en}"
        _header_cell(sheet, FIRST_ROW - 1, column + offset, vi + previous)
        sheet.column_dimensions[get_column_letter(column + offset)].width = width


def _record(sheet: Worksheet, form: Form, organisation: Organisation, row: int, remark: int) -> None:
    sheet.cell(row, 1, row_code(organisation))
    sheet.cell(row, _NAME_COLUMN, _name(organisation)).border = _LINE
    body = (organisation.code, organisation.valid_from)
    for number, measure in enumerate(form.measures):
        column = _FIRST_COLUMN + number * len(_PARTS)
        _input(sheet.cell(row, column)).number_format = _number_format(form.indicators[measure.indicator])
        _input(sheet.cell(row, column + 1))
        before = sheet.cell(row, column + 2, form.before.get((body, measure)))
        before.font, before.border = _GREY, _LINE
        before.number_format = _number_format(form.indicators[measure.indicator])
    _input(sheet.cell(row, remark)).number_format = "@"


def _input(cell: Cell | MergedCell) -> Cell | MergedCell:
    cell.fill, cell.border, cell.protection = _INPUT_FILL, _LINE, Protection(locked=False)
    return cell


def _number_format(indicator: Indicator) -> str:
    return "#,##0" + ("." + "0" * indicator.decimals if indicator.decimals else "")


def _checks(sheet: Worksheet, form: Form) -> None:
    """Input checks: the type and range that the registry gives, and the drop-down of statuses."""
    last = FIRST_ROW + len(form.organisations) - 1
    choice = DataValidation(
        type="list", formula1=f"={STAMP_SHEET}!$E$1:$E${len(STATUSES)}", allow_blank=True, showErrorMessage=True
    )
    choice.errorTitle, choice.error = "Trạng thái / Status", "Hãy chọn trong danh sách. / Choose from the list."
    sheet.add_data_validation(choice)
    for number, measure in enumerate(form.measures):
        letter = get_column_letter(_FIRST_COLUMN + number * len(_PARTS))
        check = _range_check(form.indicators[measure.indicator])
        check.add(f"{letter}{FIRST_ROW}:{letter}{last}")
        sheet.add_data_validation(check)
        status = get_column_letter(_FIRST_COLUMN + number * len(_PARTS) + 1)
        choice.add(f"{status}{FIRST_ROW}:{status}{last}")


def _range_check(indicator: Indicator) -> DataValidation:
    low = indicator.hard_min if indicator.hard_min is not None else (None if indicator.allow_negative else Decimal(0))
    high = indicator.hard_max
    check = DataValidation(
        type="whole" if indicator.integer_only else "decimal",
        operator="between",
        formula1=f"{low if low is not None else -_LIMIT:f}",
        formula2=f"{high if high is not None else _LIMIT:f}",
        allow_blank=True,
        showErrorMessage=True,
        showInputMessage=True,
    )
    kind_vi, kind_en = ("số nguyên", "a whole number") if indicator.integer_only else ("số", "a number")
    bounds = f"[{'−∞' if low is None else f'{low:f}'}; {'∞' if high is None else f'{high:f}'}]"
    check.promptTitle = indicator.unit[:32]
    check.prompt = f"Nhập {kind_vi}, {bounds} {indicator.unit}. / Enter {kind_en}."
    check.errorTitle = "Sai kiểu số / Not allowed"
    check.error = f"Phải là {kind_vi} trong khoảng {bounds}. / Must be {kind_en} within {bounds}."
    return check


def _lock(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].hidden = True
    sheet.row_dimensions[CODE_ROW].hidden = True
    sheet.freeze_panes = f"{get_column_letter(_FIRST_COLUMN)}{FIRST_ROW}"
    sheet.protection.enable()
    sheet.protection.formatColumns = False  # columns may still be widened
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _stamp_sheet(book: Workbook, stamp: Stamp) -> None:
    sheet = book.create_sheet(STAMP_SHEET)
    for line in stamp.lines():
        sheet.append(list(line))
    for row, text in enumerate(STATUSES, start=1):
        sheet.cell(row, 5, text)
    sheet.protection.enable()
    sheet.sheet_state = "veryHidden"
