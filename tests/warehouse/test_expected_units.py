"""Who is expected in a period (domain.md 3.4, 3.6, 4.6).

Everybody who was there on a day of it, unless they say that they have no figure of their own.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

REFORM = date(2025, 7, 1)
#: From 15 June to 14 July 2025: the reform lies within.
STRADDLING = "VNR2025-M07"


def fill(area: Any) -> None:
    area.organisation("EX", "national")
    for code in ("EX.old1", "EX.old2"):
        area.organisation(code, "province", "EX", valid_to=REFORM)
    area.organisation("EX.new", "province", "EX", valid_from=REFORM)
    for code in ("EX.old1", "EX.old2"):
        area.event("merge", code, "EX.new", REFORM, weight="1")
    fields = {"frequency": "M", "calendar": "VNR", "reporting_level": "province"}
    for case in ("silent", "included", "parts", "port"):
        area.indicator(f"EX.{case}", **fields)
        area.indicator(f"EX.{case}Base", **fields)
        area.ratio(f"EX.{case}Share", f"EX.{case}", f"EX.{case}Base", minimum_denominator=0)
    for code, size in (("EX.silent", 6), ("EX.silentBase", 8), ("EX.included", 6), ("EX.includedBase", 8)):
        area.observe(code, "EX.new", STRADDLING, size)
    for code in ("EX.included", "EX.includedBase"):
        for old in ("EX.old1", "EX.old2"):
            area.observe(code, old, STRADDLING, None, obs_status="K")
    for unit, size in (("EX.old1", 1), ("EX.old2", 2), ("EX.new", 3)):
        area.observe("EX.parts", unit, STRADDLING, size)
        area.observe("EX.partsBase", unit, STRADDLING, 4)
    # One of two provinces has no port, and says so of the whole half-year in which it was there.
    for month in ("VNR2025-M03", "VNR2025-M04"):
        for code, size in (("EX.port", 3), ("EX.portBase", 4)):
            area.observe(code, "EX.old1", month, size)
            area.observe(code, "EX.old2", month, None, obs_status="M")


@pytest.mark.parametrize(
    ("case", "period", "present", "expected"),
    [
        ("silent", STRADDLING, 1, 3),  # the old ones still owe the part of the month they were there
        ("included", STRADDLING, 1, 1),  # the new one declared the whole, the old ones are in it
        ("parts", STRADDLING, 3, 3),  # each declared its part
        ("port", "VNR2025-M03", 1, 1),
    ],
)
def test_who_is_expected(warehouse, case, period, present, expected):
    share = warehouse.ratio(f"EX.{case}Share", "EX", period)
    assert (share["units_matched"], share["units_expected"]) == (present, expected)
    assert share["matched_share"] == pytest.approx(present / expected)
    total = warehouse.indicator(f"EX.{case}", "EX", period)
    assert (total["units_present"], total["units_expected"]) == (present, expected)
    assert total["obs_status"] == ("A" if present == expected else "E")


def test_parts_of_a_month_add_up_to_it(warehouse):
    assert warehouse.value("EX.parts", "EX", STRADDLING) == 6
    assert warehouse.ratio("EX.partsShare", "EX", STRADDLING)["value"] == pytest.approx(0.5)


def test_units_that_cannot_exist_are_missing_in_no_longer_period(warehouse):
    quarter = warehouse.ratio("EX.portShare", "EX", "VNR2025-Q2")
    assert (quarter["units_matched"], quarter["units_expected"]) == (1, 5)
