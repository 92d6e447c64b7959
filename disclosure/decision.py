"""The decision, cell by cell: what is shown to an audience, what is not, and the proof that it cannot be derived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from disclosure.complementary import Suppression, cost_of, suppress
from disclosure.earlier import REVISED, read_earlier
from disclosure.margin_system import Flags, Floats, MarginSystem, margin_system
from disclosure.policy import Identity, Policy, matches
from disclosure.slices import Slices, read_slices

_SQL = Path(__file__).parent / "sql"
#: SDMX CL_CONF_STATUS: free, and hidden for the sake of others.
FREE, COMPLEMENTARY = "F", "D"


@dataclass
class Decision:
    """``status``: CL_CONF_STATUS of each cell, by cell_id; ``closed``: cells that have no row at all."""

    system: MarginSystem
    slices: Slices
    suppression: Suppression
    status: list[str]
    closed: Flags
    known: int


def decide(
    connection: duckdb.DuckDBPyConnection, policy: Policy, earlier: Sequence[Path] = (), *, complementary: bool = True
) -> Decision:
    """Decide on every cell of the warehouse attached as ``warehouse``; leaves the table ``cell`` behind.

    ``earlier``: folders of the editions this audience has had. ``complementary`` false leaves out complementary
    suppression, to see what would be derivable without.
    """
    _declare_policy(connection, policy)
    for script in ("cells", "margins", "primary"):
        connection.execute((_SQL / f"{script}.sql").read_text(encoding="utf-8"))
    read_earlier(connection, earlier)
    system = margin_system(connection, policy.minimum_frequency)
    primary, status = _primary(connection, policy, system)
    shown_before, always_shown = _known(connection, system)
    known = shown_before | always_shown
    protection = np.where(system.is_small_rest, float(policy.protection), primary)
    hidden = system.by_variable(np.array([code != FREE for code in status]))
    slices = read_slices(connection, system)
    suppression = suppress(
        system,
        slices,
        hidden & ~known,
        np.where(known, 0.0, protection),
        known,
        cost_of(system, _measure_scale(connection, system)),
        units=policy.protection,
        p_percent=policy.p_percent,
        programs=policy.search_limit,
        complementary=complementary,
    )
    # What must be hidden, and is the same figure as one that is always shown, is betrayed by it.
    betrayed = np.flatnonzero(hidden & always_shown & ~shown_before)
    suppression.audit.narrow = np.union1d(suppression.audit.narrow, betrayed)
    every_hidden = (suppression.hidden | hidden)[system.variable_of_cell]
    final = [
        (own if own != FREE else COMPLEMENTARY) if is_hidden else FREE
        for own, is_hidden in zip(status, every_hidden, strict=True)
    ]
    closed = _flags(
        connection,
        "treatment = 'closed' or list_contains(getvariable('closed_levels'), organisation_level)",
    )
    return Decision(system, slices, suppression, final, closed, int((hidden & shown_before).sum()))


def _declare_policy(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    for name in ("minimum_frequency", "minimum_denominator", "publish_zero", "protection", "p_percent"):
        connection.execute(f"set variable {name} = {getattr(policy, name)}")
    connection.execute("set variable closed_levels = $levels::varchar[]", {"levels": list(policy.closed_levels)})
    connection.execute("create temp table dominance_rule (contributors int, share double)")
    for contributors, share in policy.dominance:
        connection.execute("insert into dominance_rule values (?, ?)", [contributors, share])
    codes = [row[0] for row in connection.execute("select indicator_code from warehouse.core.dim_indicator").fetchall()]
    connection.execute(
        "create temp table treatment_of_indicator (indicator_code varchar, treatment varchar, has_contributors boolean)"
    )
    rows = [(code, policy.treatment_of(code), policy.has_confidential_contributors(code)) for code in codes]
    if rows:
        connection.executemany("insert into treatment_of_indicator values (?, ?, ?)", rows)
    connection.execute(
        "create temp table identity_term (identity_id int, position int, indicator_code varchar, coefficient double, "
        "is_exact boolean, is_before boolean, terms int)"
    )
    for number, identity in enumerate(policy.identities):
        for term in _terms(number, identity):
            connection.execute("insert into identity_term values (?, ?, ?, ?, ?, ?, ?)", term)


def _terms(number: int, identity: Identity) -> list[tuple[Any, ...]]:
    """The terms of ``left - right``; of an inequality so that it is never negative. A positive term comes first."""
    terms = [(code, 1.0, False) for code in identity.left]
    terms += [(code, -1.0, identity.is_carried) for code in identity.right]
    turned = -1.0 if identity.operator == "<=" else 1.0
    signed = [
        (c.removeprefix("-"), turned * (-sign if c.startswith("-") else sign), before) for c, sign, before in terms
    ]
    signed.sort(key=lambda term: -term[1])
    exact = identity.operator == "="
    return [
        (number, place, code, sign, exact, before, len(signed))
        for place, (code, sign, before) in enumerate(signed, start=1)
    ]


def _primary(connection: duckdb.DuckDBPyConnection, policy: Policy, system: MarginSystem) -> tuple[Floats, list[str]]:
    """Per variable the protection that primary suppression asks for, and per cell its status by itself."""
    status = [FREE] * int(system.variable_of_cell.size)
    protection = np.zeros(system.size)
    # N (not for publication) is stronger than what a number gives rise to, and that than dominance.
    for cell, code, units in connection.execute(
        "select cell_id, conf_status, protection from primary_cell "
        "order by list_position(['M', 'T', 'O', 'A', 'N'], conf_status), cell_id"
    ).fetchall():
        status[cell] = code
        variable = system.variable_of_cell[cell]
        protection[variable] = max(protection[variable], units)
    for cell, value, last, was_hidden, measure, is_protected_count in connection.execute(
        "select cell_id, value, last_shown, was_hidden, measure_code, is_count and treatment = 'protected' "
        "from earlier_cell inner join cell using (cell_id) inner join measure using (kind, measure_key) "
        "order by cell_id"
    ).fetchall():
        if was_hidden and status[cell] == FREE and not matches(measure, policy.reopened):
            status[cell] = COMPLEMENTARY
        change = 0 if last is None else abs(value - last)
        if policy.protect_revisions and is_protected_count and 0 < change < policy.minimum_frequency:
            variable = system.variable_of_cell[cell]
            protection[variable] = max(protection[variable], policy.protection)
            status[cell] = REVISED if status[cell] == FREE else status[cell]
    return protection, status


def _known(connection: duckdb.DuckDBPyConnection, system: MarginSystem) -> tuple[Flags, Flags]:
    """Variables that this audience knows whatever is hidden now: shown by an earlier edition; always open."""
    earlier = np.zeros(system.variable_of_cell.size, dtype=bool)
    for (cell,) in connection.execute("select cell_id from earlier_cell where is_known").fetchall():
        earlier[cell] = True
    withheld = _flags(connection, "cell_id in (select cell_id from primary_cell where conf_status = 'N')")
    open_ = _flags(connection, "treatment = 'open'")
    return system.by_variable(earlier), system.by_variable(open_ & ~withheld)


def _flags(connection: duckdb.DuckDBPyConnection, condition: str) -> Flags:
    rows = connection.execute(
        f"select coalesce({condition}, false) as flag from cell inner join measure using (kind, measure_key) "
        "order by cell_id"
    ).fetchnumpy()
    return np.ma.filled(np.ma.asarray(rows["flag"]), False).astype(bool)


def _measure_scale(connection: duckdb.DuckDBPyConnection, system: MarginSystem) -> Floats:
    """What is a usual figure of each variable's measure: 100 for counts, the median for anything else."""
    rows = connection.execute(
        "select case when is_count then 100 else median(abs(value)) over (partition by kind, measure_key) end as usual "
        "from cell inner join measure using (kind, measure_key) order by cell_id"
    ).fetchnumpy()
    scale = np.ones(system.size)
    scale[system.variable_of_cell] = np.ma.filled(np.ma.asarray(rows["usual"]), 1).astype(float)
    return scale
