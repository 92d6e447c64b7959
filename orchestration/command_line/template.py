"""``outturn template``: the form of a source for a period, to be filled in and handed in like any file."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import click

from orchestration.command_line.terminal import Terminal


@click.command(
    epilog="\b\nExamples:\n  outturn template one_stop_shop --period VNR2025-Q4 -o mau.xlsx\n"
    "  outturn template one_stop_shop --period VNR2025-Q4 --organisation 01 -o ha_noi.xlsx"
)
@click.argument("source")
@click.option("--period", required=True, help="Period to be reported on, e.g. 2025-Q3.")
@click.option("--organisation", help="Only this organisation's code; else every one that owes the source.")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Where to write the .xlsx."
)
@click.pass_obj
def template(terminal: Terminal, source: str, period: str, organisation: str | None, output: Path) -> None:
    """Write the form of SOURCE: drop-downs, input checks, last period's values; read back by its codes, no recipe."""
    from ingest.template.plan import FormError, plan_form
    from ingest.template.write import write_form

    workspace = terminal.workspace
    if source not in workspace.sources:
        known = ", ".join(sorted(workspace.sources))
        raise click.UsageError(terminal.phrase("unknown_source", names=source, known=known))
    if output.suffix.lower() != ".xlsx":
        raise click.UsageError(f"{output}: .xlsx")
    try:
        form = plan_form(workspace, source, period, organisation)
    except FormError as error:
        raise click.UsageError(error.message_vi if terminal.language == "vi" else error.message_en) from error
    output.write_bytes(write_form(form))
    terminal.say(
        "template_written",
        source=source,
        period=form.period.period_code,
        organisations=len(form.organisations),
        measures=len(form.measures),
        file=output,
    )
    patterns = form.source.files
    if not any(fnmatchcase(output.name, pattern.rpartition("/")[2]) for pattern in patterns):
        terminal.say("template_name", patterns=", ".join(patterns))
