"""Columns: what one cell proves for another, native cells, markers and profiles (domain.md 10.2, 10.3, GF-27)."""

from __future__ import annotations

import time as clock
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from ingest.contract import PROBLEM_COLUMNS, ObsStatus, ValueState
from ingest.parse.number_locale import DECIMAL_COMMA, DECIMAL_POINT
from ingest.parse.number_value import VALUE_PROBLEMS
from ingest.parse.numbers import NumberProfile, infer_locale, parse_numbers, parse_one
from ingest.parse.units import Unit


def values(cells: list[object], **profile: object) -> list[object]:
    """The value of each cell, or the word of its problem."""
    return [number.problem or number.value for number in parse_numbers(cells, NumberProfile(**profile))]


def test_one_decimal_comma_settles_the_dots_of_the_column() -> None:
    assert values(["1.234", "12,5", "2.590"]) == [1234, Decimal("12.5"), 2590]


def test_one_decimal_point_settles_the_dots_the_other_way() -> None:
    assert values(["1.234", "12.5", "2.590"]) == [Decimal("1.234"), Decimal("12.5"), Decimal("2.59")]


def test_two_groups_settle_the_column_as_well() -> None:
    assert values(["1.234", "8.718.000"]) == [1234, 8718000]


def test_numbers_with_units_and_bounds_prove_a_locale_too() -> None:
    assert values(["1.234", "2,5 tỷ"])[0] == 1234
    assert values(["1.234", "(12,5)"])[0] == 1234
    assert values(["1.234", "tăng 4,5%"])[0] == 1234


def test_contradictory_evidence_stops_every_text_that_depends_on_it_and_no_other_cell() -> None:
    cells = ["1.234", "12,5", "12.5", "1.234.567", "7", "1 234", 8.25, "...", None]
    ambiguous = "ambiguous_number"
    assert values(cells) == [ambiguous] * 4 + [7, 1234, Decimal("8.25"), None, None]


def test_native_numbers_prove_nothing_about_texts() -> None:
    assert values([12.5, 1234, "1.234"]) == [Decimal("12.5"), 1234, "ambiguous_number"]


def test_markers_dates_and_words_prove_nothing() -> None:
    assert values(["1.234", "n.a.", "01.07.2025", "1.2.3", "3,5 - 4,5"])[0] == "ambiguous_number"


def test_the_evidence_names_examples_for_the_message() -> None:
    evidence = infer_locale(["1.234", "12,5", "12.5", "x"])
    assert (evidence.comma, evidence.point, evidence.ambiguous) == ("12,5", "12.5", "1.234")
    assert evidence.contradictory
    assert evidence.locale is None
    assert infer_locale(["12,5"]).locale is DECIMAL_COMMA
    assert infer_locale(["12.5"]).locale is DECIMAL_POINT
    assert infer_locale(["12", "x"]).locale is None


def test_distinct_texts_can_be_read_once_by_the_caller() -> None:
    column = ["1.234", "12,5", "1.234"]
    locale = infer_locale(column).locale
    assert [parse_one(text, locale) for text in column] == parse_numbers(column)


def test_yearbook_markers_of_gf_27() -> None:
    numbers = parse_numbers(["-", "...", "", "x", 0], NumberProfile(profile="yearbook"))
    assert [(number.value, number.obs_status.value) for number in numbers] == [
        (0, "A"), (None, "O"), (None, "O"), (None, "M"), (0, "A"),
    ]  # fmt: skip
    assert [number.flags for number in numbers] == [("DASH_ZERO",), (), (), (), ()]
    required = [number for number in numbers if number.obs_status is not ObsStatus.NOT_APPLICABLE]
    present = [number for number in required if number.value is not None]
    assert len(present) / len(required) == 0.5


def test_the_words_of_the_source_win_over_its_profile() -> None:
    own = {"-": "missing", "k.có": "zero", "kbc": ValueState.NOT_COLLECTED, "...": "suppressed"}
    numbers = parse_numbers(["–", "K.có", "KBC", "…", "x"], NumberProfile(profile="yearbook", markers=own))
    assert [number.obs_status.value for number in numbers] == ["O", "A", "L", "Q", "M"]
    assert (numbers[1].value, numbers[1].flags) == (0, ("MARKER_ZERO",))


def test_a_marker_that_is_a_figure_holds_for_native_cells_too() -> None:
    profile = NumberProfile(markers={"9999": "suppressed", "-1": "not_collected"})
    numbers = parse_numbers([9999, 9999.0, "9999", -1, "-1", 5, "5"], profile)
    assert [number.obs_status.value for number in numbers] == ["Q", "Q", "Q", "L", "L", "A", "A"]


def test_blank_cells_mean_what_the_profile_says() -> None:
    assert values([None, "", "  "], blank="zero") == [0, 0, 0]
    numbers = parse_numbers([None, ""], NumberProfile(blank="not_collected"))
    assert [number.obs_status for number in numbers] == [ObsStatus.NOT_COLLECTED] * 2


def test_native_cells_are_taken_as_stored() -> None:
    cells: list[object] = [0.1 + 0.2, 1 / 3, 45658, -0.0, 2.0**53, 1e16, 1e-13, Decimal("1.10"), 0.95]
    assert values(cells) == [
        Decimal("0.3"), Decimal("0.333333333333"), 45658, 0, 9007199254740992, 10**16, Decimal(0), Decimal("1.1"),
        Decimal("0.95"),
    ]  # fmt: skip


def test_rounding_a_double_is_half_to_even_at_the_twelfth_decimal_and_marked() -> None:
    numbers = parse_numbers([0.0000000000005, 0.0000000000015, 1 / 3])
    assert [number.value for number in numbers] == [0, Decimal("2E-12"), Decimal("0.333333333333")]
    assert {number.flags for number in numbers} == {("ROUNDED",)}


def test_native_cells_that_are_no_figures() -> None:
    cells: list[object] = [
        True, date(2025, 3, 5), datetime(2025, 3, 5, 8, 0, tzinfo=UTC), time(3, 5), timedelta(hours=30),
        float("inf"), Decimal("-Infinity"), 10**26, 1e30,
    ]  # fmt: skip
    dates = ["date_in_number"] * 4
    assert values(cells) == [
        "not_a_number",
        *dates,
        "error_value",
        "error_value",
        "out_of_precision",
        "out_of_precision",
    ]
    (nan,) = parse_numbers([float("nan")])
    assert (nan.value, nan.obs_status, nan.problem) == (None, ObsStatus.MISSING, None)


def test_a_cell_states_its_own_unit() -> None:
    cells = ["95%", "2,5 tỷ", "2,5 tỷ đồng", "12,5 km", "£5.2m", "15 ngày", "1.200.000"]
    numbers = [parse_numbers([cell])[0] for cell in cells]
    assert [number.unit for number in numbers] == [
        Unit("one", -2), Unit(None, 0), Unit("VND", 0), Unit("m", 3), Unit("GBP", 0), Unit("day", 0), None,
    ]  # fmt: skip


def test_footnotes_and_status_marks_are_kept() -> None:
    note, provisional = parse_numbers(["1 200 (a)*"])[0], parse_numbers(["12.3p"], NumberProfile(profile="eurostat"))[0]
    assert (note.footnote, note.obs_status) == ("(a)*", ObsStatus.NORMAL)
    assert (provisional.value, provisional.obs_status) == (Decimal("12.3"), ObsStatus.PROVISIONAL)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"locale": "xx"}, "xx"),
        ({"profile": "almanac"}, "almanac"),
        ({"markers": {"-": "nothing"}}, "nothing"),
        ({"markers": {"-": "value"}}, "value"),
        ({"blank": "empty"}, "empty"),
    ],
)
def test_a_profile_that_means_nothing_is_refused_with_the_word_and_what_is_known(
    wrong: dict[str, object], named: str
) -> None:
    with pytest.raises(ValueError, match=rf"'{named}' is unknown; known are "):
        NumberProfile(**wrong)


def test_the_problems_are_those_of_the_contract() -> None:
    (declared,) = (column.description for column in PROBLEM_COLUMNS if column.name == "value_problem")
    assert all(problem in declared for problem in VALUE_PROBLEMS)


def test_a_hundred_thousand_distinct_texts_take_seconds_at_most() -> None:
    texts = [f"{number * 37:,}".replace(",", ".") for number in range(100_000)]
    started = clock.perf_counter()
    numbers = parse_numbers(texts)
    assert numbers[-1].value == 99_999 * 37
    assert clock.perf_counter() - started < 10
