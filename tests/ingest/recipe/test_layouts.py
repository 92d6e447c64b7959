"""Each feature of the recipe language on a small sheet that needs it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Alignment

FORM = [
    ["ỦY BAN NHÂN DÂN", None, None, None, "Đơn vị tính: nghìn hồ sơ"],
    ["Kỳ báo cáo: Quý I/2025"],
    [],
    ["STT", "Đơn vị", "Tiếp nhận", None, "Giải quyết"],
    [None, None, "Tổng số", "Trong đó: trực tuyến", None],
    ["A", "B", 1, 2, "3=1-2"],
    ["I", "Miền Bắc"],
    [1, "Hà Nội", "1.234", 100, "-"],
    [2, "Hải Phòng (1)", 5, "...", 7],
    ["II", "Miền Nam"],
    [1, "Cần Thơ", 6, 1, 2],
    [None, "Tổng cộng", 1245, 101, 9],
    [],
    ["(1) Số liệu sơ bộ"],
    ["Người lập biểu", None, None, None, "Thủ trưởng đơn vị"],
]
ORGANISATIONS = ["Hà Nội", "Hải Phòng", "Cần Thơ", "VN"]
RECIPE = """
    numbers: {locale: vi, markers: {"-": zero, "...": missing}}
    tables:
      - header: {holds: [STT, Đơn vị], rows: 2, numbering: true}
        organisation: {column: Đơn vị}
        period: {cell: Kỳ báo cáo, pattern: '(Quý .*)'}
        unit: {cell: {containing: Đơn vị tính}, pattern: 'Đơn vị tính: *(.+)'}
        target_group: {REGION: {section: {rows: {column: STT, matching: '^[IVX]+$'}, column: Đơn vị}}}
        totals: [{rows: Tổng cộng, of: organisation, organisation: VN, target_group: {REGION: _T}}]
        values:
          - {columns: Tiếp nhận > Tổng số, indicator: RECEIVED}
          - {columns: "Tiếp nhận > Trong đó: trực tuyến", indicator: RECEIVED, target_group: {CHANNEL: ONLINE}}
          - {columns: Giải quyết, indicator: RESOLVED}
    """


def merged_form(path: Path, rows: list[list[Any]] | None = None) -> Path:
    workbook = openpyxl.Workbook()
    for row in rows or FORM:
        workbook.active.append(row)
    for cells in ("A4:A5", "B4:B5", "C4:D4", "E4:E5"):
        workbook.active.merge_cells(cells)
    workbook.save(path)
    return path


@pytest.fixture
def form_registry(registry: Any) -> Any:
    return registry(
        ORGANISATIONS, ["RECEIVED", "RESOLVED"], [("CHANNEL", "ONLINE"), ("REGION", "Miền Bắc"), ("REGION", "Miền Nam")]
    )


def test_a_vietnamese_form(read_with: Any, form_registry: Any, facts: Any, tmp_path: Path) -> None:
    tidied = read_with(RECIPE, merged_form(tmp_path / "form"), form_registry)
    columns = ("organisation_code", "indicator_code", "target_group_code", "value", "obs_status", "cell", "raw_text")
    assert sorted(facts(tidied, *columns), key=str) == sorted(
        [
            ("Hà Nội", "RECEIVED", "REGION=Miền Bắc", Decimal(1_234_000), "A", "C8", "1.234"),
            ("Hải Phòng", "RECEIVED", "REGION=Miền Bắc", Decimal(5000), "A", "C9", "5"),
            ("Cần Thơ", "RECEIVED", "REGION=Miền Nam", Decimal(6000), "A", "C11", "6"),
            ("Hà Nội", "RECEIVED", "CHANNEL=ONLINE|REGION=Miền Bắc", Decimal(100_000), "A", "D8", "100"),
            ("Hải Phòng", "RECEIVED", "CHANNEL=ONLINE|REGION=Miền Bắc", None, "O", "D9", "..."),
            ("Cần Thơ", "RECEIVED", "CHANNEL=ONLINE|REGION=Miền Nam", Decimal(1000), "A", "D11", "1"),
            ("Hà Nội", "RESOLVED", "REGION=Miền Bắc", Decimal(0), "A", "E8", "-"),
            ("Hải Phòng", "RESOLVED", "REGION=Miền Bắc", Decimal(7000), "A", "E9", "7"),
            ("Cần Thơ", "RESOLVED", "REGION=Miền Nam", Decimal(2000), "A", "E11", "2"),
        ],
        key=str,
    )
    assert sorted(facts(tidied, "total_of", "organisation_code", "value", "cell", totals=True)) == [
        ("organisation", "VN", Decimal(9000), "E12"),
        ("organisation", "VN", Decimal(101_000), "D12"),
        ("organisation", "VN", Decimal(1_245_000), "C12"),
    ]
    assert set(facts(tidied, "period_code", "unit_code", "reported_unit")) == {("2025-Q1", "dossier", "nghìn hồ sơ")}
    assert facts(tidied, "flags")[6] == ("DASH_ZERO",)
    assert tidied.notes == ["(1) Số liệu sơ bộ", "Người lập biểu Thủ trưởng đơn vị"]


def test_a_total_that_names_its_organisation_needs_no_code(read_with: Any, registry: Any, facts: Any) -> None:
    rows = [["Mã", "Đơn vị", "Số"], ["HN", "HN", 1], ["Tổng cộng", "Tổng cộng", 1]]
    recipe = """
        tables:
          - header: [Mã, Đơn vị]
            organisation: {column: Đơn vị}
            organisation_code: {column: Mã}
            period: "2025"
            indicator: X
            totals: [{rows: Tổng cộng, of: organisation, organisation: VN}]
            values: Số
        """
    tidied = read_with(recipe, rows, registry(["HN", "VN"], ["X"]))
    assert facts(tidied, "organisation_code", "organisation_problem") == [("HN", None)]
    assert facts(tidied, "organisation_code", "organisation_problem", totals=True) == [("VN", None)]


def test_long_table_with_optional_columns_blanks_and_statuses(read_with: Any, registry: Any, facts: Any) -> None:
    tidied = read_with(
        """
        numbers: {locale: en}
        labels: {status: {Normal value: A, "Missing value; suppressed": Q, Provisional: P}}
        tables:
          - header: [Year, Value]
            indicator: RATE
            organisation: {first_of: [{column: Local authority, optional: true}, {column: Region, optional: true}, UK]}
            period: {column: Year}
            target_group: {SEX: {column: Sex, optional: true, blank: _T}, AGE: {column: Age, optional: true, blank: _T}}
            status: {column: Observation status}
            unit: {column: [Units, Unit measure]}
            values: Value
        """,
        "Year,Region,Sex,Observation status,Unit measure,Value\n"
        "2020,,,Normal value,Number,44.800000000000004\n"
        '2020,East,Female,"Missing value; suppressed",Number,\n'
        "2021,,Male,Provisional,Number,\n"
        "2021,East,,Provisional,Number,0\n",
        registry(["UK", "East"], ["RATE"], [("SEX", "Female"), ("SEX", "Male")]),
        name="long.csv",
    )
    assert facts(tidied, "organisation_code", "period_code", "target_group_code", "value", "obs_status", "flags") == [
        ("UK", "2020", "_T", Decimal("44.8"), "A", "ROUNDED"),
        ("East", "2020", "SEX=Female", None, "Q", None),
        ("UK", "2021", "SEX=Male", None, "O", "STATED_P"),
        ("East", "2021", "_T", Decimal(0), "P", None),
    ]
    assert facts(tidied, "cell")[1] == ("F3",)


def test_period_and_measure_packed_in_one_header_cell(read_with: Any, registry: Any, facts: Any) -> None:
    tidied = read_with(
        r"""
        numbers: {locale: en, blank: ignore}
        tables:
          - header: [Service]
            organisation: {column: Service}
            values:
              - {columns: {matching: '^(?P<period>.+): volume$'}, indicator: VOLUME}
              - {columns: {matching: '^(?P<period>.+): cost \(£\)$'}, indicator: COST, measure_kind: PLAN}
        """,
        "Service,2020: volume,2020: cost (£),2021: volume,2021: cost (£)\nTax,10,1.5,,2.5\n",
        registry(["Tax"], ["VOLUME", ("COST", "GBP")]),
        name="packed.csv",
    )
    assert facts(tidied, "indicator_code", "period_code", "value", "measure_kind", "cell") == [
        ("VOLUME", "2020", Decimal(10), "ACTUAL", "B2"),
        ("COST", "2020", Decimal("1.5"), "PLAN", "C2"),
        ("COST", "2021", Decimal("2.5"), "PLAN", "E2"),
    ]


def test_year_above_filled_from_the_left_and_quarter_in_the_row(read_with: Any, registry: Any, facts: Any) -> None:
    tidied = read_with(
        """
        tables:
          - header: {holds: Quý, rows: 2}
            period: {template: "{quarter}/{year}", parts: {year: {header: 1}, quarter: {column: Quý}}}
            organisation: {header: -1}
            indicator: X
            values: [{columns: {rest: true}}]
        """,
        "Quý;2024;;2025;\n;HN;HP;HN;HP\nQuý I;1;2;3;4\nQuý II;5;6;7;8\n",
        registry(["HN", "HP"], ["X"]),
        name="cross.csv",
    )
    found = {(o, p): v for o, p, v in facts(tidied, "organisation_code", "period_code", "value")}
    assert len(found) == 8
    assert found["HP", "2024-Q2"] == 6
    assert found["HN", "2025-Q1"] == 3


def test_one_table_over_many_sheets_whose_name_is_a_component(read_with: Any, registry: Any, facts: Any) -> None:
    sheets = {
        "Bìa": [["Báo cáo"]],
        "Q1": [["Đơn vị", "Số"], ["HN", 1]],
        "Q2": [["tiêu đề"], [], ["Đơn vị", "Số"], ["HN", 2]],
    }
    recipe = """
        tables:
          - header: [Đơn vị, Số]
            sheets: {matching: '^(?P<period>Q\\d)$'}
            period: {sheet: true, year: "2025"}
            organisation: {column: Đơn vị}
            indicator: X
            values: Số
        """
    tidied = read_with(recipe, sheets, registry(["HN"], ["X"]))
    assert facts(tidied, "sheet", "period_code", "value", "cell") == [
        ("Q1", "2025-Q1", 1, "B2"),
        ("Q2", "2025-Q2", 2, "B4"),
    ]


def test_blocks_repeated_down_a_sheet_and_side_by_side(read_with: Any, registry: Any, facts: Any) -> None:
    recipe = """
        tables:
          - header: {holds: [Năm, Số], occurrence: each}
            organisation: {cell: {matching: '^Tỉnh '}, pattern: 'Tỉnh (.+)'}
            period: {column: Năm}
            indicator: X
            values: Số
        """
    down = [["Tỉnh HN"], ["Năm", "Số"], [2024, 1], [2025, 2], [], ["Tỉnh HP"], ["Năm", "Số"], [2024, 3]]
    tidied = read_with(recipe, down, registry(["HN", "HP"], ["X"]))
    assert facts(tidied, "organisation_code", "period_code", "value") == [
        ("HN", "2024", 1),
        ("HN", "2025", 2),
        ("HP", "2024", 3),
    ]
    assert tidied.notes == []

    beside = [["Năm", "Số", None, "Năm", "Số"], [2024, 1, None, 2026, 3], [2025, 2, None, None, None]]
    tidied = read_with(
        recipe.replace("{cell: {matching: '^Tỉnh '}, pattern: 'Tỉnh (.+)'}", "HN"), beside, registry(["HN"], ["X"])
    )
    assert facts(tidied, "period_code", "value", "cell") == [("2024", 1, "B2"), ("2025", 2, "B3"), ("2026", 3, "E2")]


def test_two_tables_on_one_sheet_end_each_other(read_with: Any, registry: Any, facts: Any) -> None:
    rows = [["Đơn vị", "Thu"], ["HN", 1], ["HP", 2], ["Biểu 2"], ["Đơn vị", "Chi"], ["HN", 3]]
    recipe = """
        constants: {period: "2025", organisation: {column: Đơn vị}}
        tables:
          - {header: [Đơn vị, Thu], indicator: IN, values: Thu}
          - {header: [Đơn vị, Chi], indicator: OUT, values: Chi}
        """
    tidied = read_with(recipe, rows, registry(["HN", "HP"], ["IN", "OUT"]))
    assert facts(tidied, "indicator_code", "organisation_code", "value") == [
        ("IN", "HN", 1),
        ("IN", "HP", 2),
        ("OUT", "HN", 3),
    ]
    assert tidied.notes == ["Biểu 2"]


@pytest.mark.parametrize(
    ("outline", "labels"),
    [
        ("{column: Chỉ tiêu}", ["Thu", "  Nội địa", "    Thuế", "  Dầu thô", "Chi"]),
        ("{column: Chỉ tiêu, step: 3}", ["Thu", "   Nội địa", "      Thuế", "  Dầu thô", " Chi"]),
        ("{column: Chỉ tiêu, by: numbering}", ["I. Thu", "1. Nội địa", "1.1. Thuế", "2. Dầu thô", "II. Chi"]),
        ("{column: Chỉ tiêu, by: numbering}", ["A Thu", "1) Nội địa", "a) Thuế", "2) Dầu thô", "B Chi"]),
    ],
)
def test_outline_by_spaces_and_numbering(
    read_with: Any, registry: Any, facts: Any, outline: str, labels: list[str]
) -> None:
    rows = [["Chỉ tiêu", "Số"], *([label, number] for number, label in enumerate(labels))]
    recipe = f"""
        tables:
          - header: Chỉ tiêu
            outline: {outline}
            indicator: {{outline: path}}
            organisation: HN
            period: "2025"
            values: Số
        """
    paths = ["Thu", "Thu > Nội địa", "Thu > Nội địa > Thuế", "Thu > Dầu thô", "Chi"]
    tidied = read_with(recipe, rows, registry(["HN"], paths))
    assert facts(tidied, "indicator_code", "value") == [(path, number) for number, path in enumerate(paths)]


def test_outline_by_cell_format_and_parents_skipped(read_with: Any, registry: Any, facts: Any, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for number, (label, indent) in enumerate(
        [("Chỉ tiêu", 0), ("Thu", 0), ("Nội địa", 1), ("Dầu thô", 1), ("Chi", 0)], 1
    ):
        workbook.active.cell(number, 1, label).alignment = Alignment(indent=indent)
        workbook.active.cell(number, 2, "Số" if number == 1 else number)
    workbook.save(tmp_path / "indent")
    recipe = """
        tables:
          - header: Chỉ tiêu
            outline: {column: Chỉ tiêu, by: indent}
            indicator: {outline: path}
            organisation: HN
            period: "2025"
            body: {skip: [{outline_parent: true}]}
            values: Số
        """
    tidied = read_with(recipe, tmp_path / "indent", registry(["HN"], ["Thu > Nội địa", "Thu > Dầu thô", "Chi"]))
    assert facts(tidied, "indicator_code", "value") == [("Thu > Nội địa", 3), ("Thu > Dầu thô", 4), ("Chi", 5)]


def test_merged_row_labels_hidden_rows_and_columns(read_with: Any, registry: Any, facts: Any, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for row in (["Đơn vị", "Năm", "Số", "Ẩn"], ["HN", 2024, 1, 9], [None, 2025, 2, 9], ["HP", 2024, 3, 9]):
        workbook.active.append(row)
    workbook.active.merge_cells("A2:A3")
    workbook.active.row_dimensions[4].hidden = True
    workbook.active.column_dimensions["D"].hidden = True
    workbook.save(tmp_path / "hidden")
    recipe = """
        tables:
          - header: [Đơn vị, Năm]
            hidden: HIDDEN
            organisation: {column: Đơn vị, fill: merged}
            period: {column: Năm}
            indicator: X
            values: [Số, Ẩn]
        """
    known = registry(["HN", "HP"], ["X"])
    skipped = read_with(recipe.replace("HIDDEN", "skip"), tmp_path / "hidden", known)
    assert facts(skipped, "organisation_code", "period_code", "value") == [("HN", "2024", 1), ("HN", "2025", 2)]
    shown = read_with(recipe.replace("HIDDEN", "read"), tmp_path / "hidden", known)
    assert shown.observations.num_rows == 6
    assert [(remark.rule_id, remark.cell, remark.observed) for remark in shown.remarks] == [
        ("STR-08", "D2", "1 column"),
        ("STR-08", "A4", "1 row"),
    ]


def test_units_from_header_column_and_cell(read_with: Any, registry: Any, facts: Any) -> None:
    rows = [
        ["Đơn vị", "ĐVT", "Kinh phí (triệu đồng)", "Khối lượng", "Tỷ lệ"],
        ["HN", "nghìn hồ sơ", 2.5, 3, "95%"],
        ["HP", "tấn", "2,5 tỷ", 4, "12,5%"],
    ]
    recipe = """
        numbers: {locale: vi}
        constants: {organisation: {column: Đơn vị}, period: "2025"}
        tables:
          - header: [Đơn vị, ĐVT]
            values:
              - {columns: Kinh phí (triệu đồng), indicator: COST, unit: {header: true, pattern: '\\((.+)\\)'}}
              - {columns: Khối lượng, indicator: DOSSIERS, unit: {column: ĐVT}}
              - {columns: Tỷ lệ, indicator: SHARE}
        """
    tidied = read_with(recipe, rows, registry(["HN", "HP"], [("COST", "VND"), "DOSSIERS", ("SHARE", "percent")]))
    assert facts(tidied, "indicator_code", "value", "unit_problem") == [
        ("COST", Decimal(2_500_000), None),
        ("COST", Decimal(2_500_000_000), None),
        ("DOSSIERS", Decimal(3000), None),
        ("DOSSIERS", Decimal(4), "not_convertible"),
        ("SHARE", Decimal(95), None),
        ("SHARE", Decimal("12.5"), None),
    ]


def test_what_cannot_be_made_out_is_said_and_nothing_is_guessed(read_with: Any, registry: Any, facts: Any) -> None:
    rows = [
        ["Đơn vị", "Kỳ", "Số"],
        ["HN", "2024", "1.234"],
        ["HX", "2024", 2],
        ["HN", "kỳ nào", 3],
        ["HN", "2024", dt.date(2025, 2, 1)],
        ["HN", "2024", "l00"],
        ["HN", "2024", "x"],
    ]
    recipe = """
        tables:
          - {header: [Đơn vị, Kỳ], organisation: {column: Đơn vị}, period: {column: Kỳ}, indicator: X, values: Số}
        """
    tidied = read_with(recipe, rows, registry(["HN"], ["X"]))
    assert facts(tidied, "cell", "value_problem", "organisation_problem", "period_problem") == [
        ("C2", "ambiguous_number", None, None),
        ("C3", None, "unknown", None),
        ("C4", None, None, "unknown"),
        ("C5", "date_in_number", None, None),
        ("C6", "not_a_number", None, None),
        ("C7", "unmapped_marker", None, None),
    ]


def test_placeholder_of_no_data(read_with: Any, registry: Any) -> None:
    recipe = """
        tables:
          - header: [Year, Value]
            body: {no_data: {containing: There is no data}}
            organisation: UK
            period: {column: Year}
            indicator: X
            status: {column: Observation status}
            values: Value
        """
    text = "Year,Value\nThere is no data for this indicator yet,\n"
    tidied = read_with(recipe, text, registry(["UK"], ["X"]), name="n.csv")
    assert tidied.observations.num_rows == 0
    assert tidied.notes == ["There is no data for this indicator yet"]


def test_formulas_are_flagged(read_with: Any, registry: Any, facts: Any, tmp_path: Path) -> None:
    import zipfile

    workbook = openpyxl.Workbook()
    for row in (["Đơn vị", "Số"], ["HN", 1], ["HP", "=B2+1"]):
        workbook.active.append(row)
    workbook.save(tmp_path / "formula")
    with zipfile.ZipFile(tmp_path / "formula") as old, zipfile.ZipFile(tmp_path / "calculated", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<f>B2+1</f><v />", b"<f>B2+1</f><v>2</v>"))
    recipe = 'tables: [{header: Đơn vị, organisation: {column: Đơn vị}, period: "2025", indicator: X, values: Số}]'
    tidied = read_with(recipe, tmp_path / "calculated", registry(["HN", "HP"], ["X"]))
    assert facts(tidied, "value", "flags") == [(1, None), (2, "FORMULA")]


def test_legacy_labels_are_converted_and_said(read_with: Any, registry: Any, facts: Any) -> None:
    rows = [["§¬n vÞ b¸o c¸o", "Thùc hiÖn"], ["Hµ Néi", 1]]
    recipe = """
        constants: {period: "2025", indicator: X}
        tables: [{header: Đơn vị báo cáo, organisation: {column: Đơn vị báo cáo}, values: Thực hiện}]
        """
    tidied = read_with(recipe, rows, registry(["Hà Nội"], ["X"]))
    assert facts(tidied, "organisation_code", "value", "text_problem") == [("Hà Nội", 1, "legacy_encoding")]


def test_explanation_names_columns_of_figures_that_are_passed_by(
    read_with: Any, form_registry: Any, tmp_path: Path
) -> None:
    recipe = RECIPE[: RECIPE.index("          - {columns: Giải quyết")]
    explanation = read_with(recipe, merged_form(tmp_path / "form"), form_registry).explanation
    assert [(part.cells, part.text) for part in explanation.columns_passed_by()] == [
        ("A4", "STT"),
        ("E4", "Giải quyết"),
    ]


def test_explanation_names_every_cell(read_with: Any, form_registry: Any, tmp_path: Path) -> None:
    explanation = read_with(RECIPE, merged_form(tmp_path / "form"), form_registry).explanation
    ranges = {item.cells: item.role for item in explanation.ranges()}
    assert ranges["A4:E4" if "A4:E4" in ranges else "A4:C4"] == "header"
    assert ranges["C8:E8"] == "value"
    assert ranges["B8"] == "label"
    assert ranges["C12:E12"] == "total"
    assert ranges["A2"] == "context"
    assert ranges["A7:B7"] == "section"
    assert ranges["A14"] == "note"
    assert ranges["A1"] == "ignored"
    assert sum(explanation.counts()["Sheet"].values()) == sum(1 for row in FORM for value in row if value is not None)
