"""Real messages with known answers (cases 03 and 06 beside the repository); skipped where they are not there."""

from __future__ import annotations

import os
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.messages import Document, MessageTable, read_message

SHARED = Path(os.environ.get("OUTTURN_SHARED", Path(__file__).parents[4] / "shared"))
CASE = SHARED / "cases" / "03-api-messages"
ITALY = SHARED / "cases" / "06-it-vaccini"

pytestmark = [
    pytest.mark.shared_cases,
    pytest.mark.skipif(not CASE.is_dir(), reason="published cases are not beside the repository (OUTTURN_SHARED)"),
]


def document(path: Path, role: str = "data", request: str = "") -> Document:
    return Document(path.name, path.read_bytes(), request, "structure" if role == "structure" else "data")


def cell(table: MessageTable, column: str = "value", **where: str) -> str | None:
    """The one value of the row that these codes pick out."""
    found = [row[column] for row in table.rows() if all(row[name] == code for name, code in where.items())]
    assert len(found) == 1, where
    return found[0]


@pytest.fixture(scope="module")
def eurostat() -> MessageTable:
    folder = CASE / "sdmx-ml-eurostat"
    return read_message(
        "sdmx-ml", [document(folder / "cdh_e_fos.xml"), document(folder / "DSD_cdh_e_fos.xml", "structure")]
    )


def test_eurostat_counts(eurostat: MessageTable) -> None:
    values = eurostat.columns["value"]
    assert (len(values), values.count("NaN"), sum(value != "NaN" for value in values)) == (672, 426, 246)
    series = Counter(zip(*(eurostat.columns[name] for name in ("UNIT", "Y_GRAD", "FOS07", "GEO", "FREQ")), strict=True))
    assert len(series) == 336
    distinct = {name: len(set(eurostat.columns[name])) for name in ("GEO", "FOS07", "Y_GRAD", "TIME_PERIOD")}
    assert distinct == {"GEO": 24, "FOS07": 7, "Y_GRAD": 2, "TIME_PERIOD": 2}
    assert Counter(eurostat.columns["OBS_FLAG"]) == {None: 653, "u": 14, "c": 5}
    assert eurostat.findings == []


@pytest.mark.parametrize(
    ("geo", "year", "value"), [("DK", "2009", "23.71"), ("PT", "2006", "39.05"), ("DE", "2006", "36.65"),
                               ("DE", "2009", "NaN")]
)  # fmt: skip
def test_eurostat_values(eurostat: MessageTable, geo: str, year: str, value: str) -> None:
    assert cell(eurostat, FOS07="FOS1", Y_GRAD="TOTAL", GEO=geo, TIME_PERIOD=year) == value


def test_eurostat_missing_is_not_zero(eurostat: MessageTable) -> None:
    for row in eurostat.rows():
        assert (row["value"] == "NaN") == (row["OBS_STATUS"] == "na")
    assert "0.0" in eurostat.columns["value"]


def test_eurostat_order_labels_and_places(eurostat: MessageTable) -> None:
    dimensions = [name for name in eurostat.columns if "." not in name][:6]
    assert dimensions == ["FREQ", "Y_GRAD", "UNIT", "FOS07", "GEO", "TIME_PERIOD"]
    assert eurostat.columns["FOS07.label"][0] == "Natural sciences"
    assert eurostat.columns["GEO.label"][0] == "Austria"
    assert eurostat.address(1) == "/GenericData/DataSet[1]/Series[1]/Obs[2]/ObsValue/@value"
    assert len(set(eurostat.pointers)) == 672


def test_sweden() -> None:
    table = read_message("pxweb", [document(CASE / "pxweb-jsonstat-scb" / "statswe.json")])
    assert (table.received_rows, sum(int(value or "x") for value in table.columns["value"])) == (1120, 38425)

    def all_ages(sex: str, year: str) -> int:
        return sum(int(row["value"] or "x") for row in table.rows() if row["Kon.label"] == sex and row["Tid"] == year)

    assert (all_ages("män", "1969"), all_ages("män", "1996")) == (688, 717)
    assert (all_ages("kvinnor", "1969"), all_ages("kvinnor", "1996")) == (500, 655)
    assert set(table.columns["Region.label"]) == {"25 Norrbottens län"}
    assert set(table.columns["unit"]) == {"antal"}
    assert table.columns["Alder"][0:1120:56] == [
        "0", "1-4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59",
        "60-64", "65-69", "70-74", "75-79", "80-84", "85-89", "90+",
    ]  # fmt: skip
    assert table.address(17) == "/dataset/value/17"
    assert "Socialstyrelsen (SoS)" in table.notes


def test_cantabria() -> None:
    table = read_message("json-stat", [document(CASE / "jsonstat2-icane" / "cantabria.json")])
    assert (table.received_rows, table.columns["value"].count(None)) == (5400, 1195)
    whole = {"Sexo": "Ambos sexos", "Grupo de edad": "Total"}
    unemployed = [cell(table, Trimestre=f"2016 - {quarter}", Variables="Parados", **whole) for quarter in range(1, 5)]
    assert unemployed == ["51.8", "42.3", "34.8", "35.7"]
    assert cell(table, Trimestre="2016", Variables="Parados", **whole) is None
    active = cell(table, Trimestre="2016 - 4", Variables="Activos", **whole)
    assert active == "276.5"
    assert round(Decimal("35.7") / Decimal(active) * 100, 4) == Decimal("12.9114")
    assert cell(table, "unit", Trimestre="2016", Variables="Activos", **whole) == "Miles de personas"
    assert cell(table, "unit", Trimestre="2016", Variables="Población", **whole) == ""


def test_world_bank() -> None:
    folder = CASE / "worldbank-v1-json"
    pages = [document(path, request=path.name.partition(".page")[0]) for path in sorted(folder.glob("*.json"))]
    table = read_message("world-bank", pages)
    population = [row for row in table.rows() if row["indicator"] == "SP.POP.TOTL"]
    product = [row for row in table.rows() if row["indicator"] == "NY.GDP.MKTP.CD"]
    assert (len(population), len(product), sum(row["value"] is None for row in product)) == (214, 214, 29)
    people = cell(table, indicator="SP.POP.TOTL", country="VN", date="2014")
    money = cell(table, indicator="NY.GDP.MKTP.CD", country="VN", date="2014")
    assert (people, Decimal(money or "x").quantize(Decimal("0.001"))) == ("90728900", Decimal("186204652922.262"))
    assert round(Decimal(money or "x") / Decimal(people or "x"), 4) == Decimal("2052.3191")
    assert cell(table, **{"country.label": "Zimbabwe", "indicator": "SP.POP.TOTL"}) == "15245855"
    assert [finding.message_en for finding in table.findings if finding.kind == "rows_missing"] == [
        "NY.GDP.MKTP.CD: the server announced 248 records, 214 were received.",
        "SP.POP.TOTL: the server announced 248 records, 214 were received.",
    ]


def test_canada() -> None:
    table = read_message("ckan", [document(path) for path in (CASE / "ckan-datastore-canada").glob("*.json")])
    assert (table.received_rows, table.announced_rows, table.findings) == (4, 28304 - 28300, [])
    assert sum(Decimal(value or "x") for value in table.columns["contract_value"]) == Decimal("1099480.12")
    original = table.columns["original_value"]
    assert original[3] == ""
    assert sum(Decimal(value) for value in original if value) == Decimal("527128.79")
    assert table.columns["economic_object_code"][0] == "0533"
    assert table.columns["description_fr"][3] == "Services de messager"
    assert list(table.columns)[:3] == ["_id", "reference_number", "procurement_id"]
    assert table.address(3, "original_value") == "/result/records/3/original_value"


@pytest.mark.parametrize(("name", "rows"), [("platea", 210), ("vaccini-summary-latest", 21)])
def test_italy_json_and_csv_say_the_same(name: str, rows: int) -> None:
    twin = read_message("pandas-table", [document(ITALY / f"{name}.json")])
    text = read_message("csv", [document(ITALY / f"{name}.csv")])
    assert twin.received_rows == text.received_rows == rows
    assert list(twin.columns) == ["index", *text.columns]
    for column, texts in text.columns.items():
        if column != "ultimo_aggiornamento":
            assert twin.columns[column] == texts
    assert all((day or "").endswith("T00:00:00.000Z") for day in twin.columns.get("ultimo_aggiornamento", []))
    if name == "platea":
        assert sum(int(value or "x") for value in twin.columns["totale_popolazione"]) == 59496362
