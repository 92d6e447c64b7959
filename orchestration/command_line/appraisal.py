"""``outturn appraisal``: the restricted file of individual appraisals. No other command and no asset opens it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal

import click

from appraisal.vault import LEAST_RATERS, Reader, Vault, VaultError
from orchestration.command_line.terminal import Terminal, print_table

#: The reader of the example.
_READER = click.option("--as", "reader", envvar="OUTTURN_USER", required=True, help="Who reads (or OUTTURN_USER).")
_PURPOSE = click.option("--purpose", required=True, help="What for; it is logged.")
_PERIOD = click.option("--period", required=True, help="For example 2026-Q1.")
#: Persons are named by their personnel number, of which the file holds a keyed hash alone.
_PERSON = click.argument("person", metavar="NUMBER")


@click.group(
    epilog="\b\nExamples (OUTTURN_PERSON_KEY must hold a secret of 32 characters or more):\n"
    "  outturn appraisal example\n"
    '  outturn appraisal candidates EX-A --period 2026-Q1 --as example --purpose "council of 5 April"\n'
    '  outturn appraisal summary --period 2026-Q1 --as example --purpose "annual report"\n'
    '  outturn appraisal own synthetic/EX-A/0 --as 0 --purpose "my appraisal"\n'
    '  outturn appraisal respond synthetic/EX-A/0 --period 2026-Q1 --as 0 "Two delays were not mine."\n'
    "  outturn appraisal rate synthetic/EX-A/0 --period 2026-Q1 --role peer --points 85\n"
    "  outturn appraisal vote synthetic/EX-A/0 --period 2026-Q1 --body council --count excellent=7 --count good=2\n"
    "  outturn appraisal purge --before 2021-01-01"
)
def appraisal() -> None:
    """Appraise individuals by a scheme, in a restricted file of its own. Nothing of it is ever published."""


def _vault(terminal: Terminal) -> Vault:
    return Vault(terminal.workspace.restricted_dir / "appraisal.duckdb")


@contextmanager
def _refusals() -> Iterator[None]:
    """What the vault refuses, as an error of usage."""
    try:
        yield
    except VaultError as error:
        raise click.UsageError(str(error)) from error


@appraisal.command("example")
@click.pass_obj
def example(terminal: Terminal) -> None:
    """Fill the restricted file with synthetic persons, to try it out."""
    from appraisal.example import PERIOD, fill

    with _refusals():
        persons = fill(_vault(terminal))
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

    with _refusals():
        stored = _vault(terminal).scores(Reader(reader, purpose), organisation, period)
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
    with _refusals():
        rows = _vault(terminal).class_summary(Reader(reader, purpose), period)
    print_table(terminal, "appraisal_summary", rows)


@appraisal.command("grant")
@click.argument("reader")
@click.option("--organisation", help="The organisation whose own line READER may see.")
@click.option("--person", metavar="NUMBER", help="The one person whom READER may see: usually READER.")
@click.pass_obj
def grant(terminal: Terminal, reader: str, organisation: str | None, person: str | None) -> None:
    """Let READER see an organisation's own line, or one person."""
    if (organisation is None) == (person is None):
        raise click.UsageError("give --organisation or --person, and not both")
    vault = _vault(terminal)
    with _refusals():
        vault.grant(reader, organisation, None if person is None else vault.person_key(person))
    terminal.say("appraisal_granted", reader=reader)


@appraisal.command("own")
@_PERSON
@_READER
@_PURPOSE
@click.pass_obj
def own(terminal: Terminal, person: str, reader: str, purpose: str) -> None:
    """All that is kept about one person, for that person: scores, inputs, ratings, votes, responses."""
    vault, who = _vault(terminal), Reader(reader, purpose)
    with _refusals():
        key = vault.person_key(person)
        scores, responses = vault.own_scores(who, key), vault.own_responses(who, key)
        for one in scores:
            rows = [
                (number, item.units, item.is_completed, item.quality_failures, item.delays)
                for number, item in enumerate(one.inputs.items, start=1)
            ]
            general = one.inputs.general_points
            print_table(
                terminal,
                "appraisal_own",
                rows,
                period=one.period_code,
                points=one.points,
                class_=one.class_ or "-",
                scheme=one.scheme.code,
                general="-" if general is None else general,
            )
            criteria = list(one.recomputed().criteria.items())
            criteria += list(vault.ratings(who, key, one.period_code).items())
            print_table(terminal, "appraisal_criteria", criteria)
            print_table(terminal, "appraisal_votes", vault.votes(who, key, one.period_code))
    print_table(terminal, "appraisal_responses", responses)


@appraisal.command("respond")
@_PERSON
@click.argument("text")
@_PERIOD
@_READER
@click.pass_obj
def respond(terminal: Terminal, person: str, text: str, period: str, reader: str) -> None:
    """Put what a person has to say beside the score of a period; those who may see the score read it."""
    vault = _vault(terminal)
    with _refusals():
        key = vault.person_key(person)
        vault.own_scores(Reader(reader, "response"), key)  # refused and logged for anybody else
        vault.respond(key, vault.period_of(key, period), text)
    terminal.say("appraisal_responded", period=period)


@appraisal.command("responses")
@click.argument("organisation")
@_PERIOD
@_READER
@_PURPOSE
@click.pass_obj
def responses(terminal: Terminal, organisation: str, period: str, reader: str, purpose: str) -> None:
    """What the staff of ORGANISATION had to say to their scores."""
    with _refusals():
        rows = _vault(terminal).responses(Reader(reader, purpose), organisation, period)
    print_table(terminal, "appraisal_responses", [(key[:12], text) for key, text in rows])


@appraisal.command("rate")
@_PERSON
@_PERIOD
@click.option("--role", required=True, help="What the rater is to the person: superior, peer, subordinate, citizen.")
@click.option("--points", required=True, type=click.FloatRange(0, 100), help="Out of 100.")
@click.pass_obj
def rate(terminal: Terminal, person: str, period: str, role: str, points: float) -> None:
    """Keep one rating of a person from one side (360 degrees), and nothing of who gave it.

    The person sees the mean of a role once three have rated, and nothing of roles with fewer.
    """
    vault = _vault(terminal)
    with _refusals():
        key = vault.person_key(person)
        vault.rate(key, vault.period_of(key, period), role, Decimal(str(points)))
    terminal.say("appraisal_rated", role=role, least=LEAST_RATERS)


@appraisal.command("vote")
@_PERSON
@_PERIOD
@click.option("--body", required=True, help="Who voted, for example council.")
@click.option("--count", "counts", multiple=True, required=True, metavar="OPTION=VOTES", help="As often as needed.")
@click.pass_obj
def vote(terminal: Terminal, person: str, period: str, body: str, counts: tuple[str, ...]) -> None:
    """Keep what a body voted about a person: counts by option and nothing of the voters."""
    parted = dict(count.rpartition("=")[::2] for count in counts)
    if len(parted) < len(counts) or not all(option and votes.isdigit() for option, votes in parted.items()):
        raise click.UsageError("each --count is OPTION=VOTES, each option once: --count excellent=7 --count good=2")
    vault = _vault(terminal)
    with _refusals():
        key = vault.person_key(person)
        votes = {option: int(number) for option, number in parted.items()}
        vault.count_votes(key, vault.period_of(key, period), body, votes)
    terminal.say("appraisal_voted", body=body, votes=sum(votes.values()))


@appraisal.command("purge")
@click.option("--before", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Periods that ended before this day.")
@click.pass_obj
def purge(terminal: Terminal, before: datetime) -> None:
    """Delete what the law no longer lets be kept, and print the proof."""
    print_table(terminal, "appraisal_purged", _vault(terminal).purge(before.date()))
