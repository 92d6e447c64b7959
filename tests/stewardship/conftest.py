"""A desk over judgements written as a gate writes them, and real servers on loopback that behave as a test asks."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from aiosmtpd.controller import Controller

from ingest.contract import FINDING, OBSERVATION, QUARANTINE, SUBMISSION
from ingest.workspace import Workspace, load_workspace
from stewardship.desk import Desk
from stewardship.store import Store

#: A Wednesday.
NOW = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)
WORKSPACE = """\
name: {vi: "Thử nghiệm", en: "Trial"}
languages: [en, vi]
time_zone: Asia/Ho_Chi_Minh
holidays: [2026-03-09]
mail: {security: none}
alerts:
  - {name: chat, kind: webhook, address_from: TEST_CHAT_URL, severity: WARN, language: en}
stewards:
  - {code: DS, name: {vi: "Phụ trách", en: "Data steward"}, email: ds@example.org, language: en, superior: BOSS,
     deputy: HP}
  - {code: HP, name: {vi: "Hải Phòng", en: "Hai Phong"}, email: hp@example.org, roles: [SU], organisations: ["31"]}
  - {code: BOSS, name: {vi: "Cấp trên", en: "Superior"}, email: boss@example.org, language: en}
  - {code: REGISTRY, name: {vi: "Danh mục", en: "Registry"}, email: om@example.org, language: en, roles: [OM, RM]}
  - {code: AUDIT, name: {vi: "Kiểm toán", en: "Audit"}, email: au@example.org, language: en, roles: [AU]}
"""
ORGANISATIONS = """\
code,name_vi,name_en,level,parent_code
VN,Việt Nam,Viet Nam,national,
01,Hà Nội,Ha Noi,province,VN
31,Hải Phòng,Hai Phong,province,VN
3101,Đồ Sơn,Do Son,commune,31
"""
INDICATORS = """\
code,name_vi,name_en,role,unit,frequency
RESOLVED,Đã giải quyết,Resolved,output,dossier,Q
"""
SOURCE = """\
name: {vi: "Hồ sơ", en: "Dossiers"}
steward: DS
files: "*.xlsx"
obligation: {calendar: CAL, frequency: Q, deadline: {days: 20}, level: province}
tables:
  - header: [Đơn vị, Đã giải quyết]
    organisation: {column: Đơn vị}
    period: {file: true, pattern: '(20\\d\\d-Q\\d)'}
    values:
      - {columns: Đã giải quyết, indicator: RESOLVED}
"""
_TIDY: dict[str, Any] = {
    "source_code": "dossiers",
    "sheet": "Biểu 1",
    "indicator_code": "RESOLVED",
    "target_group_code": "_T",
    "measure_kind": "ACTUAL",
    "accumulation": "IN_PERIOD",
    "obs_status": "A",
    "unit_code": "dossier",
    "calendar_code": "CAL",
}


def write_workspace(folder: Path) -> Path:
    """The workspace of these tests, with nothing in it yet."""
    for name, content in {
        "workspace.yml": WORKSPACE,
        "registry/organisations.csv": ORGANISATIONS,
        "registry/indicators.csv": INDICATORS,
        "sources/dossiers.yml": SOURCE,
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


class Gate:
    """Writes what an intake gate writes: submissions with rows that went on, rows held back, and findings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / ".outturn"

    def submission(
        self,
        submission_id: str,
        *,
        rows: list[dict[str, Any]],
        findings: list[dict[str, Any]] = (),
        file_name: str | None = None,
        at: datetime = NOW,
    ) -> None:
        name = file_name or f"received=2026-03-01/report_{submission_id}.xlsx"
        held = {(f["sheet"], f["cell"]) for f in findings if f["severity"] == "QUARANTINE"}
        cells = [
            _TIDY
            | {
                "submission_id": submission_id,
                "cell": f"B{line}",
                "recorded_at": at,
                "period_code": "2026-Q1",
                "period_start": date(2026, 1, 1),
                "period_end_exclusive": date(2026, 4, 1),
            }
            | row
            for line, row in enumerate(rows, start=3)
        ]
        on = [row for row in cells if ("Biểu 1", row["cell"]) not in held]
        off = [row for row in cells if ("Biểu 1", row["cell"]) in held]
        self._write("accepted/observation", submission_id, OBSERVATION.schema, on)
        self._write("quarantine", submission_id, QUARANTINE.schema, off)
        own = [
            {"submission_id": submission_id, "file_name": name, "found_at": at, "source_code": "dossiers"}
            | one
            | {"finding_id": f"{one['finding_id']}-{submission_id}"}
            for one in findings
        ]
        self._write("accepted/finding", submission_id, FINDING.schema, own)
        row = {"submission_id": submission_id, "source_code": "dossiers", "file_name": name, "received_at": at}
        self._write("accepted/submission", submission_id, SUBMISSION.schema, [row | {"status": "accepted"}])

    def again(self) -> None:
        """The gate judges again, and finds the same."""
        time.sleep(0.01)
        for path in (self.folder / "accepted" / "finding").glob("*/*.parquet"):
            path.write_bytes(path.read_bytes())

    def _write(self, table: str, submission_id: str, schema: pa.Schema, rows: list[dict[str, Any]]) -> None:
        path = self.folder / table / "dossiers" / f"{submission_id}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        filled = [{name: row.get(name) for name in schema.names} for row in rows]
        pq.write_table(pa.Table.from_pylist(filled, schema=schema), path)


def finding(fault: str = "f1", **differences: Any) -> dict[str, Any]:
    """A finding that holds a negative number of Hải Phòng back."""
    return {
        "finding_id": f"{fault}-found",
        "fault_id": fault,
        "rule_id": "VAL-01",
        "severity": "QUARANTINE",
        "route": "SU",
        "gate": "intake",
        "sheet": "Biểu 1",
        "cell": "B3",
        "indicator_code": "RESOLVED",
        "organisation_code": "31",
        "period_code": "2026-Q1",
        "target_group_code": "_T",
        "observed": "-50",
        "expected": "≥ 0",
        "message_vi": "Ô B3 không thể âm.",
        "message_en": "Cell B3 cannot be negative.",
    } | differences


@dataclass
class Office:
    """A workspace with its gate, and its desk at any moment."""

    folder: Path
    gate: Gate
    workspace: Workspace
    store: Store

    def desk(self, now: datetime = NOW) -> Desk:
        return Desk(self.store, self.workspace, now)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    for name in ("OUTTURN_SMTP_HOST", "OUTTURN_SMTP_USER", "OUTTURN_SMTP_PASSWORD", "TEST_CHAT_URL"):
        monkeypatch.delenv(name, raising=False)
    folder = write_workspace(tmp_path / "workspace")
    workspace = load_workspace(folder)
    with Store(workspace.state.stewardship) as store:
        yield Office(folder, Gate(folder), workspace, store)


@dataclass
class MailServer:
    """A real SMTP server. ``behave`` gets the stage (connect, helo, mail, rcpt, data, body) and may answer for it."""

    received: list[EmailMessage] = field(default_factory=list)
    behave: Callable[[str], str | None] = lambda stage: None
    port: int = 0

    @property
    def keys(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.received]


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self.server = server

    async def _answer(self, stage: str, smtp: Any) -> str | None:
        answer = self.server.behave(stage)
        if answer == "stall":
            await asyncio.sleep(30)
        if answer in ("drop", "stall"):
            smtp.transport.abort()
            return "421 gone"
        return answer

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's names
        self, smtp: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        answer = await self._answer("helo", smtp)
        if answer:
            return [answer]
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, smtp: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        answer = await self._answer("mail", smtp)
        envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(self, smtp: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        answer = await self._answer("rcpt", smtp)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, smtp: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = await self._answer("data", smtp)
        if answer:
            return answer
        self.server.received.append(message_from_bytes(envelope.content, policy=policy.default))
        answer = await self._answer("accepted", smtp)  # taken over, but the answer is lost
        return answer or "250 OK"


@pytest.fixture
def mail_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    server = MailServer()
    controller = Controller(_Handler(server), hostname="127.0.0.1", port=_free_port())
    controller.start()
    server.port = controller.port
    monkeypatch.setenv("OUTTURN_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("OUTTURN_SMTP_PORT", str(controller.port))
    monkeypatch.setenv("OUTTURN_SMTP_FROM", "Outturn <outturn@example.org>")
    yield server
    controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Receiver:
    """A real HTTP receiver. ``behave`` gets the number of the request: a status, ``drop`` or ``stall``."""

    received: list[tuple[str | None, bytes]] = field(default_factory=list)
    asked: int = 0
    behave: Callable[[int], int | str] = lambda number: 200
    url: str = ""


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    state = Receiver()
    stopping = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.asked += 1
            answer = state.behave(state.asked)
            if answer == "drop":
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if answer == "stall":
                stopping.wait(20)
                return
            if answer == 200:
                state.received.append((self.headers["Idempotency-Key"], body))
            self.send_response(int(answer))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_port}/hook/s3cr3t-token"
    monkeypatch.setenv("TEST_CHAT_URL", state.url)
    yield state
    stopping.set()
    server.shutdown()
    server.server_close()
