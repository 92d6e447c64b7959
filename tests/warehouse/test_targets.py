"""Trajectories, attainment and colours (domain.md 2.14, 7.3, 8.4; GF-31)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

#: Period → its first day and the first day after it, in a calendar of the programme's own reporting dates.
R68_PERIODS = {
    "R68-2020": (date(2019, 6, 1), date(2020, 6, 1)),
    "R68-2021": (date(2021, 1, 1), date(2022, 1, 1)),
    "R68-2022": (date(2022, 1, 1), date(2023, 1, 1)),
    "R68-2023-05": (date(2022, 6, 1), date(2023, 6, 1)),
    "R68-2023": (date(2023, 1, 1), date(2024, 1, 1)),
    "R68-2024": (date(2024, 1, 1), date(2025, 1, 1)),
    "R68-2025": (date(2025, 1, 1), date(2026, 1, 1)),
}


def fill(area: Any) -> None:
    for code, (start, end) in R68_PERIODS.items():
        area.periods[code] = {
            "calendar_code": "R68",
            "period_code": code,
            "frequency": "A",
            "period_start": start,
            "period_end_exclusive": end,
            "year_label": code,
            "label_vi": code,
            "label_en": code,
            "previous_period_code": None,
            "same_period_last_year_code": None,
            "sdmx_time_period": code,
        }
    area.organisation("TJ", "tj")
    aim(area, "TJ.cut", "R68-2020", 0, "R68-2025", 20, calendar="R68")
    aim(area, "TJ.days", "2023", 10, "2025", 6, direction="lower")
    aim(area, "TJ.deficit", "2023", -8, "2025", -4, direction="higher", allow_negative=True)
    aim(area, "TJ.accidents", "2023", 4, "2025", 0, direction="lower")
    aim(area, "TJ.same", "2023", 5, "2025", 5, direction="higher")
    aim(area, "TJ.load", "2023", 50, "2025", None, direction="range", low=60, high=80)
    for code, value in (("days", 8), ("deficit", -7), ("accidents", 1), ("same", 5), ("load", 90)):
        area.observe(f"TJ.{code}", "TJ", "2024", value)
    area._register(
        "targets",
        measure_code="TJ.days",
        organisation_code="TJ",
        period_code="2025",
        kind="final",
        value=4,
        legal_basis="Later decision",
        recorded_at=date(2024, 6, 1),
    )


def aim(
    area: Any,
    code: str,
    start: str,
    baseline: float,
    due: str,
    value: float | None,
    calendar: str = "CAL",
    **fields: Any,
) -> None:
    bounds = {name: fields.pop(name) for name in ("low", "high") if name in fields}
    area.indicator(code, calendar=calendar, **fields)
    decided = {
        "measure_code": code,
        "organisation_code": "TJ",
        "legal_basis": "Decision",
        "recorded_at": date(2020, 1, 1),
    }
    area._register("targets", period_code=start, kind="baseline", value=baseline, **decided)
    area._register("targets", period_code=due, kind="final", value=value, **bounds, **decided)


def standing(warehouse: Any, code: str, period: str = "2024") -> dict[str, Any]:
    row: dict[str, Any] = warehouse.row("marts.mart_target", measure_code=f"TJ.{code}", period_code=period)
    return row


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("R68-2021", 5.68),
        ("R68-2022", 9.25),
        ("R68-2023-05", 10.74),
        ("R68-2023", 12.83),
        ("R68-2024", 16.42),
        ("R68-2025", 20),
    ],
)
def test_expected_now_lies_on_the_line_by_days(warehouse, period, expected):
    assert round(standing(warehouse, "cut", period)["expected_now"], 2) == expected


@pytest.mark.parametrize(
    ("code", "attainment", "rag"),
    [
        ("days", 1 / 3, "red"),  # 10 to 4: 7.0 expected, 8 reached
        ("deficit", 0.25, "red"),  # -8 to -4: -6 expected, -7 reached
        ("accidents", 0.75, "green"),  # 4 to 0: 2 expected, 1 reached
        ("same", None, "green"),
        ("load", 0, "red"),
    ],
)
def test_attainment_and_colour(warehouse, code, attainment, rag):
    row = standing(warehouse, code)
    assert row["attainment"] == (None if attainment is None else pytest.approx(attainment))
    assert row["rag"] == rag


def test_period_without_a_figure_is_grey(warehouse):
    row = standing(warehouse, "days", "2025")
    assert (row["rag"], row["rag_reason"], row["expected_now"]) == ("grey", "NO_VALUE", 4)


def test_latest_decision_counts_and_is_marked_if_it_came_late(warehouse):
    row = standing(warehouse, "days")
    assert (row["target"], row["legal_basis"], row["is_decided_after_start"]) == (4, "Later decision", True)
    assert not standing(warehouse, "deficit")["is_decided_after_start"]
