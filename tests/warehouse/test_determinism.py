"""The same input gives the same tables: whatever the order of its rows, by however many threads (domain.md 11.3.19)."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

TABLES = "select schema_name || '.' || table_name as name from duckdb_tables() order by 1"
#: What doubles give depends on the order in which they are added.
ADDING = {"sum", "avg", "mean", "product", "fsum", "favg", "sum_no_overflow"}
#: These take whichever row comes first, unless they are ordered.
PICKING = {"first", "last", "any_value", "arbitrary", "mode", "list", "string_agg", "histogram", "arg_max_null"}
BY_A_KEY = {"max_by", "min_by", "arg_max", "arg_min"}
#: Model → why what it does is exact all the same.
EXACT_ALL_THE_SAME = {
    "mart_decomposition": "effects lie on a binary grid that holds their sum",
    "mart_decomposition_nested": "effects lie on a binary grid that holds their sum",
    "int_observation_by_period": "each sub-period has one figure and begins on a day of its own",
    "mart_ratio": "each sub-period has one figure and begins on a day of its own",
    "dim_ratio": "by the order of frequencies, which is that of what is picked",
}


def fill(area: Any) -> None:
    """The year stated twice by one file, as its last month and as its last quarter, in either order of cells."""
    area.organisation("DET", "national")
    area.indicator("DET.cumulated", accumulation="YTD", frequency="Q")
    for unit, cells in (("DET.A", ("B1", "C1")), ("DET.B", ("C1", "B1"))):
        area.organisation(unit, "province", "DET")
        for (period, value), cell in zip((("2024-M12", 100), ("2024-Q4", 103)), cells, strict=True):
            area.observe("DET.cumulated", unit, period, value, cell=cell)


def test_of_two_figures_for_one_year_in_one_file_the_first_cell_counts(warehouse):
    assert warehouse.value("DET.cumulated", "DET.A", "2024") == 100
    assert warehouse.value("DET.cumulated", "DET.B", "2024") == 103


def aggregates(plan: Any) -> Iterator[dict[str, Any]]:
    """Every aggregate of a bound plan, windows included."""
    if isinstance(plan, dict):
        if plan.get("expression_class") == "BOUND_AGGREGATE" or plan.get("type") == "WINDOW_AGGREGATE":
            yield plan
        plan = list(plan.values())
    if isinstance(plan, list):
        for part in plan:
            yield from aggregates(part)


def depends_on_order(aggregate: dict[str, Any]) -> bool:
    name = aggregate.get("name")
    types = {argument["id"] for argument in aggregate.get("arguments", [])}
    return (
        (name in ADDING and not types.isdisjoint({"DOUBLE", "FLOAT"}))
        or (name in PICKING and not aggregate.get("order_bys"))
        or name in BY_A_KEY
    )


def models_that_depend_on_order(connection: duckdb.DuckDBPyConnection, models: dict[str, str]) -> set[str]:
    found = set()
    for name, sql in models.items():
        [[plan]] = connection.execute("select json_serialize_plan(?, optimize := false)", [sql]).fetchall()
        bound = json.loads(plan)
        assert not bound["error"], (name, bound)
        if any(depends_on_order(aggregate) for aggregate in aggregates(bound)):
            found.add(name)
    return found


def test_no_model_adds_doubles_or_picks_a_row_without_an_order(warehouse):
    manifest = json.loads((warehouse.path.parent / "target" / "manifest.json").read_text(encoding="utf-8"))
    models = {n["name"]: n["compiled_code"] for n in manifest["nodes"].values() if n["resource_type"] == "model"}
    assert len(models) > 100
    with duckdb.connect(str(warehouse.path), read_only=True) as connection:
        connection.execute(f"set file_search_path = '{warehouse.accepted}'")
        assert models_that_depend_on_order(connection, models) == set(EXACT_ALL_THE_SAME)


@pytest.mark.parametrize(
    ("sql", "depends"),
    [
        ("select sum(x) from (values (0.1::double)) as t(x)", True),
        ("select sum(x) over () from (values (0.1::double)) as t(x)", True),
        ("select any_value(x) from (values (1)) as t(x)", True),
        ("select string_agg(x, ',') from (values ('a')) as t(x)", True),
        ("select string_agg(x, ',' order by x) from (values ('a')) as t(x)", False),
        ("select sum(x), max(y) from (values (0.1, 0.1::double)) as t(x, y)", False),
    ],
)
def test_what_depends_on_order_is_seen(sql, depends):
    with duckdb.connect() as connection:
        assert models_that_depend_on_order(connection, {"model": sql}) == ({"model"} if depends else set())


@pytest.mark.end_to_end
def test_gf_35_order_of_rows_and_number_of_threads_change_nothing(warehouse, build_warehouse, tmp_path):
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
    # Intermediate tables too: what differs there today is published tomorrow.
    tables = [row["name"] for row in warehouse.rows(TABLES)]
    assert "intermediate.reading" in tables
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse.path}' as first (read_only); attach '{again}' as second (read_only)")
        for table in tables:
            for one, other in (("first", "second"), ("second", "first")):
                difference = connection.execute(
                    f"select count(*) from (select * from {one}.{table} except all select * from {other}.{table})"
                ).fetchone()
                assert difference == (0,), table
