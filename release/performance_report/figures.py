"""What the pages show, read from the marts of a release: a ratio with its series, organisations, groups and causes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

SQL = Path(__file__).parent / "sql"
#: The last so many periods are drawn.
PERIODS = 24


@dataclass(frozen=True)
class Figure:
    """One value of a ratio with what it rests on; ``label`` names the period, organisation or member, by language.

    ``value``, ``lower``, ``upper``, ``expected`` are in the ratio's unit, ``coverage`` and ``share_estimated`` shares
    of 1. Without a value ``reason`` says why; ``open_findings`` counts faults not yet settled in what it stands on.
    """

    label: dict[str, str]
    code: str
    value: float | None
    lower: float | None
    upper: float | None
    coverage: float | None
    share_estimated: float
    status: str
    reason: str | None
    open_findings: int = 0
    expected: float | None = None
    rag: str | None = None


@dataclass(frozen=True)
class Effect:
    """What one member added to a change, in the ratio's unit."""

    label: dict[str, str]
    rate: float
    mix: float
    entry_exit: float

    @property
    def total(self) -> float:
        return self.rate + self.mix + self.entry_exit


@dataclass(frozen=True)
class Change:
    """A change taken apart along one dimension (domain.md 2.13): its effects add to ``total``."""

    dimension: str
    period_from: dict[str, str]
    total: float
    is_simpson: bool
    effects: tuple[Effect, ...]


@dataclass(frozen=True)
class RatioReport:
    """A ratio as its page shows it, for the widest organisation that has it (``whole``), by the structure of today."""

    code: str
    name: dict[str, str]
    ratio_type: str
    numerator: dict[str, str]
    denominator: dict[str, str]
    unit: str
    scale: float
    decimals: int
    direction: str
    whole: dict[str, str]
    whole_code: str
    series: tuple[Figure, ...]
    organisations: tuple[Figure, ...] = ()
    groups: dict[str, tuple[Figure, ...]] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()

    @property
    def latest(self) -> Figure | None:
        """The last period that anything is known of; without a value where that is withheld."""
        return self.series[-1] if self.series else None

    @property
    def before(self) -> Figure | None:
        """The period before the latest."""
        return self.series[-2] if len(self.series) > 1 else None


def read_ratios(connection: duckdb.DuckDBPyConnection) -> list[RatioReport]:
    """Every ratio of the release that has a value. Tables that an edition lacks leave their part out."""
    connection.execute((SQL / "chosen_series.sql").read_text(encoding="utf-8"))
    has = {
        name
        for (name,) in connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()
    }
    series = _grouped(connection, "series", PERIODS)
    organisations = _grouped(connection, "organisations")
    groups = _grouped(connection, "groups")
    targets = _grouped(connection, "targets") if "mart_target" in has else {}
    causes = _grouped(connection, "causes") if "mart_decomposition" in has else {}
    names = {
        code: {"vi": vi, "en": en}
        for code, vi, en in connection.execute(
            "select indicator_code, any_value(name_vi order by version desc), any_value(name_en order by version desc) "
            "from core.dim_indicator group by all"
        ).fetchall()
    }
    return [
        RatioReport(
            code=ratio["ratio_code"],
            name={"vi": ratio["name_vi"], "en": ratio["name_en"]},
            ratio_type=ratio["ratio_type"],
            numerator=_named(ratio["numerator"], names),
            denominator=_named(ratio["denominator"], names),
            unit=ratio["unit"],
            scale=ratio["scale"],
            decimals=ratio["decimals"],
            direction=ratio["direction"],
            whole={"vi": ratio["whole_name_vi"], "en": ratio["whole_name_en"]},
            whole_code=ratio["whole_code"],
            series=_with_targets(series.get(ratio["ratio_code"], []), targets.get(ratio["ratio_code"], [])),
            organisations=tuple(_figure(row) for row in organisations.get(ratio["ratio_code"], [])),
            groups={
                dimension: tuple(_figure(row) for row in rows)
                for dimension, rows in _by("dimension", groups.get(ratio["ratio_code"], [])).items()
            },
            changes=_changes(causes.get(ratio["ratio_code"], [])),
        )
        for ratio in _rows(connection, (SQL / "ratios.sql").read_text(encoding="utf-8"))
    ]


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = connection.execute(query)
    columns = [column[0] for column in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _grouped(
    connection: duckdb.DuckDBPyConnection, query: str, last: int | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Rows of ``sql/QUERY.sql`` by ratio, in the query's order; ``last`` keeps so many of each."""
    found = _by("ratio_code", _rows(connection, (SQL / f"{query}.sql").read_text(encoding="utf-8")))
    return {code: rows[-last:] if last else rows for code, rows in found.items()}


def _by(column: str, rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The rows of each value of a column, both in the order of the rows."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


def _figure(row: dict[str, Any], **more: Any) -> Figure:
    return Figure(
        label={"vi": row["label_vi"], "en": row["label_en"]},
        code=row["code"],
        value=row["value"],
        lower=row["lower"],
        upper=row["upper"],
        coverage=row["coverage"],
        share_estimated=row["share_estimated"] or 0.0,
        status=row["status"],
        reason=row["reason"],
        open_findings=row["open_findings"],
        **more,
    )


def _with_targets(series: Sequence[dict[str, Any]], targets: Sequence[dict[str, Any]]) -> tuple[Figure, ...]:
    by_period = {target["code"]: target for target in targets}
    return tuple(
        _figure(
            row,
            expected=by_period.get(row["code"], {}).get("expected_now"),
            rag=by_period.get(row["code"], {}).get("rag"),
        )
        for row in series
    )


def _changes(rows: Sequence[dict[str, Any]]) -> tuple[Change, ...]:
    return tuple(
        Change(
            dimension=dimension,
            period_from={"vi": members[0]["from_vi"], "en": members[0]["from_en"]},
            total=members[0]["total_change"],
            is_simpson=bool(members[0]["simpson_flag"]),
            effects=tuple(
                Effect(
                    {"vi": member["label_vi"], "en": member["label_en"]},
                    member["rate_effect"],
                    member["mix_effect"],
                    member["entry_exit_effect"],
                )
                for member in members
            ),
        )
        for dimension, members in _by("dimension", rows).items()
    )


def _named(expression: str, names: dict[str, dict[str, str]]) -> dict[str, str]:
    """An expression over indicator codes, with their names instead."""
    return {
        language: " ".join(names.get(word, {}).get(language) or word for word in expression.split())
        for language in ("vi", "en")
    }
