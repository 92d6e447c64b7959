"""Laws of cumulative figures (domain.md 3.3): taken apart and put together again they are what was reported.

The compiled model runs on figures that hypothesis makes up, in a copy of the warehouse of the other tests.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

MONTHS = [f"2024-M{month:02d}" for month in range(1, 13)]


def fill(area: Any) -> None:
    area.organisation("CL", "clTop")
    area.indicator("CL.n", frequency="M", accumulation="YTD")
    area.observe("CL.n", "CL", MONTHS[0], 1)


class TakenApart:
    """Runs int_observation_current on the cumulative figures of a year."""

    def __init__(self, warehouse: Any, folder: Path) -> None:
        copy = folder / warehouse.path.name
        shutil.copy(warehouse.path, copy)
        compiled = warehouse.path.parent / "target" / "compiled" / "outturn" / "models" / "intermediate"
        self.sql = (compiled / "int_observation_current.sql").read_text()
        self.connection = duckdb.connect(str(copy))
        self.connection.execute("set threads = 1")
        self.connection.execute(
            "create table template as select * from core.fct_observation where indicator_code = 'CL.n';"
            "drop table core.fct_observation; create table core.fct_observation as select * from template"
        )
        ((self.indicator,),) = self.rows("select indicator_key from template")
        self.months = dict(self.rows("select period_code, time_key from core.dim_time where calendar_code = 'CAL'"))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def run(self, cumulative: dict[str, int]) -> dict[str, tuple[Any, Any, Any]]:
        """Value, least and most of each period that the year's cumulative figures say something of."""
        values = ", ".join(f"('{month}', {self.months[month]}, {value})" for month, value in cumulative.items())
        self.connection.execute(
            "create or replace table core.fct_observation as select template.* replace (given.period as period_code,"
            " given.time_key as time_key, cast(given.value as decimal(38, 12)) as value)"
            f" from template, (values {values}) as given (period, time_key, value)"
        )
        found = self.rows(
            f"select time_key, value, value_low, value_high from ({self.sql}) where indicator_key = {self.indicator}"
        )
        names = {key: code for code, key in self.months.items()}
        return {names[key]: tuple(rest) for key, *rest in found if key in names}


@pytest.fixture(scope="module")
def taken_apart(warehouse: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TakenApart]:
    made = TakenApart(warehouse, tmp_path_factory.mktemp("laws"))
    yield made
    made.connection.close()


law = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
increments = st.lists(st.integers(0, 10**9), min_size=12, max_size=12)


@law
@given(added=increments)
def test_what_is_taken_apart_adds_up_to_what_was_reported(taken_apart, added):
    reported = dict(zip(MONTHS, accumulate(added), strict=True))
    found = taken_apart.run(reported)
    assert [found[month][0] for month in MONTHS] == added
    for month, total in zip(MONTHS, accumulate(found[month][0] for month in MONTHS), strict=True):
        assert total == reported[month]
    # The same figure is that of every longer period which starts with the year.
    assert [found[period][0] for period in ("2024-Q1", "2024-S1", "2024")] == [reported[MONTHS[n]] for n in (2, 5, 11)]


@law
@given(added=increments, kept=st.sets(st.integers(0, 11), min_size=1))
def test_a_gap_is_an_interval_that_holds_the_truth_and_no_spike(taken_apart, added, kept):
    assume(len(kept) < 12)
    truth, totals = dict(zip(MONTHS, added, strict=True)), list(accumulate(added))
    found = taken_apart.run({MONTHS[n]: totals[n] for n in sorted(kept)})
    for number, month in enumerate(MONTHS[: max(kept) + 1]):
        value, low, high = found[month]
        alone = number in kept and (number == 0 or number - 1 in kept)
        assert (value is not None) == alone
        if alone:
            assert value == truth[month]
        else:
            assert low <= truth[month] <= high
            after = min(n for n in kept if n >= number)
            before = max((n for n in kept if n < number), default=None)
            assert high == totals[after] - (0 if before is None else totals[before])
    assert {m for m in found if m in MONTHS} == set(MONTHS[: max(kept) + 1])


@law
@given(added=increments, month=st.integers(1, 10), fall=st.integers(1, 10**6))
def test_a_cumulative_figure_that_falls_is_withheld_and_so_is_the_next(taken_apart, added, month, fall):
    totals = list(accumulate(added))
    totals[month] = totals[month - 1] - fall
    assume(totals[month] >= 0)
    found = taken_apart.run(dict(zip(MONTHS, totals, strict=True)))
    withheld = [name for name in MONTHS if found[name][0] is None]
    assert withheld == [MONTHS[month], MONTHS[month + 1]]
    assert found["2024"][0] == Decimal(totals[11])
