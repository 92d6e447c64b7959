"""Works the formulas of a sheet out again, as a spreadsheet program does when a cell is changed.

Only the kinds of formula that the forms write are known; a formula over text keeps the result it had.
"""

from __future__ import annotations

import re
from decimal import Decimal

from demo.generator.sheet import Sheet, position

_SUM = re.compile(r"=SUM\(([A-Z]+\d+):([A-Z]+\d+)\)")
_CHAIN = re.compile(r"=[A-Z]+\d+(?:\+[A-Z]+\d+)*")
_SHARE = re.compile(r"=ROUND\(\(([A-Z]+\d+)\+([A-Z]+\d+)\)/([A-Z]+\d+)\*100,2\)")


def recalculate(sheet: Sheet) -> None:
    """Bring the result of every formula up to date, row by row. Raises ValueError for an unknown kind of formula."""
    for _, _, cell in sheet.ordered():
        if cell.formula is not None:
            result = _result(sheet, cell.formula)
            cell.value = cell.value if result is None else result


def _result(sheet: Sheet, formula: str) -> Decimal | None:
    if match := _SUM.fullmatch(formula):
        (first_row, column), (last_row, _) = position(match[1]), position(match[2])
        numbers = [_number(sheet, row, column) for row in range(first_row, last_row + 1)]
        return sum((number for number in numbers if number is not None), Decimal(0))
    if _CHAIN.fullmatch(formula):
        addends = [_number(sheet, *position(cell)) for cell in formula[1:].split("+")]
        known = [number for number in addends if number is not None]
        return sum(known, Decimal(0)) if len(known) == len(addends) else None
    if match := _SHARE.fullmatch(formula):
        one, other, whole = (_number(sheet, *position(match[n])) for n in (1, 2, 3))
        return round((one + other) * 100 / whole, 2) if one is not None and other is not None and whole else None
    raise ValueError(f"{sheet.name}: unknown kind of formula {formula}")


def _number(sheet: Sheet, row: int, column: int) -> Decimal | None:
    value = sheet.cells[row, column].value if (row, column) in sheet.cells else None
    return Decimal(str(value)) if isinstance(value, int | float | Decimal) else None
