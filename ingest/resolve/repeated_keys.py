"""Facts that are stated twice, differently, under one label that holds for several rows: a label was lost between them.

Rows whose own section row, or the first cell of a label that is filled down, went stand under the label before; what
both blocks have is then stated twice. None of the rows under that label can be told from those that were added to it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ingest.read import CellKind
from ingest.recipe.labels import Spread, combine
from ingest.recipe.layout import Figures
from ingest.recipe.lost_labels import Reach
from ingest.recipe.sheet import Mask, SheetView
from ingest.resolve.components import ResolvedComponents

Rows = np.ndarray[Any, np.dtype[np.int64]]


def rows_without_their_label(figures: Figures, components: ResolvedComponents) -> Mask | None:
    """Rows of figures in a stretch, as narrow as may be, in which a fact is stated twice; None where there are none."""
    if not figures.reaches:
        return None
    known, keys = _keys(components, len(figures.rows))
    rows = np.flatnonzero(known & ~figures.uncertain)
    ordered = rows[np.argsort(keys[rows], kind="stable")]
    same = keys[ordered[1:]] == keys[ordered[:-1]]
    first, again = ordered[:-1][same], ordered[1:][same]
    differ = _differ(figures, first, again)
    first, again = first[differ], again[differ]
    if not len(first):
        return None
    found, nowhere = np.zeros(len(figures.rows), bool), len(figures.rows) + 1
    widths = []
    for reach in figures.reaches:
        both = (reach[first] == reach[again]) & _has_several(reach, keys)[first]
        widths.append(np.where(both, np.bincount(reach)[reach[first]], nowhere))
    narrowest, least = np.argmin(widths, axis=0), np.min(widths, axis=0)
    for number, reach in enumerate(figures.reaches):
        chosen = first[(narrowest == number) & (least < nowhere)]
        found |= np.isin(reach, reach[chosen])
    return found if found.any() else None


def _has_several(reach: Reach, keys: Rows) -> Mask:
    """Rows in a stretch whose rows have labels of their own: where none has, all state the same fact."""
    low, high = (np.full(int(reach.max()) + 1, start) for start in (keys.max(), keys.min()))
    np.minimum.at(low, reach, keys)
    np.maximum.at(high, reach, keys)
    return np.asarray((low < high)[reach])


def _keys(components: ResolvedComponents, height: int) -> tuple[Mask, Rows]:
    """Whether all labels of a row are known, and a number for what they say; by the first column of figures."""
    parts: list[Spread[Any]] = [components.indicator, components.organisation, components.period, components.group]
    every = combine([*(part.map(_meaning) for part in parts), components.measure_kind, components.accumulation])
    codes = np.broadcast_to(every.codes, (height, every.codes.shape[1]))[:, 0]
    known = np.array([all(part is not None for part in value[:4]) for value in every.values], bool)
    return known[codes], codes.astype(np.int64)


def _meaning(found: tuple[Any, Any]) -> Any:
    resolved = found[1]
    if resolved.problem is not None:
        return None
    return resolved.period.period_code if hasattr(resolved, "period") else (resolved.code, resolved.valid_from)


def _differ(figures: Figures, first: Rows, again: Rows) -> Mask:
    """Pairs of rows that state different things in a column."""
    found = np.zeros(len(first), bool)
    if not len(first):
        return found
    above, below = figures.rows[first], figures.rows[again]
    for column in figures.columns:
        found |= _differ_in(figures.view, column, above, below)
    return found


def _differ_in(view: SheetView, column: int, above: Rows, below: Rows) -> Mask:
    codes, _ = view.label_codes(column)
    filled = view.column(column).kinds != CellKind.BLANK
    return np.asarray(filled[above] & filled[below] & (codes[above] != codes[below]))
