"""What was known at another moment: a reading of the whole history equals a build of what had been recorded by then.

The histories are made by hypothesis: figures that come late, are corrected once or often, repeated, withdrawn, given as
intervals, cumulated, crossed by groups, or reported by two sources. Equal means equal bytes of the exported table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from release import ReleaseShelf, publish

MOMENTS = [datetime(2025, month, 10, tzinfo=UTC) for month in (1, 2, 3, 4)]
READINGS = {
    "core.fct_observation",
    "marts.mart_decomposition",
    "marts.mart_disaggregation",
    "marts.mart_indicator",
    "marts.mart_indicator_as_is",
    "marts.mart_ratio",
    "marts.mart_revision",
}
MODELS_ONLY = ("--exclude-resource-type", "test", "unit_test")
QUARTERS = [f"2024-Q{number}" for number in (1, 2, 3, 4)]
GROUPS = ["_T", "SEX=F", "SEX=M", "AGE=O|SEX=F", "AGE=Y|SEX=F"]
INDICATORS: dict[str, dict[str, Any]] = {
    "HI.flow": {"frequency": "Q"},
    "HI.base": {"frequency": "Q"},
    "HI.stock": {"frequency": "Q", "time_aggregation": "average", "accumulation": "POINT_IN_TIME", "role": "input"},
    "HI.cumulated": {"frequency": "Q", "accumulation": "YTD"},
}


@dataclass(frozen=True)
class Report:
    """One figure as one source reported it at one of the moments; no value, or an interval from 0 to it."""

    indicator: str
    organisation: str
    quarter: str
    group: str
    source: str
    moment: int
    value: int | None
    status: str
    is_interval: bool


REPORTS = st.builds(
    Report,
    indicator=st.sampled_from(sorted(INDICATORS)),
    organisation=st.sampled_from(["HI.A", "HI.B", "HI.B1", "HI.old"]),
    quarter=st.sampled_from(QUARTERS),
    group=st.sampled_from(["_T", *GROUPS]),
    source=st.sampled_from(["main", "main", "second"]),
    moment=st.integers(0, len(MOMENTS) - 1),
    value=st.one_of(st.none(), st.integers(0, 9)),
    status=st.sampled_from("AAPE"),
    is_interval=st.sampled_from([False] * 9 + [True]),
)
#: One report of a figure by a source at a moment: which of two in one file counts is not a question of vintages.
HISTORIES = st.lists(
    REPORTS,
    min_size=150,
    max_size=300,
    unique_by=lambda r: (r.indicator, r.organisation, r.quarter, r.group, r.source, r.moment),
)


def fill(area: Any) -> None:
    area.organisation("KN", "national")
    area.organisation("KN.A", "province", "KN")
    area.indicator("KN.corrected")
    for moment, value in ((MOMENTS[0], 10), (MOMENTS[1], 12)):
        area.observe("KN.corrected", "KN.A", "2024", value, at=moment)


def area_of(area: Any, reports: list[tuple[int, Report]]) -> Any:
    """The registry, and the reports with the number of the row each stood in."""
    for source, priority in (("main", 1), ("second", 2)):
        area.source(source, priority)
        for moment in MOMENTS:
            area.submission(source, moment)
    area.organisation("HI", "national")
    reform = datetime(2024, 7, 1, tzinfo=UTC).date()
    area.organisation("HI.A", "unit", "HI")
    area.organisation("HI.B", "unit", "HI")
    area.organisation("HI.B1", "part", "HI.B")
    area.organisation("HI.old", "unit", "HI")
    area.event("transfer", "HI.old", "HI.A", reform, weight="0.4", weight_basis="staff")
    area.group("SEX", "F", "M")
    area.group("AGE", "Y", "O")
    for code, fields in INDICATORS.items():
        area.indicator(code, **fields)
    area.ratio("HI.share", "HI.flow", "HI.base", "mean", coverage_gate=0)
    area.ratio("HI.perStock", "HI.cumulated", "HI.stock", "mean", coverage_gate=0)
    for number, report in reports:
        silent = report.value is None
        is_interval = report.is_interval and not silent
        bounds = {"value_low": 0, "value_high": report.value, "obs_status": "Q"} if is_interval else {}
        area.observe(
            report.indicator,
            report.organisation,
            report.quarter,
            None if is_interval else report.value,
            report.group,
            cell=f"C{number}",
            at=MOMENTS[report.moment],
            source=report.source,
            **({"obs_status": "O"} if silent else {"obs_status": report.status} | bounds),
        )
    return area


def exported(connection: duckdb.DuckDBPyConnection, relation: str, target: Path) -> bytes:
    connection.execute(f"copy (select * from {relation} order by all) to '{target}' (format parquet)")
    return target.read_bytes()


@pytest.mark.end_to_end
@given(reports=HISTORIES)
@settings(
    max_examples=1, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
def test_what_was_known_then_equals_a_build_of_what_was_recorded_by_then(
    empty_area: Any, build_warehouse: Any, tmp_path_factory: pytest.TempPathFactory, reports: list[Report]
) -> None:
    folder = tmp_path_factory.mktemp("history")
    history = list(enumerate(reports))
    whole = build_warehouse(area_of(empty_area(), history).write(folder / "whole"), folder, arguments=MODELS_ONLY)
    shelf = ReleaseShelf(folder / "published")
    publish(whole, shelf, workspace={"vi": "Thử", "en": "Trial"})
    with duckdb.connect(str(shelf.current_link / "outturn.duckdb"), read_only=True) as release:
        functions = release.execute(
            "select schema_name || '.' || function_name from duckdb_functions() where function_name like '%_as_of'"
        ).fetchall()
        assert {name.removesuffix("_as_of") for (name,) in functions} == READINGS
        for number, moment in list(enumerate(MOMENTS))[1:3]:
            known = [(cell, report) for cell, report in history if report.moment <= number]
            then = folder / str(number)
            prefix = build_warehouse(area_of(empty_area(), known).write(then / "accepted"), then, arguments=MODELS_ONLY)
            with duckdb.connect(str(prefix), read_only=True) as built:
                for table in sorted(READINGS):
                    read = exported(
                        release, f"{table}_as_of(timestamp '{moment:%Y-%m-%d %H:%M}')", folder / "read.parquet"
                    )
                    assert read == exported(built, table, folder / "built.parquet"), (table, moment)


def test_known_by_now_is_what_is_in_force(warehouse: Any) -> None:
    for table in sorted(READINGS):
        (counts,) = warehouse.rows(
            f"with stored as materialized (select * from {table}), "
            f"known as materialized (select * from {table}_as_of(now())) "
            "select (select count(*) from (from stored except all from known)) as lost, "
            "(select count(*) from (from known except all from stored)) as added"
        )
        assert counts == {"lost": 0, "added": 0}, table


def test_before_anything_was_recorded_nothing_was_known(warehouse: Any) -> None:
    for table in sorted(READINGS):
        assert warehouse.rows(f"select * from {table}_as_of(timestamp '2000-01-01')") == [], table


def test_a_correction_is_not_known_before_it_came(warehouse: Any) -> None:
    """Neither is its roll-up: 10, and from 10 February 2025 on 12."""
    for moment, value in (("2025-02-09 23:59:59", 10), ("2025-02-10", 12)):
        (row,) = warehouse.rows(
            f"select value from marts.mart_indicator_as_of(timestamp '{moment}') "
            "where indicator_code = 'KN.corrected' and organisation_code = 'KN' and period_code = '2024'"
        )
        assert row["value"] == value
