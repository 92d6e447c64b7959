"""Cost and staff of the one-stop shops: one workbook a year, quarters side by side, names without codes.

Money is in billions (tỷ đồng) until 2023 and in millions (triệu đồng) since; 2025 has a sheet for each structure of
provinces. In 2022 the figures are texts with decimal commas.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from demo.generator.forms.letterhead import Letterhead, write_footer, write_letterhead
from demo.generator.forms.spelling import official
from demo.generator.periods import YEARS, Quarter
from demo.generator.sheet import LOCAL_TIME, Fact, Sheet, Workbook, address
from demo.generator.territories import Body, Territories
from demo.generator.truth.finance import OneStopShopFinance

SOURCE = "one_stop_finance"
#: The year whose workbook was handed in twice, byte for byte.
TWICE = 2023


@dataclass(frozen=True)
class _Layout:
    year: int
    quarters: tuple[Quarter, ...]

    @property
    def in_billions(self) -> bool:
        return self.year <= 2023

    @property
    def as_text(self) -> bool:
        return self.year == 2022

    @property
    def last_column(self) -> int:
        return 2 + 2 * len(self.quarters) + 1


def workbooks(territories: Territories, finance: OneStopShopFinance) -> list[Workbook]:
    """Four yearly workbooks; one of them a second time."""
    books = []
    for year in YEARS:
        numbers: list[tuple[int, ...]] = [(1, 2), (3, 4)] if year == 2025 else [(1, 2, 3, 4)]
        sheets = []
        for part in numbers:
            layout = _Layout(year, tuple(Quarter(year, number, True) for number in part))
            bodies = territories.provinces(layout.quarters[-1].last_day)
            sheets.append(_sheet(layout, bodies, finance))
        received = datetime(year + 1, 1, 20, tzinfo=LOCAL_TIME)
        books.append(Workbook(SOURCE, received, f"KinhPhi_MotCua_{year}.xlsx", "xlsx", sheets))
    return books


def _sheet(layout: _Layout, bodies: list[Body], finance: OneStopShopFinance) -> Sheet:
    unit = "tỷ đồng" if layout.in_billions else "triệu đồng"
    name = (
        f"Năm {layout.year}"
        if len(layout.quarters) == 4
        else f"Quý {layout.quarters[0].roman}-{layout.quarters[-1].roman}"
    )
    sheet = Sheet(name)
    top = write_letterhead(
        sheet,
        Letterhead(
            "BỘ TÀI CHÍNH (GIẢ ĐỊNH)",
            "Phụ lục 03",
            "Sở Tài chính các tỉnh, thành phố",
            "Bộ Tài chính",
            "KINH PHÍ VÀ NHÂN LỰC BỘ PHẬN MỘT CỬA",
            f"Năm {layout.year}, số liệu theo kỳ báo cáo hành chính (ngày 15 đến ngày 14)",
            f"Đơn vị tính: {unit}",
        ),
        layout.last_column,
    )
    sheet.span(top, 1, top + 1, 1, "STT", "header")
    sheet.span(top, 2, top + 1, 2, "Địa phương", "header")
    for number, quarter in enumerate(layout.quarters):
        column = 3 + 2 * number
        sheet.span(top, column, top, column + 1, f"Quý {quarter.roman}", "header")
        sheet.put(top + 1, column, f"Chi phí ({unit})", "header")
        sheet.put(top + 1, column + 1, "Nhân lực (FTE)", "header")
    sheet.span(top, layout.last_column, top + 1, layout.last_column, f"Cộng chi phí ({unit})", "header")
    for number, body in enumerate(bodies):
        _write_province(sheet, top + 2 + number, number + 1, body, layout, finance)
    _write_total(sheet, top + 2, top + 2 + len(bodies), layout, bodies, finance)
    write_footer(
        sheet,
        top + 4 + len(bodies),
        layout.last_column,
        f"Hà Nội, ngày 20 tháng 01 năm {layout.year + 1}",
        ("Nhân lực quy đổi toàn thời gian, có tại ngày cuối kỳ.",),
    )
    sheet.widths = {1: 5, 2: 28, **dict.fromkeys(range(3, layout.last_column + 1), 14)}
    sheet.heights = {**sheet.heights, top + 1: 32}
    sheet.frozen_below = top + 1
    return sheet


def _shown(amount: Decimal, layout: _Layout) -> Decimal:
    return amount / (1_000_000_000 if layout.in_billions else 1_000_000)


def _comma(value: Decimal, decimals: int) -> str:
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def _write_province(
    sheet: Sheet, row: int, number: int, body: Body, layout: _Layout, finance: OneStopShopFinance
) -> None:
    decimals = 3 if layout.in_billions else 1
    sheet.put(row, 1, number, "label")
    sheet.put(row, 2, official(body), "label")
    year_cost = Decimal(0)
    for offset, quarter in enumerate(layout.quarters):
        cost, staff = finance.cost(body, quarter), finance.staff(body, quarter)
        year_cost += cost
        cost_fact = Fact("PAS_COST", body.code, body.valid_from, quarter.code, "_T", cost)
        staff_fact = Fact(
            "PAS_FTE", body.code, body.valid_from, quarter.code, "_T", staff, accumulation="POINT_IN_TIME"
        )
        column = 3 + 2 * offset
        shown = _shown(cost, layout)
        sheet.put(
            row,
            column,
            _comma(shown, decimals) if layout.as_text else shown,
            "number",
            decimals=decimals,
            fact=cost_fact,
        )
        sheet.put(row, column + 1, _comma(staff, 1) if layout.as_text else staff, "number", decimals=1, fact=staff_fact)
    shown = _shown(year_cost, layout)
    parts = "+".join(address(row, 3 + 2 * offset) for offset in range(len(layout.quarters)))
    if layout.as_text:
        sheet.put(row, layout.last_column, _comma(shown, decimals), "number")
    else:
        sheet.put(row, layout.last_column, shown, "number", decimals=decimals, formula=f"={parts}")


def _write_total(
    sheet: Sheet, first: int, row: int, layout: _Layout, bodies: list[Body], finance: OneStopShopFinance
) -> None:
    sheet.span(row, 1, row, 2, "Tổng cộng", "total")
    decimals = 3 if layout.in_billions else 1
    year_cost = Decimal(0)
    for offset, quarter in enumerate(layout.quarters):
        cost = sum((finance.cost(body, quarter) for body in bodies), Decimal(0))
        staff = sum((finance.staff(body, quarter) for body in bodies), Decimal(0))
        year_cost += cost
        for column, value, digits in ((3 + 2 * offset, _shown(cost, layout), decimals), (4 + 2 * offset, staff, 1)):
            if layout.as_text:
                sheet.put(row, column, _comma(value, digits), "total_number")
            else:
                formula = f"=SUM({address(first, column)}:{address(row - 1, column)})"
                sheet.put(row, column, value, "total_number", decimals=digits, formula=formula)
    shown = _shown(year_cost, layout)
    sheet.put(
        row, layout.last_column, _comma(shown, decimals) if layout.as_text else shown, "total_number", decimals=decimals
    )
