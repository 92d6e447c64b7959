"""Numbers and shares as each language writes them."""

from __future__ import annotations

import math

#: Language → the sign between thousands, the decimal sign.
_SIGNS = {"vi": (".", ","), "en": (",", ".")}


def number(value: float | None, language: str, decimals: int = 2, *, signed: bool = False) -> str:
    """``1.234,5`` or ``1,234.5``; a dash where there is none. At most ``decimals`` decimals, none above 100,000."""
    if value is None or not math.isfinite(value):
        return "–"
    if abs(value) >= 100_000:
        decimals = 0
    text = f"{value:+,.{decimals}f}" if signed else f"{value:,.{decimals}f}"
    if float(text.replace(",", "")) == 0:
        text = text.replace("-", "").replace("+", "")
    return as_written(text, language).replace("-", "−")


def as_written(text: str, language: str) -> str:
    """A number that Python wrote (``1,234.5``) with the signs of a language."""
    thousands, point = _SIGNS[language]
    return text.translate({ord(","): thousands, ord("."): point})


def share(value: float | None, language: str) -> str:
    """A share of 1 in whole per cent; below 100 % it never rounds up to it."""
    if value is None:
        return "–"
    percent = math.floor(100 * value + 1e-9) if value < 1 else round(100 * value)
    return number(percent, language, 0) + (" %" if language == "vi" else "%")
