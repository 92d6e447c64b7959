"""Rules are data: read strictly, all errors at once, and the README lists them as they are."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from expectations.rules import Override, RuleError, load_rule_book
from expectations.rules.book import CheckInForce, checks_in_force
from expectations.rules.listing import README, rule_table
from expectations.rules.model import CheckKind, Gate

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
    general = Override(rule="OUT-01", thresholds={"modified_z": Decimal(4)}, rationale="x")
    of_source = Override(rule="OUT-01", source="s", thresholds={"modified_z": Decimal(5)}, rationale="x")
    of_indicator = Override(rule="OUT-01", indicator="I'", thresholds={"modified_z": Decimal(6)}, rationale="x")
    check = in_force("OUT-01", "s", of_indicator, of_source, general)
    assert check.threshold_sql("modified_z") == "(case indicator_code when 'I''' then 6 else 5 end)"
    assert in_force("OUT-01", "t", general, of_source).threshold_sql("modified_z") == "4"


def test_the_readme_lists_the_catalogue_as_it_is() -> None:
    table = rule_table(load_rule_book())
    assert README.read_text(encoding="utf-8").endswith(table), "run: python -m expectations.rules.listing"
