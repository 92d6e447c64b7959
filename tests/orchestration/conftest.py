"""A small workspace with two agencies, and the command line called as a person would."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from openpyxl import Workbook

from orchestration.command_line.main import call

WORKSPACE = """\
name: {vi: "Thử nghiệm", en: "Trial"}
languages: [en, vi]
time_zone: Asia/Ho_Chi_Minh
"""
ORGANISATIONS = """\
code,name_vi,name_en,level,parent_code,valid_from,valid_to
VN,Việt Nam,Viet Nam,national,,2000-01-01,
01,Hà Nội,Ha Noi,province,VN,2000-01-01,
31,Hải Phòng,Hai Phong,province,VN,2000-01-01,
48,Đà Nẵng,Da Nang,province,VN,2000-01-01,
"""
INDICATORS = """\
code,name_vi,name_en,role,unit,time_aggregation,frequency,reporting_level,integer_only,hard_min
RESOLVED,Đã giải quyết,Resolved,output,dossier,sum,Q,province,true,0
ON_TIME,Đúng hạn,On time,output_quality,dossier,sum,Q,province,true,0
COST,Kinh phí,Cost,input,VND,sum,Q,province,false,0
"""
RATIOS = """\
code,name_vi,name_en,numerator,denominator,ratio_class,scale,unit,direction
ON_TIME_SHARE,Tỷ lệ đúng hạn,On-time share,ON_TIME,RESOLVED,proportion,100,percent,higher
UNIT_COST,Chi phí một hồ sơ,Cost per dossier,COST,RESOLVED,unit_cost,1,VND/dossier,lower
"""
DOSSIERS = """\
name: {vi: "Hồ sơ", en: "Dossiers"}
files: "*.xlsx"
numbers: {locale: vi, markers: {"...": missing}}
obligation: {calendar: CAL, frequency: Q, deadline: {days: 20}, level: province}
tables:
  - header: [Đơn vị, Đã giải quyết]
    organisation: {column: Đơn vị}
    period: {file: true, pattern: '(20\\d\\d-Q\\d)'}
    values:
      - {columns: Đã giải quyết, indicator: RESOLVED}
      - {columns: Đúng hạn, indicator: ON_TIME}
"""
COSTS = """\
name: {vi: "Kinh phí", en: "Costs"}
files: "*.csv"
numbers: {locale: en}
tables:
  - header: [province, quarter, million]
    organisation: {column: province}
    period: {column: quarter}
    values:
      - {columns: million, indicator: COST, unit: triệu đồng}
"""
PROVINCES = ("Hà Nội", "Hải Phòng", "Đà Nẵng")


@dataclass
class Result:
    """What a call printed and its exit status."""

    status: int
    output: str


@dataclass
class Site:
    """A workspace on disk and the command line that runs it."""

    folder: Path

    def call(self, *arguments: str) -> Result:
        output = io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            status = call(["--workspace", str(self.folder), *arguments])
        return Result(status, output.getvalue())

    def write_dossiers(self, name: str, rows: list[tuple[Any, ...]], header: tuple[str, ...] | None = None) -> Path:
        book = Workbook()
        sheet = book.active
        sheet.title = "Biểu 1"
        sheet.append(["Báo cáo hồ sơ"])
        sheet.append(list(header or ("Đơn vị", "Đã giải quyết", "Đúng hạn")))
        for row in rows:
            sheet.append(list(row))
        path = self.folder / "inbox" / "dossiers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(path)
        return path

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        database = self.folder / "published" / "current" / "outturn.duckdb"
        with duckdb.connect(str(database), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def make_site(folder: Path) -> Site:
    """The workspace with its first submissions, nothing run yet."""
    for name, content in {
        "workspace.yml": WORKSPACE,
        "registry/organisations.csv": ORGANISATIONS,
        "registry/indicators.csv": INDICATORS,
        "registry/ratios.csv": RATIOS,
        "sources/dossiers.yml": DOSSIERS,
        "sources/costs.yml": COSTS,
        "inbox/costs/received=2025-04-15/costs.csv": "province,quarter,million\n"
        + "".join(f"{name},2025-Q1,{cost}\n" for name, cost in zip(PROVINCES, (480, 150.5, 90), strict=True)),
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    site = Site(folder)
    site.write_dossiers(
        "received=2025-04-10/hoso_2025-Q1.xlsx",
        [("Hà Nội", 1000, 900), ("Hải Phòng", 50, 40), ("Đà Nẵng", 10, 9)],
    )
    return site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A workspace that nothing has run in."""
    os.environ.pop("OUTTURN_WORKSPACE", None)
    return make_site(tmp_path / "workspace")


@pytest.fixture(scope="session")
def new_site() -> Callable[[Path], Site]:
    """For tests that share a workspace, or need another."""
    os.environ.pop("OUTTURN_WORKSPACE", None)
    return make_site


@pytest.fixture(scope="session")
def first_release(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The workspace after its first run; tests that go on from there take ``published_site``, a copy."""
    os.environ.pop("OUTTURN_WORKSPACE", None)
    made = make_site(tmp_path_factory.mktemp("first_release") / "workspace")
    result = made.call("run")
    assert result.status == 0, result.output
    return made


@pytest.fixture
def published_site(first_release: Site, tmp_path: Path) -> Site:
    """A workspace whose first submissions are published."""
    shutil.copytree(first_release.folder, tmp_path / "workspace", symlinks=True)
    return Site(tmp_path / "workspace")
