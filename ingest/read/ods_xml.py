"""What the fast reader does not tell of an .ods: errors (given as empty, or as 0), percentages, hidden parts, looks."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.parsers import expat

from ingest.read.found_details import PLAIN, CellLook, FoundDetails

_ERROR = re.compile(r"#(?:N/A|[A-Z/0]+[!?])|Err:\d{3}")
#: A repeated cell that is worth looking at fills no more than a sheet's column.
_MOST_REPEATED = 1_048_576
_COLUMNS_REPEATED = "table:number-columns-repeated"


class _ContentReader:
    """Follows content.xml and counts rows and columns, repetitions included."""

    def __init__(self) -> None:
        self.sheets: dict[str, FoundDetails] = {}
        self._row = self._column = self._rows = self._columns = 0
        self._kind: str | None = None
        self._text: list[str] | None = None
        self._is_formula = self._filled = False
        self._styles: dict[str, CellLook] = {}
        self._style = ""
        self._look = PLAIN
        self._next_column = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name.startswith("style:"):
            self._start_style(name, attributes)
        if name == "table:table":
            self._details = self.sheets.setdefault(attributes.get("table:name", ""), FoundDetails())
            self._row = self._next_column = 0
        elif name == "table:table-column":
            first, self._next_column = self._next_column, self._next_column + _count(attributes, _COLUMNS_REPEATED)
            if attributes.get("table:visibility", "visible") != "visible":
                self._details.hidden_columns += ((first, self._next_column - 1),)
        elif name == "table:table-row":
            self._column = 0
            self._rows = _count(attributes, "table:number-rows-repeated")
            if attributes.get("table:visibility", "visible") != "visible" and self._rows < _MOST_REPEATED:
                self._details.hidden_rows |= frozenset(range(self._row, self._row + self._rows))
        elif name in {"table:table-cell", "table:covered-table-cell"}:
            self._columns = _count(attributes, _COLUMNS_REPEATED)
            self._look = self._styles.get(attributes.get("table:style-name", ""), PLAIN)
            self._filled = False
            self._kind = attributes.get("office:value-type")
            self._is_formula = "table:formula" in attributes or "calcext:value-type" in attributes
            self._text = None
        elif name == "text:p":
            self._filled = True
            if self._is_formula:
                self._text = []

    def _start_style(self, name: str, attributes: dict[str, str]) -> None:
        """Styles of cells stand before the sheets: their indent (of the paragraph, in hundredths of its unit), bold."""
        if name == "style:style":
            self._style = attributes.get("style:name", "")
        elif name == "style:paragraph-properties" and "fo:margin-left" in attributes:
            length = re.match(r"[\d.]+", attributes["fo:margin-left"])
            indent = round(100 * float(length[0])) if length else 0
            self._styles[self._style] = replace(self._styles.get(self._style, PLAIN), indent=indent)
        elif name == "style:text-properties" and "fo:font-weight" in attributes:
            weight = attributes["fo:font-weight"]
            bold = weight == "bold" or (weight.isdigit() and int(weight) >= 600)
            self._styles[self._style] = replace(self._styles.get(self._style, PLAIN), bold=bold)

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
        if self._filled and self._look != PLAIN and self._rows * self._columns <= _MOST_REPEATED:
            for row in range(self._row, self._row + self._rows):
                for column in range(self._column, self._column + self._columns):
                    self._details.add_look(row, column, self._look)
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
