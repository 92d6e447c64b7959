"""A server whose certificate nobody has vouched for; the plain ones are those of all tests."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def self_signed(certificate: Path, new_server: Any) -> Iterator[str]:
    """Address of an https server whose certificate nobody has vouched for."""
    running = new_server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    running.wrap(context)
    yield running.url.replace("http:", "https:")
    running.stop()
