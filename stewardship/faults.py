"""The faults that stand now: what the gates found and no later submission has mended, and what the door refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ingest.contract import FINDING, QUARANTINE, SUBMISSION
from ingest.landing.refusals import sources_with_refusals
from ingest.state import StateFolders, fingerprint
from stewardship.door import door_faults, door_fingerprint

#: Stands for the source of what the release gate finds: the warehouse as a whole.
RELEASE_GATE = ""
_SQL = (Path(__file__).parent / "faults.sql").read_text(encoding="utf-8")
_KEYS = ("source_code", "submission_id", "indicator_code", "organisation_code", "period_code", "target_group_code")
#: INFO records; nobody has to do anything, but for what the audit desk is to review.
_FOR_AUDIT = "severity = 'INFO' and list_contains(string_split(route, ','), 'AU')"
_ASKS_SOMEBODY = f"(severity in ('BLOCK', 'QUARANTINE', 'WARN') or ({_FOR_AUDIT}))"


@dataclass(frozen=True)
class Judgement:
    """What the gates last said of one source: what stands, and what a later submission has covered."""

    standing: dict[str, dict[str, Any]]
    covered: dict[str, str]


def judgement_fingerprints(state: StateFolders) -> dict[str, str]:
    """Source → fingerprint of its last judgement. A gate that judged again, with whatever result, changes it."""
    found: dict[str, str] = {}
    folders = sorted(
        path for path in (state.accepted / FINDING.name).glob("*") if path.is_dir() and path.name != "none"
    )
    for folder in folders:
        found[folder.name] = _of_files(sorted(folder.glob("*.parquet")))
    for source in sources_with_refusals(state.landed):
        found[source] = fingerprint(found.get(source, ""), door_fingerprint(state.landed, source))
    if state.release_findings.exists():
        found[RELEASE_GATE] = _of_files([state.release_findings])
    return found


def _of_files(files: Iterable[Path]) -> str:
    parts = [f"{path.name} {(stat := path.stat()).st_size} {stat.st_mtime_ns}" for path in files]
    return fingerprint(*parts)


def judgements(state: StateFolders, sources: Sequence[str]) -> dict[str, Judgement]:
    """What stands in each of these sources, by fault: the first finding of a fault stands for all of it."""
    result = {source: Judgement({}, {}) for source in sources}
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        of_source = [source for source in sources if source != RELEASE_GATE]
        findings = _parquet(state.accepted_table("finding", source) for source in of_source)
        submissions = _parquet(state.accepted_table("submission", source) for source in of_source)
        _view(connection, "submission", SUBMISSION.schema, submissions)
        _view(connection, "finding", FINDING.schema, [*findings, *_existing(state.release_findings)])
        rows = _parquet(
            folder
            for source in of_source
            for folder in (state.accepted_table("observation", source), state.quarantine(source))
        )
        _view(connection, "row_read", pa.schema([QUARANTINE.schema.field(name) for name in _KEYS]), rows)
        connection.execute("set variable sources = $sources", {"sources": list(sources)})
        connection.execute(_SQL)
        columns = ", ".join(FINDING.column_names)
        standing = connection.execute(
            f"select {columns} from judged_finding where covered_by is null and fault_id is not null "
            f"and {_ASKS_SOMEBODY} qualify row_number() over ("
            "partition by fault_id order by place desc nulls last, sheet, cell, finding_id) = 1 "
            "order by source_code, fault_id"
        ).to_arrow_table()
        covered = connection.execute(
            "select coalesce(source_code, ''), fault_id, max_by(covered_by, place) from judged_finding "
            "where covered_by is not null group by all"
        ).fetchall()
    for row in standing.cast(FINDING.schema).to_pylist():
        result[row["source_code"] or RELEASE_GATE].standing[row["fault_id"]] = row
    for source in of_source:
        result[source].standing.update(door_faults(state.landed, source))
    for source, fault, by in covered:
        result[source].covered[fault] = by
    return result


def _parquet(folders: Iterable[Path]) -> list[Path]:
    return [file for folder in folders for file in folder.glob("*.parquet")]


def _existing(path: Path) -> list[Path]:
    return [path] if path.exists() else []


def _view(connection: duckdb.DuckDBPyConnection, name: str, schema: pa.Schema, files: Iterable[Path]) -> None:
    paths = [path.as_posix() for path in sorted(files)]
    columns = ", ".join(f'"{column}"' for column in schema.names)
    if paths:
        listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
        connection.execute(
            f"create view {name} as select {columns} from read_parquet([{listed}], union_by_name = true)"
        )
    else:
        connection.register(f"no_{name}", schema.empty_table())
        connection.execute(f"create table {name} as from no_{name}")
        connection.unregister(f"no_{name}")


def can_go_on(state: StateFolders, fault: dict[str, Any]) -> bool:
    """Whether the row that a finding holds back could stand in the warehouse, if only the finding were waived."""
    if any(fault[name] is None for name in ("indicator_code", "organisation_code", "period_code", "target_group_code")):
        return False
    path = state.quarantine(fault["source_code"]) / f"{fault['submission_id']}.parquet"
    if fault["severity"] != "QUARANTINE" or not path.exists():
        return True
    with duckdb.connect() as connection:
        row = connection.execute(
            "select count(*) from read_parquet(?) where sheet = ? and cell = ? and value_problem is not null",
            [path.as_posix(), fault["sheet"], fault["cell"]],
        ).fetchone()
    return row is None or row[0] == 0
