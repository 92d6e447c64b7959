"""TCVN3, VNI and mojibake: conversion is complete, recognition is right and leaves other languages alone (6.7)."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.parse.labels import read_label
from ingest.parse.legacy_vietnamese import (
    TCVN3_LETTERS,
    VNI_LETTERS,
    LegacyEncoding,
    from_legacy,
    legacy_problem,
    recognise_file,
    recognise_legacy,
)
from ingest.parse.mojibake import repair_mojibake
from ingest.parse.vietnamese import ALPHABET

TO_TCVN3 = {letter: code for code, letter in TCVN3_LETTERS.items()}
TO_VNI = {letter: code for code, letter in VNI_LETTERS.items()}
LOWER = [letter for letter in ALPHABET if letter == letter.lower()]
TCVN3_CAPITALS = "ĂÂÊÔƠƯĐ"


def in_tcvn3(text: str) -> str:
    return "".join(TO_TCVN3.get(letter, letter) for letter in text)


def in_vni(text: str) -> str:
    def code(letter: str) -> str:
        sequence = TO_VNI.get(letter.lower(), letter.lower())
        return sequence.upper() if letter != letter.lower() else sequence

    return "".join(code(letter) for letter in text)


GOLDEN = {
    "Đơn vị báo cáo": ("§¬n vÞ b¸o c¸o", "Ñôn vò baùo caùo"),
    "Tỷ lệ": ("Tû lÖ", "Tyû leä"),
    "Chỉ tiêu": ("ChØ tiªu", "Chæ tieâu"),
    "Kế hoạch": ("KÕ ho¹ch", "Keá hoaïch"),
    "Thực hiện": ("Thùc hiÖn", "Thöïc hieän"),
}


@pytest.mark.parametrize(("text", "legacy"), GOLDEN.items())
def test_the_examples_of_the_domain_base(text: str, legacy: tuple[str, str]) -> None:
    tcvn3, vni = legacy
    assert recognise_legacy(tcvn3) is LegacyEncoding.TCVN3
    assert recognise_legacy(vni) is LegacyEncoding.VNI
    assert from_legacy(tcvn3) == from_legacy(vni) == text
    assert legacy_problem(tcvn3) == legacy_problem(vni) == "legacy_encoding"
    assert legacy_problem(text) is None


def test_a_tcvn3_header_row_is_converted_and_reported() -> None:
    """GF-28; the raw cells stay with the caller."""
    header = ["STT", "ChØ tiªu", "§¬n vÞ tÝnh", "KÕ ho¹ch n¨m", "Thùc hiÖn", "Ghi chó"]
    encoding = recognise_file(header)
    read = [read_label(cell, encoding) for cell in header]
    assert [label.text for label in read] == ["STT", "Chỉ tiêu", "Đơn vị tính", "Kế hoạch năm", "Thực hiện", "Ghi chú"]
    assert [label.problem for label in read] == [None, *["legacy_encoding"] * 5]


def test_both_tables_hold_the_whole_alphabet() -> None:
    beyond_ascii = {letter for letter in LOWER if not letter.isascii()}
    assert set(TCVN3_LETTERS.values()) == beyond_ascii | set(TCVN3_CAPITALS)
    assert set(VNI_LETTERS.values()) == beyond_ascii
    assert len(beyond_ascii) == 67


@given(st.text(st.sampled_from([*LOWER, *TCVN3_CAPITALS, *"bcghklmn 0123,."]), max_size=30))
def test_tcvn3_round_trip(text: str) -> None:
    assert from_legacy(in_tcvn3(text), LegacyEncoding.TCVN3) == text


@given(st.lists(st.sampled_from(ALPHABET), max_size=12))
def test_vni_round_trip_letter_by_letter(letters: list[str]) -> None:
    """Letters stand apart: VNI itself cannot tell ô-with-tone from ơ in a row of vowels that no word has."""
    text = " ".join(letters)
    assert from_legacy(in_vni(text), LegacyEncoding.VNI) == text


def test_capitals_of_a_tcvn3_capital_font_follow_the_other_letters() -> None:
    assert from_legacy("KÕ HO¹CH") == "KẾ HOẠCH"
    assert from_legacy("B¸O C¸O THùC HIÖN") == "BÁO CÁO THỰC HIỆN"
    assert from_legacy("Uû ban", LegacyEncoding.TCVN3) == "Uỷ ban"


@pytest.mark.parametrize(
    "label",
    [
        *["Sở Tư pháp", "Thông tin", "Công an", "Báo cáo", "Hà Nam", "Trà Vinh", "Nam", "Ghi chó", "vò"],
        *["Gefäßchirurgie", "Ärztinnen und Ärzte", "Österreich", "Übergangsgelder", "für Größe", "Länder"],
        *["Années précédentes", "Noël à la plage", "Ministère de l'Éducation", "août", "garçon", "Île-de-France"],
        *[
            "São Paulo",
            "Educação",
            "Población",
            "Año",
            "Educación",
            "È già",
            "Università",
            "Norrbottens län",
            "Ålesund",
        ],
        *[
            "µg/m³",
            "© 2020",
            "§ 5 Abs. 2",
            "«Bilan»",
            "±5 °C",
            "naïve",
            "café",
            "½",
            "£000",
            "£m",
            "IRMÃ MAIOR",
            "Kč",
            "Łódź",
        ],
    ],
)
def test_labels_of_other_languages_and_unicode_vietnamese_are_left_alone(label: str) -> None:
    assert legacy_problem(label) is None
    assert from_legacy(label) == label
    assert repair_mojibake(label) == label


def test_a_whole_file_decides_for_its_short_labels() -> None:
    assert recognise_file(["Ghi chó", "KÕ ho¹ch", "x", "12"]) is LegacyEncoding.TCVN3
    assert recognise_file(["Keá hoaïch", "Ghi chuù"]) is LegacyEncoding.VNI
    assert recognise_file(["Kế hoạch", "Thực hiện", "KÕ ho¹ch"]) is None
    assert recognise_file(["Total", "Année"]) is None


@given(st.text(st.sampled_from(ALPHABET + "bcđghn –€…“”"), max_size=20))
@example("Ã à ")
def test_utf_8_read_as_windows_1252_is_put_back(text: str) -> None:
    garbled = "".join(
        bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte)
        for byte in text.encode()
    )
    assert repair_mojibake(garbled) == text


def test_mojibake_that_is_only_part_of_a_label_is_put_back_there() -> None:
    assert repair_mojibake("Kế hoạch – Káº¿ hoáº¡ch") == "Kế hoạch – Kế hoạch"
    assert repair_mojibake("HÃ  Ná»™i") == "Hà Nội"
