"""``outturn alerts``: the outbox. What waits, what was sent, what was given up and why."""

from __future__ import annotations

import sys

import click

from orchestration.command_line.terminal import Terminal, print_table


@click.group(
    invoke_without_command=True,
    epilog="\b\nExamples:\n  outturn alerts list\n  outturn alerts send\n  outturn alerts test --steward VPCP\n"
    "  outturn alerts retry 5b1c",
)
@click.pass_context
def alerts(context: click.Context) -> None:
    """The outbox of alerts: list it, send what is due, try a channel.

    `outturn run` and the scheduler send by themselves. Addresses and passwords come from the environment only.
    """
    if context.invoked_subcommand is None:
        context.invoke(list_alerts)


@alerts.command("list", epilog="\b\nExample:\n  outturn alerts list --state dead")
@click.option("--state", type=click.Choice(["waiting", "sent", "dead", "obsolete"]), help="Only these.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many, the newest first.")
@click.pass_obj
def list_alerts(terminal: Terminal, state: str | None = None, limit: int = 50) -> None:
    """Alerts with what became of them. Exit status 1 if some were given up."""
    from stewardship import outbox
    from stewardship.delivery.sender import usable_channels
    from stewardship.store import Store

    usable = usable_channels(terminal.workspace)
    with Store(terminal.workspace.state.stewardship) as store:
        found = outbox.alerts(store, states=(state,) if state else (), limit=limit)
        dead = outbox.alerts(store, states=("dead",))
    rows = [
        (
            alert.alert_id[:8],
            alert.recipient or None,
            alert.channel,
            alert.topic,
            len(alert.items),
            alert.state,
            alert.attempts,
            (alert.sent_at or alert.try_after)[:19],
            alert.last_error
            or (
                terminal.phrase("channel_not_set") if alert.state == "waiting" and alert.channel not in usable else None
            ),
        )
        for alert in found
    ]
    if rows:
        print_table(terminal, "alerts", rows)
    else:
        terminal.say("alerts_none")
    if dead:
        terminal.say("alerts_dead", count=len(dead))
        sys.exit(1)


@alerts.command("send", epilog="\b\nExample:\n  outturn alerts send")
@click.pass_obj
def send(terminal: Terminal) -> None:
    """Record what the gates said, remind, escalate, and send what is due. Exit status 1 if something failed."""
    from orchestration.desk import attend

    attended = attend(terminal.workspace)
    sent = attended.sent
    terminal.say("alerts_sent", sent=sent.sent, failed=sent.failed, obsolete=sent.obsolete)
    if sent.failed:
        sys.exit(1)


@alerts.command(
    "test", epilog="\b\nExamples:\n  outturn alerts test --steward VPCP\n  outturn alerts test --channel teams"
)
@click.option("--steward", help="To this steward's mailbox.")
@click.option("--channel", help="On this channel of workspace.yml.")
@click.pass_obj
def test(terminal: Terminal, steward: str | None, channel: str | None) -> None:
    """Send a message that only says that the way works. Exit status 1 if it does not."""
    from datetime import UTC, datetime

    from stewardship import outbox
    from stewardship.delivery.sender import send_due, usable_channels
    from stewardship.outbox import MAIL
    from stewardship.store import Store
    from stewardship.telling import Telling

    settings = terminal.workspace.settings
    codes = {one.code for one in settings.stewards if one.email}
    names = {one.name for one in settings.alerts}
    if (steward is None) == (channel is None) or (steward or channel) not in codes | names:
        raise click.UsageError(terminal.phrase("alerts_test_whom", known=", ".join(sorted(codes | names)) or "–"))
    way = channel or MAIL
    if way not in usable_channels(terminal.workspace):
        variable = next((one.address_from for one in settings.alerts if one.name == channel), settings.mail.host_from)
        raise click.UsageError(terminal.phrase("alerts_not_set", variable=variable))
    with Store(terminal.workspace.state.stewardship) as store:
        telling = Telling(store, terminal.workspace, datetime.now(UTC))
        with store.transaction():
            alert_id = telling.of_test(steward or "", way, terminal.language)
        send_due(store, terminal.workspace)
        alert = outbox.alert_of(store, alert_id)
    if alert.state == "sent":
        terminal.say("alerts_test_sent", to=steward or channel)
        return
    terminal.say("alerts_test_failed", to=steward or channel, why=alert.last_error)
    sys.exit(1)


@alerts.command("retry", epilog="\b\nExample:\n  outturn alerts retry 5b1c")
@click.argument("alert_id", metavar="ID")
@click.pass_obj
def retry(terminal: Terminal, alert_id: str) -> None:
    """Put an alert that was given up back among those that wait."""
    from datetime import UTC, datetime

    from stewardship import outbox
    from stewardship.store import Store

    with Store(terminal.workspace.state.stewardship) as store:
        found = [one for one in outbox.alerts(store) if one.alert_id.startswith(alert_id)]
        if len(found) != 1:
            raise click.UsageError(terminal.phrase("alerts_which", count=len(found), alert=alert_id))
        outbox.retry(store, found[0].alert_id, datetime.now(UTC))
    terminal.say("alerts_retry", alert=found[0].alert_id[:8])
