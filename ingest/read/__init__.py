"""Bytes to grids: opens workbooks and text files, and gives their cells by column with true addresses."""

from ingest.read.column import CellKind
from ingest.read.grid import Grid, address
from ingest.read.memory import take_memory_from_the_system
from ingest.read.package import Limits
from ingest.read.refusal import Refusal
from ingest.read.workbook import Sheet, Workbook, open_workbook

__all__ = ["CellKind", "Grid", "Limits", "Refusal", "Sheet", "Workbook", "address", "open_workbook"]

take_memory_from_the_system()
