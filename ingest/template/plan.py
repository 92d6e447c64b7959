"""What a form holds: the organisations that owe a source's figures for a period, and the figures they owe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from ingest.contract import MeasureKind
from ingest.recipe.components import Components
from ingest.recipe.model import Source
from ingest.registry.models import Indicator, Organisation
from ingest.template.stamp import Measure
from ingest.time.calendar import Calendars
from ingest.time.period import Period, UnknownPeriodError
from ingest.workspace import Workspace

#: An organisation of a row: its code and its first day.
Body = tuple[str, date]
FOREVER = date(9999, 1, 1)


class FormError(Exception):
    """A form that cannot be made, and what to do, in both languages."""

    def __init__(self, message_vi: str, message_en: str) -> None:
        self.message_vi, self.message_en = message_vi, message_en
        super().__init__(message_en)


@dataclass(frozen=True)
class Form:
    """A form to be written. ``before``: figures of the period before, by organisation and measure."""

    source: Source
    period: Period
    previous: Period | None
    organisations: tuple[Organisation, ...]
    measures: tuple[Measure, ...]
    indicators: Mapping[str, Indicator]
    group_names: Mapping[str, tuple[str, str]]
    before: Mapping[tuple[Body, Measure], Decimal]


def plan_form(workspace: Workspace, source_code: str, period_code: str, organisation: str | None = None) -> Form:
    """The form of a source for a period: for every organisation that owes it, or for one.

    Its columns are the measures that the recipe declares with constant components, and those the source reported for
    the latest period up to this one. Raises ``FormError``.
    """
    source = workspace.sources[source_code]
    period = _period(workspace.calendars, source, period_code)
    previous = workspace.calendars.previous(period)
    indicators = {row.code: row for row in workspace.registry.indicators}
    accepted = workspace.state.accepted_table("observation", source_code)
    files = [str(path) for path in sorted(accepted.glob("*.parquet"))]
    with duckdb.connect() as connection:
        reported = _reported(connection, files, period)
        before = _before(connection, files, previous)
    order = {code: position for position, code in enumerate(indicators)}
    known = sorted({measure for _, measure in reported}, key=lambda one: (order.get(one.indicator, -1), *_rank(one)))
    measures = tuple(dict.fromkeys([*_declared(source, indicators), *known]))
    measures = tuple(measure for measure in measures if _is_active(indicators.get(measure.indicator), period))
    if not measures:
        raise FormError(
            f"Nguồn {source_code} chưa nộp số liệu nào, và công thức không nêu chỉ tiêu cố định: "
            "chưa biết biểu gồm những cột nào.",
            f"The source {source_code} has reported nothing yet and its recipe names no constant indicators: "
            "the columns of a form are not known.",
        )
    bodies = {body for body, _ in reported}
    organisations = _organisations(workspace, source, period, organisation, bodies)
    return Form(
        source, period, previous, organisations, measures, indicators, _group_names(workspace, measures), before
    )


def _rank(measure: Measure) -> tuple[bool, str, str, str]:
    """The total before its groups."""
    return measure.target_group != "_T", measure.target_group, measure.measure_kind, measure.accumulation


def _period(calendars: Calendars, source: Source, code: str) -> Period:
    try:
        period = calendars.period(code)
    except UnknownPeriodError as error:
        raise FormError(f"Không có kỳ «{code}» trong các lịch {', '.join(calendars.codes)}.", str(error)) from error
    owed = source.obligation
    if owed is not None and (owed.calendar, owed.frequency) != (period.calendar_code, period.frequency):
        raise FormError(
            f"Nguồn {source.code} báo cáo theo lịch {owed.calendar}, kỳ {owed.frequency}; «{code}» không phải kỳ đó.",
            f"The source {source.code} reports by the calendar {owed.calendar}, frequency {owed.frequency}; "
            f"«{code}» is no such period.",
        )
    return period


def _organisations(
    workspace: Workspace, source: Source, period: Period, code: str | None, reported: set[Body]
) -> tuple[Organisation, ...]:
    """Those of the level that owes the source and valid in the period; without a level, those reported on last time."""
    valid = [
        row for row in workspace.registry.organisations if period.overlaps(row.valid_from, row.valid_to or FOREVER)
    ]
    owed = source.obligation
    if code is not None:
        chosen = [row for row in valid if row.code == code]
    elif owed is not None and owed.level is not None:
        chosen = [row for row in valid if row.level == owed.level]
    elif reported:
        chosen = [row for row in valid if (row.code, row.valid_from) in reported]
    else:
        chosen = [row for row in valid if owed is not None and row.code == owed.organisation]
    if not chosen:
        raise FormError(
            f"Không có tổ chức nào phải báo cáo nguồn {source.code} trong kỳ {period.period_code}"
            + (f" với mã «{code}»." if code else "."),
            f"No organisation owes the source {source.code} for {period.period_code}"
            + (f" under the code «{code}»." if code else "."),
        )
    return tuple(sorted(chosen, key=lambda row: (row.code, row.valid_from)))


def _declared(source: Source, indicators: Mapping[str, Indicator]) -> Iterator[Measure]:
    """Measures whose every component is a constant of the recipe."""
    for table in source.tables:
        for values in table.values:
            if values.total_of is None:
                measure = _constant_measure((values, table, source.constants), indicators)
                if measure is not None:
                    yield measure


def _constant_measure(holders: tuple[Components, ...], indicators: Mapping[str, Indicator]) -> Measure | None:
    found: dict[str, str | None] = {}
    for name in ("indicator", "measure_kind", "accumulation"):
        label = next((getattr(holder, name) for holder in holders if getattr(holder, name) is not None), None)
        if label is not None and label.constant is None:
            return None
        found[name] = label.constant if label is not None else None
    groups = {dim: label for holder in reversed(holders) for dim, label in holder.target_group.items()}
    indicator = indicators.get(found["indicator"] or "")
    if indicator is None or "*" in groups or any(label.constant is None for label in groups.values()):
        return None
    members = sorted(f"{dim}={label.constant}" for dim, label in groups.items() if label.constant != "_T")
    return Measure(
        indicator.code,
        "|".join(members) or "_T",
        found["measure_kind"] or MeasureKind.ACTUAL.value,
        found["accumulation"] or indicator.accumulation,
    )


def _is_active(indicator: Indicator | None, period: Period) -> bool:
    return indicator is not None and period.overlaps(indicator.valid_from, indicator.valid_to or FOREVER)


def _reported(connection: duckdb.DuckDBPyConnection, files: list[str], period: Period) -> list[tuple[Body, Measure]]:
    """Organisations and measures of the latest period that the source reported on, up to this one."""
    if not files:
        return []
    rows = connection.execute(
        """
        with figure as (
            select * from read_parquet($files)
            where period_end_exclusive <= $until and calendar_code = $calendar
                and not contains(coalesce(flags, ''), 'RETRACTED')
        )
        select distinct organisation_code, organisation_valid_from, indicator_code, target_group_code, measure_kind,
            accumulation
        from figure
        where period_end_exclusive = (select max(period_end_exclusive) from figure)
        order by all
        """,
        {"files": files, "until": period.end_exclusive, "calendar": period.calendar_code},
    ).fetchall()
    return [((row[0], row[1]), Measure(*row[2:])) for row in rows]


def _before(
    connection: duckdb.DuckDBPyConnection, files: list[str], previous: Period | None
) -> dict[tuple[Body, Measure], Decimal]:
    """The figures of the period before as they stand now."""
    if not files or previous is None:
        return {}
    rows = connection.execute(
        """
        select
            organisation_code, organisation_valid_from, indicator_code, target_group_code, measure_kind, accumulation,
            last(value order by recorded_at, submission_id, sheet, cell) as value
        from read_parquet($files) where period_code = $period group by all
        """,
        {"files": files, "period": previous.period_code},
    ).fetchall()
    return {((row[0], row[1]), Measure(*row[2:6])): row[6] for row in rows if row[6] is not None}


def _group_names(workspace: Workspace, measures: tuple[Measure, ...]) -> dict[str, tuple[str, str]]:
    members = {f"{row.dimension}={row.code}": row for row in workspace.registry.target_groups}
    names = {"_T": ("Tổng số", "Total")}
    for code in {measure.target_group for measure in measures} - {"_T"}:
        known = [members[member] for member in code.split("|") if member in members]
        names[code] = (", ".join(row.name_vi for row in known) or code, ", ".join(row.name_en for row in known) or code)
    return names
