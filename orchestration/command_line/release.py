"""``outturn release``: the shelf of publications."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from orchestration.command_line.terminal import Terminal, print_table
from release import ReleaseShelf
from release.shelf import ReleaseNotFoundError


@click.group(
    epilog="\b\nExamples:\n  outturn release list\n  outturn release restore 20261123T0800\n"
    '  outturn release freeze current --reason "Annual report 2026"'
)
def release() -> None:
    """List the releases, let readers see an earlier one again, or keep one for good. A release is never changed."""


@release.command("list")
@click.pass_obj
def list_releases(terminal: Terminal) -> None:
    """Every release, oldest first, and which one readers see."""
    shelf = ReleaseShelf(terminal.workspace.published_dir)
    rows, frozen = [], shelf.frozen()
    for identifier in shelf.identifiers():
        description = shelf.description(identifier)
        mark = "◀" if identifier == shelf.current() else ""
        note = frozen.get(identifier, {}).get("reason")
        rows.append((identifier, _moment(terminal, description), *_size(description), mark, note))
    if rows:
        print_table(terminal, "releases", rows)
    else:
        terminal.say("releases_none")
    for audience in terminal.workspace.settings.disclosure.audiences:
        _list_editions(terminal, audience)


def _moment(terminal: Terminal, description: dict[str, Any]) -> str:
    """When a release was published, by the clocks of the workspace."""
    zone = ZoneInfo(terminal.workspace.settings.time_zone)
    return f"{datetime.fromisoformat(description['created']).astimezone(zone):%Y-%m-%d %H:%M}"


def _size(description: dict[str, Any]) -> tuple[int, int]:
    """Tables and rows of a release; its documents are no tables."""
    tables = [resource for resource in description["resources"] if "rows" in resource]
    return len(tables), sum(table["rows"] for table in tables)


def _list_editions(terminal: Terminal, audience: str) -> None:
    """The editions for an audience, with how many figures each suppresses."""
    shelf = ReleaseShelf(terminal.workspace.edition_dir(audience))
    rows = []
    for identifier in shelf.identifiers():
        description = shelf.description(identifier)
        account = description["outturn"].get("disclosure", {})
        mark = "◀" if identifier == shelf.current() else ""
        hidden = sum(account.get(f"cells_suppressed_{how}", 0) for how in ("primary", "complementary"))
        rows.append((identifier, _moment(terminal, description), *_size(description), mark, hidden))
    print_table(terminal, "editions", rows, audience=terminal.phrase(f"audience_{audience}"))


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


@release.command("freeze")
@click.argument("identifier")
@click.option("--reason", required=True, help="What it is kept for, e.g. the report that cites it.")
@click.option("--as", "actor", envvar="OUTTURN_USER", default="", help="Who says so (or OUTTURN_USER).")
@click.pass_obj
def freeze(terminal: Terminal, identifier: str, reason: str, actor: str) -> None:
    """Keep release IDENTIFIER (or `current`) on the shelf for good, whatever `publication: keep` says."""
    shelf = ReleaseShelf(terminal.workspace.published_dir)
    try:
        name = shelf.freeze(identifier, by=actor, reason=reason)
    except ReleaseNotFoundError as error:
        raise click.UsageError(str(error)) from error
    terminal.say("release_frozen", release=name)
