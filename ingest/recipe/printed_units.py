"""What headings and unit lines say about units, for recipes that say nothing themselves.

A figure whose recipe declares no unit is in the registered one. Where the sheet prints another beside it (``Thu (triệu
đồng)``, *Đơn vị tính: tỷ đồng*), it is not: the two are compared when the figure is resolved.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from ingest.parse.unit_hints import hinted_units
from ingest.parse.units import Unit, parse_unit, unit_in_text
from ingest.read import CellKind
from ingest.recipe.headers import Block
from ingest.recipe.labels import Spread, everywhere
from ingest.recipe.sheet import SheetView
from ingest.recipe.texts import key

#: Unit lines stand right above their table.
_ROWS_ABOVE = 12
_LONGEST_LINE = 60
NO_UNIT = Unit(None, 0)
#: Rows without a figure that are looked at, from the top and from the bottom.
_FEW = 200
_FIGURES_IN = re.compile(
    r"(?:(?:all )?(?:figures|values|amounts|data)(?: are)?|số liệu)(?: in| tính bằng)? ", re.IGNORECASE
)
_LABELS = frozenset(map(key, ("Đơn vị tính", "ĐVT", "Đơn vị", "Unit", "Units", "Unit of measure")))
_LETTER = re.compile(r"[^\W\d_]|[$€£¥₹%]")


@dataclass(frozen=True)
class PrintedUnit:
    """Texts that state a unit: the column's own heading, and lines above its table, between its rows or below them."""

    heading: str | None
    lines: tuple[str, ...]


def printed_units(view: SheetView, block: Block, columns: Sequence[int]) -> Spread[PrintedUnit]:
    """What is printed for each column of figures."""
    lines = (*_unit_lines(view, block), *_lines_without_figures(view, block, columns))
    found = [PrintedUnit(_heading(view, block, column), lines) for column in columns]
    distinct = {printed: number for number, printed in enumerate(dict.fromkeys(found))}
    return Spread(np.array([[distinct[printed] for printed in found]], np.int64), list(distinct))


def printed_beside(view: SheetView, anchor: tuple[int, int]) -> Spread[PrintedUnit]:
    """What the cell says that a single figure stands beside."""
    text = " ".join(view.readable(view.grid.text(*anchor)).split())
    return everywhere(PrintedUnit(text if unit_in_text(text) is not None else None, ()))


def _heading(view: SheetView, block: Block, column: int) -> str | None:
    """The lowest part of the heading that states a unit; *Số lượng* and *Number* state none."""
    parts = (" ".join(view.readable(part).split()) for part in reversed(block.parts(column)))
    return next((part for part in parts if any(unit != NO_UNIT for unit in hinted_units(part))), None)


def _unit_lines(view: SheetView, block: Block) -> tuple[str, ...]:
    found: list[str] = []
    for row in range(max(block.above, block.top - _ROWS_ABOVE), block.top):
        texts = [" ".join(view.readable(text).split()) for text in view.grid.row_texts(row)]
        filled = [text for text in texts if text]
        for number, text in enumerate(filled):
            if key(text.rstrip(" :")) in _LABELS and number + 1 < len(filled):
                found.append(filled[number + 1])
            elif len(text) <= _LONGEST_LINE and _LETTER.search(text) and hinted_units(text):
                found.append(text)
    return tuple(dict.fromkeys(found))


def _lines_without_figures(view: SheetView, block: Block, columns: Sequence[int]) -> tuple[str, ...]:
    """Rows below the header that hold a unit and nothing else (*Nghìn người*, *Figures in million USD.*)."""
    rows = np.arange(block.body_start, min(block.limit, view.grid.height))
    for column in columns:
        cells = view.column(column)
        written = pc.match_substring_regex(cells.texts.array, r"\d").to_numpy(zero_copy_only=False)
        has_digit = np.append(written.astype(bool), False)  # an empty cell has the code -1
        rows = rows[(cells.kinds[rows] != CellKind.NUMBER) & ~has_digit[cells.codes[rows]]]
    found: list[str] = []
    for row in rows if len(rows) <= 2 * _FEW else [*rows[:_FEW], *rows[-_FEW:]]:
        texts = {" ".join(view.readable(text).split()) for text in view.grid.row_texts(int(row))} - {""}
        text = texts.pop() if len(texts) == 1 else ""
        unit = _FIGURES_IN.sub("", text, count=1).strip(" ()[].")
        if unit and len(text) <= _LONGEST_LINE and (parse_unit(unit) or (":" in unit and unit_in_text(unit))):
            found.append(unit)
    return tuple(dict.fromkeys(found))
