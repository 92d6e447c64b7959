"""Great Expectations on DuckDB: green means that every expectation was evaluated and held."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from expectations.enforcement.result_buffering import buffer_results
from expectations.enforcement.validation import GateError, MemoryDatabase, _outcomes, memory_database, suite_runner


@pytest.fixture
def database() -> Iterator[MemoryDatabase]:
    with memory_database("test") as opened:
        opened.connection.execute("create table figure as select range as value from range(10)")
        yield opened


def holds(fails_where: str) -> Any:
    from expectations.enforcement.rule_expectation import rule_expectation

    return rule_expectation("TST-01", "ExpectTestRuleToHold", "A rule of this test")(
        check_id="TST-01", fails_where=fails_where
    )


def test_a_rule_counts_the_rows_at_which_it_fails(database: MemoryDatabase) -> None:
    with suite_runner(database.url) as runner:
        none, three = runner.run("rules", "figure", [holds("value < 0"), holds("value > 6")])
    assert (none.success, none.observed) == (True, 0)
    assert (three.success, three.observed) == (False, 3)
    assert three.expectation == "expect_test_rule_to_hold"


def test_a_suite_without_expectations_is_not_green(database: MemoryDatabase) -> None:
    with suite_runner(database.url) as runner, pytest.raises(GateError, match="has no expectations"):
        runner.run("empty", "figure", [])


def test_an_expectation_that_raises_is_not_green(database: MemoryDatabase) -> None:
    with suite_runner(database.url) as runner, pytest.raises(GateError, match="TST-01 could not be evaluated"):
        runner.run("broken", "figure", [holds("no_such_column > 1")])


@pytest.mark.parametrize(
    ("results", "message"),
    [
        ([], "0 of 1 expectations were evaluated"),
        ([{"success": True, "result": {}}], "came back without a result"),
        ([{"success": None, "result": {"observed_value": 0}}], "came back without a result"),
    ],
)
def test_a_suite_that_was_evaluated_in_part_is_not_green(results: list[dict[str, Any]], message: str) -> None:
    config = SimpleNamespace(type="expect_rule_to_hold", kwargs={"check_id": "TST-01"})
    found = [SimpleNamespace(expectation_config=config, exception_info=None, **one) for one in results]
    with pytest.raises(GateError, match=message):
        list(_outcomes("partial", 1, SimpleNamespace(results=found), counted=True))


def test_a_result_outlives_its_connection(database: MemoryDatabase) -> None:
    engine = sa.create_engine(database.url, connect_args={"config": _config()}, poolclass=sa.pool.NullPool)
    buffer_results(engine)
    buffer_results(engine)
    with engine.connect() as connection:
        result = connection.execute(sa.text("select value from figure where value < 3 order by value"))
    assert result.fetchall() == [(0,), (1,), (2,)]
    with engine.connect() as connection:
        nothing = connection.execute(sa.text("select value from figure where value < 0"))
    assert nothing.fetchall() == []


def test_without_the_hook_the_rows_are_lost(database: MemoryDatabase) -> None:
    engine = sa.create_engine(database.url, connect_args={"config": _config()}, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        result = connection.execute(sa.text("select value from figure"))
    try:
        rows = result.fetchall()
    except sa.exc.DBAPIError:
        rows = []
    except sa.exc.ResourceClosedError:
        rows = []
    assert rows == []


def _config() -> dict[str, str]:
    from expectations.enforcement.validation import DUCKDB_CONFIG

    return dict(DUCKDB_CONFIG)
