"""Text that was decoded with the wrong table: UTF-8 read as Windows-1252, and signs that stand for lost letters.

``Tỷ lệ`` becomes ``Tá»· lá»‡``. Each sequence of characters whose Windows-1252 bytes are one UTF-8 letter is put back,
so that a label that is right in part stays right there (domain.md 6.7, TXT-03).
"""

from __future__ import annotations

import re

_REPLACEMENT = "\ufffd"


def _byte_characters() -> dict[str, int]:
    """The character of each byte from 80 to FF, in Windows-1252 and, where that has none, in Latin-1."""
    characters: dict[str, int] = {chr(byte): byte for byte in range(0x80, 0xA0)}
    for byte in range(0x80, 0x100):
        try:
            characters[bytes([byte]).decode("cp1252")] = byte
        except UnicodeDecodeError:
            characters[chr(byte)] = byte
    return characters


_BYTE_OF = _byte_characters()
_CONTINUATION = "[" + "".join(re.escape(character) for character, byte in _BYTE_OF.items() if 0x80 <= byte < 0xC0) + "]"
_SEQUENCE = re.compile(f"[Ã-ßÂ]{_CONTINUATION}|[à-ï]{_CONTINUATION}{{2}}|[ð-ô]{_CONTINUATION}{{3}}")
#: à whose no-break space has become a space; only beside other sequences, since IRMÃ MAIOR is Portuguese.
_BROKEN_A = "Ã "
_BROKEN = re.compile(f"{_SEQUENCE.pattern}|{_BROKEN_A}")
#: What repaired text may consist of: Latin letters, marks and everyday punctuation. É» is a French quotation, not ɻ.
_PLAUSIBLE = re.compile("[\u00a0-\u024f\u0300-\u036f\u1e00-\u1eff\u2010-\u2026\u20ac\u20ab\ufeff]")


def has_lost_letters(text: str) -> bool:
    """Whether the replacement character stands in the text: what was there is lost, and only a new export brings it."""
    return _REPLACEMENT in text


def repair_mojibake(text: str) -> str:
    """The text with every UTF-8 sequence that was read as Windows-1252 put back; unchanged where there is none."""
    if text.isascii() or _SEQUENCE.sub(_put_back, text) == text:
        return text
    return _BROKEN.sub(_put_back, text)


def _put_back(match: re.Match[str]) -> str:
    if match.group() == _BROKEN_A:
        return "à"
    try:
        letter = bytes(_BYTE_OF[character] for character in match.group()).decode("utf-8")
    except UnicodeDecodeError:
        return match.group()
    return letter if _PLAUSIBLE.fullmatch(letter) else match.group()
