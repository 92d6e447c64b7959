"""Cells made to keep a parser busy: every reader answers at once, whatever stands in a cell."""

from __future__ import annotations

import time

import pytest

from ingest.parse.footnotes import strip_footnote_marks
from ingest.parse.labels import read_label
from ingest.parse.numbers import NumberProfile, parse_numbers
from ingest.parse.text import fold
from ingest.parse.units import parse_unit, unit_in_text

#: The most that a spreadsheet cell holds.
LENGTH = 32_767
HOSTILE = {
    "digits": "9" * LENGTH,
    "groups": "1" + ".234" * (LENGTH // 4),
    "footnotes": "5" + "*" * LENGTH + "x",
    "footnotes within the limit": "5" + "*" * 190 + "x",
    "superscripts": "x" + "¹" * LENGTH + "x",
    "brackets": "(" * LENGTH,
    "bracket pairs": "()" * (LENGTH // 2) + "(",
    "spaces": "5" + " " * LENGTH + "x",
    "signs": "-" * LENGTH + "5",
    "magnitudes": "2 tỷ " * (LENGTH // 5),
    "magnitudes within the limit": "nghìn tỷ " * 20,
    "quotients": "km/" * 150 + "h",
    "mojibake": "Ã" * LENGTH,
    "TCVN3": "¸" * LENGTH,
    "VNI": "aùoâeä" * (LENGTH // 6),
    "combining marks": "a" + "\u0301" * LENGTH,
    "unit line": "đơn vị tính: " * (LENGTH // 13),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_cell_is_answered_at_once(name: str) -> None:
    text = HOSTILE[name]
    started = time.perf_counter()
    (number,) = parse_numbers([text], NumberProfile(profile="gss"))
    assert number.value is None
    for read in (strip_footnote_marks, read_label, fold, parse_unit, unit_in_text):
        read(text)
    assert time.perf_counter() - started < 2
