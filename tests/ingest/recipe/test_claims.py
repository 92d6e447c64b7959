"""What labels and cell formats claim beside the figure: accumulation, status, per cent, ratios that a source states."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from ingest.registry.models import Indicator, Ratio

LONG = """
    numbers: {locale: en}
    tables:
      - header: [Đơn vị, Số]
        organisation: {column: Đơn vị}
        indicator: FIGURE
        period: {column: Kỳ}
        values: Số
    """


def long_csv(*rows: tuple[str, str]) -> str:
    return "Đơn vị,Kỳ,Số\n" + "".join(f"Huế,{period},{value}\n" for period, value in rows)


@pytest.fixture
def read_long(read_with: Any, registry: Any, facts: Any) -> Any:
    def read(recipe: str, *rows: tuple[str, str], accumulation: str = "IN_PERIOD") -> list[tuple[Any, ...]]:
        known = registry(["Huế"])
        known.tables["indicators"] = [
            Indicator(
                code="FIGURE", name_vi="Số", name_en="F", role="output", unit="dossier", accumulation=accumulation
            )
        ]
        tidied = read_with(recipe, long_csv(*rows), known, name="a.csv")
        return facts(tidied, "period_code", "accumulation", "obs_status", "period_problem", "candidates")

    return read


def test_six_months_are_the_year_to_date_at_the_second_quarter_unless_the_recipe_says_otherwise(read_long: Any) -> None:
    rows = ("6 tháng đầu năm 2025", "5"), ("Quý I/2025", "6")
    assert [found[:2] for found in read_long(LONG, *rows)] == [("2025-Q2", "YTD"), ("2025-Q1", "IN_PERIOD")]
    stated = LONG.replace("values: Số", "values: Số\n        accumulation: SINCE_START")
    assert [found[1] for found in read_long(stated, *rows)] == ["SINCE_START"] * 2


@pytest.mark.parametrize("registered", ["POINT_IN_TIME", "SINCE_START"])
def test_a_stock_or_a_sum_since_the_start_is_never_year_to_date(read_long: Any, registered: str) -> None:
    found = read_long(LONG, ("6 tháng đầu năm 2025", "5"), accumulation=registered)
    assert found[0][1] == registered


def test_estimates_and_provisional_figures_are_told_by_the_label_of_their_period(read_long: Any) -> None:
    rows = ("Ước quý I/2025", "5"), ("Sơ bộ quý II/2025", "6"), ("Quý III/2025", "7"), ("Ước quý IV/2025", "...")
    assert [found[2] for found in read_long(LONG, *rows)] == ["E", "P", "A", "O"]


def test_a_pattern_that_takes_the_year_alone_leaves_the_status_beside_it(read_long: Any) -> None:
    year_alone = LONG.replace("{column: Kỳ}", "{column: Kỳ, pattern: '\\d{4}'}")
    rows = ("Sơ bộ năm 2022", "5"), ("2023 (est.)", "6"), ("2024 Actual", "7"), ("Estimated cost 2025", "8")
    assert [found[:3:2] for found in read_long(year_alone, *rows)] == [
        ("2022", "P"),
        ("2023", "E"),
        ("2024", "A"),
        ("2025", "A"),  # the cost is estimated, not the figure of it
    ]


@pytest.mark.parametrize(
    "period",
    [
        "{template: '{y}', parts: {y: {column: Kỳ, pattern: '(\\d{4})'}}}",
        "{first_of: [{column: Kỳ, pattern: '(\\d{4})'}, '2020']}",
        "{constant: Q1, year: {column: Kỳ, pattern: '(\\d{4})'}}",
    ],
)
def test_the_status_beside_a_part_of_a_period_is_that_of_the_period(read_long: Any, period: str) -> None:
    recipe = LONG.replace("{column: Kỳ}", period)
    rows = ("2022p", "5"), ("Sơ bộ - Prel. 2023", "6"), ("2024", "7"), ("2025 (e)", "8")
    assert [found[2] for found in read_long(recipe, *rows)] == ["P", "P", "A", "E"]


def test_a_period_that_may_be_two_names_both(read_long: Any) -> None:
    found = read_long(LONG, ("03/04/2025", "5"))
    assert found[0][3] == "ambiguous"
    assert {"2025-03-04", "2025-04-03"} <= set(found[0][4].split("; "))


def test_one_date_with_a_day_above_twelve_settles_the_order_of_its_column(read_long: Any) -> None:
    by_day = LONG.replace("{column: Kỳ}", "{column: Kỳ, frequency: D}")
    assert [found[0] for found in read_long(by_day, ("03/04/2025", "5"), ("25/04/2025", "6"))] == [
        "2025-04-03",
        "2025-04-25",
    ]
    assert [found[0] for found in read_long(by_day, ("03/04/2025", "5"), ("04/25/2025", "6"))] == [
        "2025-03-04",
        "2025-04-25",
    ]


PERCENT = """
    tables:
      - header: [Đơn vị, Số]
        organisation: {column: Đơn vị}
        period: "2025"
        values: {columns: Số, indicator: SHARE%s}
    """


@pytest.mark.parametrize(
    ("unit", "number_format", "more", "value"),
    [
        ("percent", "0.0%", "", "95"),
        ("percent", "0%", ", unit: '%'", "95"),
        ("percent", "0%", ", multiplier: 100", "95"),
        ("percent", '0.00"%"', "", "0.95"),
        ("percent", "0.00", "", "0.95"),
        ("one", "0%", "", "0.95"),
        ("dossier", "0%", "", "0.95"),
    ],
)
def test_a_stored_number_shown_as_per_cent_is_multiplied_once_where_the_unit_is_per_cent(
    tmp_path: Any, read_with: Any, registry: Any, unit: str, number_format: str, more: str, value: str
) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["Đơn vị", "Số"])
    workbook.active.append(["Huế", 0.95])
    workbook.active["B2"].number_format = number_format
    workbook.save(tmp_path / "percent.xlsx")
    tidied = read_with(PERCENT % more, tmp_path / "percent.xlsx", registry(["Huế"], [("SHARE", unit)]))
    row = tidied.observations.to_pylist()[0]
    assert (row["value"], row["unit_problem"], row["unit_code"]) == (Decimal(value), None, unit)
    is_shown_so = number_format in {"0%", "0.0%"} and "multiplier" not in more
    assert ("PERCENT_FORMAT" in (row["flags"] or "")) is is_shown_so


CLAIM = """
    numbers: {locale: en}
    tables:
      - header: [Đơn vị, Kịp]
        organisation: {column: Đơn vị}
        period: "2025"
        values:
          - {columns: Kịp, indicator: ON_TIME}
          - {columns: Xong, indicator: RESOLVED}
          - {columns: Tỷ lệ, indicator: ON_TIME_SHARE, measure_kind: %s}
    """


def with_ratio(registry: Any, unit: str | None) -> SimpleNamespace:
    known: SimpleNamespace = registry(["Huế"], ["ON_TIME", "RESOLVED"])
    known.tables["ratios"] = [
        Ratio(
            code="ON_TIME_SHARE",
            name_vi="Tỷ lệ",
            name_en="Share",
            numerator="ON_TIME",
            denominator="RESOLVED",
            ratio_class="proportion",
            scale=Decimal(100),
            unit=unit,
        )
    ]
    return known


@pytest.mark.parametrize("unit", ["percent", None])
def test_a_ratio_that_a_source_states_is_a_claim_in_the_unit_of_the_ratio(
    read_with: Any, registry: Any, unit: str | None
) -> None:
    sheet = [["Đơn vị", "Kịp", "Xong", "Tỷ lệ"], ["Huế", 9, 12, "75%"]]
    rows = read_with(CLAIM % "REPORTED_RATIO", sheet, with_ratio(registry, unit)).observations.to_pylist()
    claim = rows[-1]
    assert (claim["indicator_code"], claim["measure_kind"]) == ("ON_TIME_SHARE", "REPORTED_RATIO")
    assert (claim["value"], claim["unit_code"], claim["accumulation"]) == (Decimal(75), "percent", "IN_PERIOD")
    assert not any(claim[name] for name in claim if name.endswith("_problem"))


def test_a_ratio_is_no_indicator_of_an_actual_figure(read_with: Any, registry: Any) -> None:
    sheet = [["Đơn vị", "Kịp", "Xong", "Tỷ lệ"], ["Huế", 9, 12, "75%"]]
    rows = read_with(CLAIM % "ACTUAL", sheet, with_ratio(registry, "percent")).observations.to_pylist()
    assert rows[-1]["indicator_problem"] == "unknown"


@pytest.mark.parametrize(
    ("above", "below", "problem"),
    [
        (("Nghìn hồ sơ", None), (None, None), "undeclared"),
        ((None, "Nghìn hồ sơ"), (None, None), "undeclared"),
        ((None, None), ("Figures in thousands.", None), "undeclared"),
        (("Hồ sơ", None), ("Nguồn: nghìn cơ quan báo cáo", None), None),
        (("Cả nước", None), ("Đà Nẵng (nghìn hồ sơ)", "..."), None),  # labels of rows without figures
    ],
)
def test_a_line_between_or_below_the_rows_that_states_another_unit_holds_them_back(
    read_with: Any, registry: Any, facts: Any, above: Any, below: Any, problem: str | None
) -> None:
    recipe = (
        "tables: [{header: {row: 1}, organisation: {column: Đơn vị}, period: '2025', indicator: FIGURE, values: Số}]"
    )
    rows = [("Đơn vị", "Số"), above, ("Huế", 5), below]
    found = facts(read_with(recipe, rows, registry(["Huế"], ["FIGURE"])), "organisation_code", "unit_problem")
    assert ("Huế", problem) in found


@pytest.mark.parametrize(
    ("item", "unit", "found"),
    [
        ("Thu (triệu đồng)", "", ("5", "undeclared")),
        ("Thu (đồng)", "", ("5", None)),
        ("Thu (triệu đồng)", "unit: {column: Item, pattern: '[(](.+)[)]'}, ", ("5000000", None)),
        ("Thu (triệu đồng)", "multiplier: 1000000, ", ("5000000", None)),
    ],
)
def test_a_unit_in_the_label_of_the_row_is_one_that_is_printed(
    read_with: Any, registry: Any, facts: Any, item: str, unit: str, found: tuple[str, str | None]
) -> None:
    recipe = (
        "tables: [{header: {row: 1}, organisation: Huế, period: '2025', "
        f"{unit}indicator: {{column: Item, map: {{'{item}': REVENUE}}}}, values: Value}}]"
    )
    tidied = read_with(recipe, [("Item", "Value"), (item, 5)], registry(["Huế"], [("REVENUE", "VND")]))
    read = facts(tidied, "value", "unit_problem")
    assert [(format(value.normalize(), "f"), problem) for value, problem in read] == [found]


def test_a_plan_that_the_heading_of_the_year_names_is_one_unless_the_recipe_says_otherwise(
    read_with: Any, registry: Any, facts: Any
) -> None:
    recipe = (
        "tables: [{header: {row: 1}, organisation: {column: Đơn vị}, period: {header: 1}, indicator: FIGURE, "
        "values: {columns: {rest: true}}%s}]"
    )
    rows = [("Đơn vị", "Kế hoạch năm 2027", "KH 2026", "Thực hiện kế hoạch 2025", "2024"), ("Huế", 1, 2, 3, 4)]
    known = registry(["Huế"], ["FIGURE"])
    found = facts(read_with(recipe % "", rows, known), "period_code", "measure_kind")
    assert found == [("2027", "PLAN"), ("2026", "PLAN"), ("2025", "ACTUAL"), ("2024", "ACTUAL")]
    stated = facts(read_with(recipe % ", measure_kind: TARGET", rows, known), "measure_kind")
    assert stated == [("TARGET",)] * 4
