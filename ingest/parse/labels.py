"""One door for every label of a submission: what it says in clean Unicode, what was mended, and what is wrong.

Order matters: legacy text is converted before invisible characters go, because the soft hyphen is a letter of TCVN3,
and mojibake is put back before spaces are joined, because the no-break space is part of ``à`` (domain.md 6.7).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ingest.parse.legacy_vietnamese import LegacyEncoding, from_legacy, recognise_legacy
from ingest.parse.mojibake import has_lost_letters, repair_mojibake
from ingest.parse.text import normalise

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class ReadLabel:
    """A label as read. ``problem`` is a word of ``text_problem`` in the contract; ``mended`` names what was changed."""

    text: str
    problem: str | None = None
    mended: tuple[str, ...] = ()


def read_label(raw: str, file_encoding: LegacyEncoding | None = None) -> ReadLabel:
    """Read one label. ``file_encoding`` is what ``legacy_vietnamese.recognise_file`` found for the sheet, if anything.

    ``legacy_encoding`` and ``mojibake`` are reported although the text is converted, so that the gate can decide;
    ``homoglyph`` is a Cyrillic or Greek letter in a Latin word, which is never changed.
    """
    if raw.isascii():
        text = normalise(raw)
        return ReadLabel(text) if text == raw.strip() else ReadLabel(text, None, ("invisible",))
    # What a whole sheet shows outweighs one label: HuÕ is Huế in TCVN3, and would pass for a VNI syllable by itself.
    encoding = (file_encoding if _only_latin_1(raw) else None) or recognise_legacy(raw)
    if encoding is not None:
        return ReadLabel(normalise(from_legacy(raw, encoding)), "legacy_encoding", (encoding.value,))
    repaired = repair_mojibake(raw)
    text = normalise(repaired)
    if repaired != raw:
        return ReadLabel(text, "mojibake", ("mojibake",))
    if has_lost_letters(text):
        return ReadLabel(text, "mojibake")
    problem = "homoglyph" if has_homoglyphs(text) else None
    return ReadLabel(text, problem, _changes(raw, text))


def has_homoglyphs(text: str) -> bool:
    """Whether a word mixes Latin letters with Cyrillic or Greek ones that look the same (TXT-04)."""
    if text.isascii():
        return False
    return any(len(_scripts(word)) > 1 for word in _WORD.findall(text) if not word.isascii())


def _scripts(word: str) -> set[str]:
    names = (unicodedata.name(letter, "").split(" ", 1)[0] for letter in word)
    return {name for name in names if name in {"LATIN", "CYRILLIC", "GREEK"}}


def _only_latin_1(text: str) -> bool:
    return all(ord(letter) <= 0xFF for letter in text)


def _changes(raw: str, text: str) -> tuple[str, ...]:
    composed = unicodedata.normalize("NFC", raw)
    changes = {
        "nfc": composed != raw,
        "d_stroke": composed.count("Đ") + composed.count("đ") != text.count("Đ") + text.count("đ"),
        "invisible": len(composed.split(" ")) != len(text.split(" ")) or len(composed) != len(text),
    }
    return tuple(change for change, happened in changes.items() if happened)
