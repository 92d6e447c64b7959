"""Random numbers that depend on the seed and on what they are for, and on nothing drawn before."""

from __future__ import annotations

from random import Random


def stream(seed: int, *key: object) -> Random:
    """A generator of its own for ``key``: a figure added elsewhere shifts no other figure."""
    return Random("|".join(str(part) for part in (seed, *key)))


def wobble(seed: int, spread: float, *key: object) -> float:
    """A factor around 1: uniform in [1 - spread, 1 + spread]."""
    return 1 + spread * (2 * stream(seed, *key).random() - 1)
