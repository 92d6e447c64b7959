"""Rules are data: read strictly, all errors at once, and the README lists them as they are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from expectations.rules import Override, RuleError, load_rule_book
from expectations.rules.book import CheckInForce, checks_in_force
from expectations.rules.listing import README, rule_table
from expectations.rules.model import CheckKind, Gate
from expectations.rules.scope import Scope

ROOT = Path(__file__).parents[2]
RULE = """
rules:
  - id: OWN-01
    expectation: ExpectOwnRuleToHold
    title: {vi: Quy tắc riêng, en: Own rule}
    message: {vi: "Ô {cell}: {observed}", en: "Cell {cell}: {observed}"}
    route: [SU]
    rationale: Because.
    checks:
      - {kind: row, severity: WARN, predicate: tidy.value > $most, thresholds: {most: 5}}
"""


def workspace(folder: Path, content: str) -> Path:
    (folder / "own.yml").write_text(content, encoding="utf-8")
    return folder


def test_every_rule_speaks_both_languages_and_names_who_mends_it() -> None:
    for rule in load_rule_book().rules.values():
        assert rule.message.vi != rule.message.en
        assert rule.title.vi != rule.title.en
        assert rule.route or all(check.severity == "INFO" for check in rule.checks), rule.id


def test_a_workspace_adds_a_rule(tmp_path: Path) -> None:
    assert load_rule_book(workspace(tmp_path, RULE)).rules["OWN-01"].checks[0].thresholds == {"most": Decimal(5)}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (RULE.replace("OWN-01", "VAL-01"), "rule VAL-01 exists already"),
        (RULE.replace("{observed}", "{observd}"), "the message names \\['observd'\\]"),
        (RULE.replace("$most", "$least"), "thresholds used and thresholds declared differ"),
        (RULE.replace("severity: WARN", "severity: BAD"), "severity"),
        (RULE.replace("rationale: Because.", ""), "rationale"),
        (RULE.replace("predicate: tidy.value > $most", "query: select 1"), "needs predicate"),
        ("additions: [{id: OWN-09, checks: [{kind: reader, severity: BLOCK}]}]", "there is no such rule"),
        ("overrides: [{rule: VAL-01, thresholds: {most: 1}, rationale: x}]", "no threshold most"),
        ("overrides: [{rule: OWN-09, rationale: x}]", "there is no such rule"),
        ("rules: [", "not valid YAML"),
    ],
    ids=[
        "known id",
        "unknown placeholder",
        "undeclared threshold",
        "unknown severity",
        "no rationale",
        "wrong kind",
        "addition to nothing",
        "override of no threshold",
        "override of no rule",
        "broken YAML",
    ],
)
def test_a_faulty_rule_file_is_refused_with_its_name(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        load_rule_book(workspace(tmp_path, content))


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("rules: [", encoding="utf-8")
    (tmp_path / "b.yml").write_text("wrong_key: 1", encoding="utf-8")
    with pytest.raises(RuleError, match=r"(?s)a\.yml.*b\.yml"):
        load_rule_book(tmp_path)


def in_force(rule: str, source: str, *overrides: Override) -> CheckInForce:
    book = load_rule_book().with_overrides(overrides)
    return next(c for c in checks_in_force(book, Gate.INTAKE, source, CheckKind.SET) if c.rule.id == rule)


def test_the_most_specific_threshold_wins() -> None:
    def of(value: int, **scope: Any) -> Override:
        return Override(rule="COPY-01", thresholds={"least_cells": Decimal(value)}, rationale="x", **scope)

    overrides = (
        of(6, indicator="I'"),
        of(5, source="s"),
        of(4),
        of(7, frequency="M"),
        of(8, organisation_level="commune"),
    )
    check = in_force("COPY-01", "s", *overrides)
    assert check.threshold_sql("least_cells", Scope()) == (
        "(case when indicator_code = 'I''' then 6 when organisation_level = 'commune' then 8 "
        "when frequency = 'M' then 7 else 5 end)"
    )
    assert in_force("COPY-01", "t", of(4), of(5, source="s")).threshold_sql("least_cells", Scope()) == "4"
    assert {v["least_cells"] for v in check.threshold_variants()} == {5, 6, 7, 8}


def test_of_two_as_specific_the_later_wins_from_its_day_on() -> None:
    def of(value: int, **scope: Any) -> Override:
        return Override(rule="COPY-01", thresholds={"least_cells": Decimal(value)}, rationale="x", **scope)

    check = in_force("COPY-01", "s", of(6, valid_from=date(2025, 1, 1)), of(5, valid_from=date(2024, 1, 1)))
    assert check.threshold_sql("least_cells", Scope()) == (
        "(case when period_start >= date '2025-01-01' then 6 when period_start >= date '2024-01-01' then 5 else 10 end)"
    )


def test_a_rule_over_whole_tables_cannot_differ_by_part_of_the_data() -> None:
    with pytest.raises(RuleError, match="cannot differ by part"):
        load_rule_book().with_overrides([Override(rule="VOL-02", frequency="M", rationale="x")])


SQL_RULE = """-- id: OWN-02
-- title: {vi: Quy tắc riêng, en: Own rule}
-- message: {vi: "Ô {cell}: {observed}", en: "Cell {cell}: {observed}"}
-- route: [SU]
-- rationale: Because.
-- kind: set
-- severity: WARN
-- thresholds: {most: 5}
select [row_id] as row_ids, number_text(value) as observed, '5' as expected from sound where value > $most
"""


def test_a_rule_may_be_a_query_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "own.sql").write_text(SQL_RULE, encoding="utf-8")
    rule = load_rule_book(tmp_path).rules["OWN-02"]
    assert rule.expectation == "ExpectOwn02ToHold"
    assert (rule.checks[0].query or "").startswith("select [row_id]")


def test_a_rule_may_name_a_query_beside_it(tmp_path: Path) -> None:
    (tmp_path / "most.sql").write_text("tidy.value > $most", encoding="utf-8")
    book = load_rule_book(workspace(tmp_path, RULE.replace("predicate: tidy.value > $most", "sql: most.sql")))
    assert book.rules["OWN-01"].checks[0].predicate == "tidy.value > $most"
    assert book.places["OWN-01"] == "own.yml:3"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"own.yml": RULE.replace("predicate: tidy.value > $most", "sql: most.sql")},
            r"own\.yml:\d+: there is no file most\.sql",
        ),
        ({"lost.sql": "select 1"}, r"lost\.sql:1: no rule uses this query"),
        (
            {"own.yml": RULE.replace("severity: WARN", "severity: BAD")},
            r"own\.yml:10:\d+: rules\.1\.checks\.1\.severity",
        ),
        (
            {"own.sql": SQL_RULE.replace("$most", "$least")},
            r"own\.sql:1:1: .*thresholds used and thresholds declared differ",
        ),
    ],
    ids=["missing query", "query that no rule uses", "unknown severity", "undeclared threshold in SQL"],
)
def test_errors_name_file_and_line(tmp_path: Path, files: dict[str, str], message: str) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(RuleError, match=message):
        load_rule_book(tmp_path)


def test_a_rule_that_runs_elsewhere_names_where(tmp_path: Path) -> None:
    for rule in load_rule_book().rules.values():
        for check in rule.checks:
            if check.kind is CheckKind.ELSEWHERE:
                assert rule.id in (ROOT / str(check.enforced_in)).read_text(encoding="utf-8"), rule.id


def test_every_check_of_the_catalogue_of_the_domain_is_in_the_book() -> None:
    families = {
        "STR": 8, "SUB": 4, "ORG": 6, "IND": 1, "PER": 2, "GRP": 1, "UNIT": 1, "VAL": 8, "RAT": 9, "SUM": 6, "XSRC": 2,
        "ACC": 2, "JMP": 1, "OUT": 3, "SCALE": 1, "BRK": 1, "REVZ": 1, "HEAP": 1, "DIG": 2, "COPY": 2, "BUNCH": 2,
        "GAME": 3, "TGT": 1, "TXT": 7, "STAT": 2, "SDC": 2, "PII": 1, "OBJ": 1, "SET": 1, "LEG": 1, "SCOPE": 1,
        "CHAIN": 1, "REV": 1, "PLAN": 1,
    }  # fmt: skip
    ids = {f"{family}-{number:02}" for family, last in families.items() for number in range(1, last + 1)}
    ids |= {"FRESH-01", "FRESH-03"}
    assert len(ids) == 89
    assert ids - set(load_rule_book().rules) == set()


def test_the_readme_lists_the_catalogue_as_it_is() -> None:
    table = rule_table(load_rule_book())
    assert README.read_text(encoding="utf-8").endswith(table), "run: python -m expectations.rules.listing"
