"""Figures for a period in which their organisation began or ended (domain.md 4.6, GF-15)."""

from __future__ import annotations

from datetime import date
from typing import Any

REFORM = date(2025, 7, 1)
RECIPE = """
    numbers: {locale: en}
    tables:
      - header: [Tỉnh, Kỳ, Số]
        organisation: {column: Tỉnh}
        indicator: RESOLVED
        period: {column: Kỳ}
        values: Số
    """
#: 15 June to 14 July 2025, the administrative month M07, in which the reform falls; and the one after it.
STRADDLING, AFTER = "2025-06-15/P30D", "2025-07-15/P31D"


def test_gf_15_predecessor_and_successor_report_the_month_of_the_reform(
    read_with: Any, registry: Any, facts: Any
) -> None:
    known = registry(
        [("91", "Kiên Giang", date(1990, 1, 1), REFORM), ("91", "An Giang", REFORM, None), "VN"], ["RESOLVED"]
    )
    rows = [("Kiên Giang", STRADDLING), ("An Giang", STRADDLING), ("VN", STRADDLING), ("An Giang", AFTER)]
    text = "Tỉnh,Kỳ,Số\n" + "".join(f"{name},{period},5\n" for name, period in rows)
    tidied = read_with(RECIPE, text, known, name="a.csv")
    columns = ("organisation_code", "organisation_valid_from", "period_start", "organisation_problem", "flags")
    assert facts(tidied, *columns) == [
        ("91", date(1990, 1, 1), date(2025, 6, 15), None, "REORG_PARTIAL"),
        ("91", REFORM, date(2025, 6, 15), None, "REORG_PARTIAL"),
        ("VN", date(1900, 1, 1), date(2025, 6, 15), None, None),
        ("91", REFORM, date(2025, 7, 15), None, None),
    ]
