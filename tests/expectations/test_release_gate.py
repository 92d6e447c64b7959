"""The release gate on small warehouses: a clean one passes, and each planted fault is found in its table."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from expectations.release import GateError, judge
from expectations.rules import CheckKind, Gate, load_rule_book

CLEAN = """
create schema core; create schema marts; create schema quality;
create table core.fct_observation as
    select 'A' as indicator_code, 1 as organisation_key, '01' as organisation_code, '2025' as period_code,
        '_T' as target_group_code, 'ACTUAL' as measure_kind, 'IN_PERIOD' as accumulation, true as is_current,
        true as is_preferred, 1::decimal(38, 12) as value, null::decimal(38, 12) as value_high, 'A' as obs_status,
        timestamptz '2026-01-01 00:00:00+00' as recorded_at, 's1' as submission_id, 'src' as source_code;
create table core.fct_submission as
    select 's1' as submission_id, 'src' as source_code, 2::bigint as rows_read, 1::bigint as rows_accepted,
        1::bigint as rows_quarantined;
create table marts.mart_indicator as
    select 'A' as indicator_code, '01' as organisation_code, '2025' as period_code, '_T' as target_group_code,
        1::decimal(38, 12) as value, null::decimal(38, 12) as value_high, 'x' as unit, 'A' as obs_status,
        1.0::double as coverage, false as is_rolled_up;
create table marts.mart_new as
    select 'A' as measure_code, 1::decimal(38, 12) as value, 'A' as obs_status, 0.5::double as score from range(100);
create table marts.mart_ratio as
    select 'R' as ratio_code, '01' as organisation_code, '2025' as period_code, '_T' as target_group_code,
        'as_was' as structure, 'efficiency' as ratio_type, 1::decimal(38, 12) as numerator,
        3::decimal(38, 12) as denominator,
        100::decimal(38, 12) as scale, 100.0::double / 3 as value, 'x' as unit, 1.0::double as coverage_numerator,
        1.0::double as coverage_denominator, 1.0::double as matched_share, 0.0::double as lower, 1.0::double as upper,
        'A' as status, null::varchar as reason
"""
#: (fault as SQL, check that finds it, table, whether the release still passes)
FAULTS = (
    ("update marts.mart_new set score = 'nan'::double", "VAL-07", "marts.mart_new", False),
    ("update marts.mart_ratio set upper = 'inf'::double", "VAL-07", "marts.mart_ratio", False),
    ("update marts.mart_new set value = null", "STAT-03", "marts.mart_new", False),
    ("update marts.mart_indicator set obs_status = 'M'", "STAT-03", "marts.mart_indicator", False),
    ("update marts.mart_ratio set value = null", "STAT-03", "marts.mart_ratio", False),
    ("update marts.mart_ratio set value = value + 0.000001", "RAT-09", "marts.mart_ratio", False),
    ("update marts.mart_ratio set denominator = 0", "RAT-09", "marts.mart_ratio", False),
    ("update core.fct_observation set is_preferred = false", "VIN-01", "core.fct_observation", False),
    ("update marts.mart_indicator set coverage = 1.03", "COV-01", "marts.mart_indicator", False),
    ("update core.fct_submission set rows_read = 3", "ACT-01", "core.fct_submission", False),
    ("update core.fct_submission set rows_accepted = 0, rows_quarantined = 2", "ACT-01", "core.fct_submission", False),
    ("insert into core.fct_submission values ('s2', 'silent', 5, 5, 0)", "ACT-01", "core.fct_submission", False),
    ("alter table marts.mart_indicator drop unit", "CON-02", "marts.mart_indicator", False),
    ("delete from marts.mart_indicator", "VOL-01", "marts.mart_indicator", False),
    ("delete from marts.mart_ratio", "VOL-01", "marts.mart_ratio", True),
    (
        (
            "insert into core.fct_observation "
            "select * replace ('b' as source_code, false as is_preferred, 1.1 as value) from core.fct_observation; "
            "update core.fct_submission set rows_accepted = 2, rows_read = 3"
        ),
        "XSRC-01",
        "core.fct_observation",
        True,
    ),
)


def warehouse(path: Path, fault: str = "") -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute(CLEAN)
        connection.execute(fault or "select 1")
    return path


def test_a_clean_warehouse_passes_without_findings(tmp_path: Path) -> None:
    verdict = judge(warehouse(tmp_path / "outturn.duckdb"))
    assert verdict.passed
    assert list(verdict.findings) == []
    assert verdict.rules_run >= 10


@pytest.mark.parametrize(("fault", "rule", "table", "passes"), FAULTS)
def test_each_fault_is_found_in_its_table(tmp_path: Path, fault: str, rule: str, table: str, passes: bool) -> None:
    verdict = judge(warehouse(tmp_path / "outturn.duckdb", fault))
    found = {(finding["rule_id"], finding["sheet"]) for finding in verdict.findings}
    assert (rule, table) in found
    assert {one for one, _ in found} <= {rule, "VOL-01"}
    assert verdict.passed is passes
    assert all(finding["gate"] == "release" and finding["message_vi"] for finding in verdict.findings)


def test_a_sudden_loss_of_rows_warns_and_passes(tmp_path: Path) -> None:
    before = warehouse(tmp_path / "before.duckdb")
    now = warehouse(tmp_path / "now.duckdb", "delete from marts.mart_new")
    verdict = judge(now, previous_release=before)
    assert ("VOL-02", "marts.mart_new", "0", "100") in {
        (f["rule_id"], f["sheet"], f["observed"], f["expected"]) for f in verdict.findings
    }
    assert verdict.passed


def test_the_file_is_free_again_for_the_writer(tmp_path: Path) -> None:
    path = warehouse(tmp_path / "outturn.duckdb")
    judge(path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table core.written_after as select 1 as one")


def test_a_warehouse_without_published_tables_is_not_green(tmp_path: Path) -> None:
    path = tmp_path / "empty.duckdb"
    duckdb.connect(str(path)).close()
    with pytest.raises(GateError, match="nothing to release"):
        judge(path)
    with pytest.raises(GateError, match="no warehouse"):
        judge(tmp_path / "missing.duckdb")


def test_every_rule_of_the_release_has_a_fault() -> None:
    rules = {rule.id for rule, _ in load_rule_book().checks(Gate.RELEASE, CheckKind.TABLE)}
    assert rules == {rule for _, rule, _, _ in FAULTS} | {"VOL-02"}
