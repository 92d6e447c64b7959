"""Rules of a workspace's own, in YAML and in SQL, of each severity: from ``rules/`` to the published finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Site

pytestmark = pytest.mark.end_to_end

TEXTS = """\
title: {vi: "Quy tắc riêng", en: "A rule of our own"}
message: {vi: "{place}: {observed} trái quy tắc ({expected}).", en: "{place}: {observed} breaks our rule ({expected})."}
route: [SU]
rationale: Only this workspace has it.
"""
IN_YAML = f"""\
rules:
  - id: OWN-01
    {TEXTS.replace(chr(10), chr(10) + "    ")}
    checks:
      - {{kind: row, severity: WARN, predicate: "tidy.value = 111", expected: "'not 111'"}}
  - id: OWN-02
    {TEXTS.replace(chr(10), chr(10) + "    ")}
    checks:
      - kind: set
        severity: QUARANTINE
        query: |
          select [row_id] as row_ids, number_text(value) as observed, 'not 222' as expected from sound where value = 222
  - id: OWN-03
    {TEXTS.replace(chr(10), chr(10) + "    ")}
    checks:
      - {{kind: row, severity: BLOCK, predicate: "tidy.value = 333", expected: "'not 333'"}}
"""
HEADER = "".join(f"-- {line}\n" for line in TEXTS.splitlines())
IN_SQL = {
    "own_04.sql": f"-- id: OWN-04\n{HEADER}-- kind: row\n-- severity: QUARANTINE\ntidy.value = 444\n",
    "own_05.sql": f"-- id: OWN-05\n{HEADER}-- kind: set\n-- severity: WARN\n"
    "select [row_id] as row_ids, number_text(value) as observed, 'not 555' as expected from sound where value = 555\n",
    "own_06.sql": f"-- id: OWN-06\n{HEADER}-- kind: table\n-- gate: release\n-- severity: WARN\n"
    "select indicator_code, count(*) as observed, '0' as expected from warehouse.core.fct_observation\n"
    "where value = 555 group by indicator_code\n",
}
#: Figures of three files; one clean twin in each: what breaks no rule goes on.
FILES = {
    "2025-Q2": [("Hà Nội", 111, 100), ("Hải Phòng", 222, 200), ("Đà Nẵng", 10, 9)],
    "2025-Q3": [("Hà Nội", 444, 400), ("Hải Phòng", 555, 500), ("Đà Nẵng", 10, 9)],
    "2025-Q4": [("Hà Nội", 333, 300), ("Hải Phòng", 50, 40), ("Đà Nẵng", 10, 9)],
}


def test_rules_of_a_workspace_act_by_their_severity(published_site: Site, caplog: pytest.LogCaptureFixture) -> None:
    folder = published_site.folder / "rules"
    folder.mkdir(exist_ok=True)
    for name, text in {"own.yml": IN_YAML, **IN_SQL}.items():
        (folder / name).write_text(text, encoding="utf-8")
    for period, rows in FILES.items():
        published_site.write_dossiers(f"received=2026-01-10/hoso_{period}.xlsx", rows)
    result = published_site.call("run")
    assert result.status == 1, result.output
    assert "emitted no result" not in caplog.text  # nobody is alarmed by checks of what did not change
    found = published_site.query(
        "select rule_id, severity, cell, observed from core.fct_finding where rule_id like 'OWN-%' order by all"
    )
    assert found == [
        ("OWN-01", "WARN", "B3", "111"),
        ("OWN-02", "QUARANTINE", "B4", "222"),
        ("OWN-03", "BLOCK", "B3", "333"),
        ("OWN-04", "QUARANTINE", "B3", "444"),
        ("OWN-05", "WARN", "B4", "555"),
    ]
    went_on = published_site.query(
        "select value::int from core.fct_observation "
        "where indicator_code = 'RESOLVED' and period_code > '2025-Q1' order by 1"
    )
    # a warning goes on, a held cell waits, a refused file waits with all of its cells
    assert [value for (value,) in went_on] == [10, 10, 111, 555]
    told = published_site.call("findings", "list", "--rule", "OWN-06", "--json")
    assert '"observed": "1"' in told.output
