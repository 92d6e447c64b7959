"""Figures that governments have published, read in place, against the answers known for them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.parse.delimiters import sniff_delimiter
from ingest.parse.encodings import decode
from ingest.parse.labels import read_label
from ingest.parse.numbers import Number, NumberProfile, parse_numbers

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"
MESSY = "05-messy-workbooks-and-csv"

pytestmark = [
    pytest.mark.shared_cases,
    pytest.mark.skipif(not CASES.is_dir(), reason="the published cases are not beside the repository"),
]


def rows_of(name: str) -> list[list[str]]:
    """The rows of a text file, with the encoding and the delimiter told from the file."""
    text = decode((CASES / name).read_bytes()).text
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=sniff_delimiter(text) or ","))


def column_of(name: str, header: str) -> list[str]:
    head, *rows = rows_of(name)
    return [row[head.index(header)] for row in rows]


def total(numbers: Sequence[Number]) -> Decimal:
    assert [number for number in numbers if number.problem] == []
    return sum((number.value for number in numbers if number.value is not None), Decimal(0))


def test_vietnamese_provinces_are_read_without_declaring_a_locale() -> None:
    name = "04-vn-admin-reform-2025/sapnhap.bando.com.vn_province_2025-07-17.csv"
    assert total(parse_numbers(column_of(name, "dansonguoi"))) == 112_093_848
    assert total(parse_numbers(column_of(name, "dientichkm2"))) == Decimal("331333.54")


def test_german_thousands_are_ambiguous_until_the_locale_is_declared() -> None:
    rows = rows_of(f"{MESSY}/weird_head_padding.csv")
    head = next(row for row in rows if "2010" in row)
    body = [row for row in rows if len(row) == len(head) and row is not head and row[0].strip()]
    last = [row[head.index("2010")] for row in body]
    assert {number.problem for number in parse_numbers(last)} == {None, "ambiguous_number"}
    german = NumberProfile(locale="de", profile="destatis")
    assert total(parse_numbers(last, german)) == 17_818
    assert total(parse_numbers([row[head.index("1993")] for row in body], german)) == 7_423
    (unfallchirurgie,) = (row for row in body if row[0].strip() == "Unfallchirurgie")
    assert parse_numbers([unfallchirurgie[head.index("2010")]], german)[0].value == 2_590


def test_dutch_minus_with_a_space_and_thousands_with_a_space() -> None:
    rows = rows_of(f"{MESSY}/begrotingsanalyse-2011.csv")
    totals = [row for row in rows if len(row) > 3 and row[1].strip() == "Totaal"]
    income, expenses, printed = (parse_numbers(row[2:14]) for row in totals)
    assert (income[0].value, expenses[0].value, printed[0].value) == (1_414, -1_414, 0)
    for three in zip(income, expenses, printed, strict=True):
        assert total(three[:2]) == total(three[2:])


def test_english_thousands_in_a_utf_16_file() -> None:
    name = f"{MESSY}/utf-16le_encoded.csv"
    assert decode((CASES / name).read_bytes()).encoding == "utf-16-le"
    english = NumberProfile(locale="en", profile="dash_missing", markers={"*": "suppressed"})
    assert total(parse_numbers(column_of(name, "Part_II_patients"), english)) == 27_872
    assert (
        total(parse_numbers(column_of(name, "All_admissions_including_place_of_safety_detentions"), english)) == 478_640
    )


@pytest.mark.parametrize("name", ["spanish_chars.csv", "sparse_with_column_errors.csv"])
def test_western_code_pages_keep_their_letters(name: str) -> None:
    decoded = decode((CASES / MESSY / name).read_bytes())
    assert decoded.encoding == "cp1252"
    assert not any(read_label(cell).problem for row in csv.reader(io.StringIO(decoded.text)) for cell in row)


def test_doubles_written_with_seventeen_digits_lose_no_more_than_the_twelfth_decimal() -> None:
    for path in sorted((CASES / "02-uk-sdg-open-sdg/data").glob("*.csv")):
        values = column_of(str(path.relative_to(CASES)), "Value")
        for text, number in zip(values, parse_numbers(values), strict=True):
            assert number.problem is None, (path.name, text)
            assert number.value is None or abs(number.value - Decimal(text)) <= Decimal("1E-12")


def test_service_volumes_and_costs_of_the_united_kingdom() -> None:
    name = "01-uk-performance-platform/transaction-volumes.csv"
    window = "April 2016 to March 2017"
    assert total(parse_numbers(column_of(name, f"{window}: volume"))) == 3_309_852_525
    assert total(parse_numbers(column_of(name, f"{window}: digital volume"))) == 2_987_113_830
    quarterly = column_of("01-uk-performance-platform/services.csv", "2017-Q2 Vol.")
    assert total(parse_numbers(quarterly, NumberProfile(profile="dash_missing"))) == 3_309_852_525
