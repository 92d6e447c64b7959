"""Yearly list of the employment service for persons with disabilities: UTF-8 text, semicolons, one line a degree."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from demo.generator.forms.letterhead import FICTIONAL
from demo.generator.periods import YEARS
from demo.generator.sheet import LOCAL_TIME, Fact, Sheet, Workbook
from demo.generator.territories import Territories
from demo.generator.truth.disability import DEGREES, DisabilityEmployment

SOURCE = "disability_employment"
DEGREE_LABELS = {"SPECIAL": "Đặc biệt nặng", "SEVERE": "Nặng", "MILD": "Nhẹ"}
_HEADER = ("Năm", "Mã tỉnh", "Tỉnh, thành phố", "Mức độ khuyết tật", "Số người đăng ký", "Số người có việc làm")


def workbooks(territories: Territories, service: DisabilityEmployment) -> list[Workbook]:
    """Four yearly files."""
    return [_workbook(territories, service, year) for year in YEARS]


def _workbook(territories: Territories, service: DisabilityEmployment, year: int) -> Workbook:
    sheet = Sheet(f"NKT_{year}")
    for column, label in enumerate(_HEADER, start=1):
        sheet.put(1, column, label)
    row = 2
    for body in territories.provinces(date(year, 12, 31)):
        for degree in DEGREES:
            labels: tuple[str | int, ...] = (year, body.code, body.name, DEGREE_LABELS[degree])
            for column, text in enumerate(labels, start=1):
                sheet.put(row, column, text)
            figures = (
                ("EMP_DIS_REG", service.registered(body, degree, year)),
                ("EMP_DIS_PLACED", service.placed(body, degree, year)),
            )
            for column, (indicator, value) in enumerate(figures, start=5):
                group = f"DISABILITY={degree}"
                fact = Fact(indicator, body.code, body.valid_from, str(year), group, Decimal(value))
                sheet.put(row, column, value, fact=fact)
            row += 1
    sheet.put(row, 1, f"Ghi chú: {FICTIONAL}")
    received = datetime(year + 1, 1, 25, 9, tzinfo=LOCAL_TIME)
    return Workbook(SOURCE, received, f"NKT_{year}.csv", "csv", [sheet], "utf-8-sig", ";")
