"""Kill the process at any step between a finding and its alert: nothing is lost, and nothing is doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.workspace import load_workspace
from stewardship.case import replayed
from stewardship.delivery.sender import send_due
from stewardship.desk import Desk
from stewardship.outbox import LEASE, alerts
from stewardship.store import Store

from .conftest import Gate, MailServer, finding, write_workspace
from .crashing_process import IN_DOUBT, STEPS

PROGRAM = Path(__file__).with_name("crashing_process.py")
#: Two stewards are told, one of two findings.
FINDINGS = [finding(), finding("f2", cell="B4"), finding("f3", organisation_code="01", cell="B5")]
ROWS = [{"organisation_code": code, "value": -1} for code in ("31", "31", "01")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = write_workspace(tmp_path / "workspace")
    Gate(folder).submission("s1", rows=ROWS, findings=FINDINGS)
    return folder


def start(folder: Path, step: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, str(PROGRAM), str(folder), step], env=dict(os.environ))


def restart(folder: Path) -> None:
    """What the next run or the scheduler does, once the dead sender's lease is over."""
    workspace = load_workspace(folder)
    with Store(workspace.state.stewardship) as store:
        Desk(store, workspace).record()
        later = datetime.now(UTC) + LEASE
        send_due(store, workspace, now=lambda: later)


def check(folder: Path, server: MailServer, *, repeats: int) -> None:
    workspace = load_workspace(folder)
    with Store(workspace.state.stewardship) as store:
        events, cases, by_mail = store.events(), store.cases(), [a for a in alerts(store) if a.channel == "mail"]
    assert sorted((event.case_id, str(event.kind)) for event in events) == [
        ("f1", "opened"),
        ("f2", "opened"),
        ("f3", "opened"),
    ], "each finding is in the log once"
    assert replayed(events) == cases
    assert {(a.recipient, tuple(item.case_id for item in a.items), a.state) for a in by_mail} == {
        ("HP", ("f1", "f2"), "sent"),
        ("DS", ("f3",), "sent"),
    }
    assert {key.partition("@")[0].lstrip("<") for key in server.keys} == {a.alert_id for a in by_mail}, "none is lost"
    assert len(server.keys) <= len(by_mail) + repeats, "none is doubled"
    by_key = {mail["Message-ID"]: mail["Subject"] for mail in server.received}
    assert all(by_key[mail["Message-ID"]] == mail["Subject"] for mail in server.received)


@pytest.mark.parametrize("step", STEPS)
def test_killed_at(step: str, folder: Path, mail_server: MailServer) -> None:
    process = start(folder, step)
    assert process.wait(60) == (0 if step == "nowhere" else -signal.SIGKILL)
    restart(folder)
    check(folder, mail_server, repeats=int(step in IN_DOUBT))


def test_killed_at_random_again_and_again(folder: Path, mail_server: MailServer) -> None:
    """Six processes in a row, each killed after a random time while mail is slow; then one that is left alone."""
    mail_server.behave = lambda stage: time.sleep(0.02)  # type: ignore[func-returns-value]
    chance = random.Random(20260304)
    for _ in range(6):
        process = start(folder, "nowhere")
        time.sleep(chance.uniform(0.5, 3.0))
        process.kill()
        process.wait()
    restart(folder)
    check(folder, mail_server, repeats=6)
