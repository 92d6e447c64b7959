"""The shape of a Vietnamese syllable, to tell Vietnamese words from what only looks like them.

Legacy encodings are recognised by one question: do the words become Vietnamese when they are converted, and were they
not Vietnamese before? The answer needs the rules of spelling, not a dictionary: a syllable is an onset, a nucleus with
at most one tone, and a coda, and a syllable closed by a stop bears only two of the six tones.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Combining marks of the five written tones; the level tone is unmarked.
TONE_MARKS = {"grave": "\u0300", "acute": "\u0301", "tilde": "\u0303", "hook": "\u0309", "dot_below": "\u0323"}
VOWELS = "aăâeêioôơuưy"
#: The 12 vowels with each tone, and đ: every letter beyond ASCII that Vietnamese needs, lower case then upper.
ALPHABET = (
    "".join(unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in ("", *TONE_MARKS.values())) + "đ"
)
ALPHABET += ALPHABET.upper()

_ONSETS = "ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|b|c|d|đ|g|h|k|l|m|n|r|s|t|v|x|p|q"
#: Nuclei that a coda may follow, nuclei that need none, and those that need one (ă, â, iê, uyê …).
_BEFORE_CODA = "uyê|iê|yê|oa|oă|oe|oo|uâ|uê|uô|uy|ươ|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y"
_WITHOUT_CODA = (
    "uya|uyu|oai|oay|oao|oeo|uây|uôi|ươi|ươu|iêu|yêu|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oa|oe|oi|ôi|ơi|ua|uê|ui|uơ|uy|"
    "ưa|ưi|ưu|a|e|ê|i|o|ô|ơ|u|ư|y"
)
_SYLLABLE = re.compile(rf"(?:{_ONSETS})?(?:(?:{_BEFORE_CODA})(?P<coda>ch|nh|ng|c|m|n|p|t)|(?:{_WITHOUT_CODA}))")
_STOPS = {"c", "ch", "p", "t"}
_STOP_TONES = {TONE_MARKS["acute"], TONE_MARKS["dot_below"]}
_ALL_TONES = set(TONE_MARKS.values())
#: k, gh and ngh stand before e, ê, i and y, and only there; c and ng stand before the other vowels.
_MISSPELT = re.compile(r"(?:k|gh|ngh)[^eêiyh]|(?:c|ng)[eêiy]")


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Whether one word is spelt as a Vietnamese syllable can be; the case does not matter."""
    decomposed = unicodedata.normalize("NFD", word.casefold())
    tones = [mark for mark in decomposed if mark in _ALL_TONES]
    if len(tones) > 1:
        return False
    base = unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in _ALL_TONES))
    match = _SYLLABLE.fullmatch(base)
    if match is None or _MISSPELT.match(base):
        return False
    return match["coda"] not in _STOPS or not tones or tones[0] in _STOP_TONES
