"""A cost in three factors: volume, input needed for one unit, price of the input (domain.md 2.9)."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

#: Year → dossiers, hours a dossier, pay an hour; 2025 is 2023 again.
YEARS = {"2023": (200, 2.0, 50_000), "2024": (250, 1.8, 60_000), "2025": (200, 2.0, 50_000)}


def fill(area: Any) -> None:
    area.indicator("CF.pay", role="input", unit="VND")
    area.indicator("CF.done")
    area.indicator("CF.hours", role="input", unit="hour")
    area.ratio("CF.unitCost", "CF.pay", "CF.done", "unit_cost")
    area.ratio("CF.work", "CF.done", "CF.hours", "rate")
    area.organisation("CF", "national")
    for year, (done, hours, pay) in YEARS.items():
        area.observe("CF.pay", "CF", year, round(done * hours * pay))
        area.observe("CF.done", "CF", year, done)
        area.observe("CF.hours", "CF", year, round(done * hours))


def change(warehouse: Any, period_to: str) -> dict[str, Any]:
    return warehouse.row(
        "marts.mart_cost_factor",
        ratio_code="CF.unitCost",
        organisation_code="CF",
        period_to=period_to,
        structure="as_was",
        comparison="previous_period",
    )


def test_of_a_dearer_dossier_the_wage_explains_more_than_all(warehouse):
    row = change(warehouse, "2024")
    assert (row["unit_cost_from"], row["unit_cost_to"]) == (100_000, pytest.approx(108_000))
    assert row["unit_cost_price_effect"] == pytest.approx(19_000)
    assert row["unit_cost_input_effect"] == pytest.approx(-11_000)
    assert row["unit_cost_change"] == pytest.approx(8_000)
    assert row["productivity_ratio_code"] == "CF.work"


def test_three_effects_are_means_over_all_orders_and_add_to_the_change(warehouse):
    row = change(warehouse, "2024")
    before, after = YEARS["2023"], YEARS["2024"]
    expected = [0.0, 0.0, 0.0]
    for order in permutations(range(3)):
        now = list(before)
        for factor in order:
            cost = now[0] * now[1] * now[2]
            now[factor] = after[factor]
            expected[factor] += (now[0] * now[1] * now[2] - cost) / 6
    assert [row[f"{name}_effect"] for name in ("volume", "input", "price")] == pytest.approx(expected)
    assert sum(row[f"{name}_effect"] for name in ("volume", "input", "price")) == row["total_change"] == 7_000_000


def test_a_change_back_undoes_every_effect(warehouse):
    there, back = change(warehouse, "2024"), change(warehouse, "2025")
    for column in ("volume_effect", "input_effect", "price_effect", "unit_cost_price_effect", "unit_cost_input_effect"):
        assert there[column] == pytest.approx(-back[column], rel=1e-12)
