"""What stands around the table of an office form: agency, form number, title, period, unit, signatures, notes."""

from __future__ import annotations

from dataclasses import dataclass

from demo.generator.sheet import Sheet

FICTIONAL = (
    "Số liệu giả định, chỉ để minh họa; không phải số liệu của cơ quan nào (fictional figures, for demonstration only)."
)


@dataclass(frozen=True)
class Letterhead:
    """The texts above a table."""

    agency: str
    form: str
    sender: str
    receiver: str
    title: str
    period: str
    unit: str


def write_letterhead(sheet: Sheet, head: Letterhead, last_column: int) -> int:
    """Write the head over columns 1 to ``last_column``; returns the first free row, where the header begins."""
    left, right = max(3, last_column // 3), max(4, last_column - last_column // 3 + 1)
    sheet.span(1, 1, 1, left, head.agency, "agency")
    sheet.span(2, 1, 2, left, head.form, "subtitle")
    sheet.span(1, right, 1, last_column, f"Đơn vị báo cáo: {head.sender}", "plain")
    sheet.span(2, right, 2, last_column, f"Đơn vị nhận báo cáo: {head.receiver}", "plain")
    sheet.span(4, 1, 4, last_column, head.title, "title")
    sheet.span(5, 1, 5, last_column, head.period, "subtitle")
    sheet.span(6, max(1, right - 1), 6, last_column, head.unit, "unit")
    sheet.heights[4] = 22
    return 7


def write_footer(sheet: Sheet, row: int, last_column: int, place_and_date: str, notes: tuple[str, ...]) -> None:
    """Notes, place and date, and the two signatures, from ``row`` on."""
    for offset, note in enumerate((*notes, FICTIONAL)):
        sheet.put(row + offset, 1, f"Ghi chú: {note}" if offset == 0 else note, "note")
    below = row + len(notes) + 2
    middle = last_column - last_column // 3
    sheet.span(below, middle, below, last_column, place_and_date, "subtitle")
    sheet.put(below + 1, 2, "NGƯỜI LẬP BIỂU", "sign")
    sheet.span(below + 1, middle, below + 1, last_column, "THỦ TRƯỞNG ĐƠN VỊ", "sign")
    sheet.put(below + 2, 2, "(Ký, ghi rõ họ tên)", "note")
    sheet.span(below + 2, middle, below + 2, last_column, "(Ký tên, đóng dấu)", "subtitle")
