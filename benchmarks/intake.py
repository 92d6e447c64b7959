"""Reading and tidying: cells a second, as a ratio to the fast reader alone and to the usual script.

Aims: at least 50 % of python-calamine alone and 5 times pandas with openpyxl on a workbook of a million cells; at least
50 % of DuckDB's own reader on a csv of five million rows; under 1.5 GB for both.

What each does with the same file: Outturn makes the whole tidy table (exact decimals, resolved codes with the period,
raw text, address of every cell; 37 columns), once as an Arrow table and once into Parquet as a run of the product does.
calamine gives every cell as a Python value. The script with pandas and openpyxl reads and melts. DuckDB reads the csv
with the types it detects itself, as its users do (two texts and a double, three columns), into a table in memory and,
beside ours, into Parquet.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
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


def duckdb_to_parquet(path: Path) -> int:
    import duckdb

    target = path.with_suffix(".duckdb.parquet")
    duckdb.execute(f"copy (from read_csv('{path}')) to '{target}' (format parquet, compression zstd)")
    return int(duckdb.execute(f"select count(*) from '{target}'").fetchone()[0])  # type: ignore[index]


def outturn_in_memory(path: Path, folder: Path) -> int:
    return int(_tidied(path, folder).observations.num_rows)


def outturn_to_parquet(path: Path, folder: Path) -> int:
    """As ``ingest.intake`` does it: pieces of the tidy table are written while the next are made."""
    from ingest.contract import TIDY
    from ingest.resolve.encoded import encoded
    from ingest.state.whole_file import write_parquet_pieces

    pieces = _tidied(path, folder).observation_pieces()
    return write_parquet_pieces(path.with_suffix(".tidy.parquet"), encoded(TIDY.schema), pieces, statistics=False)


def _tidied(path: Path, folder: Path) -> Any:
    from ingest.recipe.load import load_source
    from ingest.registry import load_registry
    from ingest.resolve import Resolver
    from ingest.tidy import tidy
    from ingest.time import Calendars

    source = load_source(folder / f"{path.suffix[1:]}.yml")
    resolver = Resolver(load_registry(folder / "registry"))
    received = datetime(2026, 1, 1, tzinfo=UTC)
    return tidy(path, path.name, source, resolver, Calendars(), submission_id="s", received_at=received)


def _import_all() -> None:
    """What each of the compared needs, so that reading is measured and not starting."""
    import duckdb  # noqa: F401
    import pandas  # noqa: F401
    import python_calamine  # noqa: F401

    import ingest.recipe.load
    import ingest.registry
    import ingest.tidy  # noqa: F401


COMPARED = (
    outturn_in_memory,
    outturn_to_parquet,
    calamine_alone,
    pandas_with_openpyxl,
    duckdb_alone,
    duckdb_to_parquet,
)
for _work in COMPARED:
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


@dataclass(frozen=True)
class Speeds:
    """Cells a second of each of the compared: of wall time, and of processor time, which others' work disturbs less."""

    wall: dict[str, float]
    processor: dict[str, float]

    def ratio(self, what: str, to: str) -> str:
        """How many times the speed of the one is that of the other."""
        wall, processor = (of[what] / of[to] for of in (self.wall, self.processor))
        return f"{wall:.2f} (processor time: {processor:.2f})"


def _best(cells: int, runs: int, *compared: tuple[str, Callable[[], Measured]]) -> Speeds:
    """The best of several runs that take turns: a machine has other things to do, too."""
    speeds: dict[str, float] = {}
    busy: dict[str, float] = {}
    peaks: dict[str, int] = {}
    for _ in range(runs):
        for what, run in compared:
            measured = run()
            speeds[what] = max(speeds.get(what, 0), cells / measured.seconds)
            busy[what] = max(busy.get(what, 0), cells / measured.processor_seconds)
            peaks[what] = max(peaks.get(what, 0), measured.peak_bytes)
    for what, speed in speeds.items():
        print(f"{what:<28}{speed:>14,.0f} cells/s{peaks[what] / 1e9:>8.2f} GB", flush=True)
    return Speeds(speeds, busy)


def main() -> None:
    """Run the comparisons and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=1_000_000, help="cells of the workbook")
    parser.add_argument("--rows", type=int, default=5_000_000, help="rows of the csv file")
    parser.add_argument("--runs", type=int, default=3, help="runs of each, of which the best counts")
    options: Any = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        prepare(folder)
        book, table = folder / "figures.xlsx", folder / "figures.csv"
        cells, rows = make_workbook(book, options.cells), make_csv(table, options.rows)
        speeds = _best(
            cells,
            options.runs,
            ("outturn, xlsx", lambda: measure(outturn_in_memory, book, folder)),
            ("calamine alone, xlsx", lambda: measure(calamine_alone, book)),
            ("outturn, xlsx to Parquet", lambda: measure(outturn_to_parquet, book, folder)),
        )
        usual = _best(cells, 1, ("pandas + openpyxl, xlsx", lambda: measure(pandas_with_openpyxl, book)))
        for what in ("outturn, xlsx", "outturn, xlsx to Parquet"):
            print(
                f"{what}: ratio to calamine {speeds.ratio(what, 'calamine alone, xlsx')}, aim 0.50; "
                f"to pandas + openpyxl {speeds.wall[what] / max(usual.wall.values()):.1f}, aim 5"
            )
        speeds = _best(
            rows,
            options.runs,
            ("outturn, csv", lambda: measure(outturn_in_memory, table, folder)),
            ("DuckDB, csv to a table", lambda: measure(duckdb_alone, table)),
            ("outturn, csv to Parquet", lambda: measure(outturn_to_parquet, table, folder)),
            ("DuckDB, csv to Parquet", lambda: measure(duckdb_to_parquet, table)),
        )
        print(f"in memory: ratio to DuckDB {speeds.ratio('outturn, csv', 'DuckDB, csv to a table')}, aim 0.50")
        print(
            f"to Parquet: ratio to DuckDB {speeds.ratio('outturn, csv to Parquet', 'DuckDB, csv to Parquet')}, aim 0.50"
        )


if __name__ == "__main__":
    main()
