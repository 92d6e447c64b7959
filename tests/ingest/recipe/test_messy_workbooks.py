"""Real workbooks that people made for people, each read by YAML alone, against the answers in their SOURCE.md."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

CASES = Path(__file__).parents[4] / "shared" / "cases" / "05-messy-workbooks-and-csv"
pytestmark = [
    pytest.mark.shared_cases,
    pytest.mark.skipif(not CASES.is_dir(), reason="the published workbooks stand beside the repository, not in it"),
]


def total(rows: list[dict[str, Any]], **where: str) -> Decimal:
    return sum(
        (row["value"] for row in rows if row["value"] is not None and all(row[k] == v for k, v in where.items())),
        Decimal(0),
    )


STATES = [
    "New South Wales",
    "Victoria",
    "Queensland",
    "South Australia",
    "Western Australia",
    "Tasmania",
    "Northern Territory",
    "Australian Capital Territory",
]


def test_three_header_levels_with_merged_cells_spacer_column_and_footnote_letters(
    read_with: Any, registry: Any
) -> None:
    tidied = read_with(
        """
        numbers: {locale: en}
        tables:
          - sheets: Table 1
            header: {holds: [Response clear, Eligible Participants], rows: 3}
            organisation: {column: {left_of: "Response clear > Yes > no."}}
            period: 2017-11-15
            totals: [{rows: {equals: Australia}, of: organisation}]
            values:
              - {columns: "Response clear > Yes > no.", indicator: "YES"}
              - {columns: "Response clear > No > no.", indicator: "NO"}
              - {columns: "Eligible Participants > Response clear > no.", indicator: CLEAR}
              - {columns: "Eligible Participants > Response not clear > no.", indicator: UNCLEAR}
              - {columns: "Eligible Participants > Total > no.", indicator: ELIGIBLE}
        """,
        CASES / "ozmarriage.xlsx",
        registry([*STATES, "Australia"], ["YES", "NO", "CLEAR", "UNCLEAR", "ELIGIBLE"]),
    )
    rows, totals = tidied.observations.to_pylist(), tidied.totals.to_pylist()
    assert not [
        row for row in rows + totals if row["organisation_problem"] or row["value_problem"] or row["period_problem"]
    ]
    assert len(rows) == 8 * 5
    for indicator, answer in (("YES", 7_817_247), ("NO", 4_873_987), ("ELIGIBLE", 16_006_180), ("CLEAR", 12_691_234)):
        assert total(rows, indicator_code=indicator) == total(totals, indicator_code=indicator) == answer
    assert "(a) Includes blank responses" in tidied.notes


DIVISIONS = """
    numbers: {locale: en}
    tables:
      - sheets: Table 2
        header: {holds: [Response clear, Eligible Participants], rows: 3}
        organisation:
          section: {rows: {values: blank, matching: ' Divisions$'}}
          pattern: '(.+) Divisions'
        target_group:
          DIVISION: {column: {left_of: "Response clear > Yes > no."}}
        period: 2017-11-15
        totals:
          - {rows: {matching: '\\(Total\\)$'}, of: target_group, target_group: {DIVISION: _T}}
          - {rows: {equals: Total}, of: organisation, organisation: Australia, target_group: {DIVISION: _T}}
        body: {ends: [{matching: '^\\(a\\) '}]}
        values: [{columns: "Response clear > Yes > no.", indicator: "YES"}]
    """


def test_section_rows_and_subtotals(read_with: Any, registry: Any) -> None:
    tidied = read_with(DIVISIONS, CASES / "ozmarriage.xlsx", registry([*STATES, "Australia"], ["YES"]))
    rows, totals = tidied.observations.to_pylist(), tidied.totals.to_pylist()
    by_state: dict[str, int] = defaultdict(int)
    for row in rows:
        by_state[row["organisation_code"]] += 1
    assert [by_state[state] for state in STATES] == [47, 37, 30, 11, 16, 5, 2, 2]
    assert total(rows) == 7_817_247
    assert (
        total(totals, organisation_code="New South Wales")
        == 2_374_362
        == total(rows, organisation_code="New South Wales")
    )
    assert total(totals, organisation_code="Australia") == 7_817_247
    assert {row["target_group_label"] for row in rows} >= {"Banks", "Fenner(e)"}


RIDERSHIP = """
    numbers: {locale: en, markers: {N/A: missing}}
    tables:
      - header: FARE MEDIA
        indicator: RIDES
        organisation: TTC
        period: {header: 1, pattern: '(\\d{4})'}
        unit: {cell: {containing: "TO 2017 ACTUALS"}, pattern: "\\\\((000'S)\\\\)"}
        target_group:
          BREAKDOWN: {column: {left_of: FARE MEDIA}, fill: down}
        body:
          ends: [{matching: '^\\* Please note'}]
        totals:
          - {rows: {column: FARE MEDIA, equals: SYSTEM TOTAL}, of: target_group}
          - {rows: {column: FARE MEDIA, equals: SUB-TOTAL}, of: target_group}
        values: [{columns: {matching: '^\\d{4}( \\*)?$'}}]
    """


def test_breakdowns_of_one_total_with_text_years_and_a_unit_in_the_title(read_with: Any, registry: Any) -> None:
    groups = [("BREAKDOWN", part) for part in ("WHO", "WHERE", "WHEN")]
    tidied = read_with(RIDERSHIP, CASES / "toronto_transit.xlsx", registry(["TTC"], ["RIDES"], groups))
    rows = tidied.observations.to_pylist()
    assert not [row for row in rows if row["value_problem"] or row["unit_problem"] or row["period_problem"]]
    for year in range(1985, 2018):
        sums = {
            group: total(rows, target_group_code=f"BREAKDOWN={group}", period_code=str(year)) for _, group in groups
        }
        printed = {
            row["target_group_code"]: row["value"]
            for row in tidied.totals.to_pylist()
            if row["period_code"] == str(year)
            and row["cell"].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") in {"42", "52", "55"}
        }
        assert {f"BREAKDOWN={group}": value for group, value in sums.items()} == printed
    assert total(rows, target_group_code="BREAKDOWN=WHO", period_code="2017") == 533_216_000
    missing = [row for row in rows if row["raw_text"] == "N/A"]
    assert missing
    assert {row["obs_status"] for row in missing} == {"O"}
    assert any(row["value"] == 0 and row["obs_status"] == "A" for row in rows)


@pytest.mark.parametrize(
    ("file", "observations", "december_1984", "september_2018"),
    [
        ("6202021.xls", 136, "2939234.1866", "5261008.4064"),
        ("6202021.xlsx", 148, "2923556.4817", "5233555.5804"),
    ],
)
def test_series_described_in_ten_header_rows(
    read_with: Any, registry: Any, file: str, observations: int, december_1984: str, september_2018: str
) -> None:
    series = ["A84426298K", "A84426294A", "A84426292W", "A84426296F", "A84426293X", "A84426295C", "A84426297J"]
    tidied = read_with(
        """
        tables:
          - sheets: Data1
            header: {holds: Series ID, rows: 10, anchor: 10}
            indicator: HOURS
            organisation: AU
            target_group: {SERIES: {header: Series ID}}
            unit: {header: Unit, map: {000 Hours: hours}}
            period: {column: {left_of: A84426298K}, frequency: Q}
            values: [{columns: {matching: 'A\\d{8}[A-Z]$'}}]
        """,
        CASES / file,
        registry(["AU"], [("HOURS", "hours")], [("SERIES", code) for code in series]),
    )
    rows = tidied.observations.to_pylist()
    assert len(rows) == 7 * observations
    found = {(row["period_code"], row["target_group_code"]): row["value"] for row in rows}
    assert found["1984-Q4", "SERIES=A84426298K"] == Decimal(december_1984)
    assert found["2018-Q3", "SERIES=A84426298K"] == Decimal(september_2018)


def test_utf_16_with_padded_labels_and_thousands_commas(read_with: Any, registry: Any) -> None:
    tidied = read_with(
        """
        numbers: {locale: en}
        tables:
          - header: [Organisation_code, Reporting_period]
            organisation: NHS
            target_group:
              KIND: {column: Organisation_classification}
              BODY: {column: Organisation_code, blank: "?"}
            period: {column: Reporting_period, map: {2010-11: 2010-04-01/P1Y}}
            values:
              - {columns: Part_II_patients, indicator: PART_II}
              - {columns: All_admissions_including_place_of_safety_detentions, indicator: ADMISSIONS}
        """,
        CASES / "utf-16le_encoded.csv",
        registry(["NHS"], ["PART_II", "ADMISSIONS"], [("KIND", "NHS Facilities"), ("KIND", "Independent Hospitals")]),
        name="utf-16le_encoded.csv",
    )
    rows = tidied.observations.to_pylist()
    assert len(rows) == 2 * 327
    assert not [row for row in rows if row["value_problem"]]
    assert total(rows, indicator_code="PART_II") == 27_872
    assert total(rows, indicator_code="ADMISSIONS") == 478_640
    assert sum("," in (row["raw_text"] or "") for row in rows if row["indicator_code"] == "ADMISSIONS") == 58
    nhs = [row for row in rows if row["target_group_label"].endswith("| NHS Facilities")]
    assert total(nhs, indicator_code="ADMISSIONS") == 471_178


def test_padded_title_nbsp_outline_dot_thousands_and_notes_after_the_table(read_with: Any, registry: Any) -> None:
    tidied = read_with(
        """
        numbers: {locale: de, markers: {".": not_collected}}
        tables:
          - header: ["1985", "1993"]
            outline: {column: {left_of: "1985"}}
            indicator: DOCTORS
            organisation: {cell: {right_of: "Region:"}}
            period: {header: 1}
            target_group:
              SPECIALITY: {outline: leaf}
            body:
              ends: [{matching: '^\\*{20}'}]
              skip: [{outline_parent: true}]
            values: [{columns: {matching: '^\\d{4}$'}}]
        """,
        CASES / "weird_head_padding.csv",
        registry(["Deutschland"], ["DOCTORS"]),
        name="weird_head_padding.csv",
    )
    rows = tidied.observations.to_pylist()
    assert len(rows) == 50 * 9
    assert {row["organisation_code"] for row in rows} == {"Deutschland"}
    surgeons = next(r for r in rows if r["target_group_label"] == "Unfallchirurgie" and r["period_code"] == "2010")
    assert (surgeons["value"], surgeons["raw_text"]) == (2590, "2.590")
    assert total(rows, period_code="2010") == 17_818
    assert total(rows, period_code="1993") == 7_423
    assert {row["obs_status"] for row in rows if row["period_code"] == "1985"} == {"L"}


def test_header_spread_over_lines_and_figures_written_in_three_ways(read_with: Any, registry: Any) -> None:
    provinces = [
        "Groningen",
        "Friesland",
        "Drenthe",
        "Overijssel",
        "Gelderland",
        "Utrecht",
        "Noord-Holland",
        "Zuid-Holland",
        "Zeeland",
        "Noord-Brabant",
        "Limburg",
        "Flevoland",
    ]
    tidied = read_with(
        """
        tables:
          - header: {holds: [Groningen, Flevoland], rows: 2}
            organisation: {header: 1}
            period: {cell: {matching: '^2011$'}}
            values:
              - columns: {from: Groningen, to: Flevoland}
                indicator: INCOME
                only: {column: Cluster, equals: Totaal, above: {containing: "Uitgavenclusters:"}}
                numbers: {locale: en}
              - columns: {from: Groningen, to: Flevoland}
                indicator: EXPENSES
                only: {column: NR., equals: "30"}
                numbers: {locale: fr}
              - columns: {from: Groningen, to: Flevoland}
                indicator: INHABITANTS
                only: {column: Cluster, equals: Aantal inwoners}
                numbers: {locale: en}
              - columns: {from: Groningen, to: Flevoland}
                indicator: MUNICIPALITIES
                only: {column: Cluster, equals: Aantal gemeenten}
                numbers: {locale: en}
        """,
        CASES / "begrotingsanalyse-2011.csv",
        registry(provinces, ["INCOME", "EXPENSES", "INHABITANTS", "MUNICIPALITIES"]),
        name="begrotingsanalyse-2011.csv",
    )
    rows = tidied.observations.to_pylist()
    assert len(rows) == 4 * 12
    assert not [row for row in rows if row["value_problem"] or row["period_problem"]]
    assert total(rows, indicator_code="INHABITANTS") == 14_372_050
    assert total(rows, indicator_code="MUNICIPALITIES") == 411
    assert total(rows, indicator_code="EXPENSES", organisation_code="Groningen") == -1414
    assert total(rows, indicator_code="INCOME", organisation_code="Groningen") == 1414


def test_amounts_repeated_at_three_levels(read_with: Any, registry: Any) -> None:
    recipe = """
        numbers: {locale: en}
        constants: {organisation: MX, period: "2011", indicator: SPENDING}
        tables:
          - header: [GF_ID, Gasto total 2011]
            target_group: {LEVEL: GF}
            body: {only: {column: GF_ID, blank: false}}
            values: Gasto total 2011
          - header: [GF_ID, Gasto total 2011]
            target_group: {LEVEL: FN}
            body: {only: {column: FN_ID, blank: false}}
            values: Gasto total 2011
          - header: [GF_ID, Gasto total 2011]
            target_group: {LEVEL: SF, FUNCTION: {column: GF, fill: down}}
            body: {only: {column: SF_ID, blank: false}}
            values: Gasto total 2011
        """
    levels = [("LEVEL", level) for level in ("GF", "FN", "SF")]
    tidied = read_with(
        recipe, CASES / "spanish_chars.csv", registry(["MX"], [("SPENDING", "MXN")], levels), name="spanish_chars.csv"
    )
    rows = tidied.observations.to_pylist()
    assert total(rows, target_group_code="LEVEL=GF") == Decimal("2622527.9")
    assert total(rows, target_group_code="LEVEL=FN") == Decimal("2622527.8")
    sub = [row for row in rows if row["target_group_label"].endswith(" | SF")]
    assert total(sub) == Decimal("2622528.0")
    assert {row["target_group_label"] for row in sub} >= {"Gobierno | SF"}


def test_cells_carried_down_and_a_column_without_a_header(read_with: Any, registry: Any) -> None:
    tidied = read_with(
        """
        tables:
          - header: [LP, Bezeichnung]
            indicator: TITLES
            organisation: BMBF
            period: "2011"
            target_group: {LP: {column: LP, fill: down}}
            note: {column: {right_of: Kapitel/Titel}}
            body: {only: {column: Kapitel/Titel, blank: false}}
            values: Kapitel/Titel
        """,
        CASES / "sparse_with_column_errors.csv",
        registry(["BMBF"], ["TITLES"]),
        name="sparse_with_column_errors.csv",
    )
    carried = {row["raw_text"]: row["target_group_label"] for row in tidied.observations.to_pylist()}
    assert carried["300368540"] == carried["300389440"] == "A100"
    assert carried["300388207"] == "A500"
