"""Units that a heading or a line above a table may state, where its wording is not one that is read as a unit.

They are never taken for the unit of a figure. They are reason enough to ask: a heading "Thu - tr.đ" over a figure
that is taken to be in VND would make it a million times too small.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.parse.units import Unit, parse_unit, unit_in_text

_LONGEST_PHRASE = 4
_SEVERAL = re.compile(r"\s*[;,]\s*|\s+(?:và|and|et|und)\s+", re.IGNORECASE)
_AFTER_COLON = re.compile(r"^.*?[:：]\s*")
#: (000), (€ 000), ×1,000, in 1000s: a thousand of whatever is registered.
_THOUSANDS = re.compile(r"\((?:[$€£¥₹]|[a-z]{3})?\s*['’]?000s?\s*\)|[x×*]\s?1[.,]?000\b|\b1[.,]?000s\b")
_IN = re.compile(r"^(?:in|en)\s+", re.IGNORECASE)


@lru_cache(maxsize=4096)
def hinted_units(text: str) -> tuple[Unit, ...]:
    """Every unit that the text may name: its own, each of several, and a magnitude with its unit at the end.

    >>> hinted_units("Đơn vị tính: Nghìn đồng; %"), hinted_units("Thu in million VND"), hinted_units("Thu trên 5 triệu")
    ((Unit(code='VND', power_of_ten=3), Unit(code='one', power_of_ten=-2)), (Unit(code='VND', power_of_ten=6),), ())
    """
    text = text.strip()
    clear = parse_unit(text.strip(" ()[]")) or unit_in_text(text)
    if clear is not None:
        return (clear,)
    several = [parse_unit(part) for part in _SEVERAL.split(_AFTER_COLON.sub("", text).strip("() "))]
    found = [unit for unit in several if unit is not None and unit.code is not None] if len(several) > 1 else []
    if any(unit.power_of_ten for unit in found):
        return tuple(dict.fromkeys(found))
    if _THOUSANDS.search(text.casefold()):
        return (Unit(None, 3),)
    at_end = _at_end(text.strip(" ()[]").split())
    return (at_end,) if at_end is not None else ()


def _at_end(words: list[str]) -> Unit | None:
    """A power of ten and its unit as the last words, unless a figure counts it: *trên 10 triệu đồng*."""
    for length in range(min(len(words) - 1, _LONGEST_PHRASE), 0, -1):
        unit = parse_unit(_IN.sub("", " ".join(words[-length:])))
        if unit is not None and unit.code is not None and unit.power_of_ten > 0:
            return None if words[-length - 1][-1:].isdigit() else unit
    return None
