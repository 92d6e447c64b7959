"""Applies the ledger to what was read of one submission: after reading, before the gate.

Raw text and cell stay as they were; value or status change, the flag CORRECTED and a note name the correction. Where
something else stands than was expected, the submission is stopped: the error was mended, or its cell moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa

from ingest.corrections.change import changed
from ingest.corrections.model import Correction, Expected
from ingest.corrections.places import Mask, Rows
from ingest.corrections.wording import Broken, dropped, expired, number, refusal
from ingest.read import Refusal
from ingest.remark import Remark


@dataclass(frozen=True)
class Corrected:
    """A submission after the ledger. ``met`` has the corrections whose place is in it, applied or not."""

    observations: pa.Table
    totals: pa.Table
    remarks: tuple[Remark, ...] = ()
    met: frozenset[str] = frozenset()
    refusal: Refusal | None = None


@dataclass
class _Review:
    """What the corrections mean for one submission: rows of observations and totals, by correction."""

    rows: dict[str, tuple[Mask, Mask]] = field(default_factory=dict)
    broken: list[Broken] = field(default_factory=list)
    met: set[str] = field(default_factory=set)


def correct(
    observations: pa.Table, totals: pa.Table, corrections: Sequence[Correction], *, file_name: str, received_on: date
) -> Corrected:
    """Apply the corrections of a source to one of its files.

    ``observations`` and ``totals`` have the columns of TIDY and TOTAL. ``received_on``: the day the file was received,
    in the workspace's time zone; a correction that expired before it is not applied.
    """
    named = [one for one in corrections if any(place.names_file(file_name) for place in one.where)]
    tables = (Rows(observations), Rows(totals))
    review = _Review()
    for correction in named:
        _review(review, correction, tables, file_name, is_expired=received_on > correction.expires)
    met = frozenset(review.met)
    if review.broken:
        return Corrected(observations, totals, met=met, refusal=refusal(review.broken, file_name))
    remarks: list[Remark] = []
    kept = [np.ones(observations.num_rows, bool), np.ones(totals.num_rows, bool)]
    results = [observations, totals]
    for correction in named:
        if correction.id not in review.rows:
            continue
        masks = review.rows[correction.id]
        if received_on > correction.expires:
            remarks.append(expired(correction, _places(results, masks), received_on, file_name))
        elif correction.action == "drop":
            remarks.append(dropped(correction, _places(results, masks), file_name))
            kept = [keep & ~mask for keep, mask in zip(kept, masks, strict=True)]
        else:
            results = [changed(table, mask, correction) for table, mask in zip(results, masks, strict=True)]
    observations, totals = (t.filter(pa.array(keep)) for t, keep in zip(results, kept, strict=True))
    return Corrected(observations, totals, tuple(remarks), met)


def _places(tables: Sequence[pa.Table], masks: Sequence[Mask]) -> pa.Table:
    """Sheet and cell of the rows of the masks."""
    chosen = (t.select(["sheet", "cell"]).filter(pa.array(mask)) for t, mask in zip(tables, masks, strict=True))
    return pa.concat_tables(chosen)


def _review(
    review: _Review, correction: Correction, tables: tuple[Rows, Rows], file_name: str, *, is_expired: bool
) -> None:
    """Find the rows of a correction and ask its guard; the guard of an expired one is not asked."""
    found = [np.zeros(rows.table.num_rows, bool) for rows in tables]
    for place in correction.where:
        if not place.names_file(file_name):
            continue
        guard = None if is_expired else correction.guard(place)
        masks = [rows.at(place) for rows in tables]
        found = [whole | mask for whole, mask in zip(found, masks, strict=True)]
        for rows, mask in zip(tables, masks, strict=True):
            if guard is not None:
                review.broken.extend(_broken(correction, guard, rows.table.filter(pa.array(mask))))
        if guard is not None and place.cell is not None and not any(mask.any() for mask in masks):
            review.broken.append(Broken(correction, guard, _only(place.sheet), _only(place.cell), None))
    if any(mask.any() for mask in found):
        review.rows[correction.id] = (found[0], found[1])
        review.met.add(correction.id)
    review.met |= {broken.correction.id for broken in review.broken}


def _only(names: tuple[str, ...] | None) -> str | None:
    return ", ".join(names) if names else None


def _broken(correction: Correction, guard: Expected, rows: pa.Table) -> list[Broken]:
    columns = rows.select(["sheet", "cell", "raw_text", "value"]).to_pylist()
    return [
        Broken(correction, guard, row["sheet"], row["cell"], row["raw_text"] or number(row["value"]))
        for row in columns
        if not guard.holds(row["raw_text"], row["value"])
    ]
