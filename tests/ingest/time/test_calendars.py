"""Calendars tile time: GF-32, codes that lead back to their period, neighbours, and declarations that are refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ingest.contract import PERIOD
from ingest.time import Calendars, UnknownPeriodError
from ingest.time.period import dates_of_range_code, range_code

DAYS = st.dates(date(1600, 1, 1), date(2400, 1, 1))
TILED = ("CAL", "VNR", "FY-UK", "FY-US", "FY-VN", "TAX-UK", "SY")
NAME = {"vi": "Lịch", "en": "Calendar"}

#: domain.md 3.2, 2026: period, first day, last day, days. Nine months are the year to date at the third quarter.
GF_32 = (
    ("VNR2026-M01", "2025-12-15", "2026-01-14", 31),
    ("VNR2026-Q1", "2025-12-15", "2026-03-14", 90),
    ("VNR2026-S1", "2025-12-15", "2026-06-14", 182),
    ("VNR2026-S2", "2026-06-15", "2026-12-14", 183),
    ("VNR2026", "2025-12-15", "2026-12-14", 365),
    ("VNR2024", "2023-12-15", "2024-12-14", 366),
)


@pytest.mark.parametrize(("code", "first", "last", "days"), GF_32)
def test_administrative_periods_of_gf_32(calendars: Calendars, code: str, first: str, last: str, days: int) -> None:
    period = calendars.period(code)
    assert (period.start.isoformat(), period.last_day.isoformat(), period.days) == (first, last, days)


def test_nine_administrative_months_of_gf_32(calendars: Calendars) -> None:
    nine_months = calendars.year_to_date(calendars.period("VNR2026-Q3"))
    assert (nine_months.start, nine_months.last_day, nine_months.days) == (date(2025, 12, 15), date(2026, 9, 14), 274)


def test_the_reorganisations_fall_inside_administrative_months(calendars: Calendars) -> None:
    assert calendars.containing(date(2025, 7, 1), "VNR", "M").period_code == "VNR2025-M07"
    assert calendars.containing(date(2025, 3, 1), "VNR", "M").period_code == "VNR2025-M03"


@pytest.mark.parametrize("calendar", TILED)
@given(day=DAYS)
def test_every_day_lies_in_exactly_one_period_of_each_level(calendars: Calendars, calendar: str, day: date) -> None:
    for frequency in calendars.frequencies(calendar):
        period = calendars.containing(day, calendar, frequency)
        assert period.start <= day < period.end_exclusive
        following = calendars.containing(period.end_exclusive, calendar, frequency)
        preceding = calendars.containing(period.start - timedelta(days=1), calendar, frequency)
        assert following.start == period.end_exclusive
        assert preceding.end_exclusive == period.start
        assert calendars.previous(following) == period


@st.composite
def declared_calendars(draw: st.DrawFn) -> dict[str, Any]:
    """Any calendar of years that can be declared: from any month and day, cut off on any day, with semesters or not."""
    kind = draw(st.sampled_from(["fiscal", "cut_off", "school_year"]))
    declared: dict[str, Any] = {"code": "ANY", "kind": kind, "name": NAME}
    start = {"start_month": draw(st.integers(1, 12)), "start_day": draw(st.integers(1, 28))}
    if kind == "cut_off":
        return declared | {"day": draw(st.integers(2, 28))}
    if kind == "fiscal":
        return declared | start | {"labelled_by": draw(st.sampled_from(["start", "end"]))}
    second = draw(st.integers(1, 12).filter(lambda month: month != start["start_month"]))
    return declared | start | draw(st.sampled_from([{}, {"second_semester_month": second}]))


@given(declared=declared_calendars(), day=DAYS)
def test_every_day_lies_in_exactly_one_period_of_any_calendar_that_can_be_declared(
    declare: Callable[..., Calendars], declared: dict[str, Any], day: date
) -> None:
    calendars = declare(declared)
    for frequency in calendars.frequencies("ANY"):
        period = calendars.containing(day, "ANY", frequency)
        assert period.start <= day < period.end_exclusive
        assert calendars.containing(period.end_exclusive, "ANY", frequency).start == period.end_exclusive
        assert calendars.containing(period.last_day, "ANY", frequency) == period
        assert calendars.period(period.period_code) == period


@pytest.mark.parametrize("calendar", TILED)
@given(day=DAYS)
def test_a_code_leads_back_to_its_period_and_the_days_to_the_code(
    calendars: Calendars, calendar: str, day: date
) -> None:
    for frequency in calendars.frequencies(calendar):
        period = calendars.containing(day, calendar, frequency)
        assert calendars.period(period.period_code) == period
        between = calendars.between(period.start, period.end_exclusive, calendar)
        assert (between.start, between.end_exclusive) == (period.start, period.end_exclusive)


@pytest.mark.parametrize("calendar", ["CAL", "VNR", "FY-UK", "FY-US", "TAX-UK"])
@given(day=DAYS)
def test_months_nest_in_quarters_halves_and_years(calendars: Calendars, calendar: str, day: date) -> None:
    levels = [calendars.containing(day, calendar, frequency) for frequency in ("A", "S", "Q", "M")]
    for outer, inner in pairwise(levels):
        assert outer.start <= inner.start
        assert inner.end_exclusive <= outer.end_exclusive
    months = calendars.overlapping((levels[0].start, levels[0].end_exclusive), calendar, "M")
    assert len(months) == 12
    assert sum(month.days for month in months) == levels[0].days


@given(start=DAYS, days=st.integers(1, 4000))
def test_a_range_code_leads_back_to_its_days(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    assert dates_of_range_code(range_code(start, end)) == (start, end)


@given(start=DAYS, days=st.integers(1, 4000))
def test_equal_days_have_one_code(calendars: Calendars, start: date, days: int) -> None:
    end = start + timedelta(days=days)
    period = calendars.between(start, end)
    assert calendars.period(range_code(start, end)) == period
    assert calendars.period(period.period_code) == period


def test_rolling_years_are_ranges_and_calendar_years_are_not(calendars: Calendars) -> None:
    rolling = calendars.between(date(2016, 4, 1), date(2017, 4, 1))
    assert (rolling.calendar_code, rolling.period_code, rolling.frequency) == ("CAL", "2016-04-01/P1Y", "R")
    assert calendars.between(date(2016, 1, 1), date(2017, 1, 1)).period_code == "2016"
    assert calendars.range(date(2016, 1, 1), date(2017, 1, 1)).period_code == "2016-01-01/P1Y"
    assert calendars.between(date(2016, 4, 1), date(2017, 4, 1), "FY-UK").period_code == "FYUK2016"


@pytest.mark.parametrize(
    ("code", "previous", "last_year"),
    [
        ("2025-Q1", "2024-Q4", "2024-Q1"),
        ("VNR2025-M01", "VNR2024-M12", "VNR2024-M01"),
        ("FYUK2025-S1", "FYUK2024-S2", "FYUK2024-S1"),
        ("SY2025-S1", "SY2024-S2", "SY2024-S1"),
        ("2025-W01", "2024-W52", "2024-W01"),
        ("2020-W53", "2020-W52", None),
        ("2024-02-29", "2024-02-28", None),
        ("2016-04-01/P1Y", "2015-04-01/P1Y", "2015-04-01/P1Y"),
        ("2023-05-17/P26D", "2023-04-21/P26D", "2022-05-17/P26D"),
        ("2021-01-01/P9M", "2020-04-01/P9M", "2020-01-01/P9M"),
        ("TERM2026", "TERM2021", None),
        ("TERM2021", None, None),
    ],
)
def test_neighbours(calendars: Calendars, code: str, previous: str | None, last_year: str | None) -> None:
    period = calendars.period(code)
    before, year_before = calendars.previous(period), calendars.same_period_last_year(period)
    assert (before.period_code if before else None) == previous
    assert (year_before.period_code if year_before else None) == last_year


@pytest.mark.parametrize(
    "code",
    [
        "",
        "2025-Q5",
        "2025-M13",
        "2025-M7",
        "25",
        "XX2025",
        "2025-02-30",
        "2025-01-01/P0D",
        "VNR2025-W05",
        "SY2025-Q1",
        "0001",
        "9999-Q4",
        "2025-01-01/P99999Y",
        "TERM2031",
        "2021-W53",
    ],
)
def test_codes_of_no_period_are_refused(calendars: Calendars, code: str) -> None:
    with pytest.raises(UnknownPeriodError):
        calendars.period(code)


def test_days_beyond_a_list_belong_to_none_of_its_periods(calendars: Calendars) -> None:
    assert calendars.containing(date(2030, 12, 31), "TERM", "R").period_code == "TERM2026"
    with pytest.raises(UnknownPeriodError, match="TERM"):
        calendars.containing(date(2031, 1, 1), "TERM", "R")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"code": "CAL", "kind": "cut_off", "day": 15}, "always there"),
        ({"code": "X", "kind": "fiscal", "start_month": 4, "start_day": 31}, "28"),
        ({"code": "X", "kind": "cut_off", "day": 1}, "2"),
        ({"code": "X", "kind": "lunar"}, "lunar"),
        ({"code": "X", "kind": "fiscal", "start_month": 4, "year_written": "{yaer}"}, "{year}"),
        ({"code": "X", "kind": "school_year", "second_semester_month": 9, "second_semester_day": 5}, "no days"),
        ({"code": "X", "kind": "list", "periods": []}, "at least 1"),
    ],
    ids=[
        "built_in_code",
        "day_some_months_lack",
        "cut_off_that_cuts_nothing",
        "unknown_kind",
        "misspelt_year_part",
        "semester_without_days",
        "empty_list",
    ],
)
def test_a_calendar_that_cannot_tile_is_refused(
    declare: Callable[..., Calendars], wrong: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        declare({"name": NAME, **wrong})
    assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("first_end", "second_start", "says"),
    [
        ("2025-12-31", "2025-12-31", "overlap"),
        ("2026-01-01", "2026-01-01", "last day of a period"),
        ("2025-12-31", "2026-01-02", "no period covers the days 2026-01-01 to 2026-01-01"),
        ("2020-01-01", "2026-01-01", "before"),
    ],
    ids=["list_with_an_overlap", "list_with_exclusive_ends", "list_with_a_gap", "list_with_an_end_before_its_start"],
)
def test_a_list_with_gaps_or_overlaps_is_refused(
    declare: Callable[..., Calendars], first_end: str, second_start: str, says: str
) -> None:
    periods = [
        {"code": "A", "start": "2021-01-01", "end": first_end, "name": NAME},
        {"code": "B", "start": second_start, "end": "2030-12-31", "name": NAME},
    ]
    with pytest.raises(ValidationError) as refusal:
        declare({"code": "X", "kind": "list", "name": NAME, "periods": periods})
    assert says in str(refusal.value)


def test_calendars_that_share_a_prefix_are_refused(declare: Callable[..., Calendars]) -> None:
    fiscal = {"kind": "fiscal", "prefix": "FY", "start_month": 4, "name": NAME}
    with pytest.raises(ValueError, match="prefix FY"):
        declare({**fiscal, "code": "FY-UK"}, {**fiscal, "code": "FY-IN"})


def test_a_listed_period_that_reads_like_a_year_of_another_calendar_is_refused(
    declare: Callable[..., Calendars],
) -> None:
    fiscal = {"code": "FY", "kind": "fiscal", "start_month": 4, "name": NAME}
    listed = {
        "code": "L",
        "kind": "list",
        "name": NAME,
        "periods": [{"code": "FY2025", "start": "2021-01-01", "end": "2025-12-31", "name": NAME}],
    }
    with pytest.raises(ValueError, match="FY2025"):
        declare(fiscal, listed)


def test_the_period_table_has_each_period_once_and_refers_to_its_own_rows(calendars: Calendars) -> None:
    observed = [calendars.period("2016-04-01/P1Y"), calendars.period("2015-04-01/P1Y"), calendars.period("2025-07-14")]
    table = calendars.table(observed, (date(2025, 1, 1), date(2026, 1, 1)))
    assert table.schema == PERIOD.schema
    rows = {row["period_code"]: row for row in table.to_pylist()}
    assert len(rows) == table.num_rows
    assert rows["2016-04-01/P1Y"]["previous_period_code"] == "2015-04-01/P1Y"
    assert rows["2015-04-01/P1Y"]["previous_period_code"] is None
    assert rows["2025-Q2"]["previous_period_code"] == "2025-Q1"
    assert rows["VNR2025-M07"]["sdmx_time_period"] == "2025-06-15/P1M"
    assert (rows["VNR2025-M07"]["label_vi"], rows["VNR2025-M07"]["label_en"]) == (
        "Tháng 7/2025 (Kỳ hành chính)",
        "July 2025 (Administrative period)",
    )
    assert rows["FYUK2025-Q1"]["year_label"] == "2025-26"
    assert rows["SY2025"]["year_label"] == "2025-2026"
    assert rows["TERM2021"]["label_vi"] == "Kế hoạch 2021–2025"
    assert sum(row["frequency"] == "D" for row in rows.values()) == 365
    assert "VNR2026-M01" in rows  # it starts in 2025


def test_days_are_listed_only_where_they_are_reported(calendars: Calendars) -> None:
    table = calendars.table([], (date(2025, 1, 1), date(2026, 1, 1)))
    assert "D" not in set(table["frequency"].to_pylist())


def test_nothing_reported_yet_makes_an_empty_table(declare: Callable[..., Calendars]) -> None:
    assert declare().table([], (date(2000, 1, 1), date(2000, 1, 1))).num_rows == 0
