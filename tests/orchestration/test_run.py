"""`outturn run` end to end, on real files, as a data engineer would see it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

if TYPE_CHECKING:
    from conftest import Site

pytestmark = pytest.mark.end_to_end

RATIO = """
    select organisation_code, numerator, denominator, value from marts.mart_ratio
    where ratio_code = 'ON_TIME_SHARE' and period_code = '2025-Q1' and structure = 'as_was' order by 1
"""


def _contents(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(folder / "outturn.duckdb"), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables order by all"
        ).fetchall()
        return {
            f"{schema}.{name}": connection.execute(f"from {schema}.{name} order by all").fetchall()
            for schema, name in tables
        }


def test_a_run_publishes_ratios_of_sums_and_the_next_one_has_nothing_to_do(site: Site) -> None:
    first = site.call("run")
    assert first.status == 0, first.output
    assert site.query(RATIO) == [
        ("01", 900, 1000, pytest.approx(90)),
        ("31", 40, 50, pytest.approx(80)),
        ("48", 9, 10, pytest.approx(90)),
        ("VN", 949, 1060, pytest.approx(100 * 949 / 1060, abs=1e-9)),
    ]
    second = site.call("run")
    assert second.status == 0
    assert "Nothing has changed" in second.output


def test_the_warehouse_is_a_function_of_landed_files_registry_and_code(published_site: Site) -> None:
    site = published_site
    before = _contents((site.folder / "published" / "current").resolve())
    for name in ("warehouse", "accepted", "tidy", "judged", "quarantine", "dbt", "fingerprints.json"):
        path = site.folder / ".outturn" / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    shutil.rmtree(site.folder / "inbox")
    shutil.rmtree(site.folder / "published", ignore_errors=True)
    again = site.call("run")
    assert again.status == 0, again.output
    assert _contents((site.folder / "published" / "current").resolve()) == before


def test_one_bad_cell_is_quarantined_and_the_rest_goes_on(site: Site) -> None:
    site.write_dossiers(
        "received=2025-07-10/hoso_2025-Q2.xlsx",
        [("Hà Nội", 1200, 1000), ("Hải Phòng", "l00", 40), ("Đà Nẵng", 20, 19)],
    )
    result = site.call("run")
    assert result.status == 1, result.output
    assert "sheet Biểu 1, cell B4" in result.output
    findings = site.query("select sheet, cell, observed, severity from core.fct_finding")
    assert findings == [("Biểu 1", "B4", "l00", "QUARANTINE")]
    national = site.query(
        "select value, units_matched from marts.mart_ratio where ratio_code = 'ON_TIME_SHARE' "
        "and period_code = '2025-Q2' and organisation_code = 'VN' and structure = 'as_was'"
    )
    assert national == [(pytest.approx(100 * 1019 / 1220), 2)]


@pytest.mark.parametrize(
    ("fault", "content", "words"),
    [
        ("empty", b"", "hoso_2025-Q3.xlsx"),
        ("not_a_workbook", b"this is not a workbook", "hoso_2025-Q3.xlsx"),
    ],
)
def test_a_broken_file_stops_nothing_else_and_is_named(site: Site, fault: str, content: bytes, words: str) -> None:
    path = site.folder / "inbox" / "dossiers" / "received=2025-10-10" / "hoso_2025-Q3.xlsx"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    result = site.call("run")
    assert result.status == 1
    assert words in result.output
    assert len(site.query(RATIO)) == 4, "the other submissions were published"
    assert site.query("select status from core.fct_submission where file_name like '%Q3%'") == [("refused",)]
    again = site.call("run")
    assert "Nothing has changed" in again.output, "a file that was refused is not read again until it changes"


def test_a_moved_header_refuses_the_file_and_names_the_header(site: Site) -> None:
    site.write_dossiers(
        "received=2025-07-10/hoso_2025-Q2.xlsx", [("Hà Nội", 1, 1)], header=("Đơn vị", "Đã xong", "Đúng hạn")
    )
    result = site.call("run")
    assert result.status == 1
    assert "Đã giải quyết" in result.output


def test_a_registry_with_a_cycle_is_named_with_file_and_row(site: Site) -> None:
    path = site.folder / "registry" / "organisations.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("VN,Việt Nam,Viet Nam,national,,", "VN,Việt Nam,Viet Nam,national,01,"))
    result = site.call("run")
    assert result.status == 2
    assert "organisations.csv" in result.output


def test_a_broken_source_file_is_named_with_its_line_and_the_other_sources_go_on(site: Site) -> None:
    (site.folder / "sources" / "costs.yml").write_text("name: {vi: x, en: y}\ntabels: []\n")
    result = site.call("run")
    assert result.status == 1
    assert "costs.yml" in result.output
    assert "tabels" in result.output
    assert len(site.query(RATIO)) == 4


def test_a_corrected_file_supersedes_only_the_cells_that_changed(published_site: Site) -> None:
    site = published_site
    site.write_dossiers(
        "received=2025-05-20/hoso_2025-Q1.xlsx",
        [("Hà Nội", 1000, 900), ("Hải Phòng", 50, 45), ("Đà Nẵng", 10, 9)],
    )
    assert site.call("run").status == 0
    vintages = site.query(
        "select organisation_code, value, vintage_no, is_current from core.fct_observation "
        "where indicator_code = 'ON_TIME' order by all"
    )
    assert vintages == [("01", 900, 1, True), ("31", 40, 1, False), ("31", 45, 2, True), ("48", 9, 1, True)]


def test_a_release_gate_failure_publishes_nothing_and_readers_keep_the_last_release(
    published_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gate is made to meet a warehouse that somebody tampered with between build and gate."""
    site = published_site
    before = site.call("release", "list").output
    import orchestration.assets.warehouse as warehouse_module

    real_build = warehouse_module.build

    def build_and_tamper(state, **options):
        results = real_build(state, **options)
        with duckdb.connect(str(state.warehouse)) as connection:
            connection.execute("update marts.mart_ratio set value = 'infinity' where value is not null")
        return results

    monkeypatch.setattr(warehouse_module, "build", build_and_tamper)
    site.write_dossiers("received=2025-07-10/hoso_2025-Q2.xlsx", [("Hà Nội", 1200, 1000)])
    result = site.call("run")
    assert result.status == 1
    assert "Nothing was published" in result.output
    assert "VAL-07" in result.output
    assert site.call("release", "list").output == before
