"""Set checks: queries over many rows, phase by phase, each seeing only what no earlier phase holds back."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from expectations.enforcement.validation import GateError
from expectations.enforcement.violation import OF_EVERY_CHECK, OF_SUMS, PLACE
from expectations.intake.identity import identity_query
from expectations.intake.inputs import run_file, text_literal
from expectations.intake.pinpoint import pin
from expectations.intake.waivers import set_aside
from expectations.rules.book import CheckInForce
from expectations.rules.model import CheckKind, Phase
from expectations.rules.scope import Scope
from ingest.contract import Severity

HOLDING = (Severity.BLOCK, Severity.QUARANTINE)
TABLES_OF_PHASE = {
    Phase.KEY: ("repeated_keys.sql", "named_periods.sql"),
    Phase.SERIES: ("series.sql",),
    Phase.SUMS: ("reconciliation.sql", "ratio_parts.sql"),
    Phase.PEERS: (),
    Phase.REVISION: ("revisions.sql",),
}

#: How many rows are sound. Rows are counted one by one only where a whole submission is blocked.
_SOUND_ROWS = """
    select case when exists (from blocked) then (select count(*) from sound)
        else (select count(*) from judged) - (select count(*) from held) end
"""


def evaluate(
    connection: duckdb.DuckDBPyConnection, checks: Sequence[CheckInForce], all_checks: Sequence[CheckInForce]
) -> None:
    """Run the checks into ``violation``; ``held`` and ``blocked`` grow after each phase.

    ``looked_at`` (check_id, row_count) says how many rows were sound when a check's turn came.
    """
    connection.execute("create table looked_at (check_id varchar, row_count bigint)")
    hold(connection, all_checks)
    for phase in Phase:
        of_phase = [in_force for in_force in checks if in_force.check.runs_in is phase]
        ids = [in_force.check_id for in_force in of_phase]
        connection.execute(f"insert into looked_at select unnest(?::varchar[]), ({_SOUND_ROWS})", [ids])
        for name in TABLES_OF_PHASE[phase] if of_phase else ():
            run_file(connection, name)
        for in_force in of_phase:
            _run(connection, in_force)
        if of_phase:
            _drop_explained(connection, of_phase)
            if phase is Phase.SUMS:
                pin(connection, of_phase)
            set_aside(connection, of_phase)
            hold(connection, all_checks)


def hold(connection: duckdb.DuckDBPyConnection, checks: Sequence[CheckInForce]) -> None:
    """Bring ``held`` (rows) and ``blocked`` (submissions) up to what ``violation`` says."""
    keeping = ", ".join(["''", *(text_literal(c.check_id) for c in checks if c.check.holds_rows)])
    connection.execute("delete from held")
    connection.execute(
        "insert into held select distinct unnest(row_ids) from violation "
        f"where severity = 'QUARANTINE' or check_id in ({keeping})"
    )
    connection.execute("delete from blocked")
    connection.execute("insert into blocked select distinct submission_id from violation where severity = 'BLOCK'")


def _run(connection: duckdb.DuckDBPyConnection, in_force: CheckInForce) -> None:
    """Run the query once for every combination of thresholds, and keep what was found where that one applies."""
    check = in_force.check
    query = identity_query(check.identity) if check.kind is CheckKind.IDENTITY and check.identity else check.query or ""
    variants = in_force.threshold_variants()
    for thresholds in variants:
        try:
            connection.execute(f"create or replace temp table found as {in_force.sql(query, thresholds)}")
        except duckdb.Error as error:
            raise GateError(f"rule {in_force.name} cannot be evaluated: {error}") from error
        columns = {row[0] for row in connection.execute("describe found").fetchall()}
        if not {"row_ids", "observed", "expected"} <= columns:
            raise GateError(
                f"rule {in_force.name}: its query must return row_ids, observed and expected, not {sorted(columns)}"
            )
        if _is_empty(connection, "found"):
            continue
        applies = in_force.enabled_sql(Scope())
        if len(variants) > 1:
            applies += "".join(f" and {in_force.threshold_sql(n, Scope())} = {v:f}" for n, v in thresholds.items())
        _add_violations(connection, in_force, columns, applies)


def _is_empty(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return connection.execute(f"select 1 from {table} limit 1").fetchone() is None


def _add_violations(
    connection: duckdb.DuckDBPyConnection, in_force: CheckInForce, columns: set[str], applies: str
) -> None:
    """Add what was ``found``, placed where its first row stands, if the check applies there."""
    place = ", ".join(f"coalesce(found.{c}, first.{c}) as {c}" if c in columns else f"first.{c}" for c in PLACE)
    sums = ", ".join(f"found.{name}" if name in columns else f"null as {name}" for name in OF_SUMS)
    connection.execute(
        f"""
        insert into violation ({", ".join((*OF_EVERY_CHECK, *OF_SUMS))})
        with first as (
            select row_id, organisation_valid_from, period_start, {", ".join(PLACE)} from tidy
            where row_id in (select list_min(row_ids) from found)
        ),
        placed as (
            select found.row_ids, {place}, first.organisation_valid_from, first.period_start,
                found.observed::varchar as observed, found.expected::varchar as expected, {sums}
            from found left join first on first.row_id = list_min(found.row_ids)
        ),
        scoped as (
            select placed.* exclude (period_start), organisation.level as organisation_level, period.frequency,
                coalesce(placed.period_start, period.period_start) as period_start
            from placed
            left join organisation
                on organisation.code = placed.organisation_code
                and organisation.valid_from = placed.organisation_valid_from
            left join period on period.period_code = placed.period_code
        )
        select {text_literal(in_force.check_id)}, {text_literal(in_force.rule.id)}, {in_force.severity_sql(Scope())},
            row_ids, {", ".join(PLACE)}, observed, expected, {", ".join(OF_SUMS)}
        from scoped where coalesce({applies}, true)
        """
    )


def _drop_explained(connection: duckdb.DuckDBPyConnection, checks: Sequence[CheckInForce]) -> None:
    """A jump that is a wrong unit is one fault: where an explaining rule has found the row, the other says nothing."""
    for in_force in checks:
        if in_force.rule.explained_by:
            listed = ", ".join(text_literal(rule) for rule in in_force.rule.explained_by)
            connection.execute(
                f"delete from violation where check_id = {text_literal(in_force.check_id)} and list_has_any(row_ids, "
                f"(select coalesce(list(row_id), []) from (select unnest(row_ids) as row_id from ("
                f"select rule_id, row_ids from violation union all select rule_id, row_ids from waived_violation) "
                f"where rule_id in ({listed}))))"
            )
