"""The record of a gate: each check with threshold, rows looked at, failures and the first failing cells, as JSON.

It holds no clock, no path and no sign of gaming (domain.md 6.8): a record goes out with a release as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from expectations.enforcement.violation import PLACE
from expectations.rules import Gate, RuleBook
from expectations.rules.book import SCOPES, CheckInForce
from expectations.rules.model import threshold_text
from ingest.contract import Severity

Record = dict[str, Any]
#: So many failing cells are shown of each check; the findings themselves stand in ``core.fct_finding``.
SHOWN_CELLS = 5
#: A failing cell as its agency knows it: the place of a violation, by the name of the file and not of its submission.
_CELL = (
    "file_name",
    *(column for column in PLACE if column != "submission_id"),
    *("observed", "expected", "message_vi", "message_en"),
)


def make_record(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    gate: Gate,
    checks: Sequence[tuple[CheckInForce, int]],
    *,
    rows: Mapping[str, int],
    not_run: Mapping[str, str],
    validations: Iterable[Mapping[str, Any]],
) -> Record:
    """The record of one judgement, from the table ``finding`` (columns of FINDING and ``check_id``).

    ``checks`` come each with the number of rows it looked at (of two under one id, the first counts); ``rows`` says
    what became of the rows; ``not_run`` why a check could not run.
    """
    counted = dict(connection.execute("select check_id, count(*) from finding group by check_id").fetchall())
    first = _first_cells(connection)
    by_id = {in_force.check_id: (in_force, looked_at) for in_force, looked_at in reversed(checks)}
    shown = [
        _check(in_force, looked_at, counted.get(check_id, 0), first.get(check_id, []))
        for check_id, (in_force, looked_at) in sorted(by_id.items())
        if in_force.severity is not Severity.INTEGRITY
    ]
    return {
        "name": name,
        "gate": str(gate),
        "rows": dict(rows),
        "checks": shown,
        "not_run": dict(sorted(not_run.items())),
        "validations": [_without_clock(one) for one in validations],
    }


def reader_checks(book: RuleBook, files: int) -> list[tuple[CheckInForce, int]]:
    """The rules that reading enforces: each looks at every file."""
    found = []
    for rule in book.rules.values():
        check = next((one for one in rule.checks if one.kind == "reader"), None)
        if check is not None:
            # what reading finds is filed under the rule, whichever check of it that was
            found.append((CheckInForce(rule, check.model_copy(update={"name": None}), ()), files))
    return found


def read_records(paths: Iterable[Path]) -> list[Record]:
    """The records there are, in the order of their paths' names; a gate that never ran has none."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths if path.exists()]


def _check(in_force: CheckInForce, looked_at: int, failed: int, first: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "check_id": in_force.check_id,
        "rule_id": in_force.rule.id,
        "severity": str(in_force.severity),
        "title": in_force.rule.title.model_dump(),
        "thresholds": {name: threshold_text(value) for name, value in in_force.threshold_values().items()},
        "exceptions": [_exception(override) for override in in_force.overrides if override.is_partial],
        "rows_looked_at": looked_at,
        "failed": failed,
        "first": first,
    }


def _exception(override: Any) -> dict[str, Any]:
    """What holds for a part of the data only."""
    return {
        "for": {name: getattr(override, name) for name in SCOPES if getattr(override, name) is not None}
        | ({"valid_from": override.valid_from.isoformat()} if override.valid_from else {}),
        "thresholds": {name: threshold_text(value) for name, value in override.thresholds.items()},
        "severity": str(override.severity) if override.severity else None,
        "enabled": override.enabled,
    }


def _first_cells(connection: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """The first failing cells of each check, by file, sheet and place."""
    columns = ", ".join(_CELL)
    rows = connection.execute(
        f"select check_id, {columns} from finding qualify row_number() over (partition by check_id "
        f"order by file_name, sheet, cell, {columns}) <= {SHOWN_CELLS} order by all"
    ).fetchall()
    found: dict[str, list[dict[str, Any]]] = {}
    for check_id, *cells in rows:
        told = {name: value for name, value in zip(_CELL, cells, strict=True) if value is not None}
        found.setdefault(check_id, []).append(told)
    return found


def _without_clock(validation: Mapping[str, Any]) -> dict[str, Any]:
    """A validation result of Great Expectations but for when it was loaded and what did not happen."""
    kept = {key: value for key, value in validation.items() if key not in {"id", "meta"}}
    kept["meta"] = {"great_expectations_version": validation["meta"]["great_expectations_version"]}
    kept["results"] = [
        {
            key: value
            for key, value in one.items()
            if (value and key not in {"exception_info", "meta"}) or key == "success"
        }
        for one in validation["results"]
    ]
    return kept
