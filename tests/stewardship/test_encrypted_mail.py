"""Mail goes out encrypted, to a server whose certificate is trusted, or not at all."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from stewardship.delivery.mail import MailServer, send_mail
from stewardship.delivery.message import DeliveryError, Message

from .conftest import _free_port

MESSAGE = Message(key="k1", subject="Ô B3", text="-50", html="<p>-50</p>")
NOW = datetime(2026, 4, 1, tzinfo=UTC)


class Taken:
    """What the server took over, and whether the line was encrypted."""

    def __init__(self) -> None:
        self.encrypted: list[bool] = []

    async def handle_DATA(self, smtp: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.encrypted.append(smtp.transport.get_extra_info("sslcontext") is not None or session.ssl is not None)
        return "250 OK"


@pytest.fixture
def serve(certificate: Path) -> Callable[[str], Any]:
    @contextmanager
    def running(security: str) -> Iterator[tuple[MailServer, Taken]]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        offered: dict[str, Any] = {
            "tls": {"ssl_context": context},
            "starttls": {"tls_context": context, "require_starttls": True},
            "plain": {},
        }[security]
        taken, port = Taken(), _free_port()
        controller = Controller(taken, hostname="127.0.0.1", port=port, **offered)
        controller.start()
        wanted = "starttls" if security == "plain" else security
        try:
            yield MailServer("127.0.0.1", port, "", "", "Outturn <o@example.org>", wanted, 2, 5), taken
        finally:
            controller.stop()

    return running


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_trusted_server_gets_it_over_an_encrypted_line(
    serve: Any, certificate: Path, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(security) as (server, taken):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        send_mail(server, MESSAGE, "hp@example.org", NOW)
        assert taken.encrypted == [True]


@pytest.mark.parametrize(
    ("security", "reason"), [("tls", "certificate"), ("starttls", "certificate"), ("plain", "STARTTLS")]
)
def test_one_that_is_not_trusted_or_offers_no_encryption_gets_nothing(serve: Any, security: str, reason: str) -> None:
    with serve(security) as (server, taken):
        with pytest.raises(DeliveryError, match=reason) as refused:
            send_mail(server, MESSAGE, "hp@example.org", NOW)
        assert not refused.value.for_good  # mended in the environment, it goes out then
        assert taken.encrypted == []
