"""Stored doubles become the decimals they stand for; a change of unit moves the point and nothing else."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.contract import DECIMAL
from ingest.resolve.decimals import decimals_of, shift, times


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        (0.1, "0.1"),
        (0.30000000000000004, "0.3"),
        (44.800000000000004, "44.8"),
        (1234567.89, "1234567.89"),
        (-5.0, "-5"),
        (9007199254740991.0, "9007199254740991"),
        (2.5e20, "250000000000000000000"),
        (1e-13, "0"),
        (123456789012.345, "123456789012.345"),
    ],
)
def test_fifteen_significant_digits(stored: float, value: str) -> None:
    assert decimals_of(np.array([stored, 0.5]))[0].as_py() == Decimal(value)


def test_nan_is_no_value() -> None:
    assert decimals_of(np.array([np.nan, 1.0, np.inf])).to_pylist() == [None, Decimal(1), None]


@given(st.lists(st.decimals(min_value=-(10**9), max_value=10**9, places=4), min_size=1, max_size=50))
def test_what_a_spreadsheet_can_hold_comes_back_exactly(values: list[Decimal]) -> None:
    assert decimals_of(np.array([float(value) for value in values])).to_pylist() == values


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=6), st.integers(-6, 9))
def test_shift_is_exact(value: Decimal, power: int) -> None:
    moved, beyond = shift(pa.array([value, None], DECIMAL), power)
    assert moved.to_pylist() == [value.scaleb(power), None]
    assert not beyond.any()


def test_what_does_not_fit_is_said() -> None:
    moved, beyond = shift(pa.array([Decimal(10) ** 20, Decimal(1)], DECIMAL), 9)
    assert moved.to_pylist() == [None, Decimal(10) ** 9]
    assert beyond.tolist() == [True, False]


def test_times_any_factor() -> None:
    assert times(pa.array([Decimal(3), None], DECIMAL), Decimal("0.25"))[0].to_pylist() == [Decimal("0.75"), None]
