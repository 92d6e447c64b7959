"""``outturn release``: the shelf of publications."""

from __future__ import annotations

import click

from orchestration.command_line.terminal import Terminal, print_table
from release import ReleaseShelf
from release.shelf import ReleaseNotFoundError


@click.group(epilog="\b\nExamples:\n  outturn release list\n  outturn release restore 20261123T0800")
def release() -> None:
    """List the releases, or let readers see an earlier one again. A release is never changed."""


@release.command("list")
@click.pass_obj
def list_releases(terminal: Terminal) -> None:
    """Every release, oldest first, and which one readers see."""
    shelf = ReleaseShelf(terminal.workspace.published_dir)
    rows = []
    for identifier in shelf.identifiers():
        description = shelf.description(identifier)
        resources = description["resources"]
        mark = "◀" if identifier == shelf.current() else ""
        rows.append((identifier, description["created"], len(resources), sum(r["rows"] for r in resources), mark))
    if rows:
        print_table(terminal, "releases", rows)
    else:
        terminal.say("releases_none")


@release.command("restore")
@click.argument("identifier")
@click.pass_obj
def restore(terminal: Terminal, identifier: str) -> None:
    """Let readers see release IDENTIFIER (or the one that begins so) again."""
    shelf = ReleaseShelf(terminal.workspace.published_dir)
    try:
        shelf.switch(identifier)
    except ReleaseNotFoundError as error:
        raise click.UsageError(str(error)) from error
    terminal.say("release_restored", release=shelf.current())
