"""Which rows of a block are records, and which are sections, totals, notes or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.recipe.columns import ColumnFinder
from ingest.recipe.headers import Block
from ingest.recipe.looks import look_of
from ingest.recipe.outline import OutlineRows
from ingest.recipe.selection import ColumnSelection, RowTest
from ingest.recipe.sheet import Mask, SheetView
from ingest.recipe.texts import compiled, contains_text, is_text


@dataclass
class RowTester:
    """Evaluates row tests over the rows of a block. Masks have one entry a row, from ``block.body_start``."""

    view: SheetView
    block: Block
    finder: ColumnFinder
    stop: int
    value_columns: Sequence[int] = ()
    outline: OutlineRows | None = None

    @property
    def rows(self) -> range:
        return range(self.block.body_start, self.stop)

    def none(self) -> Mask:
        return np.zeros(len(self.rows), bool)

    def any_of(self, tests: Sequence[RowTest]) -> Mask:
        mask = self.none()
        for test in tests:
            mask |= self.mask(test)
        return mask

    def mask(self, test: RowTest) -> Mask:
        """Rows that pass every condition of a test."""
        mask = ~self.none()
        if test.equals is not None:
            wanted = test.equals
            mask &= self._text_mask(test.column, lambda text: is_text(text, wanted), wanted)
        if test.containing is not None:
            parts = test.containing
            mask &= self._text_mask(test.column, lambda text: contains_text(text, parts))
        if test.matching is not None:
            pattern = compiled(test.matching)
            mask &= self._text_mask(test.column, lambda text: pattern.search(text) is not None)
        if test.blank is not None:
            mask &= self._blank(test.column) == test.blank
        if test.values is not None:
            mask &= self.filled(self.value_columns) == (test.values == "present")
        if test.bold is not None:
            mask &= self._bold(test.column) == test.bold
        if test.outline_level is not None:
            mask &= (self.outline.levels(self.rows) if self.outline else np.zeros(len(self.rows))) == test.outline_level
        if test.outline_parent is not None:
            mask &= (self.outline.has_children(self.rows) if self.outline else self.none()) == test.outline_parent
        if test.row is not None:
            mask &= np.arange(self.rows.start, self.rows.stop) == test.row - 1
        return self._beside(mask, test)

    def _beside(self, mask: Mask, test: RowTest) -> Mask:
        for border, after in ((test.below, True), (test.above, False)):
            if border is None:
                continue
            hits = np.flatnonzero(self.mask(border))
            side = self.none()
            if len(hits):
                side[hits[0] + 1 :] = after
                side[: hits[0]] = not after
            mask = mask & side
        return mask

    def filled(self, columns: Sequence[int]) -> Mask:
        """Rows in which at least one of the columns holds something."""
        mask = self.none()
        for column in columns:
            mask |= self.view.filled(column)[self.rows.start : self.rows.stop]
        return mask

    def empty(self) -> Mask:
        """Rows in which nothing stands in the block's columns."""
        return ~self.filled(self.block.columns)

    def _blank(self, selection: ColumnSelection | None) -> Mask:
        return ~self.filled(self._columns(selection))

    def _bold(self, selection: ColumnSelection | None) -> Mask:
        details = look_of(self.view, "bold", self.finder.file_name)
        mask = self.none()
        for column in self._columns(selection):
            rows = [row - self.rows.start for row in details.bold_rows(column) if row in self.rows]
            mask[rows] |= self.view.filled(column)[self.rows.start : self.rows.stop][rows]
        return mask

    def _columns(self, selection: ColumnSelection | None) -> Sequence[int]:
        if selection is None:
            return self.block.columns
        column = self.finder.one(selection)
        return [column] if column is not None else []

    def _text_mask(
        self, selection: ColumnSelection | None, test: Callable[[str], bool], numbers: Sequence[str] = ()
    ) -> Mask:
        """Rows in which a text of the column (or of any column) passes. In one column numbers count as texts, too."""
        if selection is not None:
            mask = self.none()
            for column in self._columns(selection):
                codes, texts = self.view.label_codes(column)
                passing = np.array([bool(text.strip()) and test(self.view.readable(text)) for text in texts] + [False])
                mask |= passing[codes[self.rows.start : self.rows.stop]]
            return mask
        mask = self.none()
        for column in self.block.columns:
            read = self.view.column(column)
            passing = np.array([bool(text.strip()) and test(self.view.readable(text)) for text in read.texts] + [False])
            if passing.any():
                mask |= passing[read.codes[self.rows.start : self.rows.stop]]
        return mask


def body_stop(tester: RowTester, ends: Sequence[RowTest], ends_after: Sequence[RowTest], blank_rows: int | None) -> int:
    """The first row after the body."""
    candidates = [tester.rows.stop]
    hits = np.flatnonzero(tester.any_of(ends))
    if len(hits):
        candidates.append(tester.rows.start + int(hits[0]))
    hits = np.flatnonzero(tester.any_of(ends_after))
    if len(hits):
        candidates.append(tester.rows.start + int(hits[0]) + 1)
    if blank_rows is not None:
        run, started = 0, False
        for offset, is_empty in enumerate(tester.empty()):
            run = run + 1 if is_empty else 0
            started = started or not is_empty
            if started and run == blank_rows:
                candidates.append(tester.rows.start + offset - blank_rows + 1)
                break
    return min(candidates)
