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
_NUCLEI = (
    "uyê|uya|uyu|oai|oay|oao|oeo|uây|uôi|ươi|ươu|iêu|yêu|"
    "ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|oo|ôi|ơi|ua|uâ|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|yê|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y"
)
_SYLLABLE = re.compile(rf"(?:{_ONSETS})?(?:{_NUCLEI})(?P<coda>ch|nh|ng|c|m|n|p|t)?")
_STOPS = {"c", "ch", "p", "t"}
_STOP_TONES = {TONE_MARKS["acute"], TONE_MARKS["dot_below"]}
_ALL_TONES = set(TONE_MARKS.values())
#: k, gh and ngh stand before e, ê, i and y, and only there; c and ng stand before the other vowels.
_MISSPELT = re.compile(r"(?:k|gh|ngh)[^eêiyh]|(?:c|ng)[eêiy]")
#: Nuclei that need a coda: they end in a vowel that never closes a word.
_NEEDS_CODA = re.compile(r"(?:ă|â|iê|yê|oă|uâ|uô|uyê|ươ)$")


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
    coda = match["coda"]
    if coda is None:
        return _NEEDS_CODA.search(base) is None
    return coda not in _STOPS or not tones or tones[0] in _STOP_TONES
