"""Form II.06a compiled for the whole country: one workbook a quarter, provinces by procedure group.

The header has three levels, province cells are merged over their lines, a numbering row carries the formulas as text.
From 2024 the form has a column of codes and its grand total on top; spellings differ from year to year.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal

from demo.generator.draws import stream
from demo.generator.forms.letterhead import Letterhead, write_footer, write_letterhead
from demo.generator.forms.spelling import abbreviated, colloquial, official
from demo.generator.periods import Quarter, quarters
from demo.generator.sheet import LOCAL_TIME, Fact, Sheet, Workbook, address
from demo.generator.territories import Body, Territories
from demo.generator.truth.one_stop_shop import NO_DOSSIERS, PROCEDURES, Dossiers, OneStopShops

SOURCE = "one_stop_shop"
#: Quarters whose first submission was preliminary, with days until the final one.
RESUBMITTED = {(2023, 4): 62, (2024, 2): 45}
LATE = {(2023, 3): 38}
FIRST_YEAR_WITH_CODES = 2024
PROCEDURE_LABELS = {"SIMPLE": "Thủ tục đơn giản", "COMPLEX": "Thủ tục phức tạp"}
_SPELLING: dict[int, Callable[[Body], str]] = {2022: abbreviated, 2023: colloquial, 2024: official, 2025: official}

#: Column number in the form → indicator and what of a line it shows. Column 15 is a claimed percentage.
COLUMNS: tuple[tuple[int, str, Callable[[Dossiers], int]], ...] = (
    (3, "PAS_TOTAL", lambda d: d.total),
    (4, "PAS_RECV_ON", lambda d: d.online),
    (5, "PAS_RECV_CTR", lambda d: d.counter),
    (6, "PAS_CARRY", lambda d: d.carried),
    (7, "PAS_RESOLVED", lambda d: d.resolved),
    (8, "PAS_RES_EARLY", lambda d: d.early),
    (9, "PAS_RES_DUE", lambda d: d.due),
    (10, "PAS_RES_OVER", lambda d: d.late),
    (11, "PAS_PEND", lambda d: d.pending),
    (12, "PAS_PEND_IN", lambda d: d.pending_in_time),
    (13, "PAS_PEND_OVER", lambda d: d.pending_late),
    (14, "PAS_DAYS", lambda d: d.days),
)
_STOCKS = {"PAS_CARRY", "PAS_PEND", "PAS_PEND_IN", "PAS_PEND_OVER"}
#: Provinces that did not yet measure processing time in 2022 and wrote "..." instead.
_WITHOUT_DAYS = {"11", "12", "62"}
_HEADER = (
    ("Số hồ sơ tiếp nhận", 4, ("Tổng số", "Trực tuyến", "Trực tiếp, dịch vụ bưu chính", "Từ kỳ trước")),
    ("Số hồ sơ đã giải quyết", 4, ("Tổng số", "Trước hạn", "Đúng hạn", "Quá hạn")),
    ("Số hồ sơ đang giải quyết", 3, ("Tổng số", "Trong hạn", "Quá hạn")),
)
_NUMBERING = (
    "(3)=(4)+(5)+(6)",
    "(4)",
    "(5)",
    "(6)",
    "(7)=(8)+(9)+(10)",
    "(8)",
    "(9)",
    "(10)",
    "(11)=(12)+(13)",
    "(12)",
    "(13)",
    "(14)",
    "(15)=[(8)+(9)]/(7)",
    "(16)",
)
_NOTES = (
    "Cột (3) = (4) + (5) + (6) = (7) + (11); cột (7) = (8) + (9) + (10); cột (11) = (12) + (13).",
    'Dấu "-": không phát sinh; dấu "...": có phát sinh nhưng chưa thu thập được số liệu.',
)


@dataclass(frozen=True)
class _Form:
    """One compilation: its quarter, the lines of every province, and where its columns begin."""

    quarter: Quarter
    bodies: tuple[Body, ...]
    lines: dict[tuple[str, str], Dossiers]
    preliminary: bool

    @property
    def with_codes(self) -> bool:
        return self.quarter.year >= FIRST_YEAR_WITH_CODES

    @property
    def first(self) -> int:
        """Sheet column of the form's column (3)."""
        return 5 if self.with_codes else 4

    def column(self, form_column: int) -> int:
        return self.first + form_column - 3

    def has_days(self, body: Body) -> bool:
        return not (self.quarter.year == 2022 and body.code in _WITHOUT_DAYS)


def workbooks(territories: Territories, shops: OneStopShops, seed: int) -> list[Workbook]:
    """Sixteen quarterly compilations and the resubmissions."""
    books = []
    for quarter in quarters(administrative=True):
        key = (quarter.year, quarter.number)
        bodies = tuple(territories.provinces(quarter.last_day))
        final = {(body.code, p): shops.line(body, p, quarter) for body in bodies for p in PROCEDURES}
        received = datetime.combine(quarter.end_exclusive, time(), LOCAL_TIME) + timedelta(days=LATE.get(key, 6))
        name = f"II.06a_Quy{quarter.roman}_{quarter.year}"
        if key in RESUBMITTED:
            first = {place: _preliminary(line, seed, *place, quarter.index) for place, line in final.items()}
            books.append(_workbook(_Form(quarter, bodies, first, True), received, f"{name}_sobo.xlsx"))
            received += timedelta(days=RESUBMITTED[key])
            name += "_chinhthuc"
        books.append(_workbook(_Form(quarter, bodies, final, False), received, f"{name}.xlsx"))
    return books


def _preliminary(line: Dossiers, seed: int, code: str, procedure: str, index: int) -> Dossiers:
    """A first count, which in some provinces still has resolved dossiers among the pending ones."""
    draw = stream(seed, "preliminary", code, procedure, index)
    if draw.random() >= 0.15:
        return line
    unsettled = min(line.early, round(line.pending_in_time * (0.03 + 0.10 * draw.random())))
    return replace(line, early=line.early - unsettled, pending_in_time=line.pending_in_time + unsettled)


def _workbook(form: _Form, received: datetime, name: str) -> Workbook:
    sheet = Sheet("II.06a")
    last_column = form.column(16)
    top = write_letterhead(sheet, _letterhead(form), last_column)
    _write_header(sheet, top, form)
    row = top + 4
    total_row = row if form.with_codes else row + 3 * len(form.bodies)
    row += 1 if form.with_codes else 0
    for number, body in enumerate(form.bodies):
        _write_province(sheet, row + 3 * number, number + 1, body, form)
    _write_total(sheet, total_row, form)
    end = max(total_row, row + 3 * len(form.bodies) - 1)
    day = received.date()
    write_footer(sheet, end + 2, last_column, f"Hà Nội, ngày {day:%d} tháng {day:%m} năm {day.year}", _NOTES)
    names = {2: 7, 3: 24} if form.with_codes else {2: 22, 3: 20}
    sheet.widths = {**dict.fromkeys(range(4, last_column + 1), 12.5), 1: 5, **names}
    sheet.frozen_below = top + 3
    return Workbook(SOURCE, received, name, "xlsx", [sheet])


def _letterhead(form: _Form) -> Letterhead:
    quarter = form.quarter
    dates = f"Từ ngày {quarter.start:%d/%m/%Y} đến ngày {quarter.last_day:%d/%m/%Y}"
    state = " - số liệu sơ bộ" if form.preliminary else ""
    return Letterhead(
        agency="VĂN PHÒNG CHÍNH PHỦ (GIẢ ĐỊNH)",
        form="Biểu số II.06a/VPCP/KSTT, ban hành theo Thông tư số 01/2020/TT-VPCP",
        sender="Các tỉnh, thành phố trực thuộc trung ương",
        receiver="Văn phòng Chính phủ",
        title="TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH THEO CƠ CHẾ MỘT CỬA",
        period=f"Kỳ báo cáo: Quý {quarter.roman}/{quarter.year} ({dates}){state}",
        unit="Đơn vị tính: Số hồ sơ TTHC",
    )


def _write_header(sheet: Sheet, top: int, form: _Form) -> None:
    labels = ["TT", *(["Mã"] if form.with_codes else []), "Địa phương", "Nhóm thủ tục"]
    for column, label in enumerate(labels, start=1):
        sheet.span(top, column, top + 2, column, label, "header")
        sheet.put(top + 3, column, ("A", "B", "C", "D")[column - 1], "numbering")
    column = form.first
    for title, width, parts in _HEADER:
        sheet.span(top, column, top, column + width - 1, title, "header")
        sheet.span(top + 1, column, top + 2, column, parts[0], "header")
        sheet.span(top + 1, column + 1, top + 1, column + width - 1, "Trong đó", "header")
        for offset, part in enumerate(parts[1:], start=1):
            sheet.put(top + 2, column + offset, part, "header")
        column += width
    for offset, label in enumerate(("Tổng số ngày xử lý (ngày)", "Tỷ lệ đúng hạn (%)", "Ghi chú")):
        sheet.span(top, column + offset, top + 2, column + offset, label, "header")
    for offset, text in enumerate(_NUMBERING):
        sheet.put(top + 3, form.first + offset, text, "numbering")
    sheet.heights.update({top: 30, top + 1: 18, top + 2: 48})


def _write_province(sheet: Sheet, row: int, number: int, body: Body, form: _Form) -> None:
    """Two lines and their sum, the cells at their left merged over the three."""
    sheet.span(row, 1, row + 2, 1, number, "label")
    if form.with_codes:
        sheet.span(row, 2, row + 2, 2, body.code, "label")
    sheet.span(row, form.first - 2, row + 2, form.first - 2, _SPELLING[form.quarter.year](body), "label")
    for offset, procedure in enumerate(PROCEDURES):
        _write_line(sheet, row + offset, body, procedure, form)
    both = form.lines[body.code, PROCEDURES[0]] + form.lines[body.code, PROCEDURES[1]]
    sheet.put(row + 2, form.first - 1, "Cộng", "total")
    for form_column, indicator, figure in COLUMNS:
        column = form.column(form_column)
        if indicator == "PAS_DAYS" and not form.has_days(body):
            sheet.put(row + 2, column, "...", "total_number")
        else:
            formula = f"=SUM({address(row, column)}:{address(row + 1, column)})"
            sheet.put(row + 2, column, figure(both), "total_number", formula=formula)
    _write_claim(sheet, row + 2, both, form)


def _write_line(sheet: Sheet, row: int, body: Body, procedure: str, form: _Form) -> None:
    line = form.lines[body.code, procedure]
    sheet.put(row, form.first - 1, PROCEDURE_LABELS[procedure], "label")
    for form_column, indicator, figure in COLUMNS:
        known = indicator != "PAS_DAYS" or form.has_days(body)
        value = figure(line)
        status = "O" if not known else "P" if form.preliminary else "A"
        fact = Fact(
            indicator,
            body.code,
            body.valid_from,
            form.quarter.code,
            f"PROCEDURE={procedure}",
            Decimal(value) if known else None,
            status,
            accumulation="POINT_IN_TIME" if indicator in _STOCKS else "IN_PERIOD",
        )
        sheet.put(row, form.column(form_column), (value or "-") if known else "...", "number", fact=fact)
    _write_claim(sheet, row, line, form)


def _write_claim(sheet: Sheet, row: int, line: Dossiers, form: _Form) -> None:
    """The percentage that the form claims, as a formula, and the empty cell for notes."""
    share = Decimal(line.early + line.due) * 100 / Decimal(line.resolved)
    resolved, early, due = (address(row, form.column(number)) for number in (7, 8, 9))
    formula = f"=ROUND(({early}+{due})/{resolved}*100,2)"
    sheet.put(row, form.column(15), round(share, 2), "number", decimals=2, formula=formula)
    sheet.put(row, form.column(16), None, "label")


def _write_total(sheet: Sheet, row: int, form: _Form) -> None:
    """The sum over all provinces; days that a province did not count are left out of it."""
    sheet.span(row, 1, row, form.first - 1, "TỔNG CỘNG", "total")
    for form_column, indicator, figure in COLUMNS:
        counted = [body for body in form.bodies if indicator != "PAS_DAYS" or form.has_days(body)]
        total = sum(figure(form.lines[body.code, procedure]) for body in counted for procedure in PROCEDURES)
        sheet.put(row, form.column(form_column), total, "total_number")
    _write_claim(sheet, row, sum(form.lines.values(), NO_DOSSIERS), form)
