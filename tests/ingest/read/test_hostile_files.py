"""Files made to break a reader, and files broken at random: a grid or a ``Refusal`` comes out, and nothing else."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from ingest.read import Refusal, Workbook, open_workbook

FUZZ = settings(max_examples=150, deadline=5000, suppress_health_check=list(HealthCheck), derandomize=True)


def an_xlsx() -> bytes:
    workbook, buffer = openpyxl.Workbook(), io.BytesIO()
    for row in (["Đơn vị", "Số"], ["Huế", 0.95], ["Hà Nội", "=B2*2"], ["Cần Thơ", "#N/A"]):
        workbook.active.append(row)
    workbook.active["B2"].number_format = "0%"
    workbook.active.merge_cells("A5:B6")
    workbook.save(buffer)
    return buffer.getvalue()


def an_xls() -> bytes:
    workbook, buffer = xlwt.Workbook(), io.BytesIO()
    worksheet = workbook.add_sheet("Biểu 1")
    for number in range(20):
        worksheet.write(number, 0, f"xã {number}")
        worksheet.write(number, 1, number / 3)
    worksheet.row(21).set_cell_error(0, "#DIV/0!")
    workbook.save(buffer)
    return buffer.getvalue()


def an_ods() -> bytes:
    document, table, buffer = OpenDocumentSpreadsheet(), Table(name="a"), io.BytesIO()
    for shown in ("Số", "#DIV/0!", "50%"):
        row, cell = TableRow(), TableCell(valuetype="percentage", value=0.5, formula="of:=1/0")
        cell.addElement(P(text=shown))
        row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(buffer)
    return buffer.getvalue()


XLSX, XLS, ODS = an_xlsx(), an_xls(), an_ods()
PARTS = {name: zipfile.ZipFile(io.BytesIO(XLSX)).read(name) for name in zipfile.ZipFile(io.BytesIO(XLSX)).namelist()}


def read_all(content: bytes) -> Workbook | None:
    """Everything there is to read in a file, or None where it is refused."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        try:
            workbook = open_workbook(path, "nộp.xlsx")
            for sheet in workbook.sheets:
                grid = sheet.grid
                for column in range(min(grid.width, 20)):
                    grid.column(column, 0, min(grid.height, 1000))
                if grid.xml is not None:
                    _ = grid.xml.formulas, grid.xml.errors, grid.xml.percent_cells, grid.xml.hidden_columns
        except Refusal as refusal:
            if refusal.rule_id != "STR-01" or "nộp.xlsx" not in refusal.message_vi:
                raise
            return None
        return workbook


def packed(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@FUZZ
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", XLSX[:200], XLS[:600], b"a;b\n", b"\xff\xfe"]))
def test_any_bytes(content: bytes, head: bytes) -> None:
    read_all(head + content)


@FUZZ
@given(st.sampled_from([XLSX, XLS, ODS]), st.floats(0, 1))
def test_cut_off_anywhere(content: bytes, share: float) -> None:
    read_all(content[: int(share * len(content))])


@FUZZ
@given(
    st.sampled_from([XLSX, XLS, ODS]),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=12),
)
def test_bytes_flipped(content: bytes, flips: list[tuple[float, int]]) -> None:
    broken = bytearray(content)
    for place, value in flips:
        broken[int(place * len(broken))] = value
    read_all(bytes(broken))


@FUZZ
@given(
    st.sampled_from(sorted(PARTS)),
    st.floats(0, 0.999),
    st.sampled_from(
        [
            b"",
            b"<",
            b"\x00",
            b'r="ZZZZ99999999999"',
            b's="99999999"',
            b"</row>",
            b'<c r="A1" t="e"><v>&#0;</v></c>',
            b"\xff",
        ]
    ),
    st.integers(0, 40),
)
def test_xml_mutated(part: str, place: float, insertion: bytes, removed: int) -> None:
    content = PARTS[part]
    at = int(place * len(content))
    read_all(packed({**PARTS, part: content[:at] + insertion + content[at + removed :]}))


@pytest.mark.parametrize("missing", sorted(PARTS))
def test_a_part_is_missing(missing: str) -> None:
    read_all(packed({name: content for name, content in PARTS.items() if name != missing}))


@pytest.mark.parametrize("trick", ["../../outside.xml", "/etc/passwd.xml", "xl\\..\\..\\outside", "C:/outside.xml"])
def test_a_part_whose_path_leads_out_of_the_archive_is_refused(tmp_path: Path, trick: str) -> None:
    (tmp_path / "file").write_bytes(packed({**PARTS, trick: b"<a/>"}))
    with pytest.raises(Refusal, match="leads out of it"):
        open_workbook(tmp_path / "file", "nộp.xlsx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("part", "prolog", "encoding"),
    [
        ("xl/workbook.xml", LAUGHS, "utf-8"),
        ("xl/sharedStrings.xml", "<!DOCTYPE x SYSTEM 'file:///etc/passwd'>", "utf-8"),
        ("xl/worksheets/sheet1.xml", f"<!-- {'x' * 9000} -->{LAUGHS}", "utf-8"),
        ("xl/worksheets/sheet1.xml", f"<!-- <a> -->{' ' * 9000}{LAUGHS}", "utf-8"),
        ("xl/styles.xml", LAUGHS, "utf-16"),
        ("xl/worksheets/sheet1.data", LAUGHS, "utf-8"),
    ],
)
def test_entities_are_found_wherever_they_are_declared(tmp_path: Path, part: str, prolog: str, encoding: str) -> None:
    content = f"<?xml version='1.0' encoding='{encoding}'?>{prolog}<x>&b;</x>".encode(encoding)
    (tmp_path / "file").write_bytes(packed({**PARTS, part: content}))
    with pytest.raises(Refusal, match="declares XML entities"):
        open_workbook(tmp_path / "file", "nộp.xlsx")


def test_a_sheet_part_outside_the_archive_is_not_followed() -> None:
    relations = PARTS["xl/_rels/workbook.xml.rels"].replace(b"/xl/worksheets/sheet1.xml", b"../../../etc/passwd")
    assert relations != PARTS["xl/_rels/workbook.xml.rels"]
    workbook = read_all(packed({**PARTS, "xl/_rels/workbook.xml.rels": relations}))
    assert workbook is None or all(sheet.grid.height == 0 for sheet in workbook.sheets)


def test_macros_and_external_links_are_noted_and_not_used() -> None:
    workbook = read_all(
        packed({**PARTS, "xl/vbaProject.bin": b"\x00" * 64, "xl/externalLinks/externalLink1.xml": b"<a/>"})
    )
    assert workbook is not None
    notes = " ".join(workbook.notes)
    assert "macro" in notes
    assert "external links" in notes


@FUZZ
@given(
    st.lists(st.text(st.sampled_from('ab;,\t"\n\r\x00é\ufeff1. '), max_size=30), max_size=8).map("".join),
    st.sampled_from(["utf-8", "utf-16", "utf-16-le", "cp1252", "utf-8-sig"]),
)
def test_any_text(content: str, encoding: str) -> None:
    read_all(content.encode(encoding, errors="replace"))


def test_a_whole_sheet_of_empty_formatted_rows_costs_nothing() -> None:
    empty = b"".join(b'<row r="%d" s="1"><c r="A%d" s="1"/></row>' % (n, n) for n in range(7, 1_048_577))
    sheet = PARTS["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", empty + b"</sheetData>")
    workbook = read_all(packed({**PARTS, "xl/worksheets/sheet1.xml": sheet}))
    assert workbook is not None
    assert workbook.sheets[0].grid.height <= 6
