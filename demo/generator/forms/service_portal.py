"""Export of the service portal: UTF-16 text, a few lines of title, long layout, dots as thousands separators."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

from demo.generator.forms.letterhead import FICTIONAL
from demo.generator.forms.spelling import colloquial, official
from demo.generator.periods import Quarter, quarters
from demo.generator.sheet import LOCAL_TIME, Fact, Sheet, Workbook
from demo.generator.territories import Body, Territories
from demo.generator.truth.service_portal import ServicePortal

SOURCE = "service_portal"
#: The export that was never handed in.
MISSING = {(2023, 2)}
CHANNEL_LABELS = {"ONLINE": "Trực tuyến", "COUNTER": "Trực tiếp", "POST": "Bưu chính công ích"}
_HEADER = ("Mã địa phương", "Địa phương", "Kỳ báo cáo", "Chỉ tiêu", "Kênh tiếp nhận", "Giá trị", "Ghi chú")


def workbooks(territories: Territories, portal: ServicePortal) -> list[Workbook]:
    """Fifteen quarterly exports; that of the fourth quarter carries the survey of the year."""
    books = []
    for quarter in quarters(administrative=True):
        if (quarter.year, quarter.number) in MISSING:
            continue
        received = datetime.combine(quarter.end_exclusive, time(9, 30), LOCAL_TIME) + timedelta(days=4)
        sheet = Sheet(f"DVC_{quarter.year}Q{quarter.number}")
        sheet.put(1, 1, "CỔNG DỊCH VỤ CÔNG - KẾT XUẤT SỐ LIỆU TỔNG HỢP")
        sheet.put(2, 1, f"Từ ngày {quarter.start:%d/%m/%Y} đến ngày {quarter.last_day:%d/%m/%Y}")
        sheet.put(3, 1, FICTIONAL)
        for column, label in enumerate(_HEADER, start=1):
            sheet.put(5, column, label)
        row = 6
        for body in territories.provinces(quarter.last_day):
            row = _write_province(sheet, row, body, quarter, portal)
        sheet.put(row + 1, 1, "Thời điểm kết xuất:")
        sheet.put(row + 1, 2, f"{received:%d/%m/%Y %H:%M}")
        books.append(Workbook(SOURCE, received, f"{sheet.name}.csv", "csv", [sheet], "utf-16", "\t"))
    return books


def _write_province(sheet: Sheet, row: int, body: Body, quarter: Quarter, portal: ServicePortal) -> int:
    name = official(body) if quarter.number % 2 else colloquial(body)
    label = f"Quý {quarter.roman}/{quarter.year}"
    lines: list[tuple[str, str, str, str, str, int]] = [
        (label, quarter.code, "PAS_RECV", "Số hồ sơ tiếp nhận trong kỳ", channel, value)
        for channel, value in portal.received(body, quarter).items()
    ]
    lines.append((label, quarter.code, "PAS_COMPL", "Số phản ánh, kiến nghị", "", portal.complaints(body, quarter)))
    if quarter.number == 4:
        positive, respondents = portal.survey(body, quarter.year)
        year = (f"Năm {quarter.year}", f"VNR{quarter.year}")
        lines.append((*year, "PAS_SAT_N", "Số người được khảo sát", "", respondents))
        lines.append((*year, "PAS_SAT_POS", "Trong đó: số người hài lòng", "", positive))
    for period_label, period, indicator, indicator_label, channel, value in lines:
        fact = Fact(
            indicator, body.code, body.valid_from, period, f"CHANNEL={channel}" if channel else "_T", Decimal(value)
        )
        texts = (body.code, name, period_label, indicator_label, CHANNEL_LABELS.get(channel, ""))
        for column, text in enumerate(texts, start=1):
            sheet.put(row, column, text)
        sheet.put(row, 6, f"{value:,}".replace(",", "."), fact=fact)
        row += 1
    return row
