"""A judged source from rows in memory: everything on disk is real Parquet, everything judged by the real gate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from tidy_tables import (
    SOURCE,
    Row,
    submission,
    write_observations,
    write_registry,
    write_tidy,
    write_totals,
)

from expectations.intake import IntakeVerdict, judge
from expectations.rules import load_rule_book


class Court:
    """Judges rows, one Parquet file a submission, and closes what it opened."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.opened: list[IntakeVerdict] = []

    def __call__(
        self,
        rows: Sequence[Row],
        *,
        totals: Sequence[Row] = (),
        history: Sequence[Row] = (),
        submissions: Sequence[Row] = (),
        registry: Mapping[str, Any] | None = None,
        rules: str | None = None,
        **more: Any,
    ) -> IntakeVerdict:
        folder = self.folder / str(len(self.opened))
        given = submissions or (submission(),)
        for one in given:
            own = [row for row in rows if row["submission_id"] == one["submission_id"]]
            write_tidy(folder / "tidy" / f"{one['submission_id']}.parquet", own)
        if totals:
            write_totals(folder / "total" / "totals.parquet", totals)
        if history:
            write_observations(folder / "history" / "history.parquet", history)
        if rules:
            (folder / "rules").mkdir(parents=True)
            (folder / "rules" / "own.yml").write_text(rules, encoding="utf-8")
        verdict = judge(
            folder / "tidy",
            folder / "total",
            write_registry(folder / "registry", **(registry or {})),
            source_code=SOURCE,
            submissions=given,
            history_paths=folder / "history",
            rule_book=load_rule_book(folder / "rules"),
            **more,
        )
        self.opened.append(verdict)
        return verdict

    def close(self) -> None:
        for verdict in self.opened:
            verdict.close()


@pytest.fixture
def judge_rows(tmp_path: Path) -> Iterator[Court]:
    court = Court(tmp_path)
    yield court
    court.close()


@pytest.fixture(scope="module")
def judge_rows_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Court]:
    court = Court(tmp_path_factory.mktemp("judged"))
    yield court
    court.close()


def found(verdict: IntakeVerdict) -> dict[str, set[tuple[str, str | None]]]:
    """(check id, cell) of every finding, by submission."""
    by_submission: dict[str, set[tuple[str, str | None]]] = {}
    for submission_id, check_id, cell in verdict.connection.execute(
        "select submission_id, check_id, cell from finding"
    ).fetchall():
        by_submission.setdefault(submission_id, set()).add((check_id, cell))
    return by_submission
