"""Workbooks laid out for people: headers of several levels, sheets, blocks, hierarchies, plan beside actual."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from published_files import Case, book, legacy_book, open_document

CASES = [
    Case(
        "accounts in thousands, the currency's sign before some of the figures",
        """
        numbers: {locale: en}
        tables:
          - header: [Council, Spent]
            organisation: {column: Council}
            period: "2023-24"
            values: {columns: Spent, indicator: GBP_EXP, unit: thousand pounds}
        """,
        {
            "a.xlsx": book(
                [
                    ["Council", "Spent"],
                    ["Hartlepool", "£1,234.5"],
                    ["Middlesbrough", 950],
                    ["Wales", "(£25)"],
                    ["Scotland", "£1.2m"],
                ]
            )
        },
        {
            ("GBP_EXP", "E06000001", "FY2023"): 1234500,
            ("GBP_EXP", "E06000002", "FY2023"): 950000,
            ("GBP_EXP", "W92000004", "FY2023"): -25000,
            ("GBP_EXP", "S92000003", "FY2023"): 1200000,
        },
    ),
    Case(
        "estimates with their range, by header of three levels, signs beside them",
        """
        numbers: {locale: en, markers: {No data: missing, "–": not_applicable}}
        tables:
          - header: {holds: Country, rows: 3}
            body: {notes: [{matching: '^\\d '}]}
            organisation: {column: Country, replace: {'(?<=[a-z])\\d$': ''}}
            indicator: {header: 1, map: {"Unemployment (%)": UNEMP, "Mean score": SCORE}}
            period: {header: 2}
            target_group: {SEX: {header: 3, total: [Both sexes]}}
            values: {columns: {matching: '20'}, pattern: '^([\\d.]+)'}
        """,
        {
            "who.xlsx": book(
                [
                    ["Country", "Unemployment (%)", None, "Mean score"],
                    [None, "2021", None, "2021"],
                    [None, "Both sexes", "Male", "Both sexes"],
                    ["Wales1", "66 [60–71]", "No data", 7],
                    ["Scotland", "73.5", "70 [61-75]", "–"],
                    ["1 Data of the regions"],
                ],
                merged=("A1:A3", "B1:C1", "B2:C2"),
            )
        },
        {
            ("UNEMP", "W92000004", "2021"): 66,
            ("UNEMP", "W92000004", "2021", "SEX=M"): "O",
            ("SCORE", "W92000004", "2021"): 7,
            ("UNEMP", "S92000003", "2021"): "73.5",
            ("UNEMP", "S92000003", "2021", "SEX=M"): 70,
            ("SCORE", "S92000003", "2021"): "M",
        },
    ),
    Case(
        "tables side by side, each with its title above it",
        """
        tables:
          - header: {holds: [Đơn vị, Số], occurrence: each}
            organisation: {column: Đơn vị}
            indicator: BIRTHS
            period: {cell: {matching: '^Năm'}, pattern: '\\d{4}'}
            target_group: {SEX: {cell: {matching: '^(Nam|Nữ)$', within: block}}}
            values: Số
        """,
        {
            "a.xlsx": book(
                [
                    ["Năm 2024"],
                    ["Nam", None, None, "Nữ"],
                    ["Đơn vị", "Số", None, "Đơn vị", "Số"],
                    ["Hà Nội", 10, None, "Hà Nội", 20],
                ]
            )
        },
        {("BIRTHS", "01", "2024", "SEX=M"): 10, ("BIRTHS", "01", "2024", "SEX=F"): 20},
    ),
    Case(
        "four header levels, merged",
        """
        numbers: {locale: vi}
        tables:
          - header: {holds: Chỉ tiêu, rows: 4}
            organisation: {cell: {matching: '^Đơn vị báo cáo:'}, pattern: 'báo cáo: *(.+)'}
            indicator: {column: Chỉ tiêu}
            period: {header: 2, pattern: '\\d{4}'}
            measure_kind: {header: 3, map: {KH: PLAN, TH: ACTUAL}}
            values: {columns: {matching: Năm}, target_group: {AREA: {header: 1}, SEX: {header: 4}}}
        """,
        {
            "bieu.xlsx": book(
                [
                    ["Đơn vị báo cáo: TP. HCM"],
                    ["TT", "Chỉ tiêu", "Thành thị", None, None, None, "Nông thôn"],
                    [None, None, "Năm 2023", None, None, None, "Năm 2023"],
                    [None, None, "KH", None, "TH", None, "KH", None, "TH"],
                    [None, None, *(["Nam", "Nữ"] * 4)],
                    [1, "Dân số", *range(10, 18)],
                    ["Người lập biểu"],
                ],
                merged=(
                    *("A2:A5", "B2:B5", "C2:F2", "G2:J2", "C3:F3", "G3:J3"),
                    *("C4:D4", "E4:F4", "G4:H4", "I4:J4"),
                ),
            )
        },
        {
            ("POP", "79", "2023", f"AREA={area}|SEX={sex}", kind): 10 + 4 * a + 2 * k + s
            for a, area in enumerate(("URB", "RUR"))
            for k, kind in enumerate(("PLAN", "ACTUAL"))
            for s, sex in enumerate(("M", "F"))
        },
    ),
    Case(
        "plan and estimate, unit in each row, comparisons left out",
        """
        numbers: {locale: vi, markers: {"-": zero}}
        tables:
          - header: {holds: [Chỉ tiêu, ĐVT], rows: 2, numbering: true}
            indicator: {column: Chỉ tiêu}
            organisation: {cell: {right_of: Đơn vị báo cáo}}
            unit: {column: ĐVT}
            values:
              - {columns: Năm 2025 > Kế hoạch, measure_kind: PLAN, period: "2025"}
              - {columns: Năm 2025 > Ước thực hiện, period: "2025", status: E}
              - {columns: Thực hiện 2024, period: "2024"}
        """,
        {
            "bieu.xlsx": book(
                [
                    ["Đơn vị báo cáo", None, "UBND TP Đà Nẵng"],
                    ["TT", "Chỉ tiêu", "ĐVT", "Thực hiện 2024", "Năm 2025", None, "So sánh (%)", None],
                    [None, None, None, None, "Kế hoạch", "Ước thực hiện", "Với KH", "Với CK"],
                    ["A", "B", "C", 1, 2, 3, "4=3/2", "5=3/1"],
                    [1, "Thu ngân sách", "Tỷ đồng", "24.500", "26.000", "25.000,5", "96,2", "102,0"],
                    [2, "Đường bảo trì", "km", "125,5", "-", "130,25", "x", "103,8"],
                ],
                merged=("A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:F2", "G2:H2"),
            )
        },
        {
            ("REV", "48", "2024"): 24_500_000_000_000,
            ("REV", "48", "2025", "_T", "PLAN"): 26_000_000_000_000,
            ("REV", "48", "2025"): "25000500000000 E",
            ("ROAD", "48", "2024"): 125500,
            ("ROAD", "48", "2025", "_T", "PLAN"): 0,
            ("ROAD", "48", "2025"): "130250 E",
        },
    ),
    Case(
        "a sheet for each province, quarters in Roman figures, the sum below",
        """
        tables:
          - sheets: {matching: '^(?P<organisation>.+)$'}
            header: [Quý, Tiếp nhận]
            period:
              template: "Quý {q}/{y}"
              parts: {q: {column: Quý}, y: {cell: {matching: 'NĂM \\d{4}'}, pattern: '\\d{4}'}}
            totals: [{rows: {column: Quý, equals: Cộng}, of: period, period: "2025"}]
            values: {columns: Tiếp nhận, indicator: DOSS}
        """,
        {
            "bao_cao.xlsx": book(
                {
                    name: [
                        [f"TÌNH HÌNH NĂM 2025 - {name}"],
                        ["Quý", "Tiếp nhận"],
                        *([roman, base + n] for n, roman in enumerate(("I", "II", "III", "IV"), 1)),
                        ["Cộng", 4 * base + 10],
                    ]
                    for name, base in (("Hà Nội", 100), ("TP Hồ Chí Minh", 200))
                }
            )
        },
        {("DOSS", o, f"2025-Q{q}"): base + q for o, base in (("01", 100), ("79", 200)) for q in (1, 2, 3, 4)},
    ),
    Case(
        "tables side by side and below each other",
        """
        tables:
          - header: [Tỉnh, Thu]
            columns_from: Tỉnh
            columns_to: Thu
            organisation: {column: Tỉnh}
            values: {columns: Thu, indicator: REV, unit: tỷ đồng}
          - header: [Thành phố, Chi]
            columns_from: Thành phố
            organisation: {column: Thành phố}
            values: {columns: Chi, indicator: EXP, unit: tỷ đồng}
          - header: [Tên tỉnh, Biên chế]
            organisation: {column: Tên tỉnh}
            values: {columns: Biên chế, indicator: STAFF}
        constants: {period: {cell: {matching: '^Năm'}, pattern: '\\d{4}'}}
        """,
        {
            "bieu.xlsx": book(
                [
                    ["Năm 2025"],
                    ["Tỉnh", "Thu", None, "Thành phố", "Chi"],
                    ["Hà Nội", 5, None, "TP. HCM", 7],
                    ["Hải Phòng", 6],
                    ["Bảng 3"],
                    ["Tên tỉnh", "Biên chế"],
                    ["Hà Nội", 50],
                ]
            )
        },
        {
            ("REV", "01", "2025"): 5_000_000_000,
            ("REV", "31", "2025"): 6_000_000_000,
            ("EXP", "79", "2025"): 7_000_000_000,
            ("STAFF", "01", "2025"): 50,
        },
    ),
    Case(
        "two newspaper columns, each under the same header",
        """
        language: en
        tables:
          - header: {holds: [Area, Population], occurrence: each}
            organisation: {column: Area}
            period: "2024"
            values: {columns: Population, indicator: POP}
        """,
        {
            "table.xlsx": book(
                [
                    ["Area", "Population", None, "Area", "Population"],
                    ["Hartlepool", 1, None, "Wales", 3],
                    ["Middlesbrough", 2, None, "Scotland", 4],
                ]
            )
        },
        {("POP", o, "2024"): v for o, v in (("E06000001", 1), ("E06000002", 2), ("W92000004", 3), ("S92000003", 4))},
    ),
    Case(
        "parents in bold type, the same children under each",
        """
        language: en
        tables:
          - header: [Area, "2024"]
            outline: {column: Area, by: bold}
            organisation: {outline: 1}
            target_group: {SEX: {outline: 2}}
            indicator: POP
            period: "2024"
            values: "2024"
        """,
        {
            "table.xlsx": book(
                [["Area", 2024], ["Hartlepool", 30], ["Male", 10], ["Female", 20], ["Wales", 70], ["Male", 30]],
                bold=("A2", "A5"),
            )
        },
        {
            ("POP", "E06000001", "2024"): 30,
            ("POP", "E06000001", "2024", "SEX=M"): 10,
            ("POP", "E06000001", "2024", "SEX=F"): 20,
            ("POP", "W92000004", "2024"): 70,
            ("POP", "W92000004", "2024", "SEX=M"): 30,
        },
    ),
    Case(
        "levels in a column, parents left out",
        """
        tables:
          - header: [Cấp, Chỉ tiêu, Số tiền]
            outline: {column: Chỉ tiêu, by: level, numbers: Cấp}
            organisation: BTC
            period: "2024"
            indicator: {outline: path, map: {"Thu > Nội địa": REV_DOM, "Thu > Dầu thô": REV_OIL, "Chi > Tổng": EXP}}
            body: {skip: [{outline_parent: true}]}
            unit: triệu đồng
            values: Số tiền
        """,
        {
            "bieu.xlsx": book(
                [
                    ["Cấp", "Chỉ tiêu", "Số tiền"],
                    *([1, "Thu", 11], [2, "Nội địa", 5], [2, "Dầu thô", 6]),
                    *([1, "Chi", 7], [2, "Tổng", 7]),
                ]
            )
        },
        {
            ("REV_DOM", "BTC", "2024"): 5_000_000,
            ("REV_OIL", "BTC", "2024"): 6_000_000,
            ("EXP", "BTC", "2024"): 7_000_000,
        },
    ),
    Case(
        "indents of an .xls, parents reconciled",
        """
        language: en
        tables:
          - header: [Area, Births]
            outline: {column: Area, by: indent}
            organisation: {outline: leaf}
            totals: [{rows: {outline_parent: true}, of: organisation}]
            period: "2024"
            values: {columns: Births, indicator: BIRTHS}
        """,
        {
            "table.xls": legacy_book(
                [["Area", "Births"], ["England", 3], ["Hartlepool", 1], ["Middlesbrough", 2], ["Wales", 4]],
                indents={2: 1, 3: 1},
            )
        },
        {("BIRTHS", o, "2024"): v for o, v in (("E06000001", 1), ("E06000002", 2), ("W92000004", 4))},
    ),
    Case(
        "each figure with its mark at its right",
        """
        language: en
        tables:
          - header: {holds: [Indicator, Area], rows: 2}
            indicator: {column: Indicator, fill: down}
            organisation: {column: Area}
            status: {beside: Flag, map: {p: P, e: E}}
            values: {columns: {matching: '^(?P<period>\\d{4}) > Value$'}}
        """,
        {
            "table.xlsx": book(
                [
                    ["Indicator", "Area", 2023, None, 2024, None],
                    [None, None, "Value", "Flag", "Value", "Flag"],
                    ["Births", "Wales", 1, "p", 2, None],
                    [None, "Scotland", 3, None, 4, "e"],
                ],
                merged=("C1:D1", "E1:F1"),
            )
        },
        {
            ("BIRTHS", "W92000004", "2023"): "1 P",
            ("BIRTHS", "W92000004", "2024"): 2,
            ("BIRTHS", "S92000003", "2023"): 3,
            ("BIRTHS", "S92000003", "2024"): "4 E",
        },
    ),
    Case(
        "months and the sum since January side by side",
        """
        tables:
          - header: {holds: Đơn vị, rows: 2}
            organisation: {column: Đơn vị}
            indicator: DOSS
            period: {header: 1, year: {cell: {matching: 'NĂM'}, pattern: '\\d{4}'}}
            values:
              - {columns: {matching: 'Trong tháng$'}}
              - {columns: {matching: 'Lũy kế$'}, accumulation: YTD}
        """,
        {
            "bieu.xlsx": book(
                [
                    ["BÁO CÁO NĂM 2025"],
                    ["Đơn vị", "Tháng 1", None, "Tháng 2", None],
                    [None, *(["Trong tháng", "Lũy kế"] * 2)],
                    ["Hà Nội", 10, 10, 20, 30],
                ],
                merged=("A2:A3", "B2:C2", "D2:E2"),
            )
        },
        {
            ("DOSS", "01", "2025-M01", "_T", "ACTUAL", "IN_PERIOD"): 10,
            ("DOSS", "01", "2025-M01", "_T", "ACTUAL", "YTD"): 10,
            ("DOSS", "01", "2025-M02", "_T", "ACTUAL", "IN_PERIOD"): 20,
            ("DOSS", "01", "2025-M02", "_T", "ACTUAL", "YTD"): 30,
        },
        accumulation="as said",
    ),
    Case(
        "figures in a form without a table, and in a sentence",
        """
        numbers: {locale: vi}
        tables:
          - organisation: {cell: {containing: UBND}, pattern: 'UBND (.+)'}
            period: {cell: {matching: '^Năm'}}
            values:
              - {cell: {right_of: Tổng dân số}, indicator: POP}
              - {cell: {below: Biên chế được giao}, indicator: STAFF}
              - {cell: {matching: 'thu ngân sách đạt'}, pattern: 'đạt ([\\d.,]+ tỷ đồng)', indicator: REV}
        """,
        {
            "bieu.xlsx": book(
                [
                    ["UBND Thành phố Đà Nẵng"],
                    ["Năm 2024"],
                    ["Tổng dân số", None, "1.250.500"],
                    ["Biên chế được giao"],
                    ["2.345"],
                    ["Tổng thu ngân sách đạt 24.500,5 tỷ đồng, tăng 5%"],
                ]
            )
        },
        {("POP", "48", "2024"): 1_250_500, ("STAFF", "48", "2024"): 2345, ("REV", "48", "2024"): 24_500_500_000_000},
    ),
    Case(
        "a count and its share in one cell",
        """
        language: en
        numbers: {locale: en}
        tables:
          - header: [Area, Out of work]
            organisation: {column: Area}
            period: "2024"
            values:
              - {columns: Out of work, pattern: '^([\\d,]+)', indicator: POP}
              - {columns: Out of work, pattern: '\\(([\\d.]+)%\\)', indicator: UNEMP}
        """,
        {"table.xlsx": book([["Area", "Out of work"], ["Wales", "1,234 (5.6%)"]])},
        {("POP", "W92000004", "2024"): 1234, ("UNEMP", "W92000004", "2024"): "5.6"},
    ),
    Case(
        "the organisation and the period in folder names",
        """
        tables:
          - header: [Chỉ tiêu, Số liệu]
            organisation: {folder: 1}
            period: {folder: -1}
            indicator: {column: Chỉ tiêu}
            values: Số liệu
        """,
        {
            "received=2026-04-10/Hà Nội/Quý 1-2025/bieu.xlsx": book([["Chỉ tiêu", "Số liệu"], ["Dân số", 1]]),
            "Đà Nẵng/Quý II năm 2025/bieu.xlsx": book([["Chỉ tiêu", "Số liệu"], ["Dân số", 3]]),
        },
        {("POP", "01", "2025-Q1"): 1, ("POP", "48", "2025-Q2"): 3},
    ),
    Case(
        "hidden rows, columns and sheets left out",
        """
        language: en
        tables:
          - header: [Region, Population]
            hidden: skip
            organisation: {column: Region}
            period: "2024"
            values: [{columns: Population, indicator: POP}, {columns: Staff, indicator: STAFF, optional: true}]
        """,
        {
            "table.xlsx": book(
                {
                    "now": [
                        ["Region", "Population", "Staff"],
                        ["Hartlepool", 1, 9],
                        ["Wales", 2, 9],
                        ["Scotland", 3, 9],
                    ],
                    "old": [["Region", "Population", "Staff"], ["Hartlepool", 8]],
                },
                hidden_rows=(3,),
                hidden_columns=("C",),
                hidden_sheets=("old",),
            )
        },
        {("POP", "E06000001", "2024"): 1, ("POP", "S92000003", "2024"): 3},
    ),
    Case(
        "hidden rows of an .ods left out",
        """
        language: en
        tables:
          - header: [Region, Population]
            hidden: skip
            organisation: {column: Region}
            period: "2024"
            values: {columns: Population, indicator: POP}
        """,
        {"table.ods": open_document([["Region", "Population"], ["Hartlepool", 1], ["Wales", 2]], hidden_rows=(2,))},
        {("POP", "W92000004", "2024"): 2},
    ),
    Case(
        "months down as dates, areas across",
        """
        language: en
        tables:
          - header: [Month, Hartlepool]
            period: {column: Month, frequency: M}
            indicator: BIRTHS
            values: {columns: {from: Hartlepool, to: Wales}, organisation: {header: true}}
        """,
        {
            "table.xlsx": book(
                [
                    ["Month", "Hartlepool", "Wales"],
                    [dt.date(2024, 1, 1), 11, 21],
                    [dt.date(2024, 2, 1), 12, 22],
                ]
            )
        },
        {("BIRTHS", o, f"2024-M0{m}"): base + m for o, base in (("E06000001", 10), ("W92000004", 20)) for m in (1, 2)},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_figure_of_a_workbook(case: Case, read: Callable[[Case], Any], full_key: Callable[..., Any]) -> None:
    figures, held_back = read(case)
    assert held_back == case.held_back
    assert figures == full_key(case)
