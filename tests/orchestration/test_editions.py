"""Editions for audiences, end to end: held back by their own gate while the release goes out, and published."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

pytestmark = pytest.mark.end_to_end

DISCLOSURE = "disclosure: {audiences: [public, partner], open: [COST, RESOLVED, ON_TIME]}\n"
LATE = "LATE,Quá hạn,Late,output,dossier,sum,Q,province,true,0\n"
RULE = """\
family: {vi: Biểu mẫu, en: The form}
rules:
  - id: X-01
    title: {vi: Tổng bằng các phần, en: The whole is the sum of its parts}
    message: {vi: "Tổng {observed} khác {expected}.", en: "The total {observed} is not {expected}."}
    route: [SU]
    rationale: The form says so.
    checks:
      - {kind: identity, severity: WARN, identity: {left: [RESOLVED], right: [ON_TIME, LATE]}}
"""
ROWS = [
    ("Hà Nội", 1000, 900, 100),
    ("Hải Phòng", 500, 470, 30),
    ("Đà Nẵng", 700, 696, 4),
]


@dataclass(frozen=True)
class Run:
    """A workspace that has run once, and what it said."""

    folder: Path
    status: int
    output: str

    def published(self, shelf: str) -> list[str]:
        """The identifiers of what stands on a shelf."""
        return sorted(path.name for path in (self.folder / "published" / shelf / "releases").glob("2*"))


@pytest.fixture(scope="module")
def run(new_site: Any, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Four are late in Đà Nẵng: too few for the public, who could reckon them from what is open, not for partners."""
    site = new_site(tmp_path_factory.mktemp("editions") / "workspace")
    for name, more in (
        ("workspace.yml", DISCLOSURE),
        ("registry/indicators.csv", LATE),
        ("sources/dossiers.yml", "      - {columns: Quá hạn, indicator: LATE}\n"),
    ):
        path = site.folder / name
        path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    (site.folder / "rules").mkdir()
    (site.folder / "rules/form.yml").write_text(RULE, encoding="utf-8")
    for book in site.folder.rglob("*.xlsx"):
        book.unlink()
    site.write_dossiers(
        "received=2025-04-10/hoso_2025-Q1.xlsx", ROWS, ("Đơn vị", "Đã giải quyết", "Đúng hạn", "Quá hạn")
    )
    result = site.call("run")
    return Run(site.folder, result.status, result.output)


def test_a_derivable_figure_holds_its_edition_back_and_nothing_else(run: Run) -> None:
    shelves = [len(run.published(shelf)) for shelf in ("", "public", "partner")]
    assert shelves == [1, 0, 1], run.output


def test_the_run_names_what_can_be_derived(run: Run) -> None:
    assert "SDC-02" in run.output
    assert "LATE 48 2025-Q1 _T" in run.output, run.output


def test_the_candidate_lists_all_of_it(run: Run) -> None:
    with duckdb.connect(str(run.folder / ".outturn/editions/public/outturn.duckdb"), read_only=True) as connection:
        derivable = connection.execute(
            "select distinct measure_code, organisation_code from audit.narrow_cell where period_code = '2025-Q1'"
        ).fetchall()
    assert derivable == [("LATE", "48")]


def test_partners_see_smaller_counts_and_are_told_of_nothing_derivable(run: Run) -> None:
    database = run.folder / "published/partner/current/outturn.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        late = connection.execute(
            "select value, conf_status from marts.mart_indicator "
            "where indicator_code = 'LATE' and organisation_code = '48' and period_code = '2025-Q1'"
        ).fetchone()
        audit = connection.execute("select cells_derivable, first_derivable from quality.mart_disclosure_audit")
        found = audit.fetchall()
    assert late == (4, "F")
    assert found == [(0, None)]
