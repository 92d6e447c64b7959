"""Which rows of a tidy table a place of the ledger means, as masks over the whole table."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.corrections.model import CELLS, Place

Mask = np.ndarray[Any, np.dtype[np.bool_]]
#: Key of a place → column of the tidy table.
COLUMNS = {
    "sheet": "sheet",
    "indicator": "indicator_code",
    "organisation": "organisation_code",
    "period": "period_code",
    "target_group": "target_group_code",
    "measure_kind": "measure_kind",
}


class Rows:
    """A tidy table, asked again and again which of its rows stand at a place."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def at(self, place: Place) -> Mask:
        """Rows that stand at a place of this file."""
        mask = np.ones(self.table.num_rows, bool)
        for key, column in COLUMNS.items():
            wanted = getattr(place, key)
            if wanted is not None:
                found = pc.is_in(self.table.column(column), value_set=pa.array([str(one) for one in wanted]))
                mask &= found.to_numpy()
        if place.cell is not None:
            mask &= np.logical_or.reduce([self._within(cells) for cells in place.cell])
        return mask

    def _within(self, cells: str) -> Mask:
        letters, numbers = self._addresses
        match = CELLS.fullmatch(cells)
        if match is None:
            raise ValueError(f"{cells!r} is no cell and no range of cells")
        left, top, right, bottom = match.groups()
        columns = sorted((column_number(left), column_number(right or left)))
        rows = sorted((int(top), int(bottom or top)))
        within: Mask = (columns[0] <= letters) & (letters <= columns[1]) & (rows[0] <= numbers) & (numbers <= rows[1])
        return within

    @cached_property
    def _addresses(self) -> tuple[Any, Any]:
        """Column and row of every cell, as numbers from 1; 0 where a row has no address."""
        parts = pc.extract_regex(self.table.column("cell").combine_chunks(), r"^(?P<column>[A-Z]+)(?P<row>[0-9]+)$")
        letters = pc.struct_field(parts, "column").dictionary_encode()
        numbers = np.array([column_number(text or "") for text in letters.dictionary.to_pylist()] or [0])
        columns = np.where(parts.is_valid(), numbers[letters.indices.fill_null(0).to_numpy()], 0)
        rows = pc.cast(pc.struct_field(parts, "row"), pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
        return columns, rows


def column_number(letters: str) -> int:
    """Number of a column from its letters: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
