"""A message's table as a sheet that a recipe reads: names in the first row, one observation a row below.

Cells are addressed by their place in the message, which the reader of a finding can look up in the landed response.
"""

from __future__ import annotations

import pyarrow as pa

from ingest.messages.table import MessageTable
from ingest.read.column import Column, text_column
from ingest.read.sheet_xml import SheetDetails


class MessageGrid:
    """A ``Grid`` (ingest.read) over a long table. Row 0 holds the names of the columns; all cells are texts."""

    merged: tuple[tuple[int, int, int, int], ...] = ()
    xml: SheetDetails | None = None

    def __init__(self, name: str, table: MessageTable) -> None:
        self.name = name
        self.table = table
        self.names = list(table.columns)
        self.height = table.received_rows + 1
        self.width = len(self.names)

    def text(self, row: int, column: int) -> str:
        if not (0 <= row < self.height and 0 <= column < self.width):
            return ""
        name = self.names[column]
        return name if row == 0 else self.table.columns[name][row - 1] or ""

    def row_texts(self, row: int) -> list[str]:
        return [self.text(row, column) for column in range(self.width)]

    def column(self, column: int, start: int, stop: int) -> Column:
        if not 0 <= column < self.width:
            return text_column(pa.nulls(stop - start, pa.string()))
        name = self.names[column]
        texts = self.table.columns[name][max(start - 1, 0) : max(stop - 1, 0)]
        return text_column(pa.array([name, *texts] if start == 0 < stop else texts, pa.string()))

    def address(self, row: int, column: int) -> str:
        """Where a cell stood in its response; for the row of names, the name."""
        return self.names[column] if row == 0 else self.table.address(row - 1, self.names[column])

    def document(self, row: int) -> str:
        """The response a row came in: what a sheet is to a workbook."""
        return self.table.documents[row - 1] if row else self.name
