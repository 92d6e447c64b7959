"""Finds single cells by their text, for titles, units and periods that stand outside a table."""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.read import Refusal, address
from ingest.read.sheet_xml import column_number
from ingest.recipe.headers import Block
from ingest.recipe.selection import CellSelection
from ingest.recipe.sheet import Role, SheetView
from ingest.recipe.texts import begins_with_text, compiled, contains_text, is_text

_DIRECTIONS = {"right_of": (0, 1), "left_of": (0, -1), "below": (1, 0), "above": (-1, 0)}


def find_cell(
    view: SheetView, selection: CellSelection, block: Block | None, file_name: str, *, optional: bool = False
) -> str | None:
    """Text of the one cell meant; None where an optional one is absent. Raises ``Refusal`` (STR-02)."""
    place = locate_cell(view, selection, block, file_name, optional=optional)
    return _taken(view, place) if place is not None else None


def is_there(view: SheetView, selection: CellSelection) -> bool:
    """Whether a sheet holds a cell that may be meant."""
    return selection.at is not None or bool(_found(view, selection, None))


def locate_cell(
    view: SheetView, selection: CellSelection, block: Block | None, file_name: str, *, optional: bool = False
) -> tuple[int, int] | None:
    """Row and column of the one cell meant; None where an optional one is absent. Raises ``Refusal`` (STR-02)."""
    place = find_anchor(view, selection, block, file_name, optional=optional)
    if place is None:
        return None
    for name, (down, right) in _DIRECTIONS.items():
        if getattr(selection, name) is not None:
            beside = _first_filled(view, place, down, right)
            if beside is None and not optional:
                raise _nothing_beside(view, selection, place, file_name)
            return beside
    return place


def find_anchor(
    view: SheetView, selection: CellSelection, block: Block | None, file_name: str, *, optional: bool = False
) -> tuple[int, int] | None:
    """Row and column of the cell that holds what is sought: the one meant, or that beside which it stands."""
    if selection.at is not None:
        letters, row = re.findall(r"[A-Za-z]+|\d+", selection.at)
        return int(row) - 1, column_number(letters)
    found = _found(view, selection, block)
    if len(found) > 1 and "occurrence" not in selection.model_fields_set:
        raise _ambiguous(view, selection, found, file_name)
    if len(found) < selection.occurrence:
        if optional:
            return None
        raise _missing(view, selection, file_name)
    return found[selection.occurrence - 1]


def _taken(view: SheetView, place: tuple[int, int]) -> str:
    row, column = place
    if row < view.grid.height and column < view.grid.width:
        view.mark(row, column, Role.CONTEXT)
    return view.grid.text(row, column)


def _found(view: SheetView, selection: CellSelection, block: Block | None) -> list[tuple[int, int]]:
    """The cells that pass the strictest way of finding them. Of a block's own cells, the nearest above its header."""
    start, stop = 0, view.grid.height
    in_block = block is not None and (block.above > 0 or block.limit < view.grid.height)
    within = selection.within or ("block" if in_block else "sheet")
    if block is not None and within != "sheet":
        start, stop = block.above, block.top if within == "above_header" else block.limit
    for test in _tests(selection):
        found = view.find(test, wanted=_wanted(selection), rows=(start, stop))
        if block is not None and block.has_neighbours:
            found = _of_its_columns(found, block, strictly=selection.within == "block")
        if found:
            break
    if block is not None and within != "sheet" and "occurrence" not in selection.model_fields_set:
        above = [place for place in found if place[0] < block.top]
        nearest = [place for place in above if place[0] == above[-1][0]] if above else []
        if not above and selection.within is None and block.limit < view.grid.height:
            return []  # what stands below a block that another one follows is the other's
        return (nearest if block.above > 0 else above) or found
    return found


def _of_its_columns(found: list[tuple[int, int]], block: Block, *, strictly: bool) -> list[tuple[int, int]]:
    """Of several cells, those above the block's own columns; a single one may be the title of all the blocks."""
    own = [place for place in found if place[1] in block.columns]
    return own if strictly or (own and len(found) > 1) else found


def _tests(selection: CellSelection) -> list[Callable[[str], bool]]:
    """Ways of finding the cell, the strictest first."""
    if selection.matching is not None:
        pattern = compiled(selection.matching)
        return [lambda text: pattern.search(text) is not None]
    if selection.containing is not None:
        wanted = selection.containing
        return [lambda text: contains_text(text, wanted)]
    beside = _wanted(selection)
    return [lambda text: is_text(text, beside), lambda text: begins_with_text(text, beside)]


def _wanted(selection: CellSelection) -> tuple[str, ...]:
    """The texts that are sought, where it is no pattern."""
    return next((texts for name in ("containing", *_DIRECTIONS) if (texts := getattr(selection, name)) is not None), ())


def _first_filled(view: SheetView, place: tuple[int, int], down: int, right: int) -> tuple[int, int] | None:
    row, column = place[0] + down, place[1] + right
    while 0 <= row < view.grid.height and 0 <= column < view.grid.width:
        if view.grid.text(row, column).strip():
            return row, column
        row, column = row + down, column + right
    return None


def describe(selection: CellSelection) -> str:
    for name in ("containing", *_DIRECTIONS):
        texts = getattr(selection, name)
        if texts is not None:
            return " | ".join(texts)
    return selection.matching or selection.at or ""


def _missing(view: SheetView, selection: CellSelection, file_name: str) -> Refusal:
    sheet, what = view.grid.name, describe(selection)
    nearest = view.nearest([what])
    near_vi = f" Gần nhất: «{nearest[0]}» ở ô {nearest[1]}." if nearest else ""
    near_en = f" Nearest: «{nearest[0]}» in cell {nearest[1]}." if nearest else ""
    return Refusal(
        "STR-02",
        sheet,
        nearest[1] if nearest else None,
        f"{file_name}, trang «{sheet}»: không thấy ô «{what}».{near_vi} Hãy giữ nguyên phần đầu của biểu mẫu.",
        f"{file_name}, sheet «{sheet}»: the cell «{what}» is not there.{near_en} Keep the head of the form as it was.",
    )


def _ambiguous(view: SheetView, selection: CellSelection, found: list[tuple[int, int]], file_name: str) -> Refusal:
    sheet = view.grid.name
    where = ", ".join(address(*place) for place in found[:5])
    return Refusal(
        "STR-02",
        sheet,
        address(*found[1]),
        f"{file_name}, trang «{sheet}»: có {len(found)} ô «{describe(selection)}» ({where}). Hãy thêm khóa "
        "occurrence hoặc within.",
        f"{file_name}, sheet «{sheet}»: {len(found)} cells are «{describe(selection)}» ({where}). Say "
        "occurrence or within.",
    )


def _nothing_beside(view: SheetView, selection: CellSelection, place: tuple[int, int], file_name: str) -> Refusal:
    sheet, where = view.grid.name, address(*place)
    return Refusal(
        "STR-02",
        sheet,
        where,
        f"{file_name}, trang «{sheet}»: cạnh ô {where} («{describe(selection)}») không có gì. Hãy điền vào biểu mẫu.",
        f"{file_name}, sheet «{sheet}»: nothing stands beside cell {where} («{describe(selection)}»). Fill "
        "in the form.",
    )
