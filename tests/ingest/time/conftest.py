"""The calendars that the tests of this folder share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from pydantic import TypeAdapter

from ingest.time import Calendars
from ingest.time.definition import CalendarDefinition

settings.register_profile("busy_machine", deadline=None)
settings.load_profile("busy_machine")

DECLARED: tuple[dict[str, Any], ...] = (
    {"code": "VNR", "kind": "cut_off", "day": 15, "name": {"vi": "Kỳ hành chính", "en": "Administrative period"}},
    {
        "code": "FY-UK",
        "kind": "fiscal",
        "prefix": "FYUK",
        "start_month": 4,
        "labelled_by": "start",
        "year_written": "{start}-{end2}",
        "name": {"vi": "Năm tài khóa Anh", "en": "UK financial year"},
    },
    {
        "code": "FY-US",
        "kind": "fiscal",
        "prefix": "FYUS",
        "start_month": 10,
        "labelled_by": "end",
        "name": {"vi": "Năm tài khóa Mỹ", "en": "US fiscal year"},
    },
    {
        "code": "FY-VN",
        "kind": "fiscal",
        "prefix": "FYVN",
        "start_month": 1,
        "labelled_by": "end",
        "name": {"vi": "Năm ngân sách", "en": "Budget year"},
    },
    {
        "code": "TAX-UK",
        "kind": "fiscal",
        "prefix": "TAX",
        "start_month": 4,
        "start_day": 6,
        "labelled_by": "start",
        "name": {"vi": "Năm thuế Anh", "en": "UK tax year"},
    },
    {
        "code": "SY",
        "kind": "school_year",
        "second_semester_month": 1,
        "second_semester_day": 15,
        "name": {"vi": "Năm học", "en": "School year"},
    },
    {
        "code": "TERM",
        "kind": "list",
        "name": {"vi": "Kế hoạch năm năm", "en": "Five-year plan"},
        "periods": [
            {
                "code": "TERM2026",
                "start": "2026-01-01",
                "end": "2030-12-31",
                "name": {"vi": "Kế hoạch 2026–2030", "en": "Plan 2026–2030"},
            },
            {
                "code": "TERM2021",
                "start": "2021-01-01",
                "end": "2025-12-31",
                "name": {"vi": "Kế hoạch 2021–2025", "en": "Plan 2021–2025"},
            },
        ],
    },
)


def calendars_of(*declared: dict[str, Any]) -> Calendars:
    return Calendars(TypeAdapter(tuple[CalendarDefinition, ...]).validate_python(declared))


@pytest.fixture(scope="session")
def calendars() -> Calendars:
    return calendars_of(*DECLARED)


@pytest.fixture(scope="session")
def declare() -> Callable[..., Calendars]:
    """Calendars from what a workspace would declare."""
    return calendars_of
