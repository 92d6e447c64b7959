"""Vietnamese text of the time before Unicode: TCVN3 (ABC, fonts ``.Vn*``) and VNI (fonts ``VNI-*``).

Such text is Latin-1 characters that only its font shows as Vietnamese: ``Tû lÖ`` is *Tỷ lệ* in TCVN3, ``Tyû leä`` in
VNI. It is recognised by its outcome (domain.md 6.7, TXT-02): every word that holds such characters becomes a
Vietnamese syllable when it is converted, and some were none before. A text with real Vietnamese letters is never
touched, nor is French or German, whose words do not come out as syllables.

TCVN3 is the standard TCVN 5712:1993 (VN3): one byte a letter, lower case only beyond Ă Â Ê Ô Ơ Ư Đ; the capitals with
tones are the same bytes in a capital font. VNI is two characters a letter: the vowel, then its tone or hat.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from ingest.parse.vietnamese import TONE_MARKS, is_syllable


class LegacyEncoding(StrEnum):
    """A way of writing Vietnamese with Latin-1 characters."""

    TCVN3 = "tcvn3"
    VNI = "vni"


#: TCVN 5712:1993 VN3, right half: the letter of each byte from A1 to FE; a dot where VN3 has none.
_TCVN3_BYTES = (
    "ĂÂÊÔƠƯĐăâêôơưđ......"  # A1-B4
    "àảãáạ.ằẳẵắ......."  # B5-C5
    "ặầẩẫấậè.ẻẽéẹềểễếệìỉ...ĩíịò."  # C6-E0
    "ỏõóọồổỗốộờởỡớợù.ủũúụừửữứựỳỷỹýỵ"  # E1-FE
)
TCVN3_LETTERS: dict[str, str] = {
    chr(0xA1 + position): letter for position, letter in enumerate(_TCVN3_BYTES) if letter != "."
}

_VNI_TONES = dict(zip(TONE_MARKS, "øùõûï", strict=True))
_VNI_CIRCUMFLEX = dict(zip(TONE_MARKS, "àáãåä", strict=True))
_VNI_BREVE = dict(zip(TONE_MARKS, "èéüúë", strict=True))


def _vni_letters() -> dict[str, str]:
    """Every VNI sequence in lower case and its letter, from the rules of the encoding."""
    table = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
    for tone, mark in TONE_MARKS.items():
        for base, vowel in (*zip("aeou", "aeou", strict=True), ("y", "y"), ("ô", "ơ"), ("ö", "ư")):
            if (base, tone) != ("y", "dot_below"):
                table[base + _VNI_TONES[tone]] = unicodedata.normalize("NFC", vowel + mark)
        for base, vowel in zip("aeo", "âêô", strict=True):
            table[base + _VNI_CIRCUMFLEX[tone]] = unicodedata.normalize("NFC", vowel + mark)
        table["a" + _VNI_BREVE[tone]] = unicodedata.normalize("NFC", "ă" + mark)
    return {**table, "aâ": "â", "eâ": "ê", "oâ": "ô", "aê": "ă"}


VNI_LETTERS: dict[str, str] = _vni_letters()
_VNI_SEQUENCE = re.compile("|".join(sorted(VNI_LETTERS, key=len, reverse=True)), re.IGNORECASE)
_WORD = re.compile(r"[^\s0-9()\[\]{}/\\,.;:%+=<>\"'?!*&|_–—-]+")
#: Words that prove nothing: a lone sign, and money, since £m would be Êm in TCVN3.
_NO_EVIDENCE = re.compile(r".|[£¥¢¤€$]?[\x00-\x7f]*")
_SHARE_OF_WORDS = 0.8
_LEAST_SCORE = 2


def from_legacy(label: str, encoding: LegacyEncoding | None = None) -> str:
    """The label in Unicode (NFC). Without ``encoding`` it is recognised; a label that is not stays as it is."""
    found = encoding or recognise_legacy(label)
    if found is LegacyEncoding.TCVN3:
        return _from_tcvn3(label)
    return _from_vni(label) if found is LegacyEncoding.VNI else label


def legacy_problem(label: str) -> str | None:
    """``legacy_encoding`` where the label is TCVN3 or VNI text, else None."""
    return "legacy_encoding" if recognise_legacy(label) is not None else None


def recognise_file(texts: Iterable[str]) -> LegacyEncoding | None:
    """The encoding of a whole sheet or file, from all its texts.

    Short labels such as ``Ghi chó`` (*Ghi chú*) can be either; they follow the others. None where none is recognised,
    or as many texts hold real Vietnamese letters.
    """
    votes: Counter[LegacyEncoding] = Counter()
    unicode_texts = 0
    for text in dict.fromkeys(texts):
        found = recognise_legacy(text)
        if found is not None:
            votes[found] += 1
        elif _has_vietnamese_letters(text):
            unicode_texts += 1
    if not votes:
        return None
    best, count = min(votes.items(), key=lambda vote: (-vote[1], vote[0]))
    return best if count > unicode_texts else None


@lru_cache(maxsize=65536)
def recognise_legacy(label: str) -> LegacyEncoding | None:
    """The legacy encoding of one label, or None. Enough evidence is a score of 2: see ``_score``."""
    if label.isascii() or _has_vietnamese_letters(label):
        return None
    scores = {encoding: _score(label, encoding) for encoding in LegacyEncoding}
    best = max(scores, key=lambda encoding: scores[encoding])
    return best if scores[best] >= _LEAST_SCORE else None


def _has_vietnamese_letters(text: str) -> bool:
    """Letters that only Unicode Vietnamese has; Latin-1 letters (à, é, ô) prove nothing."""
    composed = unicodedata.normalize("NFC", text)
    return any(letter in "ăĂđĐơƠưƯĩĨũŨ" or "\u1ea0" <= letter <= "\u1ef9" for letter in composed)


def _score(label: str, encoding: LegacyEncoding) -> int:
    """How strongly a label speaks for an encoding: the sum over its words that become syllables and were none.

    Such a word counts 2 if it holds what no other language has inside a word (a sign such as ``¬``, or a vowel with a
    VNI tone behind it), else 1. The label counts 0 if fewer than four in five of its words become syllables.
    """
    composed = unicodedata.normalize("NFC", label)
    words = [word for word in _WORD.findall(composed) if not _NO_EVIDENCE.fullmatch(word)]
    became = [word for word in words if is_syllable(from_legacy(word, encoding))]
    if not words or len(became) < _SHARE_OF_WORDS * len(words):
        return 0
    mended = [word for word in became if not is_syllable(word)]
    return sum(2 if _is_telling(word, encoding) else 1 for word in mended)


def _is_telling(word: str, encoding: LegacyEncoding) -> bool:
    if encoding is LegacyEncoding.TCVN3:
        return not word.isalpha()
    return len(word) > 2 and any(len(sequence) > 1 for sequence in _VNI_SEQUENCE.findall(word))


def _from_tcvn3(label: str) -> str:
    ascii_letters = [letter for letter in label if letter.isascii() and letter.isalpha()]
    text = "".join(TCVN3_LETTERS.get(letter, letter) for letter in unicodedata.normalize("NFC", label))
    in_capitals = len(ascii_letters) > 1 and all(letter.isupper() for letter in ascii_letters)
    return text.upper() if in_capitals else text


def _from_vni(label: str) -> str:
    def letter(match: re.Match[str]) -> str:
        sequence = match.group()
        plain = VNI_LETTERS[sequence.lower()]
        return plain.upper() if sequence[0].isupper() else plain

    return _VNI_SEQUENCE.sub(letter, unicodedata.normalize("NFC", label))
