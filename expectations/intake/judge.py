"""The intake gate: rules of the catalogue over everything one source handed in.

1. One scan evaluates every row predicate (``row_checks``); set checks follow as queries (``set_checks``).
2. Great Expectations counts, check by check, where they fail; its counts must equal the findings (``suites``).
3. Rows are split into those that go on and those that wait, and Great Expectations asks the contract of the former.

Any disagreement, and any expectation that was not evaluated, is a ``GateError``: nothing passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from expectations.data_docs.record import Record, make_record, reader_checks
from expectations.enforcement.validation import GateError, Outcome, memory_database, suite_runner
from expectations.enforcement.violation import CREATE_VIOLATION
from expectations.intake import row_checks, set_checks, suites
from expectations.intake.findings import create_findings
from expectations.intake.inputs import Inputs, files, load, run_file, text_literal
from expectations.intake.refusals import Remarked, finding_from_refusal
from expectations.intake.row_checks import Bit
from expectations.intake.verdict import IntakeVerdict, create_outcome_views
from expectations.intake.waivers import load_waivers, set_aside
from expectations.rules import CheckKind, Gate, Override, RuleBook, load_rule_book
from expectations.rules.book import CheckInForce, checks_in_force
from ingest.contract import FINDING, SUBMISSION

Paths = Path | str | Iterable[Path | str]
#: What a submission is before it is judged.
_UNJUDGED: dict[str, Any] = {
    "medium": "file",
    "status": "accepted",
    "recipe_version": "",
    "cells_read": 0,
    "rows_read": 0,
    "rows_accepted": 0,
    "rows_quarantined": 0,
}


def judge(
    tidy_paths: Paths,
    total_paths: Paths,
    registry_dir: Path,
    *,
    source_code: str,
    submissions: Sequence[Mapping[str, Any]],
    history_paths: Paths = (),
    rule_book: RuleBook | None = None,
    rule_overrides: Sequence[Override] = (),
    refusals: Mapping[str, Remarked] | None = None,
    remarks: Mapping[str, Sequence[Remarked]] | None = None,
    waivers: pa.Table | None = None,
) -> IntakeVerdict:
    """Judge the tidy rows of one source.

    ``tidy_paths``, ``total_paths``, ``history_paths``: Parquet files, folders or globs with the columns of TIDY, TOTAL
    and OBSERVATION. ``submissions``: rows of SUBMISSION, of which submission_id, file_name and received_at must be
    filled; ``refusals`` and ``remarks``: by submission_id, why a file could not be read, and what else reading said.
    ``waivers``: what stewards confirmed or waived and is in force, with the columns of WAIVER.
    ``registry_dir``: registry tables as Parquet, with period, obligation and ratio_term where they are known.
    Close the verdict when it is written (or use it as a context manager).

    Raises ``GateError`` where the gate could not do its work; the data being wrong is a verdict, not an error.
    """
    book = (rule_book or load_rule_book()).with_overrides(rule_overrides)
    given = tuple({**_UNJUDGED, "source_code": source_code, **_only_contract(row)} for row in submissions)
    inputs = Inputs(files(tidy_paths), files(total_paths), files(history_paths), Path(registry_dir), given, source_code)
    with ExitStack() as closing:
        database = closing.enter_context(memory_database("intake"))
        connection = database.connection
        try:
            plan = _plan(book, source_code, load(connection, inputs))
            _refuse_unknown_submissions(connection, source_code)
            outcomes, validations = _judge(connection, database.url, inputs, plan, waivers)
            _add_remarks(connection, inputs, refusals or {}, remarks or {}, book)
            record = _record(connection, inputs, plan, book, validations)
        except duckdb.Error as error:
            raise GateError(f"{source_code}: the rules cannot be evaluated: {error}") from error
        return IntakeVerdict(inputs, outcomes, plan.skipped, record, connection, closing.pop_all())


@dataclass(frozen=True)
class _Plan:
    """The checks to run, and those that cannot run because an input is not there."""

    rows: list[CheckInForce]
    sets: list[CheckInForce]
    skipped: dict[str, str]


def _plan(book: RuleBook, source_code: str, there: frozenset[str]) -> _Plan:
    skipped: dict[str, str] = {}

    def runnable(*kinds: CheckKind) -> list[CheckInForce]:
        found = []
        for in_force in checks_in_force(book, Gate.INTAKE, source_code, *kinds):
            missing = sorted(set(in_force.check.needs) - there)
            if missing:
                skipped[in_force.check_id] = f"no {', '.join(missing)}"
            else:
                found.append(in_force)
        return found

    return _Plan(runnable(CheckKind.ROW), runnable(CheckKind.SET, CheckKind.IDENTITY), skipped)


def _judge(
    connection: duckdb.DuckDBPyConnection, url: str, inputs: Inputs, plan: _Plan, waivers: pa.Table | None
) -> tuple[list[Outcome], list[Any]]:
    connection.execute(CREATE_VIOLATION)
    load_waivers(connection, waivers)
    bits = row_checks.evaluate(connection, plan.rows)
    set_aside(connection, plan.rows, bits)
    every = [*plan.rows, *plan.sets]
    set_checks.evaluate(connection, plan.sets, every)
    create_findings(connection, every, Gate.INTAKE)
    _decide(connection, every)
    return _enforce(connection, url, inputs, bits, plan)


def _decide(connection: duckdb.DuckDBPyConnection, checks: Sequence[CheckInForce]) -> None:
    """Who goes on and who waits."""
    lists = {
        "holding_check": [c.check_id for c in checks if c.check.holds_rows],
        "marking_check": [c.check_id for c in checks if c.check.marks_rows],
    }
    for name, ids in lists.items():
        connection.execute(f"create table {name} as select unnest(?::varchar[]) as check_id", [ids])
    run_file(connection, "outcome.sql")
    create_outcome_views(connection)
    run_file(connection, "submissions.sql")


def _enforce(
    connection: duckdb.DuckDBPyConnection, url: str, inputs: Inputs, bits: Sequence[Bit], plan: _Plan
) -> tuple[list[Outcome], list[Any]]:
    """What each check came to, and Great Expectations' own validation results."""
    rows_read = sum(pq.read_metadata(path).num_rows for path in inputs.tidy)
    row = connection.execute("select count(*) from keeping").fetchone()
    rows_kept = row[0] if row else 0
    with suite_runner(url) as runner:
        outcomes = suites.validate_what_was_read(runner, inputs.source_code, bits, plan.sets, rows_read)
        suites.agree_with_findings(connection, outcomes)
        suites.validate_what_goes_on(runner, inputs.source_code, rows_read - rows_kept)
        return outcomes, [result.to_json_dict() for result in runner.results]


def _record(
    connection: duckdb.DuckDBPyConnection, inputs: Inputs, plan: _Plan, book: RuleBook, validations: Sequence[Any]
) -> Record:
    """What the release's documentation says of this judgement."""
    looked_at = dict(connection.execute("select check_id, row_count from looked_at").fetchall())
    read, accepted, quarantined = connection.execute(
        "select coalesce(sum(rows_read), 0)::bigint, coalesce(sum(rows_accepted), 0)::bigint, "
        "coalesce(sum(rows_quarantined), 0)::bigint from judged_submission"
    ).fetchone() or (0, 0, 0)
    (judged,) = connection.execute("select count(*) from judged").fetchone() or (0,)
    checks = [(check, judged) for check in plan.rows]
    checks += [(check, looked_at.get(check.check_id, 0)) for check in plan.sets]
    submissions = len(inputs.submissions)
    return make_record(
        connection,
        f"intake.{inputs.source_code}",
        Gate.INTAKE,
        [*checks, *reader_checks(book, submissions)],
        rows={"files": submissions, "read": read, "accepted": accepted, "quarantined": quarantined},
        not_run=plan.skipped,
        validations=validations,
    )


def _refuse_unknown_submissions(connection: duckdb.DuckDBPyConnection, source_code: str) -> None:
    """Rows of another source or of a submission that is not named would be lost: better to stop."""
    strangers = connection.execute(
        "select distinct tidy.source_code, tidy.submission_id from tidy left join submission using (submission_id) "
        f"where submission.submission_id is null or tidy.source_code is distinct from {text_literal(source_code)} "
        "limit 5"
    ).fetchall()
    if strangers:
        raise GateError(f"{source_code}: rows of {strangers} are among its tidy rows, but not among its submissions")


def _add_remarks(
    connection: duckdb.DuckDBPyConnection,
    inputs: Inputs,
    refusals: Mapping[str, Remarked],
    remarks: Mapping[str, Sequence[Remarked]],
    book: RuleBook,
) -> None:
    """What reading remarked has findings too; files that could not be read bear the refusal's words."""
    rows = []
    for submission in inputs.submissions:
        submission_id = submission["submission_id"]
        refusal = [refusals[submission_id]] if submission_id in refusals else []
        rows += [finding_from_refusal(one, submission, book) for one in (*refusal, *remarks.get(submission_id, ()))]
    if not rows:
        return
    connection.register("remark_finding", pa.Table.from_pylist(rows, schema=FINDING.schema))
    connection.execute("insert into finding by name select *, rule_id as check_id from remark_finding")
    connection.execute(
        "update judged_submission set status = 'refused', refusal_vi = message_vi, refusal_en = message_en "
        "from remark_finding where remark_finding.submission_id = judged_submission.submission_id "
        "and remark_finding.severity = 'BLOCK'"
    )
    connection.unregister("remark_finding")


def _only_contract(row: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(row) - set(SUBMISSION.column_names)
    if unknown:
        raise GateError(f"a submission has columns {sorted(unknown)}, which the contract does not know")
    return {name: value for name, value in row.items() if value is not None}
