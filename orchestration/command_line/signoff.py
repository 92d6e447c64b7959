"""``outturn signoff``: two people stand for an organisation's figures of a period, bound to what the figures say."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from orchestration.command_line.findings import acting_as
from orchestration.command_line.terminal import Terminal, print_table


def _scope(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what is signed."""
    for option in (
        click.option("--source", default="", help="Only the figures of this source; else of all."),
        click.option("--period", required=True, help="Period, e.g. VNR2025-Q3."),
        click.option("--organisation", required=True, help="Code; all organisations below it are included."),
    ):
        command = option(command)
    return command


@click.group(
    invoke_without_command=True,
    epilog="\b\nExamples:\n  outturn signoff prepare --organisation 01 --period VNR2025-Q3 --as analyst\n"
    "  outturn signoff approve --organisation 01 --period VNR2025-Q3 --as director\n"
    "  outturn signoff show --organisation 01 --period VNR2025-Q3\n"
    '  outturn signoff withdraw --organisation 01 --period VNR2025-Q3 --reason "Wrong annex" --as director',
)
@click.pass_context
def signoff(context: click.Context) -> None:
    """Sign the figures of an organisation for a period in two steps: one prepares, another approves.

    The signature is bound to the content. Figures that change afterwards do not change it: the sign-off then says
    “changed”, with the cells that differ.
    """
    if context.invoked_subcommand is None:
        context.invoke(list_signoffs)


@signoff.command(
    "prepare", epilog="\b\nExample:\n  outturn signoff prepare --organisation 01 --period 2025-Q3 --as BTC"
)
@_scope
@click.option("--reason", default="", help="Remark for the log.")
@acting_as()
@click.pass_obj
def prepare(terminal: Terminal, organisation: str, period: str, source: str, reason: str, actor: str) -> None:
    """First step: these figures are ready to be signed."""
    _step(terminal, "prepare", organisation, period, source, actor, reason)


@signoff.command(
    "approve", epilog="\b\nExample:\n  outturn signoff approve --organisation 01 --period 2025-Q3 --as BNV"
)
@_scope
@click.option("--reason", default="", help="Remark for the log.")
@acting_as()
@click.pass_obj
def approve(terminal: Terminal, organisation: str, period: str, source: str, reason: str, actor: str) -> None:
    """Second step, by another than who prepared it, for exactly what was prepared."""
    _step(terminal, "approve", organisation, period, source, actor, reason)


@signoff.command(
    "withdraw", epilog="\b\nExample:\n  outturn signoff withdraw --organisation 01 --period 2025-Q3 --reason … --as BNV"
)
@_scope
@click.option("--reason", required=True, help="Why.")
@acting_as()
@click.pass_obj
def withdraw(terminal: Terminal, organisation: str, period: str, source: str, reason: str, actor: str) -> None:
    """Take a preparation or an approval back. The log keeps both."""
    _step(terminal, "withdraw", organisation, period, source, actor, reason)


@signoff.command("list", epilog="\b\nExample:\n  outturn signoff list")
@click.pass_obj
def list_signoffs(terminal: Terminal) -> None:
    """Everything that was ever prepared or signed, and how it stands."""
    from stewardship.signoff import Signing
    from stewardship.store import Store

    with Store(terminal.workspace.state.stewardship) as store:
        found = Signing(store, terminal.workspace).all()
    rows = [
        (
            one.scope.organisation,
            one.scope.period,
            one.scope.source or None,
            terminal.phrase(f"signoff_{one.status}"),
            one.prepared.actor if one.prepared else None,
            one.signed.actor if one.signed else None,
            len(one.now.figures),
            len(one.differences),
        )
        for one in found
    ]
    if rows:
        print_table(terminal, "signoffs", rows)
    else:
        terminal.say("signoffs_none")


@signoff.command("show", epilog="\b\nExample:\n  outturn signoff show --organisation 01 --period VNR2025-Q3")
@_scope
@click.option(
    "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many differing figures to list."
)
@click.pass_obj
def show(terminal: Terminal, organisation: str, period: str, source: str, limit: int) -> None:
    """How one sign-off stands, step by step, and which figures differ. Exit status 1 if what was signed has changed."""
    from stewardship.signoff import Scope, Signing, SignoffError
    from stewardship.store import Store

    with Store(terminal.workspace.state.stewardship) as store:
        try:
            state = Signing(store, terminal.workspace).state(Scope(organisation, period, source))
        except SignoffError as error:
            raise click.UsageError(terminal.phrase(error.phrase, **error.values)) from error
    _say(terminal, state)
    steps = [
        (step.at.isoformat()[:19], step.kind, step.actor, step.content_hash[:12] or None, step.reason or None)
        for step in state.steps
    ]
    print_table(terminal, "signoff_steps", steps)
    differing = [
        (
            difference.key[1],
            difference.key[2],
            difference.key[3],
            difference.change,
            difference.signed.value if difference.signed else None,
            difference.now.value if difference.now else None,
            f"{place.file_name} › {place.sheet}!{place.cell}" if place else None,
        )
        for difference in state.differences[:limit]
        for place in [difference.now or difference.signed]
    ]
    print_table(terminal, "signoff_differences", differing)
    if state.status == "changed":
        sys.exit(1)


def _step(terminal: Terminal, name: str, organisation: str, period: str, source: str, actor: str, reason: str) -> None:
    from stewardship.signoff import Scope, Signing, Signoff, SignoffError
    from stewardship.store import Store

    with Store(terminal.workspace.state.stewardship) as store:
        signing = Signing(store, terminal.workspace)
        steps: dict[str, Callable[[Scope, str, str], Signoff]] = {
            "prepare": signing.prepare,
            "approve": signing.approve,
            "withdraw": signing.withdraw,
        }
        try:
            state = steps[name](Scope(organisation, period, source), actor, reason)
        except SignoffError as error:
            raise click.UsageError(terminal.phrase(error.phrase, **error.values)) from error
    _say(terminal, state)


def _say(terminal: Terminal, state: Any) -> None:
    terminal.say(
        "signoff_state",
        organisation=state.scope.organisation,
        period=state.scope.period,
        status=terminal.phrase(f"signoff_{state.status}"),
        figures=len(state.now.figures),
        hash=state.now.hash[:12],
    )
