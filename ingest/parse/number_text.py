"""Taking a written figure apart: sign, digits, magnitude, unit, footnote. No value is computed here.

The parts are found by form alone, so that the digits of a whole column can be weighed for their locale before any of
them is read (domain.md 10.2).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from ingest.parse.magnitudes import take_magnitude
from ingest.parse.text import INVISIBLE, SPACES
from ingest.parse.unit_table import ONE
from ingest.parse.units import CurrencySign, Unit, parse_unit

#: A hyphen, the minus sign and the en dash are minus before a digit. The em dash is not: it is a marker.
_MINUS = "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"
_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_CANONICAL = str.maketrans(
    {
        **dict.fromkeys(INVISIBLE),
        **dict.fromkeys(SPACES, " "),
        **_FULL_WIDTH,
        **dict.fromkeys(_MINUS, "-"),
        **dict.fromkeys("’‘ʼ´`′", "'"),
        "⩽": "≤",
        "⩾": "≥",
    }
)
#: What (12) says: -12, a 12 that is not to be relied on, or nothing that is known.
Parentheses = Literal["negative", "low_reliability", "refused"]
_SPACE_RUN = re.compile(r" {2,}")


def canonical(text: str) -> str:
    """The text with one kind of space, minus and apostrophe, and ASCII for full-width forms.

    Digits of other scripts and superscripts stay what they are: the first are refused, the second are footnotes.
    """
    if text.isascii() and text.isprintable() and "  " not in text and "`" not in text:
        return text.strip()
    return _SPACE_RUN.sub(" ", unicodedata.normalize("NFC", text).translate(_CANONICAL)).strip()


@dataclass(frozen=True, slots=True)
class Figure:
    """A written figure taken apart.

    ``parts`` are its runs of digits, each with the power of ten that its own word of magnitude states; ``exponent`` is
    that of scientific notation; ``unit`` is without the words of magnitude.
    """

    parts: tuple[tuple[str, int], ...]
    negative: bool = False
    exponent: int = 0
    unit: Unit | None = None
    magnitude: bool = False
    growth: bool = False
    bound: str | None = None
    footnote: str | None = None
    low_reliability: bool = False

    @property
    def digits(self) -> tuple[str, ...]:
        return tuple(digits for digits, _ in self.parts)


@dataclass(frozen=True, slots=True)
class NotAFigure:
    """Why a text is no figure, in the words of the contract."""

    problem: str


_NOT_A_NUMBER, _AMBIGUOUS = NotAFigure("not_a_number"), NotAFigure("ambiguous_number")

_DIGITS = r"(?:[0-9]+(?:[., '][0-9]+)*|[.,][0-9]+)"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|thg\ ?[0-9]{1,2})"
_DATE = re.compile(
    rf"""[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:[T ].*)?                # 2025-07-01
      |  [0-9]{{1,2}}[/.-][0-9]{{1,2}}[/.-](?:19|20)[0-9]{{2}}     # 1/7/2025
      |  [0-9]{{1,2}}-{_MONTH}(?:-[0-9]{{2,4}})?                   # 1-Jul, 01-Thg7-25
      |  {_MONTH}-[0-9]{{2}}                                       # Jul-25
      |  [0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?                   # 12:30
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FOOTNOTE = r"(?:\([A-Za-z]{1,2}\)|\[[0-9A-Za-z]{1,2}\]|[*†‡⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾ᵃᵇᶜᵈᵉᶠᵖʳ])"
_FOOTNOTES = re.compile(rf"(?P<body>.*?\S)(?P<notes>(?:\s*{_FOOTNOTE})+)")
#: 1.200(1): a footnote or a part of the figure, the text does not say.
_NUMERIC_BRACKET = re.compile(rf"{_DIGITS}\s*\([0-9]{{1,2}}\)")
_BOUND = re.compile(r"(?P<bound><=|>=|[<>≤≥])\s*(?P<rest>.+)")
_GROWTH = re.compile(
    r"(?P<word>tăng(?: thêm)?|giảm|increased? (?:by|of)|up(?: by)?|decreased? (?:by|of)|down(?: by)?)\s+(?P<rest>.+)",
    re.IGNORECASE,
)
_FALLING = ("giảm", "decrease", "down")
_BODY = re.compile(
    rf"""(?P<sign>[-+])?\s*
         (?P<currency>[A-Z]{{1,2}}\$|[$£€¥₫]|(?:USD|EUR|GBP|VND|AUD|CAD|CHF)(?=\ ))?\s*
         (?P<late_sign>-)?
         (?P<digits>{_DIGITS})
         (?P<tail>.*)""",
    re.VERBOSE,
)
_SCIENTIFIC = re.compile(
    r"(?P<sign>[-+])?(?P<mantissa>[0-9]+(?:[.,][0-9]+)?)(?P<letter>[eE])(?P<exponent>[-+]?[0-9]{1,3})"
)
_NEXT_PART = re.compile(rf"(?P<digits>{_DIGITS})\s*(?P<tail>.*)")
_WORD = re.compile(r"(?P<word>[^\W\d_.]+\.?)\s*(?P<rest>.*)")
_LONE_LETTER = re.compile(r"[^\W\d_]")
#: đ and k are written without a space; any other letter stuck to digits may be a misread digit (10l for 101).
_STUCK_LETTERS = "đĐk"
_LOST_BEYOND = 6
#: No figure is longer; prose in a cell of figures is not searched for one.
_LONGEST_FIGURE = 200


def take_apart(
    text: str, *, parentheses: Parentheses = "negative", status_marks: frozenset[str] = frozenset()
) -> Figure | NotAFigure:
    """Take a canonical text apart. ``status_marks`` are letters, bare or in brackets, that the source puts
    behind figures.

    A leading apostrophe, by which spreadsheets mark text, does not count.
    """
    if len(text) > _LONGEST_FIGURE:
        return _NOT_A_NUMBER
    return _take_apart(text.removeprefix("'"), parentheses, status_marks)


@lru_cache(maxsize=65536)
def _take_apart(text: str, parentheses: Parentheses, status_marks: frozenset[str]) -> Figure | NotAFigure:
    if _DATE.fullmatch(text):
        return NotAFigure("date_in_number")
    if _NUMERIC_BRACKET.fullmatch(text):
        return _AMBIGUOUS
    scientific = _SCIENTIFIC.fullmatch(text)
    if scientific is not None:
        return _scientific(scientific)
    body, footnote = _split_footnotes(text, status_marks)
    figure = _qualified(body, parentheses)
    return replace(figure, footnote=footnote) if isinstance(figure, Figure) else figure


def _split_footnotes(text: str, status_marks: frozenset[str]) -> tuple[str, str | None]:
    """The figure and the marks behind it: ``1.200 (a)`` → (``1.200``, ``(a)``)."""
    for mark in sorted(status_marks, key=len, reverse=True):
        if text.endswith(mark) and text[: -len(mark)].rstrip()[-1:].isdigit():
            return text[: -len(mark)].rstrip(), mark
    match = _FOOTNOTES.fullmatch(text)
    if match is None or not any(character.isdigit() for character in match["body"]):
        return text, None
    return match["body"], re.sub(r"\s+", "", match["notes"])


def _qualified(body: str, parentheses: Parentheses) -> Figure | NotAFigure:
    """A figure, plain or with a bound (<5), a word of growth (tăng 5%), or parentheses."""
    bound = _BOUND.fullmatch(body)
    if bound is not None:
        figure = _plain(bound["rest"])
        sign = bound["bound"].replace("<=", "≤").replace(">=", "≥")
        return replace(figure, bound=sign) if isinstance(figure, Figure) else figure
    growth = _GROWTH.fullmatch(body)
    if growth is not None:
        return _growth(growth["word"].casefold(), _plain(growth["rest"]))
    if body.startswith("(") and body.endswith(")"):
        figure = _plain(body[1:-1].strip())
        if parentheses == "refused" or isinstance(figure, NotAFigure) or figure.negative:
            return _NOT_A_NUMBER
        doubtful = parentheses == "low_reliability"
        return replace(figure, negative=not doubtful, low_reliability=doubtful)
    return _plain(body)


def _scientific(match: re.Match[str]) -> Figure | NotAFigure:
    """Scientific notation, as programs write it.

    ``1E5`` could be a code, and ``1.23457E+11`` is what a spreadsheet shows when a column is too narrow: digits of the
    number are lost, and the file has to be exported anew.
    """
    mantissa, exponent = match["mantissa"], int(match["exponent"])
    written_digits = len(mantissa.replace(".", "").replace(",", ""))
    if mantissa.isdigit() and match["exponent"].isdigit():
        return _NOT_A_NUMBER
    if match["letter"] == "E" and match["exponent"][0] == "+" and written_digits <= min(_LOST_BEYOND, exponent):
        return NotAFigure("out_of_precision")
    return Figure(((mantissa, 0),), negative=match["sign"] == "-", exponent=exponent)


def _plain(body: str) -> Figure | NotAFigure:
    """Sign, currency, digits, and a unit or words of magnitude behind them."""
    match = _BODY.fullmatch(body)
    if match is None or (match["late_sign"] and (match["sign"] or not match["currency"])):
        return _NOT_A_NUMBER
    digits, tail, currency = match["digits"], match["tail"], match["currency"]
    if currency:
        figure = _money(digits, currency, tail.strip())
    elif tail.strip():
        figure = _measure(digits, tail)
    else:
        figure = Figure(((digits, 0),))
    negative = "-" in (match["sign"], match["late_sign"])
    return replace(figure, negative=negative) if isinstance(figure, Figure) else figure


def _money(digits: str, currency: str, tail: str) -> Figure | NotAFigure:
    """``£1,234``, ``£5.2m``, ``$3 billion``: the currency, and a magnitude if anything follows."""
    base, whole = parse_unit(currency), parse_unit(f"{currency} {tail}") or parse_unit(currency + tail)
    if base is None or whole is None or whole.code != base.code:
        return _NOT_A_NUMBER
    power = whole.power_of_ten - base.power_of_ten
    if not tail:
        return Figure(((digits, 0),), unit=CurrencySign(base.code, base.power_of_ten))
    return Figure(((digits, power),), unit=base, magnitude=power > 0)


def _measure(digits: str, tail: str) -> Figure | NotAFigure:
    """Digits with what follows: ``%``, ``triệu đồng``, ``km``, ``tỷ 350 triệu``."""
    words = tail.strip()
    if _LONE_LETTER.fullmatch(tail) and tail not in _STUCK_LETTERS:
        return _NOT_A_NUMBER
    power, rest = take_magnitude(words)
    if power and not rest:
        return Figure(((digits, power),), unit=Unit(None, 0), magnitude=True)
    unit = parse_unit(rest if power else words)
    if unit is not None and unit.code is not None and not words[0].isdigit():
        return Figure(((digits, power),), unit=unit, magnitude=power > 0)
    return _compound(digits, words)


def _compound(digits: str, words: str) -> Figure | NotAFigure:
    """``2 tỷ 350 triệu [đồng]``: falling powers, whole numbers, and no part as great as one of the part before it."""
    parts: list[tuple[str, int]] = []
    while True:
        power, words = _leading_magnitude(words)
        room = parts[-1][1] - power if parts else len(digits)
        if not power or not digits.isdigit() or len(digits) > room:
            return _NOT_A_NUMBER
        parts.append((digits, power))
        following = _NEXT_PART.fullmatch(words)
        if following is None:
            break
        digits, words = following["digits"], following["tail"]
    unit = parse_unit(words) if words else Unit(None, 0)
    if len(parts) == 1 or unit is None or (words and unit.code is None):
        return _NOT_A_NUMBER
    return Figure(tuple(parts), unit=unit, magnitude=True)


def _leading_magnitude(words: str) -> tuple[int, str]:
    """The words of magnitude before the next run of digits or the unit."""
    power = 0
    while True:
        match = _WORD.fullmatch(words)
        step, rest = take_magnitude(match["word"]) if match else (0, "")
        if match is None or not step or rest:
            return power, words
        power, words = power + step, match["rest"]


def _growth(word: str, figure: Figure | NotAFigure) -> Figure | NotAFigure:
    """``tăng 4,5%`` is +4.5 per cent; ``tăng 1,5 lần`` (×1.5 or +150%?) and a growth without a unit are ambiguous."""
    if isinstance(figure, NotAFigure):
        return figure
    if figure.negative:
        return _NOT_A_NUMBER
    if figure.unit is None or figure.unit not in (Unit(ONE, -2), Unit(ONE, -3), Unit("percentage_point", 0)):
        return _AMBIGUOUS
    return replace(figure, negative=word.startswith(_FALLING), growth=True)
