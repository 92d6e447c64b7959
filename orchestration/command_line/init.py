"""``outturn init``: a new workspace that runs as it is."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration.command_line.terminal import Terminal


@click.command(epilog="\b\nExample:\n  outturn init my_government\n  outturn --workspace my_government run")
@click.argument("folder", type=click.Path(path_type=Path))
@click.pass_obj
def init(terminal: Terminal, folder: Path) -> None:
    """Write a small workspace into FOLDER: settings, registry, one source with a file in its inbox."""
    from ingest.workspace.scaffold import write_workspace

    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty; name a new folder")
    write_workspace(folder)
    terminal.chosen_language = terminal.chosen_language or "en"
    terminal.say("initialised", folder=folder)
