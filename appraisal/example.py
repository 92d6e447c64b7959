"""Synthetic persons for trying the engine out: numbered, drawn with a fixed seed, in organisations made up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

from appraisal.scheme import scheme_for
from appraisal.scoring import Inputs, WorkItem
from appraisal.vault import Vault

PERIOD = ("2026-Q1", date(2026, 3, 31))
ORGANISATIONS = {"EX-A": 27, "EX-B": 12, "EX-C": 3}


def fill(vault: Vault, seed: int = 335) -> int:
    """Score the synthetic staff of three organisations for a quarter; returns how many."""
    draw = Random(seed)  # noqa: S311 - fictional persons, not secrets
    scheme = scheme_for("staff", PERIOD[1])
    scored = 0
    for organisation, size in ORGANISATIONS.items():
        for number in range(size):
            effort = draw.choice((0, 1, 1, 1, 1, 2, 2, 3))
            items = tuple(
                WorkItem(
                    Decimal(draw.choice((1, 1, 2, 3))),
                    is_completed=draw.random() > 0.08 * effort,
                    quality_failures=int(draw.random() < 0.07 * effort),
                    delays=int(draw.random() < 0.1 * effort),
                )
                for _ in range(20)
            )
            inputs = Inputs(items, general_points=Decimal(30 - 2 * effort - draw.randrange(3)))
            person = vault.person_key(f"synthetic/{organisation}/{number}")
            vault.record(person, organisation, "specialist", PERIOD, scheme, inputs)
            scored += 1
        vault.grant("example", organisation)
    return scored
