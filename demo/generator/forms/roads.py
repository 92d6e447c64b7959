"""Road maintenance in a legacy .xls: one file a year, sections by region with a subtotal, names in capitals.

A hidden column keeps the lengths of the year before, as such files do when they are filled in over last year's.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from demo.generator.forms.letterhead import Letterhead, write_footer, write_letterhead
from demo.generator.forms.spelling import upper
from demo.generator.periods import YEARS
from demo.generator.sheet import LOCAL_TIME, Fact, Sheet, Workbook
from demo.generator.territories import Body, Territories
from demo.generator.truth.roads import SURFACES, Roads, RoadYear

SOURCE = "road_maintenance"
HIDDEN_COLUMN = 4
SURFACE_LABELS = {"ASPHALT": "Bê tông nhựa", "OTHER": "Mặt đường khác"}
_MEASURES = (
    ("RDM_NET", "Chiều dài quản lý (km)", "network", "POINT_IN_TIME", 1),
    ("RDM_GOOD", "Chiều dài tình trạng tốt (km)", "good", "POINT_IN_TIME", 1),
    ("RDM_KM", "Đã bảo trì trong năm (km)", "treated", "IN_PERIOD", 1),
    ("RDM_COST", "Kinh phí bảo trì (triệu đồng)", "cost", "IN_PERIOD", 0),
)
_LAST_COLUMN = 13


def workbooks(territories: Territories, roads: Roads) -> list[Workbook]:
    """Four yearly files."""
    books = []
    for year in YEARS:
        sheet = Sheet(f"BTDB {year}")
        top = write_letterhead(
            sheet,
            Letterhead(
                "CỤC ĐƯỜNG BỘ (GIẢ ĐỊNH)",
                "Mẫu số 07/BTĐB",
                "Sở Xây dựng / Sở GTVT các địa phương",
                "Bộ Xây dựng",
                "KẾT QUẢ BẢO TRÌ ĐƯỜNG BỘ ĐỊA PHƯƠNG",
                f"Năm {year}",
                "Đơn vị tính: km; triệu đồng",
            ),
            _LAST_COLUMN,
        )
        _write_header(sheet, top)
        _write_body(sheet, top + 3, territories.by_region(date(year, 12, 31)), roads, year)
        books.append(
            Workbook(SOURCE, datetime(year + 1, 2, 10, tzinfo=LOCAL_TIME), f"BaoTriDuongBo_{year}.xls", "xls", [sheet])
        )
    return books


def _write_header(sheet: Sheet, top: int) -> None:
    for column, label in (
        (1, "STT"),
        (2, "ĐỊA PHƯƠNG"),
        (3, "Cơ quan quản lý"),
        (HIDDEN_COLUMN, "Chiều dài năm trước (km)"),
        (_LAST_COLUMN, "Số phản ánh về đường"),
    ):
        sheet.span(top, column, top + 1, column, label, "header")
    for number, (_, label, _, _, _) in enumerate(_MEASURES):
        column = 5 + 2 * number
        sheet.span(top, column, top, column + 1, label, "header")
        for offset, surface in enumerate(SURFACES):
            sheet.put(top + 1, column + offset, SURFACE_LABELS[surface], "header")
    for column in range(1, _LAST_COLUMN + 1):
        sheet.put(top + 2, column, ("A", "B", "C")[column - 1] if column < 4 else str(column - 3), "numbering")
    sheet.hidden_columns = {HIDDEN_COLUMN}
    sheet.widths = {1: 6, 2: 26, 3: 20, **dict.fromkeys(range(4, _LAST_COLUMN + 1), 13)}


def _write_body(sheet: Sheet, row: int, regions: list[tuple[str, list[Body]]], roads: Roads, year: int) -> None:
    number = 0
    all_bodies: list[Body] = []
    for index, (region, bodies) in enumerate(regions):
        sheet.put(row, 1, ("I", "II", "III", "IV", "V", "VI")[index], "section")
        sheet.put(row, 2, region, "section")
        for column in range(3, _LAST_COLUMN + 1):
            sheet.put(row, column, None, "section")
        row += 1
        for body in bodies:
            number += 1
            _write_province(sheet, row, number, body, roads, year)
            row += 1
        _write_sum(sheet, row, "Cộng vùng", bodies, roads, year)
        row += 1
        all_bodies += bodies
    _write_sum(sheet, row, "TỔNG CỘNG", all_bodies, roads, year)
    write_footer(
        sheet,
        row + 2,
        _LAST_COLUMN,
        f"Hà Nội, ngày 10 tháng 02 năm {year + 1}",
        ("Km bảo trì tính theo km nhân số lần; kinh phí theo giá hiện hành.",),
    )


def _write_province(sheet: Sheet, row: int, number: int, body: Body, roads: Roads, year: int) -> None:
    sheet.put(row, 1, number, "label")
    sheet.put(row, 2, upper(body), "label")
    sheet.put(row, 3, "Sở GTVT" if year < 2025 else "Sở Xây dựng", "label")
    before = sum((roads.year(body, surface, year - 1).network for surface in SURFACES), Decimal(0))
    sheet.put(row, HIDDEN_COLUMN, before, "number", decimals=1)
    for position, (indicator, _, field, accumulation, decimals) in enumerate(_MEASURES):
        for offset, surface in enumerate(SURFACES):
            value: Decimal = getattr(roads.year(body, surface, year), field)
            fact = Fact(
                indicator, body.code, body.valid_from, str(year), f"SURFACE={surface}", value, accumulation=accumulation
            )
            shown = value / 1_000_000 if indicator == "RDM_COST" else value
            sheet.put(row, 5 + 2 * position + offset, shown, "number", decimals=decimals, fact=fact)
    complaints = roads.complaints(body, year)
    fact = Fact("RDM_COMPL", body.code, body.valid_from, str(year), "_T", Decimal(complaints))
    sheet.put(row, _LAST_COLUMN, complaints or "-", "number", fact=fact)


def _write_sum(sheet: Sheet, row: int, label: str, bodies: list[Body], roads: Roads, year: int) -> None:
    sheet.put(row, 1, None, "total")
    sheet.put(row, 2, label, "total")
    sheet.put(row, 3, None, "total")
    for surface_number, surface in enumerate(SURFACES):
        total = RoadYear(Decimal(0), Decimal(0), Decimal(0), Decimal(0))
        for body in bodies:
            total += roads.year(body, surface, year)
        for position, (indicator, _, field, _, decimals) in enumerate(_MEASURES):
            value: Decimal = getattr(total, field)
            shown = value / 1_000_000 if indicator == "RDM_COST" else value
            sheet.put(row, 5 + 2 * position + surface_number, shown, "total_number", decimals=decimals)
    sheet.put(row, _LAST_COLUMN, sum(roads.complaints(body, year) for body in bodies), "total_number")
