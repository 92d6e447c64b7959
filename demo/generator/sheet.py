"""The sheet as an agency fills it in: cells with values and looks, each knowing the fact that it states.

A form builds :class:`Workbook` objects; writers turn them into bytes, and tests compare what intake reads with
:attr:`Cell.fact`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

#: Agencies hand in by Vietnamese time.
LOCAL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")

CellValue = str | int | float | Decimal | date | None
Look = Literal[
    "plain",
    "agency",
    "title",
    "subtitle",
    "unit",
    "header",
    "numbering",
    "label",
    "number",
    "section",
    "total",
    "total_number",
    "note",
    "sign",
]
FileFormat = Literal["xlsx", "xls", "ods", "csv"]


@dataclass(frozen=True)
class Fact:
    """What a cell states, in the registry's terms and the indicator's registered unit."""

    indicator: str
    organisation: str
    valid_from: date
    period: str
    group: str
    value: Decimal | None
    status: str = "A"
    kind: str = "ACTUAL"
    accumulation: str = "IN_PERIOD"


@dataclass
class Cell:
    """A cell: what stands in it, how it looks, the formula behind it and the fact it states, if any."""

    value: CellValue
    look: Look = "plain"
    decimals: int = 0
    formula: str | None = None
    fact: Fact | None = None


def column_letter(column: int) -> str:
    """Letter of a 1-based column: 1 → A, 27 → AA."""
    letters = ""
    while column:
        column, remainder = divmod(column - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


def address(row: int, column: int) -> str:
    """A1 address of a 1-based row and column."""
    return f"{column_letter(column)}{row}"


def position(cell: str) -> tuple[int, int]:
    """Row and column, both 1-based, of an A1 address. Raises ValueError on anything else."""
    match = re.fullmatch(r"([A-Z]+)([1-9]\d*)", cell)
    if match is None:
        raise ValueError(f"not a cell address: {cell!r}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


@dataclass
class Sheet:
    """One sheet; rows and columns count from 1."""

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    hidden_columns: set[int] = field(default_factory=set)
    frozen_below: int = 0

    def put(
        self,
        row: int,
        column: int,
        value: CellValue,
        look: Look = "plain",
        *,
        decimals: int = 0,
        formula: str | None = None,
        fact: Fact | None = None,
    ) -> None:
        """Write one cell."""
        self.cells[row, column] = Cell(value, look, decimals, formula, fact)

    def span(self, row: int, column: int, last_row: int, last_column: int, value: CellValue, look: Look) -> None:
        """Write a value over a merged rectangle; every cell of it gets the look, so that borders close."""
        for r in range(row, last_row + 1):
            for c in range(column, last_column + 1):
                self.put(r, c, None, look)
        self.put(row, column, value, look)
        if (row, column) != (last_row, last_column):
            self.merges.append((row, column, last_row, last_column))

    @property
    def last_row(self) -> int:
        return max((row for row, _ in self.cells), default=0)

    @property
    def last_column(self) -> int:
        return max((column for _, column in self.cells), default=0)

    def ordered(self) -> Iterator[tuple[int, int, Cell]]:
        """Cells by row, then column."""
        for row, column in sorted(self.cells):
            yield row, column, self.cells[row, column]


@dataclass
class Workbook:
    """A file as an agency hands it in; ``received`` is local time."""

    source: str
    received: datetime
    file_name: str
    file_format: FileFormat
    sheets: list[Sheet]
    encoding: str = "utf-8"
    delimiter: str = ";"

    @property
    def path(self) -> str:
        """Path below the inbox: the received date stands in the folder's name."""
        stamp = f"{self.received:%Y-%m-%d}" if not self.received.hour else f"{self.received:%Y-%m-%dT%H%M}"
        return f"{self.source}/received={stamp}/{self.file_name}"

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name; a text file has one sheet, whatever the name. Raises KeyError."""
        if self.file_format == "csv":
            return self.sheets[0]
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise KeyError(f"{self.path} has no sheet {name!r}")
