"""Marks that number rows: I, II, III · A, B, C · 1, 2, 3 · 1.1 · a, b · dashes."""

from __future__ import annotations

import re

NUMBERED = re.compile(
    r"^\s*\(?(?P<mark>[IVXLC]+|[A-ZĐ]|\d+(?:\.\d+)*|[a-zđ]|[-–+*•])[.):/]?(?:\s+(?P<label>\S.*))?$", re.DOTALL
)
_ROMAN = re.compile(r"^(?=[IVXLC])(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def kind_of_mark(mark: str, last_letter: str) -> str:
    """I, A, a, 1, 1.1, - or +. C after the letter B (``last_letter``) is a letter, and no hundred."""
    if mark[0].isdigit():
        return ".".join("1" for _ in mark.split("."))
    if mark in "-–+*•":
        return "-" if mark in "-–" else "+"
    continues = len(mark) == 1 and last_letter and ord(mark) == ord(last_letter) + 1
    if _ROMAN.match(mark) and not continues:
        return "I"
    return "A" if mark.isupper() else "a"


def ordinals(marks: list[str]) -> list[int] | None:
    """What place each mark of a sequence names, from 1; None where they are not of one kind that counts.

    The letter Đ, which some lists have after D and some have not, has no place of its own.
    """
    found: list[int] = []
    kinds: set[str] = set()
    last_letter = ""
    for mark in marks:
        kind = kind_of_mark(mark, last_letter)
        if kind not in ("I", "A", "a", "1"):
            return None
        last_letter = mark if kind in ("A", "a") else ""
        kinds.add(kind)
        found.append(_ordinal(mark, kind))
    return found if len(kinds) == 1 else None


def _ordinal(mark: str, kind: str) -> int:
    if kind == "1":
        return int(mark)
    if kind == "I":
        digits = [_ROMAN_DIGITS[sign] for sign in mark]
        pairs = zip(digits, [*digits[1:], 0], strict=True)
        return sum(-digit if digit < following else digit for digit, following in pairs)
    return ord("d") - ord("a") + 1 if mark in "đĐ" else ord(mark.lower()) - ord("a") + 1
