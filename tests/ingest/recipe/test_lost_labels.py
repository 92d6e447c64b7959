"""Rows whose own section row or filled-down label was lost wait; they are never taken for another section's."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.read import Refusal

NUMBERED = [
    ["TT", "Đơn vị", "Số"],
    ["I", "Miền Bắc", None],
    [1, "A", 1],
    [2, "B", 2],
    ["II", "Miền Trung", None],
    [1, "C", 3],
    [2, "D", 4],
    ["III", "Miền Nam", None],
    [1, "E", 5],
]
SECTIONS_NUMBERED = [[None if isinstance(mark, int) else mark, *rest] for mark, *rest in NUMBERED]
NUMBERED_RECIPE = """
    tables:
      - header: [TT, Đơn vị]
        organisation: {column: Đơn vị}
        period: "2025"
        indicator: X
        target_group: {REGION: {section: {rows: {column: TT, matching: '^[IVX]+$'}, column: Đơn vị}}}
        values: Số
    """
FILLED = [
    ["Vùng", "Đơn vị", "Nhóm", "Số"],
    ["Bắc", "A", "M", 1],
    [None, "A", "F", 2],
    [None, "B", "M", 3],
    ["Nam", "A", "M", 4],
    [None, "A", "F", 5],
    [None, "C", "M", 6],
]
FILLED_RECIPE = """
    tables:
      - header: [Vùng, Nhóm]
        organisation: {column: Đơn vị}
        period: "2025"
        indicator: X
        target_group: {REGION: {column: Vùng, fill: downEXPECT}, SEX: {column: Nhóm}}
        values: Số
    """
REGIONS = ["Miền Bắc", "Miền Trung", "Miền Nam", "Bắc", "Nam"]


@pytest.fixture
def read(read_with: Any, registry: Any) -> Any:
    groups = [*(("REGION", region) for region in REGIONS), ("SEX", "M"), ("SEX", "F")]
    known = registry(list("ABCDE"), ["X"], groups)
    read_with(NUMBERED_RECIPE, NUMBERED, known)  # what is mutated besides is a form that has lost nothing yet
    return lambda recipe, rows: read_with(recipe, rows, known)


def held(tidied: Any) -> dict[str, list[str]]:
    """Organisations by problem of their figures; an empty text for those that are sound."""
    found: dict[str, list[str]] = {}
    for row in tidied.observations.to_pylist():
        problem = row["value_problem"] or ("no region" if row["target_group_problem"] else "")
        found.setdefault(problem, []).append(row["organisation_code"])
    return found


def without(rows: list[list[Any]], *gone: int) -> list[list[Any]]:
    return [row for number, row in enumerate(rows) if number not in gone]


def changed(rows: list[list[Any]], at: int, *cells: Any) -> list[list[Any]]:
    return [list(cells) if number == at else row for number, row in enumerate(rows)]


def test_nothing_is_held_back_while_every_section_has_its_row(read: Any) -> None:
    assert held(read(NUMBERED_RECIPE, NUMBERED)) == {"": ["A", "B", "C", "D", "E"]}
    assert held(read(FILLED_RECIPE.replace("EXPECT", ""), FILLED)) == {"": ["A", "A", "B", "A", "A", "C"]}


@pytest.mark.parametrize(
    ("rows", "lost", "sound"),
    [
        (without(NUMBERED, 4), ["A", "B", "C", "D"], ["E"]),
        (without(NUMBERED, 7), ["C", "D", "E"], ["A", "B"]),
        (changed(NUMBERED, 4, "Zz", "Miền Trung", None), ["A", "B", "C", "D"], ["E"]),
        (without(SECTIONS_NUMBERED, 4), ["A", "B", "C", "D"], ["E"]),
    ],
    ids=["a_section_row_is_gone", "the_last_one_is_gone", "its_number_is_overwritten", "rows_have_no_numbers"],
)
def test_a_lost_section_row_holds_back_the_section_above(read: Any, rows: Any, lost: Any, sound: Any) -> None:
    tidied = read(NUMBERED_RECIPE, rows)
    assert held(tidied) == {"lost_label": lost, "": sound}
    assert any("numbering goes" in note for note in tidied.notes), tidied.notes


def test_a_section_row_without_its_label_opens_a_section_without_label(read: Any) -> None:
    tidied = read(NUMBERED_RECIPE, changed(NUMBERED, 4, "II", None, None))
    assert held(tidied) == {"": ["A", "B", "E"], "no region": ["C", "D"]}


def test_a_filled_down_label_that_is_gone_shows_where_a_fact_comes_twice(read: Any) -> None:
    lost = changed(FILLED, 4, None, "A", "M", 4)
    assert held(read(FILLED_RECIPE.replace("EXPECT", ""), lost)) == {"lost_label": ["A", "A", "B", "A", "A", "C"]}
    assert held(read(FILLED_RECIPE.replace("EXPECT", ""), without(FILLED, 4))) == {
        "lost_label": ["A", "A", "B", "A", "C"]
    }


def test_an_expected_label_that_is_missing_refuses_the_file_and_is_named(read: Any) -> None:
    """Without any fact in common nothing in the file shows that a label went."""
    recipe = FILLED_RECIPE.replace("EXPECT", ", expect: [Bắc, Nam]")
    assert held(read(recipe, FILLED)) == {"": ["A", "A", "B", "A", "A", "C"]}
    with pytest.raises(Refusal) as caught:
        read(recipe, without(FILLED, 4, 5))
    assert "«Nam»" in caught.value.message_vi
    assert caught.value.rule_id == "STR-02"


def test_a_fact_that_comes_twice_with_one_figure_is_a_copy(read: Any) -> None:
    assert held(read(FILLED_RECIPE.replace("EXPECT", ""), [*FILLED, [None, "C", "M", 6]])) == {
        "": ["A", "A", "B", "A", "A", "C", "C"]
    }
