"""The verdict on one source: what goes on, what waits outside, what was found, and the counts that prove it is all."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from expectations.data_docs.record import Record
from expectations.enforcement.validation import Outcome
from expectations.intake.edition import ACCEPTED_TABLES, RECORD
from expectations.intake.edition import QUARANTINE as QUARANTINE_FOLDER
from expectations.intake.inputs import Inputs, text_literal
from ingest.contract import FINDING, OBSERVATION, QUARANTINE, SUBMISSION, TIDY
from ingest.state.whole_file import write_json, write_parquet, write_parquet_pieces

#: The mark of a warning: an unconfirmed figure is not validated (V), unless its status says more already.
_STATUS = (
    "case when marking.is_unvalidated and tidy.obs_status = 'A' and tidy.value is not null "
    "then 'V' else tidy.obs_status end"
)
_FLAGS = "nullif(concat_ws(',', nullif(tidy.flags, ''), marking.marks), '')"


@dataclass
class IntakeVerdict:
    """Open until closed: rows stay in the Parquet files that were read and are streamed when written.

    ``gx_success`` says whether every rule held; ``statistics`` has the counts of rows, findings and rules; ``record``
    is what the release's documentation says of it.
    """

    inputs: Inputs
    outcomes: Sequence[Outcome]
    skipped: dict[str, str]
    record: Record
    connection: duckdb.DuckDBPyConnection
    resources: ExitStack
    submissions: pa.Table = field(init=False)
    findings: pa.Table = field(init=False)

    def __post_init__(self) -> None:
        self.findings = self._arrow(
            f"select {', '.join(FINDING.column_names)} from finding "
            "order by submission_id, sheet, cell, rule_id, finding_id",
            FINDING.schema,
        )
        self.submissions = self._arrow(
            "select * from judged_submission order by received_at, submission_id", SUBMISSION.schema
        )

    @property
    def gx_success(self) -> bool:
        return all(outcome.success for outcome in self.outcomes)

    @property
    def statistics(self) -> dict[str, Any]:
        rows = self.connection.execute(
            "select coalesce(sum(rows_read), 0)::bigint, coalesce(sum(rows_accepted), 0)::bigint, "
            "coalesce(sum(rows_quarantined), 0)::bigint from judged_submission"
        ).fetchone() or (0, 0, 0)
        by_rule = self.connection.execute(
            "select rule_id, severity, count(*) from finding group by all order by rule_id, severity"
        ).fetchall()
        return {
            "rows_read": rows[0],
            "rows_accepted": rows[1],
            "rows_quarantined": rows[2],
            "findings": {f"{rule} {severity}": count for rule, severity, count in by_rule},
            "checks_run": len(self.outcomes),
            "checks_failed": sum(not outcome.success for outcome in self.outcomes),
            "checks_skipped": dict(self.skipped),
        }

    def accepted(self) -> pa.Table:
        """Rows that go on, with the columns of OBSERVATION: for tests and small sources; ``write`` streams them."""
        return self._arrow("select * from accepted order by all", OBSERVATION.schema)

    def quarantine(self) -> pa.Table:
        """Rows that wait outside, with the columns of QUARANTINE."""
        return self._arrow("select * from quarantine order by all", QUARANTINE.schema)

    def write(
        self, accepted_dir: Path, quarantine_dir: Path, findings_dir: Path, submissions_dir: Path | None = None
    ) -> dict[str, int]:
        """Write one Parquet file a submission into each folder, also where it has no rows; returns the row counts."""
        for submission_id in self.submissions.column("submission_id").to_pylist():
            own = f"submission_id = {text_literal(submission_id)}"
            self._copy(
                f"select * from accepted where {own}", accepted_dir / f"{submission_id}.parquet", OBSERVATION.schema
            )
            self._copy(
                f"select * from quarantine where {own}", quarantine_dir / f"{submission_id}.parquet", QUARANTINE.schema
            )
            self._write(self.findings, submission_id, findings_dir)
            if submissions_dir is not None:
                self._write(self.submissions, submission_id, submissions_dir)
        statistics = self.statistics
        return {name: statistics[name] for name in ("rows_read", "rows_accepted", "rows_quarantined")} | {
            "findings": self.findings.num_rows
        }

    def write_aside(self, judged_dir: Path) -> dict[str, int]:
        """Write the verdict where ``take_over`` finds it, in place of the one before."""
        for name in (*ACCEPTED_TABLES, QUARANTINE_FOLDER):
            for old in (judged_dir / name).glob("*.parquet"):
                old.unlink()
        write_json(judged_dir / RECORD, self.record)
        folders = (judged_dir / name for name in ("observation", QUARANTINE_FOLDER, "finding", "submission"))
        return self.write(*folders)

    def close(self) -> None:
        """Free the in-memory database."""
        self.resources.close()

    def __enter__(self) -> IntakeVerdict:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _arrow(self, query: str, schema: pa.Schema) -> pa.Table:
        return self.connection.execute(query).to_arrow_table().cast(schema)

    def _copy(self, query: str, path: Path, schema: pa.Schema) -> None:
        """Stream a query into a Parquet file with exactly the contract's types, whole or not at all."""
        write_parquet_pieces(path, schema, self.connection.execute(query).to_arrow_reader(100_000))

    def _write(self, table: pa.Table, submission_id: str, folder: Path) -> None:
        own = table.filter(pc.equal(table.column("submission_id"), submission_id))
        write_parquet(folder / f"{submission_id}.parquet", own)


def create_outcome_views(connection: duckdb.DuckDBPyConnection) -> None:
    """``accepted`` and ``quarantine`` over the tidy rows: each row is in exactly one of them."""
    replaced = {"obs_status": _STATUS, "flags": _FLAGS}
    observation = ", ".join(f"{replaced.get(name, 'tidy.' + name)} as {name}" for name in OBSERVATION.column_names)
    tidy = ", ".join(f"tidy.{name}" for name in TIDY.column_names)
    connection.execute(
        f"create view accepted as select {observation} from tidy anti join keeping on keeping.row_id = tidy.row_id "
        "left join marking on marking.row_id = tidy.row_id"
    )
    connection.execute(
        f"create view quarantine as select {tidy}, keeping.rule_ids from tidy "
        "join keeping on keeping.row_id = tidy.row_id"
    )
