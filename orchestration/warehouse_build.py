"""Run dbt inside this process: the same project as ``dbt build`` on the command line, three to ten times faster.

dagster-dbt's own runner starts ``dbt --version`` first, which asks a package index for news; a run here must not use
the network for anything but a source. So the assets are dagster-dbt's and the running is dbt's own ``dbtRunner``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.state import StateFolders, fingerprint_files
from ingest.state.whole_file import write_atomically
from orchestration.warehouse_inputs import WarehouseInputs

DBT_PROJECT = Path(__file__).parent.parent / "dbt_project"
_SOURCE_SUFFIXES = {".sql", ".yml", ".md", ".csv"}


@dataclass(frozen=True)
class NodeResult:
    """What dbt made of one model or test: ``status`` is success, pass, warn, fail, error or skipped."""

    unique_id: str
    status: str
    failures: int
    seconds: float
    message: str


class WarehouseBuildError(RuntimeError):
    """dbt could not parse or start; the message is dbt's own."""


def project_files() -> list[Path]:
    """The files the warehouse is made by, without what dbt itself writes."""
    return [
        path
        for path in DBT_PROJECT.rglob("*")
        if path.suffix in _SOURCE_SUFFIXES and not {"target", "logs"} & set(path.relative_to(DBT_PROJECT).parts)
    ]


#: Projects parsed in this process, by version: dbt's own manifest, and the text of its ``manifest.json``.
_PARSED: dict[str, tuple[Any, str]] = {}


def manifest(state: StateFolders) -> Path:
    """The project's manifest, parsed anew only when the project changed; it is the same for every workspace."""
    path = state.dbt_target / "manifest.json"
    stamp = state.dbt_target / "parsed_from"
    version = fingerprint_files(project_files(), DBT_PROJECT)
    if not path.exists() or not stamp.exists() or stamp.read_text() != version:
        if version in _PARSED:
            write_atomically(path, _PARSED[version][1].encode())
        else:
            parsed = _invoke(state, ["parse"])
            _PARSED[version] = (parsed, path.read_text(encoding="utf-8"))
        stamp.write_text(version)
    return path


@dataclass(frozen=True)
class BuildResult:
    """What a build made; models that are not among ``nodes`` stand as they were."""

    nodes: list[NodeResult]
    is_whole: bool


def build(
    state: StateFolders, on_node: Callable[[NodeResult], None] | None = None, *, everything: bool = False
) -> BuildResult:
    """Build and test every model that a changed source reaches; the others would come out as they are.

    The warehouse stays a function of what was accepted: where the project changed, the file is missing, a build broke
    off, or with ``everything``, it is made from nothing.
    """
    state.warehouse.parent.mkdir(parents=True, exist_ok=True)
    version = fingerprint_files(project_files(), DBT_PROJECT)
    inputs = WarehouseInputs.of(state, manifest(state), version)
    changed = None if everything else inputs.changed()
    inputs.forget()
    if changed is None:
        for leftover in state.warehouse.parent.glob(f"{state.warehouse.name}*"):
            leftover.unlink()
    results = _build_nodes(state, changed, version, on_node) if changed != [] else []
    if all(result.status not in {"error", "fail", "skipped"} for result in results):
        inputs.remember()
    return BuildResult(results, is_whole=changed is None)


def _build_nodes(
    state: StateFolders, changed: list[str] | None, version: str, on_node: Callable[[NodeResult], None] | None
) -> list[NodeResult]:
    def listen(event: Any) -> None:
        if event.info.name == "NodeFinished" and on_node:
            node = event.data.node_info
            on_node(NodeResult(node.unique_id, node.node_status, 0, 0.0, ""))

    parsed, _ = _PARSED.get(version, (None, ""))
    selection = ["--select", *(f"source:{name}+" for name in changed)] if changed else []
    outcome = _invoke(state, ["build", *selection, "--exclude", "test_type:unit"], callbacks=[listen], parsed=parsed)
    return [
        NodeResult(
            result.node.unique_id,
            str(result.status),
            result.failures or 0,
            result.execution_time,
            result.message or "",
        )
        for result in outcome or []
    ]


def _invoke(
    state: StateFolders,
    command: list[str],
    callbacks: list[Callable[[Any], None]] | None = None,
    parsed: Any = None,
) -> Any:
    """Call dbt; raises ``WarehouseBuildError`` if it could not run at all. Failed nodes are results, not errors."""
    from dbt.cli.main import dbtRunner

    state.dbt_target.mkdir(parents=True, exist_ok=True)
    arguments = [
        "--quiet",
        "--log-level",
        "none",
        "--no-use-colors",
        "--no-send-anonymous-usage-stats",
        "--log-level-file",
        "none",
        *command,
        "--project-dir",
        str(DBT_PROJECT),
        "--profiles-dir",
        str(DBT_PROJECT),
        "--target-path",
        str(state.dbt_target),
        "--log-path",
        str(state.dbt_target / "logs"),
    ]
    with _environment(OUTTURN_ACCEPTED=str(state.accepted), OUTTURN_WAREHOUSE=str(state.warehouse)):
        try:
            outcome = dbtRunner(manifest=parsed, callbacks=callbacks).invoke(arguments)
        finally:
            _close_connections()
    if outcome.exception is not None:
        raise WarehouseBuildError(str(outcome.exception)) from outcome.exception
    return outcome.result


def _close_connections() -> None:
    """dbt-duckdb keeps its file open after the run; nobody could read the warehouse."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
