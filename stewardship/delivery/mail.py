"""Mail by SMTP: plain text and HTML side by side, attachments, and a Message-ID that a second attempt repeats.

Not by Apprise, because its mail takes no Message-ID, and without one a receiver cannot tell a repeat (RFC 5322 3.6.4).
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import Any

from ingest.workspace.stewards import Mail
from stewardship.delivery.message import DeliveryError, Message
from stewardship.delivery.patience import ANSWER_SECONDS, WHOLE_SECONDS, TooLongError, within
from stewardship.delivery.redaction import variable, without_secrets

_PORTS = {"starttls": 587, "tls": 465, "none": 25}


class _WholeWords(EmailPolicy):
    """Folds a long subject without losing the spaces between encoded words (python/cpython #92081)."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        text = str(value)
        if name.lower() == "subject" and not text.isascii():
            return (
                f"{name}: {Header(text, 'utf-8', header_name=name).encode(linesep=self.linesep)}{self.linesep}".encode()
            )
        return super().fold_binary(name, value)


@dataclass(frozen=True)
class MailServer:
    """The server, the account and the sender, read from the environment; no field of it is ever printed."""

    host: str = field(repr=False)
    port: int = field(repr=False)
    user: str = field(repr=False)
    password: str = field(repr=False)
    sender: str = field(repr=False)
    security: str = "starttls"
    answer_seconds: float = ANSWER_SECONDS
    whole_seconds: float = WHOLE_SECONDS

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.password, self.user)


def mail_server(settings: Mail) -> MailServer | None:
    """The server that the environment names; None where it names none. Raises ``DeliveryError`` if it cannot be one."""
    host = variable(settings.host_from)
    if not host:
        return None
    port = variable(settings.port_from) or str(_PORTS[settings.security])
    if not port.isdigit():
        raise DeliveryError(f"{settings.port_from} is no port number")
    sender = variable(settings.sender_from)
    if "@" not in parseaddr(sender)[1]:
        raise DeliveryError(f"{settings.sender_from} holds no address to send mail from")
    user, password = variable(settings.user_from), variable(settings.password_from)
    return MailServer(host, int(port), user, password, sender, settings.security)


def compose(message: Message, *, sender: str, to: str, now: datetime) -> EmailMessage:
    """The mail (RFC 5322) of a message."""
    mail = EmailMessage(policy=_WholeWords(linesep="\r\n"))
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    mail["Message-ID"] = f"<{message.key}@{domain}>"
    mail["Date"] = format_datetime(now)
    mail["From"], mail["To"], mail["Subject"] = sender, to, message.subject
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    for attachment in message.attachments:
        maintype, _, subtype = attachment.media_type.partition("/")
        mail.add_attachment(attachment.content, maintype=maintype, subtype=subtype, filename=attachment.name)
    return mail


def send_mail(server: MailServer, message: Message, to: str, now: datetime) -> None:
    """Hand the mail to the server. Returns once the server has taken it over (250); raises ``DeliveryError`` else."""
    mail = compose(message, sender=server.sender, to=to, now=now)
    connections: list[smtplib.SMTP] = []

    def give_up() -> None:
        for connection in connections:
            connection.close()

    try:
        within(server.whole_seconds, lambda: _deliver(server, mail, to, connections), give_up)
    except smtplib.SMTPRecipientsRefused as error:
        [(code, said)] = list(error.recipients.values()) or [(0, b"")]
        raise DeliveryError(_said(server, code, said), for_good=500 <= code < 600) from None
    except smtplib.SMTPResponseException as error:
        # a server that refuses our account or sender is mended in the environment, and the message then goes out
        for_good = isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600
        raise DeliveryError(_said(server, error.smtp_code, error.smtp_error), for_good=for_good) from None
    except (smtplib.SMTPException, OSError, TooLongError, ValueError) as error:
        reason = without_secrets(f"{type(error).__name__}: {error}", server.secrets)
        raise DeliveryError(reason) from None


def _deliver(server: MailServer, mail: EmailMessage, to: str, connections: list[smtplib.SMTP]) -> None:
    context = ssl.create_default_context()
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(timeout=server.answer_seconds, context=context)
    else:
        smtp = smtplib.SMTP(timeout=server.answer_seconds)
    connections.append(smtp)
    smtp._host = server.host  # type: ignore[attr-defined]  # what TLS checks the certificate against (smtplib, connect)
    try:
        code, answer = smtp.connect(server.host, server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, answer)
        if server.security == "starttls":
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password)
        smtp.send_message(mail, parseaddr(server.sender)[1], [to])
    finally:
        # once the mail is taken over, what goes wrong in saying goodbye is no failure
        smtp.close()


def _said(server: MailServer, code: int, reason: bytes | str) -> str:
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    return without_secrets(f"{code} {text}".strip(), server.secrets)
