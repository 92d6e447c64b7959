"""``outturn run``: materialise what is stale, and say what a run must say (domain.md 11.4)."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from orchestration.command_line.run_report import collect, refused_by_apis, show, show_desk, show_refused
from orchestration.command_line.terminal import Terminal, fail
from orchestration.desk import attend
from orchestration.stages import ASKED, EDITION, FROM_NOTHING, JOB, REGISTRY, RELEASE, WAREHOUSE, Stages
from orchestration.stages import intake as intake_stage
from release import ReleaseShelf
from stewardship.contract import TABLES

if TYPE_CHECKING:
    import dagster as dg

    from ingest.workspace import Workspace
    from orchestration.command_line.progress import Progress

#: How many APIs are asked at a time; each has a server of its own to wait for.
_ASKED_AT_A_TIME = 4
#: Stage → beginnings of the keys of its assets.
_STAGE_KEYS: dict[str, list[tuple[str, ...]]] = {
    REGISTRY: [("registry_landed",)],
    WAREHOUSE: [
        ("accepted",),
        ("registry",),
        *(("stewardship", table.name) for table in TABLES),
        ("staging",),
        ("intermediate",),
        ("core",),
        ("marts",),
        ("quality",),
    ],
    RELEASE: [("release",)],
    EDITION: [("edition",)],
}


@click.command(
    epilog="\b\nExamples:\n  outturn run\n  outturn run --source one_stop_shop\n  outturn run --all\n"
    "  outturn run --offline"
)
@click.option("--source", "sources", multiple=True, help="Only this source (may be repeated), and what depends on it.")
@click.option("--period", help="Show what is owed and received for this period only, e.g. 2025-Q3.")
@click.option("--all", "everything", is_flag=True, help="Also what has not changed.")
@click.option("--offline", is_flag=True, help="Ask no API; take what is landed already.")
@click.pass_obj
def run(terminal: Terminal, sources: tuple[str, ...], period: str | None, everything: bool, offline: bool) -> None:
    """Take in what was handed in, judge it, build the warehouse, and publish a release if it passes the gate.

    Only what is stale is made: new or changed files and answers, a changed source, registry or engine, and what
    depends on them. Every API is asked each time; one that answers what it answered before has nothing new.
    Exit status 1 if something was refused or held back that was not before; the rest is published all the same.
    The same Dagster definitions are run that `outturn dev` shows and the scheduler runs.
    """
    started, began = time.monotonic(), datetime.now(UTC)
    workspace = terminal.workspace
    unknown = sorted(set(sources) - set(workspace.sources) - set(workspace.broken_sources))
    if unknown:
        raise click.UsageError(
            terminal.phrase("unknown_source", names=", ".join(unknown), known=", ".join(sorted(workspace.sources)))
        )
    for problems in workspace.broken_sources.values():
        for problem in problems:
            fail(problem.text(terminal.language))
    _check_rules(workspace)
    asked = [] if offline else _ask(terminal, sources or sorted(workspace.sources))
    stages = Stages(workspace)
    stale = list(stages.now) if everything else stages.stale()
    if sources:
        chosen = {intake_stage(code) for code in sources}
        stale = [stage for stage in stale if not stage.startswith("intake:") or stage in chosen]
        if not chosen & set(stale):
            stale = []
    if not stale:
        refused = refused_by_apis(workspace, asked)
        show_refused(terminal, refused)
        terminal.say("nothing_changed", release=ReleaseShelf(workspace.published_dir).current())
        show_desk(terminal, attend(workspace))
        sys.exit(1 if refused or workspace.broken_sources else 0)

    before = ReleaseShelf(workspace.published_dir).current()
    progress = _execute(terminal, stale, from_nothing=everything)
    report = collect(workspace, succeeded=progress.succeeded, made=stale, asked=asked, before=before, period=period)
    report.checks_passed, report.checks_warned = progress.checks_passed, progress.checks_warned
    report.work = dict(progress.work)
    show(terminal, report, seconds=time.monotonic() - started)
    show_desk(terminal, attend(workspace, since=began))
    sys.exit(1 if report.refused_data or workspace.broken_sources else 0)


def _check_rules(workspace: Workspace) -> None:
    """The workspace's own rules are read before anything runs: a mistake in them is said once, not by every gate."""
    from expectations.rules import RuleError, load_rule_book

    try:
        load_rule_book(workspace.rules_dir)
    except RuleError as error:
        raise click.UsageError(str(error)) from error


def _ask(terminal: Terminal, sources: Sequence[str]) -> list[str]:
    """Ask the API of each source that has one, several at a time; returns the sources asked.

    This comes before the run, which is then told not to ask again: so a run that has nothing to do says so at once.
    """
    workspace = terminal.workspace
    asked = [code for code in sources if code in workspace.sources and workspace.sources[code].fetch is not None]
    if asked:
        from ingest.reception import receive_answer
        from orchestration.command_line.progress import Progress

        with Progress(terminal) as progress, ThreadPoolExecutor(_ASKED_AT_A_TIME) as threads:
            progress.phase("phase_ask", sources=", ".join(asked))
            for answer in [threads.submit(receive_answer, workspace, code) for code in asked]:
                answer.result()
    return asked


def _execute(terminal: Terminal, stale: list[str], *, from_nothing: bool) -> Progress:
    """Run the stale assets through Dagster; what came of it stands in the progress that is returned."""
    from orchestration.command_line.progress import Progress

    with Progress(terminal) as progress:
        progress.phase("phase_start")
        from orchestration.build_definitions import build_definitions
        from orchestration.instance import instance

        logging.getLogger("dagster").setLevel(logging.CRITICAL)
        # Checks of models that did not change ran when those were built; Dagster warns of each that it is missing now.
        logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)
        definitions = build_definitions(terminal.workspace)
        with instance(terminal.workspace.state) as history:
            job, selection = definitions.resolve_job_def(JOB), _selection(definitions, stale)
            tags = {ASKED: "true"} | ({FROM_NOTHING: "true"} if from_nothing else {})
            progress.follow(job, history, selection, tags)
    for failure in progress.failures:
        fail(failure)
    return progress


def _selection(definitions: dg.Definitions, stale: list[str]) -> list[dg.AssetKey]:
    """The assets of the stale stages."""
    prefixes: list[tuple[str, ...]] = []
    for stage in stale:
        kind, _, source = stage.partition(":")
        prefixes += [("intake", source)] if source else _STAGE_KEYS[kind]
    keys = definitions.resolve_all_asset_keys()
    return [key for key in keys if any(tuple(key.path[: len(prefix)]) == prefix for prefix in prefixes)]
