"""What the fast reader does not tell about a sheet of an .xlsx: formulas, errors, hidden rows and columns, indents.

One pass of regular expressions over the sheet's XML; a tree of a million cells would cost more than reading them.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from ingest.read.cell_styles import bold_styles, indents_of_styles
from ingest.read.number_formats import percent_styles
from ingest.read.superscripts import raised_strings, raised_text

CellAddress = tuple[int, int]  # row, column, both from 0

_CELL = rb'<c\s(?=[^>]*?\br="([A-Z]{1,3})(\d+)")[^>]*>'
_FORMULA = re.compile(_CELL + rb"\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(<v>[^<]|<is>)?")
_ERROR = re.compile(
    rb'<c\s(?=[^>]*?\br="([A-Z]{1,3})(\d+)")(?=[^>]*?\bt="e")[^>]*>(?:<f[^>]*?(?:/>|>[^<]*</f>))?<v>([^<]*)</v>'
)
_HIDDEN_ROW = re.compile(rb'<row\s(?=[^>]*?\bhidden="(?:1|true)")[^>]*?\br="(\d+)"')
_COLUMN = re.compile(rb"<col\s[^>]*>")
_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')
_SHARED = re.compile(
    rb'<c\s(?=[^>]*?\br="([A-Z]{1,3})(\d+)")(?=[^>]*?\bt="s")[^>]*>(?:<f[^>]*?(?:/>|>[^<]*</f>))?<v>(\d+)</v>'
)
_INLINE = re.compile(_CELL + rb"\s*<is>(.*?)</is>", re.DOTALL)
_STYLED = re.compile(rb'<c\s(?=[^>]*?\br="([A-Z]{1,3})(\d+)")[^>]*?\bs="(\d+)"')


def column_number(letters: str) -> int:
    """Column from 0 of its letters: A → 0, AA → 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _address(letters: bytes, row: bytes) -> CellAddress:
    return int(row) - 1, column_number(letters.decode())


class SheetDetails(Protocol):
    """What the fast reader does not tell about a sheet."""

    @property
    def formulas(self) -> tuple[frozenset[CellAddress], frozenset[CellAddress]]:
        """Cells that hold a formula, and those among them whose computed value was never stored."""

    @property
    def errors(self) -> dict[CellAddress, str]:
        """Cells that hold an error (#DIV/0!, #N/A …), which the fast reader shows as empty."""

    @property
    def percent_cells(self) -> dict[int, list[int]]:
        """Column → rows of the cells that are shown as per cent: what they store is a hundredth of what they show."""

    @property
    def hidden_rows(self) -> frozenset[int]: ...

    @property
    def hidden_columns(self) -> tuple[tuple[int, int], ...]:
        """Stretches of hidden columns: first and last, from 0."""

    def indents(self, column: int) -> dict[int, int]:
        """Row → indent of the cell's format, in one column."""

    def bold_rows(self, column: int) -> frozenset[int]:
        """Rows of the cells of one column whose format is bold."""


@dataclass
class SheetXml:
    """The XML of one sheet. ``styles`` and ``shared_strings`` are those parts of the workbook."""

    content: bytes
    styles: bytes = b""
    shared_strings: bytes = b""

    @cached_property
    def raised_texts(self) -> dict[CellAddress, str]:
        """Cells whose text holds raised footnote marks, with the marks kept apart."""
        found: dict[CellAddress, str] = {}
        if b"superscript" in self.content:
            inline = ((_address(m[1], m[2]), raised_text(m[3])) for m in _INLINE.finditer(self.content))
            found.update((place, text) for place, text in inline if text is not None)
        raised = raised_strings(self.shared_strings)
        if raised:
            shared = ((_address(m[1], m[2]), int(m[3])) for m in _SHARED.finditer(self.content))
            found.update((place, raised[number]) for place, number in shared if number in raised)
        return found

    @cached_property
    def formulas(self) -> tuple[frozenset[CellAddress], frozenset[CellAddress]]:
        """Cells that hold a formula, and those among them whose computed value was never stored."""
        if b"</f" not in self.content:
            return frozenset(), frozenset()
        every: set[CellAddress] = set()
        without_value: set[CellAddress] = set()
        for match in _FORMULA.finditer(self.content):
            address = _address(match[1], match[2])
            every.add(address)
            if not match[3]:
                without_value.add(address)
        return frozenset(every), frozenset(without_value)

    @cached_property
    def errors(self) -> dict[CellAddress, str]:
        """Cells that hold an error (#DIV/0!, #N/A …), which the fast reader shows as empty."""
        if b't="e"' not in self.content:
            return {}
        return {_address(m[1], m[2]): m[3].decode() for m in _ERROR.finditer(self.content)}

    @cached_property
    def percent_cells(self) -> dict[int, list[int]]:
        """Column → rows of the cells that are shown as per cent."""
        wanted = percent_styles(self.styles)
        found: dict[int, list[int]] = {}
        if wanted:
            for match in _STYLED.finditer(self.content):
                if int(match[3]) in wanted:
                    row, column = _address(match[1], match[2])
                    found.setdefault(column, []).append(row)
        return found

    @cached_property
    def hidden_rows(self) -> frozenset[int]:
        if b"hidden=" not in self.content:
            return frozenset()
        return frozenset(int(match[1]) - 1 for match in _HIDDEN_ROW.finditer(self.content))

    @cached_property
    def hidden_columns(self) -> tuple[tuple[int, int], ...]:
        """Stretches of hidden columns: first and last, from 0."""
        head = self.content[: self.content.find(b"<sheetData")]
        stretches = []
        for match in _COLUMN.finditer(head):
            attributes = dict(_ATTRIBUTE.findall(match[0]))
            if attributes.get(b"hidden") in (b"1", b"true"):
                stretches.append((int(attributes[b"min"]) - 1, int(attributes[b"max"]) - 1))
        return tuple(stretches)

    def indents(self, column: int) -> dict[int, int]:
        """Row → indent of the cell's format, in one column."""
        indents = indents_of_styles(self.styles)
        return {row: indents[style] for row, style in self._styles_in(column) if style in indents}

    def bold_rows(self, column: int) -> frozenset[int]:
        """Rows of the cells of one column whose format is bold."""
        bold = bold_styles(self.styles)
        return frozenset(row for row, style in self._styles_in(column) if style in bold)

    def _styles_in(self, column: int) -> Iterator[tuple[int, int]]:
        """Row and style of the cells of one column."""
        for match in _STYLED.finditer(self.content):
            row, at = _address(match[1], match[2])
            if at == column:
                yield row, int(match[3])


def read_sheet_xml(path: Path, parts: tuple[str, ...], sheet_name: str) -> SheetXml | None:
    """The XML of a sheet of an .xlsx by its name; None where the workbook does not say which part it is."""
    with zipfile.ZipFile(path) as archive:
        workbook = next((part for part in parts if part.endswith("workbook.xml")), None)
        if workbook is None:
            return None
        folder = workbook.rpartition("/")[0]
        relations = f"{folder}/_rels/workbook.xml.rels"
        if relations not in parts:
            return None
        targets = _relation_targets(archive.read(relations))
        relation = _sheet_relations(archive.read(workbook)).get(sheet_name)
        target = targets.get(relation or "")
        if target is None:
            return None
        part = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
        if part not in parts:
            return None
        names = (f"{folder}/styles.xml", f"{folder}/sharedStrings.xml")
        styles, strings = (archive.read(name) if name in parts else b"" for name in names)
        return SheetXml(archive.read(part), styles, strings if b"superscript" in strings else b"")


def _relation_targets(content: bytes) -> dict[str, str]:
    found = {}
    for match in re.finditer(rb"<(?:\w+:)?Relationship\s[^>]*>", content):
        attributes = dict(_ATTRIBUTE.findall(match[0]))
        found[attributes.get(b"Id", b"").decode()] = attributes.get(b"Target", b"").decode()
    return found


def _sheet_relations(content: bytes) -> dict[str, str]:
    from html import unescape

    found = {}
    for match in re.finditer(rb"<(?:\w+:)?sheet\s[^>]*>", content):
        attributes = dict(re.findall(rb'([\w:]+)="([^"]*)"', match[0]))
        relation = next((value for key, value in attributes.items() if key.endswith(b":id")), b"")
        found[unescape(attributes.get(b"name", b"").decode())] = relation.decode()
    return found
