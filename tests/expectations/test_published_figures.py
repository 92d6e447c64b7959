"""A published figure that was touched on its way is found by PUB-01, in its table and at its row.

What follows from columns of the marts (PUB-02, PUB-03) is proven on the demo's release: tests/demo.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from expectations.release import judge
from expectations.rules import load_rule_book

#: A country of two provinces, the second of two communes that report for it: 40, and 25 + 35 of N in 2024, of which
#: women 30; and half of it in each half of the year. R is N over N.
CLEAN = """
create schema core; create schema marts;
create table core.dim_indicator as
    select 1 as indicator_key, 'N' as indicator_code, 'sum' as organisation_aggregation, 'sum' as time_aggregation,
        'IN_PERIOD' as accumulation;
create table core.dim_time as
    select * from (values
        (1, '2024', date '2024-01-01', date '2025-01-01'),
        (2, '2024-S1', date '2024-01-01', date '2024-07-01'),
        (3, '2024-S2', date '2024-07-01', date '2025-01-01')
    ) as period(time_key, period_code, period_start, period_end_exclusive);
create table core.bridge_time as
    select 1 as ancestor_time_key, half as descendant_time_key, 'S' as descendant_frequency, 2 as sub_periods,
        false as is_self, true as is_tiled
    from (values (2), (3)) as halves(half);
create table core.dim_organisation as
    select key as organisation_key, code as organisation_code, above as parent_organisation_code, true as is_current
    from (values (1, 'VN', null), (2, '01', 'VN'), (3, '02', 'VN'), (4, '0201', '02'), (5, '0202', '02'))
        as organisation(key, code, above);
create table core.bridge_organisation as
    select 'as_was' as structure, above as ancestor_organisation_key, key as descendant_organisation_key, distance,
        date '1900-01-01' as valid_from, null::date as valid_to
    from (values (1, 2, 1), (1, 3, 1), (3, 4, 1), (3, 5, 1), (1, 4, 2), (1, 5, 2)) as link(above, key, distance);
create table core.bridge_ratio_indicator as
    select 'R' as ratio_code, part, 'N' as factor_1, null::varchar as factor_2, 1 as sign
    from (values ('numerator'), ('denominator')) as parts(part);
create table core.fct_observation as
    select 1 as indicator_key, 'N' as indicator_code, key as organisation_key, time_key, grp as target_group_key,
        'src' as source_code, true as is_current, true as is_preferred, 'ACTUAL' as measure_kind,
        'IN_PERIOD' as accumulation, value::decimal(38, 12) as value, 'A' as obs_status
    from (values (2, 1, 20), (4, 1, 12.5), (5, 1, 17.5), (5, 2, 15)) as figure(key, grp, value)
    cross join (values (2), (3)) as half(time_key);
create table marts.mart_indicator as
    select 1 as indicator_key, 'N' as indicator_code, key as organisation_key, code as organisation_code, time_key,
        period_code, period_start, period_end_exclusive, grp as target_group_key, label as target_group_code,
        (value / case time_key when 1 then 1 else 2 end)::decimal(38, 12) as value, 1.0::double as coverage,
        key in (1, 3) or time_key = 1 as is_rolled_up
    from (values (1, 'VN', 1, '_T', 100), (2, '01', 1, '_T', 40), (3, '02', 1, '_T', 60), (4, '0201', 1, '_T', 25),
        (5, '0202', 1, '_T', 35), (5, '0202', 2, 'SEX=F', 30)) as figure(key, code, grp, label, value)
    cross join core.dim_time;
create table marts.mart_indicator_as_is as select * from marts.mart_indicator;
create table marts.mart_ratio as
    select 'R' as ratio_code, 'as_was' as structure, organisation_key, organisation_code, time_key, period_code,
        target_group_key, target_group_code, value as numerator, value as denominator, 1 as units_matched
    from marts.mart_indicator where target_group_key = 1;
"""
#: The whole tree and the year are sums: what is touched below is found above it and beside it, too.
FAULTS = {
    "update marts.mart_indicator set value = 31 where target_group_key = 2 and time_key = 2": {
        ("mart_indicator", "PUB-01/reported", "N 0202 2024-S1 SEX=F"),
        ("mart_indicator", "PUB-01/over_time", "N 0202 2024 SEX=F"),
    },
    "update marts.mart_indicator set value = 54 where organisation_key = 1 and time_key = 2": {
        ("mart_indicator", "PUB-01/rolled_up", "N VN 2024-S1 _T"),
        ("mart_indicator", "PUB-01/over_time", "N VN 2024 _T"),
    },
    "update marts.mart_indicator set value = 33 where organisation_key = 3 and time_key = 2": {
        ("mart_indicator", "PUB-01/rolled_up", "N 02 2024-S1 _T"),
        ("mart_indicator", "PUB-01/over_time", "N 02 2024 _T"),
    },
    "update marts.mart_indicator set value = 107 where organisation_key = 1 and time_key = 1": {
        ("mart_indicator", "PUB-01/rolled_up", "N VN 2024 _T"),
        ("mart_indicator", "PUB-01/over_time", "N VN 2024 _T"),
    },
    "update marts.mart_indicator_as_is set value = 107 where organisation_key = 1 and time_key = 1": {
        ("mart_indicator_as_is", "PUB-01/rolled_up_as_is", "N VN 2024 _T"),
    },
    "update marts.mart_ratio set denominator = 107 where organisation_key = 1 and time_key = 1": {
        ("mart_ratio", "PUB-01/ratio_parts", "R VN 2024 _T"),
    },
    # where one of those below has no figure, nothing is said of the sum
    "update marts.mart_indicator set value = null where organisation_key = 5; "
    "update marts.mart_indicator set value = value - 30 where organisation_key in (1, 3) and time_key = 1": {
        ("mart_indicator", "PUB-01/reported", "N 0202 2024-S1 SEX=F"),
        ("mart_indicator", "PUB-01/over_time", "N 02 2024 _T"),
    },
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
    assert found == {(f"marts.{table}", "BLOCK", cell) for table, _, cell in FAULTS[fault]}
    assert {one.check_id for one in verdict.results if not one.success} == {check for _, check, _ in FAULTS[fault]}
    assert verdict.passed is not bool(found)
