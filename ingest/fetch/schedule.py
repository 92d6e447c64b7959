"""When to fetch: a cron expression of five fields, checked where it is written, not by the scheduler that reads it."""

from __future__ import annotations

import re

#: Field → least and greatest number, and the names that may stand for numbers (crontab(5)).
FIELDS: dict[str, tuple[int, int, tuple[str, ...]]] = {
    "minute": (0, 59, ()),
    "hour": (0, 23, ()),
    "day": (1, 31, ()),
    "month": (1, 12, ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
    "weekday": (0, 7, ("sun", "mon", "tue", "wed", "thu", "fri", "sat")),
}
_PART = re.compile(r"^(?:\*|(\w+)(?:-(\w+))?)(?:/([1-9]\d*))?$")


def checked_schedule(text: str) -> str:
    """The expression itself. Raises ``ValueError`` that names the field that is wrong."""
    fields = text.split()
    if len(fields) != len(FIELDS):
        raise ValueError("a schedule has five fields: minute hour day month weekday, as in 0 6 * * 1")
    for (name, (least, greatest, names)), field in zip(FIELDS.items(), fields, strict=True):
        for part in field.split(","):
            if not _is_sound(part, least, greatest, names):
                raise ValueError(f"{name}: «{part}» is not *, a number from {least} to {greatest}, a range or a step")
    return text


def _is_sound(part: str, least: int, greatest: int, names: tuple[str, ...]) -> bool:
    match = _PART.match(part)
    if match is None:
        return False
    ends = [_number(end, least, names) for end in match.group(1, 2) if end is not None]
    return all(least <= end <= greatest for end in ends) and ends == sorted(ends)


def _number(text: str, least: int, names: tuple[str, ...]) -> int:
    """The number a text stands for, names counted from the field's least; -1 if it stands for none."""
    if text.isdecimal():
        return int(text)
    return names.index(text.lower()) + least if text.lower() in names else -1
