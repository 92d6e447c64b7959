"""What later submissions withdraw: laws against a plain model, and the cases that matter one by one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.contract import TIDY
from ingest.resubmission import Said, write_retractions

ROW: dict[str, Any] = {
    "source_code": "s",
    "sheet": "Biểu 1",
    "raw_text": "1",
    "indicator_code": "RESOLVED",
    "organisation_valid_from": dt.date(2000, 1, 1),
    "organisation_label": "Hà Nội",
    "calendar_code": "CAL",
    "period_start": dt.date(2025, 1, 1),
    "period_end_exclusive": dt.date(2025, 4, 1),
    "target_group_code": "_T",
    "measure_kind": "ACTUAL",
    "unit_code": "dossier",
    "obs_status": "A",
    "accumulation": "IN_PERIOD",
    "recipe_version": "r",
    "value": Decimal(1),
}
#: A submission for these tests: name, day of receipt, and its figures as (organisation, period).
Submission = tuple[str, int, list[tuple[str | None, str | None]]]


def received(day: int) -> dt.datetime:
    return dt.datetime(2025, 4, day, tzinfo=dt.UTC)


def retractions(
    submissions: list[Submission],
    replaces: list[str],
    files: dict[str, str] | None = None,
    changes: tuple[str, ...] = (),
) -> list[dict[str, Any]]:
    """All retractions of these submissions, as rows of TIDY."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        given = []
        for name, day, figures in submissions:
            rows = [
                ROW
                | {
                    "submission_id": name,
                    "recorded_at": received(day),
                    "organisation_code": organisation,
                    "organisation_valid_from": organisation and ROW["organisation_valid_from"],
                    "period_code": period,
                    "calendar_code": period and "CAL",
                    "cell": f"{'ABZ'[number % 3]}{number + 4}",
                }
                for number, (organisation, period) in enumerate(figures)
            ]
            path = folder / f"{name}.parquet"
            pq.write_table(pa.Table.from_pylist(rows, schema=TIDY.schema), path)
            file_name = (files or {}).get(name, f"{name}.xlsx")
            given.append(Said(name, file_name, path, is_complete=name not in changes))
        write_retractions(given, replaces, folder / "retraction")
        tables = [pq.read_table(path) for path in sorted((folder / "retraction").glob("*.parquet"))]
        return [row for table in tables for row in table.to_pylist()]


def said(rows: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {(row["submission_id"], row["organisation_code"], row["period_code"]) for row in rows}


def test_a_row_that_is_gone_is_withdrawn_by_the_submission_that_lacks_it() -> None:
    first = ("a", 1, [("01", "2025-Q1"), ("31", "2025-Q1")])
    second = ("b", 2, [("01", "2025-Q1"), ("48", "2025-Q1")])
    (row,) = retractions([first, second], ["period"])
    assert (row["submission_id"], row["organisation_code"], row["recorded_at"]) == ("b", "31", received(2))
    assert (row["value"], row["obs_status"], row["flags"], row["raw_text"]) == (None, "O", "RETRACTED", None)
    assert (row["sheet"], row["cell"]) == ("Biểu 1", "A4:B5")
    assert row["note"] == "a.xlsx, Biểu 1!B5"
    assert row["organisation_label"] == "Hà Nội"


def test_another_period_is_out_of_scope() -> None:
    first = ("a", 1, [("01", "2025-Q1"), ("31", "2025-Q2")])
    assert retractions([first, ("b", 2, [("01", "2025-Q1")])], ["period"]) == []


def test_scopes_narrow_each_other() -> None:
    first = ("a", 1, [("01", "2025-Q1"), ("01", "2025-Q2"), ("31", "2025-Q1")])
    second = ("b", 2, [("01", "2025-Q1")])
    assert said(retractions([first, second], ["organisation"])) == {("b", "01", "2025-Q2")}
    assert retractions([first, second], ["organisation", "period"]) == []


def test_files_received_together_complete_one_another() -> None:
    first = ("a", 1, [("01", "2025-Q1"), ("31", "2025-Q1"), ("48", "2025-Q1")])
    together = [("b", 2, [("01", "2025-Q1")]), ("c", 2, [("31", "2025-Q1")])]
    assert said(retractions([first, *together], ["period"])) == {("b", "48", "2025-Q1")}


def test_a_figure_that_moved_to_another_file_is_not_withdrawn_by_the_one_it_left() -> None:
    names = {"a": "north.xlsx", "b": "south.xlsx", "c": "north.xlsx"}
    first = ("a", 1, [("01", "2025-Q1"), ("31", "2025-Q1")])
    moved = ("b", 2, [("31", "2025-Q1")])
    again = ("c", 3, [("01", "2025-Q1")])
    assert retractions([first, moved, again], ["file"], names) == []
    assert said(retractions([first, again], ["file"], names)) == {("c", "31", "2025-Q1")}


def test_a_row_whose_label_could_not_be_read_withdraws_nothing_that_it_may_be() -> None:
    first = ("a", 1, [("01", "2025-Q1"), ("31", "2025-Q1")])
    typing_error = ("b", 2, [("01", "2025-Q1"), (None, "2025-Q1")])
    assert retractions([first, typing_error], ["period"]) == []


def test_a_figure_that_comes_back_is_withdrawn_anew_only_after_it_went_again() -> None:
    full, short = [("01", "2025-Q1"), ("31", "2025-Q1")], [("01", "2025-Q1")]
    given = [("a", 1, full), ("b", 2, short), ("c", 3, full), ("d", 4, short)]
    assert said(retractions(given, ["period"])) == {("b", "31", "2025-Q1"), ("d", "31", "2025-Q1")}


def test_an_answer_that_holds_changes_only_withdraws_nothing_but_may_be_withdrawn_from() -> None:
    full = ("a", 1, [("01", "2025-Q1"), ("31", "2025-Q1")])
    changes = ("b", 2, [("48", "2025-Q1")])
    assert retractions([full, changes], ["period"], changes=("b",)) == []
    assert said(retractions([full, changes, ("c", 3, full[2])], ["period"], changes=("b",))) == {("c", "48", "2025-Q1")}


FIGURES = st.sets(st.tuples(st.sampled_from(["01", "31", "48"]), st.sampled_from(["2025-Q1", "2025-Q2"])), max_size=6)
HISTORIES = st.lists(st.tuples(st.integers(1, 4), FIGURES), min_size=1, max_size=5)


def state(submissions: list[Submission], rows: list[dict[str, Any]]) -> set[tuple[str | None, str | None]]:
    """Figures that stand at the end: those whose last statement is no retraction."""
    statements = [(received(day), name, figure, True) for name, day, figures in submissions for figure in figures]
    statements += [
        (row["recorded_at"], row["submission_id"], (row["organisation_code"], row["period_code"]), False)
        for row in rows
    ]
    last = {figure: stands for _, _, figure, stands in sorted(statements, key=lambda one: (one[0], one[1]))}
    return {figure for figure, stands in last.items() if stands}


@given(HISTORIES, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_final_state_is_that_of_the_deliveries_by_time_of_receipt(history: Any, order: Any) -> None:
    submissions = [(f"s{number}", day, sorted(figures)) for number, (day, figures) in enumerate(history)]
    shuffled = list(submissions)
    order.shuffle(shuffled)
    rows = retractions(submissions, ["period"])
    assert rows == retractions(shuffled, ["period"])

    model: set[tuple[str, str]] = set()
    for day in sorted({day for _, day, _ in submissions}):
        handed_in = {figure for _, at, figures in submissions if at == day for figure in figures}
        periods = {period for _, period in handed_in}
        model = {figure for figure in model if figure[1] not in periods} | handed_in
    assert state(submissions, rows) == model
