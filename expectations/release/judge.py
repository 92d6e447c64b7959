"""Judging a warehouse: every table rule on every table it applies to, enforced by one Great Expectations suite.

The file is attached read-only and let go of before this returns, so that neither dbt nor the publication waits for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from expectations.data_docs.record import Record, make_record
from expectations.enforcement.validation import GateError, Outcome, memory_database, suite_runner
from expectations.enforcement.violation import ADD_VIOLATIONS, CREATE_VIOLATION, PLACE
from expectations.intake.findings import create_findings
from expectations.intake.inputs import create_macros, load_registry, text_literal
from expectations.intake.suites import agree_with_findings
from expectations.release.formulas import create_views, formula_query
from expectations.release.warehouse_tables import attach, instances
from expectations.rules import CheckKind, Gate, Override, RuleBook, load_rule_book
from expectations.rules.book import CheckInForce, checks_in_force
from expectations.rules.model import Check
from ingest.contract import FINDING, Severity

#: A table of the warehouse in a rule's query, quoted or not.
_READ = re.compile(r'\bwarehouse\."?(\w+)"?\."?(\w+)')


@dataclass(frozen=True)
class ReleaseVerdict:
    """``passed`` is false where a BLOCK rule failed; ``findings`` are rows of FINDING; ``results`` one a check.

    ``record`` is what the release's documentation says of it.
    """

    passed: bool
    results: Sequence[Outcome]
    findings: Sequence[dict[str, Any]]
    skipped: dict[str, str]
    tables: int
    record: Record

    @property
    def rules_run(self) -> int:
        return len(self.results)


def judge(
    warehouse_path: Path,
    *,
    previous_release: Path | None = None,
    registry_dir: Path | None = None,
    rule_book: RuleBook | None = None,
    rule_overrides: Sequence[Override] = (),
) -> ReleaseVerdict:
    """Judge a warehouse file (schemas core, marts, quality) before it is published.

    ``previous_release``: database file of the last release, to compare row counts with. ``registry_dir``: registry
    tables as Parquet, for the rules about the registry itself.
    Raises ``GateError`` where a rule could not be evaluated: then nothing may be published either.
    """
    book = (rule_book or load_rule_book()).with_overrides(rule_overrides)
    with memory_database("release") as database:
        try:
            there = attach(database.connection, Path(warehouse_path), previous_release)
            create_macros(database.connection)
            if registry_dir is not None and (registry_dir / "indicators.parquet").exists():
                load_registry(database.connection, registry_dir)
                _date_release(database.connection)
                there |= {"registry"}
            return _judge(database.connection, database.url, book, there)
        except duckdb.Error as error:
            raise GateError(f"{warehouse_path}: {error}") from error
        finally:
            for attached in ("warehouse", "previous"):
                database.connection.execute(f"detach database if exists {attached}")


def _judge(connection: duckdb.DuckDBPyConnection, url: str, book: RuleBook, there: frozenset[str]) -> ReleaseVerdict:
    connection.execute(CREATE_VIOLATION)
    create_views(connection)
    checks, skipped = [], {}
    looked_at: dict[str, int] = {}
    for in_force in checks_in_force(book, Gate.RELEASE, None, CheckKind.TABLE, CheckKind.FORMULA):
        missing = sorted(set(in_force.check.needs) - there)
        applied = None if missing else _run(connection, in_force)
        if applied is None:
            skipped[in_force.check_id] = f"no {', '.join(missing) or 'table that it applies to'}"
        else:
            checks.append(in_force)
            looked_at[in_force.check_id] = applied
    if not checks:
        raise GateError("no rule of the release gate applies to this warehouse")
    findings = _findings(connection, checks)
    results, validations = _enforce(connection, url, checks)
    blocking = {c.check_id for c in checks if c.severity in (Severity.BLOCK, Severity.QUARANTINE)}
    passed = all(one.success for one in results if one.check_id in blocking)
    tables, rows = connection.execute(
        "select count(*), coalesce(sum(row_count), 0)::bigint from table_size"
    ).fetchone() or (0, 0)
    record = make_record(
        connection,
        "release",
        Gate.RELEASE,
        [(check, looked_at[check.check_id]) for check in checks],
        rows={"tables": tables, "read": rows},
        not_run=skipped,
        validations=validations,
    )
    return ReleaseVerdict(passed, results, findings, skipped, tables, record)


def _date_release(connection: duckdb.DuckDBPyConnection) -> None:
    """``as_of``: the day on which the newest file was received. No clock enters the data."""
    latest = "select max(recorded_at)::date from warehouse.core.fct_observation" if _has_facts(connection) else "null"
    connection.execute(f"create table as_of as select ({latest}) as day")


def _run(connection: duckdb.DuckDBPyConnection, in_force: CheckInForce) -> int | None:
    """Add the violations of every table the check applies to.

    Returns how many rows the tables that it reads have together; nothing where it applies to no table.
    """
    read: set[str] = set()
    applied = False
    for place, written in _queries(connection, in_force.check):
        applied = True
        query = in_force.sql(written)
        try:
            connection.execute(f"create or replace temp table found as {query}")
        except duckdb.Error as error:
            raise GateError(f"rule {in_force.name} cannot be evaluated on {place.get('table')}: {error}") from error
        columns = {row[0] for row in connection.execute("describe found").fetchall()}
        table = text_literal(f"{place['schema']}.{place['name']}") if place else "null"
        placed = ", ".join(f"{c}::varchar" if c in columns else (table if c == "sheet" else "null") for c in PLACE)
        connection.execute(
            f"{ADD_VIOLATIONS} select {text_literal(in_force.check_id)}, {text_literal(in_force.rule.id)}, "
            f"'{in_force.severity}', [], {placed}, observed::varchar, expected::varchar from found"
        )
        read |= {f"{schema}.{table}" for schema, table in _READ.findall(query)}
    if not applied:
        return None
    sizes = "select coalesce(sum(row_count), 0)::bigint from table_size"
    (rows,) = connection.execute(
        f"{sizes} where list_contains(?, schema_name || '.' || table_name)", [sorted(read)]
    ).fetchone() or (0,)
    return int(rows)


def _queries(connection: duckdb.DuckDBPyConnection, check: Check) -> Iterator[tuple[dict[str, str], str]]:
    """The queries of a check: one for each table or column that it applies to, with the place it is asked of."""
    if check.formulas is not None:
        query = formula_query(connection, check.formulas)
        if query is not None:
            yield {"schema": "marts", "name": check.formulas.mart, "table": check.formulas.mart}, query
        return
    for place in instances(connection, check.applies_to):
        query = check.query or ""
        for name, value in place.items():
            query = query.replace("{" + name + "}", value)
        yield place, query


def _findings(connection: duckdb.DuckDBPyConnection, checks: Sequence[CheckInForce]) -> list[dict[str, Any]]:
    """Findings in the contract's columns, found when the newest submission was received: no clock enters the data."""
    latest = "(select max(recorded_at) from warehouse.core.fct_observation)" if _has_facts(connection) else "null"
    connection.execute(
        "create table submission as select null::varchar as submission_id, null::varchar as file_name, "
        "null::varchar as source_code, null::timestamptz as received_at where false"
    )
    names = "select code, name_vi, name_en, date '1900-01-01' as valid_from from registry."
    nobody = "select null::varchar as code, '' as name_vi, '' as name_en, null::date as valid_from where false"
    known = connection.execute("select 1 from duckdb_tables() where schema_name = 'registry'").fetchone()
    measures = f"{names}indicators union all {names}ratios" if known else nobody
    organisations = "select code, name_vi, name_en, valid_from from registry.organisations" if known else nobody
    connection.execute(f"create table measure as {measures}")
    connection.execute(f"create table organisation as {organisations}")
    create_findings(connection, checks, Gate.RELEASE)
    connection.execute(f"update finding set found_at = {latest}")
    table = connection.execute(
        f"select {', '.join(FINDING.column_names)} from finding order by rule_id, sheet, cell, finding_id"
    ).to_arrow_table()
    rows: list[dict[str, Any]] = table.cast(FINDING.schema).to_pylist()
    return rows


def _has_facts(connection: duckdb.DuckDBPyConnection) -> bool:
    return (
        connection.execute(
            "select 1 from warehouse_column where schema_name = 'core' and table_name = 'fct_observation' "
            "and column_name = 'recorded_at'"
        ).fetchone()
        is not None
    )


def _enforce(
    connection: duckdb.DuckDBPyConnection, url: str, checks: Sequence[CheckInForce]
) -> tuple[list[Outcome], list[Any]]:
    from expectations.enforcement.rule_expectation import expectation_of

    with suite_runner(url) as runner:
        suite = [expectation_of(c, f"check_id = {text_literal(c.check_id)}") for c in checks]
        results = runner.run("release", "violation", suite)
    agree_with_findings(connection, results)
    return results, [result.to_json_dict() for result in runner.results]
