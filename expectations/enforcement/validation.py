"""Running a suite so that green means: every expectation was evaluated, and every one of them held."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from expectations.enforcement.result_buffering import buffer_results
from ingest.contract import Severity

#: Severities of Great Expectations.
GX_SEVERITY = {
    Severity.BLOCK: "critical",
    Severity.QUARANTINE: "critical",
    Severity.WARN: "warning",
    Severity.INFO: "info",
    Severity.INTEGRITY: "info",
}
#: What a gate may hold in memory before it writes to the disk, in bytes, so that its process stays below 4 GB. A small
#: machine gives four fifths of what it has, as DuckDB takes by itself.
MEMORY_LIMIT = min(3_000_000_000, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 4 // 5)
#: Nothing is fetched from the network by itself, nothing written to the folder one stands in, and equal settings let
#: connections of one process share a database.
DUCKDB_CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": f"{MEMORY_LIMIT}B",
    "temp_directory": str(Path(tempfile.gettempdir()) / f"outturn_gate_{os.getpid()}"),
}


class GateError(RuntimeError):
    """The gate could not do its work: nothing may pass. This is a fault of rules or engine, never of the data."""


@dataclass(frozen=True)
class Outcome:
    """What one expectation said: whether it held, and the number it saw."""

    expectation: str
    check_id: str
    success: bool
    observed: Any


@contextmanager
def memory_database(purpose: str) -> Iterator[MemoryDatabase]:
    """A named in-memory DuckDB database: it lives as long as the session that is yielded with its address."""
    url = f"duckdb:///:memory:{purpose}_{uuid4().hex}"
    engine = sa.create_engine(url, **_engine_options())
    session = engine.raw_connection()
    try:
        connection: Any = session.driver_connection
        yield MemoryDatabase(url, connection)
    finally:
        session.close()
        engine.dispose()


@dataclass(frozen=True)
class MemoryDatabase:
    """Its address, by which Great Expectations joins it, and the session that keeps it."""

    url: str
    connection: duckdb.DuckDBPyConnection


def _engine_options() -> dict[str, Any]:
    return {"poolclass": NullPool, "connect_args": {"config": dict(DUCKDB_CONFIG)}}


@contextmanager
def suite_runner(url: str) -> Iterator[SuiteRunner]:
    """A Great Expectations context over one DuckDB database, with both of its engines disposed of at the end."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_sql(
        "warehouse",
        connection_string=url,
        create_temp_table=False,
        kwargs=_engine_options(),  # type: ignore[call-arg]
    )
    engines = (source.get_engine(), source.get_execution_engine().engine)
    for engine in engines:
        buffer_results(engine)
    try:
        yield SuiteRunner(context, source)
    finally:
        for engine in engines:
            engine.dispose()


class SuiteRunner:
    """Validates suites over tables of one database and keeps the results for the documentation of the release."""

    def __init__(self, context: Any, source: Any) -> None:
        self.context = context
        self._source = source
        self.results: list[Any] = []

    def run(self, name: str, table: str, expectations: Sequence[Any], *, counted: bool = True) -> list[Outcome]:
        """Validate a suite over a table; without ``counted`` Great Expectations says yes or no only, in fewer queries.

        Raises ``GateError`` where an expectation was not evaluated or raised: a suite that did not run is not green.
        """
        if not expectations:
            raise GateError(f"suite {name}: it has no expectations, so that it would be green whatever the data")
        import great_expectations as gx

        asset = self._source.add_table_asset(name, table_name=table)
        suite = gx.ExpectationSuite(name=name, expectations=list(expectations))
        result = (
            asset.add_batch_definition_whole_table("all")
            .get_batch()
            .validate(suite, result_format="BASIC" if counted else "BOOLEAN_ONLY")
        )
        self.results.append(result)
        return list(_outcomes(name, len(expectations), result, counted=counted))


def _outcomes(name: str, expected: int, result: Any, *, counted: bool) -> Iterator[Outcome]:
    if len(result.results) != expected:
        raise GateError(f"suite {name}: {len(result.results)} of {expected} expectations were evaluated")
    for one in result.results:
        config = one.expectation_config
        check_id = config.kwargs.get("check_id") or ":".join(filter(None, (config.type, config.kwargs.get("column"))))
        if one.exception_info and _raised(one.exception_info):
            raise GateError(f"suite {name}: {check_id} could not be evaluated: {one.exception_info}")
        observed = one.result.get("observed_value", one.result.get("unexpected_count"))
        if one.success is None or (counted and observed is None):
            raise GateError(f"suite {name}: {check_id} came back without a result")
        yield Outcome(config.type, check_id, bool(one.success), observed)


def _raised(exception_info: Mapping[str, Any]) -> bool:
    """One exception is recorded flat, those of several metrics by metric."""
    if "raised_exception" in exception_info:
        return bool(exception_info["raised_exception"])
    return any(info.get("raised_exception") for info in exception_info.values())
