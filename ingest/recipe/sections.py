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

    def borders(self, section: Section) -> Mask:
        """Rows at which a section begins, or at which an outer one does."""
        found = self.opening_rows(section)
        for other in self.outside(section):
            found = found | self._opens(other)
        return found

    def outside(self, section: Section) -> list[Section]:
        """Sections that this one lies in."""
        return [other for other in self.declared if other.level < section.level]

    def heading(self, section: Section, row: int) -> str | None:
        """The text of a section row."""
        return self._text(row, self._column(section))

    def _section(self, section: Section) -> tuple[Mask, Spread[str | None]]:
        if id(section) not in self._read:
            self._read[id(section)] = self._found(section)
        return self._read[id(section)]

    def _found(self, section: Section) -> tuple[Mask, Spread[str | None]]:
        opening = self._opens(section)
        ended = np.zeros(len(opening), bool)
        for other in self.outside(section):
            ended |= self._opens(other)
        column = self._column(section)
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
        if section.column is not None and not _is_told_by_text(section):
            mask &= self.tester.filled(self.tester.finder.many(section.column))
        return mask

    def _column(self, section: Section) -> int | None:
        return self.tester.finder.one(section.column) if section.column is not None else None

    def _text(self, row: int, column: int | None) -> str | None:
        grid = self.tester.view.grid
        if column is not None:
            return grid.text(row, column)
        texts = (grid.text(row, at) for at in self.tester.block.columns)
        return next((text for text in texts if text.strip()), None)


def _is_told_by_text(section: Section) -> bool:
    """Whether a text shows that a row opens a section, even one that has lost its label."""
    rows = section.rows
    return rows is not None and any(part is not None for part in (rows.equals, rows.containing, rows.matching))
