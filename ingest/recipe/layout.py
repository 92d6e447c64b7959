"""Lays a recipe over a workbook: which cells are figures, and what label each component of each figure has."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatch

import numpy as np

from ingest.read import Refusal, Workbook, address
from ingest.read.column import places
from ingest.recipe.cells import find_anchor, find_cell, is_there, locate_cell
from ingest.recipe.columns import ColumnFinder
from ingest.recipe.components import SINGLE_COMPONENTS, Components, labels_of
from ingest.recipe.formulas import check_formulas
from ingest.recipe.headers import Block, find_anchor_rows, find_blocks, missing_header, whole_sheet
from ingest.recipe.hidden import hidden_part, hidden_sheets
from ingest.recipe.label_reader import ComponentReader
from ingest.recipe.labels import Component, Label, LabelReader, Spread
from ingest.recipe.lookalikes import has_numbers, lookalike
from ingest.recipe.lost_labels import LostLabels, Reach, check_expected
from ingest.recipe.misplaced import MisplacedCells
from ingest.recipe.model import Numbers, Source, Table, Total, Values
from ingest.recipe.outline import read_outline
from ingest.recipe.printed_units import PrintedUnit, printed_beside, printed_units
from ingest.recipe.rows import RowTester, body_stop
from ingest.recipe.selection import ColumnSelection
from ingest.recipe.sheet import Mask, Role, SheetView
from ingest.recipe.sheets import selected_sheets
from ingest.recipe.texts import compiled, parts_found, the_part
from ingest.recipe.unit_power import unit_power
from ingest.recipe.without_figure import without_figure
from ingest.remark import Remark


@dataclass
class Figures:
    """A rectangle of value cells: ``rows`` × ``columns`` of a sheet, with the labels of each component.

    ``uncertain`` marks rows without a figure, which count only if their labels are known. ``misplaced`` marks cells of
    which it cannot be told to which row and column they belong; None where there are none.
    """

    view: SheetView
    rows: np.ndarray  # type: ignore[type-arg]
    columns: list[int]
    components: dict[str, Component]
    groups: dict[str, Component]
    numbers: Numbers
    multiplier: float | None
    total_of: str | None
    uncertain: Mask
    misplaced: Mask | None = None
    #: Rows that may stand under another's label, and the stretches of rows that labels above them reach over.
    lost_label: Mask | None = None
    reaches: tuple[Reach, ...] = ()
    #: What the sheet says about units, where the recipe says nothing.
    printed_unit: Spread[PrintedUnit] | None = None
    #: What the column UNIT_MULT says of each row, where the recipe says nothing of it.
    unit_power: Spread[Label | None] | None = None
    #: What part of a cell's text is the figure.
    pattern: str | None = None


@dataclass
class Layout:
    """Everything a recipe found in a workbook."""

    figures: list[Figures] = field(default_factory=list)
    views: dict[str, SheetView] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def lay_out(workbook: Workbook, source: Source) -> Layout:
    """Find every figure that a source's recipe describes. Raises ``Refusal`` (STR-01, STR-02)."""
    layout = Layout(notes=list(workbook.notes), remarks=hidden_sheets(workbook))
    base_name = workbook.file_name.rsplit("/", 1)[-1]
    tables = [
        table
        for table in source.tables
        if table.files is None
        or any(fnmatch(name.casefold(), table.files.casefold()) for name in (base_name, workbook.file_name))
    ]
    on_sheet: dict[str, list[tuple[Table, dict[str, str]]]] = {}
    for table in tables:
        for sheet, groups in selected_sheets(workbook, table):
            on_sheet.setdefault(sheet.name, []).append((table, groups))
    found: dict[int, list[Block]] = {}
    read: set[str] = set()
    for sheet in workbook.sheets:
        if sheet.name not in on_sheet:
            continue
        view = layout.views.setdefault(sheet.name, SheetView(sheet.grid))
        for table, groups in on_sheet[sheet.name]:
            neighbours = [other for other, _ in on_sheet[sheet.name] if other is not table]
            for block in _blocks(view, table, neighbours, workbook.file_name):
                found.setdefault(id(table), []).append(block)
                read.add(sheet.name)
                TableReader(layout, workbook, source, table, view, block, groups).read()
    for table in tables:
        if id(table) not in found and not table.optional:
            raise missing_header(list(layout.views.values()), table, workbook.file_name)
    for name, tables_there in on_sheet.items():
        if name in layout.views and name not in read:
            _pass_by(layout, layout.views[name], [table for table, _ in tables_there], found, workbook.file_name)
    if not found:
        raise Refusal(
            "STR-02",
            None,
            None,
            f"{workbook.file_name}: không thấy bảng nào mà công thức «{source.code}» mô tả. Hãy nộp đúng biểu mẫu.",
            f"{workbook.file_name}: it holds none of the tables that the recipe «{source.code}» describes. "
            "Hand in the right form.",
        )
    return layout


def _pass_by(
    layout: Layout, view: SheetView, tables: list[Table], found: dict[int, list[Block]], file_name: str
) -> None:
    """A sheet on which no table was found: refused where it looks like one of them, noted where it holds numbers."""
    for table in tables:
        if table.header is not None and table.header.holds and not table.optional:
            refusal = lookalike(view, table, found.get(id(table), []), file_name)
            if refusal is not None:
                raise refusal
    if has_numbers(view):
        name = view.grid.name
        layout.notes.append(f"«{name}»: không có bảng nào, không đọc. / «{name}»: no table found, not read.")


def _blocks(view: SheetView, table: Table, neighbours: list[Table], file_name: str) -> list[Block]:
    if table.header is None:
        cells = [values.cell for values in table.single_cells if values.cell is not None]
        may_be_absent = table.optional or table.sheets == "all"
        return [] if may_be_absent and not any(is_there(view, cell) for cell in cells) else [whole_sheet(view)]
    own = set(find_anchor_rows(view, table.header))
    others = [
        row - (other.header.anchor - 1)
        for other in neighbours
        if other.header is not None
        for row in find_anchor_rows(view, other.header)
        if row not in own
    ]
    absent_is_fine = table.optional or (table.sheets == "all" and not own)
    if absent_is_fine and not own:
        # A workbook has sheets that hold no table (cover, index): the table must be on one of them, not on all.
        return []
    return find_blocks(view, table, file_name, others)


class TableReader:
    """Reads one block of one table."""

    def __init__(
        self,
        layout: Layout,
        workbook: Workbook,
        source: Source,
        table: Table,
        view: SheetView,
        block: Block,
        sheet_groups: dict[str, str],
    ) -> None:
        self.layout, self.workbook, self.source, self.table = layout, workbook, source, table
        self.view, self.block, self.sheet_groups = view, block, sheet_groups
        self.file_name = workbook.file_name
        self.finder = ColumnFinder(view, block, workbook.file_name)

    def read(self) -> None:
        """Add the block's figures and notes to the layout."""
        table, view, block = self.table, self.view, self.block
        tabular = [values for values in table.values if values.columns is not None]
        if not tabular:
            self._read_single_cells(RowTester(view, block, self.finder, block.limit))
            return
        for row in block.header_rows:
            view.mark(row, list(block.columns), Role.HEADER)
        early = RowTester(view, block, self.finder, block.limit)
        if table.body.no_data is not None and early.mask(table.body.no_data).any():
            row = block.body_start + int(np.flatnonzero(early.mask(table.body.no_data))[0])
            self._note_row(row)
            return
        self._note_cells()
        self._use_label_columns()
        chosen = [(values, self._value_columns(values, values.columns)) for values in tabular if values.columns]
        value_columns = sorted({column for _, columns in chosen for column in columns})
        if table.heading.fill != "none":
            self.finder.check_whole(value_columns)
        stop = self._stop(value_columns)
        outline = read_outline(table.outline, view, block, self.finder, stop) if table.outline else None
        tester = RowTester(view, block, self.finder, stop, value_columns, outline)
        self.reader = ComponentReader(self, tester)
        self._check_expected()
        records, totals = self._classify(tester)
        self.lost = LostLabels(tester, self.reader.sections, by_parent=self._are_told_by_parent())
        self.layout.notes.extend(self.lost.notes)
        every = np.concatenate([records, *totals.values()])
        self.misplaced = MisplacedCells(view, block, every, value_columns)
        check_formulas(view, every, value_columns, self.file_name)
        for values, columns in chosen:
            self._add(values, columns, records, tester, None)
            for total, rows in totals.items():
                self._add(values, columns, rows, tester, table.totals[total])
        self._read_single_cells(tester)

    def _read_single_cells(self, tester: RowTester) -> None:
        """Figures that stand alone: each a rectangle of one cell."""
        if self.table.header is None:
            self.reader = ComponentReader(self, tester)
            self._note_cells()
        for values in self.table.single_cells:
            if values.cell is None:
                continue
            place = locate_cell(self.view, values.cell, self.block, self.file_name, optional=values.optional)
            if place is not None and place[0] < self.view.grid.height and place[1] < self.view.grid.width:
                check_formulas(self.view, np.array([place[0]]), [place[1]], self.file_name)
                self._add(values, [place[1]], np.array([place[0]]), tester, None)

    def _stop(self, value_columns: list[int]) -> int:
        body = self.table.body
        outline = None
        tester = RowTester(self.view, self.block, self.finder, self.block.limit, value_columns, outline)
        return body_stop(tester, body.ends, body.ends_after, body.blank_rows)

    def _check_expected(self) -> None:
        holders: list[Components] = [*self.table.values, self.table, self.source.constants]
        for label in (label for holder in holders for label in labels_of(holder) if label.expect is not None):
            texts = self.reader.texts(label)
            read = LabelReader(label, "", self.view.legacy_encoding)
            check_expected(label, read, texts, self.view.grid.name, self.file_name)

    def _are_told_by_parent(self) -> bool:
        """Whether labels come from what rows stand under in the outline."""
        holders: list[Components] = [*self.table.values, self.table, self.source.constants]
        return any(label.outline not in (None, "leaf") for holder in holders for label in labels_of(holder))

    def _note_cells(self) -> None:
        for cell in self.table.notes:
            text = find_cell(self.view, cell, self.block, self.file_name, optional=True)
            if text:
                self.layout.notes.append(text)

    def _use_label_columns(self) -> None:
        """Columns that components and tests name are not among ``rest``."""
        holders: list[Components] = [*self.table.values, self.table, self.source.constants]
        for holder in holders:
            for label in labels_of(holder):
                if label.column is not None:
                    self.finder.many(label.column, optional=True)
        if self.table.outline is not None:
            self.finder.many(self.table.outline.column, optional=True)
        for values in self.table.values:
            if values.columns is not None and not values.columns.rest:
                self.finder.many(values.columns, optional=True)

    def _value_columns(self, values: Values, selection: ColumnSelection) -> list[int]:
        columns = self.finder.many(selection, optional=values.optional)
        if selection.occurrence is None:
            self.finder.check_distinct(selection, columns)
        if selection.means_several:
            self.finder.check_reach(columns)
        if len(columns) > 1 and not selection.means_several:
            self.finder.one(selection)
        hidden = self._hidden_columns()
        if self.table.hidden == "skip":
            columns = [column for column in columns if column not in hidden]
        elif hidden & set(columns):
            self._hidden_found(sorted(hidden & set(columns)), "column")
        return columns

    def _hidden_columns(self) -> set[int]:
        xml = self.view.grid.xml
        return {
            column
            for first, last in (xml.hidden_columns if xml else ())
            for column in range(first, min(last, self.view.grid.width) + 1)
        }

    def _hidden_found(self, places: list[int], what: str) -> None:
        sheet = self.view.grid.name
        place = address(self.block.body_start, places[0]) if what == "column" else address(places[0], 0)
        vi = f"có {len(places)} {'cột' if what == 'column' else 'dòng'} ẩn chứa số liệu, từ ô {place}"
        en = f"{len(places)} hidden {what}s hold figures, from cell {place}"
        if self.table.hidden == "refuse":
            raise Refusal(
                "STR-01",
                sheet,
                place,
                f"{self.file_name}, trang «{sheet}»: {vi}. Hãy bỏ ẩn hoặc xóa.",
                f"{self.file_name}, sheet «{sheet}»: {en}. Show or remove them.",
            )
        remark = hidden_part(self.file_name, sheet, place, f"{len(places)} {what}", vi, en)
        if remark not in self.layout.remarks:
            self.layout.remarks.append(remark)

    def _classify(self, tester: RowTester) -> tuple[np.ndarray, dict[int, np.ndarray]]:  # type: ignore[type-arg]
        """Rows that are records, and rows that are totals by their declaration."""
        body = self.table.body
        free = ~tester.empty()
        for section in self.reader.sections.declared:
            mask = self.reader.sections.opening_rows(section) & ~tester.filled(tester.value_columns)
            self._mark(tester, mask & free, Role.SECTION)
            free &= ~mask
        notes = tester.any_of(body.notes) & free
        for row in np.flatnonzero(notes):
            self._note_row(tester.rows.start + int(row))
        free &= ~notes
        totals: dict[int, np.ndarray] = {}  # type: ignore[type-arg]
        for number, total in enumerate(self.table.totals):
            mask = tester.mask(total.rows) & free & tester.filled(tester.value_columns)
            free &= ~mask
            if mask.any():
                totals[number] = places(mask, tester.rows.start)
        skipped = tester.any_of(body.skip) & free
        if body.only is not None:
            skipped |= ~tester.mask(body.only) & free
        free = self._without_hidden_rows(tester, free & ~skipped)
        self._mark(tester, skipped, Role.SKIPPED)
        if body.rows_without_values == "ignore":
            free &= tester.filled(tester.value_columns)
        return places(free, tester.rows.start), totals

    def _without_hidden_rows(self, tester: RowTester, free: Mask) -> Mask:
        xml = self.view.grid.xml
        hidden = sorted(
            row for row in (xml.hidden_rows if xml else ()) if row in tester.rows and free[row - tester.rows.start]
        )
        if not hidden:
            return free
        if self.table.hidden == "skip":
            free = free.copy()
            free[np.array(hidden) - tester.rows.start] = False
        else:
            self._hidden_found(hidden, "row")
        return free

    def _mark(self, tester: RowTester, mask: Mask, role: Role) -> None:
        self.view.mark(places(mask, tester.rows.start), list(self.block.columns), role)

    def _note_row(self, row: int) -> None:
        texts = [
            text.strip() for column, text in enumerate(self.view.grid.row_texts(row)) if column in self.block.columns
        ]
        self.layout.notes.append(" ".join(filter(None, texts)))
        self.view.mark(row, list(self.block.columns), Role.NOTE)

    def _add(
        self,
        values: Values,
        columns: list[int],
        rows: np.ndarray,
        tester: RowTester,
        total: Total | None,  # type: ignore[type-arg]
    ) -> None:
        if values.only is not None and total is None:
            rows = rows[tester.mask(values.only)[rows - tester.rows.start]]
        if not columns or not len(rows):
            return
        holders: list[Components] = [*([total] if total else []), values, self.table, self.source.constants]
        groups = self._pattern_groups(values, columns)
        offsets = rows - tester.rows.start
        found = {name: self.reader.component(name, holders, groups, columns, offsets) for name in SINGLE_COMPONENTS}
        dimensions = {dimension for holder in holders for dimension in holder.target_group}
        named = {name for name in [*groups, *self.sheet_groups] if name not in SINGLE_COMPONENTS}
        members = {
            name: self.reader.group(name, holders, groups, columns, offsets) for name in sorted(dimensions | named)
        }
        total_of = total.of if total else values.total_of
        multiplier = next((h.multiplier for h in holders if h.multiplier is not None), None)
        in_body = total is None and values.cell is None
        unsaid = found["unit"] is None and multiplier is None
        in_a_row = values.cell is None and multiplier is None
        self.view.mark(rows, columns, Role.TOTAL if total_of else Role.VALUE)
        self.layout.figures.append(
            Figures(
                view=self.view,
                rows=rows,
                columns=columns,
                components={name: component for name, component in found.items() if component is not None},
                groups={name: component for name, component in members.items() if component is not None},
                numbers=values.numbers or self.table.numbers or self.source.numbers,
                multiplier=multiplier,
                total_of=total_of,
                uncertain=self._uncertain(rows, tester) if in_body else np.zeros(len(rows), bool),
                misplaced=self.misplaced.mask(rows, columns) if values.cell is None else None,
                lost_label=self.lost.rows[offsets] if in_body and self.lost.rows[offsets].any() else None,
                reaches=tuple(reach[offsets] for reach in self.lost.reaches(holders)) if in_body else (),
                printed_unit=self._printed_unit(values, columns) if unsaid else None,
                unit_power=unit_power(self.reader, found["unit"], columns, offsets) if in_a_row else None,
                pattern=values.pattern,
            )
        )

    def _printed_unit(self, values: Values, columns: list[int]) -> Spread[PrintedUnit] | None:
        if values.cell is None:
            return printed_units(self.view, self.block, columns)
        anchor = find_anchor(self.view, values.cell, self.block, self.file_name)
        return printed_beside(self.view, anchor) if anchor is not None else None

    def _pattern_groups(self, values: Values, columns: list[int]) -> dict[str, list[str | None]]:
        """For each named group of the pattern that selects columns, its text in each column's header path."""
        if not values.named_groups:
            return {}
        pattern, paths = values.named_groups, [self.block.path(column) for column in columns]
        return {
            name: [the_part(parts_found(pattern, path, name)) or None for path in paths]
            for name in compiled(pattern).groupindex
        }

    def _uncertain(self, rows: np.ndarray, tester: RowTester) -> Mask:  # type: ignore[type-arg]
        if self.table.body.rows_without_values == "missing":
            return np.zeros(len(rows), bool)
        return without_figure(self.source, self.table, tester, rows)
