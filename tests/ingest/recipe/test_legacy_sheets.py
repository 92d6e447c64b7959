"""Sheets in the encodings before Unicode: a short label follows what the whole sheet shows."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.parse.legacy_vietnamese import TCVN3_LETTERS

RECIPE = """
    numbers: {locale: vi}
    tables:
      - header: [Đơn vị, Số]
        organisation: {column: Đơn vị}
        indicator: FIGURE
        period: {column: Quý, pattern: '(quý \\S+ năm \\d+)'}
        note: {column: Ghi chú}
        values: Số
    """
ROWS = [
    ["Báo cáo tình hình giải quyết thủ tục hành chính", "", "", ""],
    ["Đơn vị", "Quý", "Số", "Ghi chú"],
    ["Hải Phòng", "kỳ: quý I năm 2025", "5", "đủ"],
    ["Huế", "kỳ: quý I năm 2025", "7", "Ghi chú"],
]


def tcvn3(text: str) -> str:
    back = {letter: sign for sign, letter in TCVN3_LETTERS.items()}
    return "".join(back.get(letter, letter) for letter in text)


def test_short_labels_of_a_tcvn3_sheet_are_converted_and_reported(read_with: Any, registry: Any, facts: Any) -> None:
    sheet = [[tcvn3(text) for text in row] for row in ROWS]
    assert sheet[1][0] != ROWS[1][0]
    assert sheet[3][3] == "Ghi chó"
    tidied = read_with(RECIPE, sheet, registry(["Hải Phòng", "Huế"], ["FIGURE"]))
    found = facts(tidied, "organisation_code", "period_code", "note", "text_problem")
    assert found == [
        ("Hải Phòng", "2025-Q1", "đủ", "legacy_encoding"),
        ("Huế", "2025-Q1", "Ghi chú", "legacy_encoding"),
    ]


@pytest.mark.parametrize("label", ["Ghi chó", "Café", "Año"])
def test_the_same_labels_on_a_sheet_in_unicode_stay_as_they_are(
    read_with: Any, registry: Any, facts: Any, label: str
) -> None:
    sheet = [*ROWS[:3], ["Huế", "kỳ: quý I năm 2025", "7", label]]
    found = facts(read_with(RECIPE, sheet, registry(["Hải Phòng", "Huế"], ["FIGURE"])), "note", "text_problem")
    assert found == [("đủ", None), (label, None)]
