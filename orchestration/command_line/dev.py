"""``outturn dev``: the Dagster UI of the workspace, with its schedule and sensor, on loopback."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from orchestration.command_line.terminal import Terminal


@click.command(epilog="\b\nExample:\n  outturn --workspace demo dev --port 3333")
@click.option("--port", default=3000, show_default=True, help="Port on 127.0.0.1.")
@click.pass_obj
def dev(terminal: Terminal, port: int) -> None:
    """Open the Dagster UI on http://127.0.0.1:PORT, with the schedule and the inbox sensor."""
    from orchestration.instance import prepare_home

    prepare_home(terminal.workspace.state)
    os.environ["OUTTURN_WORKSPACE"] = str(terminal.folder)
    dagster = Path(sys.executable).parent / "dagster"
    os.execv(  # noqa: S606 - the server takes this process over, so that Ctrl-C reaches it
        dagster, [str(dagster), "dev", "-m", "orchestration.definitions", "--host", "127.0.0.1", "--port", str(port)]
    )
