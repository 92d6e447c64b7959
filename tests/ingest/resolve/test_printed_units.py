"""What a sheet prints about units, where the recipe says nothing."""

from __future__ import annotations

import pytest

from ingest.parse.units import registered_unit
from ingest.recipe.printed_units import PrintedUnit
from ingest.resolve.contradicting_units import contradicting


@pytest.mark.parametrize(
    ("heading", "registered", "is_other"),
    [
        ("Thu (triệu đồng)", "VND", True),
        ("Thu (đồng)", "VND", False),
        ("Chi (USD)", "VND", True),
        ("Tỷ lệ (%)", "percent", False),
        ("Tỷ lệ (%)", "dossier", True),
        ("Dân số (nghìn người)", "person", True),
        ("Số ca (người)", "case", False),  # words for what is counted are loose
        ("Staff (number)", "person", False),
        ("Households (thousands)", "household", True),
        ("Cost per transaction (£)", "GBP/transaction", False),
        ("Cost per transaction (£000)", "GBP/transaction", True),
        ("Spending (£ per household)", "GBP", True),
        ("Đường (km)", "m", True),
        ("Tiếp nhận", "dossier", False),
    ],
)
def test_a_heading_in_another_unit(heading: str, registered: str, is_other: bool) -> None:
    found = contradicting(PrintedUnit(heading, ()), registered_unit(registered))
    assert found == (heading if is_other else None)


@pytest.mark.parametrize(
    ("line", "registered", "is_other"),
    [
        ("Đơn vị tính: tỷ đồng", "VND", True),
        ("Đơn vị tính: đồng", "VND", False),
        ("Đơn vị tính: triệu đồng", "dossier", False),  # it need not hold for every column
        ("(nghìn người)", "person", True),
        ("Thousands", "person", True),
    ],
)
def test_a_line_above_the_table(line: str, registered: str, is_other: bool) -> None:
    assert (contradicting(PrintedUnit(None, (line,)), registered_unit(registered)) is not None) == is_other


def test_a_heading_stands_before_a_line_and_one_line_that_agrees_is_enough() -> None:
    unit = registered_unit("VND")
    assert contradicting(PrintedUnit("Thu (đồng)", ("Đơn vị tính: tỷ đồng",)), unit) is None
    assert contradicting(PrintedUnit(None, ("Đơn vị tính: tỷ đồng", "Đơn vị tính: đồng")), unit) is None
