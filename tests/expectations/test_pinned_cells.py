"""Where sums cross, one wrong cell holds back itself; where nothing crosses, all that was added up waits."""

from __future__ import annotations

import pytest
from plants import II06, printed_total
from tidy_tables import Row, tidy_row

from .conftest import Court

PROVINCES = {"01": "Hà Nội", "02": "Hải Phòng", "03": "Đà Nẵng"}
#: Received, resolved, pending of each province: columns C to E, lines 5 to 7; received is the sum of the other two.
FIGURES = {"01": (123, 80, 43), "02": (250, 211, 39), "03": (377, 301, 76)}
CODES = ("RECEIVED", "RESOLVED", "PENDING")


def table(**cells: float) -> list[Row]:
    rows = []
    for line, (code, figures) in enumerate(FIGURES.items(), start=5):
        for column, indicator, figure in zip("CDE", CODES, figures, strict=True):
            cell = f"{column}{line}"
            rows.append(
                tidy_row(
                    cell=cell,
                    value=cells.get(cell, figure),
                    indicator_code=indicator,
                    organisation_code=code,
                    organisation_label=PROVINCES[code],
                )
            )
    return rows


def totals(**cells: float) -> list[Row]:
    """Line 4: what the form prints as the sum of each column."""
    sums = [sum(column) for column in zip(*FIGURES.values(), strict=True)]
    return [
        printed_total(cells.get(f"{column}4", total)) | {"cell": f"{column}4", "indicator_code": code}
        for column, code, total in zip("CDE", CODES, sums, strict=True)
    ]


@pytest.mark.parametrize(
    ("wrong", "printed", "rules", "found", "held"),
    [
        # the column D and the identity of line 6 fail by the same 100 and share D6
        ({"D6": 311}, {}, II06, {("SUM-01", "D4", "∑ 692 (D6: 211?)"), ("SUM-03", "C6", "(D6: 211?)")}, {"D6"}),
        # nothing crosses, but one cell ten times smaller makes the column right
        ({"D6": 2110}, {}, None, {("SUM-01", "D4", "∑ 2491 (D6: 211?)")}, {"D6"}),
        # nothing crosses and no power of ten explains it: the whole column waits
        ({"D6": 311}, {}, None, {("SUM-01", "D4", "∑ 692")}, {"D5", "D6", "D7"}),
        # every figure of the column stands in an identity that holds: it is the printed total that is wrong
        ({}, {"D4": 692}, II06, {("SUM-01", "D4", "∑ 592 (D4?)")}, set()),
        ({}, {"D4": 5920}, None, {("SUM-01", "D4", "∑ 592 (D4?)")}, set()),
        ({}, {"D4": 692}, None, {("SUM-01", "D4", "∑ 592")}, {"D5", "D6", "D7"}),
        # two errors: the column is off by both, the lines by one each; nothing is let go that may be wrong
        (
            {"D5": 180, "D6": 411},
            {},
            II06,
            {("SUM-01", "D4", "∑ 892"), ("SUM-03", "C5", ""), ("SUM-03", "C6", "")},
            {"C5", "C6", "D5", "D6", "D7", "E5", "E6"},
        ),
        ({}, {}, II06, set(), set()),
    ],
)
def test_what_is_found_and_what_waits(
    judge_rows: Court,
    wrong: dict[str, float],
    printed: dict[str, float],
    rules: str | None,
    found: set[tuple[str, str, str]],
    held: set[str],
) -> None:
    verdict = judge_rows(table(**wrong), totals=totals(**printed), rules=rules)
    seen = {(row["rule_id"], row["cell"]): row["expected"] for row in verdict.findings.to_pylist()}
    assert seen.keys() == {(rule, cell) for rule, cell, _ in found}
    assert all(seen[rule, cell].endswith(words) for rule, cell, words in found), seen
    assert set(verdict.quarantine().column("cell").to_pylist()) == held
    assert set(verdict.accepted().column("cell").to_pylist()) == {f"{c}{n}" for c in "CDE" for n in (5, 6, 7)} - held
