"""Files that must be refused as a whole, each with one message that names file, sheet, cell and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingest.read import Refusal

ROWS = [["Đơn vị", "Số"], ["HN", 1], ["HP", 2]]
RECIPE = """
    tables:
      - sheets: Biểu
        header: [Đơn vị, Số]
        organisation: {column: Đơn vị}
        period: "2025"
        indicator: X
        values: Số
    """


@pytest.fixture
def refused(read_with: Any, registry: Any) -> Any:
    def read(recipe: str, content: Any, name: str = "nộp.xlsx") -> Refusal:
        with pytest.raises(Refusal) as caught:
            read_with(recipe, content, registry(["HN", "HP"], ["X"]), name=name)
        refusal = caught.value
        assert name in refusal.message_vi
        assert name in refusal.message_en
        return refusal

    return read


def test_missing_sheet(refused: Any) -> None:
    refusal = refused(RECIPE, {"Biểu mẫu": ROWS, "Khác": ROWS})
    assert (refusal.rule_id, refusal.sheet) == ("STR-01", "Biểu")
    assert "Gần nhất: «Biểu mẫu»" in refusal.message_vi


def test_missing_header_names_the_nearest_text_and_its_cell(refused: Any) -> None:
    refusal = refused(RECIPE, {"Biểu": [["Tên đơn vị", "Số"], ["HN", 1]]})
    assert (refusal.rule_id, refusal.sheet, refusal.cell) == ("STR-02", "Biểu", "A1")
    assert "«Tên đơn vị»" in refusal.message_en


def test_header_found_twice(refused: Any) -> None:
    refusal = refused(RECIPE, {"Biểu": [*ROWS, ["Đơn vị", "Số"], ["HP", 3]]})
    assert (refusal.rule_id, refusal.cell) == ("STR-02", "A4")


def test_missing_column_of_figures(refused: Any) -> None:
    refusal = refused(RECIPE.replace("values: Số", "values: Số hồ sơ"), {"Biểu": ROWS})
    assert (refusal.rule_id, refusal.cell) == ("STR-02", "B1")
    assert "«Số hồ sơ»" in refusal.message_vi


def test_two_columns_with_the_header_of_one(refused: Any) -> None:
    refusal = refused(RECIPE, {"Biểu": [["Đơn vị", "Số", "Số"], ["HN", 1, 2]]})
    assert (refusal.rule_id, refusal.cell) == ("STR-02", "C1")


def test_missing_cell_of_the_title(refused: Any) -> None:
    recipe = RECIPE.replace('period: "2025"', "period: {cell: Kỳ báo cáo}")
    assert "«Kỳ báo cáo»" in refused(recipe, {"Biểu": ROWS}).message_vi


def test_title_cell_that_stands_twice(refused: Any) -> None:
    recipe = RECIPE.replace('period: "2025"', "period: {cell: {right_of: Năm}}")
    refusal = refused(recipe, {"Biểu": [["Năm", 2024], ["Năm", 2025], *ROWS]})
    assert (refusal.rule_id, refusal.cell) == ("STR-02", "A2")


def test_nothing_stands_beside_the_title_cell(refused: Any) -> None:
    recipe = RECIPE.replace('period: "2025"', "period: {cell: {right_of: Năm}}")
    refusal = refused(recipe, {"Biểu": [["Năm"], *ROWS]})
    assert (refusal.rule_id, refusal.cell) == ("STR-02", "A1")


def test_formula_without_a_stored_value(refused: Any) -> None:
    refusal = refused(RECIPE, {"Biểu": [*ROWS, ["HN", "=B2+B3"]]})
    assert (refusal.rule_id, refusal.sheet, refusal.cell) == ("STR-01", "Biểu", "B4")


def test_formula_without_a_stored_value_where_a_label_is_needed(refused: Any) -> None:
    refusal = refused(RECIPE, {"Biểu": [*ROWS, ["=A2", 3]]})
    assert (refusal.rule_id, refusal.cell) == ("STR-01", "A4")


def test_hidden_figures_where_they_are_refused(refused: Any, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.title = "Biểu"
    for row in ROWS:
        workbook.active.append(row)
    workbook.active.row_dimensions[3].hidden = True
    workbook.save(tmp_path / "hidden")
    refusal = refused(RECIPE.replace("indicator: X", "indicator: X\n        hidden: refuse"), tmp_path / "hidden")
    assert (refusal.rule_id, refusal.cell) == ("STR-01", "A3")


def test_missing_row_of_column_numbers(refused: Any) -> None:
    recipe = RECIPE.replace("header: [Đơn vị, Số]", "header: {holds: [Đơn vị, Số], numbering: true}")
    refusal = refused(recipe, {"Biểu": [["Đơn vị", "Số"], ["Hà Nội", 1]]})
    assert (refusal.rule_id, refusal.cell) == ("STR-02", "A2")


def test_label_of_a_fixed_vocabulary_that_is_not_mapped(refused: Any) -> None:
    recipe = RECIPE.replace("indicator: X", "indicator: X\n        measure_kind: {header: 1, map: {Kế hoạch: PLAN}}")
    assert "«Số»" in refused(recipe, {"Biểu": ROWS}).message_vi


def test_a_table_that_one_of_several_sheets_must_hold(refused: Any) -> None:
    recipe = RECIPE.replace("sheets: Biểu\n", "sheets: all\n")
    assert refused(recipe, {"Một": [["x"]], "Hai": [["Đơn vị", "Khác"]]}).sheet == "Hai"
