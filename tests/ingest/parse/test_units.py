"""Units: what the words of a form mean, and what may be converted into what (domain.md 2.3, 10.5)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse.text import fold_case
from ingest.parse.unit_table import UNITS
from ingest.parse.units import Unit, convert, divide, parse_unit, registered_unit, unit_in_text

VND_MILLION, PERCENT = Unit("VND", 6), Unit("one", -2)


@pytest.mark.parametrize(
    ("text", "code", "power"),
    [
        # table 10.5
        *[(text, "VND", 0) for text in ("đồng", "đ", "Đ", "VND", "VNĐ")],
        *[(text, "VND", 3) for text in ("nghìn đồng", "ngàn đồng", "1.000đ", "1000 đồng", "Nghìn đồng")],
        *[(text, "VND", 6) for text in ("triệu đồng", "tr.đ", "trđ", "Triệu Đồng", "trieu dong", "triệu  VNĐ")],
        *[(text, "VND", 9) for text in ("tỷ đồng", "tỉ đồng")],
        ("nghìn tỷ đồng", "VND", 12),
        ("nghìn lượt", "visit", 3),
        ("1.000 lượt người", "visit", 3),
        ("vạn người", "person", 4),
        *[("người", "person", 0), ("lượt", "visit", 0), ("lượt người", "visit", 0), ("hộ", "household", 0)],
        *[("hồ sơ", "dossier", 0), ("vụ", "case", 0), ("cuộc", "session", 0), ("văn bản", "document", 0)],
        *[("quy định", "regulation", 0), ("qui định", "regulation", 0), ("thủ tục", "procedure", 0)],
        *[("yến", "kg", 1), ("tạ", "kg", 2), ("tấn", "kg", 3), ("kg", "kg", 0)],
        *[("ha", "m2", 4), ("m²", "m2", 0), ("m2", "m2", 0), ("km²", "m2", 6), ("km2", "m2", 6)],
        *[("%", "one", -2), ("‰", "one", -3), ("điểm %", "percentage_point", 0), ("lần", "one", 0)],
        *[("USD", "USD", 0), ("triệu USD", "USD", 6)],
        # English and other forms of the published cases
        *[("Percentage (%)", "one", -2), ("Percentage of total expenditure (%)", "one", -2)],
        ("Rate per 100,000 population", "1/person", -5),
        ("Rate per 1,000 live births", "1/live_birth", -3),
        ("Rate per 10,000 population", "1/person", -4),
        *[("GBP (£)", "GBP", 0), ("£ million", "GBP", 6), ("£m", "GBP", 6), ("£bn", "GBP", 9)],
        *[("millions of dollars", "dollar", 6), ("USD million", "USD", 6), ("Mio. EUR", "EUR", 6)],
        *[("thousand persons", "person", 3), ("'000 tonnes", "kg", 6), ("nghìn ha", "m2", 7)],
        # money of everywhere
        *[("KES million", "KES", 6), ("Ksh. Million", "KES", 6), ("million KES", "KES", 6), ("NPR", "NPR", 0)],
        *[
            ("Rs. in crore", "rupee", 7),
            ("Rs. lakh", "rupee", 5),
            ("₹ in crore", "INR", 7),
            ("Rs. in lacs", "rupee", 5),
        ],
        *[("miles de soles", "PEN", 3), ("PEN million", "PEN", 6), ("millones de pesos", "peso", 6)],
        *[("milliards de FCFA", "cfa_franc", 9), ("million MAD", "MAD", 6), ("GH₵ million", "GHS", 6)],
        # ratios
        ("đồng/người", "VND/person", 0),
        ("triệu đồng/hồ sơ", "VND/dossier", 6),
        ("đồng/người/tháng", "VND/month*person", 0),
        ("người/km²", "person/m2", -6),
        ("tấn/ha", "kg/m2", -1),
        # one unit in two languages
        *[("tỷ đồng / billion VND", "VND", 9), ("người / persons", "person", 0), ("Triệu đồng - Mill. VND", "VND", 6)],
        *[("person/person", "one", 0), ("%/%", "one", 0)],
        *[("Giường/10.000 dân", "bed/person", -4), ("vụ/100.000 dân", "case/person", -5), ("%/năm", "1/year", -2)],
        # what is counted
        *[("Số hồ sơ TTHC", "dossier", 0), ("số hồ sơ", "dossier", 0), ("number of dossiers", "dossier", 0)],
        *[("ngày làm việc", "working_day", 0), ("ngày công", "person_day", 0), ("ngày", "day", 0)],
    ],
)
def test_a_text_states_a_unit(text: str, code: str, power: int) -> None:
    assert parse_unit(text) == Unit(code, power)


@pytest.mark.parametrize("text", ["thousand", "(000's)", "nghìn", "000s", "Thousands"])
def test_a_magnitude_alone_leaves_the_base_unit_open(text: str) -> None:
    assert parse_unit(text) == Unit(None, 3)


@pytest.mark.parametrize("text", ["Number", "No.", "Units", "Số lượng"])
def test_a_bare_count_leaves_the_base_unit_open(text: str) -> None:
    assert parse_unit(text) == Unit(None, 0)


@pytest.mark.parametrize(
    "text", ["sào", "công", "xyz", "", "năm 2025", "M", "T", "VND, dossier", "ho", "ta", "LAN", "Nam Triệu"]
)
def test_a_text_that_is_no_unit_or_more_than_one_states_none(text: str) -> None:
    assert parse_unit(text) is None


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("Kinh phí (triệu đồng)", VND_MILLION),
        ("Đơn vị tính: Số hồ sơ TTHC", Unit("dossier", 0)),
        ("ĐVT: %", PERCENT),
        ("Đơn vị tính: triệu đồng)", VND_MILLION),
        ("(Đơn vị tính: nghìn đồng)", Unit("VND", 3)),
        ("Đơn vị tính - Unit: Người - Person", Unit("person", 0)),
        ("Đơn vị tính: Triệu đồng - Unit: Mill. dongs", VND_MILLION),
        ("Unit: thousand persons", Unit("person", 3)),
        ("Tỷ lệ %", PERCENT),
        ("Tỷ lệ (%)", PERCENT),
        ("Tỷ lệ\n(%)", PERCENT),
        ("Dân số, nghìn người", Unit("person", 3)),
        ("April 2016 to March 2017: cost per transaction (£)", Unit("GBP", 0)),
        ("ANALYSIS OF RIDERSHIP 1985-2017 (000's)", Unit(None, 3)),
        ("Thực hiện (năm 2025)", None),
        ("Bảng 3, 2025", None),
        ("Chi (triệu đồng) và thu (tỷ đồng)", None),
        ("Tổng số", None),
        ("Đơn vị tính: km; triệu đồng", None),
        ("Đơn vị tính / Unit", None),
        ("Lokale Netze (LAN)", None),
    ],
)
def test_a_heading_names_its_unit(heading: str, unit: Unit | None) -> None:
    assert unit_in_text(heading) == unit


def test_conversion_moves_the_decimal_point_only() -> None:
    assert convert(Decimal("1.5"), VND_MILLION, Unit("VND", 0)) == 1_500_000
    assert convert(Decimal("2350"), VND_MILLION, Unit("VND", 9)) == Decimal("2.35")
    assert convert(Decimal("95"), PERCENT, PERCENT) == 95
    assert convert(Decimal("95"), PERCENT, Unit("one", 0)) == Decimal("0.95")
    assert convert(Decimal("5"), Unit("one", -3), PERCENT) == Decimal("0.5")
    assert convert(Decimal("12.5"), Unit("m2", 6), Unit("m2", 4)) == 1250
    assert convert(Decimal("3"), Unit("kg", 3), Unit("kg", 2)) == 30


@pytest.mark.parametrize(
    ("reported", "registered"),
    [
        *[("lượt", "người"), ("người", "hộ"), ("hồ sơ", "thủ tục"), ("vụ", "cuộc"), ("USD", "VND"), ("$", "EUR")],
        *[("%", "điểm %"), ("ha", "kg"), ("ngày", "giờ"), ("ngày", "ngày làm việc"), ("đồng/người", "đồng")],
    ],
)
def test_units_of_different_things_are_not_convertible(reported: str, registered: str) -> None:
    assert convert(Decimal(1), registered_unit(reported), registered_unit(registered)) is None
    assert convert(Decimal(1), registered_unit(registered), registered_unit(reported)) is None


def test_a_magnitude_applies_to_whatever_is_registered_and_a_dollar_to_whichever() -> None:
    assert convert(Decimal("417608"), Unit(None, 3), Unit("passenger", 0)) == 417_608_000
    assert convert(Decimal("5"), Unit("dollar", 6), Unit("AUD", 0)) == 5_000_000


def test_a_registered_code_of_its_own_is_a_unit_of_its_own() -> None:
    own = registered_unit("tonne_kilometre")
    assert own == Unit("tonne_kilometre", 0)
    assert convert(Decimal(3), own, own) == 3
    assert convert(Decimal(3), Unit(None, 3), own) == 3000
    assert registered_unit("percent") == PERCENT


def test_the_unit_of_a_ratio_is_reduced() -> None:
    assert divide(VND_MILLION, Unit("dossier", 0)) == Unit("VND/dossier", 6)
    assert divide(Unit("dossier", 0), Unit("dossier", 0)) == Unit("one", 0)
    assert divide(Unit("kg", 3), Unit("m2", 4)) == Unit("kg/m2", -1)
    assert divide(Unit("VND/person", 0), Unit("month", 0)) == Unit("VND/month*person", 0)
    assert divide(Unit("VND/person", 0), Unit("VND", 0)) == Unit("1/person", 0)
    assert divide(Unit("VND", 0), Unit("VND/person", 0)) == Unit("person", 0)
    assert divide(Unit("case", 0), Unit("one", -2)) == Unit("case", 2)
    with pytest.raises(ValueError, match="without a base unit"):
        divide(Unit(None, 3), Unit("person", 0))


units = st.builds(Unit, st.sampled_from(sorted({declared.code for declared in UNITS})), st.integers(-6, 12))


@given(units, units, units)
def test_dividing_is_consistent(one: Unit, two: Unit, three: Unit) -> None:
    """(a/b)/c = (a/c)/b, and a/a has no dimension."""
    assert divide(divide(one, two), three) == divide(divide(one, three), two)
    assert divide(one, one) == Unit("one", 0)


@given(st.decimals(-(10**12), 10**12, places=6), st.integers(-6, 12), st.integers(-6, 12))
def test_conversion_there_and_back_is_exact(value: Decimal, one: int, other: int) -> None:
    there = convert(value, Unit("VND", one), Unit("VND", other))
    assert there is not None
    assert convert(there, Unit("VND", other), Unit("VND", one)) == value


def test_no_word_of_the_table_means_two_units() -> None:
    meanings: dict[str, set[tuple[str, int]]] = {}
    for declared in UNITS:
        for word in declared.words:
            meanings.setdefault(fold_case(word), set()).add((declared.code, declared.power_of_ten))
    assert {word: found for word, found in meanings.items() if len(found) > 1} == {}


def test_every_word_of_the_table_is_read_as_its_unit() -> None:
    for declared in UNITS:
        for word in declared.words:
            assert parse_unit(word) == Unit(declared.code, declared.power_of_ten), word


@pytest.mark.parametrize(
    ("stated", "registered", "is_same"),
    [("Rs. crore", "NPR", True), ("Rs. crore", "KES", False), ("pesos", "COP", True), ("dollars", "MXN", False)],
)
def test_a_word_that_several_countries_have_for_their_money_is_the_registered_one(
    stated: str, registered: str, is_same: bool
) -> None:
    unit = parse_unit(stated)
    assert unit is not None
    assert (convert(Decimal(1), unit, registered_unit(registered)) is not None) == is_same


@pytest.mark.parametrize("words", ["Pen", "mad", "Total (all)", "(ALL)", "top", "cop", "Cup"])
def test_a_word_that_is_a_code_in_capitals_only_is_no_money(words: str) -> None:
    assert unit_in_text(words) is None
    assert parse_unit(words) is None
