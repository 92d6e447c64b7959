"""``outturn appraisal``: the restricted file of individual appraisals. No other command and no asset opens it."""

from __future__ import annotations

from datetime import datetime

import click

from appraisal.vault import Reader, Vault, VaultError
from orchestration.command_line.terminal import Terminal, print_table

#: The reader of the example.
_READER = click.option("--as", "reader", envvar="OUTTURN_USER", required=True, help="Who reads (or OUTTURN_USER).")
_PURPOSE = click.option("--purpose", required=True, help="What for; it is logged.")
_PERIOD = click.option("--period", required=True, help="For example 2026-Q1.")


@click.group(
    epilog="\b\nExamples (OUTTURN_PERSON_KEY must hold a secret of 32 characters or more):\n"
    "  outturn appraisal example\n"
    '  outturn appraisal candidates EX-A --period 2026-Q1 --as example --purpose "council of 5 April"\n'
    '  outturn appraisal summary --period 2026-Q1 --as example --purpose "annual report"\n'
    "  outturn appraisal purge --before 2021-01-01"
)
def appraisal() -> None:
    """Appraise individuals by a scheme, in a restricted file of its own. Nothing of it is ever published."""


def _vault(terminal: Terminal) -> Vault:
    return Vault(terminal.workspace.restricted_dir / "appraisal.duckdb")


@appraisal.command("example")
@click.pass_obj
def example(terminal: Terminal) -> None:
    """Fill the restricted file with synthetic persons, to try it out."""
    from appraisal.example import PERIOD, fill

    try:
        persons = fill(_vault(terminal))
    except VaultError as error:
        raise click.UsageError(str(error)) from error
    terminal.say("appraisal_example", persons=persons, period=PERIOD[0], folder=terminal.workspace.restricted_dir)


@appraisal.command("candidates")
@click.argument("organisation")
@_PERIOD
@_READER
@_PURPOSE
@click.pass_obj
def candidates(terminal: Terminal, organisation: str, period: str, reader: str, purpose: str) -> None:
    """Who reaches the limited class in ORGANISATION, and how many may have it. The choice is a person's."""
    from appraisal.scoring import candidacy

    try:
        stored = _vault(terminal).scores(Reader(reader, purpose), organisation, period)
    except VaultError as error:
        raise click.UsageError(str(error)) from error
    for group in sorted({(one.scheme.code, one.task_group) for one in stored}):
        own = [one for one in stored if (one.scheme.code, one.task_group) == group]
        scheme = own[0].scheme
        found = candidacy(scheme, {one.person_key: one.recomputed() for one in own})
        rows = [(place, c.person_key[:12], c.points, c.is_tied) for place, c in enumerate(found.candidates, start=1)]
        print_table(terminal, "appraisal_candidates", rows, scheme=scheme.code, group=group[1])
        terminal.say("appraisal_limit", candidates=len(rows), limit=found.limit)
        for item in scheme.unverified:
            terminal.say("appraisal_unverified", item=item.item, note=item.note)


@appraisal.command("summary")
@_PERIOD
@_READER
@_PURPOSE
@click.pass_obj
def summary(terminal: Terminal, period: str, reader: str, purpose: str) -> None:
    """Classes by organisation: from five persons on, and never where all have one class."""
    try:
        rows = _vault(terminal).class_summary(Reader(reader, purpose), period)
    except VaultError as error:
        raise click.UsageError(str(error)) from error
    print_table(terminal, "appraisal_summary", rows)


@appraisal.command("purge")
@click.option("--before", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Periods that ended before this day.")
@click.pass_obj
def purge(terminal: Terminal, before: datetime) -> None:
    """Delete what the law no longer lets be kept, and print the proof."""
    print_table(terminal, "appraisal_purged", _vault(terminal).purge(before.date()))
