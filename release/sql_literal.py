"""Text and paths inside the quotes of an SQL literal."""

from __future__ import annotations

from pathlib import Path


def escaped(text: str | Path) -> str:
    """The text with its quotes doubled, to stand between two quotes."""
    return str(text).replace("'", "''")
