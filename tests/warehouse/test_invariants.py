"""What holds for every row of every mart, whatever was handed in (domain.md 11.3)."""

from __future__ import annotations

import random
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

PUBLISHED = (
    "select schema_name, table_name from duckdb_tables() where schema_name in ('core', 'marts', 'quality') order by all"
)


def fill(area: Any) -> None:
    area.organisation("INV", "national")
    area.organisation("INV.A", "province", "INV")
    area.indicator("INV.x", frequency="M")
    for month in range(1, 7):
        area.observe("INV.x", "INV.A", f"2024-M{month:02d}", month / 8)


def published_tables(warehouse) -> list[str]:
    return [f"{r['schema_name']}.{r['table_name']}" for r in warehouse.rows(PUBLISHED)]


def test_no_number_is_infinite_or_undefined(warehouse):
    for row in warehouse.rows(
        "select schema_name, table_name, column_name from duckdb_columns() where data_type = 'DOUBLE'"
    ):
        table = f"{row['schema_name']}.{row['table_name']}"
        bad = warehouse.rows(f"select 1 from {table} where not isfinite({row['column_name']})")
        assert bad == [], f"{table}.{row['column_name']}"


def test_status_and_value_agree(warehouse):
    assert (
        warehouse.rows("""
        select * from marts.mart_indicator where (value is null) <> (obs_status in ('O', 'L', 'M', 'Q'))
    """)
        == []
    )
    assert (
        warehouse.rows("select * from marts.mart_ratio where (value is null) <> (status in ('O', 'L', 'M', 'Q'))") == []
    )
    assert warehouse.rows("select * from marts.mart_ratio where value is null and reason is null") == []


def test_exactly_one_preferred_current_vintage_a_key(warehouse):
    assert (
        warehouse.rows("""
        select indicator_key, organisation_key, time_key, target_group_key, measure_kind, accumulation
        from core.fct_observation group by all having count_if(is_preferred) <> 1
    """)
        == []
    )


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
def test_order_of_rows_and_number_of_threads_change_nothing(warehouse, build_warehouse, tmp_path):
    shuffled = tmp_path / "accepted"
    chance = random.Random(1)
    for file in warehouse.accepted.rglob("*.parquet"):
        table = pq.read_table(file)
        order = list(range(table.num_rows))
        chance.shuffle(order)
        target = shuffled / file.relative_to(warehouse.accepted)
        target.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table.take(pa.array(order, pa.int64())), target)
    again = build_warehouse(shuffled, tmp_path, arguments=("--exclude-resource-type", "test", "unit_test"), threads=1)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse.path}' as first (read_only); attach '{again}' as second (read_only)")
        for table in published_tables(warehouse):
            for one, other in (("first", "second"), ("second", "first")):
                difference = connection.execute(
                    f"select count(*) from (select * from {one}.{table} except all select * from {other}.{table})"
                ).fetchone()
                assert difference == (0,), table


@pytest.mark.end_to_end
def test_an_empty_registry_builds_empty_marts(empty_area, build_warehouse, tmp_path):
    area = empty_area()
    accepted = area.write(tmp_path / "accepted")
    path = build_warehouse(accepted, tmp_path)
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("select count(*) from marts.mart_ratio").fetchone() == (0,)
        assert connection.execute("select count(*) from core.dim_time").fetchone() != (0,)
