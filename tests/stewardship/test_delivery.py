"""Alerts arrive, whatever the servers do: a real mail server and a real HTTP receiver that fail, stall and drop."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

import stewardship.delivery.sender as sender_module
from stewardship import outbox
from stewardship.delivery.mail import compose
from stewardship.delivery.message import Attachment, Message
from stewardship.delivery.sender import Sent, send_due

from .conftest import NOW, MailServer, Office, Receiver, finding

ROWS = [{"organisation_code": "31", "value": -50}, {"organisation_code": "01", "value": -1}]


@pytest.fixture
def found(office: Office) -> Office:
    """One finding of HP to be told at once."""
    office.gate.submission("s1", rows=ROWS, findings=[finding()])
    office.desk().record()
    return office


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait half a second for a server that stalls, not half a minute."""
    real_server, real_channel = sender_module.mail_server, sender_module.send_by_apprise

    def server(settings: Any) -> Any:
        found = real_server(settings)
        return found and replace(found, answer_seconds=0.5, whole_seconds=2)

    monkeypatch.setattr(sender_module, "mail_server", server)
    monkeypatch.setattr(
        sender_module, "send_by_apprise", lambda c, m: real_channel(c, m, answer_seconds=0.5, whole_seconds=2)
    )


def send(office: Office, now: datetime = NOW + timedelta(minutes=1), **more: Any) -> Sent:
    return send_due(office.store, office.workspace, now=lambda: now, **more)


def mails(office: Office, *states: str) -> list[outbox.Alert]:
    """Alerts by mail; those of the channel wait for its address."""
    return [alert for alert in outbox.alerts(office.store, states=states) if alert.channel == outbox.MAIL]


def send_until_done(office: Office) -> int:
    """Rounds of sending, each after the longest wait, until nothing waits; returns how many."""
    for round_ in range(1, 20):
        send(office, NOW + round_ * outbox.LONGEST_WAIT)
        if not mails(office, "waiting"):
            return round_
    raise AssertionError("the outbox never emptied")


def once(times: int, answer: Any, otherwise: Any = None) -> Callable[..., Any]:
    """Behaves badly so many times, then well."""
    left = [times]

    def behave(*_: Any) -> Any:
        if left[0]:
            left[0] -= 1
            return answer
        return otherwise

    return behave


def at(stage: str, behaviour: Callable[..., Any]) -> Callable[[str], Any]:
    return lambda now: behaviour() if now == stage else None


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


class TestMail:
    def test_it_says_what_where_and_what_to_do_in_the_stewards_language(
        self, found: Office, mail_server: MailServer
    ) -> None:
        assert send(found).sent == 1
        [mail] = mail_server.received
        assert mail["To"] == "hp@example.org"
        assert mail["Auto-Submitted"] == "auto-generated"
        plain = mail.get_body(("plain",))
        assert plain is not None
        for text in (html_of(mail), plain.get_content()):
            for words in (
                "Kính gửi Hải Phòng",
                "Biểu 1, B3",
                "-50",
                "≥ 0",
                "Ô B3 không thể âm.",
                "09/03/2026",
                "nộp lại",
            ):
                assert words in text.replace("10/03/2026", "09/03/2026"), words
        assert "1 ô bị giữ lại" in mail["Subject"]

    def test_a_long_subject_arrives_as_it_was_written(self) -> None:
        subject = "[Kho dữ liệu kết quả hoạt động – bản trình diễn (số liệu giả định)] 4 ô bị giữ lại – hạn 01/12/2026"
        message = Message("k", subject, "x", "<p>x</p>")
        sent = compose(message, sender="a@example.org", to="b@example.org", now=NOW).as_bytes()
        assert message_from_bytes(sent, policy=policy.default)["Subject"] == subject
        assert max(len(line) for line in sent.splitlines()) <= 78

    def test_the_annotated_workbook_is_attached_unless_it_is_too_large(
        self, found: Office, mail_server: MailServer
    ) -> None:
        stream = BytesIO()
        Workbook().save(stream)
        asked = []

        def annotate(submission_id: str, language: str, findings: list[dict[str, Any]]) -> Attachment:
            asked.append((submission_id, language, [row["cell"] for row in findings]))
            return Attachment("báo cáo.kiem_tra.xlsx", stream.getvalue())

        send(found, annotate=annotate)
        [attached] = list(mail_server.received[0].iter_attachments())
        assert (attached.get_filename(), attached.get_content()) == ("báo cáo.kiem_tra.xlsx", stream.getvalue())
        assert asked == [("s1", "vi", ["B3"])]

        found.gate.submission("s2", rows=ROWS, findings=[finding("f2", cell="B4")])
        found.desk().record()
        send(found, annotate=lambda *_: Attachment("big.xlsx", b"x" * (11 * 1024 * 1024)))
        mail = mail_server.received[1]
        assert list(mail.iter_attachments()) == []
        assert "lớn hơn 10 MB" in html_of(mail)

    def test_a_workbook_that_cannot_be_marked_does_not_keep_the_mail(
        self, found: Office, mail_server: MailServer
    ) -> None:
        def broken(*_: Any) -> Attachment:
            raise ValueError("no such sheet")

        assert send(found, annotate=broken).sent == 1
        assert "không tạo được tệp đánh dấu" in html_of(mail_server.received[0])

    def test_text_from_a_workbook_is_text(self, office: Office, mail_server: MailServer) -> None:
        office.gate.submission("s1", rows=ROWS, findings=[finding(observed="<script>alert(1)</script>\r\nBcc: x")])
        office.desk().record()
        send(office)
        assert "&lt;script&gt;" in html_of(mail_server.received[0])
        assert "<script>" not in html_of(mail_server.received[0])

    def test_one_mail_a_steward_a_run_however_many_findings(self, office: Office, mail_server: MailServer) -> None:
        many = [finding(f"f{number}", cell=f"B{number}") for number in range(200)]
        office.gate.submission("s1", rows=ROWS, findings=many)
        office.desk().record()
        send(office)
        [mail] = mail_server.received
        assert "140" in html_of(mail), "those beyond the first sixty are counted"

    @pytest.mark.parametrize(
        ("stage", "behaviour"),
        [
            (stage, behaviour)
            for stage in ("helo", "mail", "rcpt", "data")
            for behaviour in ("drop", "stall", "451 try later")
            if (stage, behaviour) != ("helo", "451 try later")  # a client then says HELO, and goes on
        ],
    )
    def test_a_server_that_fails_at_a_stage_gets_the_mail_later_once(
        self, found: Office, mail_server: MailServer, stage: str, behaviour: str
    ) -> None:
        mail_server.behave = at(stage, once(2, behaviour))
        assert send(found).failed == 1
        [waiting] = mails(found)
        assert (waiting.state, waiting.attempts) == ("waiting", 1)
        assert waiting.last_error
        assert send(found).sent == 0, "not before the wait is over"
        mail_server.behave = at(stage, once(0, None))
        send_until_done(found)
        assert len(mail_server.keys) == 1

    def test_a_mail_that_was_taken_over_but_not_answered_for_is_repeated_under_its_key(
        self, found: Office, mail_server: MailServer
    ) -> None:
        mail_server.behave = at("accepted", once(1, "drop"))
        send(found)
        send_until_done(found)
        assert len(mail_server.keys) == 2
        assert len(set(mail_server.keys)) == 1, "a receiver can tell that it is the same"

    def test_a_server_that_is_not_there_is_tried_again(self, found: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OUTTURN_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("OUTTURN_SMTP_PORT", "1")
        monkeypatch.setenv("OUTTURN_SMTP_FROM", "outturn@example.org")
        assert send(found).failed == 1
        [alert] = mails(found)
        assert "ConnectionRefusedError" in alert.last_error

    def test_an_unknown_mailbox_is_given_up_at_once_and_can_be_retried(
        self, found: Office, mail_server: MailServer
    ) -> None:
        mail_server.behave = at("rcpt", once(1, "550 no such mailbox"))
        assert send(found).given_up == 1
        [dead] = mails(found, "dead")
        assert dead.last_error == "550 no such mailbox"
        outbox.retry(found.store, dead.alert_id, NOW)
        send_until_done(found)
        assert len(mail_server.keys) == 1

    def test_a_message_that_fails_keeps_no_other(self, office: Office, mail_server: MailServer) -> None:
        office.gate.submission("s1", rows=ROWS, findings=[finding(), finding("f2", organisation_code="01", cell="B4")])
        office.desk().record()
        mail_server.behave = at("rcpt", once(1, "drop"))
        result = send(office)
        assert (result.sent, result.failed) == (1, 1)


class TestChannel:
    @pytest.fixture
    def noisy(self, office: Office) -> Office:
        """A finding told on the channel, with no mail server."""
        office.gate.submission("s1", rows=ROWS, findings=[finding()])
        office.desk().record()
        return office

    def test_it_gets_subject_and_text_under_its_key(self, noisy: Office, receiver: Receiver) -> None:
        assert send(noisy).sent == 1
        [(key, body)] = receiver.received
        [alert] = [one for one in outbox.alerts(noisy.store) if one.channel == "chat"]
        assert key == alert.alert_id
        assert "Cell B3 cannot be negative." in body.decode()

    @pytest.mark.parametrize("behaviour", [500, 503, 429, "drop", "stall"])
    def test_a_receiver_that_fails_gets_it_later_once(self, noisy: Office, receiver: Receiver, behaviour: Any) -> None:
        receiver.behave = once(2, behaviour, 200)
        assert send(noisy).failed == 1
        for round_ in range(1, 6):
            send(noisy, NOW + round_ * outbox.LONGEST_WAIT)
        assert len(receiver.received) == 1
        assert receiver.asked == 3

    @pytest.mark.parametrize("behaviour", [500, "drop", "stall"])
    def test_no_part_of_an_address_is_written_down(
        self, noisy: Office, receiver: Receiver, behaviour: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        receiver.behave = once(1, behaviour, 200)
        send(noisy)
        [alert] = [one for one in outbox.alerts(noisy.store) if one.channel == "chat"]
        assert alert.last_error
        kept = noisy.store.path.read_bytes() + noisy.store.path.with_name("desk.sqlite-wal").read_bytes()
        for text in (alert.last_error, caplog.text, kept.decode(errors="replace")):
            assert "s3cr3t-token" not in text
            assert "/hook/" not in text

    def test_an_address_that_is_none_says_only_its_variable(
        self, noisy: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TEST_CHAT_URL", "nonsense://s3cr3t-token/at/all")
        send(noisy)
        [alert] = [one for one in outbox.alerts(noisy.store) if one.channel == "chat"]
        assert alert.last_error == "TEST_CHAT_URL holds no address that Apprise knows"


class TestPasswords:
    def test_a_password_is_in_no_error(
        self, found: Office, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OUTTURN_SMTP_USER", "warehouse")
        monkeypatch.setenv("OUTTURN_SMTP_PASSWORD", "pa55word-of-the-warehouse")
        assert send(found).failed == 1  # the server offers no sign-in
        [alert] = mails(found)
        assert alert.last_error
        assert "pa55word" not in alert.last_error
        assert b"pa55word" not in found.store.path.read_bytes()


class TestWhen:
    def test_what_cannot_be_sent_waits_for_the_variable_and_is_one_message(
        self, office: Office, request: pytest.FixtureRequest
    ) -> None:
        for number in range(5):
            office.gate.submission(f"s{number}", rows=ROWS, findings=[finding(f"f{number}", cell=f"B{number}")])
            office.desk(NOW + timedelta(hours=number)).record()
            assert send(office).sent == 0
        server = request.getfixturevalue("mail_server")
        assert send(office).sent == 1
        assert len(server.keys) == 1

    def test_warnings_wait_for_the_digest(self, office: Office, mail_server: MailServer) -> None:
        office.gate.submission(
            "s1", rows=ROWS, findings=[finding(severity="WARN"), finding("f2", severity="WARN", cell="B4")]
        )
        office.desk().record()
        assert send(office).sent == 0
        tomorrow = datetime.fromisoformat("2026-03-05T07:30+07:00")
        assert send(office, tomorrow - timedelta(minutes=1)).sent == 0
        assert send(office, tomorrow).sent == 1
        assert "2 ô cần xác nhận" in mail_server.received[0]["Subject"]

    def test_what_was_settled_before_it_could_be_sent_is_not_sent(self, found: Office, mail_server: MailServer) -> None:
        found.gate.submission("s2", rows=[{"organisation_code": "31", "value": 50}], at=NOW + timedelta(days=1))
        found.desk().record()
        assert send(found).obsolete == 1
        assert mail_server.keys == []

    def test_waits_grow_and_differ(self) -> None:
        waits = [outbox.back_off(attempts) for attempts in (1, 2, 3, 20)]
        assert timedelta(seconds=15) <= waits[0] <= timedelta(seconds=30)
        assert waits[0] < waits[2] < waits[3] <= outbox.LONGEST_WAIT
        assert len({outbox.back_off(5) for _ in range(10)}) > 1


class TestSenders:
    def test_two_senders_send_each_alert_once(self, office: Office, mail_server: MailServer) -> None:
        from concurrent.futures import ThreadPoolExecutor

        from stewardship.store import Store

        office.gate.submission("s1", rows=ROWS, findings=[finding(), finding("f2", organisation_code="01", cell="B4")])
        office.desk().record()

        def one_sender(_: int) -> int:
            with Store(office.workspace.state.stewardship) as store:
                return send_due(store, office.workspace, now=lambda: NOW + timedelta(minutes=1)).sent

        with ThreadPoolExecutor(4) as threads:
            assert sum(threads.map(one_sender, range(4))) == 2
        assert len(mail_server.keys) == 2

    def test_a_sender_that_died_holds_its_alert_no_longer_than_its_lease(
        self, found: Office, mail_server: MailServer
    ) -> None:
        assert outbox.take(found.store, ["mail"], NOW + timedelta(minutes=1), "the one that dies")
        assert send(found, NOW + timedelta(minutes=2)).sent == 0
        assert send(found, NOW + timedelta(minutes=12)).sent == 1
        assert len(mail_server.keys) == 1
