"""A published figure that was touched on its way is found by PUB-01, in its table and at its row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from expectations.release import judge
from expectations.rules import load_rule_book

#: Two provinces of a country: 40 and 60 of N in 2024, women 30 of the 60; what the marts say follows from that.
CLEAN = """
create schema core; create schema marts;
create table core.dim_indicator as
    select 1 as indicator_key, 'N' as indicator_code, 'sum' as organisation_aggregation, 'sum' as time_aggregation;
create table core.bridge_organisation as
    select 'as_was' as structure, 1 as ancestor_organisation_key, key as descendant_organisation_key, 1 as distance,
        date '1900-01-01' as valid_from, null::date as valid_to
    from (values (2), (3)) as province(key);
create table core.fct_observation as
    select 1 as indicator_key, key as organisation_key, 1 as time_key, grp as target_group_key, 'src' as source_code,
        true as is_current, true as is_preferred, 'ACTUAL' as measure_kind, 'IN_PERIOD' as accumulation,
        value::decimal(38, 12) as value, 'A' as obs_status
    from (values (2, 1, 40), (3, 1, 60), (3, 2, 30)) as figure(key, grp, value);
create table marts.mart_indicator as
    select 1 as indicator_key, 'N' as indicator_code, key as organisation_key, code as organisation_code, 1 as time_key,
        '2024' as period_code, date '2024-01-01' as period_start, date '2025-01-01' as period_end_exclusive,
        grp as target_group_key, label as target_group_code, value::decimal(38, 12) as value, key = 1 as is_rolled_up
    from (values (1, 'VN', 1, '_T', 100), (2, '01', 1, '_T', 40), (3, '02', 1, '_T', 60), (3, '02', 2, 'SEX=F', 30))
        as figure(key, code, grp, label, value);
create table marts.mart_disaggregation as
    select 'N' as measure_code, '02' as organisation_code, '2024' as period_code, 'SEX=F' as target_group_code,
        30.0::double as value, 60.0::double as total_value, 0.5::double as share_of_total,
        -30.0::double as gap_to_total;
create table marts.mart_benchmark as
    select 'N' as measure_code, '02' as organisation_code, '2024' as period_code, 60.0::double as value,
        50.0::double as norm_value, 10.0::double as gap;
create table marts.mart_decomposition as
    select 'R' as ratio_code, 'as_was' as structure, 1 as organisation_key, 'VN' as organisation_code,
        1 as target_group_key, 'year_before' as comparison, 1 as from_time_key, 2 as to_time_key, '2025' as period_to,
        'organisation' as dimension, rate as rate_effect, 0.5::double as mix_effect, 0.0::double as entry_exit_effect,
        4.0::double as total_change
    from (values (1.0::double), (2.0)) as member(rate);
create table marts.mart_revision as
    select 1 as indicator_key, 'N' as indicator_code, 3 as organisation_key, '02' as organisation_code, 1 as time_key,
        '2024' as period_code, 1 as target_group_key, '_T' as target_group_code, 'src' as source_code,
        55::decimal(38, 12) as value_before, 60::decimal(38, 12) as value_after, 5::decimal(38, 12) as revision;
"""
WOMEN = "N 02 2024 SEX=F"
FAULTS = {
    "update marts.mart_indicator set value = 31 where target_group_key = 2": {("mart_indicator", "BLOCK", WOMEN)},
    "update marts.mart_indicator set value = 107 where is_rolled_up": {("mart_indicator", "WARN", "N VN 2024 _T")},
    "update marts.mart_disaggregation set share_of_total = 0.6": {("mart_disaggregation", "BLOCK", WOMEN)},
    "update marts.mart_disaggregation set gap_to_total = 30": {("mart_disaggregation", "BLOCK", WOMEN)},
    "update marts.mart_benchmark set gap = -10": {("mart_benchmark", "BLOCK", "N 02 2024")},
    "update marts.mart_decomposition set total_change = 5": {("mart_decomposition", "BLOCK", "R VN 2025")},
    "update marts.mart_revision set value_after = 61, revision = 6": {("mart_revision", "BLOCK", "N 02 2024 _T")},
    "update marts.mart_revision set revision = 6": {("mart_revision", "BLOCK", "N 02 2024 _T")},
    "select 1": set(),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_touched_figure_is_found_at_its_row(tmp_path: Path, fault: str) -> None:
    path = tmp_path / "outturn.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(CLEAN)
        connection.execute(fault)
    book = load_rule_book()
    verdict = judge(path, rule_book=replace(book, rules={"PUB-01": book.rules["PUB-01"]}, overrides=()))
    found = {(one["sheet"], one["severity"], one["cell"]) for one in verdict.findings}
    assert found == {(f"marts.{table}", severity, cell) for table, severity, cell in FAULTS[fault]}
    assert verdict.passed is not any(severity == "BLOCK" for _, severity, _ in found)
