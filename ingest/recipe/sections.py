"""Rows that stand above others and hold for them: "New South Wales Divisions", "I. Miền Bắc"."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ingest.recipe.components import Components, Section, labels_of
from ingest.recipe.labels import Spread, spread_rows
from ingest.recipe.model import Source, Table
from ingest.recipe.rows import RowTester
from ingest.recipe.selection import RowTest
from ingest.recipe.sheet import Mask


def declared_sections(table: Table, source: Source) -> list[Section]:
    """Every section that a component of a table is taken from."""
    holders: list[Components] = [*table.values, *table.totals, table, source.constants]
    return [label.section for holder in holders for label in labels_of(holder) if label.section is not None]


@dataclass
class SectionReader:
    """The sections of one block, each read once."""

    tester: RowTester
    declared: list[Section]
    _read: dict[int, tuple[Mask, Spread[str | None]]] = field(default_factory=dict)

    def opening_rows(self, section: Section) -> Mask:
        """Rows that open a section."""
        return self._section(section)[0]

    def texts(self, section: Section) -> Spread[str | None]:
        """For each row the text of the section it is in."""
        return self._section(section)[1]

    def _section(self, section: Section) -> tuple[Mask, Spread[str | None]]:
        if id(section) not in self._read:
            self._read[id(section)] = self._found(section)
        return self._read[id(section)]

    def _found(self, section: Section) -> tuple[Mask, Spread[str | None]]:
        opening = self._opens(section)
        ended = np.zeros(len(opening), bool)
        for other in self.declared:
            if other.level < section.level:
                ended |= self._opens(other)
        column = self.tester.finder.one(section.column) if section.column is not None else None
        texts: list[str | None] = []
        current: str | None = None
        for offset, row in enumerate(self.tester.rows):
            if opening[offset]:
                current = self._text(row, column)
            elif ended[offset]:
                current = None
            texts.append(current)
        return opening, spread_rows(texts)

    def _opens(self, section: Section) -> Mask:
        mask = self.tester.mask(section.rows or RowTest(values="blank")) & ~self.tester.empty()
        if section.column is not None:
            mask &= self.tester.filled(self.tester.finder.many(section.column))
        return mask

    def _text(self, row: int, column: int | None) -> str | None:
        grid = self.tester.view.grid
        if column is not None:
            return grid.text(row, column)
        texts = (grid.text(row, at) for at in self.tester.block.columns)
        return next((text for text in texts if text.strip()), None)
