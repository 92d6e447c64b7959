"""The parts of a ratio as sums of terms: ``A + B - C * D`` (contract.md 1, table ``ratio_term``)."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Plus and minus stand between spaces, so that a code may hold a hyphen (``16-6-2``).
_SIGN = re.compile(r"(?:^|\s+)([+\-−–])\s+")
_CODE = re.compile(r"[^\s*+()/]+")
_MINUS = frozenset("-−–")


class TermError(ValueError):
    """An expression that cannot be read; carries the sentence in both languages."""

    def __init__(self, vi: str, en: str) -> None:
        self.vi, self.en = vi, en
        super().__init__(en)


@dataclass(frozen=True)
class RatioTerm:
    """sign × factor_1 [× factor_2]; the factors are multiplied in each unit before any sum."""

    sign: int
    factor_1: str
    factor_2: str | None = None

    @property
    def factors(self) -> tuple[str, ...]:
        return (self.factor_1,) if self.factor_2 is None else (self.factor_1, self.factor_2)


def parse_terms(expression: str) -> tuple[RatioTerm, ...]:
    """The terms of a numerator or denominator. Raises ``TermError`` with what to write instead.

    >>> parse_terms("A + B - C * D")[2]
    RatioTerm(sign=-1, factor_1='C', factor_2='D')
    """
    pieces = _SIGN.split(expression.strip())
    signs = ["+", *pieces[1::2]]
    operands = pieces[0::2]
    if not operands[0] and len(operands) > 1:
        signs, operands = signs[1:], operands[1:]
    return tuple(
        _term(-1 if sign in _MINUS else 1, operand.strip()) for sign, operand in zip(signs, operands, strict=True)
    )


def _term(sign: int, operand: str) -> RatioTerm:
    factors = [factor.strip() for factor in re.split(r"[*×]", operand)]
    if len(factors) > 2 or not all(_CODE.fullmatch(factor) for factor in factors):
        raise TermError(
            f"không đọc được «{operand}»; viết mã chỉ tiêu, hoặc tổng hiệu như A + B - C * D "
            "(có dấu cách quanh + và -)",
            f"«{operand}» cannot be read; write an indicator's code, or terms like A + B - C * D "
            "(with spaces around + and -)",
        )
    return RatioTerm(sign, *factors)
