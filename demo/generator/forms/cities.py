"""The city scorecard: an .ods a year, one sheet a city, years as headers, labels in two languages.

The last year of each workbook is preliminary (sơ bộ) and comes back final, sometimes changed, in the next one.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from demo.generator.draws import stream
from demo.generator.forms.letterhead import FICTIONAL
from demo.generator.periods import YEARS
from demo.generator.sheet import LOCAL_TIME, Fact, Sheet, Workbook
from demo.generator.territories import Body, Territories
from demo.generator.truth.cities import CITIES, Cities

SOURCE = "city_scorecard"
SHEET_NAMES = {"01": "Hà Nội", "31": "Hai Phong", "46": "Huế", "48": "Da Nang", "79": "TP.HCM", "92": "Cần Thơ"}
#: Indicator → Vietnamese / English label, unit label, factor from the unit to the printed figure, decimals.
LINES: dict[str, tuple[str, str, int, int]] = {
    "CTY_POP": ("Dân số trung bình / Mid-year population", "người / persons", 1, 0),
    "CTY_CRIMES": ("Số vụ tội phạm bạo lực / Violent crimes", "vụ / cases", 1, 0),
    "CTY_CALLS": ("Cuộc gọi khẩn cấp ưu tiên / Priority calls", "cuộc gọi / calls", 1, 0),
    "CTY_CALLS7": ("Trong đó: ứng cứu trong 7 phút / of which within 7 minutes", "cuộc gọi / calls", 1, 0),
    "CTY_FEEL": ("Cảm thấy an toàn / Feeling safe", "%", 1, 1),
    "CTY_NBH_ALL": ("Số khu dân cư / Neighbourhoods", "khu / areas", 1, 0),
    "CTY_NBH_STABLE": ("Trong đó: ổn định / of which stable", "khu / areas", 1, 0),
    "CTY_SERV_SAT": ("Hài lòng với dịch vụ / Service satisfaction", "%", 1, 1),
    "CTY_PAYCOST": ("Chi lương, phụ cấp / Pay and allowances", "tỷ đồng / billion VND", 1_000_000_000, 3),
    "CTY_STAFF": ("Công chức bình quân / Average civil servants", "người / persons", 1, 0),
    "CTY_LEAVERS": ("Công chức thôi việc / Civil servants who left", "người / persons", 1, 0),
    "CTY_BUSHOURS": ("Giờ xe buýt trên đường / Bus hours on the road", "giờ / hours", 1, 0),
    "CTY_BUSWORK": ("Lao động vận tải buýt / Bus workers", "người / persons", 1, 0),
    "CTY_TRIPS": ("Lượt khách xe buýt / Bus trips", "lượt / visits", 1, 0),
    "CTY_COMPL": ("Phản ánh về đường phố / Complaints about streets", "phản ánh / complaints", 1, 0),
    "CTY_KMCLEAN": ("Km đường làm sạch thường xuyên / Km cleaned routinely", "km", 1, 1),
    "CTY_DEATHS": ("Người chết do tai nạn giao thông / Road deaths", "người / persons", 1, 0),
    "CTY_ENT": ("Doanh nghiệp thành lập mới / New enterprises", "doanh nghiệp / enterprises", 1, 0),
}
_STOCKS = {"CTY_POP", "CTY_NBH_ALL", "CTY_NBH_STABLE", "CTY_STAFF", "CTY_BUSWORK"}
#: Retyped by hand with English thousands separators, in the workbooks' sheets of these cities.
_TYPED_IN_ENGLISH = {"CTY_TRIPS", "CTY_BUSHOURS"}
_TYPED_BY = {"01", "48", "79"}


def workbooks(territories: Territories, cities: Cities, seed: int) -> list[Workbook]:
    """Four yearly workbooks, each with all years so far."""
    books = []
    for last in YEARS:
        sheets = [_city(territories, cities, code, last, seed) for code in CITIES]
        books.append(
            Workbook(SOURCE, datetime(last + 1, 3, 5, tzinfo=LOCAL_TIME), f"City_scorecard_{last}.ods", "ods", sheets)
        )
    return books


def _body(territories: Territories, code: str, year: int) -> Body:
    return next(body for body in territories.provinces(date(year, 12, 31)) if body.code == code)


def _city(territories: Territories, cities: Cities, code: str, last: int, seed: int) -> Sheet:
    years = [year for year in YEARS if year <= last]
    sheet = Sheet(SHEET_NAMES[code])
    sheet.span(1, 1, 1, 3 + len(years), f"BẢNG ĐIỂM THÀNH PHỐ / CITY SCORECARD - {SHEET_NAMES[code]}", "title")
    sheet.span(2, 1, 2, 3 + len(years), FICTIONAL, "note")
    for column, label in enumerate(("STT / No.", "Chỉ tiêu / Indicator", "Đơn vị tính / Unit"), start=1):
        sheet.put(4, column, label, "header")
    for offset, year in enumerate(years):
        sheet.put(4, 4 + offset, f"{year} (sơ bộ / prel.)" if year == last else str(year), "header")
    for number, (indicator, (label, unit, factor, decimals)) in enumerate(LINES.items(), start=1):
        row = 4 + number
        sheet.put(row, 1, number, "label")
        for column, text in enumerate((label, unit), start=2):
            sheet.put(row, column, text, "label")
        for offset, year in enumerate(years):
            body = _body(territories, code, year)
            value = cities.year(body, year)[indicator]
            if year == last:
                value = _preliminary(value, indicator, code, year, seed)
            fact = Fact(
                indicator,
                body.code,
                body.valid_from,
                str(year),
                "_T",
                value,
                "P" if year == last else "A",
                accumulation="POINT_IN_TIME" if indicator in _STOCKS else "IN_PERIOD",
            )
            shown = value / factor
            typed = f"{shown:,}" if indicator in _TYPED_IN_ENGLISH and code in _TYPED_BY else shown
            sheet.put(row, 4 + offset, typed, "number", decimals=decimals, fact=fact)
    sheet.widths = {1: 8, 2: 52, 3: 26, **dict.fromkeys(range(4, 4 + len(years)), 18)}
    origin = "Nguồn / Source: UBND thành phố. Từ 2025: địa giới mới / from 2025: new boundaries."
    sheet.put(6 + len(LINES), 1, origin, "note")
    return sheet


def _preliminary(value: Decimal, indicator: str, code: str, year: int, seed: int) -> Decimal:
    """Counts of crimes, enterprises and trips come out a little low at first."""
    if indicator in {"CTY_CRIMES", "CTY_ENT", "CTY_TRIPS"}:
        draw = stream(seed, "preliminary", indicator, code, year)
        return Decimal(round(float(value) * (0.97 + 0.03 * draw.random())))
    return value
