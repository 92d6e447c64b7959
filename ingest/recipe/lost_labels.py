"""Rows that may stand under another's label, because the row that bore their own was lost.

A section row, or the first cell of a label that is filled down, goes with its row or is overwritten; what stood under
it then stands under the label before. Two things show it, and the rows that cannot be told from those that were added
to them are held back (``lost_label``):

- the numbering of the rows starts again within a section, or that of the sections skips a number (here);
- a fact is stated twice, differently, within the reach of one label (``ingest.resolve.repeated_keys``).

Where neither is there, the file does not say that anything went: ``expect`` names the labels that must appear.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from ingest.read import Refusal
from ingest.recipe.components import Components, LabelSource, Section, labels_of
from ingest.recipe.labels import LabelReader
from ingest.recipe.lost_parents import rows_that_lost_their_parent
from ingest.recipe.numbering import NUMBERED, ordinals
from ingest.recipe.rows import RowTester
from ingest.recipe.sections import SectionReader
from ingest.recipe.sheet import Mask
from ingest.recipe.texts import is_text

#: For each row the number of the stretch that one label reaches over.
Reach = np.ndarray[Any, np.dtype[np.int64]]


class LostLabels:
    """What one block shows about labels that its rows have lost. Masks and reaches count from the body's first row."""

    def __init__(self, tester: RowTester, sections: SectionReader, *, by_parent: bool = False) -> None:
        """``by_parent``: labels of rows are told from what they stand under in the outline."""
        self.tester, self.sections = tester, sections
        self.notes: list[str] = []
        distinct = {id(section): section for section in sections.declared}
        self.rows = tester.none()
        for section in distinct.values():
            self.rows |= self._misnumbered(section)
        if by_parent:
            self._lost_parents()

    @cached_property
    def _inner(self) -> Reach:
        """The stretches between section rows of any kind."""
        return self._stretches([self.sections.borders(section) for section in self.sections.declared])

    def reaches(self, holders: Sequence[Components]) -> list[Reach]:
        """The stretches of each label that holds for several rows, of those that the holders name."""
        labels = [label for holder in holders for label in labels_of(holder)]
        borders = [self.sections.borders(label.section) for label in labels if label.section is not None]
        for label in labels:
            column = self._filled_down(label)
            if column is not None:
                borders.append(self.tester.view.filled(column)[self.tester.rows.start : self.tester.rows.stop])
        return [self._stretches([border]) for border in borders]

    def _lost_parents(self) -> None:
        outline = self.tester.outline
        lost = rows_that_lost_their_parent(outline) if outline is not None else {}
        start = self.tester.rows.start
        for why in dict.fromkeys(lost.values()):
            rows = [row - start for row, shown in lost.items() if shown == why and row in self.tester.rows]
            self.rows[rows] = True
            if rows:
                self._note(min(rows), max(rows), why)

    def _filled_down(self, label: LabelSource) -> int | None:
        if label.fill != "down" or label.column is None:
            return None
        return self.tester.finder.one(label.column, optional=label.optional)

    def _misnumbered(self, section: Section) -> Mask:
        opening = np.flatnonzero(self.sections.opening_rows(section))
        column = self._numbers_column(section)
        found = self.tester.none()
        starts_again, counted = self._numbered_again(column) if column is not None else (found, False)
        found = found | starts_again
        marks = [self._mark(int(offset), section, column) for offset in opening]
        places = ordinals([mark for mark in marks if mark])
        if places is None or len(places) < len(marks) or counted:
            return found
        reach = self._stretches([self.sections.borders(section)])
        for before, after, mark, following in self._skips(section, opening, places, marks):
            found |= reach == reach[before]
            self._note(before, after, f"{mark} → {following}")
        return found

    def _skips(
        self, section: Section, opening: Any, places: list[int], marks: list[str]
    ) -> Iterator[tuple[int, int, str, str]]:
        """Pairs of section rows, one after the other in the same outer section, between which a number is missing."""
        outer = self._stretches([self.sections.borders(other) for other in self.sections.outside(section)])
        for n, (before, after) in enumerate(pairwise(opening)):
            if outer[before] == outer[after] and places[n + 1] > places[n] + 1:
                yield int(before), int(after), marks[n], marks[n + 1]

    def _numbers_column(self, section: Section) -> int | None:
        """The column whose numbering tells section rows from others."""
        if section.rows is None or section.rows.column is None or section.rows.matching is None:
            return None
        return self.tester.finder.one(section.rows.column, optional=True)

    def _mark(self, offset: int, section: Section, column: int | None) -> str:
        row = self.tester.rows.start + offset
        text = self.tester.view.grid.text(row, column) if column is not None else self.sections.heading(section, row)
        match = NUMBERED.match(text.strip()) if text else None
        return match["mark"] if match and (column is not None or match["label"]) else ""

    def _numbered_again(self, column: int) -> tuple[Mask, bool]:
        """Stretches in which the rows' numbers do not rise; and whether each stretch counts from 1, so that they tell.

        Rows of figures are numbered 1, 2, 3 in the column that numbers the sections I, II, III.
        """
        tester, found = self.tester, self.tester.none()
        codes, texts = tester.view.label_codes(column)
        numbers = np.array([int(t) if t.isdigit() and t.isascii() and len(t) < 7 else 0 for t in texts] + [0], np.int64)
        at = numbers[codes[tester.rows.start : tester.rows.stop]]
        offsets = np.flatnonzero((at > 0) & tester.filled(tester.value_columns))
        if len(offsets) == 0:
            return found, False
        stretch, number = self._inner[offsets], at[offsets]
        follows = np.concatenate([[False], stretch[1:] == stretch[:-1]])
        falls = follows & np.concatenate([[False], number[1:] <= number[:-1]])
        for place in np.flatnonzero(falls):
            found |= self._inner == stretch[place]
            self._note(int(offsets[place - 1]), int(offsets[place]), f"{number[place - 1]} → {number[place]}")
        firsts = number[~follows]
        return found, bool(len(firsts) and (firsts == 1).all())

    def _stretches(self, borders: Sequence[Mask]) -> Reach:
        """Numbers of the stretches that begin at any of the borders."""
        return np.cumsum(np.logical_or.reduce([self.tester.none(), *borders]), dtype=np.int64)

    def _note(self, before: int, after: int, numbers: str) -> None:
        grid = self.tester.view.grid
        above, below = (f"A{self.tester.rows.start + offset + 1}" for offset in (before, after))
        self.notes.append(
            f"«{grid.name}», {above}–{below}: số thứ tự {numbers}; có lẽ mất một dòng tiêu đề mục, nên các dòng của "
            f"mục được giữ lại. / «{grid.name}», {above}–{below}: the numbering goes {numbers}; a section row was "
            "probably lost, so the rows of the section are held back."
        )


def check_expected(label: LabelSource, reader: LabelReader, texts: Sequence[str | None], where: str, file: str) -> None:
    """Every label that must appear does. Raises ``Refusal`` (STR-02) that names those that do not."""
    found = [read for read in map(reader, texts) if read is not None]
    missing = [
        wanted
        for wanted in label.expect or ()
        if not any(is_text(t, [wanted]) for r in found for t in (r.text, r.meaning))
    ]
    if missing:
        names = ", ".join(f"«{name}»" for name in missing)
        raise Refusal(
            "STR-02",
            where,
            None,
            f"{file}, trang «{where}»: thiếu nhãn {names} mà biểu phải có. Các dòng của nhãn đó có thể đang đứng "
            "dưới nhãn khác; hãy ghi lại nhãn.",
            f"{file}, sheet «{where}»: the label {names}, which the form must have, is missing. Its rows may stand "
            "under another label; restore it.",
        )
