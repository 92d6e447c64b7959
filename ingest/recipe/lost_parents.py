"""Rows of an outline that may stand under another's parent, because the row of their own was lost.

What stood under a lost parent stands under the one before. The outline shows it where

- children of one parent have the same label twice (*Miền Bắc*: Nam, Nữ, Nam, Nữ),
- their numbering starts again (1, 2, 1), or that of the parents skips one (I, III), or names another
  parent (1: 1.1, 2.1),
- a row stands more than one level below the one above it, or below nothing.

The rows that cannot be told from those that were added to them are held back (``lost_label``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from ingest.recipe.numbering import ordinals
from ingest.recipe.outline import OutlineRows
from ingest.recipe.texts import key


def rows_that_lost_their_parent(outline: OutlineRows) -> dict[int, str]:
    """The rows that may, each with what shows it."""
    children: dict[int | None, list[int]] = {}
    for row, parent in outline.above.items():
        children.setdefault(parent, []).append(row)
    found: dict[int, str] = {}
    for parent, rows in children.items():
        for row, why in (*_out_of_step(outline, parent, rows), *_misnumbered(outline, parent, rows, children)):
            for lost in _with_all_below(row, children):
                found.setdefault(lost, why)
        twice = _twice(outline, rows) if parent is not None else None
        for row in rows if twice else ():
            for lost in _with_all_below(row, children):
                found.setdefault(lost, f"«{twice}» … «{twice}»")
    return found


def _with_all_below(row: int, children: dict[int | None, list[int]]) -> Iterator[int]:
    yield row
    for child in children.get(row, ()):
        yield from _with_all_below(child, children)


def _twice(outline: OutlineRows, rows: list[int]) -> str | None:
    """A label that two children of one parent have."""
    labels = Counter(key(outline.paths[row][-1]) for row in rows)
    return next((outline.paths[row][-1] for row in rows if labels[key(outline.paths[row][-1])] > 1), None)


def _out_of_step(outline: OutlineRows, parent: int | None, rows: list[int]) -> Iterator[tuple[int, str]]:
    """Rows more than one level below their parent, where levels are seen and not counted by kinds of numbering."""
    if outline.marks:
        return
    depths = sorted(set(outline.depths.values()))
    ranks = {depth: depth - depths[0] if outline.counted else rank for rank, depth in enumerate(depths)}
    above = ranks[outline.depths[parent]] if parent is not None else -1
    for row in rows:
        if ranks[outline.depths[row]] > above + 1:
            yield row, f"{above + 1} → {ranks[outline.depths[row]] + 1}"


def _misnumbered(
    outline: OutlineRows, parent: int | None, rows: list[int], children: dict[int | None, list[int]]
) -> Iterator[tuple[int, str]]:
    marks = [outline.marks.get(row, "") for row in rows]
    for row, mark in zip(rows, marks, strict=True):
        stem, dot, _ = mark.rpartition(".")
        of_parent = outline.marks.get(parent, "") if parent is not None else ""
        if dot and of_parent[:1].isdigit() and stem != of_parent:
            yield row, f"{of_parent} → {mark}"
    places = ordinals([mark for mark in marks if mark])
    if places is None or len(places) < len(rows):
        return
    for n, (before, after) in enumerate(pairwise(places)):
        why = f"{marks[n]} → {marks[n + 1]}"
        if after <= before and parent is not None:
            yield from ((row, why) for row in rows)
        elif after > before + 1:
            yield from ((child, why) for child in children.get(rows[n], ()))
