"""Which sign is the decimal sign: declared by the source, or proved by the other cells of the column.

A run of digits and separators is read twice, once with a decimal comma and once with a decimal point. Where only one
reading is well formed, the text proves its locale; where both are and differ (``1.234``), the text alone is ambiguous;
where none is, it is no number. Nothing is ever guessed (domain.md 10.2, TXT-06).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType

COMMA, POINT = ",", "."
#: Spaces and apostrophes group thousands in every locale: neither can be a decimal sign.
UNIVERSAL_GROUPS = " '"
#: An integer without groups; one leading zero is how forms write small counts (05), more than one makes a code (00123).
_PLAIN = r"(?:0?[0-9]|[1-9][0-9]+)"


@dataclass(frozen=True)
class NumberLocale:
    """How numbers are written: the decimal sign and the signs that group thousands."""

    code: str
    decimal: str
    groups: str
    lakh: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a number may look like: one kind of group sign in a number, groups of three (or lakh: 12,34,567)."""
        decimal, groups = re.escape(self.decimal), re.escape(self.groups + UNIVERSAL_GROUPS)
        grouped = rf"[1-9][0-9]{{0,2}}(?P<group>[{groups}])[0-9]{{3}}(?:(?P=group)[0-9]{{3}})*"
        integer = rf"(?:{grouped}|{_PLAIN})"
        if self.lakh:
            integer = rf"(?:{grouped}|[1-9][0-9]?(?:,[0-9]{{2}})+,[0-9]{{3}}|{_PLAIN})"
        return re.compile(rf"(?:{integer}(?:{decimal}[0-9]+)?|{decimal}[0-9]+)")

    def read(self, digits: str) -> Decimal | None:
        """The number, or None where ``digits`` is not well formed in this locale."""
        if self.pattern.fullmatch(digits) is None:
            return None
        return Decimal(digits if digits.isdigit() else digits.translate(self._to_plain))

    @cached_property
    def _to_plain(self) -> dict[int, str | None]:
        groups = {ord(sign): None for sign in f"{COMMA}{POINT}{UNIVERSAL_GROUPS}"}
        return {**groups, ord(self.decimal): "."}


_DECLARED = (
    NumberLocale("vi", COMMA, POINT),
    NumberLocale("en", POINT, COMMA),
    NumberLocale("fr", COMMA, ""),
    NumberLocale("de", COMMA, POINT),
    NumberLocale("ch", POINT, ""),
    NumberLocale("es", COMMA, POINT),
    NumberLocale("it", COMMA, POINT),
    NumberLocale("nl", COMMA, POINT),
    NumberLocale("pt", COMMA, POINT),
    NumberLocale("id", COMMA, POINT),
    NumberLocale("pl", COMMA, ""),
    NumberLocale("in", POINT, COMMA, lakh=True),
)
LOCALES: Mapping[str, NumberLocale] = MappingProxyType({locale.code: locale for locale in _DECLARED})
#: The two readings that compete where no locale is declared.
DECIMAL_COMMA, DECIMAL_POINT = LOCALES["vi"], LOCALES["en"]


def locale_named(name: str) -> NumberLocale:
    """The locale by its short name or language tag (``vi``, ``vi-VN``, ``de_CH``). Raises ``ValueError`` if unknown."""
    parts = name.replace("_", "-").lower().split("-")
    code = "ch" if parts[-1] == "ch" else "in" if parts[-1] == "in" else parts[0]
    if code not in LOCALES:
        raise ValueError(f"number locale {name!r} is unknown; known are {', '.join(LOCALES)}")
    return LOCALES[code]


@dataclass(frozen=True)
class LocaleEvidence:
    """What the texts of one column prove: one example for each decimal sign, and whether any is ambiguous."""

    comma: str | None = None
    point: str | None = None
    ambiguous: str | None = None

    @property
    def contradictory(self) -> bool:
        return self.comma is not None and self.point is not None

    @property
    def locale(self) -> NumberLocale | None:
        """The proved locale: ``vi`` stands for every decimal comma, ``en`` for every decimal point."""
        if self.contradictory:
            return None
        if self.comma is not None:
            return DECIMAL_COMMA
        return DECIMAL_POINT if self.point is not None else None


def depends_on_locale(digits: str) -> bool:
    """Whether the value could change with the decimal sign: only then is a missing locale a problem."""
    return COMMA in digits or POINT in digits


def weigh_evidence(digits: Iterable[str]) -> LocaleEvidence:
    """What runs of digits and separators prove, the first of each kind as the example."""
    comma = point = ambiguous = None
    for run in digits:
        if not depends_on_locale(run):
            continue
        with_comma, with_point = DECIMAL_COMMA.read(run), DECIMAL_POINT.read(run)
        if with_comma is not None and with_point is not None:
            ambiguous = ambiguous or run
        elif with_comma is not None:
            comma = comma or run
        elif with_point is not None:
            point = point or run
        if comma and point and ambiguous:
            break
    return LocaleEvidence(comma, point, ambiguous)


@dataclass(frozen=True)
class Reading:
    """One run of digits as read: a value, or the word for why there is none."""

    value: Decimal | None
    problem: str | None = None


def read_digits(digits: str, locale: NumberLocale | None) -> Reading:
    """Read one run of digits and separators.

    ``ambiguous_number``: well formed, but in another locale than the declared one, or in two when none is declared.
    ``not_a_number``: well formed in none.
    """
    if locale is not None:
        value = locale.read(digits)
        if value is not None:
            return Reading(value)
        elsewhere = DECIMAL_COMMA.read(digits) is not None or DECIMAL_POINT.read(digits) is not None
        return Reading(None, "ambiguous_number" if elsewhere else "not_a_number")
    with_comma, with_point = DECIMAL_COMMA.read(digits), DECIMAL_POINT.read(digits)
    if with_comma is None and with_point is None:
        return Reading(None, "not_a_number")
    if with_comma is not None and with_point is not None and with_comma != with_point:
        return Reading(None, "ambiguous_number")
    return Reading(with_comma if with_comma is not None else with_point)
