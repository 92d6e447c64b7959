"""Footnote marks stuck to labels: ``Northern Territory(b)``, ``2015 *``, ``Tổng số(1)``.

Marks are taken off only at the end of a label and only where they cannot belong to it: ``Nhóm (a)`` is the name of a
group, ``Chiều dài (m)`` names a unit, ``(1)`` alone is a column number, ``km²`` is a unit.
"""

from __future__ import annotations

import re

from ingest.parse.text import fold, normalise

#: Nouns that are numbered: a bracket after them is their number, not a footnote.
_NUMBERED = frozenset(
    fold(noun)
    for noun in (
        *("nhóm", "mục", "khoản", "điểm", "cột", "loại", "biểu", "bảng", "phụ lục", "lục", "chương", "phần", "điều"),
        *("group", "table", "item", "column", "category", "type", "class", "article", "section", "part", "annex"),
        *("schedule", "band", "grade", "stage", "step", "level", "line", "form", "tier", "phase", "note"),
        *("Gruppe", "Tabelle", "groupe", "tableau"),
    )
)
#: Letters that are units in brackets.
_UNIT_LETTERS = frozenset("ghklmst")
#: Longer texts are notes, and marks at their end are punctuation.
_LONGEST_LABEL = 500
_SUPERSCRIPTS = "⁰¹⁴⁵⁶⁷⁸⁹⁽⁾ᵃᵇᶜᵈᵉᶠ"
_MARK = re.compile(
    r"(?P<label>.*\S)??(?P<gap>\s*)(?<![*(])(?P<mark>"
    r"\((?P<inner>[0-9]{1,2}|[A-Za-z])\)|\[(?:[0-9]{1,2}|[A-Za-z])\]|\(\*+\)|\*+\)?|[†‡§]+"
    rf"|[{_SUPERSCRIPTS}]+|(?<=[^\W\d_])[²³]+)"
)


def strip_footnote_marks(label: str) -> tuple[str, tuple[str, ...]]:
    """The label without the footnote marks at its end, and the marks in their order.

    >>> strip_footnote_marks("Northern Territory(b)"), strip_footnote_marks("Nhóm (a)")
    (('Northern Territory', ('(b)',)), ('Nhóm (a)', ()))
    """
    rest = normalise(label)
    marks: list[str] = []
    while len(rest) <= _LONGEST_LABEL:
        match = _MARK.fullmatch(rest)
        if match is None or not match["label"] or not _is_footnote(match):
            break
        marks.insert(0, match["mark"])
        rest = match["label"]
    return rest, tuple(marks)


def _is_footnote(match: re.Match[str]) -> bool:
    label, mark, inner = match["label"], match["mark"], match["inner"]
    if not any(character.isalnum() for character in label):
        return False
    last_word = label.split()[-1]
    if mark[0] in "²³":
        return re.fullmatch(r"(?:.*[/(])?[kcdmh]?m", last_word) is None
    if inner is None:
        return True
    if fold(last_word) in _NUMBERED:
        return False
    return not (match["gap"] and inner.lower() in _UNIT_LETTERS)
