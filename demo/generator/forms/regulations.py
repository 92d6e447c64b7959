"""The regulation simplification programme: workbooks with a sheet a year, two half-year blocks side by side.

Figures are cumulative, partly since the start of the year and partly since the start of the programme. Each workbook
repeats the year before. A ministry is a section row with its types of regulation below; "x" stands where a ministry
cannot have such regulations. A further sheet holds money and staff, a last one instructions.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from demo.generator.forms.letterhead import Letterhead, write_footer, write_letterhead
from demo.generator.sheet import LOCAL_TIME, Fact, Sheet, Workbook
from demo.generator.territories import Body, Territories
from demo.generator.truth.regulations import TYPES, Half, Progress, Regulations

SOURCE = "regulation_cuts"
TYPE_LABELS = {
    "COND": "Yêu cầu, điều kiện kinh doanh",
    "PROC": "Thủ tục hành chính",
    "REPORT": "Chế độ báo cáo",
    "STANDARD": "Tiêu chuẩn, quy chuẩn kỹ thuật",
    "INSPECT": "Kiểm tra chuyên ngành",
}
HALF_LABELS = {1: "6 tháng đầu năm", 2: "Cả năm"}
#: Received → years with the number of half-years that they report.
DELIVERIES = (
    (datetime(2022, 7, 13, tzinfo=LOCAL_TIME), ((2022, 1),)),
    (datetime(2023, 1, 12, tzinfo=LOCAL_TIME), ((2022, 2),)),
    (datetime(2023, 7, 13, tzinfo=LOCAL_TIME), ((2023, 1),)),
    (datetime(2024, 1, 12, tzinfo=LOCAL_TIME), ((2023, 2), (2022, 2))),
    (datetime(2024, 7, 12, tzinfo=LOCAL_TIME), ((2024, 1),)),
    (datetime(2025, 1, 13, tzinfo=LOCAL_TIME), ((2024, 2), (2023, 2))),
    (datetime(2025, 7, 14, tzinfo=LOCAL_TIME), ((2025, 1),)),
    (datetime(2026, 1, 12, tzinfo=LOCAL_TIME), ((2025, 2), (2024, 2))),
)
#: Headers in a half-year block: indicator, label, field of Progress, accumulation.
_BLOCK = (
    ("R68_REG_BASE", "Số quy định tại 31/5/2020", "baseline", "POINT_IN_TIME"),
    ("R68_REVIEWED", "Đã rà soát", "reviewed", "YTD"),
    ("R68_REG_APPR", "Đã phê duyệt phương án", "approved", "YTD"),
    ("R68_REG_ABOL", "Bãi bỏ", "abolished", "YTD"),
    ("R68_REG_SIMP", "Đơn giản hóa", "simplified", "YTD"),
    ("R68_REG_NEW", "Ban hành mới", "new", "YTD"),
    ("R68_REG_CUT", "Lũy kế từ đầu chương trình", "cut_since_start", "SINCE_START"),
    ("R68_APC_BASE", "Chi phí tuân thủ gốc (tỷ đồng)", "cost_baseline", "POINT_IN_TIME"),
    ("R68_APC_SAVED", "Chi phí tuân thủ đã cắt giảm, lũy kế (tỷ đồng)", "cost_saved", "SINCE_START"),
)
_MONEY = {"R68_APC_BASE", "R68_APC_SAVED"}


def workbooks(territories: Territories, regulations: Regulations) -> list[Workbook]:
    """Eight deliveries, one a half-year."""
    books = []
    for received, years in DELIVERIES:
        sheets = [_year_sheet(territories, regulations, year, halves, received.date()) for year, halves in years]
        sheets.append(
            _resources_sheet(territories, regulations, [Half(y, n) for y, h in years for n in range(1, h + 1)])
        )
        sheets.append(_instructions())
        year, halves = years[0]
        name = f"NQ68_{'6T' if halves == 1 else 'Nam'}_{year}.xlsx"
        books.append(Workbook(SOURCE, received, name, "xlsx", sheets))
    return books


def _year_sheet(territories: Territories, regulations: Regulations, year: int, halves: int, handed_in: date) -> Sheet:
    sheet = Sheet(f"Năm {year}")
    last_column = 2 + len(_BLOCK) * halves
    top = write_letterhead(
        sheet,
        Letterhead(
            "VĂN PHÒNG CHÍNH PHỦ (GIẢ ĐỊNH)",
            "Biểu 01/NQ68",
            "Các bộ, cơ quan ngang bộ",
            "Chính phủ",
            "KẾT QUẢ CẮT GIẢM, ĐƠN GIẢN HÓA QUY ĐỊNH LIÊN QUAN ĐẾN HOẠT ĐỘNG KINH DOANH",
            f"Năm {year}",
            "Đơn vị tính: quy định",
        ),
        last_column,
    )
    sheet.span(top, 1, top + 1, 1, "TT", "header")
    sheet.span(top, 2, top + 1, 2, "Bộ, cơ quan / Loại quy định", "header")
    for half in range(1, halves + 1):
        column = 3 + len(_BLOCK) * (half - 1)
        sheet.span(top, column, top, column + len(_BLOCK) - 1, HALF_LABELS[half], "header")
        for offset, (_, label, _, _) in enumerate(_BLOCK):
            sheet.put(top + 1, column + offset, label, "header")
    for column in range(1, last_column + 1):
        sheet.put(top + 2, column, ("A", "B")[column - 1] if column < 3 else f"({column - 2})", "numbering")
    row = top + 3
    ministries = territories.ministries(Half(year, halves).last_day)
    for number, body in enumerate(ministries, start=1):
        row = _write_ministry(sheet, row, number, body, regulations, [Half(year, n) for n in range(1, halves + 1)])
    write_footer(
        sheet,
        row + 1,
        last_column,
        f"Hà Nội, ngày {handed_in:%d} tháng {handed_in:%m} năm {handed_in.year}",
        ('Số liệu lũy kế. Dấu "x": bộ, cơ quan không có loại quy định này; dấu "-": không phát sinh.',),
    )
    sheet.widths = {1: 6, 2: 40, **dict.fromkeys(range(3, last_column + 1), 13)}
    sheet.heights = {**sheet.heights, top + 1: 62}
    sheet.frozen_below = top + 2
    return sheet


def _write_ministry(
    sheet: Sheet, row: int, number: int, body: Body, regulations: Regulations, halves: list[Half]
) -> int:
    last_column = 2 + len(_BLOCK) * len(halves)
    for column in range(1, last_column + 1):
        sheet.put(row, column, None, "section")
    sheet.put(row, 1, _roman(number), "section")
    sheet.put(row, 2, body.name, "section")
    for offset, kind in enumerate(TYPES, start=1):
        sheet.put(row + offset, 1, offset, "label")
        sheet.put(row + offset, 2, TYPE_LABELS[kind], "label")
        for half in halves:
            progress = regulations.progress(body.code, kind, half)
            _write_block(sheet, row + offset, 3 + len(_BLOCK) * (half.number - 1), body, kind, half, progress)
    return row + 1 + len(TYPES)


def _write_block(
    sheet: Sheet, row: int, column: int, body: Body, kind: str, half: Half, progress: Progress | None
) -> None:
    for offset, (indicator, _, field, accumulation) in enumerate(_BLOCK):
        value = None if progress is None else Decimal(getattr(progress, field))
        fact = Fact(
            indicator,
            body.code,
            body.valid_from,
            half.code,
            f"REGTYPE={kind}",
            value,
            "M" if value is None else "A",
            accumulation=accumulation,
        )
        if value is None:
            sheet.put(row, column + offset, "x", "number", fact=fact)
        elif value == 0:
            sheet.put(row, column + offset, "-", "number", fact=fact)
        else:
            shown = value / 1_000_000_000 if indicator in _MONEY else value
            sheet.put(row, column + offset, shown, "number", decimals=3 if indicator in _MONEY else 0, fact=fact)


def _resources_sheet(territories: Territories, regulations: Regulations, halves: list[Half]) -> Sheet:
    """A long table: one line a ministry and half-year."""
    sheet = Sheet("Nguồn lực")
    sheet.span(1, 1, 1, 6, "NGUỒN LỰC THỰC HIỆN NGHỊ QUYẾT 68/NQ-CP", "title")
    labels = (
        "TT",
        "Bộ, cơ quan",
        "Kỳ báo cáo",
        "Kinh phí lũy kế từ đầu chương trình (triệu đồng)",
        "Nhân lực rà soát",
        "Số văn bản sửa đổi (lũy kế từ đầu năm)",
    )
    for column, label in enumerate(labels, start=1):
        sheet.put(3, column, label, "header")
    row = 4
    for half in sorted(halves, key=lambda h: (h.year, h.number)):
        for number, body in enumerate(territories.ministries(half.last_day), start=1):
            resources = regulations.resources(body.code, half)
            sheet.put(row, 1, number, "label")
            sheet.put(row, 2, body.name, "label")
            sheet.put(row, 3, f"6 tháng {'đầu' if half.number == 1 else 'cuối'} năm {half.year}", "label")
            figures = (
                ("R68_BUDGET", resources.budget, "SINCE_START", 0),
                ("R68_FTE", resources.staff, "POINT_IN_TIME", 1),
                ("R68_DOCS", Decimal(resources.documents), "YTD", 0),
            )
            for offset, (indicator, value, accumulation, decimals) in enumerate(figures):
                fact = Fact(indicator, body.code, body.valid_from, half.code, "_T", value, accumulation=accumulation)
                shown = value / 1_000_000 if indicator == "R68_BUDGET" else value
                sheet.put(row, 4 + offset, shown, "number", decimals=decimals, fact=fact)
            row += 1
    sheet.widths = {1: 6, 2: 44, 3: 24, 4: 22, 5: 16, 6: 22}
    sheet.heights = {3: 48}
    return sheet


def _instructions() -> Sheet:
    sheet = Sheet("Hướng dẫn")
    sheet.put(1, 1, "HƯỚNG DẪN ĐIỀN BIỂU", "title")
    for number, text in enumerate(
        (
            "1. Mỗi quy định chỉ tính một lần, kể cả khi vừa đơn giản hóa vừa bãi bỏ.",
            "2. Số liệu 6 tháng và cả năm là số lũy kế từ ngày 01 tháng 01.",
            "3. Không gộp nhiều quy định thành một để tính là cắt giảm.",
        ),
        start=3,
    ):
        sheet.put(number, 1, text)
    sheet.widths = {1: 90}
    return sheet


def _roman(number: int) -> str:
    text = ""
    for value, letters in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while number >= value:
            text += letters
            number -= value
    return text
