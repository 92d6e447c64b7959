"""The generator writes the same bytes on every run, and files that a spreadsheet program would recognise as forms."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import openpyxl

from demo.generator.sheet import Workbook

ROOT = Path(__file__).resolve().parents[2]


def fingerprints(inbox: Path) -> dict[str, str]:
    return {
        path.relative_to(inbox).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(inbox.rglob("*"))
        if path.is_file()
    }


def test_two_runs_are_byte_identical(workspace: Path, tmp_path: Path) -> None:
    for name in ("registry", "planted_errors.yml"):
        (tmp_path / name).symlink_to(ROOT / "demo" / name)
    time.sleep(2.1)  # zip times have a resolution of two seconds
    subprocess.run(
        [sys.executable, "-m", "demo.generate", "--workspace", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": "4711", "TZ": "America/New_York"},
    )
    assert fingerprints(workspace / "inbox") == fingerprints(tmp_path / "inbox")


def test_the_inbox_stays_modest(workspace: Path) -> None:
    files = [path for path in (workspace / "inbox").rglob("*") if path.is_file()]
    assert 60 <= len(files) <= 150
    assert sum(path.stat().st_size for path in files) < 15_000_000


def test_one_file_was_handed_in_twice(workspace: Path) -> None:
    prints = fingerprints(workspace / "inbox")
    twice = [path for path, print_ in prints.items() if list(prints.values()).count(print_) == 2]
    assert {path.split("/")[0] for path in twice} == {"one_stop_finance"}
    assert len(twice) == 2


def test_every_workbook_says_that_its_figures_are_fictional(flawless: list[Workbook]) -> None:
    for workbook in flawless:
        texts = [str(cell.value) for sheet in workbook.sheets for cell in sheet.cells.values()]
        assert any("fictional" in text for text in texts), workbook.path


def test_the_form_looks_like_the_form(workspace: Path) -> None:
    path = workspace / "inbox" / "one_stop_shop" / "received=2025-03-21" / "II.06a_QuyI_2025.xlsx"
    sheet = openpyxl.load_workbook(path)["II.06a"]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A4:R4", "E7:H7", "F8:H8", "C12:C14"} <= merged
    assert sheet["A4"].font.bold
    assert sheet["E7"].border.left.style == "thin"
    assert sheet["A7"].alignment.horizontal == "center"
    assert sheet["E10"].value == "(3)=(4)+(5)+(6)"
    assert sheet.column_dimensions["C"].width > 15


def test_formulas_carry_the_results_that_a_spreadsheet_program_would_have_stored(workspace: Path) -> None:
    path = workspace / "inbox" / "one_stop_shop" / "received=2025-03-21" / "II.06a_QuyI_2025.xlsx"
    formulas = openpyxl.load_workbook(path)["II.06a"]
    results = openpyxl.load_workbook(path, data_only=True)["II.06a"]
    assert formulas["E14"].value == "=SUM(E12:E13)"
    assert results["E14"].value == results["E12"].value + results["E13"].value
