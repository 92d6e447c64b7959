"""Withdrawn figures as rows: value empty, status O, flag RETRACTED, received with the submission that lacks them.

A function of the set of submissions and their times of receipt alone: the order in which they were landed, and what
was withdrawn before, make no difference. A figure that stays absent is withdrawn by every later submission that covers
it; of such equal statements the warehouse keeps the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import duckdb

from ingest.contract import TIDY, ObsStatus
from ingest.state.whole_file import write_parquet_pieces

#: Flag of a figure that a resubmission no longer contains.
RETRACTED = "RETRACTED"
#: What makes a figure the same figure, within a source: the series of ``fct_observation``.
KEY = (
    "indicator_code",
    "organisation_code",
    "organisation_valid_from",
    "calendar_code",
    "period_code",
    "target_group_code",
    "measure_kind",
    "accumulation",
)
#: What a source may say that a submission replaces → the columns in which it must agree.
SCOPES: Mapping[str, tuple[str, ...]] = {
    "period": ("calendar_code", "period_code"),
    "organisation": ("organisation_code", "organisation_valid_from"),
    "indicator": ("indicator_code",),
    "target_group": ("target_group_code",),
    "measure_kind": ("measure_kind",),
    "sheet": ("sheet",),
    "file": ("file_name",),
}
_SQL = Path(__file__).with_name("retractions.sql")
_LABELS = ("indicator_label", "organisation_label", "period_label", "target_group_label")
_KEPT = (*KEY, *_LABELS, "source_code", "period_start", "period_end_exclusive", "unit_code")


@dataclass(frozen=True)
class Said:
    """A submission: the tidy Parquet file of what it says, and whether it says all there is within what it covers.

    One that is not complete (an API's answer to «what has changed since») withdraws nothing.
    """

    submission_id: str
    file_name: str
    observations: Path
    is_complete: bool = True


def write_retractions(submissions: Sequence[Said], replaces: Sequence[str], folder: Path) -> dict[str, int]:
    """Write ``folder/SUBMISSION.parquet`` (columns of TIDY) for each submission that withdraws figures.

    ``submissions``: everything a source handed in and that could be read, in any order; ``replaces``: keys of
    ``SCOPES``. Returns the number of retractions by submission.
    """
    folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {}
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute("set memory_limit = '1GB'")  # what is larger is spilled
        connection.execute("set temp_directory = ?", [str(folder / "spilled")])
        columns = ", ".join(TIDY.column_names)
        files = [one.observations.as_posix() for one in submissions]
        connection.read_parquet(files).project(columns).create_view("tidy")
        connection.execute("create table delivery (submission_id varchar, file_name varchar, is_complete boolean)")
        connection.executemany(
            "insert into delivery values (?, ?, ?)",
            [(one.submission_id, PurePosixPath(one.file_name).name, one.is_complete) for one in submissions],
        )
        connection.execute(_statements(replaces))
        withdrawing = connection.execute("select distinct withdrawn_by from withdrawn order by 1").fetchall()
        for (submission_id,) in withdrawing:
            counts[submission_id] = _write(connection, submission_id, folder / f"{submission_id}.parquet")
    return counts


def _write(connection: duckdb.DuckDBPyConnection, submission_id: str, path: Path) -> int:
    found = connection.execute("select * from retraction where submission_id = ? order by all", [submission_id])
    return write_parquet_pieces(path, TIDY.schema, found.to_arrow_reader(100_000))


def _statements(replaces: Sequence[str]) -> str:
    """The statements of ``retractions.sql`` for a scope. Scope columns are named scope_1, scope_2 …"""
    columns = [column for one in replaces for column in SCOPES[one]]
    scope = {
        f"scope_{number}": f"delivery.{column}" if column == "file_name" else f"tidy.{column}"
        for number, column in enumerate(columns, start=1)
    }

    def equal(left: str, right: str, names: Sequence[str]) -> str:
        return " and ".join(f"{left}.{name} = {right}.{name}" for name in names)

    names = tuple(scope)
    return _SQL.read_text(encoding="utf-8").format(
        key=", ".join(f"tidy.{name}" for name in KEY),
        key_names=", ".join(KEY),
        key_is_known=" and ".join(f"tidy.{name} is not null" for name in (*KEY, "sheet", "cell")),
        scope=", ".join(f"{column} as {name}" for name, column in scope.items()),
        scope_names=", ".join(names),
        known_key=", ".join(f"known.{name}" for name in KEY),
        known_scope=equal("known", "covered", names),
        present_key=equal("present", "known", KEY),
        figure_key=equal("figure", "absent", KEY),
        figure_names=", ".join(f"figure.{name}" for name in KEY),
        earlier_scope=equal("earlier", "covered", names),
        unclear_key=" and ".join(f"coalesce(unclear.{name} = earlier.{name}, true)" for name in KEY),
        tidy_key=equal("tidy", "withdrawn", KEY),
        withdrawn_names=", ".join(f"withdrawn.{name}" for name in KEY),
        columns=", ".join(f"{_column(name)} as {name}" for name in TIDY.column_names),
    )


def _column(name: str) -> str:
    """A column of a retraction, as SQL."""
    stated = {
        "submission_id": "withdrawn.withdrawn_by",
        "sheet": "withdrawn.withdrawn_sheet",
        "cell": "withdrawn.cells",
        "recorded_at": "withdrawn.withdrawn_at",
        "recipe_version": "tidy.recipe_version",
        "obs_status": f"'{ObsStatus.MISSING}'",
        "flags": f"'{RETRACTED}'",
        "note": "delivery.file_name || ', ' || withdrawn.sheet || '!' || withdrawn.cell",
    }
    return stated.get(name, f"tidy.{name}" if name in _KEPT else "null")
