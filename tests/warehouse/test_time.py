"""Accumulation, roll-up over time and calendars (domain.md sections 2.5 and 3)."""

from __future__ import annotations

from typing import Any

import pytest


def fill(area: Any) -> None:
    area.organisation("T", "national")
    area.organisation("T.A", "province", "T")
    cumulative(area)
    rules(area)
    distinct_users(area)
    several_frequencies(area)
    vietnamese_calendar(area)
    partial_year(area)


def cumulative(area: Any) -> None:
    area.indicator("T.falls", frequency="Q", accumulation="YTD")
    for quarter, value in zip(("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"), (120, 260, 255, 400), strict=True):
        area.observe("T.falls", "T.A", quarter, value)
    area.indicator("T.mayFall", frequency="Q", accumulation="YTD", allow_negative=True)
    for quarter, value in zip(("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"), (120, 260, 255, 400), strict=True):
        area.observe("T.mayFall", "T.A", quarter, value)
    area.indicator("T.gap", frequency="M", accumulation="YTD")
    for month, value in (("2024-M01", 10), ("2024-M02", 25), ("2024-M04", 60), ("2025-M01", 7)):
        area.observe("T.gap", "T.A", month, value)
    area.indicator("T.onTimeYtd", frequency="Q", accumulation="YTD")
    area.indicator("T.allYtd", frequency="Q", accumulation="YTD")
    area.ratio("T.ytdShare", "T.onTimeYtd", "T.allYtd", scale=100)
    for quarter, numerator, denominator in (("2024-Q1", 95, 100), ("2024-Q2", 180, 200), ("2024-Q3", 276, 300)):
        area.observe("T.onTimeYtd", "T.A", quarter, numerator)
        area.observe("T.allYtd", "T.A", quarter, denominator)


def rules(area: Any) -> None:
    for rule in ("sum", "average", "last", "first", "maximum", "minimum", "none"):
        area.indicator(f"T.{rule}", frequency="Q", time_aggregation=rule)
        for quarter, value in zip(("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"), (3, 9, 1, 5), strict=True):
            area.observe(f"T.{rule}", "T.A", quarter, value)


def distinct_users(area: Any) -> None:
    """domain.md 2.14: who used a service in several months, or in several places, is one user."""
    area.indicator(
        "T.users", frequency="M", unit="person", time_aggregation="distinct", organisation_aggregation="distinct"
    )
    area.organisation("TD", "national")
    for unit, users in (("TD.A", 1200), ("TD.B", 900), ("TD.C", 700)):
        area.organisation(unit, "province", "TD")
        area.observe("T.users", unit, "2024-M01", users)
    for month, users in (("2024-M02", 1300), ("2024-M03", 500)):
        area.observe("T.users", "TD.A", month, users)


def several_frequencies(area: Any) -> None:
    area.indicator("T.mixed", frequency="M")
    for month in range(1, 13):
        area.observe("T.mixed", "T.A", f"2024-M{month:02d}", 10)
    area.observe("T.mixed", "T.A", "2024-Q1", 33)


def vietnamese_calendar(area: Any) -> None:
    area.indicator("T.vnr", frequency="M", calendar="VNR")
    for month in range(1, 4):
        area.observe("T.vnr", "T.A", f"VNR2025-M{month:02d}", 4)


def partial_year(area: Any) -> None:
    area.indicator("T.partial", frequency="M")
    for month in range(1, 12):
        area.observe("T.partial", "T.A", f"2024-M{month:02d}", 1)
    area.indicator("T.notApplicable", frequency="Q")
    for quarter in (1, 2, 3):
        area.observe("T.notApplicable", "T.A", f"2024-Q{quarter}", 1)
    area.observe("T.notApplicable", "T.A", "2024-Q4", None, obs_status="M")


@pytest.mark.parametrize(
    ("period", "value", "status"),
    [
        ("2024-Q1", 120, "A"),
        ("2024-Q2", 140, "A"),
        ("2024-Q3", None, "O"),
        ("2024-Q4", None, "O"),
        ("2024-S1", 260, "A"),
        ("2024", 400, "A"),
    ],
)
def test_gf_11_cumulative_figures_are_taken_apart(warehouse, period, value, status):
    row = warehouse.indicator("T.falls", "T.A", period)
    assert (row["value"], row["obs_status"]) == (value, status)


def test_a_measure_that_may_be_negative_keeps_its_fall(warehouse):
    assert [warehouse.value("T.mayFall", "T.A", f"2024-Q{q}") for q in (1, 2, 3, 4)] == [120, 140, -5, 145]


def test_an_increment_without_the_figure_before_is_an_interval_and_no_spike(warehouse):
    assert warehouse.value("T.gap", "T.A", "2024-M02") == 15
    for month in ("2024-M03", "2024-M04"):
        row = warehouse.indicator("T.gap", "T.A", month)
        assert (row["value"], row["value_low"], row["value_high"], row["obs_status"]) == (None, 0, 35, "E")
    quarter = warehouse.indicator("T.gap", "T.A", "2024-Q1")
    assert (quarter["value"], quarter["value_low"], quarter["value_high"]) == (None, 25, 60)


def test_distinct_counts_are_bounded_over_places_and_months(warehouse):
    january = warehouse.indicator("T.users", "TD", "2024-M01")
    assert (january["value"], january["value_low"], january["value_high"]) == (None, 1200, 2800)
    quarter = warehouse.indicator("T.users", "TD.A", "2024-Q1")
    assert (quarter["value"], quarter["value_low"], quarter["value_high"]) == (None, 1300, 3000)
    assert warehouse.value("T.gap", "T.A", "2025-M01") == 7


def test_ratios_of_cumulative_parts(warehouse):
    in_period = [warehouse.ratio("T.ytdShare", "T.A", f"2024-Q{q}")["value"] for q in (1, 2, 3)]
    assert in_period == [pytest.approx(95.0), pytest.approx(85.0), pytest.approx(96.0)]
    assert warehouse.ratio("T.ytdShare", "T.A", "2024-S1")["value"] == pytest.approx(90.0)
    assert warehouse.ratio("T.ytdShare", "T.A", "2024")["value"] == pytest.approx(92.0)


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("sum", 18),
        ("average", 4.5),
        ("last", 5),
        ("first", 3),
        ("maximum", 9),
        ("minimum", 1),
    ],
)
def test_roll_up_by_the_indicators_own_rule(warehouse, rule, value):
    row = warehouse.indicator(f"T.{rule}", "T.A", "2024")
    assert (float(row["value"]), row["is_rolled_up"], row["coverage"]) == (value, True, 1)


def test_rule_none_is_never_rolled_up(warehouse):
    assert (
        warehouse.rows("select 1 from marts.mart_indicator where indicator_code = 'T.none' and period_code = '2024'")
        == []
    )


def test_a_reported_longer_period_wins_over_its_parts(warehouse):
    quarter = warehouse.indicator("T.mixed", "T.A", "2024-Q1")
    assert (float(quarter["value"]), quarter["is_rolled_up"]) == (33, False)
    assert warehouse.value("T.mixed", "T.A", "2024") == 33 + 90


def test_calendars_are_never_mixed(warehouse):
    assert warehouse.value("T.vnr", "T.A", "VNR2025-Q1") == 12
    periods = warehouse.rows("select distinct calendar_code from marts.mart_indicator where indicator_code = 'T.vnr'")
    assert periods == [{"calendar_code": "VNR"}]
    quarter = warehouse.row("core.dim_time", period_code="VNR2025-Q1")
    assert (str(quarter["period_start"]), str(quarter["period_end_exclusive"]), quarter["days"]) == (
        "2024-12-15",
        "2025-03-15",
        90,
    )


def test_partial_year_is_shown_with_its_coverage(warehouse):
    year = warehouse.indicator("T.partial", "T.A", "2024")
    assert (float(year["value"]), year["coverage"], year["obs_status"]) == (11, pytest.approx(11 / 12, abs=1e-12), "E")


def test_what_cannot_exist_is_not_expected(warehouse):
    year = warehouse.indicator("T.notApplicable", "T.A", "2024")
    assert (float(year["value"]), year["coverage"], year["obs_status"]) == (3, 1, "A")
    quarter = warehouse.indicator("T.notApplicable", "T.A", "2024-Q4")
    assert (quarter["value"], quarter["value_state"]) == (None, "not_applicable")


def test_periods_are_rolled_up_within_one_calendar_only(warehouse):
    assert (
        warehouse.rows("""
        select 1 from core.bridge_time as b
        inner join core.dim_time as a on b.ancestor_time_key = a.time_key
        inner join core.dim_time as d on b.descendant_time_key = d.time_key
        where a.calendar_code <> d.calendar_code
            or d.period_start < a.period_start or d.period_end_exclusive > a.period_end_exclusive
    """)
        == []
    )
