"""Formulas of published figures: what is asked, what is let pass, and at which row a broken one is found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from expectations.release import judge
from expectations.rules import RuleBook, load_rule_book
from expectations.rules.model import Check, Formulas, Rule

#: 120 for 10 and 180 for 12: a unit cost of 12 and 15; 27 by volume, 33 by price.
CLEAN = """
create schema core; create schema marts;
create table core.dim_ratio as select 'R' as ratio_code, 'x' as unit;
create table marts.mart_price_volume as
    select 'R' as ratio_code, '01' as organisation_code, '_T' as target_group_code, 'year_before' as comparison,
        '2025' as period_to, 'as_was' as structure, 120.0::double as cost_from, 180.0::double as cost_to,
        10.0::double as volume_from, 12.0::double as volume_to, 12.0::double as unit_cost_from,
        15.0::double as unit_cost_to, 33.0::double as price_effect, 27.0::double as volume_effect,
        60.0::double as total_change, 'x' as unit;
"""


def judged(folder: Path, fault: str, book: RuleBook, *rules: str) -> set[tuple[str, str, str]]:
    path = folder / "outturn.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(CLEAN + fault)
    verdict = judge(path, rule_book=replace(book, rules={rule: book.rules[rule] for rule in rules}, overrides=()))
    assert verdict.passed is not bool(verdict.findings)
    return {(one["sheet"], one["cell"], one["observed"]) for one in verdict.findings}


@pytest.mark.parametrize(
    ("fault", "broken"),
    [
        ("", set()),
        ("update marts.mart_price_volume set volume_effect = volume_effect * (1 + 1e-12)", set()),
        ("update marts.mart_price_volume set unit_cost_to = 15.1", {"unit_cost_to", "volume_effect"}),
        ("update marts.mart_price_volume set total_change = null", {"total_change", "price_effect"}),
        ("update marts.mart_price_volume set volume_from = 0", {"unit_cost_from", "volume_effect"}),
        ("alter table marts.mart_price_volume drop column unit_cost_to", set()),
    ],
)
def test_a_column_must_be_what_its_formula_gives(tmp_path: Path, fault: str, broken: set[str]) -> None:
    found = judged(tmp_path, fault, load_rule_book(), "PUB-02")
    row = "R 01 _T year_before 2025 as_was"
    assert found == {("marts.mart_price_volume", f"{column}: {row}", "1") for column in broken}


@pytest.mark.parametrize(
    ("formulas", "broken"),
    [
        ({"holds": {"positive": "mart.cost_from > 0"}}, set()),
        ({"holds": {"positive": "mart.cost_from < 0"}}, {"positive"}),
        # what is not known does not break a condition
        ({"holds": {"positive": "null::boolean"}}, set()),
        ({"equals": {"unit": "ratio.unit"}}, set()),
        ({"equals": {"unit": "'y'"}}, {"unit"}),
        (
            {
                "windows": "all_rows as (partition by mart.ratio_code)",
                "equals": {"cost_from": "sum(mart.cost_from) over all_rows"},
            },
            set(),
        ),
        ({"equals": {"cost_from": "mart.no_such_column"}, "holds": {"positive": "mart.cost_to < 0"}}, {"positive"}),
    ],
)
def test_formulas_read_what_is_joined(tmp_path: Path, formulas: dict[str, dict[str, str]], broken: set[str]) -> None:
    check = Check(
        kind="formula",
        gate="release",
        severity="BLOCK",
        formulas=Formulas(
            mart="mart_price_volume",
            row=("ratio_code", "organisation_code"),
            joined="left join warehouse.core.dim_ratio as ratio on ratio.ratio_code = mart.ratio_code",
            **formulas,
        ),
    )
    text = {"vi": "{observed} {expected}", "en": "{observed} {expected}"}
    rule = Rule(id="OWN-01", title=text, message=text, route=("IT",), rationale="A formula.", checks=(check,))
    found = judged(tmp_path, "", RuleBook({"OWN-01": rule}), "OWN-01")
    assert {cell.split(":")[0] for _, cell, _ in found} == broken


def test_a_check_whose_table_is_not_there_says_that_it_did_not_run(tmp_path: Path) -> None:
    path = tmp_path / "outturn.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(CLEAN)
    book = load_rule_book()
    verdict = judge(path, rule_book=replace(book, rules={"PUB-02": book.rules["PUB-02"]}, overrides=()))
    assert {"PUB-02/target", "PUB-02/ratio"} <= set(verdict.skipped)
    assert "PUB-02/price_volume" not in verdict.skipped
