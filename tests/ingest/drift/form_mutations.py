"""Workbooks as people change them from one month to the next, and whether what is read of them has shifted."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

import pyarrow as pa

import ingest.tidy
from ingest.read import Refusal, Sheet, Workbook
from ingest.read.grid import WorkbookGrid
from ingest.recipe.components import Components
from ingest.recipe.model import Source
from ingest.resolve import Resolver

#: How often as many mutations as usual: ``OUTTURN_MUTATIONS=50`` is the long run.
TIMES = float(os.environ.get("OUTTURN_MUTATIONS", "1"))
#: What a fact is a fact about.
KEY = (
    *("organisation_code", "organisation_valid_from", "indicator_code", "period_code", "target_group_code"),
    *("measure_kind", "accumulation"),
)
#: Figures that mutations add.
TYPED_IN = (7.0, 77.0)
#: A form of more rows is a list, which may be shortened; to shorten another is to mutate it before it is read.
_LONG = 150
Merged = tuple[int, int, int, int]
Dice = random.Random
Mutation = Callable[["Form", Dice], "Form"]
Facts = dict[tuple[Any, ...], set[Any]]


@dataclass(frozen=True)
class Form:
    """A sheet's cells from A1, its merged ranges and whether it is hidden."""

    name: str
    hidden: bool
    rows: list[list[Any]]
    merged: tuple[Merged, ...]

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)

    @property
    def header(self) -> int:
        """The row with most texts of the first ones: the header, or one of its rows."""
        return max(range(min(30, len(self.rows))), key=lambda row: sum(map(_is_word, self.rows[row])), default=0)

    def shortened(self, rows: int) -> Form:
        """Its first rows and its last, where it has more than so many: a long list is mutated like a short one."""
        if len(self.rows) <= rows:
            return self
        kept = [*self.rows[: rows - 10], *self.rows[-10:]]
        return replace(self, rows=kept, merged=tuple(box for box in self.merged if box[2] < rows - 10))


def forms_of(workbook: Workbook) -> list[Form]:
    """The sheets of an opened workbook; numbers stay numbers."""
    found = []
    for sheet in workbook.sheets:
        grid = sheet.grid
        value = grid._value if isinstance(grid, WorkbookGrid) else grid.text
        rows = [[value(row, column) for column in range(grid.width)] for row in range(grid.height)]
        inside = ((box[0], box[1], min(box[2], grid.height - 1), min(box[3], grid.width - 1)) for box in grid.merged)
        merged = tuple(box for box in inside if box[:2] != box[2:] and box[0] <= box[2] and box[1] <= box[3])
        found.append(Form(sheet.name, sheet.hidden, rows, merged))
    return found


def workbook_of(forms: list[Form], like: Workbook) -> Workbook:
    """A workbook with these sheets."""
    sheets = []
    for form in forms:
        grid = WorkbookGrid(form.name, [list(row) for row in form.rows], (0, 0), form.merged)
        sheets.append(Sheet(form.name, form.hidden, lambda grid=grid: grid))  # type: ignore[misc]
    return replace(like, sheets=sheets, notes=list(like.notes))


def insert_rows(form: Form, dice: Dice) -> Form:
    at, count = dice.randrange(len(form.rows) + 1), dice.choice([1, 1, 1, 3])
    blank = [""] * form.width
    new = [list(blank) for _ in range(count)]
    if blank:
        new[0][dice.randrange(len(blank))] = dice.choice(["", "", "xem phụ lục", TYPED_IN[0], "ghi thêm"])
    return _with_rows(form, [*form.rows[:at], *new, *form.rows[at:]], at, count)


def remove_row(form: Form, dice: Dice) -> Form:
    at = dice.randrange(len(form.rows))
    return _with_rows(form, form.rows[:at] + form.rows[at + 1 :], at, -1)


def blank_row_in_the_body(form: Form, dice: Dice) -> Form:
    at = dice.randrange(min(form.header + 1, len(form.rows)), len(form.rows) + 1)
    return _with_rows(form, [*form.rows[:at], [""] * form.width, *form.rows[at:]], at, 1)


def insert_column(form: Form, dice: Dice) -> Form:
    at, filling = dice.randrange(form.width + 1), dice.choice(["", "", "Cột mới", TYPED_IN[1]])
    body = dice.randrange(len(form.rows))
    rows = [[*row[:at], filling if n >= body else "", *row[at:]] for n, row in enumerate(form.rows)]
    merged = [_shifted(box, at, 1, axis=1) for box in form.merged]
    return replace(form, rows=rows, merged=tuple(box for box in merged if box is not None))


def remove_column(form: Form, dice: Dice) -> Form:
    at = dice.randrange(form.width)
    rows = [row[:at] + row[at + 1 :] for row in form.rows]
    for top, left, bottom, right in form.merged:  # a spreadsheet keeps what a merged range says
        if left == at < right:
            for row in range(top, bottom + 1):
                rows[row][at] = form.rows[row][at]
    merged = [_shifted(box, at, -1, axis=1) for box in form.merged]
    return replace(form, rows=rows, merged=tuple(box for box in merged if box is not None))


def swap_columns(form: Form, dice: Dice) -> Form:
    """Two columns change places, each with all its cells; columns under a merged heading do so below it."""
    if form.width < 2:
        return form
    first, second = sorted(dice.sample(range(form.width), 2))
    across = [box for box in form.merged if box[1] != box[3] and _holds(box, first) != _holds(box, second)]
    if across:
        return form  # a spreadsheet refuses to move a part of a merged range
    rows = [list(row) for row in form.rows]
    for number, row in enumerate(rows):
        if not any(_holds(box, first) and _holds(box, second) and box[0] <= number <= box[2] for box in form.merged):
            row[first], row[second] = row[second], row[first]
    move = {first: second, second: first}
    merged = tuple(
        (top, move.get(left, left), bottom, move.get(right, right)) if left == right else (top, left, bottom, right)
        for top, left, bottom, right in form.merged
    )
    return replace(form, rows=rows, merged=merged)


def rename_a_text(form: Form, dice: Dice) -> Form:
    return _with_a_text(form, dice, lambda text: dice.choice(["Zz", f"{text} mới"]))


def erase_a_text(form: Form, dice: Dice) -> Form:
    return _with_a_text(form, dice, lambda _: "")


def _with_a_text(form: Form, dice: Dice, changed: Callable[[str], str]) -> Form:
    places = [(r, c) for r, row in enumerate(form.rows[:25]) for c, cell in enumerate(row) if _is_word(cell)]
    if not places:
        return form
    row, column = dice.choice(places)
    rows = [list(line) for line in form.rows]
    rows[row][column] = changed(rows[row][column])
    return replace(form, rows=rows)


def rename_a_header(form: Form, dice: Dice) -> Form:
    columns = [column for column, cell in enumerate(form.rows[form.header]) if _is_word(cell)]
    if not columns:
        return form
    column = dice.choice(columns)
    rows = [list(row) for row in form.rows]
    rows[form.header][column] = dice.choice(["Khác", "Cột khác", f"{rows[form.header][column]} (sửa đổi)"])
    return replace(form, rows=rows)


def duplicate_a_header(form: Form, dice: Dice) -> Form:
    """Another column gets the heading of one that has it already."""
    columns = [column for column, cell in enumerate(form.rows[form.header]) if _is_word(cell)]
    if not columns or form.width < 2:
        return form
    origin = dice.choice(columns)
    target = dice.choice([column for column in range(form.width) if column != origin])
    rows = [list(row) for row in form.rows]
    rows[form.header][target] = rows[form.header][origin]
    return replace(form, rows=rows)


def repeat_the_header(form: Form, dice: Dice) -> Form:
    at = dice.randrange(min(form.header + 1, len(form.rows)), len(form.rows) + 1)
    return _with_rows(form, [*form.rows[:at], list(form.rows[form.header]), *form.rows[at:]], at, 1)


def move_the_table(form: Form, dice: Dice) -> Form:
    down, right = dice.randrange(5), dice.randrange(4)
    rows = [[""] * (form.width + right) for _ in range(down)] + [[""] * right + row for row in form.rows]
    merged = tuple((top + down, left + right, bottom + down, last + right) for top, left, bottom, last in form.merged)
    return replace(form, rows=rows, merged=merged)


def move_a_title(form: Form, dice: Dice) -> Form:
    """A text above the header goes to another cell above it."""
    places = [(r, c) for r in range(form.header) for c, cell in enumerate(form.rows[r]) if _is_word(cell)]
    if not places:
        return form
    row, column = dice.choice(places)
    target = dice.randrange(form.header), dice.randrange(form.width)
    rows = [list(line) for line in form.rows]
    if rows[target[0]][target[1]] != "":
        return form
    rows[target[0]][target[1]], rows[row][column] = rows[row][column], ""
    return replace(form, rows=rows, merged=tuple(box for box in form.merged if not _overlaps(box, row, column)))


def unmerge(form: Form, dice: Dice) -> Form:
    """A merged range is split: its text stays in the first cell."""
    if not form.merged:
        return form
    box = dice.choice(form.merged)
    return replace(form, merged=tuple(other for other in form.merged if other != box))


def merge_with_the_next(form: Form, dice: Dice) -> Form:
    """A cell is merged with its empty right neighbour."""
    places = [
        (r, c)
        for r, row in enumerate(form.rows[:25])
        for c in range(len(row) - 1)
        if row[c] != "" and row[c + 1] == "" and not any(_overlaps(box, r, c, c + 1) for box in form.merged)
    ]
    if not places:
        return form
    row, column = dice.choice(places)
    return replace(form, merged=(*form.merged, (row, column, row, column + 1)))


MUTATIONS: tuple[Mutation, ...] = (
    insert_rows,
    remove_row,
    blank_row_in_the_body,
    insert_column,
    remove_column,
    swap_columns,
    rename_a_text,
    erase_a_text,
    rename_a_header,
    duplicate_a_header,
    repeat_the_header,
    move_the_table,
    move_a_title,
    unmerge,
    merge_with_the_next,
)


def mutated(forms: list[Form], dice: Dice, mutations: Sequence[Mutation] = MUTATIONS) -> tuple[list[Form], list[str]]:
    """One to three mutations, each of one sheet, and their names; sheets may change places or be added, too."""
    result, names = list(forms), []
    if dice.random() < 0.03:
        result.insert(dice.randrange(len(result) + 1), _old_copy(dice.choice(forms)))
        return result, ["add_an_old_copy_of_a_sheet"]
    for _ in range(dice.choice([1, 1, 2, 3])):
        if dice.random() < 0.06 and len(result) > 1:
            dice.shuffle(result)
            names.append("reorder_sheets")
            continue
        if dice.random() < 0.05:
            result.insert(dice.randrange(len(result) + 1), _another_sheet(dice))
            names.append("add_a_sheet")
            continue
        number, change = dice.randrange(len(result)), dice.choice(mutations)
        if result[number].rows and result[number].width:
            result[number] = change(result[number], dice)
            names.append(f"{change.__name__} on «{result[number].name}»")
    return result, names


def systematic(forms: list[Form], sheets: int = 3) -> Iterator[tuple[list[Form], str]]:
    """A row and a column inserted and removed at every place of the first sheets: the others are like them."""
    for number, form in enumerate(forms[:sheets]):
        for name, changed in _at_every_place(form):
            yield [*forms[:number], changed, *forms[number + 1 :]], f"{name} of «{form.name}»"


def _at_every_place(form: Form) -> Iterator[tuple[str, Form]]:
    for at in range(len(form.rows) + 1):
        blank = [*form.rows[:at], [""] * form.width, *form.rows[at:]]
        yield f"insert row {at + 1}", _with_rows(form, blank, at, 1)
        if at < len(form.rows):
            yield f"remove row {at + 1}", remove_row(form, _Fixed(at))
    for at in range(form.width + 1):
        yield f"insert column {at + 1}", insert_column(form, _Fixed(at))
        if at < form.width:
            yield f"remove column {at + 1}", remove_column(form, _Fixed(at))


class _Fixed(Dice):
    """Dice that always show the same place, and choose the first of several things."""

    def __init__(self, place: int) -> None:
        super().__init__(0)
        self._place = place

    def randrange(self, *_: Any, **__: Any) -> int:
        return self._place

    def choice(self, things: Any) -> Any:
        return things[0]


def _another_sheet(dice: Dice) -> Form:
    """An empty sheet, or one of notes."""
    if dice.random() < 0.5:
        return Form("Sheet9", hidden=False, rows=[], merged=())
    return Form("Ghi chú thêm", hidden=False, rows=[["Số liệu đã rà soát", ""], ["Người lập", "A"]], merged=())


def _old_copy(form: Form) -> Form:
    """A copy of a sheet, with other figures."""
    rows = [[cell + 1 if _is_figure(cell) else cell for cell in row] for row in form.rows]
    return replace(form, name=f"{form.name} (2)", rows=rows)


def _is_figure(cell: Any) -> bool:
    """A number that is no year: the years of a form are its labels."""
    return isinstance(cell, int | float) and not (1900 <= cell <= 2100 and cell == int(cell))


def _is_word(cell: Any) -> bool:
    return isinstance(cell, str) and any(map(str.isalpha, cell))


def _holds(box: Merged, column: int) -> bool:
    return box[1] <= column <= box[3]


def _overlaps(box: Merged, row: int, first: int, last: int | None = None) -> bool:
    return box[0] <= row <= box[2] and box[1] <= (first if last is None else last) and first <= box[3]


def _with_rows(form: Form, rows: list[list[Any]], at: int, count: int) -> Form:
    merged = [_shifted(box, at, count, axis=0) for box in form.merged]
    return replace(form, rows=rows, merged=tuple(box for box in merged if box is not None))


def _shifted(box: Merged, at: int, count: int, *, axis: int) -> Merged | None:
    """A merged range after lines were inserted (or one was removed) at a place: moved, stretched, shrunk or gone."""
    first, last = box[axis], box[axis + 2]
    if count > 0:
        first, last = first + count * (first >= at), last + count * (last >= at)
    else:
        first, last = first - (first > at), last - (last >= at)
    if last < first:
        return None
    moved = (first, box[1], last, box[3]) if axis == 0 else (box[0], first, box[2], last)
    return None if moved[:2] == moved[2:] else moved


def sound_facts(table: pa.Table) -> Facts:
    """What would be accepted: facts without a problem, by their key. Two values for one key come as both."""
    problems = [name for name in table.column_names if name.endswith("_problem")]
    columns = [table.column(name).to_pylist() for name in (*KEY, "value", *problems)]
    found: Facts = {}
    for row in zip(*columns, strict=True):
        key, value, troubles = row[: len(KEY)], row[len(KEY)], row[len(KEY) + 1 :]
        if value is not None and not any(troubles):
            found.setdefault(key, set()).add(value)
    return found


def shifted_facts(found: Facts, truth: Facts, fallbacks: frozenset[str] | None = None) -> Facts:
    """Facts that are not the form's own.

    Two values for one key, where an old copy of a sheet came along, are both held back by the gate (STR-06).
    ``fallbacks`` are the organisations that a recipe means where a row names none (``first_of``); None: the recipe
    lets no row be without a label, of whatever kind.
    """
    return {
        key: values
        for key, values in found.items()
        if len(values) == 1
        and not values <= truth.get(key, set())
        and (fallbacks is None or not _lost_a_label(key, values, truth, fallbacks))
        and not (key not in truth and _is_typed_in(values))
    }


def fallbacks_of(source: Source, resolver: Resolver) -> frozenset[str] | None:
    """The organisations that a recipe means where a row names none; None where it lets no row be without a label."""
    labels = (holder.organisation for holder in holders_of(source) if holder.organisation is not None)
    parts = (part for label in labels for part in label.first_of or ())
    named = (resolver.organisation(part.constant, None, {}).code for part in parts if part.constant is not None)
    groups = (group for holder in (*holders_of(source), source.constants) for group in holder.target_group.values())
    found = frozenset(code for code in named if code is not None)
    return found if found or any(group.blank or group.optional for group in groups) else None


def holders_of(source: Source) -> list[Components]:
    """What may declare a component: each table, and each of its entries of values."""
    return [holder for table in source.tables for holder in (table, *table.values)]


def _is_typed_in(values: set[Any]) -> bool:
    """Whether a fact is the figure that a mutation typed into a place whose labels are whole: a new statement."""
    return {str(value).strip("0.") for value in values} <= {str(figure).strip("0.") for figure in TYPED_IN}


def _lost_a_label(key: tuple[Any, ...], values: set[Any], truth: Facts, fallbacks: frozenset[str]) -> bool:
    """Whether the fact is one of the form's own whose label for a group or a place was erased.

    Where the recipe lets rows be without one, a row without a label is what ``blank:`` says: the total (``_T``) or,
    here, ``_U``, unknown.
    """
    place, organisation = KEY.index("target_group_code"), KEY.index("organisation_code")
    left = {member for member in key[place].split("|") if member != "_T" and not member.endswith("=_U")}

    def is_wider(other: tuple[Any, ...]) -> bool:
        same_body = other[: organisation + 2] == key[: organisation + 2]
        groups = set(other[place].split("|"))
        return (
            other[organisation + 2 : place] == key[organisation + 2 : place]
            and other[place + 1 :] == key[place + 1 :]
            and ((same_body and left < groups) or (key[organisation] in fallbacks and left <= groups))
        )

    return any(values <= known and is_wider(other) for other, known in truth.items())


@dataclass
class Tally:
    """What became of the mutations of one form."""

    name: str
    outcomes: Counter[str] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)
    shifts: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = ", ".join(
            f"{self.outcomes[kind]} {kind}" for kind in ("same", "fewer", "label lost", "refused", "shifted")
        )
        return f"{self.name}: {self.outcomes.total()} mutations, {counts}"


def tally(
    name: str,
    mutants: Iterable[tuple[Any, str]],
    facts_of: Callable[[Any], Facts],
    truth: Facts,
    fallbacks: frozenset[str] | None,
) -> Tally:
    """Read every mutant.

    ``fewer``: some of the facts, because a row went or is held back; ``label lost``: some are of a wider group, or
    stand twice.
    """
    result = Tally(name)
    for mutant, change in mutants:
        try:
            found = facts_of(mutant)
        except Refusal as refusal:
            result.outcomes["refused"] += 1
            result.refusals.append(refusal)
            continue
        shifted = {key: (values, truth.get(key)) for key, values in shifted_facts(found, truth, fallbacks).items()}
        if shifted:
            result.outcomes["shifted"] += 1
            result.shifts.append(f"{change}: {list(shifted.items())[:3]}")
        else:
            lost = any(not values <= truth.get(key, set()) for key, values in found.items())
            result.outcomes["same" if found == truth else "label lost" if lost else "fewer"] += 1
    return result


def random_mutants(
    name: str, forms: list[Form], count: int, mutations: Sequence[Mutation] = MUTATIONS
) -> Iterator[tuple[list[Form], str]]:
    """So many mutants of a form, the same ones in every run."""
    for seed in range(count):
        changed, names = mutated(forms, random.Random(f"{name} {seed}"), mutations)
        yield changed, f"seed {seed}: {', '.join(names)}"


def check_no_shift(
    name: str,
    whole: Workbook,
    tidied: Callable[[], Any],
    count: int,
    mutations: Sequence[Mutation] = MUTATIONS,
    fallbacks: frozenset[str] | None = frozenset(),
) -> Tally:
    """Mutate a workbook so many times, read each mutant by ``tidied`` and fail where a value has shifted.

    ``tidied`` opens its file with ``ingest.tidy.open_workbook``, which gives the mutant while this lasts.
    """
    forms = [form.shortened(50) if len(form.rows) > _LONG else form for form in forms_of(whole)]
    opening = ingest.tidy.open_workbook

    def facts_of(mutant: list[Form]) -> Facts:
        made = workbook_of(mutant, whole)
        ingest.tidy.open_workbook = lambda *_, **__: made
        return sound_facts(tidied().observations)

    try:
        try:
            truth = facts_of(forms)
        except Refusal:
            return Tally(name)  # its recipe reads formats of cells, which mutants do not have
        places = systematic(forms) if TIMES > 1 else iter(())
        result = tally(name, chain(random_mutants(name, forms, count, mutations), places), facts_of, truth, fallbacks)
    finally:
        ingest.tidy.open_workbook = opening
    print(result)
    assert not result.shifts, result.shifts[:5]
    return result
