"""Text files with two header rows, in which the cell of an upper heading is empty: no column takes another's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingest.read import Refusal

RECIPE = r"""
    numbers: {locale: en}
    tables:
      - header: {holds: Đơn vị, rows: 2%s}
        organisation: {column: Đơn vị}
        indicator: FIGURE
        period: {template: "{quarter}/{year}", parts: {year: {header: 1}, quarter: {header: 2}}}
        values: [{columns: {matching: '^\d{4} > Quý'}}]
    """
WHOLE = "Đơn vị,2023,,2024,,2025,,Ghi chú\n,Quý I,Quý II,Quý III,Quý IV,Quý I,Quý II,\nHuế,1,2,3,4,5,6,x\n"


def test_headings_of_equal_reach_are_read(read_with: Any, registry: Any, facts: Any) -> None:
    found = facts(read_with(RECIPE % "", WHOLE, registry(["Huế"], ["FIGURE"]), name="a.csv"), "period_code", "value")
    assert [code for code, _ in found] == ["2023-Q1", "2023-Q2", "2024-Q3", "2024-Q4", "2025-Q1", "2025-Q2"]


@pytest.mark.parametrize(("heading", "cell"), [("2024", "D1"), ("2025", "F1")])
def test_a_heading_that_is_missing_refuses_the_file_and_names_the_cell(
    read_with: Any, registry: Any, heading: str, cell: str
) -> None:
    with pytest.raises(Refusal) as caught:
        read_with(RECIPE % "", WHOLE.replace(heading, ""), registry(["Huế"], ["FIGURE"]), name="a.csv")
    assert caught.value.rule_id == "STR-02"
    assert caught.value.cell == cell


def test_unequal_reach_that_the_recipe_declares_is_read(read_with: Any, registry: Any, facts: Any) -> None:
    content = WHOLE.replace("2024", "")
    tidied = read_with(RECIPE % ", fill: right", content, registry(["Huế"], ["FIGURE"]), name="a.csv")
    assert [code for (code,) in facts(tidied, "period_code")][:4] == ["2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4"]


def test_a_stretch_that_ends_before_another_of_its_last_headings_refuses_the_file(
    read_with: Any, registry: Any
) -> None:
    recipe = RECIPE.replace("{matching: '^\\d{4} > Quý'}", "{from: Quý I, to: Quý III}").replace("rows: 2", "rows: 3")
    content = "Đơn vị,2023,,,2024,,\n,Quý I,Quý II,Quý III,Quý I,Quý II,Quý III\n,,,,,,p\nHuế,1,2,3,4,5,6\n"
    with pytest.raises(Refusal, match=r"D3 «2023 > Quý III», G3 «2024 > Quý III > p»"):
        read_with(recipe % "", content, registry(["Huế"], ["FIGURE"]), name="a.csv")


def test_a_heading_that_is_merged_over_several_columns_of_figures_is_not_one_of_the_first(
    tmp_path: Path, read_with: Any, registry: Any, facts: Any
) -> None:
    recipe = """
    tables:
      - header: {holds: Đơn vị, rows: ROWS}
        organisation: {column: Đơn vị}
        indicator: FIGURE
        period: {header: 1}
        target_group: {SEX: {header: -1, total: ['2024', '2025']}}
        values: {columns: {matching: ^20}}
    """
    workbook = openpyxl.Workbook()
    for row in (["Đơn vị", 2024, None, 2025, "p"], [None, "F", "M", "F", "M"], ["Huế", 1, 2, 3, 4]):
        workbook.active.append(row)
    workbook.active.merge_cells("B1:C1")
    workbook.save(tmp_path / "a.xlsx")
    known = registry(["Huế"], ["FIGURE"], [("SEX", "F"), ("SEX", "M")])
    with pytest.raises(Refusal, match=r"«2024» is merged over B1:C1.*Say header: rows above 1"):
        read_with(recipe.replace("ROWS", "1"), tmp_path / "a.xlsx", known)
    found = facts(read_with(recipe.replace("ROWS", "2"), tmp_path / "a.xlsx", known), "target_group_code", "value")
    assert [(group, int(value)) for group, value in found][:2] == [("SEX=F", 1), ("SEX=M", 2)]
