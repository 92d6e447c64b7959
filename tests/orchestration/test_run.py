"""`outturn run` end to end, on real files, as a data engineer would see it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

if TYPE_CHECKING:
    from conftest import Result, Site

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


def test_a_run_publishes_ratios_of_sums_and_the_next_one_has_nothing_to_do(published_site: Site) -> None:
    assert published_site.query(RATIO) == [
        ("01", 900, 1000, pytest.approx(90)),
        ("31", 40, 50, pytest.approx(80)),
        ("48", 9, 10, pytest.approx(90)),
        ("VN", 949, 1060, pytest.approx(100 * 949 / 1060, abs=1e-9)),
    ]
    second = published_site.call("run")
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


@pytest.fixture(scope="module")
def spoiled(first_release: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Result]:
    """On top of the first: a workbook with a bad cell, and three that cannot be read. And what the run said."""
    folder = tmp_path_factory.mktemp("spoiled") / "workspace"
    shutil.copytree(first_release.folder, folder, symlinks=True)
    site = type(first_release)(folder)
    site.write_dossiers(
        "received=2025-07-10/hoso_2025-Q2.xlsx",
        [("Hà Nội", 1200, 1000), ("Hải Phòng", "l00", 40), ("Đà Nẵng", 20, 19)],
    )
    inbox = site.folder / "inbox" / "dossiers" / "received=2025-10-10"
    inbox.mkdir(parents=True)
    (inbox / "hoso_2025-Q3.xlsx").write_bytes(b"")
    (inbox / "hoso_2024-Q3.xlsx").write_bytes(b"this is not a workbook")
    site.write_dossiers(
        "received=2025-10-10/hoso_2024-Q4.xlsx", [("Hà Nội", 1, 1)], header=("Đơn vị", "Đã xong", "Đúng hạn")
    )
    return site, site.call("run")


def test_one_bad_cell_is_quarantined_and_the_rest_goes_on(spoiled: tuple[Site, Result]) -> None:
    site, result = spoiled
    assert result.status == 1, result.output
    assert "sheet Biểu 1, cell B4" in result.output
    findings = site.query("select sheet, cell, observed, severity from core.fct_finding where severity <> 'BLOCK'")
    assert findings == [("Biểu 1", "B4", "l00", "QUARANTINE")], "and of the three that were refused, the refusals"
    national = site.query(
        "select value, units_matched from marts.mart_ratio where ratio_code = 'ON_TIME_SHARE' "
        "and period_code = '2025-Q2' and organisation_code = 'VN' and structure = 'as_was'"
    )
    assert national == [(pytest.approx(100 * 1019 / 1220), 2)]


@pytest.mark.parametrize(
    ("fault", "name", "words"),
    [
        ("empty", "hoso_2025-Q3.xlsx", "hoso_2025-Q3.xlsx"),
        ("not_a_workbook", "hoso_2024-Q3.xlsx", "hoso_2024-Q3.xlsx"),
        ("moved_header", "hoso_2024-Q4.xlsx", "Đã giải quyết"),
    ],
)
def test_a_file_that_cannot_be_read_stops_nothing_else_and_is_named(
    spoiled: tuple[Site, Result], fault: str, name: str, words: str
) -> None:
    site, result = spoiled
    assert words in result.output
    assert len(site.query(RATIO)) == 4, "the other submissions were published"
    assert site.query(f"select status from core.fct_submission where file_name like '%{name}'") == [("refused",)]


def test_a_file_that_was_refused_is_not_read_again_until_it_changes(spoiled: tuple[Site, Result]) -> None:
    assert "Nothing has changed" in spoiled[0].call("run").output


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
