"""Words for powers of ten: nghìn, triệu, tỷ, thousand, million, Mio., milliard …

English billion, French milliard and Vietnamese tỷ are 10⁹; the long-scale *billion* of French and German (10¹²) is not
in the table, because the word alone does not say which it is (domain.md 10.5).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from ingest.parse.text import fold_case

_WORDS: tuple[tuple[int, str], ...] = (
    (2, "trăm hundred hundreds"),
    (3, "nghìn ngàn nghin ngan thousand thousands thous thous. milliers tys tys. k '000 '000s 000s 000's ('000)"),
    (3, "tsd tsd. tausend mille mil miles milhares"),
    (4, "vạn"),
    (5, "lakh lakhs lac lacs"),
    (6, "triệu trieu tr tr. million millions mio mio. mill mill. mn mln millón millones milhão milhões millionen mln."),
    (7, "crore crores"),
    (9, "tỷ tỉ ty billion billions bn bln milliard milliards mrd mrd. mld miliardi"),
    (12, "trillion trillions"),
)

#: Word (folded for case) to power of ten.
POWER_OF_WORD: Mapping[str, int] = MappingProxyType(
    {fold_case(word): power for power, words in _WORDS for word in words.split()}
)
#: Figures that a unit is counted in: "1.000 lượt", "1,000 tonnes", "per 100,000".
_ROUND_FIGURE = re.compile(r"1(?:0{1,2}(?:[., ]?000){0,3}|(?:[., ]?000){1,3})(?= |[^\W\d_]|$)")
_DIGITS = re.compile(r"[0-9]")


def take_magnitude(text: str) -> tuple[int, str]:
    """Split the leading words of magnitude off a unit: ``nghìn tỷ đồng`` → (12, ``đồng``); (0, text) if it has none.

    A round figure is one as well: ``1.000 lượt``, ``1.000đ``, ``100 km``.
    """
    rest = fold_case(text)
    power = 0
    round_figure = _ROUND_FIGURE.match(rest)
    if round_figure is not None:
        power = len(_DIGITS.findall(round_figure.group())) - 1
        rest = rest[round_figure.end() :].lstrip(" ")
    while rest:
        word, _, after = rest.partition(" ")
        step = POWER_OF_WORD.get(word)
        if step is None:
            break
        power += step
        rest = re.sub(r"^(?:of|de|d'|von) ?", "", after) if after else ""
    return power, rest
