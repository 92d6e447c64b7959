"""What holds for every row of every mart, whatever was handed in (domain.md 11.3)."""

from __future__ import annotations

import shutil
from typing import Any

import duckdb
import pytest

from release.performance_report import performance_report


def fill(area: Any) -> None:
    area.organisation("INV", "national")
    area.organisation("INV.A", "province", "INV")
    area.organisation("INV.B", "province", "INV")
    area.group("INVSEX", "F", "M")
    area.indicator("INV.n", frequency="Q")
    area.indicator("INV.d", frequency="Q")
    area.indicator("INV.cumulated", frequency="Q", accumulation="YTD")
    area.ratio("INV.r", "INV.n", "INV.d")
    for quarter in (1, 2, 3):
        for province, size in (("INV.A", 10), ("INV.B", 20)):
            area.observe("INV.n", province, f"2024-Q{quarter}", size)
            area.observe("INV.d", province, f"2024-Q{quarter}", size + 10 * quarter)
            area.observe("INV.cumulated", province, f"2024-Q{quarter}", size * quarter)
    for group, value in (("_T", 30), ("INVSEX=F", 10), ("INVSEX=M", 20)):
        area.observe("INV.n", "INV.A", "2023-Q4", value, group)
    area.indicator("INV.x", frequency="M")
    for month in range(1, 7):
        area.observe("INV.x", "INV.A", f"2024-M{month:02d}", month / 8)


#: How each invariant is broken, by its number: statements on a copy of the warehouse.
TAMPERING = {
    1: "update marts.mart_ratio set value = value + 1",
    2: "update marts.mart_ratio set numerator = numerator + 1, value = null where organisation_code = 'INV'",
    3: "update marts.mart_ratio set coverage_numerator = 1.5",
    4: "update marts.mart_ratio set value = 'nan' where value is not null",
    5: "update core.fct_observation set obs_status = 'O' where value is not null",
    6: "update core.fct_observation set is_preferred = false",
    7: "update core.fct_observation set organisation_valid_from = date '2099-01-01'",
    8: "update marts.mart_indicator set value = value + 1 where is_rolled_up",
    9: "update marts.mart_indicator_as_is set value = value + 1",
    10: "update core.fct_observation set value = 9 * value where target_group_code like 'INVSEX=%'",
    11: "update marts.mart_indicator set value = value + 1 where not is_rolled_up",
    12: "update core.dim_indicator set unit = 'VND', price_basis = case indicator_code when 'INV.n' then 'current' "
    "else 'constant' end",
    13: "update marts.mart_decomposition set rate_effect = rate_effect + 1",
    14: "create or replace table marts.mart_scorecard as select 'S' as scorecard_code, 'P' as parent_node_code, "
    "1 as organisation_key, 1 as time_key, 'a' as score_kind, 0.7 as weight, 'mean' as method, 1 as coverage",
    15: "create or replace table marts.mart_target as select time_key, period_start + 30 as decided_at, "
    "false as is_decided_after_start from core.dim_time",
    16: "update core.fct_observation set obs_status = 'Q' where value is not null",
    17: "update core.dim_organisation set name_en = 'somebody@example.org'",
    18: "update core.fct_observation set cell = ''",
    19: "update marts.mart_ratio set value = value + 1",
    20: "create or replace table core.fct_finding as select 'INT-01' as rule_id, 'INFO' as severity",
}


def test_invariants_hold(warehouse, invariant, rows_that_break):
    assert rows_that_break(invariant, warehouse.path) == []


def test_invariants_can_be_broken(warehouse, invariant, rows_that_break, tmp_path):
    copy = tmp_path / warehouse.path.name
    shutil.copyfile(warehouse.path, copy)
    with duckdb.connect(str(copy)) as connection:
        connection.execute(TAMPERING[invariant.number])
    assert rows_that_break(invariant, copy) != []


def test_every_published_column_has_a_comment(warehouse):
    assert (
        warehouse.rows("""
        select table_name, column_name from duckdb_columns()
        where schema_name in ('core', 'marts', 'quality') and coalesce(comment, '') = ''
    """)
        == []
    )


def test_schemas_are_those_of_the_contract(warehouse):
    schemas = warehouse.rows("select distinct schema_name from duckdb_tables() order by 1")
    assert {r["schema_name"] for r in schemas} <= {"staging", "intermediate", "core", "marts", "quality"}


@pytest.mark.end_to_end
def test_an_empty_registry_builds_empty_marts(empty_area, build_warehouse, tmp_path):
    area = empty_area()
    accepted = area.write(tmp_path / "accepted")
    path = build_warehouse(accepted, tmp_path, arguments=("--exclude-resource-type", "unit_test"))
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("select count(*) from marts.mart_ratio").fetchone() == (0,)
        assert connection.execute("select count(*) from core.dim_time").fetchone() != (0,)
    report = performance_report(path, title={"en": "Empty"}, languages=("en",))
    assert set(report) == {"report/index.html", "report/en/index.html"}
    assert "no ratio that could be computed" in report["report/en/index.html"].decode()
