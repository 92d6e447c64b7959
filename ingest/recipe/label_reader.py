"""Reads the labels of one component for the rows and columns of figures, wherever the recipe says they stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.read import Refusal, address
from ingest.read.column import contiguous
from ingest.recipe.cells import find_cell, locate_cell
from ingest.recipe.components import (
    TOTAL_GROUP,
    Components,
    LabelSource,
    OrganisationLabel,
    PeriodLabel,
    is_dimension,
)
from ingest.recipe.folders import folder_name
from ingest.recipe.labels import Component, Label, LabelReader, Spread, combine, everywhere, spread_rows
from ingest.recipe.row_labels import labels_beside, row_labels
from ingest.recipe.rows import RowTester
from ingest.recipe.sections import SectionReader, declared_sections
from ingest.recipe.selection import CellSelection
from ingest.recipe.sheet import SheetView
from ingest.recipe.texts import is_text

if TYPE_CHECKING:
    from ingest.recipe.layout import TableReader

Offsets = np.ndarray[Any, Any]
_DEFAULT_SOURCE: dict[str, type[LabelSource]] = {
    "period": PeriodLabel,
    "organisation": OrganisationLabel,
    "organisation_code": OrganisationLabel,
}


class ComponentReader:
    """Labels of components in one block. Offsets count rows from the start of the body."""

    def __init__(self, table_reader: TableReader, tester: RowTester) -> None:
        self.table_reader = table_reader
        self.tester = tester
        self.sections = SectionReader(tester, declared_sections(table_reader.table, table_reader.source))
        self._read: dict[tuple[Any, ...], tuple[LabelSource, Spread[Label | None]]] = {}

    @property
    def view(self) -> SheetView:
        return self.table_reader.view

    def component(
        self,
        name: str,
        holders: Sequence[Components],
        groups: dict[str, list[str | None]],
        columns: list[int],
        offsets: Offsets,
    ) -> Component | None:
        """The component from the narrowest holder that has it; a named group counts as part of the values' holder."""
        declared = [getattr(holder, name) for holder in holders]
        if name == "organisation_code":
            # A narrower holder that names the organisation does away with the code column beside the wider one's name.
            naming = next((n for n, holder in enumerate(holders) if holder.organisation is not None), len(holders))
            declared = [label if n <= naming else None for n, label in enumerate(declared)]
        return self._pick(name, declared, groups, columns, offsets)

    def group(
        self,
        dimension: str,
        holders: Sequence[Components],
        groups: dict[str, list[str | None]],
        columns: list[int],
        offsets: Offsets,
    ) -> Component | None:
        """Likewise the member of a dimension of target groups."""
        return self._pick(
            dimension, [holder.target_group.get(dimension) for holder in holders], groups, columns, offsets
        )

    def _pick(
        self,
        name: str,
        declared: list[LabelSource | None],
        groups: dict[str, list[str | None]],
        columns: list[int],
        offsets: Offsets,
    ) -> Component | None:
        from_values = next((label for label in declared[:-2] if label is not None), None)
        from_table = next((label for label in declared[-2:] if label is not None), None)
        if from_values is None and name in groups:
            source = _as_group(from_table, name)
            raw = _spread_columns(groups[name])
            return self._finished(Component(source, raw.map(self._reader(source, name))), name, columns, offsets)
        if from_values is None and name in self.table_reader.sheet_groups:
            source = _as_group(from_table, name)
            raw_sheet: Spread[str | None] = everywhere(self.table_reader.sheet_groups[name])
            return self._finished(Component(source, raw_sheet.map(self._reader(source, name))), name, columns, offsets)
        label = from_values or from_table
        if label is None:
            return None
        return self._finished(Component(label, self.labels(label, name, columns, offsets)), name, columns, offsets)

    def _finished(self, component: Component, name: str, columns: list[int], offsets: Offsets) -> Component:
        source = component.source
        if isinstance(source, PeriodLabel) and source.year is not None:
            year = self.labels(source.year, "year", columns, offsets)
            return Component(source, component.labels, year)
        if isinstance(source, OrganisationLabel) and source.within is not None:
            above = self.labels(source.within, "within", columns, offsets)
            return Component(source, component.labels, above)
        return component

    def _reader(self, source: LabelSource, name: str) -> LabelReader:
        return LabelReader(source, name, self.view.legacy_encoding)

    def _again(self, source: LabelSource, name: str) -> Callable[[Label | None], Label | None]:
        """Reads once more what one of several places gave, where the group of places says how."""
        if not (source.pattern or source.map or source.blank or source.total or source.width):
            return lambda label: label
        read = self._reader(source, name)
        return lambda label: _with_status_of(read(label.meaning if label is not None else None), (label,))

    def labels(self, source: LabelSource, name: str, columns: list[int], offsets: Offsets) -> Spread[Label | None]:
        """Labels of one label source, as spread over the given rows and columns; read once for those."""
        chosen = contiguous(offsets)
        rows = (chosen.start, chosen.stop) if isinstance(chosen, slice) else chosen.tobytes()
        place = (id(source), name, tuple(columns) if _varies_by_column(source) else (), rows)
        if place not in self._read:
            self._read[place] = (
                source,
                self._labels(source, name, columns, offsets),
            )  # the source is kept: its id is the key
        return self._read[place][1]

    def _labels(self, source: LabelSource, name: str, columns: list[int], offsets: Offsets) -> Spread[Label | None]:
        if source.first_of is not None:
            found = combine([self.labels(part, name, columns, offsets) for part in source.first_of])
            return found.map(lambda labels: next((label for label in labels if label is not None), None)).map(
                self._again(source, name)
            )
        if source.template is not None:
            read: dict[str, Spread[Label | None]] = {
                part: self.labels(place, part, columns, offsets) for part, place in source.parts.items()
            }
            needed = {part for part, place in source.parts.items() if place.fill is not None and any(read[part].values)}

            reader = self._reader(source, name)

            def filled(labels: tuple[Label | None, ...]) -> Label | None:
                whole = reader(_filled_template(source.template or "", dict(zip(read, labels, strict=True)), needed))
                return _with_status_of(whole, labels)

            return combine(list(read.values())).map(filled)
        above = TOTAL_GROUP if is_dimension(name) else None
        raw, read_label = self._raw(source, columns, offsets, above), self._reader(source, name)
        if source.pattern is not None and (source.cell or source.sheet or source.file or source.folder):
            self._refuse_several(source, read_label, raw.values[0] or "")
        return raw.map(read_label)

    def texts(self, source: LabelSource) -> list[str | None]:
        """Every distinct text at a label source of rows, over the whole body."""
        return self._raw(source, [], np.arange(len(self.tester.rows))).values

    def _raw(
        self, source: LabelSource, columns: list[int], offsets: Offsets, above: str | None = None
    ) -> Spread[str | None]:
        """Texts as they stand at the place that a label source names; ``above``: that of rows above the level."""
        if source.header is not None:
            return _spread_columns([self._header_text(source.header, column, columns) for column in columns])
        if source.section is not None:
            return self.sections.texts(source.section).rows(offsets)
        if source.outline is not None:
            return self._outline(source.outline, above).rows(offsets)
        if source.column is not None:
            return row_labels(self.tester, source, source.column, offsets, self.table_reader.file_name)
        if source.beside is not None:
            return labels_beside(self.tester, source, columns, offsets)
        return everywhere(self._one_text(source))

    def _refuse_several(self, source: LabelSource, reader: LabelReader, text: str) -> None:
        """Raise ``Refusal`` (STR-02) where a text that holds for the whole table can be read in several ways."""
        parts = reader.parts(text)
        if len(parts) < 2:
            return
        block, file, cell = self.table_reader.block, self.table_reader.file_name, None
        if source.cell is not None and source.cell.sheet is None:
            place = locate_cell(self.view, source.cell, block, file)
            cell = address(*place) if place is not None else None
        found = ", ".join(f"«{part}»" for part in parts)
        sheet = source.cell.sheet if source.cell is not None and source.cell.sheet else self.view.grid.name
        vi, en = (f", ô {cell}", f", cell {cell}") if cell else ("", "")
        raise Refusal(
            "STR-02",
            sheet,
            cell,
            f"{file}, trang «{sheet}»{vi}: «{text.strip()}» có nhiều phần khớp với mẫu của {reader.component}: "
            f"{found}. Hãy để lại một phần, hoặc sửa pattern để chỉ khớp một phần (^: ở đầu, '.*(…)': phần cuối).",
            f"{file}, sheet «{sheet}»{en}: several parts of «{text.strip()}» match the pattern of {reader.component}: "
            f"{found}. Leave one of them, or let the pattern match only the one that is meant (^ is the beginning, "
            "'.*(…)' takes the last).",
        )

    def _one_text(self, source: LabelSource) -> str | None:
        """A text that is the same for the whole block."""
        if source.sheet:
            return self.view.grid.name
        if source.file:
            return self.table_reader.file_name.rsplit("/", 1)[-1]
        if source.folder is not None:
            return folder_name(self.table_reader.file_name, source.folder, optional=source.optional)
        return self._cell_text(source, source.cell) if source.cell is not None else source.constant

    def _cell_text(self, source: LabelSource, cell: CellSelection) -> str | None:
        reader = self.table_reader
        if cell.sheet is None:
            return find_cell(self.view, cell, reader.block, reader.file_name, optional=source.optional)
        other = next((sheet for sheet in reader.workbook.sheets if is_text(sheet.name, [cell.sheet or ""])), None)
        if other is None:
            if source.optional:
                return None
            raise Refusal(
                "STR-01",
                cell.sheet,
                None,
                f"{reader.file_name}: không có trang «{cell.sheet}». Hãy giữ nguyên các trang của biểu mẫu.",
                f"{reader.file_name}: there is no sheet «{cell.sheet}». Keep the form's sheets as they were.",
            )
        view = reader.layout.views.setdefault(other.name, SheetView(other.grid))
        return find_cell(view, cell, None, reader.file_name, optional=source.optional)

    def _header_text(self, level: int | str | bool, column: int, columns: list[int]) -> str | None:
        block = self.table_reader.block
        if level is True:
            return block.path(column)
        if isinstance(level, int):
            index = level - 1 if level > 0 else level
            if not -len(block.levels) <= index < len(block.levels):
                return None
            return block.levels[index][column]
        for texts in block.levels:
            if any(text and is_text(text, [level]) for text in texts[: min(columns)]):
                return texts[column]
        sheet, row = self.view.grid.name, block.header_rows[0]
        raise Refusal(
            "STR-02",
            sheet,
            address(row, 0),
            f"{self.table_reader.file_name}, trang «{sheet}»: không có dòng tiêu đề nào mở đầu bằng «{level}».",
            f"{self.table_reader.file_name}, sheet «{sheet}»: no header row begins with «{level}».",
        )

    def _outline(self, what: str | int, above: str | None) -> Spread[str | None]:
        outline, table = self.tester.outline, self.table_reader.table
        if outline is None or table.outline is None:
            raise ValueError("a component uses the outline, but the table declares none")
        paths = (outline.paths.get(row, ()) for row in self.tester.rows)
        return spread_rows([_of_path(path, what, table.outline.separator, above) for path in paths])


def _of_path(path: tuple[str, ...], what: str | int, separator: str, above: str | None) -> str | None:
    """The label of a place in the outline; of a row ``above`` the level that is meant, what that says."""
    if not path:
        return None
    if what == "path":
        return separator.join(path)
    level = {"leaf": len(path), "parent": len(path) - 1}.get(what, what) if isinstance(what, str) else what
    return path[level - 1] if isinstance(level, int) and 1 <= level <= len(path) else above


def _varies_by_column(source: LabelSource) -> bool:
    return (
        source.header is not None
        or source.beside is not None
        or any(_varies_by_column(part) for part in [*source.parts.values(), *(source.first_of or ())])
    )


def _as_group(declared: LabelSource | None, name: str) -> LabelSource:
    """How a named group is read: as the table's declaration says, without its own place."""
    model = _DEFAULT_SOURCE.get(name, LabelSource)
    if declared is None:
        return model(constant="")
    kept = {
        key: value
        for key, value in declared.model_dump(exclude_unset=True, by_alias=True).items()
        if key in {"calendar", "frequency", "year", "as_of", "straddle", "level", "map", "total", "width", "replace"}
    }
    return model.model_validate({"constant": "", **kept})


def _filled_template(template: str, parts: dict[str, Label | None], needed: set[str]) -> str | None:
    """The template with its parts; None where there is none of them.

    A label that reaches over several cells (``needed``) reaches every row that has the others. Where it does not, it
    was lost, and what is left of the template must not be taken for another label: the part's own name stands there.
    """
    if all(label is None for label in parts.values()):
        return None
    missing = {name: f"⟨{name}?⟩" if name in needed else "" for name in parts}
    return template.format(**{name: label.meaning if label else missing[name] for name, label in parts.items()})


def _with_status_of(whole: Label | None, parts: Sequence[Label | None]) -> Label | None:
    """The label that was put together, with what stood beside a part of it (*2024p*, of which a pattern took 2024)."""
    status = next((part.obs_status for part in parts if part is not None and part.obs_status), None)
    return whole if whole is None or status is None else replace(whole, obs_status=whole.obs_status or status)


def _spread_columns(texts: list[str | None]) -> Spread[str | None]:
    distinct = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    return Spread(np.array([[distinct[text] for text in texts]], np.int64), list(distinct))
