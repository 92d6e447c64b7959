"""What is found in .ods and .xls files that the fast reader does not tell: error cells and cells shown as per cent."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.read.sheet_xml import CellAddress


@dataclass
class FoundDetails:
    """Details of one sheet (``SheetDetails``); what these formats are not searched for is empty."""

    errors: dict[CellAddress, str] = field(default_factory=dict)
    percent_cells: dict[int, list[int]] = field(default_factory=dict)
    formulas: tuple[frozenset[CellAddress], frozenset[CellAddress]] = (frozenset(), frozenset())
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()

    def add_percent(self, row: int, column: int) -> None:
        self.percent_cells.setdefault(column, []).append(row)

    def indents(self, column: int) -> dict[int, int]:
        """Indents are told of .xlsx only."""
        return {}
