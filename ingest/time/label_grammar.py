"""How people write a point in time, as a table of patterns (domain.md 10.6).

Patterns run over folded text: no case, no diacritics, every dash a hyphen, single spaces. The first that fits the whole
text makes a ``Part``: a level, its number in the year, and the year if it is written.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from ingest.parse.text import normalise

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d_"), "-")
_QUOTES = dict.fromkeys(map(ord, "’‘ʼ´`"), "'")
_FOLD = {**_DASHES, **_QUOTES, ord("đ"): "d", ord("Đ"): "d"}

#: year · split year (2019/20) · half · quarter · numbered month · named month · months from January on · week · date ·
#: a number whose level the text leaves open
Level = Literal["A", "split", "S", "Q", "M", "named_month", "months", "W", "D", "open"]


@dataclass(frozen=True)
class Part:
    """One point or stretch of a label. ``number`` counts in the year; of a date it is the month and ``day`` the day."""

    level: Level
    year: int | None = None
    number: int = 1
    day: int = 0
    short_year: int | None = None
    #: The words that were used, where they matter: fiscal, school, whole, year, own_year, like_a_date, tail.
    manner: str = ""
    #: Whether a half or quarter is one of a split year: 2023-24 Q1.
    of_split: bool = False
    #: A date written in figures whose order (day or month first) only the surroundings can tell.
    open_order: bool = False


def fold_label(label: str) -> str:
    """Lower case, no diacritics, one kind of dash, single spaces; for matching only.

    >>> fold_label("Quý  III/2025"), fold_label("Giai đoạn 2021–2025")
    ('quy iii/2025', 'giai doan 2021-2025')
    """
    text = normalise(label).translate(_FOLD).casefold()
    if not text.isascii():
        text = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return " ".join(text.split())


_MONTH_STEMS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ROMANS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_WORDS = {
    "mot": 1,
    "gieng": 1,
    "hai": 2,
    "ba": 3,
    "bon": 4,
    "tu": 4,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
    "muoi": 10,
    "muoi mot": 11,
    "muoi hai": 12,
    "chap": 12,
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "dau": 1,
    "cuoi": 2,
}
_Y = r"(?P<y>1[5-9]\d\d|2[01]\d\d)(?:\.0+)?"
_YEAR = rf"(?:{_Y}|'?(?P<yy>\d\d))"
#: Between a number and its year: "/", "-", ".", ",", a space, "năm", "of".
_OF = r"(?:\s*[-/.,]\s*|\s+)(?:nam |of )?"
_OF_YEAR = rf"(?:{_OF}{_YEAR})?"
_N12 = r"0?(?P<n>1[0-2]|[1-9])"
_N4 = r"0?(?P<n>[1-4])"
_N2 = r"0?(?P<n>[12])"
_QUARTER = rf"(?:(?P<roman>iv|i{{1,3}})|{_N4}|(?P<word>mot|hai|ba|bon|tu))"
_QUARTER_WORD = r"(?:quy|qui|q|qtr|quarter)\.?"
_D = r"(?P<d>0?[1-9]|[12]\d|3[01])"
_NUMERIC = r"(?P<first>\d{1,2})(?P<sep>[/.-])(?P<second>\d{1,2})"
_SCHOOL = r"(?:nam hoc|nh|school year|academic year|ay|sy)"
_Y2 = r"(?P<y2>\d\d(?:\d\d)?)"
_MONTH_WORDS = "gieng|mot|hai|ba|tu|bon|sau|bay|tam|chin|muoi mot|muoi hai|muoi|chap"
_YEAR_WORDS = r"(?:nam (?:ngan sach|tai chinh|ke hoach|bao cao)|nien do(?: ngan sach)?|calendar year|cy|year)"
_FISCAL = r"(?:fy|fiscal year|financial year|fiscal|financial)"
#: A year of a calendar of its own, of which a quarter or half is counted: 2023-24, FY 2023/24, FY2023.
_OWN_YEAR = rf"(?:(?:{_FISCAL} ?)?(?P<y>1[5-9]\d\d|2[01]\d\d) ?[-/] ?{_Y2}|{_FISCAL} ?(?P<own>1[5-9]\d\d|2[01]\d\d))"

#: Level, manner, pattern; the first that fits the whole text decides.
_PATTERNS: tuple[tuple[Level, str, str], ...] = (
    # dates
    ("D", "", rf"{_Y}-(?P<m>\d\d)-(?P<d>\d\d)(?:[t ]\d\d:\d\d\S*)?(?: ?z| ?utc)?"),
    ("D", "", rf"{_Y}[/.](?P<m>\d{{1,2}})[/.](?P<d>\d{{1,2}})"),
    ("D", "", r"(?P<y>(?:19|20|21)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])"),
    ("D", "ngay", rf"ngay {_NUMERIC}(?:(?P=sep){_Y})?"),
    ("D", "", rf"{_NUMERIC}(?P=sep){_YEAR}(?: \d\d:\d\d\S*)?"),
    ("D", "", rf"(?:ngay )?{_D} thang {_N12}{_OF_YEAR}"),
    ("D", "", rf"{_D}(?:st|nd|rd|th)?[ -](?:of )?{_MONTH}(?:[ ,.-]+{_YEAR})?"),
    ("D", "", rf"{_MONTH} {_D}(?:st|nd|rd|th)?,? {_Y}"),
    # several months from the start of the year, halves, the end of the year
    ("S", "", rf"(?:6|06|sau) thang (?P<word>cuoi)(?: nam)?{_OF_YEAR}"),
    ("Q", "tail", rf"(?:3|03|ba) thang (?P<tail>cuoi)(?: nam)?{_OF_YEAR}"),
    ("months", "", rf"(?:{_N12}|(?P<word>ba|sau|chin|muoi hai)) thang(?: dau| tu dau)?(?: nam| cua nam)?{_OF_YEAR}"),
    ("months", "", rf"{_N12} ?t(?: dau nam)?(?:(?:{_OF})?{_Y})?"),
    ("months", "", rf"(?:first )?{_N12} months(?: of)?{_OF_YEAR}"),
    ("S", "", rf"nua (?:(?P<word>dau)|(?P<tail>cuoi))(?: nam)?{_OF_YEAR}"),
    ("S", "", rf"(?P<word>first|second|1st|2nd) half(?: of)?{_OF_YEAR}"),
    ("S", "", rf"[hs]{_N2}{_OF_YEAR}"),
    ("S", "", rf"{_N2}h(?:(?:{_OF})?{_Y})?"),
    ("S", "", rf"{_Y}[ -/]?[hs]{_N2}"),
    ("S", "school", rf"(?:hoc ky|hk|semester) ?(?:(?P<roman>i{{1,2}})|{_N2})[,/ -]*{_SCHOOL}? ?{_Y}(?:[-/]{_Y2})?"),
    # quarters
    ("Q", "", rf"{_QUARTER_WORD} ?{_QUARTER}{_OF_YEAR}"),
    ("Q", "", rf"{_Y}[ -/]*{_QUARTER_WORD} ?{_QUARTER}"),
    ("Q", "", rf"{_N4}q(?:(?:{_OF})?{_Y})?"),
    ("Q", "", rf"(?P<word>first|second|third|fourth|1st|2nd|3rd|4th) quarter(?: of)?{_OF_YEAR}"),
    # quarters and halves of a split or fiscal year
    ("Q", "own_year", rf"{_QUARTER_WORD} ?{_QUARTER}{_OF}{_OWN_YEAR}"),
    ("Q", "own_year", rf"(?P<word>first|second|third|fourth|1st|2nd|3rd|4th) quarter(?: of)?[ ,]+{_OWN_YEAR}"),
    ("Q", "own_year", rf"{_OWN_YEAR}[ ,:/-]+{_QUARTER_WORD} ?{_QUARTER}"),
    ("S", "own_year", rf"h{_N2}{_OF}{_OWN_YEAR}"),
    ("S", "own_year", rf"{_OWN_YEAR}[ ,:/-]+h{_N2}"),
    # weeks
    ("W", "", rf"(?:tuan|week|wk|w)(?: thu)? ?0?(?P<n>[1-9]|[1-4]\d|5[0-3]){_OF_YEAR}"),
    ("W", "", rf"{_Y}[ -]?w0?(?P<n>[1-9]|[1-4]\d|5[0-3])"),
    # months
    ("M", "", rf"{_Y}[ -]?m{_N12}"),
    ("M", "", rf"m0?{_N12}{_OF}{_Y}"),
    ("named_month", "", rf"thang nam nam{_OF}{_Y}"),
    ("named_month", "", rf"(?:thang|thg|t|month)\.? ?{_N12}{_OF_YEAR}"),
    ("named_month", "", rf"thang (?P<word>{_MONTH_WORDS}){_OF_YEAR}"),
    ("named_month", "like_a_date", rf"{_MONTH}(?:[ ,./-]*(?:of )?{_YEAR})?"),
    ("named_month", "like_a_date", rf"{_Y}[ ,./-]*{_MONTH}"),
    ("named_month", "", rf"{_N12}[/.-]{_Y}"),
    # years
    ("split", "school", rf"{_SCHOOL} ?{_Y} ?[-/] ?{_Y2}"),
    ("split", "fiscal", rf"{_FISCAL} ?{_Y} ?[-/] ?{_Y2}"),
    ("split", "", rf"{_Y}(?P<split>[-/])(?P<y2>\d\d)"),
    ("split", "", rf"{_Y}(?P<split>/)(?P<y2>\d\d\d\d)"),
    ("split", "", r"(?P<y>(?:19|20|21)\d\d)(?P<split>)(?P<y2>\d\d)"),
    ("A", "fiscal", rf"{_FISCAL} ?{_YEAR}"),
    ("A", "year", rf"nam {_Y}"),
    ("A", "whole", rf"(?:ca|tron|toan|het) nam(?: {_Y})?"),
    ("A", "", rf"(?:{_YEAR_WORDS}[: ]+)?{_Y}"),
    ("A", "", rf"{_Y}-a1"),
    # a number without a level
    ("open", "", rf"{_Y}(?: ?[-/.] ?)0?(?P<n>1[0-2]|[1-9])"),
    ("open", "", rf"(?:(?P<roman>iv|i{{1,3}})|0?(?P<n>\d{{1,2}}))(?:[-/. ]{_Y})?"),
)
_COMPILED = tuple((level, manner, re.compile(pattern)) for level, manner, pattern in _PATTERNS)


def read_part(text: str) -> Part | None:
    """The first reading of a folded text, or None."""
    for level, manner, pattern in _COMPILED:
        match = pattern.fullmatch(text)
        if match is not None:
            part = _part(level, manner, match)
            if part is not None:
                return part
    return None


def _part(level: Level, manner: str, match: re.Match[str]) -> Part | None:
    found = {name: text for name, text in match.groupdict().items() if text is not None}
    year = int(found["y"]) if "y" in found else None
    short = int(found["yy"]) if "yy" in found else None
    if level == "D":
        return _date_part(found, year, short, manner)
    if level == "split":
        return _split_part(found, year or 0, manner)
    if level == "open" and year is not None and match.re.pattern.startswith(_Y):
        return _open_part(match.string, year, int(found["n"]))
    if manner == "tail":
        return Part("Q", year, 4, short_year=short)
    if "y2" in found and not _follows(year or 0, found["y2"]):
        return None
    if "own" in found:
        year = int(found["own"])
    return Part(level, year, _number(found, level), short_year=short, manner=manner, of_split=_is_split(found, manner))


def _is_split(found: dict[str, str], manner: str) -> bool:
    return manner == "own_year" and "y2" in found


def _number(found: dict[str, str], level: Level) -> int:
    if "n" in found:
        return int(found["n"])
    if "roman" in found:
        return _ROMANS[found["roman"]]
    if "word" in found:
        return _WORDS[found["word"]]
    if "month" in found:
        return _MONTH_STEMS.index(found["month"][:3]) + 1
    if "tail" in found:
        return 2
    return 5 if level == "named_month" else 1


def _date_part(found: dict[str, str], year: int | None, short: int | None, manner: str) -> Part | None:
    if "first" in found:
        first, second = int(found["first"]), int(found["second"])
        if second > 12:
            first, second = second, first
        if second > 12 or not 1 <= first <= 31 or second < 1:
            return None
        undecided = int(found["first"]) <= 12 and int(found["second"]) <= 12 and first != second
        return Part("D", year, second, first, short_year=short, open_order=undecided and manner != "ngay")
    number = int(found["m"]) if "m" in found else _number(found, "D")
    return Part("D", year, number, int(found["d"]), short_year=short)


def _split_part(found: dict[str, str], year: int, manner: str) -> Part | None:
    """2019/20, 201920. 2011-12 and 201112 may be December 2011 too; 2011-05 and 201105 (DHIS2) are May."""
    follows, second = _follows(year, found["y2"]), int(found["y2"])
    is_month = "split" in found and len(found["y2"]) == 2 and 1 <= second <= 12
    if is_month and not follows:
        return Part("named_month", year, second, manner="like_a_date")
    if not follows:
        return None
    return Part("split", year, second, manner="or_month" if is_month else manner)


def _open_part(text: str, year: int, number: int) -> Part:
    """2016-01 is a month by ISO 8601; of 2016-1 and 2016 - 1 only the source knows what is counted."""
    if re.fullmatch(r"\d{4}-\d\d", text):
        return Part("named_month", year, number, manner="like_a_date")
    return Part("open", year, number)


def _follows(year: int, second: str) -> bool:
    """Whether the second year, of two or four digits, is the one after the first."""
    return int(second) == (year + 1 if len(second) == 4 else (year + 1) % 100)
