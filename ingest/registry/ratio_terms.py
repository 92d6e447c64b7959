"""The terms of a ratio: ``A + B - C * D`` is three terms, the last of them a product (domain.md 2.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_TERM = re.compile(r"\s*([+-])?\s*([A-Za-z_][\w.]*)\s*(?:\*\s*([A-Za-z_][\w.]*)\s*)?")


class FormulaError(ValueError):
    """Not a sum of terms; ``args[0]`` is the rest that was not understood."""


def parse_terms(formula: str) -> list[tuple[int, str, str | None]]:
    """Sign, indicator and second indicator of each term. Raises ``FormulaError``."""
    terms: list[tuple[int, str, str | None]] = []
    position = 0
    while position < len(formula):
        match = _TERM.match(formula, position)
        if not match or (terms and match.group(1) is None):
            raise FormulaError(formula[position:].strip())
        terms.append((-1 if match.group(1) == "-" else 1, match.group(2), match.group(3)))
        position = match.end()
    if not terms:
        raise FormulaError(formula)
    return terms


def ratio_terms(ratios: Iterable[Any]) -> list[dict[str, Any]]:
    """Rows of ``contract.RATIO_TERM`` for ratios whose formulas have been checked."""
    return [
        {"ratio_code": ratio.code, "part": part, "term_number": number, "sign": sign, "factor_1": one, "factor_2": two}
        for ratio in sorted(ratios, key=lambda ratio: str(ratio.code))
        for part in ("numerator", "denominator")
        for number, (sign, one, two) in enumerate(parse_terms(getattr(ratio, part)), start=1)
    ]
