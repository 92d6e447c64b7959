"""Export of the employment service: Windows-1258 text, semicolons, decimal commas, one line a figure, by sex."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

from demo.generator.draws import stream
from demo.generator.forms.letterhead import FICTIONAL
from demo.generator.forms.spelling import abbreviated, without_marks
from demo.generator.periods import Quarter, quarters
from demo.generator.sheet import LOCAL_TIME, Fact, Sheet, Workbook
from demo.generator.territories import Body, Territories
from demo.generator.truth.employment import SEXES, EmploymentService

SOURCE = "employment_service"
#: Quarters whose first submission was preliminary, with days until the final one.
RESUBMITTED = {(2024, 3): 70}
LATE = {(2022, 4): 41}
SEX_LABELS = {"F": "Nữ", "M": "Nam", "": "Chung"}
_HEADER = ("Năm", "Quý", "Mã tỉnh", "Tên tỉnh, thành phố", "Giới tính", "Chỉ tiêu", "ĐVT", "Số liệu", "Trạng thái")
_STOCKS = {"EMP_UNEMPLOYED", "EMP_LABOUR"}


def workbooks(territories: Territories, service: EmploymentService, seed: int) -> list[Workbook]:
    """Sixteen quarterly exports and one resubmission."""
    books = []
    for quarter in quarters(administrative=False):
        key = (quarter.year, quarter.number)
        received = datetime.combine(quarter.end_exclusive, time(), LOCAL_TIME) + timedelta(days=LATE.get(key, 14))
        preliminary = key in RESUBMITTED
        name = f"VLDT_{quarter.year}_Q{quarter.number}"
        books.append(_workbook(territories, service, quarter, received, f"{name}.csv", seed if preliminary else None))
        if preliminary:
            later = received + timedelta(days=RESUBMITTED[key])
            books.append(_workbook(territories, service, quarter, later, f"{name}_thaythe.csv", None))
    return books


def _workbook(
    territories: Territories,
    service: EmploymentService,
    quarter: Quarter,
    received: datetime,
    name: str,
    preliminary_seed: int | None,
) -> Workbook:
    sheet = Sheet(name.removesuffix(".csv"))
    for column, label in enumerate(_HEADER, start=1):
        sheet.put(1, column, label)
    row = 2
    for body in territories.provinces(quarter.last_day):
        for sex, indicator, label, unit, value in _figures(service, body, quarter):
            status, reported = "Chính thức", value
            if preliminary_seed is not None:
                status = "Sơ bộ"
                draw = stream(preliminary_seed, "preliminary", body.code, sex, indicator)
                low = indicator == "EMP_PLACED" and draw.random() < 0.25
                reported = Decimal(round(float(value) * (0.96 + 0.03 * draw.random()))) if low else value
            row = _write_line(sheet, row, quarter, body, sex, (indicator, label, unit, reported, status))
    sheet.put(row, 1, f"Ghi chú: {FICTIONAL}")
    return Workbook(SOURCE, received, name, "csv", [sheet], "windows-1258", ";")


def _figures(service: EmploymentService, body: Body, quarter: Quarter) -> list[tuple[str, str, str, str, Decimal]]:
    """Sex, indicator, its label, unit label and value in the registered unit."""
    figures = []
    for sex in SEXES:
        figures += [
            (sex, "EMP_TRAINED", "Số người được đào tạo", "người", Decimal(service.trained(body, sex, quarter))),
            (
                sex,
                "EMP_PLACED",
                "Số người thất nghiệp có việc làm",
                "người",
                Decimal(service.placed(body, sex, quarter)),
            ),
            (sex, "EMP_KEPT6", "Còn việc sau 6 tháng", "người", Decimal(service.kept(body, sex, quarter))),
        ]
    unemployed, labour = service.labour_force(body, quarter)
    return [
        *figures,
        ("", "EMP_COST", "Chi phí dịch vụ việc làm", "triệu đồng", service.cost(body, quarter)),
        ("", "EMP_UNEMPLOYED", "Số người thất nghiệp", "người", Decimal(unemployed)),
        ("", "EMP_LABOUR", "Lực lượng lao động", "nghìn người", Decimal(labour)),
    ]


def _write_line(
    sheet: Sheet, row: int, quarter: Quarter, body: Body, sex: str, figure: tuple[str, str, str, Decimal, str]
) -> int:
    indicator, label, unit, value, status = figure
    name = without_marks(body) if quarter.year == 2022 else abbreviated(body)
    shown = value / {"người": 1, "nghìn người": 1000, "triệu đồng": 1_000_000}[unit]
    texts: tuple[str | int, ...] = (quarter.year, quarter.roman, body.code, name, SEX_LABELS[sex], label, unit)
    for column, text in enumerate(texts, start=1):
        sheet.put(row, column, text)
    fact = Fact(
        indicator,
        body.code,
        body.valid_from,
        quarter.code,
        f"SEX={sex}" if sex else "_T",
        value,
        "P" if status == "Sơ bộ" else "A",
        accumulation="POINT_IN_TIME" if indicator in _STOCKS else "IN_PERIOD",
    )
    sheet.put(row, 8, shown.quantize(Decimal("0.1")) if unit != "người" else shown, fact=fact)
    sheet.put(row, 9, status)
    return row + 1
