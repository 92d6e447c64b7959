"""Units of measure: from the words of a form to a base unit and a power of ten, and from one unit to another.

``Unit("VND", 6)`` is a million đồng. A unit of a ratio is written with ``/`` and ``*``: ``Unit("VND/dossier", 6)``,
``Unit("1/person", -5)`` for a rate per 100,000 population. Conversion is exact: it moves the decimal point and nothing
else, so units that are related by another factor (hours and days, currencies) are not convertible (domain.md 2.3,
10.5; UNIT-01, RAT-02).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from functools import lru_cache

from ingest.parse.currencies import SHARED, mark_codes
from ingest.parse.magnitudes import POWER_OF_WORD, take_magnitude
from ingest.parse.text import fold, fold_case, normalise
from ingest.parse.unit_table import ONE, UNITS, UNSTATED

_EXACT = Context(prec=120, traps=[Inexact])


@dataclass(frozen=True)
class Unit:
    """A base unit and the power of ten that leads to it.

    ``code`` is None where a text states a magnitude alone ("thousand", "(000's)", "Number"): the base unit is then the
    registered one.
    """

    code: str | None
    power_of_ten: int = 0


@dataclass(frozen=True)
class CurrencySign(Unit):
    """A currency that stands before a figure, without a magnitude: ``$1,234``. In accounts it says what money is meant,
    and not that thousands of the heading do not hold."""


#: Shorter words without their accents mean too many things: *tan*, *lan*, *nam*.
_LEAST_FOLDED = 4


def _tables() -> tuple[dict[str, Unit], dict[str, Unit]]:
    exact: dict[str, Unit] = {word: Unit(None, 0) for word in UNSTATED}
    folded: dict[str, set[Unit]] = {}
    for declared in UNITS:
        unit = Unit(declared.code, declared.power_of_ten)
        for word in declared.words:
            exact[fold_case(word)] = unit
            if len(fold(word)) >= _LEAST_FOLDED:
                folded.setdefault(fold(word), set()).add(unit)
    unambiguous = {word: next(iter(units)) for word, units in folded.items() if len(units) == 1}
    return exact, unambiguous


_EXACT_WORDS, _FOLDED_WORDS = _tables()
#: Symbols of one letter are read in their own case: m is a metre, M is none.
_SYMBOLS = {word for declared in UNITS for word in declared.words if len(word) == 1} | {"Đ", "k"}
_LONGEST = max(len(word.split()) for word in _EXACT_WORDS)

#: Longer texts are prose.
_LONGEST_TEXT = 500
_COUNT_OF = re.compile(r"(?:số lượng|tổng số|số|number of|no\. of|nombre de|nombre d'|anzahl(?: der)?|total)\s+(?=\S)")
#: "in Tsd. EUR", "en milliers d'euros", "₹ in crore": the preposition says nothing.
_IN_BEFORE = re.compile(
    rf"^(?:in|en) (?=\S)| in (?=(?:1[0 .,]|{'|'.join(map(re.escape, sorted(POWER_OF_WORD)))})(?:[ )]|$))"
)
_BASE_YEAR = re.compile(r"(?:index|indices|chỉ số)?[ (]*(?:19|20)\d\d ?= ?100\)?")
_PER = re.compile(r"\s*/\s*|\s+(?:per|trên|mỗi|pro|par)\s+")
_TWO_LANGUAGES = re.compile(r"\s*/\s*|\s+[-–]\s+")
_RATE = re.compile(
    r"(?:rate|number|tỷ suất|tỷ lệ|deaths|cases)?\s*(?:per|trên)\s+(?P<figure>[0-9][0-9., ]*)\s*(?P<base>[^\W\d].*)"
)
_LINE = re.compile(
    r"""(?:đơn\ vị\ tính|đvt|đơn\ vị|unit\ of\ measure|unit\ measure|units?|unité|einheit|unidad)\s*
        (?:[-/]\s*unit\s*)?[:：]\s*(?P<unit>[^()\[\]]+?)\s*[)\]]?\s*$""",
    re.VERBOSE,
)
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*(?:\([^()]*\)[^()\[\]]*)*)[)\]]")
_BILINGUAL = re.compile(r"\s+[-–/|]\s+|\n|;")


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Unit | None:
    """The unit that a text states, or None where it is no known unit. The text is the unit alone, not a heading.

    >>> parse_unit("triệu đồng"), parse_unit("nghìn lượt"), parse_unit("Rate per 100,000 population")
    (Unit(code='VND', power_of_ten=6), Unit(code='visit', power_of_ten=3), Unit(code='1/person', power_of_ten=-5))
    """
    if len(text) > _LONGEST_TEXT:
        return None
    words = fold_case(mark_codes(text))
    if words in _EXACT_WORDS and len(words) > 1:
        return _EXACT_WORDS[words]
    words = _IN_BEFORE.sub(" ", words).strip(" .:;,") or words
    if _BASE_YEAR.fullmatch(words):
        return _EXACT_WORDS["index"]
    if len(words) == 1 and words.isalpha() and normalise(text).strip(" .:;,") not in _SYMBOLS:
        return None
    return (
        _known(words)
        or _said_twice(words)
        or _scaled(words)
        or _rate(words)
        or _quotient(words)
        or _counted(words)
        or _bracketed(words)
    )


def registered_unit(code: str) -> Unit:
    """The unit of an indicator in the registry; a code that the table does not know is a base unit of its own."""
    return parse_unit(code) or Unit(code, 0)


def _known(words: str) -> Unit | None:
    """By the words as they are; typed without any accent ("trieu dong"), by their unaccented form."""
    return _EXACT_WORDS.get(words) or (_FOLDED_WORDS.get(fold(words)) if words.isascii() else None)


def _said_twice(words: str) -> Unit | None:
    """tỷ đồng / billion VND, Người - Person: one unit in two languages, not a ratio of like by like."""
    halves = _TWO_LANGUAGES.split(words)
    if len(halves) != 2 or halves[0] == halves[1]:
        return None
    first, second = map(parse_unit, halves)
    return first if first == second else None


def _scaled(words: str) -> Unit | None:
    """triệu đồng, 1.000 lượt, millions of dollars, USD million, £ million, thousand."""
    power, rest = take_magnitude(words)
    if power and not rest:
        return Unit(None, power)
    if power:
        base = _known(rest) or _quotient(rest) or _counted(rest)
        return None if base is None else Unit(base.code, base.power_of_ten + power)
    before, _, last = words.rpartition(" ")
    if before and last.strip("()") in POWER_OF_WORD:
        base = parse_unit(before)
        return None if base is None else Unit(base.code, base.power_of_ten + POWER_OF_WORD[last.strip("()")])
    return None


def _rate(words: str) -> Unit | None:
    """Rate per 100,000 population: so many events for 10⁵ persons."""
    match = _RATE.fullmatch(words)
    if match is None:
        return None
    power, rest = take_magnitude(f"{match['figure'].strip()} {match['base']}")
    base = _known(rest) or _leading(rest)
    if base is None or base.code is None:
        return None
    return Unit(f"1/{base.code}", -power - base.power_of_ten)


def _quotient(words: str) -> Unit | None:
    """đồng/người, triệu đồng/hồ sơ, người/km², tấn per ha."""
    first, *others = _PER.split(words)
    if not others:
        return None
    result = parse_unit(first)
    for part in others:
        below = parse_unit(part)
        if result is None or below is None or result.code is None or below.code is None:
            return None
        result = divide(result, below)
    return result


def _counted(words: str) -> Unit | None:
    """Số hồ sơ TTHC, number of dossiers: the unit is what is counted, whatever qualifies it."""
    match = _COUNT_OF.match(words)
    return _leading(words[match.end() :]) if match else None


def _leading(words: str) -> Unit | None:
    """The longest known unit at the start of the words."""
    parts = words.split()
    for length in range(min(len(parts), _LONGEST), 0, -1):
        unit = _EXACT_WORDS.get(" ".join(parts[:length]))
        if unit is not None and unit.code is not None:
            return unit
    return None


def _bracketed(words: str) -> Unit | None:
    """Percentage of total expenditure (%): what stands in brackets decides, if it is a unit; so does (000's)."""
    brackets = [unit for unit in map(parse_unit, _BRACKETS.findall(words)) if unit is not None]
    return brackets[0] if len(set(brackets)) == 1 else None


@lru_cache(maxsize=4096)
def unit_in_text(text: str) -> Unit | None:
    """The unit that a heading, a title or a unit line names, or None.

    Read are a unit line ("Đơn vị tính: Số hồ sơ TTHC", "Unit: thousand persons"), brackets ("Kinh phí (triệu đồng)"),
    and a closing sign ("Tỷ lệ %"). Two different units in one text give None: which one holds, the text does not say.
    """
    if len(text) > _LONGEST_TEXT:
        return None
    words = fold_case(mark_codes(text).replace("\n", " ; "))
    line = _LINE.search(words)
    if line is not None:
        return _agreed([line["unit"], *_BILINGUAL.split(line["unit"])])
    in_brackets = _agreed(_BRACKETS.findall(words))
    if in_brackets is not None:
        return in_brackets
    if words.rstrip(" *").endswith(("%", "‰")):
        return parse_unit(words.rstrip(" *")[-1])
    _, comma, last = words.rpartition(",")
    return parse_unit(last.strip()) if comma and not last.strip().isdigit() else None


def _agreed(texts: list[str]) -> Unit | None:
    """The one unit that all readable texts name."""
    units = {unit for unit in (parse_unit(text.strip()) for text in texts if text.strip()) if unit is not None}
    stated = {unit for unit in units if unit.code is not None} or units
    return stated.pop() if len(stated) == 1 else None


def convert(value: Decimal, reported: Unit, registered: Unit) -> Decimal | None:
    """The value in the registered unit, exactly; None where the two units are not the same thing.

    A magnitude without a base unit applies to whatever is registered; "$" is whichever dollar is registered, "Rs"
    whichever rupee.
    """
    if not _compatible(reported.code, registered.code):
        return None
    return value.scaleb(reported.power_of_ten - registered.power_of_ten, context=_EXACT)


def same_base(reported: Unit, registered: Unit) -> bool:
    """Whether two units differ by their magnitude at most."""
    return _compatible(reported.code, registered.code)


def _compatible(reported: str | None, registered: str | None) -> bool:
    if reported is None or reported == registered:
        return True
    return registered in SHARED.get(reported, ())


def divide(numerator: Unit, denominator: Unit) -> Unit:
    """The unit of a ratio, reduced (RAT-02): million đồng by dossiers is 10⁶ ``VND/dossier``; like by like is ``one``.

    Raises ``ValueError`` where a unit states no base.
    """
    if numerator.code is None or denominator.code is None:
        raise ValueError("a unit without a base unit has no ratio")
    exponents = _exponents(numerator.code)
    exponents.subtract(_exponents(denominator.code))
    above = "*".join(base for base in sorted(exponents) for _ in range(exponents[base]))
    below = "*".join(base for base in sorted(exponents) for _ in range(-exponents[base]))
    code = f"{above or '1'}/{below}" if below else above or ONE
    return Unit(code, numerator.power_of_ten - denominator.power_of_ten)


def _exponents(code: str) -> Counter[str]:
    """``VND/month*person`` as {VND: 1, month: -1, person: -1}; one counts nothing."""
    above, _, below = code.partition("/")
    exponents = Counter(above.split("*"))
    exponents.subtract(below.split("*") if below else ())
    for neutral in (ONE, "1"):
        exponents.pop(neutral, None)
    return exponents
