"""The one cell at fault where sums cross: a violated sum holds back that cell alone, not all that was added up.

A sum that fails says that one of its figures is wrong, not which. It is known which
- where two sums fail by the same amount and share one figure: a column and a line of a table, or an identity;
- where one figure, brought to another power of ten, makes the sum right, and no other does;
- where the printed total alone would: it is a power of ten away, or each part is confirmed by an identity that holds.
  A printed total is never loaded, so that nothing is held back then (domain.md 6.2, 6.3 SUM-01).
Everything else stays as it was: all figures of the sum wait.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from expectations.intake.identity import identity_query
from expectations.rules.book import CheckInForce
from expectations.rules.model import CheckKind

#: By how many powers of ten a figure may have slipped.
_SLIP = "(select unnest([1, 2, 3, 6]) as power)"

_TERM = """
    create or replace temp table sum_term as
    with unbalanced as (
        select rowid as violation_id, row_ids, excess, added_row_ids
        from violation where severity = 'QUARANTINE' and excess <> 0
    ),
    term as (
        select violation_id, unnest(row_ids) as row_id, excess, added_row_ids from unbalanced
    )
    select term.violation_id, term.row_id, tidy.cell, tidy.value,
        -- by how much the figure is too large, if it alone is wrong
        case when list_contains(term.added_row_ids, term.row_id) then term.excess else -term.excess end as too_much
    from term
    join tidy on tidy.row_id = term.row_id
"""

_CULPRIT = f"""
    create or replace temp table culprit as
    with shared as (
        select one.violation_id, other.violation_id as other_id, any_value(one.row_id) as row_id,
            count(*) as figures, bool_and(one.too_much = other.too_much) as is_same_amount
        from sum_term as one
        join sum_term as other on other.row_id = one.row_id and other.violation_id <> one.violation_id
        group by one.violation_id, other.violation_id
    ),
    crossed as (
        select violation_id, any_value(row_id) as row_id
        from shared
        where figures = 1 and is_same_amount
        group by violation_id
        having count(distinct row_id) = 1
    ),
    slipped as (
        select violation_id, any_value(row_id) as row_id
        from sum_term
        cross join {_SLIP}
        where value <> 0 and (
            (value - too_much)::double * pow(10, power) = value::double
            or (value - too_much)::double = value::double * pow(10, power)
        )
        group by violation_id
        having count(*) = 1
    )
    select violation_id, row_id from crossed
    union all
    select violation_id, row_id from slipped anti join crossed using (violation_id)
"""

_HOLD_THE_CULPRIT = """
    update violation set row_ids = [found.row_id], expected = violation.expected || found.words
    from (
        select culprit.violation_id, culprit.row_id,
            ' (' || sum_term.cell || ': ' || number_text(sum_term.value - sum_term.too_much) || '?)' as words
        from culprit join sum_term using (violation_id, row_id)
    ) as found
    where violation.rowid = found.violation_id
"""

#: Printed totals that fail and whose parts are not at fault, one by one.
_PRINTED = """
    create or replace temp table printed_total as
    select violation.rowid as violation_id, violation.row_ids, violation.cell, total.value,
        total.value + violation.excess as parts_sum
    from violation
    join total
        on total.submission_id = violation.submission_id and total.sheet is not distinct from violation.sheet
        and total.cell = violation.cell and total.indicator_code = violation.indicator_code
        and total.target_group_code = violation.target_group_code
    where violation.severity = 'QUARANTINE' and violation.excess <> 0
        and violation.row_ids = violation.added_row_ids and violation.rowid not in (select violation_id from culprit)
"""

_FREE_THE_PARTS = f"""
    update violation set row_ids = [], expected = violation.expected || ' (' || violation.cell || '?)'
    from printed_total
    where violation.rowid = printed_total.violation_id and printed_total.value <> 0 and (
        (select bool_or(printed_total.parts_sum::double * pow(10, power) = printed_total.value::double
            or printed_total.value::double * pow(10, power) = printed_total.parts_sum::double)
            from {_SLIP})
        or not exists (
            select 1 from (select unnest(printed_total.row_ids) as row_id) as part
            where part.row_id not in (select row_id from balanced)
        )
    )
"""


def pin(connection: duckdb.DuckDBPyConnection, checks: Sequence[CheckInForce]) -> None:
    """Narrow the violated sums in ``violation`` (columns ``excess``, ``added_row_ids``) to what is at fault."""
    if connection.execute("select 1 from violation where severity = 'QUARANTINE' and excess <> 0 limit 1").fetchone():
        connection.execute(_TERM)
        connection.execute(_CULPRIT)
        connection.execute(_PRINTED)
        connection.execute("create or replace temp table balanced (row_id bigint)")
        if connection.execute("select 1 from printed_total limit 1").fetchone():
            for in_force in checks:
                identity = in_force.check.identity
                if in_force.check.kind is CheckKind.IDENTITY and identity and identity.is_balance:
                    query = identity_query(identity, holding=True)
                    connection.execute(f"insert into balanced select unnest(row_ids) from ({query})")
        connection.execute(_HOLD_THE_CULPRIT)
        connection.execute(_FREE_THE_PARTS)
