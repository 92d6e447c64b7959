"""Selects columns by the header texts above them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.read import CellKind, Refusal, address
from ingest.read.sheet_xml import column_number
from ingest.recipe.headers import Block, missing_in_message
from ingest.recipe.selection import ColumnSelection
from ingest.recipe.sheet import SheetView
from ingest.recipe.texts import compiled, half_keys, key, keys, path_matches, split_path

_YEAR_OR_DATE = re.compile(r"((?:19|20|21)\d\d)(?:-(\d\d)(?:-(\d\d))?)?")
#: Columns named where none is like the one that is sought.
_LISTED = 20


class ColumnFinder:
    """The columns of one block, by header."""

    def __init__(self, view: SheetView, block: Block, file_name: str) -> None:
        self.view = view
        self.block = block
        self.file_name = file_name
        self._parts = {column: tuple(map(view.readable, block.parts(column))) for column in block.columns}
        self._keys = {column: tuple(keys(part) for part in parts) for column, parts in self._parts.items()}
        self.used: set[int] = set()

    def one(self, selection: ColumnSelection, *, optional: bool = False) -> int | None:
        """The one column meant; None where an optional one is absent. Raises ``Refusal`` (STR-02)."""
        found = self.many(selection, optional=optional)
        if len(found) > 1:
            raise self._ambiguous(selection, found)
        return found[0] if found else None

    def many(self, selection: ColumnSelection, *, optional: bool = False) -> list[int]:
        """Every column meant, left to right. Raises ``Refusal`` (STR-02) where there is none and one is needed."""
        found = self._selected(selection)
        if selection.except_:
            found = [column for column in found if not self._is_header(column, selection.except_)]
        if selection.occurrence is not None:
            found = found[selection.occurrence - 1 : selection.occurrence]
        if not found and not optional:
            raise self._missing(selection)
        self.used.update(found)
        return found

    def beside(self, column: int, what: int | str, figures: list[int], *, optional: bool) -> int | None:
        """The column that belongs to a column of figures: so far from it, or the next with a header, before the next
        column of ``figures``. Raises ``Refusal`` (STR-02) where there is none and one is needed."""
        if isinstance(what, int):
            at = column + what
            if at in self.block.columns and at not in figures:
                return at
        else:
            last = min((other for other in figures if other > column), default=self.block.last_column + 1)
            path = split_path(what)
            for at in range(column + 1, last):
                if path_matches(self._keys[at][-len(path) :], path):
                    self.used.add(at)
                    return at
        if optional:
            return None
        raise self._missing(ColumnSelection(header=(f"{self.block.path(column)} → {what}",)))

    def check_distinct(self, selection: ColumnSelection, columns: list[int]) -> None:
        """Columns of figures must differ by their header: where two do not, a heading above one of them is gone."""
        seen: dict[tuple[tuple[str, ...], ...], int] = {}
        for column in columns:
            first = seen.setdefault(self._keys[column], column)
            if first != column:
                raise self._ambiguous(selection, [first, column])

    def check_reach(self, columns: list[int]) -> None:
        """Where nothing is merged, a heading reaches to the next. One that is gone shows by its neighbour's reach.

        Of columns chosen together, all headings of a level must reach over equally many, if any reaches beyond its own.
        """
        chosen = sorted(columns)
        for level, taken in enumerate(self.block.taken):
            if not any(taken[column] for column in chosen):
                continue
            groups: list[list[int]] = []
            for column in chosen:
                if taken[column] and groups:
                    groups[-1].append(column)
                else:
                    groups.append([column])
            widths = [len(group) for group in groups]
            usual = min(widths)
            if max(widths) > usual:
                widest = next(group for group in groups if len(group) > usual)
                raise self._reaches_too_far(level, widest, usual)

    def check_whole(self, columns: list[int]) -> None:
        """A heading of the lowest header row that is merged over other figures too is one of several columns, and what
        tells them apart stands in a row below that the recipe does not take for a header."""
        lowest = self.block.header_rows[-1]
        for top, left, bottom, right in self.view.grid.merged:
            if not top <= lowest <= bottom or left == right or left not in columns:
                continue
            for other in range(left + 1, right + 1):
                if other not in columns and other not in self.used and self._share_rows(left, other):
                    raise self._is_split(left, right)

    def _share_rows(self, one: int, other: int) -> bool:
        """Whether two columns hold numbers in the same rows of the body."""
        body = slice(self.block.body_start, self.block.limit)
        numbers = [self.view.column(column).kinds[body] == CellKind.NUMBER for column in (one, other)]
        return bool((numbers[0] & numbers[1]).any())

    def _is_split(self, left: int, right: int) -> Refusal:
        sheet, row = self.view.grid.name, self.block.header_rows[-1]
        heading, place, rows = self.block.path(left), address(row, left), len(self.block.header_rows)
        stretch = f"{place}:{address(row, right)}"
        return Refusal(
            "STR-02",
            sheet,
            place,
            f"{self.file_name}, trang «{sheet}»: tiêu đề «{heading}» phủ {stretch}, các cột đó đều có số liệu, nên bên "
            f"dưới còn dòng tiêu đề. Hãy khai báo header: rows lớn hơn {rows}; nếu chỉ lấy cột đầu: fill: none.",
            f"{self.file_name}, sheet «{sheet}»: the heading «{heading}» is merged over {stretch}, and these columns "
            f"hold figures alike, so the header has more rows below. Say header: rows above {rows}; where the first "
            "column alone is meant, fill: none.",
        )

    def _reaches_too_far(self, level: int, group: list[int], usual: int) -> Refusal:
        sheet, row = self.view.grid.name, self.block.header_rows[level]
        heading, place = self.block.levels[level][group[0]], address(row, group[usual])
        return Refusal(
            "STR-02",
            sheet,
            place,
            f"{self.file_name}, trang «{sheet}»: ô {place} trống nên tiêu đề «{heading}» phủ {len(group)} cột, "
            f"trong khi tiêu đề khác phủ {usual} cột. Hãy ghi tiêu đề vào ô đó, hoặc khai báo fill: right "
            "trong công thức.",
            f"{self.file_name}, sheet «{sheet}»: cell {place} is empty, so the heading «{heading}» reaches over "
            f"{len(group)} columns where others reach over {usual}. Write the heading there, or say fill: right in the "
            "recipe.",
        )

    def _selected(self, selection: ColumnSelection) -> list[int]:
        if selection.header is not None:
            return self._by_header(selection.header)
        if selection.matching is not None:
            pattern = compiled(selection.matching)
            return [
                column
                for column in self.block.columns
                if self._parts[column] and pattern.search(self.view.readable(self.block.path(column)))
            ]
        neighbour = selection.right_of or selection.left_of
        if neighbour is not None:
            return self._beside(neighbour, selection.by if selection.right_of else -selection.by)
        if selection.letter is not None:
            column = column_number(selection.letter)
            return [column] if column in self.block.columns else []
        if selection.rest:
            return [column for column in self.block.columns if self._parts[column] and column not in self.used]
        return self._between(selection)

    def _by_header(self, wanted: Iterable[str]) -> list[int]:
        """By full path; else by the end of the path; else by one half of a header in two languages."""
        paths = [split_path(text) for text in wanted]
        exact = [c for c in self.block.columns if any(path_matches(self._keys[c], path) for path in paths)]
        if exact or any("*" in path for path in paths):
            return exact
        ends = [
            c
            for c in self.block.columns
            if any(path_matches(self._keys[c][-len(path) :], path) for path in paths if len(self._keys[c]) > len(path))
        ]
        if ends:
            return ends
        return [
            c
            for c in self.block.columns
            if self._parts[c] and any(path[-1] in half_keys(self._parts[c][-1]) for path in paths if len(path) == 1)
        ]

    def _is_header(self, column: int, wanted: Iterable[str]) -> bool:
        path_keys = self._keys[column]
        return any(
            path_matches(path_keys, path) or path_matches(path_keys[-len(path) :], path)
            for path in (split_path(text) for text in wanted)
        )

    def _beside(self, text: str, distance: int) -> list[int]:
        anchors = self._by_header([text])
        if len(anchors) > 1:
            raise self._ambiguous(ColumnSelection(header=(text,)), anchors)
        return [anchor + distance for anchor in anchors if anchor + distance in self.block.columns]

    def _between(self, selection: ColumnSelection) -> list[int]:
        first, last = self.block.first_column, self.block.last_column
        if selection.from_ is not None:
            starts = self._by_header([selection.from_])
            if not starts:
                raise self._missing(ColumnSelection(header=(selection.from_,)))
            first = starts[0]
        if selection.to is not None:
            stops = [column for column in self._by_header([selection.to]) if column >= first]
            if not stops:
                raise self._missing(ColumnSelection(header=(selection.to,)))
            last = stops[-1]
        self._check_ends(selection, first, last)
        found = [column for column in range(first, last + 1) if self._parts[column]]
        if selection.from_ is not None and selection.to is not None:
            self._check_order(selection, found)
        return found

    def _check_ends(self, selection: ColumnSelection, first: int, last: int) -> None:
        """A stretch to Q4 that has a Q4 behind it, under a further heading, would leave columns out unseen."""
        if selection.to is None:
            return
        for text, end in ((selection.to, last), (selection.from_ or selection.to, first)):
            behind = [
                column
                for column in range(last + 1, self.block.last_column + 1)
                if any(path_matches((part,), split_path(text)) for part in self._keys[column])
            ]
            if behind:
                raise self._ambiguous(ColumnSelection(header=(text,)), [end, *behind])

    def _check_order(self, selection: ColumnSelection, columns: list[int]) -> None:
        """Between two years or dates stand no others: a column that does was moved there."""
        first, last = _ordered(selection.from_ or ""), _ordered(selection.to or "")
        if first is None or last is None or len(first) != len(last):
            return
        for column in columns:
            at = _ordered(self._parts[column][-1])
            if at is not None and len(at) == len(first) and not first <= at <= last:
                raise self._out_of_order(selection, column)

    def _out_of_order(self, selection: ColumnSelection, column: int) -> Refusal:
        sheet, place = self.view.grid.name, address(self.block.header_rows[-1], column)
        heading, stretch = self.block.path(column), f"«{selection.from_}» … «{selection.to}»"
        return Refusal(
            "STR-02",
            sheet,
            place,
            f"{self.file_name}, trang «{sheet}»: cột «{heading}» ở ô {place} không thuộc khoảng {stretch}. Hãy đặt cột "
            "về đúng chỗ.",
            f"{self.file_name}, sheet «{sheet}»: column «{heading}» in cell {place} does not belong between {stretch}. "
            "Put it back in its place.",
        )

    def _missing(self, selection: ColumnSelection) -> Refusal:
        from rapidfuzz import process

        sheet = self.view.grid.name
        what = describe(selection)
        if self.view.names_of_message is not None:
            return missing_in_message(self.view, f"cột «{what}»", f"the column «{what}» is not there", self.file_name)
        by_path = {self.block.path(column): column for column in self.block.columns if self._parts[column]}
        folded = {key(path): path for path in by_path}
        near = process.extractOne(key(what), list(folded), score_cutoff=50)
        place = address(self.block.header_rows[-1], by_path[folded[near[0]]] if near else self.block.first_column)
        there = ", ".join(f"«{path}»" for path in list(by_path)[:_LISTED]) + (" …" if len(by_path) > _LISTED else "")
        near_vi = f" Gần nhất: «{folded[near[0]]}» ở ô {place}." if near else f" Hiện có: {there}."
        near_en = f" Nearest: «{folded[near[0]]}» in cell {place}." if near else f" There are: {there}."
        return Refusal(
            "STR-02",
            sheet,
            place,
            f"{self.file_name}, trang «{sheet}», dòng tiêu đề {self.block.header_rows[0] + 1}: không thấy "
            f"cột «{what}».{near_vi} "
            "Hãy giữ nguyên tiêu đề của biểu mẫu.",
            f"{self.file_name}, sheet «{sheet}», header row {self.block.header_rows[0] + 1}: column "
            f"«{what}» is not there.{near_en} "
            "Keep the form's header as it was.",
        )

    def _ambiguous(self, selection: ColumnSelection, found: list[int]) -> Refusal:
        sheet = self.view.grid.name
        row = self.block.header_rows[-1]
        where = ", ".join(f"{address(row, column)} «{self.block.path(column)}»" for column in found[:5])
        return Refusal(
            "STR-02",
            sheet,
            address(row, found[1]),
            f"{self.file_name}, trang «{sheet}»: có {len(found)} cột «{describe(selection)}»: {where}. "
            "Hãy sửa tiêu đề, hoặc ghi cả đường dẫn tiêu đề trong công thức; nhiều cột: matching, from/to.",
            f"{self.file_name}, sheet «{sheet}»: {len(found)} columns are «{describe(selection)}»: {where}. "
            "Mend the header, or give the whole header path in the recipe; several columns: matching, from/to.",
        )


def _ordered(heading: str) -> tuple[int, ...] | None:
    """A year or an ISO date as numbers that can be compared; None for any other heading."""
    match = _YEAR_OR_DATE.fullmatch(heading.strip())
    return tuple(int(part) for part in match.groups() if part) if match else None


def describe(selection: ColumnSelection) -> str:
    """A column selection in words, for messages."""
    if selection.header is not None:
        return " | ".join(selection.header)
    for name in ("matching", "letter", "right_of", "left_of"):
        value = getattr(selection, name)
        if value is not None:
            return f"{name} {value}"
    if selection.rest:
        return "rest"
    return f"{selection.from_ or ''} … {selection.to or ''}"
