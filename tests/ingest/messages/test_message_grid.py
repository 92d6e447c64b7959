"""A message is read by a recipe as a sheet is, and its cells keep their places in the message."""

from __future__ import annotations

import json

import pytest

from ingest.messages import Document, read_message
from ingest.messages.grid import MessageGrid
from ingest.read import Grid
from ingest.read.column import CellKind


@pytest.fixture
def grid() -> MessageGrid:
    records = [{"area": "A", "value": 1.50}, {"area": "B", "value": None}, {"area": "C", "value": "NaN"}]
    documents = [
        Document("page-1", json.dumps(records[:2]).encode()), Document("page-2", json.dumps(records[2:]).encode())
    ]  # fmt: skip
    return MessageGrid("demo", read_message("json", documents))


def test_it_is_a_sheet_with_names_above(grid: MessageGrid) -> None:
    sheet: Grid = grid
    assert (sheet.height, sheet.width) == (4, 2)
    assert [sheet.row_texts(row) for row in range(4)] == [["area", "value"], ["A", "1.5"], ["B", ""], ["C", "NaN"]]
    assert (sheet.text(9, 0), sheet.text(0, 9)) == ("", "")


@pytest.mark.parametrize(("start", "stop"), [(0, 4), (0, 1), (1, 4), (2, 3), (0, 0), (1, 1)])
def test_a_stretch_of_a_column_is_its_cells(grid: MessageGrid, start: int, stop: int) -> None:
    column = grid.column(1, start, stop)
    texts = [column.texts[code] if code >= 0 else "" for code in column.codes]
    assert texts == [grid.text(row, 1) for row in range(start, stop)]
    assert [kind == CellKind.BLANK for kind in column.kinds] == [not text for text in texts]


def test_cells_keep_their_places(grid: MessageGrid) -> None:
    assert [(grid.document(row), grid.address(row, 1)) for row in (1, 3)] == [
        ("page-1", "/0/value"), ("page-2", "/0/value")
    ]  # fmt: skip


def test_a_place_leads_back_to_its_text(grid: MessageGrid) -> None:
    for row in range(1, grid.height):
        for column in range(grid.width):
            there = grid.table.text_at(grid.document(row), grid.address(row, column))
            assert (there or "") == grid.text(row, column)
    assert grid.table.text_at("page-1", "/9/value") is None
    assert grid.table.text_at("page-9", "/0/value") is None


def test_a_place_in_delimited_text_leads_back_too() -> None:
    table = read_message("csv", [Document("a.csv", b"area,value\nA,1\nB,2\n")])
    there = {address: table.text_at("a.csv", address) for address in ("A2", "B2", "B3", "C2", "B9")}
    assert there == {"A2": "A", "B2": "1", "B3": "2", "C2": None, "B9": None}
