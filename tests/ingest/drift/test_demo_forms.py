"""Every kind of form of the demonstration, mutated at random: the same facts, fewer, or a refusal. No value shifts.

``OUTTURN_MUTATIONS=2000 pytest tests/ingest/drift`` makes so many of each form.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

import ingest.tidy
from demo.generator.inbox import flawless_workbooks, render
from ingest.read import Refusal, Sheet, Workbook, open_workbook
from ingest.read.grid import WorkbookGrid
from ingest.resolve import Resolver
from ingest.workspace import load_workspace

DEMO = Path(__file__).parents[3] / "demo"
SOURCES = sorted(path.stem for path in (DEMO / "sources").glob("*.yml"))
TIMES = int(os.environ.get("OUTTURN_MUTATIONS", "40"))
KEY = (
    *("organisation_code", "organisation_valid_from", "indicator_code", "period_code", "target_group_code"),
    *("measure_kind", "accumulation"),
)
Merged = tuple[int, int, int, int]


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


def forms_of(workbook: Workbook) -> list[Form]:
    """The sheets of an opened workbook; numbers stay numbers."""
    found = []
    for sheet in workbook.sheets:
        grid = sheet.grid
        value = grid._value if isinstance(grid, WorkbookGrid) else grid.text
        rows = [[value(row, column) for column in range(grid.width)] for row in range(grid.height)]
        found.append(Form(sheet.name, sheet.hidden, rows, tuple(grid.merged)))
    return found


def workbook_of(forms: list[Form], like: Workbook) -> Workbook:
    """A workbook with these sheets."""
    sheets = []
    for form in forms:
        grid = WorkbookGrid(form.name, [list(row) for row in form.rows], (0, 0), form.merged)
        sheets.append(Sheet(form.name, form.hidden, lambda grid=grid: grid))  # type: ignore[misc]
    return replace(like, sheets=sheets, notes=list(like.notes))


def insert_rows(form: Form, dice: random.Random) -> Form:
    at, count = dice.randrange(len(form.rows) + 1), dice.choice([1, 1, 1, 3])
    blank = [""] * form.width
    new = [list(blank) for _ in range(count)]
    if blank:
        new[0][dice.randrange(len(blank))] = dice.choice(["", "", "xem phụ lục", 7.0, "ghi thêm"])
    return _with_rows(form, [*form.rows[:at], *new, *form.rows[at:]], at, count)


def remove_row(form: Form, dice: random.Random) -> Form:
    at = dice.randrange(len(form.rows))
    return _with_rows(form, form.rows[:at] + form.rows[at + 1 :], at, -1)


def insert_column(form: Form, dice: random.Random) -> Form:
    at, filling = dice.randrange(form.width + 1), dice.choice(["", "", "Cột mới", 77.0])
    body = dice.randrange(len(form.rows))
    rows = [[*row[:at], filling if n >= body else "", *row[at:]] for n, row in enumerate(form.rows)]
    merged = [_shifted(box, at, 1, axis=1) for box in form.merged]
    return replace(form, rows=rows, merged=tuple(box for box in merged if box is not None))


def remove_column(form: Form, dice: random.Random) -> Form:
    at = dice.randrange(form.width)
    rows = [row[:at] + row[at + 1 :] for row in form.rows]
    for top, left, bottom, right in form.merged:  # a spreadsheet keeps what a merged range says
        if left == at < right:
            for row in range(top, bottom + 1):
                rows[row][at] = form.rows[row][at]
    merged = [_shifted(box, at, -1, axis=1) for box in form.merged]
    return replace(form, rows=rows, merged=tuple(box for box in merged if box is not None))


def rename_a_text(form: Form, dice: random.Random) -> Form:
    places = [
        (r, c)
        for r, row in enumerate(form.rows[:25])
        for c, cell in enumerate(row)
        if isinstance(cell, str) and any(map(str.isalpha, cell))
    ]
    if not places:
        return form
    row, column = dice.choice(places)
    rows = [list(line) for line in form.rows]
    rows[row][column] = dice.choice(["Zz", f"{rows[row][column]} mới", ""])
    return replace(form, rows=rows)


def move_the_table(form: Form, dice: random.Random) -> Form:
    down, right = dice.randrange(5), dice.randrange(4)
    rows = [[""] * (form.width + right) for _ in range(down)] + [[""] * right + row for row in form.rows]
    merged = tuple((top + down, left + right, bottom + down, last + right) for top, left, bottom, last in form.merged)
    return replace(form, rows=rows, merged=merged)


MUTATIONS: tuple[Callable[[Form, random.Random], Form], ...] = (
    insert_rows,
    remove_row,
    insert_column,
    remove_column,
    rename_a_text,
    move_the_table,
)


def mutated(forms: list[Form], dice: random.Random) -> tuple[list[Form], list[str]]:
    """One to three mutations, each of one sheet, and their names; sheets may change places, too."""
    result, names = list(forms), []
    for _ in range(dice.choice([1, 1, 2, 3])):
        if dice.random() < 0.1 and len(result) > 1:
            dice.shuffle(result)
            names.append("reorder_sheets")
            continue
        number, change = dice.randrange(len(result)), dice.choice(MUTATIONS)
        if result[number].rows and result[number].width:
            result[number] = change(result[number], dice)
            names.append(f"{change.__name__} on «{result[number].name}»")
    return result, names


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


Facts = dict[tuple[Any, ...], Any]


@pytest.fixture(scope="module")
def loaded() -> Any:
    return load_workspace(DEMO)


@pytest.fixture(scope="module")
def books() -> dict[str, Any]:
    """The first file of each source."""
    found: dict[str, Any] = {}
    for book in flawless_workbooks(DEMO, 20260101):
        found.setdefault(book.source, book)
    return found


def sound_facts(table: Any) -> Facts:
    """What would be accepted: facts without a problem, by their key. Two values for one key come as both."""
    problems = [name for name in table.column_names if name.endswith("_problem")]
    columns = [table.column(name).to_pylist() for name in (*KEY, "value", *problems)]
    found: Facts = {}
    for row in zip(*columns, strict=True):
        key, value, troubles = row[: len(KEY)], row[len(KEY)], row[len(KEY) + 1 :]
        if value is not None and not any(troubles):
            found.setdefault(key, set()).add(value)
    return found


def is_shifted(key: tuple[Any, ...], values: set[Any], truth: Facts) -> bool:
    """Whether a fact is not the form's own.

    A row without a label for its group is the total, as docs/recipe.md says (a recipe that has no such rows gives
    ``blank:``): it is a fact that the whole form did not state, and no value of another. Two values for one key, where
    a section lost its title, are both held back by the gate.
    """
    if len(values) > 1:
        return False
    if key not in truth and key[KEY.index("target_group_code")] == "_T":
        return False
    return truth.get(key) != values


@pytest.mark.parametrize("source", SOURCES)
def test_no_value_shifts(
    loaded: Any, books: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    book = books[source]
    path = tmp_path / "form"
    path.write_bytes(render(book))
    recipe, resolver = loaded.sources[source], Resolver(loaded.registry)
    whole = open_workbook(path, book.file_name, encoding=recipe.encoding, delimiter=recipe.delimiter)
    forms = forms_of(whole)

    def facts_of(mutant: Workbook) -> Facts:
        monkeypatch.setattr(ingest.tidy, "open_workbook", lambda *_, **__: mutant)
        received = book.received.astimezone(UTC)
        tidied = ingest.tidy.tidy(
            path, book.file_name, recipe, resolver, loaded.calendars, submission_id="0" * 16, received_at=received
        )
        return sound_facts(tidied.observations)

    truth = facts_of(workbook_of(forms, whole))
    assert truth
    refusals: list[Refusal] = []
    for seed in range(TIMES):
        dice = random.Random(f"{source} {seed}")
        changed, names = mutated(forms, dice)
        try:
            found = facts_of(workbook_of(changed, whole))
        except Refusal as refusal:
            refusals.append(refusal)
            continue
        shifted = {key: (values, truth.get(key)) for key, values in found.items() if is_shifted(key, values, truth)}
        assert not shifted, (seed, names, list(shifted.items())[:3])
    assert len(refusals) < TIMES
    for refusal in refusals:
        assert refusal.message_vi.startswith(book.file_name), refusal.message_vi
        assert "«" in refusal.message_vi, refusal.message_vi
