"""The suites of the intake gate, and what their results must agree with.

*what was read* counts, for each rule, the rows at which it fails; the counts must equal the findings. *what goes on*
asks Great Expectations' own questions of the accepted rows: if one fails, the gate itself is at fault and nothing
passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from expectations.enforcement.validation import GateError, Outcome, SuiteRunner
from expectations.intake.inputs import VOCABULARIES, text_literal
from expectations.intake.row_checks import Bit
from expectations.rules.book import CheckInForce
from ingest.contract import OBSERVATION


def validate_what_was_read(
    runner: SuiteRunner, source_code: str, bits: Sequence[Bit], set_checks: Sequence[CheckInForce], rows_read: int
) -> list[Outcome]:
    """One expectation a check, two queries in all: over the bits of ``judged`` and over ``violation``."""
    from great_expectations.expectations.core.expect_table_row_count_to_equal import ExpectTableRowCountToEqual

    from expectations.enforcement.rule_expectation import expectation_of

    row_suite: list[Any] = [ExpectTableRowCountToEqual(value=rows_read)]
    row_suite += [expectation_of(bit.in_force, bit.fails_where) for bit in bits]
    outcomes = runner.run(f"intake.{source_code}.rows", "judged", row_suite)
    if not outcomes[0].success:
        raise GateError(f"{source_code}: {outcomes[0].observed} of {rows_read} rows were judged")
    if not set_checks:
        return outcomes[1:]
    set_suite = [expectation_of(c, f"check_id = {text_literal(c.check_id)}") for c in set_checks]
    return outcomes[1:] + runner.run(f"intake.{source_code}.sets", "violation", set_suite)


def validate_what_goes_on(runner: SuiteRunner, source_code: str, rows_accepted: int) -> list[Outcome]:
    """The contract of the accepted rows. Raises ``GateError`` where it is broken."""
    from great_expectations.expectations.core.expect_table_row_count_to_equal import ExpectTableRowCountToEqual

    suite = [ExpectTableRowCountToEqual(value=rows_accepted), *_contract_of_columns(source_code)]
    outcomes = runner.run(f"intake.{source_code}.accepted", "accepted", suite, counted=False)
    broken = [one.check_id for one in outcomes if not one.success]
    if broken:
        raise GateError(f"{source_code}: rows that passed every rule break the contract: {'; '.join(broken)}")
    return outcomes


def _contract_of_columns(source_code: str) -> list[Any]:
    from great_expectations.expectations.core.expect_column_values_to_be_in_set import ExpectColumnValuesToBeInSet
    from great_expectations.expectations.core.expect_column_values_to_not_be_null import ExpectColumnValuesToNotBeNull

    suite: list[Any] = [ExpectColumnValuesToNotBeNull(column=c.name) for c in OBSERVATION.columns if not c.nullable]
    suite += [ExpectColumnValuesToBeInSet(column=name, value_set=list(codes)) for name, codes in VOCABULARIES.items()]
    suite.append(ExpectColumnValuesToBeInSet(column="source_code", value_set=[source_code]))
    return suite


def agree_with_findings(connection: duckdb.DuckDBPyConnection, outcomes: Sequence[Outcome]) -> None:
    """Raises ``GateError`` where Great Expectations and the findings count differently."""
    counted = dict(connection.execute("select check_id, count(*) from finding group by check_id").fetchall())
    differing = [
        f"{one.check_id}: {one.observed} violations, {counted.get(one.check_id, 0)} findings"
        for one in outcomes
        if one.observed != counted.get(one.check_id, 0) or one.success != (one.observed == 0)
    ]
    unknown = set(counted) - {one.check_id for one in outcomes}
    if differing or unknown:
        raise GateError(f"suite and findings disagree: {'; '.join([*differing, *sorted(unknown)])}")
