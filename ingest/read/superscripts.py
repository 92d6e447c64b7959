"""Footnote marks set as superscripts inside a cell's text, which the fast reader runs together with it.

A cell that shows 1234² holds the runs ``1234`` and a raised ``2``; read as one text it is 12342. Raised marks are kept
apart: digits as the superscripts of Unicode, letters in parentheses, as footnotes are written elsewhere.
"""

from __future__ import annotations

import re
from html import unescape

_ITEM = re.compile(rb"<(?:\w+:)?si\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
_RUN = re.compile(rb"<(?:\w+:)?r\b[^>]*>(.*?)</(?:\w+:)?r>", re.DOTALL)
_TEXT = re.compile(rb"<(?:\w+:)?t\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?t>)")
_RAISED = re.compile(rb'<(?:\w+:)?vertAlign\s[^>]*val="superscript"')
_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
#: Endings of ordinal numbers are raised, too: 1st, 2e, 3º.
_ORDINALS = frozenset({"st", "nd", "rd", "th", "er", "re", "e", "ème", "o", "a", "º", "ª"})


def raised_strings(shared_strings: bytes) -> dict[int, str]:
    """Number of a shared string (ECMA-376 part 1, 18.4) with raised marks → its text with the marks kept apart."""
    if b"superscript" not in shared_strings:
        return {}
    items = enumerate(item[1] or b"" for item in _ITEM.finditer(shared_strings))
    return {number: text for number, item in items if (text := raised_text(item)) is not None}


def raised_text(item: bytes) -> str | None:
    """Text of a string of several runs (a shared one, or one within its cell) if one of the runs is raised."""
    if not _RAISED.search(item):
        return None
    text = ""
    for run in _RUN.findall(item):
        part = "".join(unescape(match[1].decode("utf-8")) for match in _TEXT.finditer(run) if match[1])
        text = _with_mark(text, part) if _RAISED.search(run) else text + part
    return text


def _with_mark(text: str, raised: str) -> str:
    mark = raised.strip(" ()[],.")
    if not text.strip() or not mark:
        return text + raised
    if mark.isdecimal() and mark.isascii():
        return text.rstrip() + mark.translate(_DIGITS)
    if text.rstrip()[-1:].isalnum() and mark.casefold() in _ORDINALS and _counts(text):
        return text + raised
    return f"{text.rstrip()} ({mark})" if mark.isalnum() else text + raised


def _counts(text: str) -> bool:
    """Whether a text ends in a number that an ordinal ending may follow: of few digits, or Roman."""
    return re.search(r"(?:^|\s)(?:\d{1,2}|[IVXLC]+)$", text.rstrip()) is not None
