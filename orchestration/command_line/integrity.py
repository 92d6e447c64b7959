"""``outturn integrity``: signs of gaming in a release, for the performance office alone."""

from __future__ import annotations

import click

from orchestration.command_line.terminal import Terminal, print_table
from release import ReleaseShelf
from release.shelf import DATABASE


@click.command(epilog="\b\nExamples:\n  outturn integrity\n  outturn integrity --rule BUNCH-01")
@click.option("--rule", help="Only this rule.")
@click.option("--release", "identifier", default="current", show_default=True, help="Release to look at.")
@click.option("--limit", default=50, show_default=True, help="How many signals to list.")
@click.pass_obj
def integrity(terminal: Terminal, rule: str | None, identifier: str, limit: int) -> None:
    """Signs of gaming: bunching at targets, heaping, copied figures, shrinking denominators, late edits.

    They are kept in .outturn/restricted, readable by the owner of the workspace alone, and stand in nothing that is
    published. A statistical sign is no proof.
    """
    from expectations.integrity import find_signals, write_signals
    from expectations.rules import load_rule_book

    workspace = terminal.workspace
    shelf = ReleaseShelf(workspace.published_dir)
    if shelf.current() is None:
        terminal.say("releases_none")
        return
    folder = shelf.folder(identifier)
    signals = find_signals(folder / DATABASE, rule_book=load_rule_book(workspace.rules_dir))
    path = write_signals(workspace.state.root, signals, folder.name)
    shown = [signal for signal in signals if rule in (None, signal.rule_id)]
    vietnamese = terminal.language == "vi"
    rows = [
        (one.rule_id, one.route, f"{one.strength:.3g}", one.message_vi if vietnamese else one.message_en)
        for one in shown[:limit]
    ]
    print_table(terminal, "signals", rows)
    terminal.say("signals_kept", shown=len(rows), found=len(signals), file=path)
