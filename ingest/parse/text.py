"""Labels as people write them: one spelling to store, one folded form to match.

``normalise`` gives what is stored and shown: NFC, no invisible characters, single spaces. ``fold`` gives what is
compared: no case, no diacritics, no hyphens. A folded label is never shown and never a key by itself (domain.md 6.7,
10.7).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ingest.parse.vietnamese import is_syllable

#: Characters that print nothing and break equality (TXT-05). The soft hyphen is one of them, but in TCVN3 text it is
#: the letter ư: legacy text is converted before it comes here.
INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\ufeff"
)
#: Spaces of other widths; all become U+0020.
SPACES = (
    "\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
)
#: Letters that look like the Vietnamese Đ and are none (TXT-04).
FALSE_D_STROKE: dict[str, str] = {"Ð": "Đ", "Ɖ": "Đ", "ð": "đ"}
HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d_"

_CLEAN = str.maketrans({**dict.fromkeys(INVISIBLE), **dict.fromkeys(SPACES, " ")})
_TRUE_D_STROKE = str.maketrans("".join(FALSE_D_STROKE), "".join(FALSE_D_STROKE.values()))
_SPACE_RUN = re.compile(r" {2,}")
_FOLDED = str.maketrans(
    {
        **dict.fromkeys(HYPHENS, " "),
        **dict.fromkeys("’‘ʼ´`", "'"),
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("đĐðÐƉ", "d"),
        **dict.fromkeys("øØ", "o"),
        **dict.fromkeys("łŁ", "l"),
        **dict.fromkeys("æÆ", "ae"),
        **dict.fromkeys("œŒ", "oe"),
        "ß": "ss",
        "ẞ": "ss",
        "ı": "i",
    }
)
_TRAILING = " .:;,"

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
#: In oa, oe, uy the tone stands on the first vowel in the old style (hòa) and on the second in the new (hoà).
_NEW_STYLE_TONE = re.compile(r"(?<![qQ])([oOuU])([aAeEyY])([\u0300\u0301\u0303\u0309\u0323])(?![\w\u0300-\u036f])")


def normalise(label: str) -> str:
    """The label as it is stored: NFC, invisible characters removed, every run of white space one space, trimmed.

    The false Đ (U+00D0, U+0189, U+00F0) becomes Đ where the word is a Vietnamese syllable, and stays where it is not,
    since Icelandic and Faroese words are written with it.
    """
    if label.isascii() and "  " not in label and label.isprintable():
        return label.strip()
    cleaned = unicodedata.normalize("NFC", label).translate(_CLEAN)
    if not set(cleaned).isdisjoint(FALSE_D_STROKE):
        cleaned = _mend_false_d_stroke(cleaned)
    return _SPACE_RUN.sub(" ", cleaned).strip()


@lru_cache(maxsize=65536)
def fold(label: str) -> str:
    """The label for matching only: case, diacritics, hyphens, quotation styles and closing punctuation do not count.

    Đ becomes d, which ``strip_accents`` of DuckDB leaves alone (domain.md 6.7). Tone placement (hòa, hoà) vanishes with
    the tones.
    """
    decomposed = unicodedata.normalize("NFD", normalise(label).translate(_FOLDED).casefold())
    stripped = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(stripped.split()).strip(_TRAILING)


@lru_cache(maxsize=65536)
def fold_case(label: str) -> str:
    """A stricter form for matching: case, spacing and tone placement do not count, diacritics do.

    It keeps *hộ* (household) apart from *hồ* (lake), and *tạ* (100 kg) from *tá* (dozen).
    """
    return place_tones(normalise(label).casefold())


def place_tones(text: str) -> str:
    """Tone marks of oa, oe and uy on the first vowel, in both spellings that are in use (hoà becomes hòa)."""
    decomposed = unicodedata.normalize("NFD", text)
    if not any(tone in decomposed for tone in _TONES):
        return text
    return unicodedata.normalize("NFC", _NEW_STYLE_TONE.sub(r"\1\3\2", decomposed))


def _mend_false_d_stroke(text: str) -> str:
    def mend(match: re.Match[str]) -> str:
        mended = match.group().translate(_TRUE_D_STROKE)
        return mended if is_syllable(mended) else match.group()

    return re.sub(r"[^\W\d_]+", mend, text)
