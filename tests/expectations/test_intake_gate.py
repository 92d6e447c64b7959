"""The laws of the intake gate: nothing lost, nothing green by accident, nothing that depends on the order of rows."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from plants import EARLIER, series, year
from tidy_tables import RECEIVED, SOURCE, SUBMISSION_ID, Row, submission, tidy_row, write_registry, write_tidy

from expectations.intake import GateError, finding_from_refusal, judge, take_over
from expectations.rules import Override
from ingest.contract import FINDING, OBSERVATION, QUARANTINE, SUBMISSION

from .conftest import Court, found

OTHER = "cccccccccccccccc"
FAULTY: tuple[Row, ...] = (
    tidy_row(),
    tidy_row(cell="C6", organisation_code="02", value=-5),
    tidy_row(cell="C7", organisation_code="03", value="1.5"),
    tidy_row(cell="C8", organisation_code=None, organisation_valid_from=None, organisation_problem="unknown"),
    tidy_row(cell="D5"),
    tidy_row(cell="D6", organisation_code="02", **year(2024), value=600_000),
)


def cells(table: pa.Table) -> list[str]:
    return sorted(table.column("cell").to_pylist())


def test_a_source_has_exactly_the_planted_findings(judge_rows: Court) -> None:
    verdict = judge_rows(FAULTY)
    assert found(verdict)[SUBMISSION_ID] == {
        ("VAL-01", "C6"),
        ("VAL-04", "C7"),
        ("ORG-01", "C8"),
        ("STR-06/copy", "D5"),
        ("VAL-03", "D6"),
    }
    assert not verdict.gx_success
    assert verdict.statistics["checks_failed"] == 5


def test_every_row_is_accepted_or_quarantined_and_none_is_both(judge_rows: Court) -> None:
    verdict = judge_rows(FAULTY)
    assert cells(verdict.accepted()) == ["C5", "D6"]
    assert cells(verdict.quarantine()) == ["C6", "C7", "C8", "D5"]
    [row] = verdict.submissions.to_pylist()
    assert (row["rows_read"], row["rows_accepted"], row["rows_quarantined"], row["status"]) == (
        6,
        2,
        4,
        "partly_accepted",
    )


def test_a_quarantined_row_names_every_rule_that_holds_it(judge_rows: Court) -> None:
    verdict = judge_rows([tidy_row(value="-1.5", unit_problem="unknown", unit_code=None)])
    assert verdict.quarantine().column("rule_ids").to_pylist() == ["UNIT-01,VAL-01,VAL-04"]


def test_a_warned_row_goes_on_with_a_mark(judge_rows: Court) -> None:
    verdict = judge_rows([tidy_row(value=600_000), tidy_row(cell="D5", value=700_000, obs_status="E", **year(2024))])
    marked = {row["cell"]: (row["obs_status"], row["flags"]) for row in verdict.accepted().to_pylist()}
    assert marked == {"C5": ("V", "WARN_VAL-03"), "D5": ("E", "WARN_VAL-03")}


def test_copies_take_nothing_away(judge_rows: Court) -> None:
    [row] = judge_rows([tidy_row(), tidy_row(cell="D5")]).submissions.to_pylist()
    assert (row["status"], row["rows_accepted"], row["rows_quarantined"]) == ("accepted", 1, 1)


def test_a_refused_submission_keeps_all_its_rows_outside_and_the_others_go_on(judge_rows: Court) -> None:
    bad = {"value": None, "raw_text": "abc", "value_problem": "not_a_number", "obs_status": "O"}
    rows = [tidy_row(cell=f"C{n}", **year(2015 + n), **(bad if n > 5 else {})) for n in range(10)]
    verdict = judge_rows(
        [*rows, tidy_row(submission_id=OTHER, organisation_code="02")], submissions=(submission(), submission(OTHER))
    )
    refused, other = verdict.submissions.to_pylist()
    assert (refused["status"], refused["rows_accepted"], refused["rows_quarantined"]) == ("refused", 0, 10)
    assert "60.0%" in refused["refusal_en"]
    assert "60.0%" in refused["refusal_vi"]
    assert (other["status"], other["rows_accepted"]) == ("accepted", 1)
    assert all("STR-03" in ids for ids in verdict.quarantine().column("rule_ids").to_pylist())


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_changes_nothing(judge_rows: Court, seed: int) -> None:
    shuffled = list(FAULTY)
    random.Random(seed).shuffle(shuffled)
    first, second = judge_rows(FAULTY), judge_rows(shuffled)
    for name in ("findings", "submissions"):
        assert getattr(first, name).equals(getattr(second, name))
    assert first.accepted().equals(second.accepted())
    assert first.quarantine().equals(second.quarantine())


def test_the_same_fault_has_the_same_id_and_is_found_when_it_was_received(judge_rows: Court) -> None:
    rows = [tidy_row(value=-5)]
    [first], [second] = judge_rows(rows).findings.to_pylist(), judge_rows(rows).findings.to_pylist()
    assert first == second
    assert first["found_at"] == RECEIVED


def test_messages_name_file_sheet_and_cell_in_both_languages(judge_rows: Court) -> None:
    [finding] = judge_rows([tidy_row(value=-5)]).findings.to_pylist()
    assert finding["message_vi"] == (
        "Tệp aa.xlsx, trang Biểu 1, ô C5: Hồ sơ tiếp nhận không thể âm, nhưng ô ghi -5. Hãy kiểm tra dấu và nộp lại."
    )
    assert finding["message_en"] == (
        "aa.xlsx, sheet Biểu 1, cell C5: Dossiers received cannot be negative, but the cell says -5. "
        "Check the sign and resubmit."
    )


def test_files_have_the_contracts_schemas_also_without_rows(judge_rows: Court, tmp_path: Path) -> None:
    verdict = judge_rows([tidy_row(value=-5)], submissions=(submission(), submission(OTHER)))
    counts = verdict.write_aside(tmp_path / "judged")
    assert counts == {"rows_read": 1, "rows_accepted": 0, "rows_quarantined": 1, "findings": 1}
    schemas = {"observation": OBSERVATION, "quarantine": QUARANTINE, "finding": FINDING, "submission": SUBMISSION}
    for name, table in schemas.items():
        for identity in (SUBMISSION_ID, OTHER):
            assert pq.read_schema(tmp_path / "judged" / name / f"{identity}.parquet").equals(table.schema)


def test_taking_over_replaces_the_last_edition(judge_rows: Court, tmp_path: Path) -> None:
    judged, accepted, quarantine = tmp_path / "judged", tmp_path / "accepted", tmp_path / "quarantine"
    judge_rows([tidy_row(), tidy_row(submission_id=OTHER)], submissions=(submission(), submission(OTHER))).write_aside(
        judged
    )
    take_over(judged, accepted, quarantine, SOURCE)
    judge_rows([tidy_row()]).write_aside(judged)
    assert take_over(judged, accepted, quarantine, SOURCE) == {
        "observation": 1,
        "submission": 1,
        "finding": 0,
        "quarantine": 0,
    }
    assert [file.stem for file in sorted((accepted / "observation" / SOURCE).iterdir())] == [SUBMISSION_ID]


def test_a_source_without_any_submission_is_judged_empty(judge_rows: Court) -> None:
    verdict = judge_rows([])
    assert verdict.gx_success
    assert verdict.accepted().num_rows == 0


def test_a_file_that_could_not_be_read_has_a_finding_and_a_refusal(judge_rows: Court) -> None:
    refusal = SimpleNamespace(
        rule_id="STR-01", sheet=None, cell=None, message_vi="Tệp hỏng.", message_en="Broken file."
    )
    verdict = judge_rows([], refusals={SUBMISSION_ID: refusal})
    [finding] = verdict.findings.to_pylist()
    assert finding == finding_from_refusal(refusal, submission())
    assert (finding["severity"], finding["route"], finding["message_vi"]) == ("BLOCK", "SU,IT", "Tệp hỏng.")
    [row] = verdict.submissions.to_pylist()
    assert (row["status"], row["refusal_en"]) == ("refused", "Broken file.")


def test_rows_of_a_submission_that_is_not_named_stop_the_gate(tmp_path: Path) -> None:
    tidy = write_tidy(tmp_path / "a.parquet", [tidy_row()])
    with pytest.raises(GateError, match="not among its submissions"):
        judge(tidy, [], write_registry(tmp_path / "registry"), source_code=SOURCE, submissions=[submission(OTHER)])


def test_a_threshold_can_be_set_for_one_indicator(judge_rows: Court) -> None:
    rows = series([100, 160], first_year=2024) + [
        row | {"cell": f"X{row['cell']}"} for row in series([100, 160], first_year=2024, indicator_code="RESOLVED")
    ]
    wider = Override(rule="JMP-01", indicator="RESOLVED", thresholds={"factor": 2}, rationale="It grows fast.")
    assert found(judge_rows(rows)) == {SUBMISSION_ID: {("JMP-01", "C5"), ("JMP-01", "XC5")}}
    assert found(judge_rows(rows, rule_overrides=[wider])) == {SUBMISSION_ID: {("JMP-01", "C5")}}


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ({"indicator": "RECEIVED", "enabled": False}, set()),
        ({"enabled": False}, set()),
        ({"source": "another", "enabled": False}, {("VAL-01", "QUARANTINE")}),
        ({"indicator": "RECEIVED", "severity": "WARN"}, {("VAL-01", "WARN")}),
    ],
)
def test_a_rule_can_be_eased_for_an_indicator_or_a_source(judge_rows: Court, override: Any, expected: Any) -> None:
    verdict = judge_rows([tidy_row(value=-5)], rule_overrides=[Override(rule="VAL-01", rationale="Test.", **override)])
    assert {(row["rule_id"], row["severity"]) for row in verdict.findings.to_pylist()} == expected


def test_a_workspace_rule_that_cannot_be_evaluated_stops_the_gate(judge_rows: Court) -> None:
    broken = """
additions:
  - id: VAL-01
    checks: [{name: own, kind: row, severity: WARN, predicate: tidy.no_such_column > 1}]
"""
    with pytest.raises(GateError, match="no_such_column"):
        judge_rows([tidy_row()], rules=broken)


def test_a_mended_figure_is_no_large_revision_of_one_that_was_held_back(judge_rows: Court) -> None:
    history = series([210, 205, 220, 198], first_year=2021, submission_id=OTHER, recorded_at=EARLIER)
    wrong = tidy_row(value=209_000, submission_id="d" * 16, recorded_at=RECEIVED - timedelta(days=1))
    mended = tidy_row(value=209)
    verdict = judge_rows(
        [wrong, mended],
        history=history,
        submissions=(submission("d" * 16, RECEIVED - timedelta(days=1)), submission()),
    )
    assert found(verdict) == {"d" * 16: {("SCALE-01", "C5")}}
