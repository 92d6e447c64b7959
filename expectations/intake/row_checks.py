"""Row checks: one scan of the tidy rows evaluates every predicate at once.

The result, ``judged``, has one row for each tidy row and one bit for each check. Great Expectations counts those bits,
and the findings are read from the same bits, so that the two cannot disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from expectations.enforcement.validation import GateError
from expectations.enforcement.violation import ADD_VIOLATIONS
from expectations.intake.inputs import text_literal
from expectations.rules.book import CheckInForce
from expectations.rules.scope import Scope

#: Bits of one word; a check beyond goes into the next column.
WORD = 62
#: What a predicate may refer to.
JUDGED_ROWS = """
    tidy
    left join measure
        on measure.code = tidy.indicator_code
        and measure.valid_from < tidy.period_end_exclusive and measure.superseded_on >= tidy.period_end_exclusive
    left join organisation
        on organisation.code = tidy.organisation_code and organisation.valid_from = tidy.organisation_valid_from
    left join period on period.period_code = tidy.period_code
    left join reported_group on reported_group.target_group_code = tidy.target_group_code
    left join submission on submission.submission_id = tidy.submission_id
"""
#: Where a predicate's row tells what an override may name.
_ROW = Scope("tidy.indicator_code", "organisation.level", "period.frequency", "tidy.period_start")


@dataclass(frozen=True)
class Bit:
    """Where the verdict of a check stands in ``judged``."""

    in_force: CheckInForce
    position: int

    @property
    def word(self) -> str:
        return f"failed_{self.position // WORD}"

    @property
    def weight(self) -> int:
        return 1 << (self.position % WORD)

    @property
    def fails_where(self) -> str:
        """True for rows at which the check fails, as SQL over ``judged``."""
        return f"({self.word} & {self.weight}) <> 0"


def evaluate(connection: duckdb.DuckDBPyConnection, checks: Sequence[CheckInForce]) -> list[Bit]:
    """Create ``judged`` (row_id, failed_0 …) and add what fails to ``violation``."""
    bits = [Bit(in_force, position) for position, in_force in enumerate(checks)]
    words = [bits[start : start + WORD] for start in range(0, len(bits), WORD)]
    predicates = ",\n".join(f"coalesce({_predicate(bit.in_force)}, false) as check_{bit.position}" for bit in bits)
    masks = ",\n".join(
        f"({' + '.join(_masked(bit, bits) for bit in word)})::bigint as failed_{number}"
        for number, word in enumerate(words)
    )
    try:
        connection.execute(
            f"create table judged as with evaluated as (select tidy.row_id, {predicates} from {JUDGED_ROWS}) "
            f"select row_id, {masks} from evaluated"
        )
    except duckdb.Error as error:
        raise GateError(_culprit(connection, checks) or f"the rules cannot be evaluated: {error}") from error
    counts = ", ".join(f"count(*) filter (where {bit.fails_where})" for bit in bits)
    found = connection.execute(f"select {counts} from judged").fetchone() or ()
    failing = [bit for bit, count in zip(bits, found, strict=True) if count]
    if failing:
        _add_violations(connection, failing)
    return bits


def _culprit(connection: duckdb.DuckDBPyConnection, checks: Sequence[CheckInForce]) -> str | None:
    """Which of the predicates it is that DuckDB cannot make sense of, in words."""
    for in_force in checks:
        try:
            connection.execute(f"explain select {_predicate(in_force)} from {JUDGED_ROWS}")
        except duckdb.Error as error:
            return f"rule {in_force.name} cannot be evaluated: {error}"
    return None


def _predicate(in_force: CheckInForce) -> str:
    predicate, enabled = f"({in_force.row_sql(in_force.check.predicate or '', _ROW)})", in_force.enabled_sql(_ROW)
    return predicate if enabled == "true" else f"{predicate} and {enabled}"


def _masked(bit: Bit, bits: Sequence[Bit]) -> str:
    """The bit's weight where the check fails and no rule that explains it does."""
    explaining = [other for other in bits if other.in_force.rule.id in bit.in_force.rule.explained_by]
    fails = " and ".join([f"check_{bit.position}", *(f"not check_{other.position}" for other in explaining)])
    return f"case when {fails} then {bit.weight} else 0 end"


def _add_violations(connection: duckdb.DuckDBPyConnection, failing: Sequence[Bit]) -> None:
    """Fetch the failing rows once, then add one violation for each bit."""
    any_bit = " or ".join(bit.fails_where for bit in failing)
    texts = ",\n".join(
        f"case when {bit.fails_where} then struct_pack("
        f"observed := ({bit.in_force.row_sql(bit.in_force.check.observed, _ROW)})::varchar, "
        f"expected := ({bit.in_force.row_sql(bit.in_force.check.expected, _ROW)})::varchar) end as text_{bit.position}"
        for bit in failing
    )
    connection.execute(
        f"create temp table failing as with bad as (select * from judged where {any_bit}) "
        "select tidy.row_id, tidy.submission_id, tidy.sheet, tidy.cell, tidy.indicator_code, tidy.organisation_code, "
        "tidy.period_code, tidy.target_group_code, organisation.level as organisation_level, period.frequency, "
        f"tidy.period_start, {texts} "
        f"from {JUDGED_ROWS} join bad on bad.row_id = tidy.row_id"
    )
    for bit in failing:
        in_force = bit.in_force
        connection.execute(
            f"{ADD_VIOLATIONS} select {text_literal(in_force.check_id)}, {text_literal(in_force.rule.id)}, "
            f"{in_force.severity_sql(Scope())}, [row_id], submission_id, sheet, cell, indicator_code, "
            "organisation_code, period_code, target_group_code, "
            f"text_{bit.position}.observed, text_{bit.position}.expected "
            f"from failing where text_{bit.position} is not null"
        )
    connection.execute("drop table failing")
