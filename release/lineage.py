"""From a published number down to the observations it rests on, within one release.

A number of a mart stands for one organisation, period and target group; the observations it rests on are the current,
preferred figures of its indicators in every organisation, period and group below, by the release's own bridges.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from release.shelf import DATABASE

#: Mart → the column that names its measure.
MEASURE_COLUMNS = {
    "mart_indicator": "indicator_code",
    "mart_ratio": "ratio_code",
    "mart_disaggregation": "measure_code",
}
#: What identifies a row among those a person may have named.
_IDENTIFYING = ("structure", "organisation_code", "organisation_valid_from", "period_code", "target_group_code")


class NotOneNumberError(LookupError):
    """The keys given do not name one row of the mart; the message says which keys are missing or wrong."""


@dataclass(frozen=True)
class TracedNumber:
    """A row of a mart, and the observations (rows of ``fct_observation`` with file and hash) it rests on."""

    row: dict[str, Any]
    indicators: tuple[str, ...]
    observations: list[dict[str, Any]]
    findings: list[dict[str, Any]]


_OBSERVATIONS = """
    with below as (
        select distinct link.descendant_organisation_key as organisation_key, period.descendant_time_key as time_key
        from core.bridge_organisation as link
        cross join core.bridge_time as period
        where link.ancestor_organisation_key = $organisation_key and period.ancestor_time_key = $time_key
            and link.structure = $structure
    ),
    target_group as (
        select descendant_target_group_key as target_group_key from core.bridge_target_group
        where ancestor_target_group_key = $target_group_key
        union
        select $target_group_key
    )
    select observation.indicator_code, observation.organisation_code, observation.period_code,
        observation.target_group_code, observation.value, observation.unit, observation.obs_status,
        observation.submission_id, submission.file_name, submission.file_sha256, submission.medium, observation.sheet,
        observation.cell,
        observation.raw_text, observation.flags, observation.note, observation.recorded_at, observation.source_code,
        observation.recipe_version
    from core.fct_observation as observation
    inner join below using (organisation_key, time_key)
    inner join target_group using (target_group_key)
    inner join core.fct_submission as submission using (submission_id)
    where list_contains($indicators, observation.indicator_code) and observation.is_preferred
        and observation.measure_kind = 'ACTUAL'
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
        indicators = _indicators(connection, str(row[MEASURE_COLUMNS[mart]]))
        places = {
            "organisation_key": row["organisation_key"],
            "time_key": row["time_key"],
            "target_group_key": row["target_group_key"],
            "structure": row.get("structure") or "as_was",
            "indicators": list(indicators),
        }
        observations = _dicts(connection, _OBSERVATIONS, places)
        if row.get("submission_id"):
            own = (row["submission_id"], row["sheet"], row["cell"])
            observations = [o for o in observations if (o["submission_id"], o["sheet"], o["cell"]) == own]
        cells = [f"{o['submission_id']}/{o['sheet']}!{o['cell']}" for o in observations]
        return TracedNumber(row, indicators, observations, _dicts(connection, _FINDINGS, {"cells": cells}))


def _row(connection: duckdb.DuckDBPyConnection, mart: str, keys: Mapping[str, str]) -> dict[str, Any]:
    if mart not in MEASURE_COLUMNS:
        raise NotOneNumberError(f"{mart} cannot be traced; these can: {', '.join(MEASURE_COLUMNS)}")
    columns = {name for name, *_ in connection.execute(f"describe marts.{mart}").fetchall()}
    unknown = sorted(set(keys) - columns)
    if unknown:
        raise NotOneNumberError(f"{mart} has no column {', '.join(unknown)}; it has: {', '.join(sorted(columns))}")
    where = " and ".join(f"cast({name} as varchar) = ${name}" for name in keys) or "true"
    rows = _dicts(connection, f"select * from marts.{mart} where {where} limit 1000", keys)
    for name, default in (("target_group_code", "_T"), ("structure", "as_was")):
        if len(rows) > 1 and name in columns and name not in keys:
            rows = [row for row in rows if row[name] == default]
    if not rows:
        raise NotOneNumberError(f"{mart} has no row with {_said(keys)}")
    if len(rows) > 1:
        differing = [
            name for name in (MEASURE_COLUMNS[mart], *_IDENTIFYING) if name in columns and _differs(rows, name)
        ]
        examples = "; ".join(f"{name}={rows[0][name]} or {rows[-1][name]}" for name in differing)
        raise NotOneNumberError(f"{len(rows)} rows of {mart} have {_said(keys)}; name also {examples}")
    return rows[0]


def _differs(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
    return len({str(row[name]) for row in rows}) > 1


def _said(keys: Mapping[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in keys.items()) or "no key"


def _indicators(connection: duckdb.DuckDBPyConnection, measure: str) -> tuple[str, ...]:
    """The indicators a measure is made of: those of a ratio's terms, or itself."""
    rows = connection.execute(
        "select factor_1, factor_2 from core.bridge_ratio_indicator where ratio_code = ?", [measure]
    ).fetchall()
    factors = {factor for pair in rows for factor in pair if factor}
    return tuple(sorted(factors)) if factors else (measure,)


def _dicts(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, dict(parameters))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
