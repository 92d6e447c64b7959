"""Numbers in findings are written as a person writes them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

import expectations.intake

MACROS = Path(expectations.intake.__file__).parent / "sql" / "macros.sql"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("20753519667.2::double", "20753519667"),
        ("10590000000::double", "10590000000"),
        ("-5000.4", "-5000"),
        ("1234567.891::decimal(38, 12)", "1234568"),
        ("0.12345", "0.123"),
        ("12::decimal(38, 12)", "12"),
        ("null", None),
    ],
)
def test_a_statistic_ends_where_it_says_something(number: str, text: str | None) -> None:
    with duckdb.connect() as connection:
        connection.execute(MACROS.read_text(encoding="utf-8"))
        assert connection.execute(f"select rounded_text({number})").fetchone() == (text,)
