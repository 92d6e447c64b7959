"""When a text on a sheet is the text a recipe asks for: folded, without footnote marks, in either of two languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ingest.parse.footnotes import strip_footnote_marks
from ingest.parse.labels import read_label
from ingest.parse.text import fold

PATH_SEPARATOR = " > "
_HALVES = re.compile(r"\s*\n\s*|\s+/\s+")


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """The form in which texts are compared. A text of signs only stays as it is, since folding would empty it."""
    return fold(text) or text.strip()


@lru_cache(maxsize=65536)
def keys(text: str) -> tuple[str, ...]:
    """The forms of a text on a sheet: as it stands (legacy encodings converted), and without footnote marks."""
    mended = read_label(text).text
    plain = key(mended)
    bare = key(strip_footnote_marks(mended)[0])
    return (plain,) if bare == plain or not bare else (plain, bare)


@lru_cache(maxsize=65536)
def half_keys(text: str) -> tuple[str, ...]:
    """The halves of a text in two languages, split at a line break or a slash."""
    parts = [part for part in _HALVES.split(text) if part.strip()]
    return tuple(key(strip_footnote_marks(part)[0]) for part in parts) if len(parts) > 1 else ()


def is_text(found: str, wanted: Iterable[str]) -> bool:
    """Whether a text on a sheet is one of the texts asked for."""
    present = keys(found)
    return any(key(text) in present for text in wanted)


def contains_text(found: str, wanted: Iterable[str]) -> bool:
    """Whether a text on a sheet contains one of the texts asked for, at the borders of words."""
    padded = f" {keys(found)[0]} "
    return any(_bounded(key(text), padded) for text in wanted)


def _bounded(wanted: str, padded: str) -> bool:
    if not wanted:
        return False
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", padded) is not None


def begins_with_text(found: str, wanted: Iterable[str]) -> bool:
    """Whether a text on a sheet begins with one of the texts asked for ("Đơn vị tính: triệu đồng")."""
    present = keys(found)[0]
    return any(present == key(text) or re.match(rf"{re.escape(key(text))}(?!\w)", present) for text in wanted)


@lru_cache(maxsize=4096)
def split_path(path: str) -> tuple[str, ...]:
    """The keys of a path's parts; ``*`` stays, and equal neighbours count once."""
    parts = [part.strip() for part in path.split(PATH_SEPARATOR.strip()) if part.strip()]
    once = [part for number, part in enumerate(parts) if number == 0 or part != parts[number - 1]]
    return tuple("*" if part == "*" else key(part) for part in once)


def path_matches(parts: Sequence[tuple[str, ...]], wanted: Sequence[str]) -> bool:
    """Whether a header path (each part in all its forms) is the wanted one; ``*`` stands for one or more parts."""
    if not wanted:
        return not parts
    if not parts:
        return False
    if wanted[0] == "*":
        return any(path_matches(parts[skip:], wanted[1:]) for skip in range(1, len(parts) + 1))
    return wanted[0] in parts[0] and path_matches(parts[1:], wanted[1:])


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str]:
    """A recipe's pattern: case does not count."""
    return re.compile(pattern, re.IGNORECASE)


def parts_found(pattern: str, text: str, group: str) -> list[str]:
    """The different parts of a text that a pattern finds: of each match the group so named, else the first group that
    took part, else the whole."""
    found: dict[str, str] = {}
    for match in compiled(pattern).finditer(text):
        if group in match.re.groupindex:
            part = match[group]
        else:
            part = next((part for part in match.groups() if part), "") if match.re.groups else match[0]
        if part:
            found.setdefault(key(part), part)
    return list(found.values())


def the_part(parts: Sequence[str]) -> str:
    """The one part that was found. Of several none is meant: what they make is no label, and resolves to nothing."""
    return parts[0] if len(parts) == 1 else "".join(f"⟨{part}?⟩" for part in parts)
