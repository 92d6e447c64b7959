"""Error cells and percentages of an .ods: the fast reader gives an error as empty, or as the 0 that stands for it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any
from xml.parsers import expat

from ingest.read.found_details import FoundDetails

_ERROR = re.compile(r"#(?:N/A|[A-Z/0]+[!?])|Err:\d{3}")
#: A repeated cell that is worth looking at fills no more than a sheet's column.
_MOST_REPEATED = 1_048_576


class _ContentReader:
    """Follows content.xml and counts rows and columns, repetitions included."""

    def __init__(self) -> None:
        self.sheets: dict[str, FoundDetails] = {}
        self._row = self._column = self._rows = self._columns = 0
        self._kind: str | None = None
        self._text: list[str] | None = None
        self._is_formula = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self._details = self.sheets.setdefault(attributes.get("table:name", ""), FoundDetails())
            self._row = 0
        elif name == "table:table-row":
            self._column = 0
            self._rows = _count(attributes, "table:number-rows-repeated")
        elif name in {"table:table-cell", "table:covered-table-cell"}:
            self._columns = _count(attributes, "table:number-columns-repeated")
            self._kind = attributes.get("office:value-type")
            self._is_formula = "table:formula" in attributes or "calcext:value-type" in attributes
            self._text = None
        elif name == "text:p" and self._is_formula:
            self._text = []

    def end(self, name: str) -> None:
        if name in {"table:table-cell", "table:covered-table-cell"}:
            self._finish_cell()
            self._column += self._columns
            self._is_formula = False
        elif name == "table:table-row":
            self._row += self._rows

    def text(self, characters: str) -> None:
        if self._text is not None:
            self._text.append(characters)

    def _finish_cell(self) -> None:
        shown = "".join(self._text or ()).strip()
        self._text = None
        is_error = bool(shown) and _ERROR.fullmatch(shown) is not None
        if not (is_error or self._kind == "percentage"):
            return
        if self._rows * self._columns > _MOST_REPEATED:
            raise ValueError(f"a cell «{shown}» is repeated {self._rows} × {self._columns} times")
        for row in range(self._row, self._row + self._rows):
            for column in range(self._column, self._column + self._columns):
                if is_error:
                    self._details.errors[(row, column)] = shown
                else:
                    self._details.add_percent(row, column)


def _count(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return max(1, int(text)) if text.isdigit() else 1


def read_ods_details(path: Path) -> dict[str, FoundDetails]:
    """Details by sheet name. Raises ``ValueError`` where the content is no well-formed XML."""
    reader = _ContentReader()
    parser: Any = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as content:
        try:
            parser.ParseFile(content)
        except expat.ExpatError as error:
            raise ValueError(str(error)) from None
    return reader.sheets
