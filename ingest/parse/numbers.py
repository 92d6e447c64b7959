"""Numbers as agencies write them: a column of cells in, exact decimals and named problems out.

The order of work for a column: native cells are taken as stored; texts are looked up as markers; what is left is taken
apart (``number_text``), its digits are weighed for the locale of the column (``number_locale``), and only then read. A
cell that can be read in two ways has a problem and no value (domain.md 10.2, 10.3; TXT-06, TXT-07, VAL-08).

A caller that reads distinct texts once calls ``infer_locale`` for the column and ``parse_one`` for each text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

from ingest.contract import ObsStatus
from ingest.parse.markers import is_marker_like, marker_key
from ingest.parse.number_locale import LocaleEvidence, NumberLocale, depends_on_locale, read_digits, weigh_evidence
from ingest.parse.number_profile import NumberProfile
from ingest.parse.number_text import Figure, NotAFigure, canonical, take_apart
from ingest.parse.number_value import WIDE, Number, bounded, fitted, float_to_decimal, with_problem
from ingest.parse.unit_table import ONE
from ingest.parse.units import Unit

__all__ = ["Number", "NumberProfile", "infer_locale", "parse_native", "parse_numbers", "parse_one"]

#: Nine in ten texts are no more than this; they need no taking apart.
_SIMPLE_TEXT = re.compile(r"(?P<minus>-?)(?P<digits>[0-9]+(?:[.,][0-9]+)*)")
_ERROR_TEXT = re.compile(
    r"#(?:N/A|DIV/0!|REF!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|BUSY!|GETTING_DATA|#+)|Err:[0-9]{3}",
    re.IGNORECASE,
)
_FORMULA_TEXT = re.compile(r"=.*[A-Za-z0-9(].*", re.DOTALL)
_PLAIN = NumberProfile()


def parse_numbers(cells: Sequence[object], profile: NumberProfile = _PLAIN) -> list[Number]:
    """Read one column of cells: native numbers, dates, error texts, texts, None. One ``Number`` a cell, in order.

    Where the profile declares no locale, it is inferred from the texts of this column. Where those contradict each
    other, every text that depends on the locale is ``ambiguous_number``.
    """
    texts = {cell for cell in cells if isinstance(cell, str)}
    evidence = LocaleEvidence() if profile.declared_locale else infer_locale(texts, profile)
    locale = profile.declared_locale or evidence.locale
    read = {text: parse_one(text, locale, profile, contradictory=evidence.contradictory) for text in texts}
    return [read[cell] if isinstance(cell, str) else parse_native(cell, profile) for cell in cells]


def infer_locale(texts: Iterable[str], profile: NumberProfile = _PLAIN) -> LocaleEvidence:
    """What the texts of a column prove about its decimal sign; their order and number do not matter."""
    return weigh_evidence(digits for text in sorted(set(texts)) for digits in _digits_of(text, profile))


def _digits_of(text: str, profile: NumberProfile) -> tuple[str, ...]:
    """The runs of digits in a text that could prove a locale."""
    if "." not in text and "," not in text and text.isascii():
        return ()
    if _SIMPLE_TEXT.fullmatch(text) and not profile.figure_markers:
        return (text.removeprefix("-"),)
    clean = canonical(text)
    if not clean or marker_key(clean) in profile.outcomes:
        return ()
    figure = take_apart(clean, parentheses=profile.read_parentheses, status_marks=profile.marks)
    return figure.digits if isinstance(figure, Figure) else ()


def parse_one(
    text: str, locale: NumberLocale | None, profile: NumberProfile = _PLAIN, *, contradictory: bool = False
) -> Number:
    """Read one text in a locale, or in none, if the column proves none. ``contradictory``: the column proves two."""
    simple = None if profile.figure_markers else _SIMPLE_TEXT.fullmatch(text)
    if simple is not None and not (contradictory and depends_on_locale(text)):
        value = read_digits(simple["digits"], locale).value
        if value is not None:
            return fitted(-value if simple["minus"] and value else value)
    clean = canonical(text)
    without_figure = _without_figure(clean, profile)
    if without_figure is not None:
        return without_figure
    figure = take_apart(clean, parentheses=profile.read_parentheses, status_marks=profile.marks)
    if isinstance(figure, NotAFigure):
        return with_problem(figure.problem)
    if contradictory and any(map(depends_on_locale, figure.digits)):
        return with_problem("ambiguous_number")
    return _read_figure(figure, locale, profile)


def _without_figure(clean: str, profile: NumberProfile) -> Number | None:
    """The outcome of a text that states no figure: empty, a marker, an error, a formula, a word."""
    if not clean:
        return profile.blank_outcome
    key = marker_key(clean)
    if key in profile.outcomes:
        return profile.outcomes[key]
    if _ERROR_TEXT.fullmatch(clean):
        return with_problem("error_value")
    if _FORMULA_TEXT.fullmatch(clean):
        return with_problem("formula_without_value")
    if any(character.isdigit() for character in clean):
        return None
    return with_problem("unmapped_marker" if is_marker_like(key) else "not_a_number")


def parse_native(cell: object, profile: NumberProfile = _PLAIN) -> Number:
    """Take a cell that is no text as it is stored, never as it is displayed.

    A Boolean is ``not_a_number``; a date, time or duration in a column of figures is ``date_in_number``: the
    spreadsheet has replaced what was typed, and only a new submission brings it back (TXT-07).
    """
    if cell is None:
        return profile.blank_outcome
    if isinstance(cell, bool):
        return with_problem("not_a_number")
    if isinstance(cell, (date, time, timedelta)):
        return with_problem("date_in_number")
    if isinstance(cell, (int, float, Decimal)):
        return _native_number(cell, profile)
    return parse_one(str(cell), profile.declared_locale, profile)


def _native_number(cell: float | Decimal, profile: NumberProfile) -> Number:
    """A number of the file format. NaN is how data frames and messages write a blank; infinity is an error."""
    exact = Decimal(cell)
    if exact.is_nan():
        return Number(None, obs_status=ObsStatus.MISSING)
    if exact.is_infinite():
        return with_problem("error_value")
    value = float_to_decimal(cell) if isinstance(cell, float) else exact
    return profile.figure_markers.get(value) or fitted(value)


def _read_figure(figure: Figure, locale: NumberLocale | None, profile: NumberProfile) -> Number:
    total = Decimal(0)
    for digits, power in figure.parts:
        reading = read_digits(digits, locale)
        if reading.value is None:
            return with_problem(reading.problem or "not_a_number")
        total = WIDE.add(total, reading.value.scaleb(power + figure.exponent, context=WIDE))
    total = -total if figure.negative and total else total
    unmarked = ObsStatus.LOW_RELIABILITY if figure.low_reliability else ObsStatus.NORMAL
    status = profile.status_marks.get(figure.footnote or "", unmarked)
    described = Number(None, None, None, status, _flags(figure), None, figure.footnote, figure.unit)
    if profile.percent == "fraction" and figure.unit in (Unit(ONE, -2), Unit(ONE, -3)):
        total = total.scaleb(figure.unit.power_of_ten, context=WIDE)
        described = replace(described, unit=Unit(ONE, 0))
    if figure.bound is None:
        return fitted(total, described)
    return bounded(fitted(total, described), figure.bound) if profile.intervals else with_problem("not_a_number")


def _flags(figure: Figure) -> tuple[str, ...]:
    flags = {
        "PERCENT": figure.unit == Unit(ONE, -2),
        "PER_MILLE": figure.unit == Unit(ONE, -3),
        "MAGNITUDE": figure.magnitude,
        "GROWTH": figure.growth,
        "FOOTNOTE": figure.footnote is not None,
    }
    return tuple(flag for flag, holds in flags.items() if holds)
