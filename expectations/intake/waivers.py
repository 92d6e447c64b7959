"""What stewards have confirmed or waived: the same check does not fire again for the same key and value.

Which of their decisions are in force today is decided elsewhere; the gate gets them as a table and knows no clock
(domain.md 6.2). A violation that is set aside holds nothing back; its rows go on with the mark ``CONFIRMED_rule`` or
``WAIVED_rule``. A row the warehouse could not hold (no organisation, no number …) stays outside whatever was waived.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from expectations.intake.fault import fault_id_sql
from expectations.intake.inputs import text_literal
from expectations.intake.row_checks import Bit
from expectations.rules.book import CheckInForce
from ingest.contract import OBSERVATION, WAIVER

_SOUND = " and ".join(
    [
        "tidy.value_problem is null",
        *(f"tidy.{column.name} is not null" for column in OBSERVATION.columns if not column.nullable),
    ]
)


def load_waivers(connection: duckdb.DuckDBPyConnection, waivers: pa.Table | None) -> None:
    """Create ``waiver`` (columns of WAIVER), and ``waived_violation`` for what it sets aside."""
    connection.register("given_waiver", (waivers if waivers is not None else WAIVER.schema.empty_table()))
    connection.execute("create table waiver as select distinct * from given_waiver")
    connection.unregister("given_waiver")
    connection.execute("create table waived_violation as select *, '' as disposition from violation where false")


def set_aside(connection: duckdb.DuckDBPyConnection, checks: Sequence[CheckInForce], bits: Sequence[Bit] = ()) -> None:
    """Move what was confirmed or waived to ``waived_violation``, and clear its bits in ``judged``."""
    row = connection.execute("select count(*) from waiver").fetchone()
    if row is None or row[0] == 0:
        return
    waivable = ", ".join(["''", *(text_literal(c.check_id) for c in checks if c.rule.waivable)])
    holding = ", ".join(["''", *(text_literal(c.check_id) for c in checks if c.check.holds_rows)])
    connection.execute(
        f"""
        create or replace temp table set_aside as
        with concerned as (
            select violation.rowid as violation_row, violation.*, submission.file_name, submission.source_code
            from violation
            left join submission on submission.submission_id = violation.submission_id
            where check_id in ({waivable})
        ),
        identified as (
            select violation_row, row_ids, observed, {fault_id_sql()} as fault_id,
                severity = 'QUARANTINE' or check_id in ({holding}) as lets_rows_in
            from concerned
        ),
        unfit as (
            select distinct violation_row
            from (select violation_row, unnest(row_ids) as row_id from identified where lets_rows_in)
            join tidy using (row_id)
            where not ({_SOUND})
        )
        select violation_row, min(waiver.disposition) as disposition
        from identified
        join waiver
            on waiver.fault_id = identified.fault_id and waiver.observed is not distinct from identified.observed
        anti join unfit using (violation_row)
        group by violation_row
        """
    )
    connection.execute(
        "insert into waived_violation select violation.*, set_aside.disposition from violation "
        "join set_aside on set_aside.violation_row = violation.rowid"
    )
    for bit in bits:
        connection.execute(
            f"update judged set {bit.word} = {bit.word} - {bit.weight} where {bit.fails_where} and row_id in ("
            "select unnest(row_ids) from violation join set_aside on set_aside.violation_row = violation.rowid "
            f"where check_id = {text_literal(bit.in_force.check_id)})"
        )
    connection.execute("delete from violation where rowid in (select violation_row from set_aside)")
