"""Forms drift: rows and columns come and go, headers are renamed, sheets change places. No value may shift.

Each mutation of a form gives the same facts (fewer, where it removed some), facts that say they are in trouble, or a
refusal that names the anchor that is gone.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingest.read import Refusal

Rows = list[list[str]]
Fact = tuple[str, str, str, str]

PLAIN_FORM: Rows = [
    ["Sở Tư pháp", "", "", "", "", "", ""],
    ["Kỳ báo cáo: Quý I/2025", "", "", "", "", "Đơn vị tính: hồ sơ", ""],
    ["", "", "", "", "", "", ""],
    ["STT", "Đơn vị", "Tiếp nhận", "", "Giải quyết", "", "Ghi chú"],
    ["", "", "Tổng số", "Trực tuyến", "Tổng số", "Trực tuyến", ""],
    ["A", "B", "1", "2", "3", "4", "C"],
    ["1", "Hà Nội", "101", "11", "91", "21", ""],
    ["2", "Hải Phòng", "102", "12", "92", "22", "ước"],
    ["3", "Huế", "103", "13", "93", "23", ""],
    ["4", "Cần Thơ", "104", "14", "94", "24", ""],
    ["", "Tổng cộng", "410", "50", "370", "90", ""],
    ["", "", "", "", "", "", ""],
    ["Người lập biểu", "", "", "", "Thủ trưởng", "", ""],
]
PLAIN_RECIPE = """
    numbers: {locale: vi}
    tables:
      - header: {holds: [STT, Đơn vị], rows: 2, numbering: true}
        organisation: {column: Đơn vị}
        period: {cell: Kỳ báo cáo, pattern: '(Quý .*)'}
        unit: {cell: Đơn vị tính, pattern: 'Đơn vị tính: *(.+)'}
        note: {column: Ghi chú}
        totals: [{rows: {column: Đơn vị, equals: Tổng cộng}, of: organisation, organisation: VN}]
        values:
          - {columns: Tiếp nhận > Tổng số, indicator: RECEIVED}
          - {columns: Tiếp nhận > Trực tuyến, indicator: RECEIVED, target_group: {CHANNEL: ONLINE}}
          - {columns: Giải quyết > Tổng số, indicator: RESOLVED}
          - {columns: Giải quyết > Trực tuyến, indicator: RESOLVED, target_group: {CHANNEL: ONLINE}}
    """
CROSSTAB: Rows = [
    ["Số hồ sơ theo năm", "", "", "", "", ""],
    ["Đơn vị", "2022", "", "2023", "", "Ghi chú"],
    ["", "Quý I", "Quý II", "Quý I", "Quý II", ""],
    ["Hà Nội", "1001", "1002", "1003", "1004", "a"],
    ["Hải Phòng", "1005", "1006", "1007", "1008", ""],
    ["Huế", "1009", "1010", "1011", "1012", ""],
    ["(1) Ghi chú", "", "", "", "", ""],
]
CROSSTAB_RECIPE = r"""
    numbers: {locale: vi}
    tables:
      - header: {holds: [Đơn vị, "2022"], rows: 2}
        organisation: {column: Đơn vị}
        indicator: RECEIVED
        period: {template: "{quarter}/{year}", parts: {year: {header: 1}, quarter: {header: 2}}}
        values: [{columns: {matching: '^\d{4} > Quý'}}]
    """
LONG: Rows = [
    ["Kỳ", "Đơn vị", "Chỉ tiêu", "Giá trị"],
    *(
        [f"2025-Q{q}", o, i, str(1000 + 100 * q + 10 * n + m)]
        for q in (1, 2)
        for n, o in enumerate(["Hà Nội", "Huế"])
        for m, i in enumerate(["RECEIVED", "RESOLVED"])
    ),
]
LONG_RECIPE = """
    numbers: {locale: vi}
    tables:
      - header: [Kỳ, Giá trị]
        organisation: {column: Đơn vị}
        indicator: {column: Chỉ tiêu}
        period: {column: Kỳ}
        values: Giá trị
    """
FORMS = {"form": (PLAIN_FORM, PLAIN_RECIPE), "crosstab": (CROSSTAB, CROSSTAB_RECIPE), "long": (LONG, LONG_RECIPE)}


def insert_row(rows: Rows, dice: random.Random) -> Rows:
    at = dice.randrange(len(rows) + 1)
    filling = dice.choice(["", "", "xem phụ lục", "7"])
    row = [""] * len(rows[0])
    row[dice.randrange(len(row))] = filling
    return [*rows[:at], row, *rows[at:]]


def remove_row(rows: Rows, dice: random.Random) -> Rows:
    at = dice.randrange(len(rows))
    return rows[:at] + rows[at + 1 :]


def insert_column(rows: Rows, dice: random.Random) -> Rows:
    at = dice.randrange(len(rows[0]) + 1)
    header, body = dice.choice([("", ""), ("Cột mới", "77"), ("", "77"), ("Mã", "x")])
    header_row = next(n for n, row in enumerate(rows) if sum(map(bool, row)) >= 3)
    return [
        [*row[:at], header if n == header_row else body if n > header_row else "", *row[at:]]
        for n, row in enumerate(rows)
    ]


def remove_column(rows: Rows, dice: random.Random) -> Rows:
    at = dice.randrange(len(rows[0]))
    return [row[:at] + row[at + 1 :] for row in rows]


def swap_columns(rows: Rows, dice: random.Random) -> Rows:
    first, second = dice.sample(range(len(rows[0])), 2)
    swapped = [list(row) for row in rows]
    for row in swapped:
        row[first], row[second] = row[second], row[first]
    return swapped


def rename_a_text(rows: Rows, dice: random.Random) -> Rows:
    places = [(r, c) for r, row in enumerate(rows) for c, text in enumerate(row) if text and not text.isdigit()]
    row, column = dice.choice(places)
    renamed = [list(line) for line in rows]
    renamed[row][column] = dice.choice(["Khác", renamed[row][column] + " mới", ""])
    return renamed


def shuffle_records(rows: Rows, dice: random.Random) -> Rows:
    records = [
        n
        for n, row in enumerate(rows)
        if any(text.isdigit() and len(text) > 2 for text in row) and row[1] != "Tổng cộng" and n > 3
    ]
    order = dice.sample(records, len(records))
    moved = list(rows)
    for place, origin in zip(records, order, strict=True):
        moved[place] = rows[origin]
    return moved


def repeat_the_header(rows: Rows, dice: random.Random) -> Rows:
    header_row = next(n for n, row in enumerate(rows) if sum(map(bool, row)) >= 3)
    at = dice.randrange(header_row + 1, len(rows) + 1)
    return [*rows[:at], list(rows[header_row]), *rows[at:]]


MUTATIONS = [
    insert_row,
    remove_row,
    insert_column,
    remove_column,
    swap_columns,
    rename_a_text,
    shuffle_records,
    repeat_the_header,
]


def as_csv(rows: Rows) -> str:
    return "\n".join(";".join(row) for row in rows) + "\n"


def spread(rows: Rows, top: int) -> Rows:
    """A spreadsheet keeps the text of merged cells while one of them is left: here each of them carries it."""
    wide = [list(row) for row in rows]
    for column in range(1, len(rows[top])):
        if not wide[top][column] and wide[top + 1][column]:
            wide[top][column] = wide[top][column - 1]
    return wide


def gathered(rows: Rows) -> Rows:
    """As a spreadsheet writes merged cells to text: the text once, at the left."""
    groups = {"Tiếp nhận", "Giải quyết", "2022", "2023"}
    return [
        ["" if text in groups and column and row[column - 1] == text else text for column, text in enumerate(row)]
        for row in rows
    ]


@pytest.fixture
def sound_facts(read_with: Any, registry: Any) -> Any:
    everything = registry(
        ["Hà Nội", "Hải Phòng", "Huế", "Cần Thơ", "VN"], ["RECEIVED", "RESOLVED"], [("CHANNEL", "ONLINE")]
    )

    def read(recipe: str, content: Any, name: str = "form.csv") -> dict[Fact, Any]:
        table = read_with(recipe, content, everything, name=name).observations
        found = {}
        for row in table.to_pylist():
            if not any(row[column] for column in row if column.endswith("_problem")) and row["value"] is not None:
                key = (row["organisation_code"], row["indicator_code"], row["period_code"], row["target_group_code"])
                assert found.get(key, row["value"]) == row["value"], f"two values for {key}"
                found[key] = row["value"]
        return found

    return read


@pytest.mark.parametrize("form", FORMS)
def test_no_mutation_shifts_a_value(sound_facts: Any, form: str) -> None:
    rows, recipe = FORMS[form]
    truth = sound_facts(recipe, as_csv(rows))
    dice = random.Random(20250701)
    same = refused = 0
    for _ in range(600):
        mutated = (
            rows if form == "long" else spread(rows, next(n for n, row in enumerate(rows) if sum(map(bool, row)) >= 3))
        )
        steps = [dice.choice(MUTATIONS) for _ in range(dice.choice([1, 1, 1, 2, 3]))]
        for step in steps:
            mutated = step(mutated, dice)
        try:
            found = sound_facts(recipe, as_csv(gathered(mutated)))
        except Refusal:
            refused += 1
            continue
        shifted = {key: (value, truth.get(key)) for key, value in found.items() if truth.get(key) != value}
        assert not shifted, ([step.__name__ for step in steps], shifted, as_csv(mutated))
        same += found == truth
    assert same > 50
    assert refused > 50


def test_a_workbook_with_merged_headers_inserted_rows_columns_and_reordered_sheets(
    sound_facts: Any, tmp_path: Path
) -> None:
    truth = sound_facts(PLAIN_RECIPE, as_csv(PLAIN_FORM))
    for before, left in ((0, 0), (3, 0), (0, 2), (5, 3)):
        workbook = openpyxl.Workbook()
        workbook.active.title = "Hướng dẫn"
        workbook.active["A1"] = "Cách điền biểu"
        worksheet = workbook.create_sheet("Biểu 1", index=0 if before else 1)
        for number, row in enumerate(PLAIN_FORM, 1 + before):
            for column, text in enumerate(row, 1 + left):
                worksheet.cell(number, column, int(text) if text.isdigit() else text or None)
        for top, first, bottom, last in ((4, 1, 5, 1), (4, 2, 5, 2), (4, 3, 4, 4), (4, 5, 4, 6), (4, 7, 5, 7)):
            worksheet.merge_cells(
                start_row=top + before, start_column=first + left, end_row=bottom + before, end_column=last + left
            )
        path = tmp_path / f"moved-{before}-{left}"
        workbook.save(path)
        assert sound_facts(PLAIN_RECIPE, path, "form.xlsx") == truth


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (("Tiếp nhận", "Nhận"), "Tiếp nhận > Tổng số"),
        (("STT", "Số"), "STT"),
        (("Kỳ báo cáo: Quý I/2025", ""), "Kỳ báo cáo"),
        (("C", "xyz"), "đánh số cột"),
        (("Ghi chú", "Đơn vị"), "Đơn vị"),
    ],
)
def test_the_refusal_names_the_anchor(sound_facts: Any, change: tuple[str, str], names: str) -> None:
    old, new = change
    rows = [[new if text == old else text for text in row] for row in PLAIN_FORM]
    with pytest.raises(Refusal) as caught:
        sound_facts(PLAIN_RECIPE, as_csv(rows))
    assert names in caught.value.message_vi
    assert "form.csv" in caught.value.message_vi
    assert caught.value.sheet == "form.csv"
