"""What a sheet leaves in doubt is held back, cell by cell, or refuses the file: never a wrong figure in silence."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from published_files import Case, book

from ingest.read import Refusal

RECIPE = """
language: en
numbers: {locale: en}
tables:
  - header: [Area]
    organisation: {column: Area}
    period: "2024"
    values: [{columns: Births, indicator: BIRTHS}, {columns: Deaths, indicator: DEATHS}]
"""
REVENUE = """
numbers: {locale: vi}
tables:
  - header: Tỉnh
    organisation: {column: Tỉnh}
    period: "2024"
    values: {columns: {matching: ^Thu}, indicator: REV}
"""
HEADER = ["Area", "Births", "Deaths"]
WALES = {("BIRTHS", "W92000004", "2024"): 5, ("DEATHS", "W92000004", "2024"): 6}
HARTLEPOOL = {("BIRTHS", "E06000001", "2024"): 1234, ("DEATHS", "E06000001", "2024"): 3}


def raised_marks() -> bytes:
    """A count and a name, each with a raised footnote mark as a run of its own."""

    def raised(text: str, mark: str) -> CellRichText:
        return CellRichText(text, TextBlock(InlineFont(vertAlign="superscript"), mark))

    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in (HEADER, ["Hartlepool", None, 3], [None, 5, 6]):
        sheet.append(row)
    sheet["B2"], sheet["A3"] = raised("1234", "2"), raised("Wales", "1")
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


CASES = [
    Case(
        "a column that has lost its unit in the header row of units",
        """
        numbers: {locale: en}
        tables:
          - header: {holds: Area, rows: 2}
            organisation: {column: Area}
            indicator: POP
            period: {header: 1}
            unit: {header: 2}
            values: {columns: {matching: ^20}}
        """,
        {"a.csv": b"Area,2023,2024\n,thousand persons,\nWales,5,6\n"},
        {("POP", "W92000004", "2023"): 5000},
        {"C3": "unknown"},
    ),
    Case(
        "a currency sign before figures, and a line above that says thousands",
        """
        tables:
          - header: [Council, Spent]
            organisation: {column: Council}
            period: "2023-24"
            values: {columns: Spent, indicator: GBP_EXP}
        """,
        {"a.xlsx": book([["£ thousand"], ["Council", "Spent"], ["Hartlepool", "£1,234"], ["Middlesbrough", "£1.2m"]])},
        {("GBP_EXP", "E06000002", "FY2023"): 1200000},
        {"B3": "undeclared"},
    ),
    Case(
        "a heading with its unit in words that no bracket shows",
        REVENUE,
        {"a.csv": "Tỉnh;Thu - tr.đ;Thu khác\nHà Nội;5;\nĐà Nẵng;6;\n".encode()},
        {("REV", "01", "2024"): "O", ("REV", "48", "2024"): "O"},
        {"B2": "undeclared", "B3": "undeclared"},
    ),
    Case(
        "a line of two units, one of them of the figures",
        REVENUE,
        {"a.xlsx": book([["Đơn vị tính: Nghìn đồng; %"], ["Tỉnh", "Thu"], ["Hà Nội", 5]])},
        {},
        {"B3": "undeclared"},
    ),
    Case(
        "another currency above the table",
        REVENUE,
        {"a.xlsx": book([[None, "Triệu USD"], ["Tỉnh", "Thu"], ["Hà Nội", 5]])},
        {},
        {"B3": "undeclared"},
    ),
    Case(
        "dates that stand for months, of which the recipe says nothing; a stock of a day",
        """
        numbers: {locale: en}
        tables:
          - header: [Area]
            organisation: {column: Area}
            period: {column: Month}
            values: [{columns: Dossiers, indicator: DOSS}, {columns: Staff, indicator: STAFF}]
        """,
        {"a.csv": b"Area,Month,Dossiers,Staff\nWales,2024-05-01,5,6\n"},
        {("STAFF", "W92000004", "2024-05-01"): 6},
        {"C2": "ambiguous"},
    ),
    Case(
        "a row whose only figure is a sign that the source declares, of a period that nobody knows",
        RECIPE.replace("locale: en", "locale: en, markers: {low count: suppressed}").replace(
            '"2024"', "{column: Year}"
        ),
        {"a.csv": b"Area,Year,Births,Deaths\nWales,20xx,low count,low count\nWales,2024,5,6\n"},
        WALES,
        {"C2": "unknown", "D2": "unknown"},
    ),
    Case(
        "a line that came apart at a comma",
        RECIPE,
        {"a.csv": b"Area,Births,Deaths\nHartlepool,1,234,56\nWales,5,6\n"},
        WALES,
        {"B2": "misplaced", "C2": "misplaced"},
    ),
    Case(
        "one merged cell over the figures of two areas",
        RECIPE,
        {"a.xlsx": book([HEADER, ["Hartlepool", 10, 3], ["Scotland", None, 4], ["Wales", 5, 6]], merged=("B2:B3",))},
        {**WALES, ("DEATHS", "E06000001", "2024"): 3, ("DEATHS", "S92000003", "2024"): 4},
        {"B2": "misplaced", "B3": "misplaced"},
    ),
    Case("raised footnote marks", RECIPE, {"a.xlsx": raised_marks()}, {**WALES, **HARTLEPOOL}),
    Case(
        "a unit in the heading that nobody declared",
        REVENUE,
        {"a.xlsx": book([["Tỉnh", "Thu (triệu đồng)"], ["Hà Nội", "1.234.567"]])},
        {},
        {"B2": "undeclared"},
    ),
    Case(
        "a unit above the table that nobody declared",
        REVENUE,
        {"a.xlsx": book([[None, "Đơn vị tính:", "tỷ đồng"], ["Tỉnh", "Thu"], ["Hà Nội", 1234]])},
        {},
        {"B3": "undeclared"},
    ),
    Case(
        "a unit that is declared in spite of the heading",
        REVENUE.replace("indicator: REV}", "indicator: REV, unit: VND}"),
        {"a.xlsx": book([["Tỉnh", "Thu (triệu đồng)"], ["Hà Nội", 1234]])},
        {("REV", "01", "2024"): 1234},
    ),
    Case(
        "a pattern that does not match",
        RECIPE.replace("{columns: Births,", "{columns: Births, pattern: '^(\\d+) births',"),
        {"a.xlsx": book([HEADER, ["Wales", "7 children", 6]])},
        {("DEATHS", "W92000004", "2024"): 6},
        {"B2": "not_a_number"},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_rest_is_read(case: Case, read: Callable[[Case], Any], full_key: Callable[..., Any]) -> None:
    figures, held_back = read(case)
    assert held_back == dict(case.held_back)
    assert figures == full_key(case)


@pytest.mark.parametrize(
    ("name", "recipe", "files", "said"),
    [
        (
            "one sheet of several whose header was renamed",
            RECIPE,
            {"a.xlsx": book({"A": [HEADER, ["Wales", 5, 6]], "B": [["Areas", *HEADER[1:]], ["Scotland", 7, 8]]})},
            ("«B»", "«Area»", "«Areas»", "A1", "excluding"),
        ),
        (
            "a hierarchy by bold type in a text file",
            RECIPE.replace("header: [Area]", "header: [Area]\n    outline: {column: Area, by: bold}"),
            {"a.csv": b"Area,Births,Deaths\nWales,5,6\n"},
            ("bold", "a.csv"),
        ),
        (
            "a file outside the folder that names its organisation",
            RECIPE.replace("{column: Area}", "{folder: 1}"),
            {"a.csv": b"Area,Births,Deaths\nWales,5,6\n"},
            ("folder 1", "a.csv"),
        ),
        (
            "another table below, which the recipe does not know",
            RECIPE,
            {"a.csv": b"Area,Births,Deaths\nWales,5,6\n\nCountry,Houses,Flats\nScotland,7,8\n"},
            ("row 4", "«Country | Houses | Flats» looks like the header of another table", "ends"),
        ),
        (
            "a table that goes on below with other years",
            RECIPE.replace("[Area]", "[Area, 2020]")
            .replace('"2024"', "{header: 1}")
            .replace(
                "[{columns: Births, indicator: BIRTHS}, {columns: Deaths, indicator: DEATHS}]",
                "{columns: {matching: ^20}, indicator: BIRTHS}",
            ),
            {"a.xlsx": book([["Area", 2020, 2021], ["Wales", 5, 6], ["Area", 2022, "2023 p"], ["Scotland", 7, 8]])},
            ("row 3", "«Area | 2022 | 2023 p» looks like the header of another table"),
        ),
        (
            "a year that was moved between the first and the last of a stretch",
            RECIPE.replace('"2024"', "{header: 1}").replace(
                "[{columns: Births, indicator: BIRTHS}, {columns: Deaths, indicator: DEATHS}]",
                '[{columns: {from: "2021", to: "2023"}, indicator: BIRTHS}]',
            ),
            {"a.csv": b"Area,2021,2024,2023,2022\nWales,5,6,7,8\n"},
            ("«2024» in cell C1 does not belong between «2021» … «2023»",),
        ),
        (
            "a plan whose heading is gone",
            """
            tables:
              - header: {holds: Area, rows: 2}
                organisation: {column: Area}
                period: {header: 1}
                measure_kind: {header: 2, map: {Plan: PLAN, Actual: ACTUAL}}
                values: {columns: {matching: ^20}, indicator: BIRTHS}
            """,
            {"a.xlsx": book([["Area", 2023, 2024], [None, None, "Actual"], ["Wales", 5, 6]])},
            ("column B has no measure_kind",),
        ),
        (
            "a column that is like none there",
            RECIPE.replace("columns: Births", "columns: {matching: ^Marriages}"),
            {"a.csv": b"Area,Births,Deaths\nWales,5,6\n"},
            ("«matching ^Marriages» is not there", "There are: «Area», «Births», «Deaths»"),
        ),
        (
            "one of side-by-side tables that has lost its title",
            RECIPE.replace("header: [Area]", "header: {holds: [Area], occurrence: each}").replace(
                'period: "2024"', "period: {cell: {matching: '^20', within: block}}"
            ),
            {"a.csv": b"2024,,,,\nArea,Births,Deaths,Area,Births,Deaths\nWales,5,6,Scotland,7,8\n"},
            ("«^20» is not there",),
        ),
        (
            "one of two texts of the header is gone",
            RECIPE.replace("[Area]", "[Area, Births]"),
            {"a.csv": b"Area,Deaths\nWales,6\n"},
            ("«Births» is missing",),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and ":" not in value else "",
)
def test_a_refusal_says_where_and_what(
    name: str, recipe: str, files: dict[str, bytes], said: tuple[str, ...], read: Callable[[Case], Any]
) -> None:
    with pytest.raises(Refusal) as refused:
        read(Case(name.replace(" ", "_"), recipe, files, {}))
    assert refused.value.rule_id == "STR-02"
    assert [text for text in said if text not in refused.value.message_en] == []


def test_a_cover_sheet_is_passed_by(read: Callable[[Case], Any]) -> None:
    cover = [["Statistics of 2024"], ["Births and deaths", "see below"]]
    figures, _ = read(Case("cover", RECIPE, {"a.xlsx": book({"Cover": cover, "A": [HEADER, ["Wales", 5, 6]]})}, {}))
    assert sorted(figures.values()) == ["5", "6"]
