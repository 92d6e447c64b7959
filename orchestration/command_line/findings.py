"""``outturn findings``: the steward's desk. What was found, who answers for it, and what was decided."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from orchestration.command_line.terminal import Terminal, print_table

if TYPE_CHECKING:
    from stewardship.case import Case
    from stewardship.decisions import Decisions
    from stewardship.desk import Desk

_OPEN = ("open", "assigned")
_WAYS = ("corrected", "confirmed", "false_alarm")


def acting_as() -> Callable[[Any], Any]:
    """The option that says who acts."""
    return click.option(
        "--as",
        "actor",
        envvar="OUTTURN_USER",
        metavar="ROLE",
        default=getpass.getuser,
        show_default="OUTTURN_USER, else who is signed in",
        help="Steward or role that decides; it stands in the log.",
    )


@click.group(
    invoke_without_command=True,
    epilog="\b\nExamples:\n  outturn findings list --steward VPCP --overdue\n  outturn findings show 3f9a\n"
    "  outturn findings ack 3f9a 77c0 --as VPCP\n  outturn findings assign 3f9a --to BTC --as VPCP\n"
    '  outturn findings waive 3f9a --until 2026-12-31 --reason "Letter 12 is on its way" --as VPCP\n'
    '  outturn findings resolve 3f9a --how confirmed --reason "A new road was opened" --as VPCP',
)
@click.pass_context
def findings(context: click.Context) -> None:
    """What the rules found, as cases: list and show them, and decide what becomes of them.

    The same fault is one case however many runs see it. ID is a case or finding, or the beginning of one.
    """
    if context.invoked_subcommand is None:
        context.invoke(list_findings)


@findings.command("list", epilog="\b\nExample:\n  outturn findings list --source one_stop_shop --severity QUARANTINE")
@click.option(
    "--state",
    type=click.Choice(["open", "assigned", "corrected", "confirmed", "waived", "false_alarm", "closed", "all"]),
    default="open",
    show_default=True,
    help="open: all that somebody has to settle.",
)
@click.option("--steward", help="Only what this steward has to settle.")
@click.option("--source", help="Only this source.")
@click.option("--organisation", help="Only this organisation.")
@click.option("--indicator", help="Only this indicator.")
@click.option("--period", help="Only this period.")
@click.option("--rule", help="Only this rule.")
@click.option("--severity", type=click.Choice(["BLOCK", "QUARANTINE", "WARN", "INFO"]), help="Only this severity.")
@click.option("--overdue", is_flag=True, help="Only what is past its deadline.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many to list.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, all fields, no limit.")
@click.pass_obj
def list_findings(
    terminal: Terminal,
    /,
    state: str = "open",
    overdue: bool = False,
    limit: int = 50,
    as_json: bool = False,
    **filters: str | None,
) -> None:
    """Cases, the most pressing first."""
    _refuse_unknown(terminal, filters)
    with desk(terminal) as at_desk:
        wanted = _OPEN if state == "open" else None if state == "all" else (state,)
        found = [
            case
            for case in at_desk.store.cases().values()
            if (wanted is None or case.state in wanted)
            and (not overdue or case.is_overdue(at_desk.today))
            and all(value is None or _of(case, name) == value for name, value in filters.items())
        ]
    found.sort(key=lambda case: (case.deadline, case.case_id))
    if as_json:
        for case in found:
            click.echo(json.dumps(_as_json(case), ensure_ascii=False))
        return
    if not found:
        terminal.say("findings_none")
        return
    rows = [
        (
            case.case_id[:8],
            case.severity,
            str(case.state) + (" !" if case.is_overdue(at_desk.today) else ""),
            case.steward or None,
            case.deadline.isoformat(),
            case.seen_count,
            case.fault["source_code"],
            _place(case),
            case.fault["rule_id"],
            case.observed,
        )
        for case in found[:limit]
    ]
    print_table(terminal, "cases", rows)
    if len(found) > limit:
        terminal.say("findings_more", count=len(found) - limit)


@findings.command("show", epilog="\b\nExample:\n  outturn findings show 3f9a")
@click.argument("case_id", metavar="ID")
@click.pass_obj
def show(terminal: Terminal, case_id: str) -> None:
    """One case: what was found, where, what to do, and all that happened to it."""
    with desk(terminal) as at_desk:
        case = find(terminal, at_desk, case_id)
        events = at_desk.store.events(case.case_id)
    content = _as_json(case)
    content["message"] = content.pop(f"message_{terminal.language}")
    shown = [(name, value) for name, value in content.items() if value not in (None, "", []) and "message_" not in name]
    print_table(terminal, "case", shown)
    _print_log(terminal, events)


@findings.command("log", epilog="\b\nExamples:\n  outturn findings log\n  outturn findings log 3f9a")
@click.argument("case_id", metavar="[ID]", required=False)
@click.option(
    "--limit", type=click.IntRange(min=1), default=100, show_default=True, help="How many events, the latest."
)
@click.pass_obj
def log(terminal: Terminal, case_id: str | None, limit: int) -> None:
    """The log: everything that happened, to one case or to all. It is never changed."""
    with desk(terminal) as at_desk:
        events = at_desk.store.events(find(terminal, at_desk, case_id).case_id if case_id else None)
    _print_log(terminal, events[-limit:])


@findings.command("ack", epilog="\b\nExample:\n  outturn findings ack 3f9a --as VPCP")
@click.argument("case_ids", metavar="ID …", nargs=-1, required=True)
@acting_as()
@click.pass_obj
def ack(terminal: Terminal, case_ids: tuple[str, ...], actor: str) -> None:
    """Acknowledge: seen, and somebody is at it."""
    _decide(terminal, case_ids, actor, lambda decisions, case: decisions.acknowledge(case))


@findings.command("assign", epilog="\b\nExample:\n  outturn findings assign 3f9a --to BTC --as VPCP")
@click.argument("case_ids", metavar="ID …", nargs=-1, required=True)
@click.option("--to", "steward", required=True, help="Steward of workspace.yml who is to settle it.")
@acting_as()
@click.pass_obj
def assign(terminal: Terminal, case_ids: tuple[str, ...], steward: str, actor: str) -> None:
    """Give it to another steward, who is told."""
    _decide(terminal, case_ids, actor, lambda decisions, case: decisions.assign(case, steward))


@findings.command("explain", epilog='\b\nExample:\n  outturn findings explain 3f9a --reason "Two floods" --as VPCP')
@click.argument("case_ids", metavar="ID …", nargs=-1, required=True)
@click.option("--reason", required=True, help="Why the figure is as it is.")
@acting_as()
@click.pass_obj
def explain(terminal: Terminal, case_ids: tuple[str, ...], reason: str, actor: str) -> None:
    """Explain a figure, without deciding anything."""
    _decide(terminal, case_ids, actor, lambda decisions, case: decisions.explain(case, reason))


@findings.command(
    "waive",
    epilog='\b\nExample:\n  outturn findings waive 3f9a --until 2026-12-31 --reason "Letter 12" --as VPCP',
)
@click.argument("case_ids", metavar="ID …", nargs=-1, required=True)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day; else two reporting periods on.")
@click.option("--reason", required=True, help="Why.")
@acting_as()
@click.pass_obj
def waive(terminal: Terminal, case_ids: tuple[str, ...], until: Any, reason: str, actor: str) -> None:
    """Let it pass for a time, for the same value. The next run takes the row in, marked and not validated.

    What refuses a whole submission (BLOCK) must be waived by two.
    """
    last: date | None = until.date() if until is not None else None
    _decide(terminal, case_ids, actor, lambda decisions, case: decisions.waive(case, reason, last))


@findings.command(
    "resolve",
    epilog='\b\nExample:\n  outturn findings resolve 3f9a --how confirmed --reason "A new road was opened" --as VPCP',
)
@click.argument("case_ids", metavar="ID …", nargs=-1, required=True)
@click.option(
    "--how",
    type=click.Choice(_WAYS),
    required=True,
    help="corrected: a mended file comes; confirmed: the value is right; false_alarm: the rule is wrong here.",
)
@click.option("--reason", required=True, help="Why.")
@acting_as()
@click.pass_obj
def resolve(terminal: Terminal, case_ids: tuple[str, ...], how: str, reason: str, actor: str) -> None:
    """Close it. A mended file that is handed in again closes its cases by itself."""
    from stewardship.case import Resolution

    _decide(terminal, case_ids, actor, lambda decisions, case: decisions.resolve(case, Resolution(how), reason))


def _decide(
    terminal: Terminal, case_ids: tuple[str, ...], actor: str, decide: Callable[[Decisions, str], Case]
) -> None:
    from expectations.rules import load_rule_book
    from stewardship.decisions import DecisionError, Decisions

    book = load_rule_book(terminal.workspace.rules_dir)
    never_waived = {rule.id for rule in book.rules.values() if not rule.waivable}
    with desk(terminal) as at_desk:
        decisions = Decisions(at_desk, actor, never_waived=never_waived)
        for case_id in case_ids:
            try:
                case = decide(decisions, find(terminal, at_desk, case_id).case_id)
            except DecisionError as error:
                raise click.UsageError(terminal.phrase(error.phrase, **error.values)) from error
            until = case.waived_until.isoformat() if case.waived_until else "–"
            waits = case.state in _OPEN and case.waived_by
            phrase = "decided_half" if waits else "decided_waived" if case.state == "waived" else "decided"
            terminal.say(phrase, case=case.case_id[:8], state=str(case.state), steward=case.steward or "–", until=until)


@contextmanager
def desk(terminal: Terminal) -> Iterator[Desk]:
    """The desk of the workspace; what the gates said since is recorded first, so that a list is never behind."""
    from stewardship.desk import Desk
    from stewardship.store import Store

    with Store(terminal.workspace.state.stewardship) as store:
        at_desk = Desk(store, terminal.workspace)
        at_desk.record()
        yield at_desk


def _refuse_unknown(terminal: Terminal, filters: Mapping[str, str | None]) -> None:
    """A filter that names what is not there would show an empty list, and look like good news."""
    from expectations.rules import load_rule_book
    from ingest.time import UnknownPeriodError

    workspace = terminal.workspace
    known: dict[str, set[str]] = {
        "steward": {steward.code for steward in workspace.settings.stewards},
        "source": set(workspace.sources),
        "organisation": {row.code for row in workspace.registry.organisations},
        "indicator": {row.code for row in workspace.registry.indicators},
        "rule": set(load_rule_book(workspace.rules_dir).rules),
    }
    for name, value in filters.items():
        if value is not None and name in known and value not in known[name]:
            near = get_close_matches(value, sorted(known[name]), n=5, cutoff=0.5) or sorted(known[name])[:5]
            said = terminal.phrase("findings_no_such", name=name, value=value, known=", ".join(near) or "–")
            raise click.UsageError(said)
    period = filters.get("period")
    if period is not None:
        try:
            workspace.calendars.period(period)
        except UnknownPeriodError as error:
            raise click.UsageError(str(error)) from error


def find(terminal: Terminal, at_desk: Desk, beginning: str) -> Case:
    """The one case whose id, or whose finding's id, begins so. Raises ``click.UsageError``."""
    cases = at_desk.store.cases().values()
    found = [
        case
        for case in cases
        if case.case_id.startswith(beginning) or str(case.fault["finding_id"]).startswith(beginning)
    ]
    exact = [case for case in found if beginning in (case.case_id, case.fault["finding_id"])]
    found = exact or found
    if len(found) != 1:
        raise click.UsageError(terminal.phrase("findings_which", count=len(found), beginning=beginning))
    return found[0]


def _of(case: Case, name: str) -> str:
    if name == "steward":
        return case.steward
    if name == "severity":
        return case.severity
    column = {"rule": "rule_id"}.get(name, f"{name}_code")
    return str(case.fault[column])


def _place(case: Case) -> str:
    file = str(case.fault["file_name"] or "").rpartition("/")[2]
    place = "!".join(part for part in (case.fault["sheet"], case.fault["cell"]) if part)
    return " › ".join(part for part in (file, place) if part) or "–"


def _as_json(case: Case) -> dict[str, Any]:
    from dataclasses import asdict

    from stewardship.store import json_text

    content: dict[str, Any] = json.loads(json_text(asdict(case)))
    fault = content.pop("fault")
    return {"case_id": content.pop("case_id"), "state": content.pop("state"), **fault, **content}


def _print_log(terminal: Terminal, events: list[Any]) -> None:
    rows = []
    for event in events:
        said = {name: value for name, value in event.detail.items() if name not in ("fault", "informed") and value}
        words = ", ".join(f"{name}: {value}" for name, value in said.items())
        moment = event.at.astimezone(_zone(terminal)).strftime("%Y-%m-%d %H:%M:%S")
        rows.append((moment, event.case_id[:8], str(event.kind), event.actor or None, words or None))
    print_table(terminal, "case_log", rows)


def _zone(terminal: Terminal) -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo(terminal.workspace.settings.time_zone)
