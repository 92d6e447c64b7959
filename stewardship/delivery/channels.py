"""Everything that is not the desk's own mail, by Apprise: Teams, Slack, Telegram, webhooks, other mail services."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from urllib.parse import quote

from ingest.workspace.stewards import AlertChannel
from stewardship.delivery.message import DeliveryError, Message
from stewardship.delivery.patience import ANSWER_SECONDS, WHOLE_SECONDS, TooLongError, within
from stewardship.delivery.redaction import variable, without_secrets

#: Services that take headers of one's own: the key goes with the request (draft-ietf-httpapi-idempotency-key-header).
_WITH_HEADERS = ("json", "jsons", "xml", "xmls", "form", "forms")
_TALKATIVE = ("apprise", "urllib3", "requests")


def is_set(channel: AlertChannel) -> bool:
    """Whether the environment holds an address for the channel."""
    return bool(variable(channel.address_from))


def send_by_apprise(
    channel: AlertChannel,
    message: Message,
    *,
    answer_seconds: float = ANSWER_SECONDS,
    whole_seconds: float = WHOLE_SECONDS,
) -> None:
    """Send subject and plain text. Returns once the service has taken it over; raises ``DeliveryError`` else."""
    import apprise

    secret = variable(channel.address_from)
    address = _address(secret, channel.kind, message.key, answer_seconds)
    sender = apprise.Apprise()
    with _own_log() as log:
        try:
            added = sender.add(address)
        except Exception as error:  # noqa: BLE001 - whatever Apprise's plug-ins raise, the address must not show
            raise DeliveryError(without_secrets(f"{type(error).__name__}: {error}", (secret, address))) from None
        if not added:
            raise DeliveryError(f"{channel.address_from} holds no address that Apprise knows")
        try:
            taken = within(
                whole_seconds,
                lambda: sender.notify(title=message.subject, body=message.text, body_format="text"),
                _nothing,
            )
        except TooLongError as error:
            raise DeliveryError(str(error)) from None
        except Exception as error:  # noqa: BLE001 - as above
            raise DeliveryError(without_secrets(f"{type(error).__name__}: {error}", (secret, address))) from None
    if not taken:
        said = " ".join(log.getvalue().split()) or "not accepted"
        raise DeliveryError(without_secrets(said, (secret, address)))


def _nothing() -> None:
    """Apprise offers no way to break off; its own time limits end it."""


def _address(secret: str, kind: str, key: str, answer_seconds: float) -> str:
    address = secret
    if kind == "webhook":
        scheme, separator, rest = secret.partition("://")
        if separator and scheme in {"http", "https"}:
            address = f"{'jsons' if scheme == 'https' else 'json'}://{rest}"
    options = [f"cto={answer_seconds:g}", f"rto={answer_seconds:g}"]
    if address.partition("://")[0].lower() in _WITH_HEADERS:
        options.append(f"+Idempotency-Key={quote(key, safe='')}")
    return f"{address}{'&' if '?' in address else '?'}{'&'.join(options)}"


@contextmanager
def _own_log() -> Iterator[StringIO]:
    """What Apprise says goes to us alone: its log holds addresses."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setLevel(logging.WARNING)
    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    before = [(logger.propagate, list(logger.handlers)) for logger in loggers]
    for logger in loggers:
        logger.propagate = False
        logger.handlers = []
    loggers[0].addHandler(handler)
    try:
        yield stream
    finally:
        for logger, (propagate, handlers) in zip(loggers, before, strict=True):
            logger.propagate, logger.handlers = propagate, handlers
