"""SDMX-CSV 1.0 and 2.0: codes alone, codes and names in one cell (``A: Annual``), or labels looked up.

Standard: SDMX-CSV field guide 1.0 and 2.0 (sdmx-twg/sdmx-csv).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.messages.delimited import column_letters, text_records
from ingest.messages.sdmx_structure import OBS_VALUE, DataStructure, read_structure
from ingest.messages.table import (
    LABEL,
    VALUE,
    Document,
    MessageOptions,
    MessageRefusedError,
    MessageTable,
    TableBuilder,
    data_documents,
)

FIRST_COLUMNS = {"DATAFLOW", "STRUCTURE"}
#: ``FREQ: Frequency[;]`` → identifier, name, and the mark of cells that hold several values.
HEADER = re.compile(r"^(?P<id>[^:\[\]]+?)(?:: (?P<name>.*?))?(?:\[[^\]]*\])?$", re.DOTALL)
#: A code before its label; anything else with a colon in it is plain text.
CODE_AND_LABEL = re.compile(r"^(?P<code>[\w@$|.+-]+): (?P<label>.*)$", re.DOTALL)
#: The first column of 2.0 may carry the sub-field delimiter in brackets: STRUCTURE[;].
WITHDRAWN = "D"


@dataclass(frozen=True)
class _Column:
    name: str
    coded: bool


def read_sdmx_csv(documents: Sequence[Document], options: MessageOptions) -> MessageTable:
    """Read SDMX-CSV: one row an observation. Cells that hold several values stay as they are.

    Raises ``MessageRefusedError`` for text that is no SDMX-CSV, has a ragged line, or lacks a part of a key.
    """
    table = TableBuilder()
    structure = read_structure(documents, language=options.language)
    for document in data_documents(documents):
        content = text_records(document, options)
        columns = [_column(name) for name in content.names]
        if not columns or columns[0].name not in FIRST_COLUMNS:
            raise MessageRefusedError(
                document.name,
                "line 1",
                "cột đầu không phải DATAFLOW hay STRUCTURE: không phải SDMX-CSV.",
                "the first column is neither DATAFLOW nor STRUCTURE: this is no SDMX-CSV.",
            )
        table.places |= {column.name: column_letters(number) for number, column in enumerate(columns)}
        for line, record in content.records:
            _add(table, columns, record, line, document, structure)
    return table.finish(addressing="grid")


def _column(header: str) -> _Column:
    match = HEADER.match(header)
    identifier = match["id"].strip() if match else header
    return _Column(VALUE if identifier == OBS_VALUE else identifier, bool(match and match["name"] is not None))


def _add(
    table: TableBuilder,
    columns: Sequence[_Column],
    record: Sequence[str],
    line: int,
    document: Document,
    structure: DataStructure,
) -> None:
    row: dict[str, str | None] = {}
    for column, cell in zip(columns, record, strict=True):
        parts = CODE_AND_LABEL.match(cell) if column.coded else None
        row[column.name] = parts["code"] if parts else cell
        if column.coded and column.name != VALUE:
            row[column.name + LABEL] = parts["label"] if parts else None
        elif column.name in structure.codes:
            row[column.name + LABEL] = structure.label(column.name, cell)
    if row.get("ACTION") == WITHDRAWN:
        table.find(
            "deletions",
            f"{document.name}: có dòng xóa quan sát (ACTION = D).",
            f"{document.name}: there are lines that withdraw observations (ACTION = D).",
        )
    elif structure.dimensions:
        if _says_nothing_of_an_observation(row, structure):
            table.note(f"{document.name}: {line}: " + ", ".join(f"{k}={v}" for k, v in row.items() if v))
            return
        known = {name: value or None for name, value in row.items()}
        structure.check(known, f"line {line}", document, table)
    table.add(row, str(line), document)


def _says_nothing_of_an_observation(row: dict[str, str | None], structure: DataStructure) -> bool:
    """A line with a part of the key and no measure gives attributes of a group or series (2.0)."""
    measures = [VALUE if name == OBS_VALUE else name for name in structure.measures] or [VALUE]
    return not any(row.get(name) for name in measures) and any(not row.get(name) for name in structure.dimensions)
