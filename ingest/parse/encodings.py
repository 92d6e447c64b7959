"""Bytes of a text file to text, always the same text for the same bytes.

In this order: byte order mark, the declared encoding, UTF-8, UTF-16 by its zero bytes, UTF-8 with a few bad bytes,
windows-1258 and TCVN3 if the outcome is Vietnamese, and what charset-normalizer finds among the code pages in use by
governments (domain.md 6.7).
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

from ingest.parse.legacy_vietnamese import LegacyEncoding, from_legacy, recognise_file
from ingest.parse.vietnamese import is_syllable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CODE_PAGES = ("cp1252", "cp1250", "mac_roman", "cp1251", "cp1253", "cp1254", "cp1257", "cp850")
_SAMPLE = 65536
_WORD = re.compile(r"[^\W\d_]+[\u0300-\u036f]?(?:[^\W\d_]|[\u0300-\u036f])*")
#: Bytes of windows-1258 that are combining tones; in other code pages they are capital or small letters.
_TONES_1258 = bytes([0xCC, 0xD2, 0xDE, 0xEC, 0xF2])


class DecodingError(ValueError):
    """The bytes are not text in the declared encoding; the message names the encoding and the byte."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text without byte order mark, the encoding it was in, and whether that was another than UTF-8."""

    text: str
    encoding: str
    converted: bool


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Decode the bytes of a text file. A byte order mark wins over ``declared``, and ``declared`` over detection.

    Raises ``DecodingError`` where the bytes are not in the declared encoding, or that is unknown.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(_strictly(data[len(mark) :], encoding, "byte order mark"), encoding)
    if declared is not None:
        if declared.lower() in set(LegacyEncoding):
            return _legacy(data, LegacyEncoding(declared.lower()))
        return _decoded(_strictly(data, declared, "declared encoding"), _standard_name(declared))
    try:
        return _decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _detected(data)


def _decoded(text: str, encoding: str) -> Decoded:
    converted = encoding != "utf-8"
    return Decoded(unicodedata.normalize("NFC", text) if encoding == "cp1258" else text, encoding, converted)


def _standard_name(declared: str) -> str:
    return codecs.lookup(declared).name.removesuffix("-sig")


def _strictly(data: bytes, encoding: str, origin: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError as error:
        raise DecodingError(f"{origin} {encoding!r} is unknown; write utf-8, utf-16, windows-1252 …") from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DecodingError(
            f"byte {error.start + 1} (line {line}) is not text in the {origin} {encoding}: "
            "state the right encoding or export the file as UTF-8"
        ) from error


def _legacy(data: bytes, encoding: LegacyEncoding) -> Decoded:
    """Line by line, because whether a line is in capitals is told from its other letters."""
    lines = re.split(r"(?<=\n)", data.decode("latin-1"))
    return Decoded("".join(from_legacy(line, encoding) for line in lines), encoding.value, converted=True)


def _detected(data: bytes) -> Decoded:
    wide = _utf16_without_mark(data)
    if wide is not None:
        return _decoded(_strictly(data, wide, "detected encoding"), wide)
    with_losses = data.decode("utf-8", errors="replace")
    if _is_damaged_utf_8(with_losses):
        return _decoded(with_losses, "utf-8")
    vietnamese = _windows_1258(data)
    if vietnamese is not None:
        return Decoded(vietnamese, "cp1258", converted=True)
    as_latin = data.decode("cp1252", errors="replace")
    legacy = recognise_file(as_latin[:_SAMPLE].split("\n"))
    if legacy is not None:
        return _legacy(data, legacy)
    encoding = _most_likely_code_page(data)
    return _decoded(data.decode(encoding, errors="replace"), encoding)


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 shows by zero bytes at every other place: the high bytes of ASCII characters."""
    sample = data[:_SAMPLE]
    if len(data) % 2 or b"\x00" not in sample:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) < 0.2 * len(sample) / 2 or min(even, odd) > 0.1 * max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_damaged_utf_8(with_losses: str) -> bool:
    """UTF-8 with a few bad bytes: other code pages do not form ten times as many UTF-8 letters by chance.

    What was lost stands as U+FFFD, so that the labels concerned are reported, and those alone.
    """
    lost = with_losses.count("\ufffd")
    return sum(not letter.isascii() for letter in with_losses) - lost >= 10 * lost


def _windows_1258(data: bytes) -> str | None:
    """Vietnamese in windows-1258: tones follow their vowels, and the words become syllables."""
    if not any(tone in data[:_SAMPLE] for tone in _TONES_1258):
        return None
    try:
        text = unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError:
        return None
    words = [word for word in _WORD.findall(text[:_SAMPLE]) if not word.isascii()]
    return text if words and sum(map(is_syllable, words)) >= 0.8 * len(words) else None


def _most_likely_code_page(data: bytes) -> str:
    """charset-normalizer among the code pages in use; windows-1252 unless another makes clearly cleaner text.

    Short files often read equally well in several code pages (ñ or ń?); then the commonest one stands, and a source
    that is in another declares it.
    """
    from charset_normalizer import from_bytes

    matches = from_bytes(data[:_SAMPLE], cp_isolation=list(_CODE_PAGES), enable_fallback=False)
    best = matches.best()
    if best is None or any("cp1252" in match.could_be_from_charset and match.chaos <= best.chaos for match in matches):
        return "cp1252"
    return best.encoding
