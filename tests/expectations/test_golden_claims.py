"""Published figures of this very domain and what is found wrong in them (domain.md 0.8, 12): GF-18 to GF-23."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from plants import groups, ratio_claim
from tidy_tables import ORGANISATIONS, Row, moved, organisations, submission

from .conftest import Court

#: Check, severity, what was found, what was expected.
Finding = tuple[str, str, str, str]
#: Numerator, denominator, claim → what is found.
CLAIMS: dict[str, tuple[int, int, str, list[Finding]]] = {
    "GF-18": (4818, 5421, "37.31", [("RAT-04/differs", "WARN", "37.31", "88.8766 (OTHER)")]),
    "GF-19": (2371, 6974, "33.9", [("RAT-04/truncated", "INFO", "33.9", "33.9977 (TRUNCATED)")]),
    "GF-20 63.1": (3085, 4888, "63.1", []),
    "GF-20 32.5": (2269, 6974, "32.5", []),
    "GF-20 62.8": (3071, 4888, "62.8", []),
    "GF-23": (470, 470, "94.19", [("RAT-04/differs", "WARN", "94.19", "100.0000 (OTHER: 470/499 → 94.19)")]),
}
PARTS_OF_628 = {"A": 304, "B": 20, "C": 2, "D": 146}
PARTS_OF_144 = {"A": 139, "B": 3, "C": 2, "D": 0}


def judged(court: Court, cases: Mapping[str, Sequence[Row]], relation: str = "partition") -> dict[str, list[Finding]]:
    """What is found in each case, all judged at once, each in a submission and with organisations of its own."""
    names = {f"c{number:015d}": name for number, name in enumerate(cases)}
    places = tuple(
        {"dimension": "PLACE", "code": code, "name_vi": code, "name_en": code, "relation": relation} for code in "ABCD"
    )
    verdict = court(
        [row for identity, name in names.items() for row in moved(cases[name], identity)],
        submissions=[submission(identity) for identity in names],
        registry={
            "target_groups": places,
            "organisations": [*ORGANISATIONS, *(row for identity in names for row in organisations(identity))],
        },
    )
    found: dict[str, list[Finding]] = {name: [] for name in cases}
    for identity, *finding in verdict.connection.execute(
        "select submission_id, check_id, severity, observed, expected from finding"
    ).fetchall():
        found[names[identity]].append((finding[0], finding[1], finding[2], finding[3]))
    return found


@pytest.fixture(scope="module")
def claims(judge_rows_once: Court) -> dict[str, list[Finding]]:
    return judged(judge_rows_once, {name: ratio_claim(*case[:3]) for name, case in CLAIMS.items()})


@pytest.mark.parametrize("case", CLAIMS)
def test_a_claim_is_recomputed_and_what_went_wrong_is_named(case: str, claims: dict[str, list[Finding]]) -> None:
    assert claims[case] == CLAIMS[case][3]


def test_gf_21_parts_of_a_partition_miss_156_and_gf_22_passes(judge_rows_once: Court) -> None:
    cases = {"628": groups("PLACE", 628, PARTS_OF_628), "144": groups("PLACE", 144, PARTS_OF_144)}
    assert judged(judge_rows_once, cases) == {"628": [("SUM-01/material", "QUARANTINE", "628", "∑ 472")], "144": []}


def test_gf_21_as_of_which_the_same_parts_pass(judge_rows_once: Court) -> None:
    assert judged(judge_rows_once, {"628": groups("PLACE", 628, PARTS_OF_628)}, "of_which") == {"628": []}
