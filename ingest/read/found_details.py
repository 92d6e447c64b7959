"""What is found in .ods and .xls files that the fast reader does not tell: errors, percentages, hidden, looks."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.read.sheet_xml import CellAddress


@dataclass(frozen=True)
class CellLook:
    """What a cell's format says about its place in a hierarchy. The unit of an indent is the format's own."""

    indent: int = 0
    bold: bool = False


PLAIN = CellLook()


@dataclass
class FoundDetails:
    """Details of one sheet (``SheetDetails``). Formulas of these formats are not searched for."""

    errors: dict[CellAddress, str] = field(default_factory=dict)
    percent_cells: dict[int, list[int]] = field(default_factory=dict)
    formulas: tuple[frozenset[CellAddress], frozenset[CellAddress]] = (frozenset(), frozenset())
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    styled: dict[int, dict[int, CellLook]] = field(default_factory=dict)  # column → row → look, where it has one

    def add_percent(self, row: int, column: int) -> None:
        self.percent_cells.setdefault(column, []).append(row)

    def add_look(self, row: int, column: int, look: CellLook) -> None:
        if look != PLAIN:
            self.styled.setdefault(column, {})[row] = look

    def indents(self, column: int) -> dict[int, int]:
        return {row: look.indent for row, look in self.styled.get(column, {}).items() if look.indent}

    def bold_rows(self, column: int) -> frozenset[int]:
        return frozenset(row for row, look in self.styled.get(column, {}).items() if look.bold)
