"""Reading and tidying: cells a second, as a ratio to the fast reader alone and to the usual script.

Aims: at least 50 % of python-calamine alone and 5 times pandas with openpyxl on a workbook of a million cells; at least
50 % of DuckDB's own reader on a csv of five million rows; under 1.5 GB for both.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.measure import Measured, measure

MONTHS = [f"{year}-M{month:02d}" for year in range(2018, 2026) for month in range(1, 13)]
RECIPE = """
name: {vi: Đo tốc độ, en: Speed}
numbers: {locale: en, markers: {"...": missing}}
tables:
  - header: {holds: [unit, figure]}
    organisation: {column: unit}
    period: {%s}
    indicator: FIGURE
    values: {columns: %s}
"""


def make_workbook(path: Path, cells: int) -> int:
    """A crosstab: a row a unit, a column a month; returns how many cells hold a figure."""
    from openpyxl import Workbook

    generator = random.Random(7)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("data")
    sheet.append(["unit", "figure", *MONTHS])
    rows = cells // (len(MONTHS) + 2)
    for number in range(rows):
        figures = [generator.randint(0, 99_999) / 10 for _ in MONTHS]
        sheet.append([f"{number % 500:05d}", "x", *figures])
    book.save(path)
    return rows * len(MONTHS)


def make_csv(path: Path, rows: int) -> int:
    """A long table: unit, period, figure."""
    generator = random.Random(7)
    with path.open("w", encoding="utf-8") as stream:
        stream.write("unit,month,figure\n")
        for number in range(rows):
            stream.write(f"{number % 500:05d},{MONTHS[number % len(MONTHS)]},{generator.randint(0, 99_999) / 10}\n")
    return rows


def calamine_alone(path: Path) -> int:
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return sum(len(row) for row in rows)


def pandas_with_openpyxl(path: Path) -> int:
    import pandas as pd

    frame = pd.read_excel(path, engine="openpyxl", dtype={"unit": str})
    long = frame.melt(id_vars=["unit", "figure"], var_name="period", value_name="value")
    long["value"] = pd.to_numeric(long["value"], errors="coerce")
    return len(long)


def duckdb_alone(path: Path) -> int:
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"create table figures as from read_csv('{path}')")
    return int(connection.execute("select count(*) from figures").fetchone()[0])  # type: ignore[index]


def outturn(path: Path, folder: Path) -> int:
    from ingest.recipe.load import load_source
    from ingest.registry import load_registry
    from ingest.resolve import Resolver
    from ingest.tidy import tidy
    from ingest.time import Calendars

    source = load_source(folder / f"{path.suffix[1:]}.yml")
    resolver = Resolver(load_registry(folder / "registry"))
    received = datetime(2026, 1, 1, tzinfo=UTC)
    tidied = tidy(path, path.name, source, resolver, Calendars(), submission_id="s", received_at=received)
    return int(tidied.observations.num_rows)


def _import_all() -> None:
    """What each of the compared needs, so that reading is measured and not starting."""
    import duckdb  # noqa: F401
    import pandas  # noqa: F401
    import python_calamine  # noqa: F401

    import ingest.recipe.load
    import ingest.registry
    import ingest.tidy  # noqa: F401


for _work in (outturn, calamine_alone, pandas_with_openpyxl, duckdb_alone):
    _work.prepare = _import_all  # type: ignore[attr-defined]


def prepare(folder: Path) -> None:
    """Registry and recipes of the two files."""
    units = "".join(f"{number:05d},Xã {number},Commune {number},commune\n" for number in range(500))
    (folder / "registry").mkdir()
    (folder / "registry" / "organisations.csv").write_text("code,name_vi,name_en,level\n" + units, encoding="utf-8")
    (folder / "registry" / "indicators.csv").write_text(
        "code,name_vi,name_en,role,unit,frequency\nFIGURE,Số,Figure,output,dossier,M\n", encoding="utf-8"
    )
    (folder / "xlsx.yml").write_text(RECIPE % ("header: 1", "{matching: '^20'}"), encoding="utf-8")
    (folder / "csv.yml").write_text(RECIPE % ("column: month", "figure"), encoding="utf-8")


def _say(what: str, measured: Measured, cells: int) -> float:
    speed = cells / measured.seconds
    print(f"{what:<28}{speed:>14,.0f} cells/s{measured.peak_bytes / 1e9:>8.2f} GB", flush=True)
    return speed


def main() -> None:
    """Run the comparisons and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=1_000_000, help="cells of the workbook")
    parser.add_argument("--rows", type=int, default=5_000_000, help="rows of the csv file")
    options: Any = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        prepare(folder)
        book, table = folder / "figures.xlsx", folder / "figures.csv"
        cells, rows = make_workbook(book, options.cells), make_csv(table, options.rows)
        ours = _say("outturn, xlsx", measure(outturn, book, folder), cells)
        alone = _say("calamine alone, xlsx", measure(calamine_alone, book), cells)
        usual = _say("pandas + openpyxl, xlsx", measure(pandas_with_openpyxl, book), cells)
        print(f"ratio to calamine {ours / alone:.2f} (aim 0.50), to pandas + openpyxl {ours / usual:.1f} (aim 5)")
        ours = _say("outturn, csv", measure(outturn, table, folder), rows)
        alone = _say("DuckDB alone, csv", measure(duckdb_alone, table), rows)
        print(f"ratio to DuckDB {ours / alone:.2f} (aim 0.50)")


if __name__ == "__main__":
    main()
