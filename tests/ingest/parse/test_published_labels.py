"""Labels that governments have published: none is mistaken, and all survive the encodings of the past."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from ingest.parse.delimiters import sniff_delimiter
from ingest.parse.encodings import decode
from ingest.parse.labels import read_label
from ingest.parse.legacy_vietnamese import (
    TCVN3_LETTERS,
    VNI_LETTERS,
    LegacyEncoding,
    from_legacy,
    recognise_file,
    recognise_legacy,
)
from ingest.parse.text import fold, normalise
from ingest.parse.vietnamese import is_syllable

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"
COMMUNES = "04-vn-admin-reform-2025/danhmuchanhchinh.gso.gov.vn_ward_2025-07-18.csv"

pytestmark = [
    pytest.mark.shared_cases,
    pytest.mark.skipif(not CASES.is_dir(), reason="the published cases are not beside the repository"),
]


def cells_of(path: Path) -> set[str]:
    text = decode(path.read_bytes()).text
    return {cell for row in csv.reader(io.StringIO(text), delimiter=sniff_delimiter(text) or ",") for cell in row}


@pytest.fixture(scope="module")
def communes() -> list[str]:
    """Names of communes, districts and provinces with letters beyond ASCII."""
    return sorted({normalise(cell) for cell in cells_of(CASES / COMMUNES) if not cell.isascii()})


def encoded(text: str, encoding: LegacyEncoding) -> str:
    """The text as its font had it: TCVN3 has no capital with a tone, VNI has."""
    letters = TCVN3_LETTERS if encoding is LegacyEncoding.TCVN3 else VNI_LETTERS
    codes = {letter: code for code, letter in letters.items()}

    def code(letter: str) -> str:
        found = codes.get(letter) or codes.get(letter.lower(), letter)
        return found.upper() if encoding is LegacyEncoding.VNI and letter != letter.lower() else found

    return "".join(map(code, text))


def test_no_published_label_is_taken_for_damaged_text() -> None:
    paths = [path for path in CASES.rglob("*.csv") if path.stat().st_size < 3_000_000]
    labels = set().union(*map(cells_of, paths))
    assert len(labels) > 50_000
    assert [label for label in labels if read_label(label).problem] == []


def test_the_words_of_vietnamese_place_names_are_syllables(communes: list[str]) -> None:
    words = [word for name in communes for word in re.findall(r"[^\W\d_]+", name) if not word.isascii()]
    others = [word for word in words if not is_syllable(word)]
    assert len(others) < 0.02 * len(words), "only names of other languages of Viet Nam (Đắk, Krông) may fail"


@pytest.mark.parametrize("encoding", LegacyEncoding)
def test_place_names_in_a_legacy_encoding_are_recognised_and_restored(
    communes: list[str], encoding: LegacyEncoding
) -> None:
    damaged = [encoded(name, encoding) for name in communes]
    recognised = [recognise_legacy(name) for name in damaged]
    assert set(recognised) <= {encoding, None}
    assert recognised.count(encoding) > 0.85 * len(communes)
    assert recognise_file(damaged) is encoding
    restored = [from_legacy(name, encoding) for name in damaged]
    assert [fold(name) for name in restored] == [fold(name) for name in communes]
    assert [name.lower() for name in restored] == [name.lower() for name in communes]


def test_place_names_survive_windows_1252(communes: list[str]) -> None:
    table = {byte: bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in range(256)}
    for name in communes:
        assert read_label("".join(table[byte] for byte in name.encode())).text == name
