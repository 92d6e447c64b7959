"""Reduction of a stock of regulations (domain.md 7.4.1, 7.5; GF-34, WE-16), counted from the register."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

BASELINE = date(2023, 12, 31)


def fill(area: Any) -> None:
    area.organisation("RG", "national")
    area.organisation("RG.OLD", "ministry", "RG", valid_to=date(2025, 3, 1))
    area.organisation("RG.NEW", "ministry", "RG", valid_from=date(2025, 3, 1))
    area.group("RGTYPE", "COND", "PROC")
    names = {"name_vi": "p", "name_en": "p"}
    area._register("programmes", code="RG", baseline_date=BASELINE, **names)
    holders = (("RG.OLD", date(2000, 1, 1), date(2025, 3, 1)), ("RG.NEW", date(2025, 3, 1), None))
    for holder, start, end in holders:
        area._register(
            "function_holders",
            function="RG.F",
            organisation_code=holder,
            valid_from=start,
            valid_to=end,
            **names,
        )
    for number in range(1000):
        regulation(area, f"RG.{number}", "COND" if number % 2 else "PROC", date(2010, 1, 1))
    for number in range(120):
        regulation(area, f"RG.N{number}", "COND", date(2024, 5, 1))
    for number in range(150):
        act(area, number, "implemented", "abolish", date(2024, 6, 1))
    # Fifty were simplified first: they count once, as abolished.
    for number in range(100, 250):
        act(area, number, "implemented", "simplify", date(2024, 3, 1))
    for number in range(300):
        act(area, number, "approved", "simplify", date(2024, 2, 1))
    # Merged into one: three regulations less on paper, none cut.
    for number in range(900, 903):
        act(area, number, "implemented", "merge", date(2024, 3, 1), replaced_by="RG.903")
    for state, hours, other in (("before", 8, 50_000), ("after", 5, 0)):
        area._register(
            "compliance_costs",
            regulation="RG.200",
            state=state,
            hours=hours,
            hourly_wage=55_000,
            fee=200_000,
            other_cost=other,
            executions=2,
            subjects=3_000,
        )


def regulation(area: Any, code: str, kind: str, day: date) -> None:
    area._register(
        "regulations",
        code=code,
        programme="RG",
        function="RG.F",
        regulation_type=f"RGTYPE={kind}",
        in_force_on=day,
    )


def act(area: Any, number: int, stage: str, action: str, day: date, **fields: Any) -> None:
    area._register(
        "regulation_actions", regulation=f"RG.{number}", stage=stage, action=action, effective_on=day, **fields
    )


def standing(warehouse: Any, **key: Any) -> dict[str, Any]:
    given = {"regulation_type_code": "_T", "period_code": "2024", "structure": "as_was", "organisation_code": "RG"}
    row: dict[str, Any] = warehouse.row("marts.mart_regulation_reduction", **(given | key))
    return row


def test_gf_34_gross_abolished_and_net(warehouse):
    row = standing(warehouse)
    assert (row["baseline_stock"], row["abolished"], row["simplified"], row["newly_issued"]) == (1000, 150, 100, 120)
    assert (row["gross_reduction_percent"], row["abolished_percent"]) == (25.0, 15.0)
    assert row["net_change_percent"] == pytest.approx(-3.0, abs=1e-12)
    assert (row["stock"], row["cut"], row["merged"]) == (970, 250, 3)


def test_approved_is_not_implemented(warehouse):
    row = standing(warehouse)
    assert (row["approved"], row["approved_implemented"], row["approved_not_implemented"]) == (300, 250, 50)
    assert (row["open_up_to_180_days"], row["open_181_to_365_days"], row["oldest_open_days"]) == (0, 50, 335)


def test_we_16_compliance_cost(warehouse):
    row = standing(warehouse)
    assert (row["cost_baseline"], row["cost_saved"]) == (4_140_000_000, 1_290_000_000)
    assert round(row["cost_saved_percent"], 1) == 31.2
    assert row["cost_coverage"] == 0.001


def test_types_add_to_the_total(warehouse):
    kinds = [standing(warehouse, regulation_type_code=f"RGTYPE={kind}") for kind in ("COND", "PROC")]
    for count in ("baseline_stock", "cut", "newly_issued", "stock"):
        assert sum(row[count] for row in kinds) == standing(warehouse)[count]


@pytest.mark.parametrize(("structure", "holder"), [("as_was", "RG.OLD"), ("as_is", "RG.NEW")])
def test_who_answers_follows_from_who_holds_the_function(warehouse, structure, holder):
    assert standing(warehouse, structure=structure, organisation_code=holder)["cut"] == 250
