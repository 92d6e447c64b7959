"""Every check finds its planted fault, in the right cell, and says nothing about the clean twin.

Plants that need nothing special are judged together, each in a submission and among organisations of its own: that is
fast, and shows that neither disturbs the other. Plants with a registry, rules, history or files of their own are judged
alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from plants import PLANTS, Plant
from tidy_tables import ORGANISATIONS, Row, moved, organisations, submission

from expectations.rules import CheckKind, Gate, load_rule_book

from .conftest import Court, found

Seen = set[tuple[str, str | None]]
NAMES = [f"{number}-{plant.name}" for number, plant in enumerate(PLANTS)]


def is_ordinary(plant: Plant) -> bool:
    return not (plant.registry or plant.rules or plant.history) and list(plant.submissions) == [submission()]


@pytest.fixture(scope="module")
def seen(judge_rows_once: Court) -> dict[int, tuple[Seen, Seen]]:
    """What was found in the faulty and in the clean rows, by plant."""
    rows: list[Row] = []
    totals: list[Row] = []
    submissions: list[Row] = []
    registered: list[Mapping[str, Any]] = list(ORGANISATIONS)
    for number, plant in enumerate(PLANTS):
        if is_ordinary(plant):
            variants = {"f": (plant.faulty, plant.totals), "c": (plant.clean, plant.clean_totals or ())}
            for letter, (own, own_totals) in variants.items():
                identity = f"{letter}{number:015d}"
                rows += moved(own, identity)
                totals += moved(own_totals, identity)
                submissions.append(submission(identity))
                registered += organisations(identity)
    together = found(
        judge_rows_once(rows, totals=totals, submissions=submissions, registry={"organisations": registered})
    )
    result = {
        number: (together.get(f"f{number:015d}", set()), together.get(f"c{number:015d}", set()))
        for number in range(len(PLANTS))
    }
    for number, plant in enumerate(PLANTS):
        if not is_ordinary(plant):
            result[number] = _judged_alone(plant, judge_rows_once)
    return result


def _judged_alone(plant: Plant, judge_rows: Court) -> tuple[Seen, Seen]:
    shared = {"history": plant.history, "registry": plant.registry, "rules": plant.rules}
    faulty = judge_rows(plant.faulty, totals=plant.totals, submissions=plant.submissions, **shared)
    clean = judge_rows(
        plant.clean, totals=plant.clean_totals or (), submissions=plant.clean_submissions or plant.submissions, **shared
    )
    return (set().union(*found(faulty).values()), set().union(*found(clean).values()))


@pytest.mark.parametrize("number", range(len(PLANTS)), ids=NAMES)
def test_planted_error_is_found_and_nothing_else(number: int, seen: dict[int, tuple[Seen, Seen]]) -> None:
    in_faulty, in_clean = seen[number]
    assert in_faulty == set(PLANTS[number].expected)
    assert in_clean == set()


def test_precision_and_recall_over_the_library(seen: dict[int, tuple[Seen, Seen]]) -> None:
    planted = hits = false_alarms = 0
    for plant, (in_faulty, in_clean) in zip(PLANTS, seen.values(), strict=True):
        expected = set(plant.expected)
        planted += len(expected)
        hits += len(expected & in_faulty)
        false_alarms += len(in_faulty - expected) + len(in_clean)
    recall, precision = hits / planted, hits / (hits + false_alarms)
    print(f"\nrule library: {planted} planted faults, recall {recall:.3f}, precision {precision:.3f}")
    assert (recall, precision) == (1.0, 1.0)


def test_every_check_that_reads_rows_has_a_plant() -> None:
    planted = {check for plant in PLANTS for check, _ in plant.expected}
    checks = {
        rule.check_id(check) for rule, check in load_rule_book().checks(Gate.INTAKE, CheckKind.ROW, CheckKind.SET)
    }
    assert checks - planted == set()
