"""From a number of a mart down to its cells: through lags, cumulative figures, and the marts that stand on others."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from release.lineage import NotOneNumberError, trace


def fill(area: Any) -> None:
    area.organisation("TRC", "national")
    area.organisation("TRC.A", "province", "TRC")
    area.organisation("TRC.B", "province", "TRC")
    area.indicator("TRC.cumulative", frequency="Q", accumulation="YTD")
    area.indicator("TRC.trained", frequency="Q")
    area.indicator("TRC.placed", frequency="Q", role="intermediate_outcome")
    area.ratio("TRC.yield", "TRC.placed", "TRC.trained", lag=1, lagged_part="numerator")
    for code in ("TRC.A", "TRC.B"):
        for quarter, value in (("2024-Q1", 10), ("2024-Q2", 25), ("2024-Q3", 30)):
            area.observe("TRC.cumulative", code, quarter, value)
            area.observe("TRC.trained", code, quarter, 10 * value)
            area.observe("TRC.placed", code, quarter, value)


@pytest.fixture
def release(warehouse: Any, tmp_path: Path) -> Path:
    shutil.copyfile(warehouse.path, tmp_path / "outturn.duckdb")
    return tmp_path


def cells(release: Path, mart: str, **keys: str) -> list[tuple[str, str, str, int]]:
    found = trace(release, mart, keys).observations
    return [(o["indicator_code"], o["organisation_code"], o["period_code"], int(o["value"])) for o in found]


def test_of_a_cumulative_figure_the_one_before_is_there_to_be_taken_off(release: Path) -> None:
    traced = cells(
        release, "mart_indicator", indicator_code="TRC.cumulative", organisation_code="TRC.A", period_code="2024-Q2"
    )
    assert traced == [("TRC.cumulative", "TRC.A", "2024-Q1", 10), ("TRC.cumulative", "TRC.A", "2024-Q2", 25)]


def test_the_later_part_of_a_lagged_ratio_stands_in_a_later_period(release: Path) -> None:
    row = trace(
        release, "mart_ratio", {"ratio_code": "TRC.yield", "organisation_code": "TRC", "period_code": "2024-Q1"}
    )
    assert row.row["value"] == pytest.approx(50 / 200)
    traced = {(o["indicator_code"], o["period_code"]) for o in row.observations}
    assert traced == {("TRC.placed", "2024-Q2"), ("TRC.trained", "2024-Q1")}
    assert sum(o["value"] for o in row.observations if o["indicator_code"] == "TRC.placed") == 50


def test_a_number_that_compares_two_periods_rests_on_both(release: Path) -> None:
    traced = cells(
        release,
        "mart_decomposition",
        ratio_code="TRC.yield",
        organisation_code="TRC",
        period_to="2024-Q2",
        member_code="TRC.A",
        comparison="previous_period",
    )
    assert {period for code, _, period, _ in traced if code == "TRC.trained"} == {"2024-Q1", "2024-Q2"}


def test_what_cannot_be_traced_says_what_can(release: Path) -> None:
    with pytest.raises(NotOneNumberError, match="mart_ratio"):
        trace(release, "mart_submission", {})
    with pytest.raises(NotOneNumberError, match="name also"):
        trace(release, "mart_ratio", {"ratio_code": "TRC.yield"})
    with pytest.raises(NotOneNumberError, match="no column nonsense"):
        trace(release, "mart_ratio", {"nonsense": "1"})
