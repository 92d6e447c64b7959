"""Bytes to text, and text to columns: the same result for the same bytes (domain.md 6.7)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse.delimiters import sniff_delimiter
from ingest.parse.encodings import DecodingError, decode
from ingest.parse.legacy_vietnamese import TCVN3_LETTERS

TEXT = "Đơn vị báo cáo;Tỷ lệ;Kế hoạch\nSở Tư pháp;12,5;3\n"
TONES = "\u0300\u0301\u0303\u0309\u0323"


def in_windows_1258(text: str) -> bytes:
    """Base letter, then its tone, as windows-1258 writes what it has no letter for."""
    pieces = []
    for letter in unicodedata.normalize("NFC", text):
        decomposed = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in TONES))
        pieces.append(base + "".join(mark for mark in decomposed if mark in TONES))
    return "".join(pieces).encode("cp1258")


@pytest.mark.parametrize(
    ("data", "encoding", "converted"),
    [
        (TEXT.encode(), "utf-8", False),
        (TEXT.encode("utf-8-sig"), "utf-8", False),
        (TEXT.encode("utf-16"), "utf-16-le", True),
        (TEXT.encode("utf-16-le"), "utf-16-le", True),
        (TEXT.encode("utf-16-be"), "utf-16-be", True),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be", True),
        (TEXT.encode("utf-32"), "utf-32-le", True),
        (in_windows_1258(TEXT), "cp1258", True),
    ],
)
def test_vietnamese_text_is_decoded_whatever_it_was_saved_as(data: bytes, encoding: str, converted: bool) -> None:
    decoded = decode(data)
    assert (decoded.text, decoded.encoding, decoded.converted) == (TEXT, encoding, converted)


def test_a_tcvn3_file_is_decoded_line_by_line() -> None:
    to_tcvn3 = {letter: code for code, letter in TCVN3_LETTERS.items()}
    data = "".join(to_tcvn3.get(letter, letter) for letter in TEXT).encode("latin-1")
    assert decode(data).text == decode(data, "tcvn3").text == TEXT
    assert decode(data).encoding == "tcvn3"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Educación;12\nAño;5\n", "cp1252"),
        ("Größe;Förderung;Straße\n", "cp1252"),
        ("Dépenses;année;élève\n", "cp1252"),
        ("£ million;5\n", "cp1252"),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy", "cp1250"),
        ("Dépenses de fonctionnement, élève, forêt, année", "mac_roman"),
        ("Население по регионам, всего", "cp1251"),
    ],
)
def test_other_code_pages_are_told_from_the_bytes(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.encoding, decoded.converted) == (text, encoding, True)


def test_the_declaration_decides_unless_a_byte_order_mark_does() -> None:
    data = "Łódź".encode("cp1250")
    assert decode(data, "windows-1250").text == "Łódź"
    assert decode(data, "windows-1250").encoding == "cp1250"
    assert decode("Łódź".encode("utf-8-sig"), "windows-1250").text == "Łódź"


def test_bytes_that_are_not_in_the_declared_encoding_are_refused_with_their_place() -> None:
    with pytest.raises(DecodingError, match=r"byte 8 \(line 2\) is not text in the declared encoding utf-8"):
        decode(b"abc\nde,\xff\n", "utf-8")
    with pytest.raises(DecodingError, match=r"declared encoding 'utf-99' is unknown"):
        decode(b"abc", "utf-99")


def test_a_bad_byte_costs_its_own_letter_and_no_other() -> None:
    decoded = decode(TEXT.encode() * 2 + b"S\xff T\xc6\xb0 ph\xc3\xa1p\n")
    assert decoded.encoding == "utf-8"
    assert decoded.text == TEXT * 2 + "S\ufffd Tư pháp\n"


def test_an_empty_file_is_empty_text() -> None:
    assert decode(b"").text == ""
    assert decode(b"\xef\xbb\xbf").text == ""


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_the_same_way_each_time(data: bytes) -> None:
    try:
        first = decode(data)
    except DecodingError:
        with pytest.raises(DecodingError):
            decode(data)
    else:
        assert decode(data) == first


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ("a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n", ";"),
        ("Tên\tSố\nA\t1,5\nB\t2,5\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ('Tiêu đề, năm 2025\n\n"Sở A, B";1,5;2\n"Sở C";2,5;3\n"Sở D";3;4\n', ";"),
        ('name,value\n"a; b; c",1\n"d; e",2\n', ","),
        ("một cột\nhai\nba\n", None),
        ("", None),
        ("\n\n", None),
    ],
)
def test_the_delimiter_is_the_one_that_makes_regular_rows(text: str, delimiter: str | None) -> None:
    assert sniff_delimiter(text) == delimiter
