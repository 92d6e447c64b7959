"""From a label to a period: what it names, what it says about accumulation and status, or that it cannot be told.

Nothing is guessed. A label that fits two periods (03/04/2025, a two-digit year, 2011-12 where both a month and a split
year are possible) is a problem with its candidates, and the recipe or the steward decides (domain.md 10.6, PER-01).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from ingest.parse.text import normalise
from ingest.time.label_grammar import Part, fold_label, read_part
from ingest.time.label_meaning import AmbiguousLabelError, Context, Meaning, UnknownLabelError, meaning_of, window_of
from ingest.time.period import GREGORIAN, Period, UnknownPeriodError, shift_months

if TYPE_CHECKING:
    from ingest.time.calendar import Calendars


@dataclass(frozen=True)
class ParsedPeriod:
    """What a label says. Either ``period`` or ``problem`` is given.

    ``accumulation`` and ``obs_status`` are hints of the label itself (*lũy kế*: YTD; *ước*: E; *sơ bộ*: P), as the
    codes of ``ingest.contract``; None where it gives none. So is ``measure_kind``: *Kế hoạch 2027* heads plans, which
    *Thực hiện kế hoạch 2027* does not. ``candidates`` are the codes an ambiguous label may mean.
    """

    period: Period | None
    problem: Literal["unknown", "ambiguous"] | None = None
    accumulation: str | None = None
    obs_status: str | None = None
    candidates: tuple[str, ...] = ()
    measure_kind: str | None = None


@dataclass
class _Qualifiers:
    """What the words around the point in time say."""

    accumulation: str | None = None
    obs_status: str | None = None
    marks: set[str] = field(default_factory=set)


#: Words before or after the point in time: what they mean, and the words. The first that fits is taken off.
_WORDS: tuple[tuple[str, str], ...] = (
    (
        "SINCE_START",
        r"(?:luy ke |cong don )?(?:tu|ke tu) (?:dau|khi bat dau) (?:nhiem ky|chuong trinh|giai doan|ky ke hoach|du an)",
    ),
    ("YTD", r"(?:luy ke|luy tien|cong don|lk)(?: (?:ke )?tu dau nam)?|(?:ke )?tu dau nam"),
    ("YTD", r"ytd|year to date|cumulative|cumulated"),
    ("POINT_IN_TIME", r"(?:tai )?thoi diem(?: ngay)?|as at|as of|at (?=\d)"),
    ("E", r"uoc(?: tinh)?(?: thuc hien| th| dat)?|estimated?|est(?:\.|\b)"),
    ("F", r"du bao|forecast|projected|projection"),
    ("P", r"so bo|tam tinh|provisional|preliminary|prel(?:im)?(?:\.|\b)"),
    (
        "rolling",
        r"(?:12|twelve) months (?:to|ending|ended)|year (?:ending|ended|to)|ye(?= )|rolling (?:year|12 months)(?: to)?",
    ),
    ("until", r"(?:tinh )?den(?: het| cuoi| nay)?(?: ngay(?= \d))?|up to|until|by(?= )|to(?= )"),
    ("stretch", r"giai doan|thoi ky|nhiem ky|khoa"),
    ("", r"so lieu|bao cao|ky bao cao|ky|ket qua|thuc hien|th(?= )|ke hoach|kh(?= )|trong"),
    ("", r"reporting period|period|data for|for|the|in"),
)
_BEFORE = tuple((mark, re.compile(rf"(?:{words})(?![a-z])[\s:.,-]*")) for mark, words in _WORDS)
_AFTER = tuple(
    (mark, re.compile(rf"[\s:.,(\[-]+(?:{words})[)\]]?$")) for mark, words in _WORDS if mark in {"YTD", "E", "F", "P"}
)
#: A mark behind the label: *, (1), (p); p, e, f and r (revised) also right behind the figure, 2024p.
_FOOTNOTE = re.compile(r"\s*(?:\(?[*†‡¹²³⁴]+\)?|[(\[](?P<letter>[a-z]|\d{1,2})[)\]]|(?<=\d)(?P<glued>[pefr]))$")
_PLAN = re.compile(r"(?:ke hoach|kh)[ :.]")
#: What is summed up to a month, a quarter or a half began with the year; a day may be that of a stock.
_SUMMED_UNTIL = frozenset({"M", "named_month", "Q", "S"})
_FOOTNOTE_STATUS = {"e": "E", "f": "F", "p": "P"}
_LETTER_BEHIND = re.compile(r"\s*[(\[](?P<bracketed>[efp])[)\]]|(?P<glued>[efp])(?![a-z0-9])")
_DATES_INSIDE = re.compile(
    r"\(?(?:tu |from )(?:ngay )?(?P<first>[\d/.-]+\d)(?: den het| den| to)(?: ngay)? (?P<last>[\d/.-]+\d)\)?"
)
_RANGE_WORDS = re.compile(r"\s+(?:to|den het|den|toi|through|until|and)\s+|\s+-\s+|\s*-\s*")
_VIETNAMESE = re.compile(r"\b(?:ngay|den|tu|thang|nam|quy|qui|luy ke)\b")
#: Status → what says it right before the figure of a period, the word for its kind between them, and right after it.
_STATUS_BESIDE = tuple(
    (
        mark,
        re.compile(rf"(?<![a-z])(?:{words})[\s:.,(\[-]*(?:(?:nam|quy|thang|ky|year|quarter|month) )?$"),
        re.compile(rf"[\s:.,(\[-]*(?:{words})(?![a-z])"),
    )
    for mark, words in _WORDS
    if mark in {"E", "F", "P"}
)


def status_beside(label: str, found: str) -> str | None:
    """E or P, where that word stands right before or after what a pattern took out of a label.

    >>> status_beside("Sơ bộ năm 2022", "2022"), status_beside("2022 (provisional)", "2022")
    ('P', 'P')
    >>> status_beside("2022e", "2022"), status_beside("Q3 2022 (p)", "Q3 2022")
    ('E', 'P')
    >>> status_beside("Estimated cost 2022", "2022")
    """
    part = fold_label(found)
    before, taken, after = fold_label(label).partition(part) if part else ("", "", "")
    if not taken:
        return None
    letter = _LETTER_BEHIND.match(after)
    if letter is not None:
        return _FOOTNOTE_STATUS[letter["bracketed"] or letter["glued"]]
    return next((mark for mark, ahead, behind in _STATUS_BESIDE if ahead.search(before) or behind.match(after)), None)


class LabelReader:
    """Reads labels for the calendars of a workspace. The same label is read once."""

    def __init__(self, calendars: Calendars) -> None:
        self._calendars = calendars
        self._known: dict[tuple[object, ...], ParsedPeriod] = {}

    def read(
        self, label: object, calendar: str, frequency: str | None, year: int | str | None, order: str | None
    ) -> ParsedPeriod:
        """The period of a label; see ``Calendars.parse``."""
        key = (type(label), label, calendar, frequency, year, order)
        if key not in self._known:
            self._known[key] = self._read(label, Context(self._calendars, calendar, frequency, year, order))
        return self._known[key]

    def _read(self, label: object, context: Context) -> ParsedPeriod:
        said = _Qualifiers()
        try:
            if isinstance(label, date):
                day = label.date() if isinstance(label, datetime) else label
                return ParsedPeriod(meaning_of(Part("D", day.year, day.month, day.day), context).period)
            text = _text_of(label)
            period = self._by_name(text, context)
            if period is not None:
                return ParsedPeriod(period)
            meaning = self._meaning(fold_label(text), context, said)
        except AmbiguousLabelError as problem:
            return ParsedPeriod(None, "ambiguous", said.accumulation, said.obs_status, problem.candidates)
        except (UnknownLabelError, UnknownPeriodError, ValueError, OverflowError):
            return ParsedPeriod(None, "unknown", said.accumulation, said.obs_status)
        kind = "PLAN" if _PLAN.match(fold_label(text)) else None
        accumulation = meaning.accumulation or said.accumulation
        return ParsedPeriod(meaning.period, None, accumulation, said.obs_status, measure_kind=kind)

    def _by_name(self, text: str, context: Context) -> Period | None:
        """Codes that begin with a letter, time ranges, and names of listed periods."""
        stripped = normalise(text)
        if stripped[:1].isalpha() or "/P" in stripped:
            period = self._by_code(stripped)
            if period is not None and not self._is_of_another_calendar(period, text, context):
                return period
        folded = fold_label(text)
        for listed in getattr(self._calendars.definitions.get(context.calendar), "periods", ()):
            if folded in {fold_label(listed.code), fold_label(listed.name.vi), fold_label(listed.name.en)}:
                return self._calendars.period(listed.code)
        return None

    def _by_code(self, text: str) -> Period | None:
        try:
            return self._calendars.period(text)
        except UnknownPeriodError:
            return None

    def _is_of_another_calendar(self, period: Period, text: str, context: Context) -> bool:
        """FY2021 is a code of one fiscal calendar, and the usual spelling of a year of every other: the calendar that
        the source declares is meant."""
        declared = context.calendar not in {GREGORIAN, period.calendar_code}
        return declared and read_part(fold_label(text)) is not None

    def _meaning(self, text: str, context: Context, said: _Qualifiers) -> Meaning:
        dates = _DATES_INSIDE.search(text)
        if dates is not None:
            take_off_words(text[: dates.start()].strip(), said)
            return _window(dates["first"], dates["last"], replace(context, order=context.order or "dmy"))
        if context.order is None and _VIETNAMESE.search(text):
            context = replace(context, order="dmy")
        text = take_off_words(text, said)
        context = replace(
            context,
            cumulative=said.accumulation in {"YTD", "SINCE_START"},
            until="until" in said.marks or said.accumulation == "POINT_IN_TIME",
        )
        stretch = "stretch" in said.marks
        part = None if stretch else read_part(text)
        if part is not None:
            if "rolling" in said.marks:
                return _year_that_ends_with(part, context)
            meaning = meaning_of(part, context)
            is_sum = "until" in said.marks and said.accumulation is None and part.level in _SUMMED_UNTIL
            return replace(meaning, accumulation="YTD") if is_sum else meaning
        return _any_window(text, context, certain=stretch)


def take_off_words(text: str, said: _Qualifiers) -> str:
    """The label without footnote marks and without the words around it, which are noted in ``said``."""
    changed = True
    while changed and text:
        before = text
        note = _FOOTNOTE.search(text)
        if note is not None:
            said.obs_status = said.obs_status or _FOOTNOTE_STATUS.get(note["letter"] or note["glued"] or "")
            text = text[: note.start()]
        for mark, pattern in _BEFORE:
            match = pattern.match(text)
            if match is not None:
                _note(mark, said)
                text = text[match.end() :]
                break
        for mark, pattern in _AFTER:
            match = pattern.search(text)
            if match is not None:
                _note(mark, said)
                text = text[: match.start()]
                break
        text = text.strip(" .:;,")
        changed = text != before
    return text


def _note(mark: str, said: _Qualifiers) -> None:
    if mark in {"E", "F", "P"}:
        said.obs_status = said.obs_status or mark
    elif mark in {"YTD", "SINCE_START", "POINT_IN_TIME"}:
        said.accumulation = said.accumulation or mark
    elif mark:
        said.marks.add(mark)


def _any_window(text: str, context: Context, *, certain: bool) -> Meaning:
    """Two points with a range word between them; the outermost split that makes sense."""
    text = re.sub(r"^(?:tu|from|between) (?=\S)", "", text)
    ambiguous: AmbiguousLabelError | None = None
    for match in _RANGE_WORDS.finditer(text):
        try:
            return _window(text[: match.start()], text[match.end() :], context, certain=certain)
        except AmbiguousLabelError as problem:
            ambiguous = ambiguous or problem
        except UnknownLabelError:
            continue
    if ambiguous is not None:
        raise ambiguous
    single = read_part(text) if certain else None
    if single is None:
        raise UnknownLabelError(text)
    return meaning_of(single, context)


def _window(first: str, last: str, context: Context, *, certain: bool = False) -> Meaning:
    left, right = _point(first), _point(last)
    if right is None or left is None:
        raise UnknownLabelError(f"{first} … {last}")
    left, right = _like_each_other(left, right, first)
    return window_of(left, right, context, certain=certain)


def _point(text: str) -> Part | None:
    """One end of a range; a word like ngày or hết before it does not count."""
    stripped = re.sub(r"^(?:het |cuoi |dau )?(?:ngay (?!\d{1,2}[/.-]\d{1,2}$))?", "", text.strip(" .:;,()"))
    part = read_part(stripped)
    if part is None and re.fullmatch(r"\d{1,2}[/.-]\d{1,2}", stripped):
        return read_part(f"ngay {stripped}")
    return part


def _like_each_other(left: Part, right: Part, first: str) -> tuple[Part, Part]:
    """An end that is a bare number counts what the other end counts: tháng 1-6, quý I-III, 17-20 May."""
    if left.level == "open" and right.level == "D" and left.year is None and "/" not in first:
        return replace(right, day=left.number), right
    if left.level == "open" and right.level not in {"open", "A"}:
        return replace(right, number=left.number, year=left.year or None), right
    if right.level == "open" and left.level not in {"open", "A"}:
        return left, replace(left, number=right.number, year=right.year or left.year)
    return left, right


def _year_that_ends_with(part: Part, context: Context) -> Meaning:
    """Year ending March 2017: the twelve months to its end, whatever the calendar's own year is."""
    end_exclusive = meaning_of(part, replace(context, frequency=None)).period.end_exclusive
    return Meaning(context.calendars.between(shift_months(end_exclusive, -12), end_exclusive, context.calendar))


def _text_of(label: object) -> str:
    if isinstance(label, float) and label.is_integer():
        return str(int(label))
    return str(label)


def date_order(labels: Iterable[object]) -> Literal["dmy", "mdy"] | None:
    """What a column shows about its dates in figures: day first, month first, or nothing.

    One date with a day above 12 decides, unless another says the opposite.
    """
    seen: set[Literal["dmy", "mdy"]] = set()
    for label in labels:
        match = re.match(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}", str(label))
        if match is None:
            continue
        first, second = int(match[1]), int(match[2])
        if first > 12 >= second:
            seen.add("dmy")
        elif second > 12 >= first:
            seen.add("mdy")
    return seen.pop() if len(seen) == 1 else None
