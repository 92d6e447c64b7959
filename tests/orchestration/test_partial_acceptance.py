"""One bad cell is held back and nothing else stops; mended, it moves only what depends on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import duckdb
import pytest

if TYPE_CHECKING:
    from conftest import Site

pytestmark = pytest.mark.end_to_end

ROWS = 5000
ON_TIME_OF_COUNTRY = """
    select value, coverage, open_findings, worst_severity from marts.mart_indicator
    where indicator_code = 'ON_TIME' and organisation_code = 'VN' and period_code = '2025-Q1'
"""
WORK = re.compile(r"(\d+) of (\d+) submissions .* (\d+) of (\d+) tables")


def with_many_units(site: Site) -> list[tuple[str, int, int]]:
    """5,000 communes, two cells each, and the costs of three provinces left as they are."""
    registry = site.folder / "registry" / "organisations.csv"
    codes = [f"C{number:04d}" for number in range(ROWS)]
    more = "".join(f"{code},Xã {code},Commune {code},province,VN,2000-01-01,\n" for code in codes)
    registry.write_text(registry.read_text(encoding="utf-8") + more, encoding="utf-8")
    return [(f"Xã {code}", 100, 90) for code in codes]


def work(output: str) -> tuple[int, ...]:
    found = WORK.search(output)
    assert found, output
    return tuple(int(number) for number in found.groups())


def everything(site: Site) -> dict[str, list[tuple[object, ...]]]:
    """What is published of the warehouse: rows in order, by table."""
    with duckdb.connect(str(site.folder / ".outturn" / "warehouse" / "outturn.duckdb"), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() "
            "where schema_name in ('core', 'marts', 'quality') order by 1"
        ).fetchall()
        return {name: connection.execute(f"from {name} order by all").fetchall() for (name,) in tables}


def test_one_bad_cell_is_held_back_and_its_mending_moves_only_what_depends_on_it(site: Site) -> None:
    rows = with_many_units(site)
    wrong = [("Xã C0007", 100, -90), *(row for row in rows if row[0] != "Xã C0007")]
    site.write_dossiers("received=2025-04-11/communes_2025-Q1.xlsx", wrong)
    first = site.call("run")
    assert first.status == 1
    assert work(first.output)[:2] == (3, 3)
    held = site.query("select rule_id, cell, observed from core.fct_finding where severity = 'QUARANTINE'")
    assert [(rule, cell) for rule, cell, _ in held] == [("VAL-01", "C3")]
    accepted, held_back = site.query("select sum(rows_accepted), sum(rows_quarantined) from core.fct_submission")[0]
    assert (accepted, held_back) == (2 * ROWS + 6 + 3 - 1, 1)
    value, coverage, *open_on_it = site.query(ON_TIME_OF_COUNTRY)[0]
    assert value == 949 + 90 * (ROWS - 1)
    assert coverage == pytest.approx((ROWS + 2) / (ROWS + 3))
    assert open_on_it == [1, "QUARANTINE"]

    site.write_dossiers("received=2025-04-12/communes_2025-Q1.xlsx", [("Xã C0007", 100, 90), *wrong[1:]])
    mended = site.call("run")
    assert mended.status == 0, mended.output
    read, submissions, built, models = work(mended.output)
    assert (read, submissions) == (1, 3)  # the costs were not looked at, the first dossiers not read again
    assert built < models
    assert site.query(ON_TIME_OF_COUNTRY) == [(949 + 90 * ROWS, 1, 0, None)]

    partly = everything(site)
    assert site.call("run", "--all").status == 0
    whole = everything(site)
    assert [name for name in whole if whole[name] != partly.get(name)] == []


def test_a_changed_target_builds_the_models_of_targets_alone(site: Site) -> None:
    site.write_dossiers("received=2025-07-21/hoso_2025-Q2.xlsx", [("Hà Nội", 1000, 900)])
    assert site.call("run").status == 0
    # midnight in Ha Noi is the day before in UTC: the deadline, 20 July, is one of the workspace's days
    days = site.query("select received_on::varchar, on_time from marts.mart_submission where period_code = '2025-Q2'")
    assert ("2025-07-21", 0) in days
    assert ("2025-07-21", 1) not in days
    late = site.query("select observed, expected from core.fct_finding where rule_id = 'SUB-01'")
    assert late == [("2025-07-21", "2025-07-20")]
    (site.folder / "registry" / "targets.csv").write_text(
        "measure_code,organisation_code,period_code,kind,value\nON_TIME_SHARE,VN,2025,final,95\n", encoding="utf-8"
    )
    changed = site.call("run")
    assert changed.status == 0, changed.output
    _, _, built, models = work(changed.output)
    assert 0 < built < models / 2
    assert site.query("select count(*) from marts.mart_target") == [(1,)]
