"""What moved between two releases, number by number, and why.

Every number of every mart is compared by the mart's grain (the ``primaryKey`` of its ``datapackage.json``). The cause
is looked for where a number can come from: the figures below it, its targets, its definition, the structure of the
organisations; what none of these explains was changed by the engine (``sql/causes.sql``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import duckdb

from release.shelf import DATABASE, ReleaseShelf
from release.sql_literal import escaped

_CAUSES = Path(__file__).parent / "sql" / "causes.sql"
#: Columns that say what stands in place of a number, or colour it: a change of theirs is a change of what is published.
STATES = ("status", "obs_status", "value_state", "reason", "rag", "rag_reason")
#: Columns that name the measure of a row, in the marts that have one.
_MEASURE = ("indicator_code", "ratio_code", "measure_code")
#: Column that says to which period a row belongs, the first that is there.
_PERIOD = ("time_key", "to_time_key")


class Cause(StrEnum):
    """Why a number moved, from the nearest to the farthest."""

    NEW_FIGURE = "NEW_FIGURE"
    REVISED = "REVISED"
    WITHDRAWN = "WITHDRAWN"
    QUARANTINED = "QUARANTINED"
    READ_ANEW = "READ_ANEW"
    SEVERAL = "SEVERAL"
    DEFINITION = "DEFINITION"
    OTHER_PERIOD = "OTHER_PERIOD"
    TARGET = "TARGET"
    REORGANISATION = "REORGANISATION"
    PEERS = "PEERS"
    SUBMISSIONS = "SUBMISSIONS"
    ENGINE = "ENGINE"


@dataclass(frozen=True)
class Comparison:
    """Two releases side by side; ``explained`` has one row a mart's row that appeared, disappeared or changed."""

    connection: duckdb.DuckDBPyConnection
    compared: tuple[str, ...]
    not_compared: tuple[str, ...]

    def summary(self) -> list[tuple[Any, ...]]:
        """Rows (mart, cause, appeared, disappeared, changed), by mart and cause."""
        return self.connection.execute(
            "select mart, cause, count_if(change = 'appeared'), count_if(change = 'disappeared'), "
            "count_if(change = 'changed') from explained group by all order by all"
        ).fetchall()

    def numbers(self, *, mart: str | None = None, limit: int | None = None) -> list[dict[str, Any]]:
        """The numbers that moved, those that changed first; each with before, after, cause and a cell below it."""
        cursor = self.connection.execute(
            "select mart, key, change, changes, cause, figures, file_name, sheet, cell, figure_before, figure_after "
            "from explained where $mart is null or mart = $mart "
            "order by change <> 'changed', mart, key limit coalesce($limit, 9223372036854775807)",
            {"mart": mart, "limit": limit},
        )
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def write_csv(self, path: Path) -> int:
        """Write every change of every column as one line; returns how many."""
        lines = self.connection.execute(
            "create temp table line as select mart, key, change, unnest(changes, recursive := true), cause, figures, "
            "file_name, sheet, cell, figure_before, figure_after from explained; "
            "select count(*) from line"
        ).fetchone() or (0,)
        self.connection.execute(f"copy (from line order by all) to '{escaped(path)}' (header)")
        return int(lines[0])


@contextmanager
def compare(shelf: ReleaseShelf, earlier: str, later: str) -> Iterator[Comparison]:
    """Compare two releases of a shelf. Raises ``ReleaseNotFoundError``."""
    grains = _grains(shelf.description(earlier)) | _grains(shelf.description(later))
    with duckdb.connect() as connection:
        for name, identifier in (("earlier", earlier), ("later", later)):
            connection.execute(f"attach '{escaped(shelf.folder(identifier) / DATABASE)}' as {name} (read_only)")
        connection.execute(
            "create temp table moved (number_id bigint, mart varchar, key varchar, change varchar, "
            'changes struct("column" varchar, before varchar, after varchar)[], measure_code varchar, '
            "organisation_key bigint, time_key bigint, target_group_key bigint)"
        )
        connection.execute("create temp sequence number_id")
        both = sorted(_marts(connection, "earlier") & _marts(connection, "later"))
        compared = tuple(mart for mart in both if mart in grains)
        for mart in compared:
            connection.execute(_moved(connection, mart, grains[mart]))
        connection.execute(_CAUSES.read_text(encoding="utf-8"))
        either = _marts(connection, "earlier") | _marts(connection, "later")
        yield Comparison(connection, compared, tuple(sorted(either - set(compared))))


def _grains(description: dict[str, Any]) -> dict[str, list[str]]:
    """Mart → the columns that identify a row."""
    return {
        Path(resource["path"]).stem: resource["schema"]["primaryKey"]
        for resource in description["resources"]
        if "/marts/" in resource["path"] and resource["schema"].get("primaryKey")
    }


def _marts(connection: duckdb.DuckDBPyConnection, database: str) -> set[str]:
    rows = connection.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = 'marts'", [database]
    ).fetchall()
    return {name for (name,) in rows}


def _columns(connection: duckdb.DuckDBPyConnection, database: str, mart: str) -> dict[str, str]:
    return dict(
        connection.execute(
            "select column_name, data_type from duckdb_columns() "
            "where database_name = ? and schema_name = 'marts' and table_name = ? order by column_index",
            [database, mart],
        ).fetchall()
    )


def _moved(connection: duckdb.DuckDBPyConnection, mart: str, grain: list[str]) -> str:
    """An insert into ``moved`` of the rows of a mart that are not what they were."""
    later = _columns(connection, "later", mart)
    columns = {name: kind for name, kind in _columns(connection, "earlier", mart).items() if name in later}
    grain = [name for name in grain if name in columns]
    numbers = [
        name
        for name, kind in columns.items()
        if name not in grain and (kind == "DOUBLE" or kind.startswith("DECIMAL") or name in STATES)
    ]

    def either(name: str) -> str:
        return f"coalesce(later_row.{name}, earlier_row.{name})"

    codes = [n for n in columns if n.endswith("_code") or n in {"structure", "comparison", "dimension", "period_to"}]
    key = ", ".join(f"cast({either(name)} as varchar)" for name in codes) or "''"
    measure = next((either(name) for name in _MEASURE if name in columns), "null")
    period = next((either(name) for name in _PERIOD if name in columns), "null")
    places = [either(name) if name in columns else "null" for name in ("organisation_key", "target_group_key")]
    changes = ", ".join(
        f"{{'column': '{name}', 'before': cast(earlier_row.{name} as varchar), "
        f"'after': cast(later_row.{name} as varchar)}}"
        for name in numbers
    )
    same = " and ".join(f"earlier_row.{name} is not distinct from later_row.{name}" for name in grain)
    differs = " or ".join(f"earlier_row.{name} is distinct from later_row.{name}" for name in numbers) or "false"
    return f"""
        insert into moved
        select nextval('number_id'), '{mart}', concat_ws(' · ', {key}),
            case when earlier_row.there is null then 'appeared' when later_row.there is null then 'disappeared'
                else 'changed' end,
            list_filter([{changes}], lambda change: change.before is distinct from change.after),
            {measure}, {places[0]}, {period}, {places[1]}
        from (select *, true as there from earlier.marts.{mart}) as earlier_row
        full join (select *, true as there from later.marts.{mart}) as later_row on {same}
        where earlier_row.there is null or later_row.there is null or {differs}
    """
