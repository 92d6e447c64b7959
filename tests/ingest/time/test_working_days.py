"""Deadlines in working days: weekends, holidays and swapped days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.time import WorkingDays

TET_2026 = frozenset(date(2026, 2, day) for day in range(16, 21))


def test_two_working_days_after_an_administrative_month() -> None:
    assert WorkingDays().after(date(2026, 8, 14), 2) == date(2026, 8, 18)  # a Friday


def test_lunar_new_year_moves_a_deadline_by_its_days() -> None:
    assert WorkingDays(holidays=TET_2026).after(date(2026, 2, 14), 2) == date(2026, 2, 24)


def test_a_swapped_saturday_counts() -> None:
    swapped = WorkingDays(holidays=frozenset({date(2025, 5, 2)}), worked=frozenset({date(2025, 4, 26)}))
    assert swapped.after(date(2025, 4, 25), 1) == date(2025, 4, 26)
    assert not swapped.is_working_day(date(2025, 5, 2))


def test_another_weekend() -> None:
    assert WorkingDays(weekend=("friday", "saturday")).after(date(2026, 1, 1), 1) == date(2026, 1, 4)


def test_a_calendar_without_working_days_says_so() -> None:
    never = WorkingDays(weekend=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
    with pytest.raises(ValueError, match=r"workspace\.yml"):
        never.after(date(2026, 1, 1), 1)


@given(day=st.dates(date(2000, 1, 1), date(2050, 1, 1)), count=st.integers(1, 60))
def test_exactly_so_many_working_days_lie_between(day: date, count: int) -> None:
    working = WorkingDays(holidays=TET_2026)
    due = working.after(day, count)
    between = (day + timedelta(days=step) for step in range(1, (due - day).days + 1))
    assert sum(working.is_working_day(each) for each in between) == count
    assert working.is_working_day(due)
