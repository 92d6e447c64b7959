"""``outturn``: the entry point, its options, and how errors reach the person at the terminal."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from orchestration.command_line.terminal import Terminal, fail

#: Command → module and function; imported only when called, so that ``--help`` answers at once.
COMMANDS = {
    "run": "orchestration.command_line.run:run",
    "dev": "orchestration.command_line.dev:dev",
    "init": "orchestration.command_line.init:init",
    "check": "orchestration.command_line.check:check",
    "template": "orchestration.command_line.template:template",
    "labels": "orchestration.command_line.labels:labels",
    "status": "orchestration.command_line.status:status",
    "findings": "orchestration.command_line.findings:findings",
    "alerts": "orchestration.command_line.alerts:alerts",
    "signoff": "orchestration.command_line.signoff:signoff",
    "trace": "orchestration.command_line.trace:trace",
    "diff": "orchestration.command_line.diff:diff",
    "release": "orchestration.command_line.release:release",
    "integrity": "orchestration.command_line.integrity:integrity",
    "appraisal": "orchestration.command_line.appraisal:appraisal",
}

#: Exit statuses of the contract.
DATA_REFUSED, WRONG_USE, INTERRUPTED = 1, 2, 130


class LazyCommands(click.Group):
    """A group that imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, function = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), function)
        return command


@click.command(
    cls=LazyCommands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="""\b
Examples:
  outturn --workspace demo run
  outturn --workspace demo check BC_quy_I.xlsx --source one_stop_shop
  outturn --workspace demo trace mart_ratio ratio_code=PAS_R_ONTIME organisation_code=91 period_code=VNR2025-Q4
""",
)
@click.option(
    "-w",
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="OUTTURN_WORKSPACE",
    default=Path(),
    show_default="this folder",
    help="Folder of the workspace (or OUTTURN_WORKSPACE).",
)
@click.option(
    "-l",
    "--language",
    type=click.Choice(["vi", "en"]),
    envvar="OUTTURN_LANGUAGE",
    help="Language of what is printed; else the first language of the workspace.",
)
@click.version_option(package_name="outturn")
@click.pass_context
def outturn(context: click.Context, workspace: Path, language: str | None) -> None:
    """Outturn: spreadsheets in, a released warehouse of performance figures out, every number traceable to its cell.

    Exit status: 0 done, 1 data was refused (the messages say which), 2 wrong use.
    """
    context.obj = Terminal(workspace.resolve(), language)


def call(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status.

    A person sees one clear error, never a traceback (``OUTTURN_DEBUG=1`` raises it).
    """
    from ingest.problem import ProblemsError

    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    try:
        outturn.main(list(arguments), prog_name="outturn", standalone_mode=False)
    except click.exceptions.Exit as exit_:
        status = exit_.exit_code
    except SystemExit as exit_:
        status = int(exit_.code or 0)
    except click.Abort:
        status = INTERRUPTED
    except click.ClickException as error:
        error.show()
        status = WRONG_USE
    except ProblemsError as error:
        fail(str(error))
        status = WRONG_USE
    except Exception as error:
        if os.environ.get("OUTTURN_DEBUG"):
            raise
        fail(f"{type(error).__name__}: {error}\n(OUTTURN_DEBUG=1 shows where.)")
        status = WRONG_USE
    else:
        status = 0
    return status


def main() -> None:
    """Entry point of the command ``outturn``."""
    sys.exit(call(sys.argv[1:]))
