"""The intake gate finds every planted error, quarantines little, and refuses no file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from demo.generator.planted import PlantedError
from demo.generator.sheet import Workbook
from expectations.intake import judge
from expectations.rules import RuleBook, load_rule_book
from ingest.resolve import Resolver
from ingest.tidy import tidy
from ingest.workspace import Workspace, load_workspace, obligations

pytestmark = pytest.mark.end_to_end


@dataclass
class Verdicts:
    """What the gate said of all sources together."""

    findings: list[dict[str, Any]] = field(default_factory=list)
    submissions: list[dict[str, Any]] = field(default_factory=list)

    def of(self, error: PlantedError) -> list[dict[str, Any]]:
        """Findings in the file and sheet of a planted error by one of its rules."""
        return [
            finding
            for finding in self.findings
            if finding["file_name"] == error.file
            and finding["sheet"] in (error.sheet or finding["sheet"], None)
            and finding["rule_id"] in error.rules
        ]


@pytest.fixture(scope="module")
def verdicts(workspace: Path, handed_in: list[Workbook], tmp_path_factory: pytest.TempPathFactory) -> Verdicts:
    loaded = load_workspace(workspace)
    rule_book = load_rule_book(workspace / "rules")
    folder = tmp_path_factory.mktemp("gate")
    loaded.registry.write(folder / "registry")
    spans = dict.fromkeys(loaded.sources, (date(2022, 1, 1), date(2026, 1, 1)))
    pq.write_table(loaded.calendars.table([], (date(2020, 1, 1), date(2027, 1, 1))), folder / "registry/period.parquet")
    pq.write_table(obligations(loaded, spans), folder / "registry/obligation.parquet")
    verdicts = Verdicts()
    for source in loaded.sources:
        books = [book for book in handed_in if book.source == source]
        _judge_source(loaded, books, folder, rule_book, verdicts)
    return verdicts


def _judge_source(
    loaded: Workspace, books: list[Workbook], folder: Path, rule_book: RuleBook, verdicts: Verdicts
) -> None:
    source = books[0].source
    submissions = list(_tidied(loaded, books, folder / source))
    paths = [folder / source / "observation"], [folder / source / "total"]
    with judge(
        *paths, folder / "registry", source_code=source, submissions=submissions, rule_book=rule_book
    ) as verdict:
        verdicts.findings += verdict.findings.to_pylist()
        verdicts.submissions += verdict.submissions.to_pylist()


def _tidied(loaded: Workspace, books: list[Workbook], folder: Path) -> Iterator[dict[str, Any]]:
    """Write what the recipe makes of each file; yields the submission that goes with it."""
    resolver = Resolver(loaded.registry)
    for name in ("observation", "total"):
        (folder / name).mkdir(parents=True)
    for number, book in enumerate(books):
        received = book.received.astimezone(UTC)
        path = loaded.inbox_dir(book.source).parent / book.path
        tidied = tidy(
            path,
            book.file_name,
            loaded.sources[book.source],
            resolver,
            loaded.calendars,
            submission_id=f"{number:016x}",
            received_at=received,
        )
        pq.write_table(tidied.observations, folder / "observation" / f"{number}.parquet")
        pq.write_table(tidied.totals, folder / "total" / f"{number}.parquet")
        yield {
            "submission_id": f"{number:016x}",
            "file_name": book.path,
            "received_at": received,
            "rows_read": tidied.observations.num_rows,
        }


def test_every_planted_error_is_found_with_the_declared_severity(
    verdicts: Verdicts, planted_errors: list[PlantedError]
) -> None:
    missed = [e.code for e in planted_errors if e.severity not in {f["severity"] for f in verdicts.of(e)}]
    assert missed == []


def test_no_file_is_refused(verdicts: Verdicts) -> None:
    assert {s["status"] for s in verdicts.submissions} <= {"accepted", "partly_accepted"}


def test_less_than_one_per_cent_is_quarantined_and_all_of_it_was_planted(
    verdicts: Verdicts, planted_errors: list[PlantedError]
) -> None:
    held = sum(s["rows_quarantined"] for s in verdicts.submissions)
    assert 0 < held < sum(s["rows_read"] for s in verdicts.submissions) / 100
    spoiled = {error.file for error in planted_errors}
    assert {f["file_name"] for f in verdicts.findings if f["severity"] == "QUARANTINE"} <= spoiled


def test_late_submissions_are_marked(verdicts: Verdicts) -> None:
    late = {f["file_name"].split("/")[-1] for f in verdicts.findings if f["rule_id"] == "SUB-01"}
    assert late == {"II.06a_QuyIII_2023.xlsx", "VLDT_2022_Q4.csv"}


def test_warnings_stay_few_enough_to_be_read(verdicts: Verdicts) -> None:
    warnings = [f for f in verdicts.findings if f["severity"] == "WARN"]
    assert len(warnings) < sum(s["rows_read"] for s in verdicts.submissions) / 100
