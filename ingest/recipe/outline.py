"""The hierarchy of rows that a column shows by indentation or numbering."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ingest.read import Refusal, address
from ingest.recipe.columns import ColumnFinder
from ingest.recipe.headers import Block
from ingest.recipe.looks import look_of
from ingest.recipe.model import Outline
from ingest.recipe.numbering import NUMBERED, kind_of_mark
from ingest.recipe.sheet import Mask, Role, SheetView

_INDENT = re.compile(r"^[\s\xa0]*(?:[>•·–—-]+[\s\xa0]+)*")

#: Deeper than any indent by spaces: plain type stands below bold type.
_LARGEST = 10_000


@dataclass(frozen=True)
class OutlineRows:
    """For each row of a stretch that has a label: its path from the outermost level, the row it stands under (None at
    the top), its depth and what numbers it, if that is how the rows are told apart."""

    paths: dict[int, tuple[str, ...]]
    above: dict[int, int | None]
    depths: dict[int, int]
    marks: dict[int, str]
    counted: bool = False  # the depths are numbers that stand on the sheet

    @cached_property
    def parents(self) -> frozenset[int]:
        """Rows that have children."""
        return frozenset(row for row in self.above.values() if row is not None)

    def levels(self, rows: range) -> np.ndarray:  # type: ignore[type-arg]
        """Level of each row, from 1; 0 where it has no label."""
        return np.array([len(self.paths.get(row, ())) for row in rows], np.int32)

    def has_children(self, rows: range) -> Mask:
        return np.array([row in self.parents for row in rows], bool)


def read_outline(outline: Outline, view: SheetView, block: Block, finder: ColumnFinder, stop: int) -> OutlineRows:
    """The outline of the rows of a block down to before ``stop``."""
    column = finder.many(outline.column)[0]
    depths = _depths(outline, view, block, finder, column, stop)
    stack: list[tuple[int, str]] = []
    paths: dict[int, tuple[str, ...]] = {}
    above: dict[int, int | None] = {}
    chain: list[int] = []
    for row, depth, label in depths:
        while stack and stack[-1][0] >= depth:
            stack.pop()
            chain.pop()
        above[row] = chain[-1] if chain else None
        stack.append((depth, label))
        chain.append(row)
        paths[row] = tuple(text for _, text in stack)
    numbered = finder.many(outline.numbers) if outline.numbers is not None else []
    view.mark(list(paths), [column, *numbered], Role.LABEL)
    marks = {row: _mark_of(outline, view, finder, column, row)[0] for row in paths} if outline.by == "numbering" else {}
    return OutlineRows(paths, above, {row: depth for row, depth, _ in depths}, marks, counted=outline.by == "level")


def _depths(
    outline: Outline, view: SheetView, block: Block, finder: ColumnFinder, column: int, stop: int
) -> list[tuple[int, int, str]]:
    """Row, depth and label of each row that has a label, in order."""
    labelled = [(row, view.grid.text(row, column)) for row in range(block.body_start, stop)]
    labelled = [(row, text) for row, text in labelled if text.strip(" \t\xa0")]
    if outline.by in ("spaces", "bold"):
        bold = look_of(view, "bold", finder.file_name).bold_rows(column) if outline.by == "bold" else frozenset()
        found = []
        for row, text in labelled:
            lead = _INDENT.match(text)
            width = len(lead[0]) if lead else 0
            depth = round(width / outline.step) if outline.step else width
            found.append(
                (row, depth + _LARGEST * (outline.by == "bold" and row not in bold), text[width:].strip(" \t\xa0"))
            )
        return found
    if outline.by == "indent":
        indents = look_of(view, "indent", finder.file_name).indents(column)
        return [(row, indents.get(row, 0), text.strip()) for row, text in labelled]
    if outline.by == "level":
        numbers = finder.one(outline.numbers) if outline.numbers is not None else None
        return [(row, _level(view, finder, row, numbers), text.strip()) for row, text in labelled]
    return _numbered_depths(outline, [(row, *_mark_of(outline, view, finder, column, row)) for row, _ in labelled])


def _mark_of(outline: Outline, view: SheetView, finder: ColumnFinder, column: int, row: int) -> tuple[str, str]:
    """What numbers a row, in a column of its own or at the start of its label; and the label without it."""
    label = view.grid.text(row, column).strip(" \t\xa0")
    if outline.numbers is not None:
        numbers = finder.one(outline.numbers)
        match = NUMBERED.match(view.grid.text(row, numbers).strip()) if numbers is not None else None
        return (match["mark"] if match else ""), label
    match = NUMBERED.match(label)
    return (match["mark"], match["label"].strip()) if match and match["label"] else ("", label)


def _level(view: SheetView, finder: ColumnFinder, row: int, column: int | None) -> int:
    text = view.grid.text(row, column).strip() if column is not None else ""
    if text.isdigit():
        return int(text)
    sheet, place = view.grid.name, address(row, column or 0)
    raise Refusal(
        "STR-02",
        sheet,
        place,
        f"{finder.file_name}, trang «{sheet}», ô {place}: phải là số cấp (1, 2, 3 …) của dòng; ở đây là «{text}».",
        f"{finder.file_name}, sheet «{sheet}», cell {place}: must be the level (1, 2, 3 …) of its row; here it is "
        f"«{text}».",
    )


def _numbered_depths(outline: Outline, marked: list[tuple[int, str, str]]) -> list[tuple[int, int, str]]:
    """Row, depth and label of rows given with what numbers them."""
    kinds: list[str] = list(outline.levels)
    last_letter = ""
    found: list[tuple[int, int, str]] = []
    for row, mark, label in marked:
        kind = kind_of_mark(mark, last_letter) if mark else ""
        if kind == "A":
            last_letter = mark
        if kind not in kinds:
            kinds.append(kind)
        found.append((row, kinds.index(kind), label))
    return found
