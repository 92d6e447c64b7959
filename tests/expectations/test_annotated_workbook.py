"""The agency's own workbook comes back with each bad cell marked, and its formatting kept."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from expectations.annotated_workbook import COLOURS, annotate
from ingest.contract import FINDING


def _finding(**given: Any) -> dict[str, Any]:
    row = dict.fromkeys(FINDING.column_names)
    return (
        row
        | {
            "rule_id": "TXT-06",
            "severity": "QUARANTINE",
            "sheet": "Biểu 1",
            "cell": "B2",
            "observed": "1.234",
            "expected": None,
            "message_vi": "Số không rõ nghĩa.",
            "message_en": "The number is ambiguous.",
        }
        | given
    )


def _no_cells() -> list[tuple[str, list[list[Any]]]]:
    raise AssertionError("an xlsx is opened by itself")


@pytest.fixture
def form(tmp_path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.title = "Biểu 1"
    sheet["A1"] = "Đơn vị"
    sheet["A1"].font = Font(bold=True, color="FF0000")
    sheet["B2"] = "1.234"
    sheet["C2"] = "=B2"
    sheet.merge_cells("A4:B4")
    sheet.column_dimensions["A"].width = 33
    path = tmp_path / "form.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize(("language", "words"), [("vi", "Số không rõ nghĩa"), ("en", "The number is ambiguous")])
def test_the_cell_is_coloured_and_explained_and_everything_else_is_as_it_was(
    form: Path, language: str, words: str
) -> None:
    book = load_workbook(BytesIO(annotate(form, form.name, [_finding()], language, cells=_no_cells)))
    sheet = book["Biểu 1"]
    assert sheet["B2"].fill.start_color.rgb.endswith(COLOURS["QUARANTINE"])
    assert words in sheet["B2"].comment.text
    assert sheet["B2"].value == "1.234"
    assert sheet["C2"].value == "=B2"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["A"].width == 33
    assert "A4:B4" in [str(merged) for merged in sheet.merged_cells.ranges]


def test_all_findings_are_listed_first_with_links_and_one_without_a_cell_too(form: Path) -> None:
    findings = [
        _finding(),
        _finding(cell=None, rule_id="SUB-04", severity="WARN"),
        _finding(cell="C2", rule_id="VAL-01"),
    ]
    book = load_workbook(BytesIO(annotate(form, form.name, findings, "en", cells=_no_cells)))
    listed = book.worksheets[0]
    assert listed.title == "Findings"
    assert [row[3].value for row in listed.iter_rows(min_row=2)] == ["SUB-04", "TXT-06", "VAL-01"]
    assert listed["B3"].hyperlink.location == "'Biểu 1'!B2" or "Biểu 1" in (listed["B3"].hyperlink.target or "")


def test_a_second_finding_in_one_cell_does_not_hide_the_first(form: Path) -> None:
    book = load_workbook(
        BytesIO(annotate(form, form.name, [_finding(), _finding(rule_id="VAL-04")], "en", cells=_no_cells))
    )
    assert "TXT-06" in book["Biểu 1"]["B2"].comment.text
    assert "VAL-04" in book["Biểu 1"]["B2"].comment.text


def test_a_text_file_becomes_a_workbook_with_the_same_cells(tmp_path: Path) -> None:
    path = tmp_path / "dossiers.csv"
    path.write_text("x")
    rows = [["province", "value"], ["Hà Nội", "l00"]]
    findings = [_finding(sheet="dossiers.csv")]
    book = load_workbook(BytesIO(annotate(path, path.name, findings, "vi", cells=lambda: [("dossiers.csv", rows)])))
    assert book["dossiers.csv"]["B2"].value == "l00"
    assert book["dossiers.csv"]["B2"].comment is not None


def test_what_was_handed_in_is_never_a_formula_and_numbers_stay_numbers(tmp_path: Path) -> None:
    path = tmp_path / "dossiers.csv"
    path.write_text("not read here", encoding="utf-8")
    findings = [
        _finding(sheet="dossiers.csv", cell="A2", observed='=HYPERLINK("https://x.example")', message_en="=1\x0b")
    ]
    rows = [["Đơn vị", 12.5], ['=HYPERLINK("https://x.example")', "a\x0bb"]]
    content = annotate(path, path.name, findings, "en", cells=lambda: [("dossiers.csv", rows)])
    book = load_workbook(BytesIO(content))
    listed, sheet = book.worksheets
    texts = [listed["E2"], listed["G2"], sheet["A2"], sheet["B2"], sheet["B1"]]
    assert [cell.data_type for cell in texts] == ["s", "s", "s", "s", "n"]
    assert (sheet["B2"].value, sheet["B1"].value, listed["G2"].value) == ("ab", 12.5, "=1")
