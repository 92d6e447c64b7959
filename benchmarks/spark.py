"""The same models on Apache Spark: builds a workspace's warehouse on both engines and compares every table.

    python -m benchmarks.spark demo/.outturn/accepted

It runs in an environment of its own (``pip install dbt-core==1.11.16 dbt-duckdb==1.11.1 "dbt-spark[session]==1.11.0"``,
with Java 17), because nothing else of the product needs Spark. Rows are compared as bags, decimals and texts to the
last digit, doubles to twelve significant digits: the engines round the conversion of a decimal to a double differently.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

PROJECT = Path(__file__).parents[1] / "dbt_project"
SCHEMAS = ("core", "intermediate", "marts", "quality")
#: Statements of the table functions that DuckDB alone has.
WITHOUT_TWIN = {"reading"}
BUILD = """
import sys
from dbt.cli.main import dbtRunner
result = dbtRunner().invoke(sys.argv[1:])
sys.exit(0 if result.success else str(result.exception or "some models failed"))
"""


@dataclass(frozen=True)
class Compared:
    """One table on both engines: its rows, and how many of them have no twin on the other."""

    table: str
    rows: int
    differing: int


def build(target: str, accepted: Path, warehouse: Path, logs: Path) -> None:
    """Run every model in a process of its own; raise ``CalledProcessError`` if one of them fails."""
    folders = ["--project-dir", PROJECT, "--profiles-dir", PROJECT, "--target-path", logs / target, "--log-path", logs]
    arguments = ["run", "--quiet", "--target", target, *map(str, folders)]
    subprocess.run(
        [sys.executable, "-c", BUILD, *arguments],
        env=os.environ | {"OUTTURN_ACCEPTED": str(accepted), "OUTTURN_WAREHOUSE": str(warehouse)},
        check=True,
    )


def compare(warehouse: Path, spark_warehouse: Path) -> Iterator[Compared]:
    """Each table of the DuckDB file beside the Parquet files that Spark wrote for it."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach '{warehouse}' as built (read_only)")
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'built' order by all"
        ).fetchall()
        for schema, table in tables:
            if schema in SCHEMAS and table not in WITHOUT_TWIN:
                yield _compared(connection, schema, table, spark_warehouse / f"{schema}.db" / table)


def _compared(connection: duckdb.DuckDBPyConnection, schema: str, table: str, files: Path) -> Compared:
    columns = connection.execute(f"describe built.{schema}.{table}").fetchall()
    chosen = ", ".join(_comparable(name, data_type) for name, data_type, *_ in columns)
    on_duckdb = f"select {chosen} from built.{schema}.{table}"
    on_spark = f"select {chosen} from read_parquet('{files}/*.parquet')"
    counts = connection.execute(f"""
        select (select count(*) from ({on_duckdb})),
            (select count(*) from ({on_duckdb} except all {on_spark})),
            (select count(*) from ({on_spark} except all {on_duckdb}))
    """).fetchone()
    assert counts is not None
    return Compared(f"{schema}.{table}", counts[0], max(counts[1:]))


def _comparable(column: str, data_type: str) -> str:
    value = f'cast("{column}" as {data_type})'
    return f"printf('%.11e', {value})" if data_type == "DOUBLE" else value


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("accepted", type=Path, help="WORKSPACE/.outturn/accepted")
    accepted = parser.parse_args().accepted.resolve()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        build("duckdb", accepted, place / "warehouse.duckdb", place)
        build("spark", accepted, place / "spark", place)
        tables = list(compare(place / "warehouse.duckdb", place / "spark"))
    for table in tables:
        if table.differing:
            print(f"{table.table}: {table.differing} of {table.rows} rows differ")
    equal = sum(not table.differing for table in tables)
    print(f"{equal} of {len(tables)} tables are equal on DuckDB and Spark, {sum(t.rows for t in tables)} rows")
    return 0 if equal == len(tables) else 1


if __name__ == "__main__":
    raise SystemExit(main())
