"""The edition of one audience as a DuckDB file: the same marts, what must not be shown taken out, and the account.

The file is a candidate: the release gate judges it (rules SDC-01, SDC-02), and only then is it published.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import yaml

from disclosure.decision import Decision, decide
from disclosure.policy import Policy

_SQL = Path(__file__).parent / "sql"
_DESCRIPTIONS = Path(__file__).parent / "descriptions.yml"


@dataclass(frozen=True)
class Edition:
    """What was made: counts of figures (a numerator, a denominator and a value are three), and the audit's result.

    ``slices_whole`` and ``measures_whole``: tables of one measure and period, and measures, that were hidden whole
    because no pattern of single figures was found in time. ``share_of_value``: what is hidden as a share of a measure,
    over all measures; ``derivable``: hidden figures that an outsider could derive more closely than the policy allows.
    """

    path: Path
    audience: str
    cells: int
    cells_primary: int
    cells_complementary: int
    slices_whole: int
    measures_whole: int
    share_of_value: float
    derivable: int
    already_known: int
    blocks: int
    largest_block: int
    relations: int

    @property
    def passed(self) -> bool:
        return self.derivable == 0

    def account(self) -> dict[str, int | float | str | bool]:
        """For the description of the release and for the run report."""
        hidden = self.cells_primary + self.cells_complementary
        return {
            "audience": self.audience,
            "audit_passed": self.passed,
            "cells": self.cells,
            "cells_suppressed_primary": self.cells_primary,
            "cells_suppressed_complementary": self.cells_complementary,
            "slices_suppressed_whole": self.slices_whole,
            "measures_suppressed_whole": self.measures_whole,
            "share_of_cells_suppressed": round(hidden / self.cells, 6) if self.cells else 0.0,
            "share_of_value_suppressed": round(self.share_of_value, 6),
            "cells_derivable": self.derivable,
            "cells_known_from_earlier_editions": self.already_known,
            "relations_audited": self.relations,
            "blocks_audited": self.blocks,
            "largest_block": self.largest_block,
        }


def make_edition(
    warehouse: Path, target: Path, policy: Policy, earlier: Sequence[Path] = (), *, complementary: bool = True
) -> Edition:
    """Write the edition of ``warehouse`` (opened read-only) for the policy's audience to ``target``.

    What was counted is written beside it as JSON. ``earlier``: folders of the editions that this audience has had,
    oldest first. ``complementary`` false leaves out complementary suppression: for tests, which must see that the
    audit then fails.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{_quoted(warehouse)}' as warehouse (read_only)")
        connection.execute(f"attach '{_quoted(target)}' as edition")
        for schema in ("core", "marts", "quality", "audit"):
            connection.execute(f"create schema edition.{schema}")
        decision = decide(connection, policy, earlier, complementary=complementary)
        _load(connection, decision)
        connection.execute((_SQL / "edition.sql").read_text(encoding="utf-8"))
        edition = _account(connection, target, policy, decision)
        _write_audit(connection, edition, policy, decision)
        _comment(connection)
        connection.execute("detach edition")
    account = json.dumps(edition.account(), ensure_ascii=False, indent=2)
    target.with_suffix(".json").write_text(account + "\n", encoding="utf-8")
    return edition


def _load(connection: duckdb.DuckDBPyConnection, decision: Decision) -> None:
    """The table ``decided``: cell_id and CL_CONF_STATUS."""
    import pyarrow as pa

    connection.register(
        "decided_cells",
        pa.table({"cell_id": range(len(decision.status)), "conf_status": pa.array(decision.status, pa.string())}),
    )
    connection.execute(
        "create temp table decided as select cast(cell_id as bigint) as cell_id, conf_status from decided_cells"
    )
    connection.unregister("decided_cells")


def _account(connection: duckdb.DuckDBPyConnection, target: Path, policy: Policy, decision: Decision) -> Edition:
    cells, primary, complementary, share = connection.execute(
        "select coalesce(sum(cells), 0), coalesce(sum(cells_primary), 0), coalesce(sum(cells_complementary), 0), "
        "coalesce(avg(share_of_value) filter (where column_name <> 'value' or table_name = 'mart_indicator'), 0) "
        "from edition.quality.mart_disclosure"
    ).fetchone() or (0, 0, 0, 0.0)
    audit, suppression = decision.suppression.audit, decision.suppression
    return Edition(
        path=target,
        audience=policy.audience,
        cells=int(cells),
        cells_primary=int(primary),
        cells_complementary=int(complementary),
        slices_whole=decision.slices.count_whole("slice", suppression.whole, suppression.hidden),
        measures_whole=decision.slices.count_whole("measure", suppression.whole, suppression.hidden),
        share_of_value=float(share),
        derivable=int(audit.narrow.size),
        already_known=decision.known,
        blocks=audit.blocks,
        largest_block=audit.largest_block,
        relations=int(decision.system.coefficients.shape[0]),
    )


def _write_audit(connection: duckdb.DuckDBPyConnection, edition: Edition, policy: Policy, decision: Decision) -> None:
    """``quality.mart_disclosure_audit`` for readers; ``audit.narrow_cell``, not published, for who mends it."""
    narrow, system = decision.suppression.audit.narrow, decision.system
    connection.execute("create temp table narrow_figure (cell_id bigint, relation_id bigint)")
    cells = np.flatnonzero(np.isin(system.variable_of_cell, narrow))
    relations = system.relation_of_rest[narrow[narrow >= system.real] - system.real]
    connection.execute(
        "insert into narrow_figure select unnest($cells::bigint[]), null "
        "union all select null, unnest($relations::bigint[])",
        {"cells": cells.tolist(), "relations": relations.tolist()},
    )
    settings = {name: getattr(policy, name) for name in ("minimum_frequency", "minimum_denominator", "protection")}
    for name, value in settings.items():
        connection.execute(f"set variable {name} = {value}")
    for name in ("audience", "relations", "blocks", "largest_block", "slices_whole", "measures_whole", "derivable"):
        value = getattr(edition, name)
        connection.execute(f"set variable edition_{name} = " + (f"'{value}'" if isinstance(value, str) else f"{value}"))
    connection.execute(f"set variable edition_known = {edition.already_known}")
    connection.execute((_SQL / "audit.sql").read_text(encoding="utf-8"))


def _comment(connection: duckdb.DuckDBPyConnection) -> None:
    """Tables and columns keep the meaning they have in the warehouse; what is new is described beside this module."""
    own: Mapping[str, Mapping[str, str]] = yaml.safe_load(_DESCRIPTIONS.read_text(encoding="utf-8"))
    inherited = connection.execute(
        "select schema_name || '.' || table_name, column_name, comment from duckdb_columns() "
        "where database_name = 'warehouse' and comment is not null"
    ).fetchall()
    meaning = {(table, column): comment for table, column, comment in inherited}
    tables = connection.execute(
        "select schema_name || '.' || table_name, comment from duckdb_tables() "
        "where database_name = 'warehouse' and comment is not null"
    ).fetchall()
    meaning |= {(table, ""): comment for table, comment in tables}
    meaning |= {(table, column): text for table, columns in own.items() for column, text in columns.items()}
    for table, column in connection.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() where database_name = 'edition'"
    ).fetchall():
        for name, kind in (("", "table"), (column, "column")):
            text = meaning.get((table, name))
            if text:
                place = f'edition.{table}."{name}"' if name else f"edition.{table}"
                connection.execute(f"comment on {kind} {place} is '{text.replace(chr(39), chr(39) * 2)}'")


def _quoted(path: Path) -> str:
    return path.as_posix().replace("'", "''")
