"""Real published data read by YAML alone: the harness that builds each workspace and queries its release.

The data is not in the repository. It stands in ``../shared/cases`` beside it (or ``$OUTTURN_SHARED/cases``); where that
is missing these tests are skipped. Each workspace folder here is copied to a temporary place, each source's inbox is
made a link to the folder of the case, and the command line runs it as it would run any other.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.command_line.main import call

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]


@dataclass(frozen=True)
class RealWorkspace:
    """A temporary workspace over a case's files, not yet run."""

    folder: Path
    case: Path

    def read_csv(self, name: str) -> list[dict[str, str]]:
        """Rows of one of the case's csv files."""
        with (self.case / name).open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))

    def distinct(self, name: str, *columns: str) -> list[tuple[str, ...]]:
        """Distinct combinations of some columns of a csv file, in order of appearance."""
        return list(dict.fromkeys(tuple(row[column].strip() for column in columns) for row in self.read_csv(name)))

    def add_to_registry(self, table: str, rows: Iterable[Mapping[str, str]]) -> None:
        """Append rows to a table of the registry, in the columns of its file; missing ones are empty."""
        path = self.folder / "registry" / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as stream:
            columns = next(csv.reader(stream))
        with path.open("a", encoding="utf-8", newline="") as stream:
            csv.DictWriter(stream, columns, restval="", lineterminator="\n").writerows(rows)

    def hand_in(self, source: str, received: str, name: str) -> None:
        """Hand in one file of the case on a given day, for sources that hand in the same file again and again."""
        inbox = self.folder / "inbox" / source / f"received={received}"
        inbox.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.case / name, inbox / name)

    def run(self) -> Release:
        """Link what was not handed in by day, run the pipeline, and open the release it publishes."""
        for source in sorted((self.folder / "sources").glob("*.yml")):
            inbox = self.folder / "inbox" / source.stem
            inbox.parent.mkdir(exist_ok=True)
            if not inbox.exists():
                inbox.symlink_to(self.case, target_is_directory=True)
        return Release(self, *self.call("run"))

    def call(self, *arguments: str) -> tuple[int, str]:
        """Call the command line on this workspace: exit status, and what it printed."""
        output = io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            status = call(["--workspace", str(self.folder), *arguments])
        return status, output.getvalue()


@dataclass(frozen=True)
class Release:
    """What a run published, and what it said."""

    workspace: RealWorkspace
    status: int
    output: str

    @property
    def database(self) -> Path:
        """The published DuckDB file."""
        database = self.workspace.folder / "published" / "current" / "outturn.duckdb"
        assert database.exists(), self.output
        return database

    def rows(self, sql: str, *parameters: Any) -> list[dict[str, Any]]:
        """Rows of a query on the release, by column."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            result = connection.execute(sql, list(parameters))
            columns = [column[0] for column in result.description]
            return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]

    def query(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows of a query on the release."""
        return [tuple(row.values()) for row in self.rows(sql, *parameters)]

    def one(self, sql: str, *parameters: Any) -> Any:
        """The single value that a query gives."""
        [[value]] = self.query(sql, *parameters)
        return value

    def figure(self, indicator: str, organisation: str, period: str, group: str = "_T") -> float | None:
        """The value of one cell of mart_indicator."""
        value = self.one(
            "select value from marts.mart_indicator where indicator_code = ? and organisation_code = ? "
            "and period_code = ? and target_group_code = ?",
            indicator,
            organisation,
            period,
            group,
        )
        return None if value is None else float(value)

    def ratio(self, ratio: str, organisation: str, period: str, group: str = "_T") -> dict[str, Any]:
        """One row of mart_ratio in the structure of its time, by column."""
        [row] = self.rows(
            "select * from marts.mart_ratio where ratio_code = ? and organisation_code = ? and period_code = ? "
            "and target_group_code = ? and structure = 'as_was'",
            ratio,
            organisation,
            period,
            group,
        )
        return row


def cases_folder() -> Path:
    """Where the cases stand; skips the test that asks where they do not."""
    shared = Path(os.environ.get("OUTTURN_SHARED") or REPOSITORY.parent / "shared")
    if not (shared / "cases").is_dir():
        pytest.skip(f"the published data of the cases is not here: {shared / 'cases'} (set OUTTURN_SHARED)")
    return shared / "cases"


WorkspaceFactory = Callable[[str, str], RealWorkspace]


@pytest.fixture(scope="module")
def real_workspace(tmp_path_factory: pytest.TempPathFactory) -> WorkspaceFactory:
    """Makes a workspace of this folder over the files of a case: ``real_workspace("uk_sdg", "02-uk-sdg-open-sdg")``."""

    def make(name: str, case: str) -> RealWorkspace:
        case_folder = cases_folder() / case
        folder = tmp_path_factory.mktemp(name) / "workspace"
        shutil.copytree(HERE / name, folder)
        return RealWorkspace(folder, case_folder)

    return make
