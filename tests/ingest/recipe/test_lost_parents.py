"""An outline that has lost the row of a parent: no figure may stand under another parent than its own."""

from __future__ import annotations

import itertools
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Alignment, Font

PARENTS = ("Miền Bắc", "Miền Trung", "Miền Nam")
RECIPE = """
    numbers: {locale: vi}
    tables:
      - header: [Chỉ tiêu, Số]
        outline: {column: Chỉ tiêu%s}
        organisation: {outline: parent}
        indicator: {outline: leaf}
        period: "2025"
        body: {only: {outline_parent: false}}
        values: Số
"""
#: How the hierarchy shows → what the recipe says, and the number and label of a parent and of a child.
SHOWN: dict[str, tuple[str, Any, Any]] = {
    "numbering": (", by: numbering, numbers: TT", lambda n: ("I" * (n + 1), PARENTS[n]), lambda n: (n + 1, "")),
    "dotted": (", by: numbering, numbers: TT", lambda n: (n + 1, PARENTS[n]), lambda n: (f"{{}}.{n + 1}", "")),
    "spaces": ("", lambda n: (None, PARENTS[n]), lambda n: (None, "   ")),
    "indent": (", by: indent", lambda n: (None, PARENTS[n]), lambda n: (None, "")),
    "bold": (", by: bold", lambda n: (None, PARENTS[n]), lambda n: (None, "")),
    "levels": (", by: level, numbers: TT", lambda n: (1, PARENTS[n]), lambda n: (2, "")),
}


def form(path: Any, shown: str, without: int | None) -> None:
    """Three parents with three children each; the number of a child's figure tells parent and child."""
    _, parent_of, child_of = SHOWN[shown]
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["TT", "Chỉ tiêu", "Số"])
    for parent, child in itertools.product(range(3), range(4)):
        if child == 0 and parent != without:
            sheet.append([*parent_of(parent), None])
            sheet.cell(sheet.max_row, 2).font = Font(bold=True)
        elif child:
            number, lead = child_of(child - 1)
            number = number.format(parent + 1) if isinstance(number, str) else number
            sheet.append([number, f"{lead}Số {'ABC'[child - 1]}", 10 * parent + child])
            sheet.cell(sheet.max_row, 2).alignment = Alignment(indent=2 if shown == "indent" else 0)
    workbook.save(path)


@pytest.mark.parametrize("shown", SHOWN)
def test_no_figure_stands_under_another_parent(tmp_path: Any, read_with: Any, registry: Any, shown: str) -> None:
    known = registry(list(PARENTS), ["Số A", "Số B", "Số C"])
    for without in (None, 0, 1, 2):
        form(tmp_path / "form.xlsx", shown, without)
        tidied = read_with(RECIPE % SHOWN[shown][0], tmp_path / "form.xlsx", known)
        problems = ("organisation_problem", "indicator_problem", "value_problem")
        read = [row for row in tidied.observations.to_pylist() if not any(row[name] for name in problems)]
        true = {
            (PARENTS[parent], f"Số {'ABC'[child - 1]}"): 10 * parent + child
            for parent in range(3)
            for child in range(1, 4)
        }
        said = {(row["organisation_label"], row["indicator_label"]): row["value"] for row in read}
        assert said.items() <= true.items(), (shown, without)
        # Kinds of numbering nest in the order they appear in: without the first parent nothing says which is the outer.
        first = 0 if shown in ("numbering", "dotted") else 6
        assert len(said) == (9 if without is None else {0: first, 1: 3, 2: 3}[without]), (shown, without)


@pytest.mark.parametrize(
    ("rows", "read"),
    [
        ([(1, "A"), (2, "a"), (3, "x", 5)], 1),
        ([(1, "A"), (3, "x", 5)], 0),
        ([(2, "x", 5), (1, "A"), (2, "y", 6)], 1),
    ],
    ids=["each level", "a level left out", "nothing above"],
)
def test_a_row_stands_one_level_below_its_parent(
    tmp_path: Any, read_with: Any, registry: Any, rows: list[tuple[Any, ...]], read: int
) -> None:
    workbook = openpyxl.Workbook()
    for row in [("TT", "Chỉ tiêu", "Số"), *rows, (1, "B"), (2, "b"), (3, "z", 7)]:
        workbook.active.append(row)
    workbook.save(tmp_path / "form.xlsx")
    known = registry(["A", "B", "a", "b"], ["x", "y", "z"])
    tidied = read_with(RECIPE % SHOWN["levels"][0], tmp_path / "form.xlsx", known)
    assert sum(not row["value_problem"] for row in tidied.observations.to_pylist()) == read + 1


def test_printed_levels_count_as_they_stand(tmp_path: Any, read_with: Any, registry: Any) -> None:
    """Where all rows of a level went, what stood under them does not become the children of the level above."""
    workbook = openpyxl.Workbook()
    for row in [("TT", "Chỉ tiêu", "Số"), (1, "A"), (3, "x", 5), (1, "B"), (3, "z", 7)]:
        workbook.active.append(row)
    workbook.save(tmp_path / "form.xlsx")
    tidied = read_with(RECIPE % SHOWN["levels"][0], tmp_path / "form.xlsx", registry(["A", "B"], ["x", "z"]))
    assert [row["value_problem"] for row in tidied.observations.to_pylist()] == ["lost_label", "lost_label"]
