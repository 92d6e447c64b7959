"""Laws of number reading that hold for every text (hypothesis)."""

from __future__ import annotations

from decimal import Decimal, localcontext

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ingest.contract import VALUELESS_STATUSES
from ingest.parse.number_locale import LOCALES, NumberLocale
from ingest.parse.number_profile import NumberProfile
from ingest.parse.number_value import VALUE_PROBLEMS
from ingest.parse.numbers import infer_locale, parse_numbers

LIMIT = Decimal(10) ** 26
amounts = st.decimals(min_value=-(10**15), max_value=10**15, places=4, allow_nan=False)
locales = st.sampled_from(sorted(LOCALES))
figure_signs = st.text("0123456789.,-()% '\u00a0\u2212*xaet<≥+£đtriệutỷ", max_size=14)
cells = st.one_of(
    st.integers(10**300, 10**400),
    st.text(max_size=20),
    figure_signs,
    st.floats(),
    st.integers(),
    st.booleans(),
    st.none(),
    st.dates(),
    st.decimals(),
)


def written(amount: Decimal, locale: NumberLocale, group: str) -> str:
    """The amount as its locale writes it, with the given sign between thousands."""
    text = f"{abs(amount):,f}".replace(",", "G").replace(".", locale.decimal).replace("G", group)
    return f"-{text}" if amount < 0 else text


@given(amounts, locales, st.data())
def test_what_a_locale_writes_it_reads_back(amount: Decimal, name: str, data: st.DataObject) -> None:
    locale = LOCALES[name]
    group = data.draw(st.sampled_from([*locale.groups, " ", "\u00a0", "\u202f", "'", "\u2019", ""]))
    (number,) = parse_numbers([written(amount, locale, group)], NumberProfile(locale=name))
    assert (number.value, number.problem) == (amount, None)


@given(cells, st.sampled_from(["plain", "yearbook", "eurostat", "gss"]), st.sampled_from([None, "vi", "en", "fr"]))
@settings(max_examples=400)
def test_reading_never_raises_and_says_one_thing_only(cell: object, profile: str, locale: str | None) -> None:
    (number,) = parse_numbers([cell], NumberProfile(profile=profile, locale=locale))
    if number.problem is not None:
        assert number.problem in VALUE_PROBLEMS
        assert (number.value, number.low, number.high) == (None, None, None)
    if number.value is not None:
        assert number.problem is None
        assert abs(number.value) < LIMIT
        with localcontext(prec=60):
            assert (number.value * 10**12) % 1 == 0
    interval = number.low is not None or number.high is not None
    assert (number.value is None and not interval) == (number.obs_status in VALUELESS_STATUSES)


@given(figure_signs)
@settings(max_examples=400)
def test_ambiguity_is_symmetrical_in_comma_and_point(text: str) -> None:
    """Exchanging the two signs exchanges the two locales and changes nothing else."""
    mirrored = text.translate(str.maketrans(",.", ".,"))
    assume(any(character.isdigit() for character in text))
    with_comma, with_point = NumberProfile(locale="vi"), NumberProfile(locale="en")
    one, other = parse_numbers([text], with_comma)[0], parse_numbers([mirrored], with_point)[0]
    assert (one.value, one.low, one.high, one.problem) == (other.value, other.low, other.high, other.problem)
    one, other = parse_numbers([text])[0], parse_numbers([mirrored])[0]
    assert (one.value, one.low, one.high, one.problem) == (other.value, other.low, other.high, other.problem)


@given(st.lists(figure_signs, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_a_column_does_not_matter(column: list[str], random: object) -> None:
    shuffled = list(column)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert infer_locale(column) == infer_locale(shuffled)
    assert dict(zip(column, parse_numbers(column), strict=True)) == dict(
        zip(shuffled, parse_numbers(shuffled), strict=True)
    )


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from([".", ","]))
def test_one_separator_before_three_digits_is_never_guessed(thousands: int, rest: int, sign: str) -> None:
    (number,) = parse_numbers([f"{thousands}{sign}{rest:03d}"])
    assert number.problem == "ambiguous_number"


@given(st.floats(min_value=-1e15, max_value=1e15, allow_nan=False))
def test_a_stored_double_comes_back_to_fifteen_digits_or_twelve_decimals(value: float) -> None:
    (number,) = parse_numbers([value])
    assert number.value is not None
    assert abs(number.value - Decimal(value)) <= max(Decimal("5.1E-13"), abs(Decimal(value)) * Decimal("1E-14"))


@given(st.floats(min_value=-1e12, max_value=1e12, allow_nan=False))
def test_a_double_written_as_text_is_the_same_number_as_the_native_cell(value: float) -> None:
    text = format(Decimal(repr(value)), "f")
    as_text, native = parse_numbers([text], NumberProfile(locale="en"))[0], parse_numbers([value])[0]
    assert as_text.problem is None
    assert as_text.value is not None
    assert native.value is not None
    assert abs(as_text.value - native.value) <= max(Decimal("1E-12"), abs(native.value) * Decimal("1E-14"))
