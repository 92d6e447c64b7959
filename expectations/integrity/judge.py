"""Asking every signal of the catalogue of one release, or of a warehouse that has the published tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import duckdb

from expectations.enforcement.validation import GateError, memory_database
from expectations.intake.inputs import text_literal
from expectations.rules import CheckKind, Gate, RuleBook, load_rule_book
from expectations.rules.book import CheckInForce, checks_in_force

VIEWS = Path(__file__).parent / "views.sql"
_PLACE = ("indicator_code", "organisation_code", "period_code")


@dataclass(frozen=True)
class Signal:
    """One sign: which rule saw it, where, what stands there, what chance would make of it, and both languages."""

    rule_id: str
    indicator_code: str | None
    organisation_code: str | None
    period_code: str | None
    observed: str
    expected: str
    strength: float
    message_vi: str
    message_en: str
    route: str


def find_signals(database: Path, *, rule_book: RuleBook | None = None) -> list[Signal]:
    """Every signal in a database with schemas ``core`` and ``marts``, in a fixed order.

    Raises ``GateError`` where a rule cannot be evaluated: an office that is shown nothing must know that nothing is
    there.
    """
    book = rule_book or load_rule_book()
    with memory_database("integrity") as memory:
        connection = memory.connection
        try:
            connection.execute(f"attach {text_literal(database.as_posix())} as warehouse (read_only)")
            return ask(connection, book)
        except duckdb.Error as error:
            raise GateError(f"{database}: {error}") from error
        finally:
            connection.execute("detach database if exists warehouse")


def ask(connection: duckdb.DuckDBPyConnection, book: RuleBook) -> list[Signal]:
    """The signals of the attached database ``warehouse``."""
    connection.execute(VIEWS.read_text(encoding="utf-8"))
    names = _names(connection)
    found: list[Signal] = []
    for in_force in checks_in_force(book, Gate.INTEGRITY, None, CheckKind.SIGNAL):
        found += _ask(connection, in_force, names)
    return sorted(found, key=lambda signal: tuple(map(str, astuple(signal))))


def _ask(
    connection: duckdb.DuckDBPyConnection, in_force: CheckInForce, names: Mapping[str, tuple[str, str]]
) -> list[Signal]:
    try:
        cursor = connection.execute(in_force.sql(in_force.check.query or ""))
    except duckdb.Error as error:
        raise GateError(f"rule {in_force.name} cannot be evaluated: {error}") from error
    columns = [column[0] for column in cursor.description or ()]
    rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return [_signal(in_force, row, names) for row in rows]


def _signal(in_force: CheckInForce, row: Mapping[str, Any], names: Mapping[str, tuple[str, str]]) -> Signal:
    place = {column: row.get(column) for column in _PLACE}
    message = in_force.rule.message_of(in_force.check)
    return Signal(
        rule_id=in_force.rule.id,
        observed=str(row["observed"]),
        expected=str(row["expected"]),
        strength=float(row["strength"]),
        message_vi=_filled(message.vi, place, row, names, 0),
        message_en=_filled(message.en, place, row, names, 1),
        route=",".join(in_force.rule.route),
        **place,
    )


def _filled(
    template: str, place: Mapping[str, Any], row: Mapping[str, Any], names: Mapping[str, tuple[str, str]], language: int
) -> str:
    named = {key: names.get(str(code), (str(code), str(code)))[language] for key, code in place.items() if code}
    measure, organisation = named.get("indicator_code", ""), named.get("organisation_code", "")
    return template.format(
        indicator=measure,
        organisation=f" · {organisation}" if measure and organisation else organisation,
        period=place.get("period_code") or ("mọi kỳ", "all periods")[language],
        observed=row["observed"],
        expected=row["expected"],
    )


def _names(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str]]:
    rows: Sequence[tuple[str, str, str]] = connection.execute(
        "select indicator_code, name_vi, name_en from warehouse.core.dim_indicator "
        "union all select ratio_code, name_vi, name_en from warehouse.core.dim_ratio "
        "union all select organisation_code, name_vi, name_en from warehouse.core.dim_organisation"
    ).fetchall()
    return {code: (vi, en) for code, vi, en in rows}
