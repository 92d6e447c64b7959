"""A right registry: how it may be written, what follows from it, and the files it makes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from ingest.contract import RATIO_TERM
from ingest.registry import load_registry
from ingest.registry.models import REGISTRY_TABLES
from ingest.registry.ratio_terms import RatioTerm, TermError, parse_terms
from ingest.registry.ratio_type import derived_type, is_count, is_money, is_permitted, kind_of


def test_a_right_registry_loads_with_typed_rows(write_registry: Any) -> None:
    registry = load_registry(write_registry())
    assert set(registry.tables) == set(REGISTRY_TABLES)
    assert [row.code for row in registry.organisations] == ["VN", "89", "91", "91"]
    assert registry.organisations[0].valid_from == date(1945, 9, 2)
    event = registry.organisation_events[0]
    assert (event.from_code, event.to_code, event.date, event.weight) == ("89", "91", date(2025, 7, 1), Decimal(1))
    assert registry.targets[0].value == Decimal(95)


def test_a_reused_code_is_two_organisations(write_registry: Any) -> None:
    """GF-13: before 1 July 2025 the code 91 is Kiên Giang, after it An Giang."""
    registry = load_registry(write_registry())
    bearers = [(row.name_vi, row.valid_from) for row in registry.organisations if row.code == "91"]
    assert bearers == [("Kiên Giang", date(1990, 1, 1)), ("An Giang", date(2025, 7, 1))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_csv_as_spreadsheets_save_it(
    write_registry: Any, right: dict[str, str], encoding: str, delimiter: str, line_end: str
) -> None:
    expected = load_registry(write_registry()).fingerprint
    folder = write_registry()
    for name, content in right.items():
        text = content.replace(",", delimiter).replace("\n", line_end)
        (folder / f"{name}.csv").write_bytes(text.encode(encoding))
    assert load_registry(folder).fingerprint == expected


def test_a_workbook_with_a_sheet_a_table_is_the_same_registry(
    write_registry: Any, right: dict[str, str], tmp_path: Path
) -> None:
    book = Workbook()
    book.remove(book.active)
    for name, content in right.items():
        sheet = book.create_sheet(name)
        for line in content.splitlines():
            sheet.append([_as_typed(cell) for cell in line.split(",")])
    folder = tmp_path / "other" / "registry"
    folder.mkdir(parents=True)
    book.save(folder / "registry.xlsx")
    assert load_registry(folder).fingerprint == load_registry(write_registry()).fingerprint


def _as_typed(cell: str) -> object:
    """What Excel makes of a cell that looks like a number or a date; 89 and 91 stay the codes they are."""
    if cell.count("-") == 2 and cell[:4].isdigit():
        return date.fromisoformat(cell)
    return float(cell) if cell.replace(".", "").isdigit() else cell or None


def test_blank_rows_count_so_that_row_numbers_are_those_of_the_spreadsheet(
    write_registry: Any, right: dict[str, str]
) -> None:
    spaced = right["organisations"].replace("\n89,", "\n\n,,,,,,,\n89,")
    table = load_registry(write_registry(organisations=spaced)).sources["organisations"]
    assert table.row_numbers == (2, 5, 6, 7)


def test_types_follow_from_the_roles(write_registry: Any) -> None:
    types = {ratio.code: ratio.ratio_type for ratio in load_registry(write_registry()).ratios}
    assert types == {
        "ON_TIME_SHARE": "quality_share",
        "UNIT_COST": "efficiency",
        "COMPLAINT_RATE": "effectiveness_yield",
    }


@pytest.mark.parametrize(
    ("numerator", "denominator", "money", "derived"),
    [
        ("input", "input", True, "economy"),
        ("input", "output", True, "efficiency"),
        ("input", "output", False, "other"),
        ("output", "input", False, "productivity"),
        ("activity", "input", False, "productivity"),
        ("output", "final_outcome", False, "effectiveness_seed"),
        ("final_outcome", "output", False, "effectiveness_yield"),
        ("intermediate_outcome", "final_outcome", False, "effectiveness_attainment"),
        ("input", "intermediate_outcome", True, "cost_effectiveness"),
        ("output_quality", "output", False, "quality_share"),
        ("output", "environment", False, "coverage"),
        ("final_outcome", "environment", False, "utility"),
        ("environment", "output", False, "other"),
        ("output", "output", False, "other"),
    ],
)
def test_types_of_domain_2_2(numerator: str, denominator: str, money: bool, derived: str) -> None:
    kinds = kind_of([numerator]), kind_of([denominator])
    assert derived_type(*kinds, numerator_is_money=money) == derived
    assert is_permitted(derived, *kinds)
    assert is_permitted("other", *kinds)
    assert is_permitted("effectiveness", *kinds) == derived.startswith("effectiveness")


def test_parts_of_mixed_roles_have_no_kind() -> None:
    assert kind_of(["input", "output"]) is None
    assert derived_type(None, "output", numerator_is_money=True) == "other"


@pytest.mark.parametrize(("unit", "money"), [("VND", True), ("triệu đồng", True), ("USD", True), ("dossier", False)])
def test_money_is_known_by_its_unit(unit: str, money: bool) -> None:
    assert is_money(unit) is money


@pytest.mark.parametrize(
    ("unit", "counted"),
    [
        ("person", True),
        ("dossier", True),
        ("neighbourhood", True),
        ("VND", False),
        ("km", False),
        ("hour", False),
        ("percent", False),
        ("full_time_equivalent", False),
        ("nghìn người", False),
        ("dossier/person", False),
    ],
)
def test_cases_are_counted_one_by_one(unit: str, counted: bool) -> None:
    assert is_count(unit) is counted


@pytest.mark.parametrize(
    ("expression", "terms"),
    [
        ("A", (RatioTerm(1, "A"),)),
        ("A + B - C * D", (RatioTerm(1, "A"), RatioTerm(1, "B"), RatioTerm(-1, "C", "D"))),
        ("A + B - C*D", (RatioTerm(1, "A"), RatioTerm(1, "B"), RatioTerm(-1, "C", "D"))),
        ("- A + B", (RatioTerm(-1, "A"), RatioTerm(1, "B"))),
        ("16-6-2 − 3-4-2", (RatioTerm(1, "16-6-2"), RatioTerm(-1, "3-4-2"))),
    ],
)
def test_terms(expression: str, terms: tuple[RatioTerm, ...]) -> None:
    assert parse_terms(expression) == terms


@pytest.mark.parametrize("expression", ["", "A +", "A B", "A * B * C", "(A + B)", "A + + B", "A / B"])
def test_expressions_that_are_no_terms(expression: str) -> None:
    with pytest.raises(TermError):
        parse_terms(expression)


CODES = st.from_regex(r"[A-Z][A-Z0-9_]{0,8}", fullmatch=True)


@given(terms=st.lists(st.tuples(st.sampled_from([1, -1]), CODES, st.none() | CODES), min_size=1, max_size=6))
def test_terms_written_out_are_read_back(terms: list[tuple[int, str, str | None]]) -> None:
    factors = [(sign, f"{first} * {second}" if second else first) for sign, first, second in terms]
    text = " ".join(f"{'+' if sign > 0 else '-'} {product}" for sign, product in factors)
    assert parse_terms(text) == tuple(RatioTerm(*term) for term in terms)


def test_parquet_has_every_table_typed_and_the_terms(write_registry: Any, tmp_path: Path) -> None:
    registry = load_registry(write_registry(scorecards=None))
    registry.write(tmp_path / "out")
    assert {path.stem for path in (tmp_path / "out").iterdir()} == {*REGISTRY_TABLES, "ratio_term"}
    assert pq.read_table(tmp_path / "out/scorecards.parquet").num_rows == 0
    organisations = pq.read_schema(tmp_path / "out/organisations.parquet")
    assert organisations.field("valid_to").type == pa.date32()
    events = pq.read_schema(tmp_path / "out/organisation_events.parquet")
    assert (events.field("date").type, events.field("weight").type) == (pa.date32(), pa.decimal128(38, 12))
    indicators = pq.read_schema(tmp_path / "out/indicators.parquet")
    assert (indicators.field("version").type, indicators.field("integer_only").type) == (pa.int32(), pa.bool_())
    terms = pq.read_table(tmp_path / "out/ratio_term.parquet")
    assert terms.schema == RATIO_TERM.schema
    assert terms.to_pylist()[0] == {
        "ratio_code": "COMPLAINT_RATE",
        "part": "numerator",
        "term_number": 1,
        "sign": 1,
        "factor_1": "COMPLAINTS",
        "factor_2": None,
        "is_count": True,
    }


def test_money_and_what_a_sample_was_projected_to_are_no_counts(
    write_registry: Any, right: dict[str, str], tmp_path: Path
) -> None:
    header, *rows = right["indicators"].splitlines()
    projected = [f"{row},{'true' if row.startswith('RESOLVED') else ''}" for row in rows]
    registry = load_registry(write_registry(indicators="\n".join([f"{header},from_sample", *projected]) + "\n"))
    registry.write(tmp_path / "out")
    terms = pq.read_table(tmp_path / "out/ratio_term.parquet").to_pylist()
    counted = {term["factor_1"]: term["is_count"] for term in terms}
    assert {code: counted[code] for code in ("COST", "RESOLVED", "COMPLAINTS")} == {
        "COST": False,
        "RESOLVED": False,
        "COMPLAINTS": True,
    }


def test_the_order_of_rows_changes_nothing(write_registry: Any, right: dict[str, str], tmp_path: Path) -> None:
    first = load_registry(write_registry())
    header, *rows = right["indicators"].splitlines()
    second = load_registry(write_registry(indicators="\n".join([header, *reversed(rows)])))
    assert first.fingerprint == second.fingerprint
    first.write(tmp_path / "first")
    second.write(tmp_path / "second")
    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes()


def test_any_other_content_changes_the_fingerprint(write_registry: Any, right: dict[str, str]) -> None:
    first = load_registry(write_registry()).fingerprint
    assert load_registry(write_registry(targets=right["targets"].replace("95", "96"))).fingerprint != first
