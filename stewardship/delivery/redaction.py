"""Addresses and passwords come from the environment; whatever is written down about a delivery has them taken out.

An Apprise address holds its tokens in any part (``slack://TokenA/TokenB``), so every part of it is a secret.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus, unquote

HIDDEN = "***"
#: Shorter parts (``v1``, a port) say nothing, and hiding them would make an error unreadable.
SHORTEST = 5


def variable(name: str) -> str:
    """The value of an environment variable; empty where it is not set."""
    return os.environ.get(name, "").strip()


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    """The text without any of the secrets, or any part of one that is an address, however encoded."""
    hidden = {form for secret in secrets for part in _parts(secret) for form in _forms(part)}
    for form in sorted(hidden, key=len, reverse=True):
        text = text.replace(form, HIDDEN)
    return text


def _parts(secret: str) -> set[str]:
    if not secret:
        return set()
    parts = {secret}
    if "://" in secret:
        parts |= {part for part in re.split(r"[/:@?&=#,;+]+", secret.partition("://")[2]) if len(part) >= SHORTEST}
    return parts


def _forms(part: str) -> set[str]:
    return {part, quote(part, safe=""), quote_plus(part), unquote(part)} - {""}
