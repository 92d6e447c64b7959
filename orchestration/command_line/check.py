"""``outturn check``: a dry run of one submission, and the agency's own workbook back with each bad cell marked."""

from __future__ import annotations

import contextlib
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestration.command_line.terminal import Terminal, fail, print_table
from orchestration.desk import annotated_copy, annotated_name, waivers

if TYPE_CHECKING:
    import pyarrow as pa

    from ingest.read import Refusal

_HOLDING = ("BLOCK", "QUARANTINE")
#: Figures shown as they were read.
_SHOWN = 60


@click.command(
    epilog="\b\nExamples:\n  outturn check BC_quy_I.xlsx --source one_stop_shop\n"
    "  outturn check BC_quy_I.xlsx --source one_stop_shop --explain"
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--source", required=True, help="Source it is to be handed in for.")
@click.option("--explain", is_flag=True, help="Show what the recipe saw, cell by cell, and what it took figures for.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write the annotated workbook.")
@click.pass_obj
def check(terminal: Terminal, file: Path, source: str, explain: bool, output: Path | None) -> None:
    """Try FILE as a submission of a source, without handing it in.

    Prints what was found by sheet and cell, and who has no row in it although one is due for its period; writes a copy
    of the workbook with each bad cell marked and explained.
    Exit status 1 if something would be held back.
    """
    from ingest.read import Refusal

    workspace = terminal.workspace
    if source not in workspace.sources:
        if source in workspace.broken_sources:
            for problem in workspace.broken_sources[source]:
                fail(problem.text(terminal.language))
            sys.exit(1)
        known = ", ".join(sorted(workspace.sources))
        raise click.UsageError(terminal.phrase("unknown_source", names=source, known=known))
    try:
        findings, observations, explanation = _try(terminal, file, source)
    except Refusal as refusal:
        message = refusal.message_vi if terminal.language == "vi" else refusal.message_en
        terminal.say("check_refused", rule=refusal.rule_id, why=message)
        _return_refused(terminal, file, refusal, source, output)
        sys.exit(1)
    if explain:
        shown = [(part.sheet, part.cells, part.role, part.text[:60]) for part in explanation.ranges()]
        print_table(terminal, "explained", shown)
        passed_by = [f"{part.sheet}!{part.cells} «{part.text[:60]}»" for part in explanation.columns_passed_by()]
        if passed_by:
            terminal.say("columns_passed_by", columns="; ".join(passed_by))
        print_table(terminal, "figures_as_read", _first_of_each_column(observations))
    message = f"message_{terminal.language}"
    columns = ("sheet", "cell", "rule_id", "severity", "observed", message)
    print_table(terminal, "check_findings", [tuple(finding[column] for column in columns) for finding in findings])
    held = sum(finding["severity"] in _HOLDING for finding in findings)
    _say_who_lacks(terminal, source, observations)
    terminal.say("check_summary", rows=observations.num_rows, findings=len(findings), held=held)
    if findings:
        _return_workbook(terminal, file, findings, source, output)
    sys.exit(1 if held else 0)


def _first_of_each_column(observations: pa.Table) -> list[tuple[Any, ...]]:
    """The first figure of each column of each sheet with all that it was taken for; ? where that is not known."""
    stated = ("indicator_code", "organisation_code", "period_code", "target_group_code", "measure_kind", "accumulation")
    chosen = observations.select(["sheet", "cell", *stated, "value", "unit_code"])
    seen: dict[tuple[str, str], tuple[Any, ...]] = {}
    for batch in chosen.to_batches(max_chunksize=10_000):
        for row in batch.to_pylist():
            column = re.sub(r"\d+", "", row["cell"])
            if (row["sheet"], column) not in seen:
                meanings = (row[name] or "?" for name in stated)
                seen[row["sheet"], column] = (row["sheet"], row["cell"], *meanings, row["value"], row["unit_code"])
        if len(seen) >= _SHOWN:
            break
    return list(seen.values())[:_SHOWN]


def _say_who_lacks(terminal: Terminal, source: str, observations: pa.Table) -> None:
    """Who owes figures for the periods of a form of several organisations that stand neither in it nor elsewhere."""
    from stewardship.due_submissions import not_in_form

    names = {
        organisation.code: getattr(organisation, f"name_{terminal.language}")
        for organisation in terminal.workspace.registry.organisations
    }
    lacking = not_in_form(terminal.workspace, source, observations)
    rows = [
        (f"{names[one.organisation_code]} ({one.organisation_code})", one.period.period_code, one.due.isoformat())
        for one in lacking
    ]
    print_table(terminal, "check_lacking", rows)


def _return_workbook(
    terminal: Terminal, file: Path, findings: list[dict[str, Any]], source_code: str, output: Path | None
) -> None:
    """Write the annotated copy beside the file; of a file in the inbox, which would take it in, into this folder."""
    name = annotated_name(file.name, terminal.language)
    inbox = terminal.folder.resolve() / "inbox"
    beside = Path(name) if file.resolve().is_relative_to(inbox) else file.with_name(name)
    target = output or beside
    target.write_bytes(annotated_copy(terminal.workspace, file, file.name, findings, terminal.language, source_code))
    terminal.say("check_annotated", file=target)


def _return_refused(terminal: Terminal, file: Path, refusal: Refusal, source_code: str, output: Path | None) -> None:
    """Mark the cell that a refusal names, where the file itself can be opened."""
    from ingest.read import Refusal as Unreadable

    if refusal.sheet is None:
        return
    finding = {
        **dict.fromkeys(("observed", "expected")),
        "sheet": refusal.sheet,
        "cell": refusal.cell,
        "rule_id": refusal.rule_id,
        "severity": "BLOCK",
        "message_vi": refusal.message_vi,
        "message_en": refusal.message_en,
    }
    with contextlib.suppress(Unreadable):
        _return_workbook(terminal, file, [finding], source_code, output)


def _name_below_inbox(terminal: Terminal, file: Path, source_code: str) -> str:
    """The name the file has, or would have, in the source's inbox: folders may hold labels."""
    inbox = terminal.folder.resolve() / "inbox" / source_code
    if file.resolve().is_relative_to(inbox):
        return file.resolve().relative_to(inbox).as_posix()
    return file.name if file.is_absolute() or ".." in file.parts else file.as_posix()


def _try(terminal: Terminal, file: Path, source_code: str) -> tuple[list[dict[str, Any]], pa.Table, Any]:
    """Tidy and judge the file in a folder that is thrown away; returns findings, figures read and the explanation."""
    from expectations.intake import judge
    from expectations.rules import load_rule_book
    from ingest.intake import corrected
    from ingest.reference import write_check_reference
    from ingest.resolve import Resolver
    from ingest.state.whole_file import write_parquet
    from ingest.tidy import tidy

    workspace = terminal.workspace
    now = datetime.now(UTC)
    file_name = _name_below_inbox(terminal, file, source_code)
    tidied = tidy(
        file,
        file_name,
        workspace.sources[source_code],
        Resolver(workspace.registry),
        workspace.calendars,
        submission_id="check",
        received_at=now,
    )
    result = corrected(tidied, workspace, source_code, file_name=file_name, received_at=now)
    if result.refusal is not None:
        raise result.refusal
    submission = {"submission_id": "check", "file_name": file.name, "received_at": now, "cells_read": tidied.cells_read}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_parquet(folder / "tidy.parquet", result.observations)
        write_parquet(folder / "total.parquet", result.totals)
        write_check_reference(workspace, folder / "registry", [folder / "tidy.parquet"])
        with judge(
            folder / "tidy.parquet",
            folder / "total.parquet",
            folder / "registry",
            source_code=source_code,
            submissions=[submission],
            history_paths=workspace.state.accepted_table("observation", source_code),
            rule_book=load_rule_book(workspace.rules_dir),
            remarks={"check": result.remarks},
            waivers=waivers(workspace, source_code),
        ) as verdict:
            return verdict.findings.to_pylist(), result.observations, tidied.explanation
