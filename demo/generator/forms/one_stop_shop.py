"""Form II.06a compiled for the whole country: one workbook a quarter, provinces by procedure group.

The header has three levels, province cells are merged over their lines, a numbering row carries the formulas as text.
From 2024 the form has a column of codes and its grand total on top; spellings differ from year to year.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
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


def workbooks(territories: Territories, shops: OneStopShops, seed: int) -> list[Workbook]:
    """Sixteen quarterly compilations and the resubmissions."""
    books = []
    for quarter in quarters(administrative=True):
        key = (quarter.year, quarter.number)
        received = datetime.combine(quarter.end_exclusive, time(), LOCAL_TIME) + timedelta(days=LATE.get(key, 6))
        name = f"II.06a_Quy{quarter.roman}_{quarter.year}"
        preliminary = key in RESUBMITTED
        books.append(
            _workbook(
                territories,
                shops,
                quarter,
                received,
                f"{name}{'_sobo' if preliminary else ''}.xlsx",
                seed if preliminary else None,
            )
        )
        if preliminary:
            books.append(
                _workbook(
                    territories,
                    shops,
                    quarter,
                    received + timedelta(days=RESUBMITTED[key]),
                    f"{name}_chinhthuc.xlsx",
                    None,
                )
            )
    return books


def _workbook(
    territories: Territories,
    shops: OneStopShops,
    quarter: Quarter,
    received: datetime,
    name: str,
    preliminary_seed: int | None,
) -> Workbook:
    with_codes = quarter.year >= FIRST_YEAR_WITH_CODES
    first = 5 if with_codes else 4
    sheet = Sheet("II.06a")
    dates = f"Từ ngày {quarter.start:%d/%m/%Y} đến ngày {quarter.last_day:%d/%m/%Y}"
    label = f"Kỳ báo cáo: Quý {quarter.roman}/{quarter.year} ({dates})"
    top = write_letterhead(
        sheet,
        Letterhead(
            "VĂN PHÒNG CHÍNH PHỦ (GIẢ ĐỊNH)",
            "Biểu số II.06a/VPCP/KSTT, ban hành theo Thông tư số 01/2020/TT-VPCP",
            "Các tỉnh, thành phố trực thuộc trung ương",
            "Văn phòng Chính phủ",
            "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH THEO CƠ CHẾ MỘT CỬA",
            label + (" - số liệu sơ bộ" if preliminary_seed is not None else ""),
            "Đơn vị tính: Số hồ sơ TTHC",
        ),
        first + 13,
    )
    _write_header(sheet, top, with_codes)
    row = top + 4
    bodies = territories.provinces(quarter.last_day)
    lines = {(body.code, p): _line(shops, body, p, quarter, preliminary_seed) for body in bodies for p in PROCEDURES}
    total_row = row if with_codes else row + 3 * len(bodies)
    row += 1 if with_codes else 0
    for number, body in enumerate(bodies, start=1):
        _write_province(sheet, row + 3 * (number - 1), number, body, lines, quarter, with_codes)
    _write_total(sheet, total_row, row, len(bodies), lines, with_codes)
    end = max(total_row, row + 3 * len(bodies) - 1)
    write_footer(
        sheet,
        end + 2,
        first + 13,
        f"Hà Nội, {_long_date(received.date())}",
        (
            "Cột (3) = (4) + (5) + (6) = (7) + (11); cột (7) = (8) + (9) + (10); cột (11) = (12) + (13).",
            'Dấu "-": không phát sinh; dấu "...": có phát sinh nhưng chưa thu thập được số liệu.',
        ),
    )
    sheet.widths = {
        1: 5,
        2: 7 if with_codes else 22,
        3: 24 if with_codes else 20,
        **dict.fromkeys(range(4, first + 14), 12.5),
    }
    sheet.frozen_below = top + 3
    return Workbook(SOURCE, received, name, "xlsx", [sheet])


def _long_date(day: date) -> str:
    return f"ngày {day.day:02d} tháng {day.month:02d} năm {day.year}"


def _line(shops: OneStopShops, body: Body, procedure: str, quarter: Quarter, preliminary_seed: int | None) -> Dossiers:
    """The line as reported; a preliminary one still counts some resolved dossiers as pending in some provinces."""
    line = shops.line(body, procedure, quarter)
    if preliminary_seed is not None:
        draw = stream(preliminary_seed, "preliminary", body.code, procedure, quarter.index)
        if draw.random() < 0.15:
            unsettled = min(line.early, round(line.pending_in_time * (0.03 + 0.10 * draw.random())))
            line = replace(line, early=line.early - unsettled, pending_in_time=line.pending_in_time + unsettled)
    return line


def _write_header(sheet: Sheet, top: int, with_codes: bool) -> None:
    labels = ["TT", *(["Mã"] if with_codes else []), "Địa phương", "Nhóm thủ tục"]
    for column, label in enumerate(labels, start=1):
        sheet.span(top, column, top + 2, column, label, "header")
        sheet.put(top + 3, column, ("A", "B", "C", "D")[column - 1], "numbering")
    column = len(labels) + 1
    for title, width, parts in _HEADER:
        sheet.span(top, column, top, column + width - 1, title, "header")
        sheet.span(top + 1, column, top + 2, column, parts[0], "header")
        sheet.span(top + 1, column + 1, top + 1, column + width - 1, "Trong đó", "header")
        for offset, part in enumerate(parts[1:], start=1):
            sheet.put(top + 2, column + offset, part, "header")
        column += width
    for label in ("Tổng số ngày xử lý (ngày)", "Tỷ lệ đúng hạn (%)", "Ghi chú"):
        sheet.span(top, column, top + 2, column, label, "header")
        column += 1
    for offset, text in enumerate(_NUMBERING):
        sheet.put(top + 3, len(labels) + 1 + offset, text, "numbering")
    sheet.heights.update({top: 30, top + 1: 18, top + 2: 48})


def _write_province(
    sheet: Sheet,
    row: int,
    number: int,
    body: Body,
    lines: dict[tuple[str, str], Dossiers],
    quarter: Quarter,
    with_codes: bool,
) -> None:
    first = 5 if with_codes else 4
    sheet.span(row, 1, row + 2, 1, number, "label")
    if with_codes:
        sheet.span(row, 2, row + 2, 2, body.code, "label")
    sheet.span(row, first - 2, row + 2, first - 2, _SPELLING[quarter.year](body), "label")
    for offset, procedure in enumerate(PROCEDURES):
        line = lines[body.code, procedure]
        sheet.put(row + offset, first - 1, PROCEDURE_LABELS[procedure], "label")
        for form_column, indicator, figure in COLUMNS:
            value: int | None = figure(line)
            shown: int | str = value if value else "-"
            if indicator == "PAS_DAYS" and quarter.year == 2022 and body.code in _WITHOUT_DAYS:
                value, shown = None, "..."
            fact = Fact(
                indicator,
                body.code,
                body.valid_from,
                quarter.code,
                f"PROCEDURE={procedure}",
                None if value is None else Decimal(value),
                "A" if value is not None else "O",
                accumulation="POINT_IN_TIME" if indicator in _STOCKS else "IN_PERIOD",
            )
            sheet.put(row + offset, first + form_column - 3, shown, "number", fact=fact)
        _write_claim(sheet, row + offset, first, line)
    both = lines[body.code, PROCEDURES[0]] + lines[body.code, PROCEDURES[1]]
    sheet.put(row + 2, first - 1, "Cộng", "total")
    for form_column, indicator, figure in COLUMNS:
        if indicator == "PAS_DAYS" and quarter.year == 2022 and body.code in _WITHOUT_DAYS:
            sheet.put(row + 2, first + form_column - 3, "...", "total_number")
            continue
        column = first + form_column - 3
        sheet.put(
            row + 2,
            column,
            figure(both),
            "total_number",
            formula=f"=SUM({address(row, column)}:{address(row + 1, column)})",
        )
    _write_claim(sheet, row + 2, first, both)


def _write_claim(sheet: Sheet, row: int, first: int, line: Dossiers) -> None:
    """The percentage that the form claims, as a formula."""
    share = Decimal(line.early + line.due) * 100 / Decimal(line.resolved)
    early, resolved = address(row, first + 5), address(row, first + 4)
    formula = f"=ROUND(({early}+{address(row, first + 6)})/{resolved}*100,2)"
    sheet.put(row, first + 12, round(share, 2), "number", decimals=2, formula=formula)
    sheet.put(row, first + 13, None, "label")


def _write_total(
    sheet: Sheet,
    row: int,
    first_province_row: int,
    provinces: int,
    lines: dict[tuple[str, str], Dossiers],
    with_codes: bool,
) -> None:
    first = 5 if with_codes else 4
    total = sum(lines.values(), NO_DOSSIERS)
    missing_days = first_province_row
    sheet.span(row, 1, row, first - 1, "TỔNG CỘNG", "total")
    for form_column, _, figure in COLUMNS:
        column = first + form_column - 3
        if form_column == 14:
            shown = sum(
                int(cell.value)
                for r in range(missing_days, missing_days + 3 * provinces)
                if (cell := sheet.cells.get((r, column))) and cell.fact and isinstance(cell.value, int)
            )
        else:
            shown = figure(total)
        sheet.put(row, column, shown, "total_number")
    _write_claim(sheet, row, first, total)
