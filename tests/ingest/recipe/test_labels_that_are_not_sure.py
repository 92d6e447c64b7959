"""A label that is gone, or that a pattern finds several times, is nobody's guess: figures wait, or the file does."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.read import Refusal

GROUPS = [("SEX", "M"), ("SEX", "F"), ("SEX", "OTHER")]
LONG = """
    tables:
      - header: [Đơn vị, Giới]
        organisation: {column: Đơn vị}
        period: "2025"
        indicator: X
        target_group: {SEX: {column: GiớiHOW}}
        values: Số
    """
ERASED = [["Đơn vị", "Giới", "Số"], ["A", "M", 1], ["A", None, 2], ["A", "_T", 3]]
CROSSTAB = """
    tables:
      - header: {holds: Đơn vị, rows: 2}
        organisation: {column: Đơn vị}
        period: "2025"
        indicator: X
        target_group: {SEX: {header: 2, total: Chung}}
        values: {columns: {matching: ^Số}}
    """
TITLED = """
    tables:
      - header: [Đơn vị, Số]
        organisation: {column: Đơn vị}
        period: {cell: {containing: Báo cáo}, pattern: 'PATTERN'}
        indicator: X
        values: Số
    """


def groups_of(tidied: Any) -> list[tuple[Any, Any]]:
    return [(row["target_group_code"], row["target_group_problem"]) for row in tidied.observations.to_pylist()]


def test_an_erased_label_of_a_target_group_holds_its_row_back(read_with: Any, registry: Any) -> None:
    known = registry(["A"], ["X"], GROUPS)
    found = groups_of(read_with(LONG.replace("HOW", ""), ERASED, known))
    assert found == [("SEX=M", None), (None, "unknown"), ("_T", None)]


def test_blank_says_what_an_empty_cell_means(read_with: Any, registry: Any) -> None:
    known = registry(["A"], ["X"], GROUPS)
    found = groups_of(read_with(LONG.replace("HOW", ", blank: _T"), ERASED[:3], known))
    assert found == [("SEX=M", None), ("_T", None)]


def test_an_optional_column_that_is_absent_restricts_nothing(read_with: Any, registry: Any) -> None:
    known = registry(["A"], ["X"], GROUPS)
    recipe = LONG.replace("HOW", ", optional: true").replace("[Đơn vị, Giới]", "[Đơn vị, Số]")
    assert groups_of(read_with(recipe, [["Đơn vị", "Số"], ["A", 3]], known)) == [("_T", None)]


def test_an_erased_heading_of_a_target_group_holds_its_column_back(read_with: Any, registry: Any) -> None:
    known = registry(["A"], ["X"], GROUPS)
    sheet = [["Đơn vị", *["Số"] * 4], [None, "Chung", "M", None, "F"], ["A", 6, 1, 2, 3]]
    found = groups_of(read_with(CROSSTAB, sheet, known))
    assert found == [("_T", None), ("SEX=M", None), (None, "unknown"), ("SEX=F", None)]


def test_a_title_that_a_pattern_finds_two_periods_in_refuses_the_file(read_with: Any, registry: Any) -> None:
    known = registry(["A"], ["X"])
    sheet = [["Báo cáo năm 2025 (so với năm 2024)", None], ["Đơn vị", "Số"], ["A", 1]]
    with pytest.raises(Refusal) as caught:
        read_with(TITLED.replace("PATTERN", r"năm (\d{4})"), sheet, known)
    refusal = caught.value
    assert (refusal.rule_id, refusal.sheet, refusal.cell) == ("STR-02", "Biểu", "A1")
    for message in (refusal.message_vi, refusal.message_en):
        assert "«2025», «2024»" in message
        assert "A1" in message


@pytest.mark.parametrize(
    ("pattern", "title"),
    [
        (r"^Báo cáo năm (\d{4})", "Báo cáo năm 2025 (so với năm 2024)"),
        (r".*năm (\d{4})", "Báo cáo (so với năm 2024) năm 2025"),
        (r"năm (\d{4})", "Báo cáo năm 2025; số liệu năm 2025 là sơ bộ"),
    ],
    ids=["the_first_by_an_anchor", "the_last_by_greed", "twice_the_same"],
)
def test_the_recipe_chooses_among_several(read_with: Any, registry: Any, pattern: str, title: str) -> None:
    tidied = read_with(
        TITLED.replace("PATTERN", pattern), [[title, None], ["Đơn vị", "Số"], ["A", 1]], registry("A", "X")
    )
    assert tidied.observations.column("period_code").to_pylist() == ["2025"]


def test_a_file_name_with_two_periods_is_refused(read_with: Any, registry: Any) -> None:
    recipe = TITLED.replace("{cell: {containing: Báo cáo}, pattern: 'PATTERN'}", r"{file: true, pattern: '20\d\d-Q\d'}")
    with pytest.raises(Refusal, match="«2025-Q1», «2025-Q2»"):
        read_with(recipe, [["Đơn vị", "Số"], ["A", 1]], registry("A", "X"), name="2025-Q1_2025-Q2.xlsx")


def test_one_cell_with_two_matches_waits_and_the_others_do_not(read_with: Any, registry: Any) -> None:
    recipe = TITLED.replace("{cell: {containing: Báo cáo}, pattern: 'PATTERN'}", r"{column: Kỳ, pattern: '20\d\d'}")
    sheet = [["Đơn vị", "Kỳ", "Số"], ["A", "Năm 2025", 1], ["A", "2024 hoặc 2025", 2]]
    rows = read_with(recipe, sheet, registry("A", "X")).observations.to_pylist()
    assert [(row["period_code"], row["period_problem"], row["period_label"]) for row in rows] == [
        ("2025", None, "2025"),
        (None, "unknown", "2024 hoặc 2025"),
    ]


def test_two_figures_in_one_cell_are_not_taken_for_one(read_with: Any, registry: Any) -> None:
    recipe = """
        tables:
          - header: [Đơn vị, Số]
            organisation: {column: Đơn vị}
            period: "2025"
            indicator: X
            values: {columns: Số, pattern: '(\\d+) hồ sơ'}
        """
    sheet = [["Đơn vị", "Số"], ["A", "12 hồ sơ"], ["B", "12 hồ sơ, trong đó 3 hồ sơ muộn"], ["C", "5 hồ sơ và 5 hồ sơ"]]
    rows = read_with(recipe, sheet, registry("ABC", "X")).observations.to_pylist()
    assert [(row["value"], row["value_problem"]) for row in rows] == [(12, None), (None, "ambiguous_number"), (5, None)]
