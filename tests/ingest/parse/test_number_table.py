"""The table of numbers: what one cell comes to, by context (domain.md 10.2, GF-26).

Expected is a decimal, a state in angle brackets, or a problem behind an exclamation mark; flags follow after a slash.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.contract import ObsStatus
from ingest.parse.number_value import VALUE_PROBLEMS
from ingest.parse.numbers import Number, NumberProfile, parse_numbers

AMBIGUOUS, NO, MARKER = "!ambiguous_number", "!not_a_number", "!unmapped_marker"
DATE, ERROR, FORMULA, PRECISION = "!date_in_number", "!error_value", "!formula_without_value", "!out_of_precision"
MISSING, NOT_APPLICABLE, SUPPRESSED, NOT_COLLECTED = "<O>", "<M>", "<Q>", "<L>"

#: (text, context, expected): a context is a locale, ``profile:name``, or several of them.
TABLE: tuple[tuple[str, str, str], ...] = (
    # table 10.2, row by row
    ("1.234.567", "", "1234567"),
    ("1.234,5", "", "1234.5"),
    ("1,234.5", "", "1234.5"),
    ("12,5", "", "12.5"),
    ("12.5", "", "12.5"),
    ("0.500", "", "0.5"),
    ("1.234", "vi", "1234"),
    ("1.234", "en", "1.234"),
    ("1.234", "", AMBIGUOUS),
    ("1,234,56", "", NO),
    ("1.2.3", "", NO),
    ("1 234 567", "", "1234567"),
    ("1\u00a0234\u00a0567", "", "1234567"),
    ("1\u202f234\u202f567", "", "1234567"),
    ("(1.234)", "vi", "-1234"),
    ("\u22125", "", "-5"),
    ("\u20135", "", "-5"),
    ("-", "profile:yearbook", "0 / DASH_ZERO"),
    ("\u2013", "profile:yearbook", "0 / DASH_ZERO"),
    ("\u2014", "profile:yearbook", "0 / DASH_ZERO"),
    ("-", "", MARKER),
    ("\u2013", "", MARKER),
    ("...", "", MISSING),
    ("\u2026", "", MISSING),
    ("..", "", MISSING),
    (". . .", "", MISSING),
    ("........", "", MISSING),
    ("……", "", MISSING),
    ("", "", MISSING),
    ("   ", "", MISSING),
    ("\u00a0\u200b", "", MISSING),
    ("x", "profile:yearbook", NOT_APPLICABLE),
    ("X", "profile:yearbook", NOT_APPLICABLE),
    ("x", "", MARKER),
    ("k.có", "", MARKER),
    ("không có", "", MARKER),
    ("Không", "", MARKER),
    ("chưa có số liệu", "", MISSING),
    ("Chưa có số liệu", "", MISSING),
    ("CCSL", "", MISSING),
    ("N/A", "", MISSING),
    ("#N/A", "", ERROR),
    ("#DIV/0!", "", ERROR),
    ("#REF!", "", ERROR),
    ("95%", "", "95 / PERCENT"),
    ("12,5%", "vi", "12.5 / PERCENT"),
    ("104,5", "", "104.5"),
    ("tăng 4,5%", "", "4.5 / PERCENT GROWTH"),
    ("giảm 2%", "", "-2 / PERCENT GROWTH"),
    ("tăng 1,5 lần", "", AMBIGUOUS),
    ("2,5 tỷ", "", "2500000000 / MAGNITUDE"),
    ("2 tỷ 350 triệu", "", "2350000000 / MAGNITUDE"),
    ("1.200 (a)", "vi", "1200 / FOOTNOTE"),
    ("1.200*", "vi", "1200 / FOOTNOTE"),
    ("\u2265 20", "", "[20, +] / INTERVAL"),
    ("\u2265 20", "no-intervals", NO),
    ("3 - 5", "", NO),
    ("khoảng 1.200", "", NO),
    ("l00", "", NO),
    ("1O0", "", NO),
    ("'00123", "", NO),
    # whole numbers
    ("0", "", "0"),
    ("00", "", "0"),
    ("05", "", "5"),
    ("007", "", NO),
    ("00123", "", NO),
    ("+5", "", "5"),
    ("-0", "", "0"),
    ("- 1", "", "-1"),
    ("-1 414", "", "-1414"),
    ("'123", "", "123"),
    ("\u221212", "en", "-12"),
    ("\u20111", "", "-1"),
    ("+-5", "", NO),
    ("--5", "", NO),
    ("5-", "", NO),
    ("\u20145", "", NO),
    ("12 345 678 901", "", "12345678901"),
    ("1 23", "", NO),
    ("1 2345", "", NO),
    ("12 345 6", "", NO),
    ("1.234.56", "", NO),
    ("1.234,567", "", "1234.567"),
    ("1,234.567", "", "1234.567"),
    ("12,34,567", "", NO),
    ("12,34,567", "in", "1234567"),
    ("1234,567", "", "1234.567"),
    ("1234.567", "", "1234.567"),
    ("0,125", "", "0.125"),
    (".5", "", "0.5"),
    (",5", "", "0.5"),
    ("5.", "", NO),
    ("5,", "", NO),
    ("1..5", "", NO),
    ("1.,5", "", NO),
    # declared locales
    ("1.234,5", "vi", "1234.5"),
    ("1,234.5", "vi", AMBIGUOUS),
    ("12.5", "vi", AMBIGUOUS),
    ("12,5", "en", AMBIGUOUS),
    ("1,234", "vi", "1.234"),
    ("1,234", "en", "1234"),
    ("1,234", "", AMBIGUOUS),
    ("1,234,567", "en", "1234567"),
    ("1,234,567", "vi", AMBIGUOUS),
    ("1 234,5", "fr", "1234.5"),
    ("1\u202f234,5", "fr", "1234.5"),
    ("1.234", "fr", AMBIGUOUS),
    ("1.234,5", "de", "1234.5"),
    ("1.234,5", "de-DE", "1234.5"),
    ("1'234.5", "ch", "1234.5"),
    ("1\u2019234\u2019567.50", "de_CH", "1234567.5"),
    ("1'234,50", "", "1234.5"),
    ("1'234", "", "1234"),
    ("1 234'567", "", NO),
    ("1\u2009234,5", "", "1234.5"),
    ("1\u2007234", "", "1234"),
    # digits of other widths and scripts
    ("\uff11\uff12\uff13", "", "123"),
    ("\uff11\uff12\uff0c\uff15", "", "12.5"),
    ("\u0661\u0662\u0663", "", NO),
    ("\u09e7\u09e8", "", NO),
    ("\u00b2", "", NO),
    ("\u00bd", "", MARKER),
    ("1\u00bd", "", NO),
    # parentheses
    ("(5)", "", "-5"),
    ("( 1 234 )", "", "-1234"),
    ("(5%)", "", "-5 / PERCENT"),
    ("(-5)", "", NO),
    ("(5", "", NO),
    ("5)", "", NO),
    ("(5)", "no-parentheses", NO),
    # parts of a hundred and a thousand
    ("95 %", "", "95 / PERCENT"),
    ("95\uff05", "", "95 / PERCENT"),
    ("95%", "fraction", "0.95 / PERCENT"),
    ("5‰", "", "5 / PER_MILLE"),
    ("5‰", "fraction", "0.005 / PER_MILLE"),
    ("5 phần trăm", "", "5 / PERCENT"),
    ("0,5 điểm %", "", "0.5"),
    ("-2,5%", "", "-2.5 / PERCENT"),
    ("150 per cent", "", "150 / PERCENT"),
    # growth
    ("Tăng 4,5%", "", "4.5 / PERCENT GROWTH"),
    ("tăng thêm 0,5 điểm phần trăm", "", "0.5 / GROWTH"),
    ("giảm 12,3 %", "", "-12.3 / PERCENT GROWTH"),
    ("down 4.5%", "", "-4.5 / PERCENT GROWTH"),
    ("tăng 5", "", AMBIGUOUS),
    ("tăng 2 lần", "", AMBIGUOUS),
    ("tăng -2%", "", NO),
    ("tăng 1.234%", "", AMBIGUOUS),
    # magnitudes and units
    ("3 triệu", "", "3000000 / MAGNITUDE"),
    ("1,5 tỉ đồng", "", "1500000000 / MAGNITUDE"),
    ("12 nghìn", "", "12000 / MAGNITUDE"),
    ("12 ngàn", "", "12000 / MAGNITUDE"),
    ("1,2 nghìn tỷ đồng", "", "1200000000000 / MAGNITUDE"),
    ("2 vạn", "", "20000 / MAGNITUDE"),
    ("1.5 million", "", "1500000 / MAGNITUDE"),
    ("3 billion", "", "3000000000 / MAGNITUDE"),
    ("3,5 Mrd.", "", "3500000000 / MAGNITUDE"),
    ("2 Mio.", "", "2000000 / MAGNITUDE"),
    ("£5.2m", "", "5200000 / MAGNITUDE"),
    ("2.500 triệu", "", AMBIGUOUS),
    ("2 tỷ 350 triệu 500 nghìn đồng", "", "2350500000 / MAGNITUDE"),
    ("2 tỷ 350", "", NO),
    ("2 tỷ 1500 triệu", "", NO),
    ("350 triệu 2 tỷ", "", NO),
    ("2,5 tỷ 350 triệu", "", NO),
    ("2 tỷ rưỡi", "", NO),
    ("£1,234.50", "", "1234.5"),
    ("€ 3.000,50", "", "3000.5"),
    ("-£5", "", "-5"),
    ("2.000.000đ", "", "2000000"),
    ("2.000.000 VND", "", "2000000"),
    ("15 ngày", "", "15"),
    ("12,5 km", "", "12.5"),
    ("10 m2", "", "10"),
    ("5 M", "", NO),
    ("10l", "", NO),
    ("5m", "", NO),
    ("15 xyz", "", NO),
    # footnotes and status marks
    ("1200\u00b9", "", "1200 / FOOTNOTE"),
    ("1 200 [1]", "", "1200 / FOOTNOTE"),
    ("95%*", "", "95 / PERCENT FOOTNOTE"),
    ("12,5 (a)*", "", "12.5 / FOOTNOTE"),
    ("12(3)", "", AMBIGUOUS),
    ("1.200(1)", "vi", AMBIGUOUS),
    ("45 (12,3%)", "", NO),
    ("4.818/5.421", "", NO),
    ("12.3 p", "profile:eurostat", "12.3 / FOOTNOTE"),
    ("12.3 p", "", NO),
    ("12.3 [e]", "profile:gss", "12.3 / FOOTNOTE"),
    # intervals, ranges, approximations
    ("<5", "", "[-, 5] / INTERVAL STRICT_BOUND"),
    ("< 5", "", "[-, 5] / INTERVAL STRICT_BOUND"),
    ("\u22645", "", "[-, 5] / INTERVAL"),
    ("<=5", "", "[-, 5] / INTERVAL"),
    (">100", "", "[100, +] / INTERVAL STRICT_BOUND"),
    (">1.234", "", AMBIGUOUS),
    ("<5", "no-intervals", NO),
    ("3-5", "", NO),
    ("3\u20135", "", NO),
    ("3 đến 5", "", NO),
    ("~1200", "", NO),
    ("trên 100", "", NO),
    ("about 50", "", NO),
    # scientific notation
    ("1e-05", "", "0.00001"),
    ("1.5E-05", "", "0.000015"),
    ("1.0E10", "", "10000000000"),
    ("1.23457E+11", "", PRECISION),
    ("1E5", "", NO),
    # precision
    ("44.800000000000004", "", "44.8 / ROUNDED"),
    ("3.7876234173178784", "", "3.787623417318 / ROUNDED"),
    ("0.123456789012", "", "0.123456789012"),
    ("0.1234567890123456789", "", PRECISION),
    ("99999999999999999999999999", "", "99999999999999999999999999"),
    ("100000000000000000000000000", "", PRECISION),
    # other markers
    (":", "profile:eurostat", MISSING),
    (": c", "profile:eurostat", SUPPRESSED),
    ("[c]", "profile:gss", SUPPRESSED),
    ("[z]", "profile:gss", NOT_APPLICABLE),
    ("np", "profile:abs", SUPPRESSED),
    ("..", "profile:abs", NOT_APPLICABLE),
    ("-", "profile:abs", "0 / DASH_ZERO"),
    ("-", "profile:dash_missing", MISSING),
    (".", "profile:destatis", MISSING),
    ("/", "profile:destatis", SUPPRESSED),
    ("nil", "", MARKER),
    ("n.a.", "", MARKER),
    ("?", "", MARKER),
    # dates, errors, formulas, words
    ("2025-07-01", "", DATE),
    ("1/7/2025", "", DATE),
    ("01.07.2025", "", DATE),
    ("Jan-25", "", DATE),
    ("01-Thg7", "", DATE),
    ("12:30", "", DATE),
    ("1/2", "", NO),
    ("#VALUE!", "", ERROR),
    ("########", "", ERROR),
    ("Err:502", "", ERROR),
    ("=A1+B1", "", FORMULA),
    ("=SUM(D8:D9)", "", FORMULA),
    ("Tổng cộng", "", NO),
    ("There is no data for this indicator yet", "", NO),
    ("12A", "", NO),
    ("A12", "", NO),
    ("0x1F", "", NO),
    ("1_000", "", NO),
    ("\u221e", "", MARKER),
)
OPTIONS = {
    "no-intervals": {"intervals": False},
    "no-parentheses": {"parentheses": "refused"},
    "fraction": {"percent": "fraction"},
}


def profile_of(context: str) -> NumberProfile:
    if context in OPTIONS:
        return NumberProfile(**OPTIONS[context])
    if context.startswith("profile:"):
        return NumberProfile(profile=context.removeprefix("profile:"))
    return NumberProfile(locale=context or None)


def assert_outcome(number: Number, expected: str) -> None:
    outcome, _, flags = expected.partition(" / ")
    if outcome.startswith("!"):
        assert (number.problem, number.value, number.obs_status) == (outcome[1:], None, ObsStatus.MISSING)
        return
    assert number.problem is None
    assert number.flags == tuple(flags.split())
    if outcome.startswith("<"):
        assert (number.value, number.obs_status) == (None, ObsStatus(outcome[1:-1]))
    elif outcome.startswith("["):
        low, high = outcome[1:-1].split(", ")
        assert number.value is None
        assert (number.low, number.high) == (
            None if low == "-" else Decimal(low),
            None if high == "+" else Decimal(high),
        )
    else:
        assert number.value == Decimal(outcome)


@pytest.mark.parametrize(("text", "context", "expected"), TABLE)
def test_a_cell_is_read_as_the_table_says(text: str, context: str, expected: str) -> None:
    (number,) = parse_numbers([text], profile_of(context))
    assert_outcome(number, expected)


def test_parentheses_are_a_loss_or_a_doubt_as_the_publisher_uses_them() -> None:
    german, plain = NumberProfile(locale="de", profile="destatis"), NumberProfile(locale="de")
    (doubtful,), (loss,) = parse_numbers(["(12,5)"], german), parse_numbers(["(12,5)"], plain)
    assert (doubtful.value, doubtful.obs_status) == (Decimal("12.5"), ObsStatus.LOW_RELIABILITY)
    assert (loss.value, loss.obs_status) == (Decimal("-12.5"), ObsStatus.NORMAL)
    (said,) = parse_numbers(["(5)"], NumberProfile(profile="destatis", parentheses="negative"))
    assert said.value == -5


def test_the_table_is_long_and_names_every_problem() -> None:
    assert len(TABLE) >= 150
    of_place = {"misplaced", "lost_label"}  # no property of the cell's text
    assert {expected[1:] for _, _, expected in TABLE if expected.startswith("!")} == set(VALUE_PROBLEMS) - of_place
