"""Which number formats show a stored number a hundred times as large, with a per cent sign behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: 0% and 0.00%, which every spreadsheet knows without declaring them (ECMA-376 part 1, 18.8.30).
BUILT_IN_PERCENT = frozenset({9, 10})
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_NUMBER_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s[^>]*>")
_CELL_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs[^>]*>(.*?)</(?:\w+:)?cellXfs>", re.DOTALL)
_CELL_FORMAT = re.compile(rb"<(?:\w+:)?xf\b[^>]*>")
_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')


def shows_percent(format_code: str) -> bool:
    """Whether a format code multiplies by a hundred for display. A quoted or escaped sign is text and does not.

    >>> shows_percent("0.0%"), shows_percent('0"%"')
    (True, False)
    """
    return "%" in _LITERAL.sub("", format_code)


def percent_formats(declared: Mapping[int, str]) -> frozenset[int]:
    """Numbers of the formats that do, of a workbook that declares these codes."""
    return (BUILT_IN_PERCENT - declared.keys()) | {number for number, code in declared.items() if shows_percent(code)}


def percent_styles(styles: bytes) -> frozenset[int]:
    """Cell styles (the s of a cell of an .xlsx) with such a format, from the workbook's styles part."""
    from html import unescape

    declared = {}
    for match in _NUMBER_FORMAT.finditer(styles):
        attributes = dict(_ATTRIBUTE.findall(match[0]))
        number = attributes.get(b"numFmtId", b"")
        if number.isdigit():
            declared[int(number)] = unescape(attributes.get(b"formatCode", b"").decode("utf-8", "replace"))
    formats = percent_formats(declared)
    block = _CELL_FORMATS.search(styles)
    found = set()
    for style, match in enumerate(_CELL_FORMAT.finditer(block[1]) if block else ()):
        number = dict(_ATTRIBUTE.findall(match[0])).get(b"numFmtId", b"")
        if number.isdigit() and int(number) in formats:
            found.add(style)
    return frozenset(found)
