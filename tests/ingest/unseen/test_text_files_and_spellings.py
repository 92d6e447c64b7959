"""Delimited text in the encodings, delimiters and number spellings of several countries; periods in names of files."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from published_files import Case, book


def windows_1258(text: str) -> bytes:
    """Vietnamese as old software wrote it: letters with their own sign, tones behind them."""
    found = b""
    for letter in text:
        base, *marks = unicodedata.normalize("NFD", letter)
        for mark in list(marks):
            whole = unicodedata.normalize("NFC", base + mark)
            if len(whole) == 1 and whole.encode("cp1258", "ignore"):
                base = whole
                marks.remove(mark)
        found += letter.encode("cp1258", "ignore") or (base + "".join(marks)).encode("cp1258")
    return found


CASES = [
    Case(
        "French, semicolons, thin and no-break spaces, thousands of euros",
        """
        numbers: {locale: fr, markers: {nd: missing}}
        language: en
        tables:
          - header: [Département, Naissances]
            organisation: {column: Département}
            period: {column: Année}
            target_group: {SEX: {column: Sexe, total: Ensemble}}
            values:
              - {columns: Naissances, indicator: BIRTHS}
              - {columns: Dépenses (k€), indicator: EUR_EXP, unit: {header: -1, pattern: '\\((.+)\\)'}}
        """,
        {
            "naissances.csv": (
                "Département;Sexe;Année;Naissances;Dépenses (k€)\n"
                "Paris;Ensemble;2023;25\u202f300;1\u00a0234,5\nRhône;Femmes;2023;nd;-12,0\n"
            ).encode("utf-8-sig")
        },
        {
            ("BIRTHS", "FR-75", "2023"): 25300,
            ("EUR_EXP", "FR-75", "2023"): 1234500,
            ("BIRTHS", "FR-69", "2023", "SEX=F"): "O",
            ("EUR_EXP", "FR-69", "2023", "SEX=F"): -12000,
        },
    ),
    Case(
        "German, the day of the count in the title, signs of the federal office",
        """
        numbers: {locale: de, profile: destatis}
        language: en
        tables:
          - header: [Land, Ausgaben]
            organisation: {column: Land}
            period: {cell: {containing: Stichtag}, pattern: '\\d{2}\\.\\d{2}\\.(\\d{4})'}
            unit: {cell: {matching: '^in '}}
            values: {columns: Ausgaben, indicator: EUR_EXP}
            body: {ends: [{matching: '^_{3,}'}]}
        """,
        {
            "tabelle.xlsx": book(
                [
                    *(["Ausgaben, Stichtag 31.12.2023"], ["in Tsd. EUR"], ["Land", "Ausgaben"]),
                    *(["Bayern", "1.234.567,89"], ["Nordrhein-Westfalen", "/"], ["Berlin", "–"]),
                    *(["__________"], ["1) Vorläufige Zahlen"]),
                ]
            )
        },
        {("EUR_EXP", "DE-BY", "2023"): 1234567890, ("EUR_EXP", "DE-NW", "2023"): "Q", ("EUR_EXP", "DE-BE", "2023"): 0},
    ),
    Case(
        "Indian, lakhs, split years",
        """
        language: en
        numbers: {locale: in}
        tables:
          - header: [State, Year]
            organisation: {column: State}
            period: {column: Year, calendar: FY-UK}
            values:
              columns: {matching: Outlay}
              indicator: INR_EXP
              unit: {header: -1, pattern: '\\((.+)\\)'}
        """,
        {"a.csv": 'State,Year,Outlay (₹ in lakh)\nKerala,2023-24,"1,23,45,678"\nBihar,2024-25,"5,000"\n'.encode()},
        {("INR_EXP", "IN-KL", "FY2023"): 1234567800000, ("INR_EXP", "IN-BR", "FY2024"): 500000000},
    ),
    Case(
        "Swiss, UTF-16 with tabs, the year in the file's name",
        """
        language: en
        numbers: {locale: ch}
        tables:
          - header: Kanton
            organisation: {column: Kanton}
            period: {file: true, pattern: '_(\\d{4})\\.'}
            values:
              columns: {matching: Ausgaben}
              indicator: CHF_EXP
              unit: {header: -1, pattern: 'in (.+)'}
        """,
        {"rechnung_2024.csv": "Kanton\tAusgaben in 1000 CHF\r\nZürich\t1'234'567.5\r\nBern\t987\r\n".encode("utf-16")},
        {("CHF_EXP", "CH-ZH", "2024"): 1234567500, ("CHF_EXP", "CH-BE", "2024"): 987000},
    ),
    Case(
        "TCVN3, the month in the file's name",
        """
        tables:
          - header: [Đơn vị, Tiếp nhận]
            organisation: {column: Đơn vị}
            period: {file: true, pattern: 'tháng \\d+ năm \\d{4}'}
            values: [{columns: Tiếp nhận, indicator: DOSS}, {columns: Giải quyết, indicator: DONE}]
            body: {ends: [Người lập biểu]}
        """,
        {
            "Báo cáo tháng 3 năm 2025.csv": (
                "§¬n vÞ;TiÕp nhËn;Gi¶i quyÕt\nHµ Néi;1;2\nTp Hå ChÝ Minh;3;4\nNg­êi lËp biÓu;;\n"
            ).encode("windows-1252")
        },
        {
            (i, o, "2025-M03"): v
            for (i, o), v in {("DOSS", "01"): 1, ("DONE", "01"): 2, ("DOSS", "79"): 3, ("DONE", "79"): 4}.items()
        },
    ),
    Case(
        "VNI letters in a workbook",
        """
        tables:
          - header: [Đơn vị, Tiếp nhận]
            organisation: {column: Đơn vị}
            period: {file: true, replace: {_: /}, pattern: 'T\\d+/\\d{4}'}
            values: {columns: Tiếp nhận, indicator: DOSS}
        """,
        {
            "BC_T03_2025.xlsx": book(
                [["Baùo caùo thaùng"], ["Ñôn vò", "Tieáp nhaän"], ["Haø Noäi", 1], ["Haûi Phoøng", 3]]
            )
        },
        {("DOSS", "01", "2025-M03"): 1, ("DOSS", "31", "2025-M03"): 3},
    ),
    Case(
        "windows-1258, the header again on each page, administrative months",
        """
        encoding: windows-1258
        tables:
          - header: {holds: [Đơn vị, Tiếp nhận], occurrence: each}
            organisation: {column: Đơn vị}
            period: {column: Tháng, calendar: VNR}
            values: {columns: Tiếp nhận, indicator: DOSS}
        """,
        {
            "x.csv": windows_1258(
                "Cộng hòa\nBáo cáo|||\n\nĐơn vị|Tháng|Tiếp nhận\nHà Nội|Tháng 01/2025|1\nĐơn vị|Tháng|Tiếp nhận\n"
                "Hải Phòng|Tháng 02/2025|4\nNguồn: Sở|||\n"
            )
        },
        {("DOSS", "01", "VNR2025-M01"): 1, ("DOSS", "31", "VNR2025-M02"): 4},
    ),
    Case(
        "a long file with codes, quoted line breaks and other levels",
        """
        language: en
        numbers: {locale: en}
        tables:
          - header: [date, area_code]
            organisation: {column: area_code}
            period: {column: date, frequency: M}
            indicator: {column: metric, map: {b: BIRTHS, d: DEATHS}}
            target_group: {AGE: {column: age, total: all, map: {"65+": Y_GE65}}}
            values: value
            body: {only: {column: geography_type, equals: council}}
        """,
        {
            "long.csv": (
                b"date,area_code,area name,geography_type,metric,age,value\n"
                b'2024-01-01,E06000001,"Hartlepool\n(UA)",council,b,all,5\n'
                b'2024-01-01,E06000001,"Hartlepool, UA",council,d,65+,"1,234"\n'
                b"2024-02-01,E06000002,M,council,d,all,\n2024-02-01,E92000001,E,country,d,all,99\n"
            )
        },
        {
            ("BIRTHS", "E06000001", "2024-M01"): 5,
            ("DEATHS", "E06000001", "2024-M01", "AGE=Y_GE65"): 1234,
            ("DEATHS", "E06000002", "2024-M02"): "O",
        },
    ),
    Case(
        "units in a third header row, negatives in parentheses, suppressed and small counts",
        """
        language: en
        numbers: {locale: en, markers: {c: suppressed, "..": missing, "-": zero, z: not_applicable}}
        tables:
          - header: {holds: Council, rows: 3}
            organisation: {column: Council}
            unit: {header: 3}
            values:
              - {columns: Spending > *, indicator: GBP_EXP, period: {header: 2, calendar: FY-UK}}
              - {columns: Staff > *, indicator: STAFF, period: {header: 2}}
        """,
        {
            "table.xlsx": book(
                [
                    ["Council", "Spending", None, "Staff"],
                    [None, "2023-24", "2024-25", "2024"],
                    [None, "£000", "£m", "persons"],
                    ["Hartlepool", "1,234.5 [1]", "(2.5)", "<5"],
                    ["Middlesbrough", "c", "-", "z"],
                    ["[1] revised"],
                ],
                merged=("A1:A3", "B1:C1"),
            )
        },
        {
            ("GBP_EXP", "E06000001", "FY2023"): 1234500,
            ("GBP_EXP", "E06000001", "FY2024"): -2500000,
            ("STAFF", "E06000001", "2024"): "0..5",
            ("GBP_EXP", "E06000002", "FY2023"): "Q",
            ("GBP_EXP", "E06000002", "FY2024"): 0,
            ("STAFF", "E06000002", "2024"): "M",
        },
    ),
    Case(
        "six months, million, a dash that is zero",
        """
        numbers: {locale: vi, profile: yearbook}
        tables:
          - header: [Địa phương, GTSX]
            organisation: {column: Địa phương}
            period: {cell: {matching: 6 tháng}, pattern: '6 tháng.*'}
            unit: {cell: {matching: ĐVT}, pattern: 'ĐVT *: *(.+)'}
            values: {columns: GTSX, indicator: REV}
        """,
        {
            "bieu.xlsx": book(
                [
                    ["Giá trị sản xuất 6 tháng đầu năm 2025"],
                    [None, "ĐVT: Tr.đồng"],
                    ["Địa phương", "GTSX"],
                    *(["TP. Hà Nội", "12.500"], ["Hải Phòng*", "-"], ["TP.HCM", "…"]),
                    ["* Số liệu trước sáp nhập"],
                ]
            )
        },
        {
            ("REV", "01", "2025-Q2", "_T", "ACTUAL", "YTD"): 12_500_000_000,
            ("REV", "31", "2025-Q2", "_T", "ACTUAL", "YTD"): 0,
            ("REV", "79", "2025-Q2", "_T", "ACTUAL", "YTD"): "O",
        },
        accumulation="as said",
    ),
    Case(
        "quarters in German and in French, a month's name in French",
        """
        language: en
        tables:
          - header: [Zeit, Geburten]
            organisation: DE
            period:
              column: Zeit
              replace: {'^(\\d)\\. Quartal (\\d{4})$': '\\2-Q\\1', '^T(\\d) (\\d{4})$': '\\2-Q\\1'}
            values: {columns: Geburten, indicator: BIRTHS}
          - header: [Année, Mois]
            organisation: FR
            period:
              template: "{y}-M{m}"
              parts: {y: {column: Année}, m: {column: Mois, map: {janvier: "01", février: "02"}}}
            values: {columns: Naissances, indicator: BIRTHS}
        """,
        {
            "a.xlsx": book(
                [
                    *(["Zeit", "Geburten"], ["1. Quartal 2024", 1], ["T2 2024", 2]),
                    *(["Année", "Mois", "Naissances"], [2024, "Janvier", 3], [2024, "Février", 4]),
                ]
            )
        },
        {
            ("BIRTHS", "DE", "2024-Q1"): 1,
            ("BIRTHS", "DE", "2024-Q2"): 2,
            ("BIRTHS", "FR", "2024-M01"): 3,
            ("BIRTHS", "FR", "2024-M02"): 4,
        },
    ),
    Case(
        "the dates in brackets win over the name of the period; codes without their zeros",
        """
        tables:
          - header: {holds: Tên đơn vị, numbering: true}
            organisation_code: {column: Mã, width: 2}
            organisation: {column: Tên đơn vị}
            period: {cell: {containing: Kỳ báo cáo}, pattern: '\\((.*)\\)', calendar: VNR}
            values: {columns: Số nhận, indicator: DOSS}
            body: {ends: [{containing: ngày   tháng}]}
        """,
        {
            "bieu.xlsx": book(
                [
                    ["Kỳ báo cáo: Quý I/2026 (Từ ngày 15/12/2025 đến ngày 14/3/2026)"],
                    ["Mã", "Tên đơn vị", "Số nhận"],
                    ["A", "B", "1"],
                    *([1, "Thành phố Hà Nội", 5], [4, "Cao Bằng", 6]),
                    [None, "........., ngày   tháng  năm"],
                ]
            )
        },
        {("DOSS", "01", "VNR2026-Q1"): 5, ("DOSS", "04", "VNR2026-Q1"): 6},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_figure_of_a_file(case: Case, read: Callable[[Case], Any], full_key: Callable[..., Any]) -> None:
    figures, held_back = read(case)
    assert held_back == case.held_back
    assert figures == full_key(case)
