"""Addresses written as bytes are those that people write."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.read import address
from ingest.resolve.addresses import rectangle_addresses


@settings(deadline=None)
@given(
    st.sets(st.integers(0, 12_000_000) | st.integers(0, 120), max_size=30),
    st.lists(st.integers(0, 16_383), min_size=1, max_size=6),
)
def test_every_cell_of_a_rectangle(rows: set[int], columns: list[int]) -> None:
    ordered = sorted(rows)
    expected = [address(row, column) for row in ordered for column in columns]
    assert rectangle_addresses(np.array(ordered, np.int32), columns).to_pylist() == expected


def test_where_a_digit_is_added() -> None:
    rows = np.array([0, 8, 9, 98, 99, 9998, 9999, 999_999, 9_999_999])
    assert rectangle_addresses(rows, [25, 26])[:6].to_pylist() == ["Z1", "AA1", "Z9", "AA9", "Z10", "AA10"]
    assert rectangle_addresses(rows, [701])[-1].as_py() == "ZZ10000000"
