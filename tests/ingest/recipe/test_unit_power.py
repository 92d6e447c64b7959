"""The power of ten that stands beside each figure of an SDMX message counts, unless the recipe makes the unit of it."""

from __future__ import annotations

from typing import Any

import pytest

#: The names of an SDMX message are those of a standard: its header does not move and is not renamed.
RECIPE = """
    tables:
      - header: {row: 1}
        organisation: {column: REF_AREA}
        period: "2024"
        indicator: FIGURE
        values: {columns: OBS_VALUE%s}
"""


@pytest.fixture
def value_of(read_with: Any, registry: Any, facts: Any) -> Any:
    def read(power: str, unit: str, more: str = "") -> tuple[Any, Any]:
        content = f"REF_AREA,OBS_VALUE,UNIT_MEASURE,UNIT_MULT\nHuế,12.5,PS,{power}\n"
        known = registry(["Huế"], [("FIGURE", unit)])
        found = facts(read_with(RECIPE % more, content, known, name="a.csv"), "value", "unit_problem")
        assert len(found) == 1
        return (None if found[0][0] is None else format(found[0][0].normalize(), "f")), found[0][1]

    return read


@pytest.mark.parametrize(
    ("power", "unit", "more", "value"),
    [
        ("3", "person", "", "12500"),
        ("0", "person", "", "12.5"),
        ("", "person", "", "12.5"),
        ("6", "thousand person", "", "12500"),
        ("0", "percent", "", "12.5"),
        ("6", "USD", ", unit: USD", "12500000"),
        ("6", "USD", ", unit: million USD", "12500000"),
        ("6", "person", ", unit: {column: UNIT_MULT, map: {'6': thousand}}", "12500"),
        ("6", "person", ", multiplier: 10", "125"),
    ],
)
def test_a_power_of_ten_is_applied_once(value_of: Any, power: str, unit: str, more: str, value: str) -> None:
    assert value_of(power, unit, more) == (value, None)


@pytest.mark.parametrize(
    ("power", "unit", "more"),
    [("3", "percent", ""), ("0", "USD", ", unit: million USD"), ("3", "USD", ", unit: million USD"), ("k", "USD", "")],
)
def test_a_power_that_contradicts_the_unit_or_is_none_holds_the_figure_back(
    value_of: Any, power: str, unit: str, more: str
) -> None:
    assert value_of(power, unit, more)[1] == "undeclared"
