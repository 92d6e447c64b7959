"""What a steward confirmed or waived does not fire again for the same fault and value, and for nothing else."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from tidy_tables import SUBMISSION_ID, Row, submission, tidy_row

from expectations.intake import IntakeVerdict
from ingest.contract import WAIVER

from .conftest import Court, found

NEGATIVE = tidy_row(value=-5)
UNUSUAL = tidy_row(cell="D5", organisation_code="02", value=600_000)


def decisions(verdict: IntakeVerdict, disposition: str, **differences: Any) -> pa.Table:
    """A waiver of every finding of a verdict."""
    rows = [
        {"fault_id": row["fault_id"], "observed": row["observed"], "disposition": disposition} | differences
        for row in verdict.findings.to_pylist()
    ]
    return pa.Table.from_pylist(rows, schema=WAIVER.schema)


def states(verdict: IntakeVerdict) -> dict[str, tuple[str, str | None]]:
    return {row["cell"]: (row["obs_status"], row["flags"]) for row in verdict.accepted().to_pylist()}


def test_a_waived_quarantine_lets_the_row_through_unvalidated_and_marked(judge_rows: Court) -> None:
    before = judge_rows([NEGATIVE])
    assert before.quarantine().num_rows == 1
    after = judge_rows([NEGATIVE], waivers=decisions(before, "waived"))
    assert states(after) == {"C5": ("V", "WAIVED_VAL-01")}
    assert after.findings.num_rows == 0
    assert after.quarantine().num_rows == 0
    assert after.submissions.column("status").to_pylist() == ["accepted"]


def test_a_confirmed_value_is_validated(judge_rows: Court) -> None:
    before = judge_rows([UNUSUAL])
    assert states(before) == {"D5": ("V", "WARN_VAL-03")}
    after = judge_rows([UNUSUAL], waivers=decisions(before, "confirmed"))
    assert states(after) == {"D5": ("A", "CONFIRMED_VAL-03")}


def test_another_value_of_the_same_fault_fires_again(judge_rows: Court) -> None:
    waivers = decisions(judge_rows([NEGATIVE]), "waived")
    assert found(judge_rows([tidy_row(value=-6)], waivers=waivers))[SUBMISSION_ID] == {("VAL-01", "C5")}


def test_another_rule_at_the_same_row_still_holds_it(judge_rows: Court) -> None:
    rows = [tidy_row(value="-1.5")]
    before = judge_rows(rows)
    both = decisions(before, "waived")
    only_the_sign = both.filter([row["rule_id"] == "VAL-01" for row in before.findings.to_pylist()])
    after = judge_rows(rows, waivers=only_the_sign)
    assert before.quarantine().column("rule_ids").to_pylist() == ["VAL-01,VAL-04"]
    assert after.quarantine().column("rule_ids").to_pylist() == ["VAL-04"]


def test_the_same_fault_in_the_file_handed_in_again_has_the_same_id(judge_rows: Court) -> None:
    later = submission("bbbbbbbbbbbbbbbb", file_name="received=2026-02-01/again.xlsx")
    first = judge_rows([NEGATIVE]).findings.to_pylist()
    again = judge_rows(
        [tidy_row(value=-5, submission_id=later["submission_id"], cell="C9")], submissions=[later]
    ).findings.to_pylist()
    assert first[0]["fault_id"] == again[0]["fault_id"]
    assert first[0]["finding_id"] != again[0]["finding_id"]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(
            tidy_row(organisation_code=None, organisation_valid_from=None, organisation_problem="unknown"),
            id="nobody_to_ascribe_it_to",
        ),
        pytest.param(
            tidy_row(raw_text="l00", value=None, value_problem="not_a_number", obs_status="O"), id="no_number"
        ),
    ],
)
def test_what_the_warehouse_could_not_hold_stays_outside(judge_rows: Court, row: Row) -> None:
    good = [
        tidy_row(cell=f"E{line}", organisation_code="03", period_code=str(line), **_year(line))
        for line in range(2011, 2025)
    ]
    before = judge_rows([row, *good])
    assert before.quarantine().num_rows >= 1
    after = judge_rows([row, *good], waivers=decisions(before, "waived"))
    assert after.quarantine().column("cell").to_pylist() == before.quarantine().column("cell").to_pylist()


def test_two_figures_for_one_key_cannot_both_be_let_through(judge_rows: Court) -> None:
    rows = [tidy_row(), tidy_row(cell="D5", value=121)]
    before = judge_rows(rows)
    after = judge_rows(rows, waivers=decisions(before, "waived"))
    assert after.accepted().num_rows == before.accepted().num_rows


def _year(year: int) -> dict[str, Any]:
    from datetime import date

    return {"period_start": date(year, 1, 1), "period_end_exclusive": date(year + 1, 1, 1)}
