"""Secrets from the environment: put where the API wants them, and taken out of everything that is written down."""

from __future__ import annotations

import base64
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

from ingest.fetch.problem import FetchError
from ingest.fetch.spec import Credentials

HIDDEN = "***"
#: httpx writes every address, with all its parameters, to its log.
TALKATIVE = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy")


@dataclass(frozen=True)
class Secrets:
    """What to send, and what never to show."""

    headers: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    values: tuple[str, ...] = ()

    def hide(self, text: str) -> str:
        """The text without any secret, however it is encoded there."""
        for value in self.values:
            for form in (value, quote(value, safe=""), quote_plus(value)):
                text = text.replace(form, HIDDEN)
        return text

    def __repr__(self) -> str:
        return "Secrets(***)"


def from_environment(credentials: Credentials | None) -> Secrets:
    """Read the variables that the source file names. Raises ``FetchError`` if one is not set."""
    if credentials is None:
        return Secrets()
    if credentials.user_env and credentials.password_env:
        user, password = _variable(credentials.user_env), _variable(credentials.password_env)
        pair = base64.b64encode(f"{user}:{password}".encode()).decode()
        return Secrets({"Authorization": f"Basic {pair}"}, {}, (pair, password))
    if credentials.header:
        secret = _header_value(credentials.env or "")
        sent = f"{credentials.scheme} {secret}" if credentials.scheme else secret
        return Secrets({credentials.header: sent}, {}, (secret,))
    secret = _variable(credentials.env or "")
    return Secrets({}, {credentials.parameter or "": secret}, (secret,))


def _variable(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise FetchError(
            "configuration", f"biến môi trường {name} chưa được đặt.", f"the environment variable {name} is not set."
        )
    return value


def _header_value(name: str) -> str:
    """HTTP headers take visible ASCII; a library's own complaint about others would show the secret."""
    value = _variable(name)
    if not (value.isascii() and value.isprintable()):
        raise FetchError(
            "configuration",
            f"biến môi trường {name} có ký tự không gửi được trong tiêu đề HTTP.",
            f"the environment variable {name} holds characters that an HTTP header cannot carry.",
        )
    return value


@contextmanager
def silent_transport(secrets: Secrets) -> Iterator[None]:
    """Keep the HTTP library from logging addresses that hold a secret."""
    if not secrets.values:
        yield
        return

    def hide(record: logging.LogRecord) -> bool:
        record.msg, record.args = secrets.hide(record.getMessage()), ()
        return True

    loggers = [logging.getLogger(name) for name in TALKATIVE]
    for logger in loggers:
        logger.addFilter(hide)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(hide)
