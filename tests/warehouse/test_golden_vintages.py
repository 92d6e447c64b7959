"""Three counts of the communes of Viet Nam that are all right, each at its time (domain.md GF-24)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

#: Communes, wards and special zones as the three decisions counted them.
COUNTS = ((2621, 687, 13), (2636, 672, 13), (2611, 697, 13))
KINDS = ("COMMUNE", "WARD", "ZONE")


def fill(area: Any) -> None:
    area.organisation("GF24", "national")
    area.group("GF24K", *KINDS)
    area.indicator("GF24.units", unit="unit", time_aggregation="last", accumulation="POINT_IN_TIME")
    for month, counts in enumerate(COUNTS, start=6):
        at = datetime(2025, month, 16, tzinfo=UTC)
        area.submission("main", at)
        area.observe("GF24.units", "GF24", "2025", sum(counts), at=at)
        for kind, count in zip(KINDS, counts, strict=True):
            area.observe("GF24.units", "GF24", "2025", count, f"GF24K={kind}", at=at)


def test_gf_24_each_count_is_a_vintage_whose_parts_add_up(warehouse):
    rows = warehouse.rows("""
        select vintage_no, cast(sum(case when target_group_code = '_T' then value end) as int) as whole,
            cast(sum(case when target_group_code <> '_T' then value end) as int) as parts
        from core.fct_observation where indicator_code = 'GF24.units' group by vintage_no order by vintage_no
    """)
    assert rows[0] == {"vintage_no": 1, "whole": 3321, "parts": 3321}
    wards = warehouse.rows("""
        select cast(value as int) as value, is_current from core.fct_observation
        where indicator_code = 'GF24.units' and target_group_code = 'GF24K=WARD' order by vintage_no
    """)
    assert wards == [
        {"value": 687, "is_current": False},
        {"value": 672, "is_current": False},
        {"value": 697, "is_current": True},
    ]


def test_gf_24_the_whole_and_the_zones_never_changed(warehouse):
    for group in ("_T", "GF24K=ZONE"):
        rows = warehouse.rows(
            "select 1 from core.fct_observation where indicator_code = 'GF24.units' and target_group_code = ?", group
        )
        assert len(rows) == 1, "a repeated figure is no new vintage"
    assert warehouse.value("GF24.units", "GF24", "2025") == 3321
    assert sum(warehouse.value("GF24.units", "GF24", "2025", f"GF24K={kind}") for kind in KINDS) == 3321


def test_gf_24_the_parts_are_a_partition_and_no_finding(warehouse):
    found = warehouse.rows(
        "select distinct additivity from marts.mart_disaggregation where measure_code = 'GF24.units'"
    )
    assert found == [{"additivity": "partition"}]
