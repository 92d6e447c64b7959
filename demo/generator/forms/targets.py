"""Annexes of a decision that assigns yearly targets to the provinces: one sheet an indicator, years side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from demo.generator.forms.letterhead import FICTIONAL
from demo.generator.forms.spelling import official
from demo.generator.sheet import LOCAL_TIME, Fact, Sheet, Workbook
from demo.generator.territories import Body, Territories
from demo.generator.truth.targets import AssignedTargets

SOURCE = "assigned_targets"
_DECISIONS = (
    (datetime(2022, 1, 14, tzinfo=LOCAL_TIME), (2022, 2023, 2024), date(2022, 1, 1), "QD_giao_chi_tieu_2022-2024.xlsx"),
    (datetime(2025, 7, 18, tzinfo=LOCAL_TIME), (2025,), date(2025, 7, 1), "QD_giao_chi_tieu_2025_34_tinh.xlsx"),
)


def workbooks(territories: Territories, targets: AssignedTargets) -> list[Workbook]:
    """Two decisions: 63 provinces for 2022–2024, 34 for 2025."""
    annexes: tuple[tuple[str, str, str, str, Callable[[Body, int], Decimal]], ...] = (
        ("PL1 Đào tạo", "Số người được đào tạo", "người", "EMP_TRAINED", targets.trained),
        ("PL2 Bảo trì", "Km đường được bảo trì", "km", "RDM_KM", targets.maintained),
    )
    books = []
    for received, years, day, name in _DECISIONS:
        bodies = territories.provinces(day)
        sheets = [_annex(bodies, years, *annex) for annex in annexes]
        books.append(Workbook(SOURCE, received, name, "xlsx", sheets))
    return books


def _annex(
    bodies: list[Body],
    years: tuple[int, ...],
    name: str,
    label: str,
    unit: str,
    indicator: str,
    assigned: Callable[[Body, int], Decimal],
) -> Sheet:
    sheet = Sheet(name)
    last_column = 2 + len(years)
    sheet.span(1, 1, 1, last_column, f"PHỤ LỤC: CHỈ TIÊU GIAO - {label.upper()}", "title")
    sheet.span(2, 1, 2, last_column, "(Kèm theo Quyết định giao chỉ tiêu, giả định)", "subtitle")
    sheet.span(3, 1, 3, last_column, f"Đơn vị tính: {unit}", "unit")
    sheet.put(4, 1, "TT", "header")
    sheet.put(4, 2, "Tỉnh, thành phố", "header")
    for offset, year in enumerate(years):
        sheet.put(4, 3 + offset, f"Chỉ tiêu giao năm {year}", "header")
    for number, body in enumerate(bodies, start=1):
        sheet.put(4 + number, 1, number, "label")
        sheet.put(4 + number, 2, official(body), "label")
        for offset, year in enumerate(years):
            value = assigned(body, year)
            fact = Fact(indicator, body.code, body.valid_from, str(year), "_T", value, kind="TARGET")
            sheet.put(4 + number, 3 + offset, value, "number", fact=fact)
    sheet.put(6 + len(bodies), 1, FICTIONAL, "note")
    sheet.widths = {1: 6, 2: 34, **{3 + n: 18 for n in range(len(years))}}
    sheet.heights = {4: 32}
    return sheet
