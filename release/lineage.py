"""From a published number down to the observations it rests on, within one release.

A number of a mart stands for one organisation, period and target group; the observations it rests on are the current,
preferred figures of its indicators in every organisation, period and group below, by the release's own bridges.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from release.shelf import DATABASE

#: Columns that name the measure of a row, and its period: the first that a mart has counts, for periods each.
_MEASURES = ("indicator_code", "ratio_code", "measure_code")
_PERIODS = ("time_key", "from_time_key", "to_time_key")
#: What a person need not name where several rows are left: the total, and the structure of the period.
_DEFAULTS = {"target_group_code": "_T", "structure": "as_was"}


class NotOneNumberError(LookupError):
    """The keys given do not name one row of the mart; the message says which keys are missing or wrong."""


@dataclass(frozen=True)
class TracedNumber:
    """A row of a mart, and the observations (rows of ``fct_observation`` with file and hash) it rests on."""

    row: dict[str, Any]
    indicators: tuple[str, ...]
    observations: list[dict[str, Any]]
    findings: list[dict[str, Any]]


#: The cells below a number: of each indicator in the organisations, periods and groups below. The later part of a
#: lagged ratio stands in later periods; of figures since the start of the year the one before is to be taken off.
_OBSERVATIONS = """
    with organisation as (
        select distinct descendant_organisation_key as organisation_key from core.bridge_organisation
        where ancestor_organisation_key = $organisation_key and structure = $structure
    ),
    within as (
        select descendant_time_key as time_key from core.bridge_time where list_contains($time_keys, ancestor_time_key)
        union
        select unnest($time_keys)
    ),
    later as (
        select distinct below.descendant_time_key as time_key
        from core.dim_time as unit
        inner join within on unit.time_key = within.time_key and unit.frequency = $frequency
        inner join core.dim_time as shifted
            on unit.calendar_code = shifted.calendar_code and unit.frequency = shifted.frequency
            and unit.sequence_number + $lag = shifted.sequence_number
        inner join core.bridge_time as below on shifted.time_key = below.ancestor_time_key
    ),
    period as (
        select indicator_code, time_key from (select unnest($indicators) as indicator_code), within
        where not list_contains($lagged, indicator_code)
        union
        select indicator_code, time_key from (select unnest($lagged) as indicator_code), later
    ),
    target_group as (
        select descendant_target_group_key as target_group_key from core.bridge_target_group
        where ancestor_target_group_key = $target_group_key
        union
        select $target_group_key
    ),
    figure as (
        from core.fct_observation where is_preferred and measure_kind = 'ACTUAL'
    ),
    direct as (
        select figure.* from figure
        inner join organisation using (organisation_key)
        inner join period using (indicator_code, time_key)
        inner join target_group using (target_group_key)
    ),
    taken_off as (
        select distinct before.*
        from direct
        inner join core.dim_time as own on direct.time_key = own.time_key
        inner join core.dim_time as previous
            on own.previous_time_key = previous.time_key
            and (direct.accumulation = 'SINCE_START' or own.year_start = previous.year_start)
        inner join figure as before
            on before.time_key = previous.time_key and direct.indicator_key = before.indicator_key
            and direct.organisation_key = before.organisation_key
            and direct.target_group_key = before.target_group_key and direct.accumulation = before.accumulation
        where direct.accumulation in ('YTD', 'SINCE_START')
    ),
    cell as (
        from direct union from taken_off
    )
    select cell.indicator_code, cell.organisation_code, cell.period_code,
        cell.target_group_code, cell.value, cell.unit, cell.obs_status,
        cell.submission_id, submission.file_name, submission.file_sha256, submission.medium, cell.sheet, cell.cell,
        cell.raw_text, cell.flags, cell.note, cell.accumulation, cell.recorded_at, cell.source_code,
        cell.recipe_version
    from cell
    inner join core.fct_submission as submission using (submission_id)
    order by all
"""
_FINDINGS = """
    select finding.* from core.fct_finding as finding
    where list_contains($cells, finding.submission_id || '/' || finding.sheet || '!' || finding.cell) order by all
"""


def trace(release: Path, mart: str, keys: Mapping[str, str]) -> TracedNumber:
    """Trace the one row of ``mart`` that ``keys`` (column → text) name. Raises ``NotOneNumberError``."""
    with duckdb.connect(str(release / DATABASE), read_only=True) as connection:
        row = _row(connection, mart, keys)
        measure = str(next(row[name] for name in _MEASURES if row.get(name) is not None))
        parts = _parts(connection, measure)
        indicators = tuple(sorted({indicator for indicator, _ in parts}))
        places = {
            "organisation_key": row["organisation_key"],
            "time_keys": [row[name] for name in _PERIODS if row.get(name) is not None],
            "target_group_key": row.get("target_group_key") or _total(connection),
            "structure": row.get("structure") or "as_was",
            "indicators": list(indicators),
            **_lag(connection, measure, parts),
        }
        observations = _dicts(connection, _OBSERVATIONS, places)
        if row.get("submission_id"):
            observations = _reported(row, observations)
        cells = [f"{o['submission_id']}/{o['sheet']}!{o['cell']}" for o in observations]
        return TracedNumber(row, indicators, observations, _dicts(connection, _FINDINGS, {"cells": cells}))


def _reported(row: Mapping[str, Any], observations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cell that states a reported number, and the cumulative one before it where that was taken off."""
    place = (row["submission_id"], row["sheet"], row["cell"])
    own = [o for o in observations if (o["submission_id"], o["sheet"], o["cell"]) == place]
    if not own or own[0]["value"] == row.get("value"):
        return own
    same = [(o["organisation_code"], o["target_group_code"], o["accumulation"]) for o in own]
    before = [
        o
        for o in observations
        if o["period_code"] != own[0]["period_code"]
        and (o["organisation_code"], o["target_group_code"], o["accumulation"]) in same
    ]
    return [*before, *own]


def traceable(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Marts whose rows stand for a measure of one organisation in one or two periods."""
    found: dict[str, set[str]] = {}
    for table, column in connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'marts'"
    ).fetchall():
        found.setdefault(table, set()).add(column)
    return sorted(
        table
        for table, columns in found.items()
        if "organisation_key" in columns and columns & set(_MEASURES) and columns & set(_PERIODS)
    )


def _row(connection: duckdb.DuckDBPyConnection, mart: str, keys: Mapping[str, str]) -> dict[str, Any]:
    known = traceable(connection)
    if mart not in known:
        raise NotOneNumberError(f"{mart} cannot be traced; these can: {', '.join(known)}")
    columns = [name for name, *_ in connection.execute(f"describe marts.{mart}").fetchall()]
    unknown = sorted(set(keys) - set(columns))
    if unknown:
        raise NotOneNumberError(f"{mart} has no column {', '.join(unknown)}; it has: {', '.join(sorted(columns))}")
    where = " and ".join(f"cast({name} as varchar) = ${name}" for name in keys) or "true"
    measure = next(name for name in _MEASURES if name in columns)
    rows = _dicts(connection, f"select * from marts.{mart} where {where} and {measure} is not null limit 1000", keys)
    for name, default in _DEFAULTS.items():
        if len(rows) > 1 and name in columns and name not in keys:
            rows = [row for row in rows if row[name] == default]
    if not rows:
        raise NotOneNumberError(f"{mart} has no row with {_said(keys)}")
    if len(rows) > 1:
        texts = [name for name in columns if isinstance(rows[0][name], str | date) and "name" not in name]
        differing = [name for name in texts if _differs(rows, name) and "label" not in name][:6]
        examples = "; ".join(f"{name}={rows[0][name]} or {rows[-1][name]}" for name in differing)
        which = f"{len(rows)} rows of {mart} have {_said(keys)}; name also" if keys else f"which row of {mart}? Name"
        raise NotOneNumberError(f"{which} {examples}")
    return rows[0]


def _differs(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
    return len({str(row[name]) for row in rows}) > 1


def _said(keys: Mapping[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in keys.items()) or "any key"


def _parts(connection: duckdb.DuckDBPyConnection, measure: str) -> set[tuple[str, str]]:
    """Indicator and part (numerator, denominator) of a ratio's terms; an indicator is its own."""
    rows = connection.execute(
        "select factor_1, factor_2, part from core.bridge_ratio_indicator where ratio_code = ?", [measure]
    ).fetchall()
    parts = {(factor, part) for first, second, part in rows for factor in (first, second) if factor}
    return parts or {(measure, "numerator")}


def _lag(connection: duckdb.DuckDBPyConnection, measure: str, parts: set[tuple[str, str]]) -> dict[str, Any]:
    """The indicators that stand later, by how many periods of which frequency (domain.md 2.11)."""
    row = connection.execute(
        "select lag, lagged_part, frequency from core.dim_ratio where ratio_code = ? and lag > 0", [measure]
    ).fetchone()
    lag, lagged_part, frequency = row or (0, None, None)
    lagged = sorted({indicator for indicator, part in parts if part == lagged_part})
    return {"lag": lag, "frequency": frequency, "lagged": lagged}


def _total(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("select target_group_key from core.dim_target_group where target_group_code = '_T'")
    return int((row.fetchone() or (0,))[0])


def _dicts(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, dict(parameters))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
