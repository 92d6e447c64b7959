"""``outturn status``: who owes what, and what is open."""

from __future__ import annotations

import click
import duckdb

from orchestration.command_line.terminal import Terminal, print_table
from release import ReleaseShelf

_OWED = """
    select source_code, period_code, sum(expected), sum(received), sum(received) - sum(on_time), sum(rows_quarantined)
    from marts.mart_submission
    where ($source is null or source_code = $source) and ($period is null or period_code = $period)
    group by all order by 1, 2
"""
_OPEN = """
    select source_code, file_name, sheet, cell, rule_id, severity, message_vi, message_en
    from core.fct_finding
    where severity in ('BLOCK', 'QUARANTINE') and ($source is null or source_code = $source)
      and ($period is null or period_code = $period)
    order by all limit $limit
"""


@click.command(epilog="\b\nExamples:\n  outturn status\n  outturn status --source one_stop_shop --period VNR2025-Q3")
@click.option("--source", help="Only this source.")
@click.option("--period", help="Only this period.")
@click.option("--limit", default=20, show_default=True, help="How many open findings to list.")
@click.pass_obj
def status(terminal: Terminal, source: str | None, period: str | None, limit: int) -> None:
    """Who owes what: expected, received, late, quarantined; and what is held back, cell by cell."""
    shelf = ReleaseShelf(terminal.workspace.published_dir)
    if shelf.current() is None:
        terminal.say("releases_none")
        return
    which = {"source": source, "period": period}
    with duckdb.connect(str(shelf.current_link / "outturn.duckdb"), read_only=True) as connection:
        owed = connection.execute(_OWED, which).fetchall()
        held_back = connection.execute(_OPEN, {**which, "limit": limit}).fetchall()
    print_table(terminal, "owed_by_period", owed)
    message = 6 if terminal.language == "vi" else 7
    print_table(terminal, "held_back", [(*row[:6], row[message]) for row in held_back])
    _print_desk(terminal, source, period)


def _print_desk(terminal: Terminal, source: str | None, period: str | None) -> None:
    """Who has to settle what, and what could not be sent."""
    from orchestration.command_line.findings import desk
    from stewardship import outbox

    with desk(terminal) as at_desk:
        cases = [
            case
            for case in at_desk.store.cases("state in ('open', 'assigned')").values()
            if source in (None, case.fault["source_code"]) and period in (None, case.fault["period_code"])
        ]
        dead = outbox.alerts(at_desk.store, states=("dead",))
        waiting = outbox.alerts(at_desk.store, states=("waiting",))
        today = at_desk.today
    rows = []
    for code in sorted({case.steward for case in cases}):
        own = [case for case in cases if case.steward == code]
        overdue = sum(case.is_overdue(today) for case in own)
        acknowledged = sum(case.acknowledged_at is not None for case in own)
        name = code or terminal.phrase("nobody")
        rows.append((name, len(own), acknowledged, overdue, min(case.deadline for case in own).isoformat()))
    print_table(terminal, "to_settle", rows)
    if dead or waiting:
        terminal.say("alerts_state", waiting=len(waiting), dead=len(dead))
