"""Indents and bold type of the cell formats of an .xlsx, by number of the format (the s of a cell)."""

from __future__ import annotations

import re

_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs[^>]*>(.*?)</(?:\w+:)?cellXfs>", re.DOTALL)
_FORMAT = re.compile(rb"<(?:\w+:)?xf\b(?:[^>]*/>|.*?</(?:\w+:)?xf>)", re.DOTALL)
_FONTS = re.compile(rb"<(?:\w+:)?fonts\b[^>]*>(.*?)</(?:\w+:)?fonts>", re.DOTALL)
_FONT = re.compile(rb"<(?:\w+:)?font(?:\s[^>]*)?(?:/>|>.*?</(?:\w+:)?font>)", re.DOTALL)
_BOLD = re.compile(rb'<(?:\w+:)?b(?:\s+val="(?:1|true)")?\s*/>')
_INDENT = re.compile(rb'\bindent="(\d+)"')
_FONT_OF = re.compile(rb'\bfontId="(\d+)"')


def indents_of_styles(styles: bytes) -> dict[int, int]:
    """Format → its indent, of those that have one."""
    indents = ((number, _INDENT.search(xf)) for number, xf in enumerate(_formats(styles)))
    return {number: int(indent[1]) for number, indent in indents if indent}


def bold_styles(styles: bytes) -> frozenset[int]:
    """Formats whose font is bold."""
    fonts = _FONTS.search(styles)
    bold = {number for number, font in enumerate(_FONT.findall(fonts[1]) if fonts else ()) if _BOLD.search(font)}
    found = set()
    for number, xf in enumerate(_formats(styles)):
        font = _FONT_OF.search(xf)
        if font and int(font[1]) in bold:
            found.add(number)
    return frozenset(found)


def _formats(styles: bytes) -> list[bytes]:
    block = _FORMATS.search(styles)
    return _FORMAT.findall(block[1]) if block else []
