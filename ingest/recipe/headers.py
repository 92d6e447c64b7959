"""Finds header rows by their texts, and gives each column its path through them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial

from ingest.read import Refusal, address
from ingest.recipe.model import Header, Table
from ingest.recipe.sheet import SheetView
from ingest.recipe.texts import PATH_SEPARATOR, is_text

_NUMBERING_CELL = re.compile(r"^\(?\s*(?:[A-Za-zĐđ]|\d{1,3})\s*\)?\s*(?:=.*)?$")


@dataclass(frozen=True)
class Block:
    """One table on a sheet: its header rows, its columns and how far down it may reach. Rows and columns from 0."""

    top: int
    header_rows: tuple[int, ...]
    body_start: int
    limit: int  # first row that belongs to something else
    above: int  # first row below the header of the block before
    first_column: int
    last_column: int
    levels: tuple[tuple[str, ...], ...]  # by header row, by column from 0: text after filling
    taken: tuple[tuple[bool, ...], ...] = ()  # likewise: whether it is a neighbour's text, though nothing is merged
    has_neighbours: bool = False  # other blocks of the table stand at its side

    @property
    def columns(self) -> range:
        return range(self.first_column, self.last_column + 1)

    def parts(self, column: int) -> tuple[str, ...]:
        """Texts of the header path of a column, top to bottom; equal neighbours once, empty ones not."""
        found: list[str] = []
        for level in self.levels:
            text = level[column] if column < len(level) else ""
            if text and (not found or found[-1] != text):
                found.append(text)
        return tuple(found)

    def path(self, column: int) -> str:
        return PATH_SEPARATOR.join(" ".join(part.split()) for part in self.parts(column))


def whole_sheet(view: SheetView) -> Block:
    """The block of a table without header: it has no rows, and its cells are found anywhere on the sheet."""
    height, width = view.grid.height, view.grid.width
    return Block(height, (), height, height, 0, 0, max(width - 1, 0), ())


def find_anchor_rows(view: SheetView, header: Header) -> list[int]:
    """Rows that hold all the header's texts, top to bottom."""
    if header.row is not None:
        return [header.row - 1] if header.row <= view.grid.height else []
    rows: set[int] | None = None
    for text in header.holds or ():
        here = {row for row, _ in view.find(partial(is_text, wanted=[text]), wanted=[text])}
        rows = here if rows is None else rows & here
        if not rows:
            return []
    return sorted(rows or ())


def find_blocks(view: SheetView, table: Table, file_name: str, others: list[int]) -> list[Block]:
    """The blocks of a table on a sheet. ``others`` are header rows of other tables there, which end its body.

    Raises ``Refusal`` (STR-02) where the header is missing or is found more often than expected.
    """
    header = table.heading
    anchors = find_anchor_rows(view, header)
    anchors = [row for row in anchors if row - (header.anchor - 1) >= 0]
    if not anchors:
        raise missing_header([view], table, file_name)
    if header.occurrence == "each":
        chosen = anchors
    elif "occurrence" in header.model_fields_set:
        if header.occurrence > len(anchors):
            raise missing_header([view], table, file_name)
        chosen = [anchors[header.occurrence - 1]]
    elif len(anchors) > 1:
        raise _many_headers(view, table, file_name, anchors)
    else:
        chosen = anchors
    tops = [row - (header.anchor - 1) for row in chosen]
    limits = sorted({*tops, *others, view.grid.height})
    blocks: list[Block] = []
    above = 0
    for top in tops:
        limit = next(row for row in limits if row > top)
        stretches = _column_stretches(view, table, top + header.anchor - 1, file_name)
        for first, last in stretches:
            block = _block(view, table, file_name, top=top, limit=limit, above=above, first=first, last=last)
            blocks.append(replace(block, has_neighbours=len(stretches) > 1))
        above = blocks[-1].body_start if blocks else 0
    return blocks


def _block(
    view: SheetView, table: Table, file_name: str, *, top: int, limit: int, above: int, first: int, last: int
) -> Block:
    header = table.heading
    rows = tuple(range(top, top + header.rows))
    body = top + header.rows
    if header.numbering:
        _check_numbering(view, file_name, body)
        body += 1
    levels, taken = _filled_levels(view, rows, header.fill, first)
    if "fill" in header.model_fields_set and header.fill == "right":
        taken = ()  # the recipe says that headings reach as far as the next
    return Block(top, rows, body, max(limit, body), above, first, last, levels, taken)


def _column_stretches(view: SheetView, table: Table, anchor_row: int, file_name: str) -> list[tuple[int, int]]:
    """First and last column of each table in the header row: one, or several side by side."""
    grid, header = view.grid, table.heading
    texts = grid.row_texts(anchor_row)
    last = grid.width - 1
    if table.columns_from or table.columns_to:
        start = _column_of(view, table, anchor_row, table.columns_from, file_name) if table.columns_from else 0
        stop = (
            _column_of(view, table, anchor_row, table.columns_to, file_name, after=start) if table.columns_to else last
        )
        return [(start, stop)]
    if header.occurrence == "each" and header.holds:
        starts = [column for column, text in enumerate(texts) if text and is_text(text, header.holds[:1])]
        if len(starts) > 1:
            return [(start, (starts[n + 1] if n + 1 < len(starts) else last + 1) - 1) for n, start in enumerate(starts)]
    return [(0, last)]


def _column_of(view: SheetView, table: Table, row: int, text: str, file_name: str, after: int = 0) -> int:
    for at in range(max(0, row - table.heading.anchor + 1), row - table.heading.anchor + 1 + table.heading.rows):
        for column, found in enumerate(view.grid.row_texts(at)):
            if column >= after and found and is_text(found, [text]):
                return column
    sheet = view.grid.name
    raise Refusal(
        "STR-02",
        sheet,
        address(row, 0),
        f"{file_name}, trang «{sheet}», dòng {row + 1}: không thấy tiêu đề «{text}» là biên của bảng.",
        f"{file_name}, sheet «{sheet}», row {row + 1}: header «{text}», the border of the table, is not there.",
    )


def _filled_levels(
    view: SheetView, rows: tuple[int, ...], fill: str, first: int
) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[bool, ...], ...]]:
    """The texts of the header rows after filling, and which of them were taken from the left neighbour."""
    grid = view.grid
    levels = [grid.row_texts(row) for row in rows]
    taken = [[False] * len(level) for level in levels]
    if len(rows) == 1 or fill == "none":
        return tuple(tuple(_tidy_text(text) for text in level) for level in levels), ()
    merged = fill == "merged" and view.has_merged_cells
    if merged:
        for top, left, bottom, right in grid.merged:
            text = grid.text(top, left)
            for row in range(max(top, rows[0]), min(bottom, rows[-1]) + 1):
                for column in range(left, min(right, grid.width - 1) + 1):
                    levels[row - rows[0]][column] = text
    else:
        for number, level in enumerate(levels[:-1]):
            for column in range(first + 1, grid.width):
                parent_changes = number > 0 and levels[number - 1][column] != levels[number - 1][column - 1]
                below = any(levels[lower][column].strip() for lower in range(number + 1, len(levels)))
                if not level[column].strip() and below and not parent_changes:
                    level[column] = level[column - 1]
                    taken[number][column] = True
    return tuple(tuple(_tidy_text(text) for text in level) for level in levels), tuple(map(tuple, taken))


def _tidy_text(text: str) -> str:
    return text.strip(" \t\xa0") if text else ""


def _check_numbering(view: SheetView, file_name: str, row: int) -> None:
    texts = [text.strip() for text in view.grid.row_texts(row) if text.strip()]
    if not texts or not all(_NUMBERING_CELL.match(text) for text in texts):
        sheet = view.grid.name
        raise Refusal(
            "STR-02",
            sheet,
            address(row, 0),
            f"{file_name}, trang «{sheet}», dòng {row + 1}: phải là dòng đánh số cột (A, B, 1, 2 …) ngay dưới tiêu đề.",
            f"{file_name}, sheet «{sheet}», row {row + 1}: the row of column numbers (A, B, 1, 2 …) must "
            "stand here, right "
            "below the header.",
        )


def _wanted(header: Header) -> str:
    return " + ".join(f"«{text}»" for text in header.holds or ()) or f"dòng/row {header.row}"


def missing_header(views: list[SheetView], table: Table, file_name: str) -> Refusal:
    """STR-02 for a header that is on none of the sheets it may be on; the nearest text is named with its place."""
    if table.header is None:
        wanted = tuple(text for values in table.single_cells for text in (values.cell.texts if values.cell else ()))
    else:
        wanted = table.header.holds or ()
    missing = [
        (view, [text for text in wanted if not view.find(partial(is_text, wanted=[text]), wanted=[text])])
        for view in views
    ]
    view, texts = min(missing, key=lambda item: len(item[1]), default=(None, []))
    sheet = view.grid.name if view is not None else None
    nearest = view.nearest(texts or wanted) if view is not None else None
    near_vi = f" Gần nhất: «{nearest[0]}» ở ô {nearest[1]}." if nearest else ""
    near_en = f" Nearest: «{nearest[0]}» in cell {nearest[1]}." if nearest else ""
    where_vi = f"trang «{sheet}»" if sheet else "mọi trang"
    where_en = f"sheet «{sheet}»" if sheet else "no sheet"
    if table.header is None:
        what_vi, what_en = f"ô «{' | '.join(wanted)}»", f"the cell «{' | '.join(wanted)}» is not there"
    else:
        what_vi, what_en = f"dòng tiêu đề có {_wanted(table.header)}", f"no header row holds {_wanted(table.header)}"
        if 0 < len(texts) < len(wanted):
            lacking = ", ".join(f"«{text}»" for text in texts)
            what_vi, what_en = f"{what_vi}: thiếu {lacking}", f"{what_en}: {lacking} is missing"
    if view is not None and view.names_of_message is not None:
        return missing_in_message(view, what_vi, what_en, file_name)
    return Refusal(
        "STR-02",
        sheet,
        nearest[1] if nearest else None,
        f"{file_name}, {where_vi}: không thấy {what_vi}.{near_vi} Hãy giữ nguyên tiêu đề của biểu mẫu.",
        f"{file_name}, {where_en}: {what_en}.{near_en} Keep the form's header as it was.",
    )


def missing_in_message(view: SheetView, what_vi: str, what_en: str, file_name: str) -> Refusal:
    """STR-02 for an answer of an API that lacks what the recipe names: the columns that it has are listed."""
    return Refusal(
        "STR-02",
        view.grid.name,
        None,
        f"{file_name}: không thấy {what_vi} trong câu trả lời của API, có các cột: {view.names_of_message}. "
        "Hãy dùng các tên này trong công thức.",
        f"{file_name}: {what_en} in the answer of the API, which has the columns {view.names_of_message}. "
        "Use these names in the recipe.",
    )


def _many_headers(view: SheetView, table: Table, file_name: str, rows: list[int]) -> Refusal:
    sheet = view.grid.name
    where = ", ".join(str(row + 1) for row in rows[:5])
    return Refusal(
        "STR-02",
        sheet,
        address(rows[1], 0),
        f"{file_name}, trang «{sheet}»: có {len(rows)} dòng tiêu đề chứa {_wanted(table.heading)} (dòng {where}). "
        "Hãy bỏ dòng thừa, hoặc thêm khóa occurrence trong công thức.",
        f"{file_name}, sheet «{sheet}»: {len(rows)} rows hold {_wanted(table.heading)} (rows {where}). "
        "Remove the surplus one, or say occurrence in the recipe.",
    )
