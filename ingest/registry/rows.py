"""From rows of text to rows of the models, each fault with its file, row and column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

from pydantic import ValidationError

from ingest.problem import Place, Problem
from ingest.registry.models import REGISTRY_TABLES, RegistryRow
from ingest.registry.reading import RawTable

Row = TypeVar("Row", bound=RegistryRow)

#: Header names of the contract that stand for a field's own.
HEADER_ALIASES: Mapping[str, Mapping[str, str]] = {
    "organisation_events": {"from": "from_code", "to": "to_code"},
}
#: What a decimal column of Parquet holds: decimal(38, 12).
MOST_DECIMALS, MOST_DIGITS = 12, 38

#: pydantic's error type → what to do, in both languages; {braces} are filled from the error.
SENTENCES: Mapping[str, tuple[str, str]] = {
    "missing": ("không được để trống", "must not be empty"),
    "literal_error": ("«{input}» không hợp lệ; phải là {expected}", "«{input}» is not known; write {expected}"),
    "int_parsing": ("«{input}» không phải số nguyên", "«{input}» is not a whole number"),
    "bool_parsing": ("«{input}» không hợp lệ; ghi true hoặc false", "«{input}» is not known; write true or false"),
    "greater_than": ("«{input}» phải lớn hơn {gt}", "«{input}» must be more than {gt}"),
    "greater_than_equal": ("«{input}» phải từ {ge} trở lên", "«{input}» must be {ge} or more"),
    "less_than_equal": ("«{input}» phải từ {le} trở xuống", "«{input}» must be {le} or less"),
}


@dataclass(frozen=True)
class RegistryTable(Generic[Row]):
    """A table of the registry with the place each row came from."""

    name: str
    file: str
    rows: tuple[Row, ...] = ()
    row_numbers: tuple[int, ...] = ()

    def place(self, index: int, column: str) -> Place:
        """Row and column of a value, as the spreadsheet shows them."""
        return Place(self.row_numbers[index], column)

    def problem(self, index: int, column: str, vi: str, en: str) -> Problem:
        """A problem with one value."""
        return Problem(self.file, self.place(index, column), vi, en)


@lru_cache
def field_type(model: type[RegistryRow], field: str) -> type:
    """The type of a field without its "or empty"; text for every kind of word."""
    annotation: Any = model.model_fields[field].annotation
    if get_origin(annotation) in {Union, UnionType}:
        annotation = next(part for part in get_args(annotation) if part is not NoneType)
    return annotation if annotation in {int, bool, date, Decimal} else str


def read_rows(raw: RawTable, problems: list[Problem]) -> RegistryTable[Any]:
    """The table's rows; rows with a fault are left out and their faults added to ``problems``."""
    model = REGISTRY_TABLES[raw.table]
    columns = _columns(raw, model, problems)
    if columns is None:
        return RegistryTable(raw.table, raw.file)
    rows: list[RegistryRow] = []
    numbers: list[int] = []
    for number, cells in raw.rows:
        row = _row(raw, model, columns, number, cells, problems)
        if row is not None:
            rows.append(row)
            numbers.append(number)
    return RegistryTable(raw.table, raw.file, tuple(rows), tuple(numbers))


def _columns(raw: RawTable, model: type[RegistryRow], problems: list[Problem]) -> list[str] | None:
    """The field of each column, or None where the header cannot be used."""
    aliases = HEADER_ALIASES.get(raw.table, {})
    columns = [aliases.get(name, name) for name in raw.header]
    found: list[Problem] = []
    for place, name in enumerate(columns, start=1):
        if not name:
            found.append(Problem(raw.file, Place(1, _letter(place)), "cột không có tên", "the column has no name"))
        elif name not in model.model_fields:
            found.append(_unknown_column(raw, model, name))
        elif name in columns[: place - 1]:
            found.append(Problem(raw.file, Place(1, name), "tên cột bị lặp", "this column name occurs twice"))
    for name, field in model.model_fields.items():
        if field.is_required() and name not in columns:
            found.append(Problem(raw.file, Place(1, name), "thiếu cột bắt buộc này", "this required column is missing"))
    problems.extend(found)
    return None if found else columns


def _unknown_column(raw: RawTable, model: type[RegistryRow], name: str) -> Problem:
    from rapidfuzz import process

    near = process.extractOne(name, list(model.model_fields), score_cutoff=60)
    hint_vi, hint_en = (f"; có phải «{near[0]}»?", f"; did you mean «{near[0]}»?") if near else ("", "")
    return Problem(
        raw.file,
        Place(1, name),
        f"bảng {raw.table} không có cột này{hint_vi}",
        f"the table {raw.table} has no such column{hint_en}",
    )


def _row(
    raw: RawTable,
    model: type[RegistryRow],
    columns: list[str],
    number: int,
    cells: tuple[str, ...],
    problems: list[Problem],
) -> RegistryRow | None:
    if any(cells[len(columns) :]):
        problems.append(
            Problem(
                raw.file,
                Place(number, _letter(len(columns) + 1)),
                "dòng có nhiều ô hơn số cột; hãy đặt giá trị có dấu phân cách trong ngoặc kép",
                "the row has more cells than columns; put values that contain the separator in quotation marks",
            )
        )
        return None
    values = {column: cell for column, cell in zip(columns, cells, strict=False) if cell}
    faults = [
        Problem(raw.file, Place(number, column), *fault)
        for column, cell in values.items()
        if (fault := _misspelt(field_type(model, column), cell)) is not None
    ]
    wrong = {fault.place.column for fault in faults}
    try:
        row = model.model_validate(values)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            column = str(detail["loc"][0]) if detail["loc"] else ""
            if column not in wrong:
                faults.append(Problem(raw.file, Place(number, column), *_sentences(detail)))
        row = None
    problems.extend(faults)
    return None if faults else row


def _misspelt(kind: type, cell: str) -> tuple[str, str] | None:
    """Faults that the models would not see, or see too kindly: 2025 is no date, 1,5 no number."""
    if kind is date and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
        return f"«{cell}» không phải ngày; ghi theo dạng 2025-07-01", f"«{cell}» is no date; write it as 2025-07-01"
    if kind is date:
        try:
            date.fromisoformat(cell)
        except ValueError:
            return f"không có ngày «{cell}»", f"there is no day «{cell}»"
    return _misspelt_number(cell) if kind is Decimal else None


def _misspelt_number(cell: str) -> tuple[str, str] | None:
    try:
        number = Decimal(cell)
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or "_" in cell:
        return (
            f"«{cell}» không phải số; dùng dấu chấm thập phân, không dùng dấu phân cách hàng nghìn: 1234.5",
            f"«{cell}» is no number; write it with a decimal point and without thousands separators: 1234.5",
        )
    exponent = number.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    if decimals > MOST_DECIMALS or number.adjusted() >= MOST_DIGITS - MOST_DECIMALS:
        return (
            f"«{cell}» vượt quá {MOST_DIGITS - MOST_DECIMALS} chữ số nguyên hoặc {MOST_DECIMALS} chữ số thập phân",
            f"«{cell}» has more than {MOST_DIGITS - MOST_DECIMALS} digits or {MOST_DECIMALS} decimals",
        )
    return None


def _sentences(detail: Any) -> tuple[str, str]:
    context = {**(detail.get("ctx") or {}), "input": str(detail.get("input"))[:60]}
    expected = str(context.get("expected", ""))
    context["expected"] = expected
    vi, en = SENTENCES.get(detail["type"], ("không hợp lệ: {reason}", "{reason}"))
    context["reason"] = str(detail["msg"]).removeprefix("Value error, ")
    return vi.format(**context | {"expected": expected.replace(" or ", " hoặc ")}), en.format(**context)


def _letter(place: int) -> str:
    """Letter of a column as a spreadsheet shows it: 1 is A, 27 is AA."""
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
