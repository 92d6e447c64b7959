"""An inbox full of files made to do harm, through the command line: each is refused with its reason or read without
what is harmful in it, and the sound file beside them is published."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Site

pytestmark = pytest.mark.end_to_end

ROWS = [("Hà Nội", 1000, 900), ("Hải Phòng", 50, 40), ("Đà Nẵng", 10, 9)]
LAUGHS = b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]>"
OUTSIDE = b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
Parts = dict[str, bytes]


def bomb(parts: Parts) -> Parts:
    return {**parts, "xl/media/image1.bin": b"\0" * 150_000_000}


def billion_laughs(parts: Parts) -> Parts:
    return {**parts, STRINGS: LAUGHS + parts.get(STRINGS, b"<sst/>").partition(b"?>")[2]}


def external_entity(parts: Parts) -> Parts:
    return {**parts, SHEET: OUTSIDE + parts[SHEET]}


def path_in_the_archive(parts: Parts) -> Parts:
    return {**parts, "../../../outside.txt": b"x"}


def formula_without_value(parts: Parts) -> Parts:
    return {**parts, SHEET: parts[SHEET].replace(b"<v>1000</v>", b"<f>500*2</f><v></v>")}


def macros(parts: Parts) -> Parts:
    return {**parts, "xl/vbaProject.bin": b"\0" * 200}


def external_link(parts: Parts) -> Parts:
    return {**parts, "xl/externalLinks/externalLink1.xml": b"<externalLink/>"}


def empty_formatted_rows(parts: Parts) -> Parts:
    rows = b"".join(b'<row r="%d" s="1"><c r="A%d" s="1"/></row>' % (n, n) for n in range(10, 1_048_577))
    return {**parts, SHEET: parts[SHEET].replace(b"</sheetData>", rows + b"</sheetData>")}


REFUSED: dict[Callable[[Parts], Parts], str] = {
    bomb: "zip bomb",
    billion_laughs: "declares XML entities",
    external_entity: "declares XML entities",
    path_in_the_archive: "leads out of it",
    formula_without_value: "formula without a stored value",
}
READ: dict[Callable[[Parts], Parts], str] = {
    macros: "macros, which were not run",
    external_link: "external links; stored values were used",
    empty_formatted_rows: "",
}


@pytest.fixture
def hostile(site: Site) -> dict[str, Path]:
    """Files by what is wrong with them; each is a sound file of dossiers of another quarter but for that."""
    found = {}
    for number, change in enumerate([*REFUSED, *READ]):
        quarter = f"{2016 + number // 4}-Q{number % 4 + 1}"
        path = site.write_dossiers(f"{change.__name__}_{quarter}.xlsx", ROWS)
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in change(parts).items():
                archive.writestr(name, content)
        found[change.__name__] = path
    return found


def test_each_is_refused_or_made_harmless_and_the_rest_goes_on(site: Site, hostile: dict[str, Path]) -> None:
    inbox = site.folder / "inbox" / "dossiers"
    (site.folder / "secret.xlsx").write_bytes(b"not for you")
    (inbox / "link_2019-Q1.xlsx").symlink_to(site.folder / "secret.xlsx")
    trick = site.write_dossiers("a\\..\\..\\outside\n2019-Q2.xlsx", ROWS)
    outside = sorted(site.folder.parent.iterdir())
    result = site.call("run")
    assert result.status == 1, result.output
    status = dict(site.query("select file_name, status from core.fct_submission where source_code = 'dossiers'"))
    said = "\n".join(
        f"{file}: {text}" for file, text in site.query("select file_name, message_en from core.fct_finding")
    )
    for change, words in REFUSED.items():
        name = hostile[change.__name__].name
        assert status[name] == "refused"
        assert any(name in line and words in line for line in said.splitlines()), (name, said)
    assert "link_2019-Q1.xlsx: is a symbolic link" in " ".join(result.output.split())
    notes = dict(site.query("select file_name, coalesce(notes, '') from core.fct_submission"))
    for change, words in READ.items():
        name = hostile[change.__name__].name
        assert status[name] == "accepted"
        assert words in notes[name]
    assert status[trick.name] == "accepted"
    assert sorted(site.folder.parent.iterdir()) == outside
    assert site.query("select count(*) from core.fct_observation where period_code = '2025-Q1'")[0][0] > 0


@pytest.mark.parametrize("change", [*REFUSED, empty_formatted_rows], ids=lambda change: change.__name__)
def test_checking_one_before_it_is_handed_in(
    site: Site, hostile: dict[str, Path], change: Callable[[Parts], Parts]
) -> None:
    path, started = hostile[change.__name__], time.monotonic()
    copy = str(site.folder / "checked.xlsx")
    result = site.call("check", str(path), "--source", "dossiers", "--explain", "--output", copy)
    assert time.monotonic() - started < 60
    if change in REFUSED:
        assert result.status == 1
        assert REFUSED[change] in result.output
    else:
        assert result.status == 0, result.output
        assert "The first figure of each column, as read" in result.output


def test_annotated_copies_of_one_name_and_several_kinds_of_file_do_not_overwrite_each_other() -> None:
    from orchestration.desk import annotated_name

    files = ("a.xlsx", "a.XLSM", "a.xls", "a.ods", "a.csv")
    assert [annotated_name(name, "en") for name in files] == [
        *("a.checked.xlsx", "a.XLSM.checked.xlsx", "a.xls.checked.xlsx", "a.ods.checked.xlsx", "a.csv.checked.xlsx")
    ]
    assert annotated_name("a.csv", "vi") == "a.csv.kiem_tra.xlsx"
