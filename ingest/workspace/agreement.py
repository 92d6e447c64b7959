"""Where the registry and the sources name what ``workspace.yml`` declares, and sources what the registry declares."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.problem import Problem
from ingest.recipe.consistency import Inconsistency
from ingest.recipe.model import Source
from ingest.registry import Registry
from ingest.time.calendar import Calendars
from ingest.time.definition import ListCalendar
from ingest.time.period import UnknownPeriodError
from ingest.workspace.constants import ConstantChecker
from ingest.workspace.settings import Settings

#: Names that the product uses itself beside those of sources.
RESERVED_SOURCES = frozenset({"none", "registry"})
_SOURCE_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def check_registry(registry: Registry, settings: Settings, calendars: Calendars) -> Iterator[Problem]:
    """Stewards, calendars and periods that the registry names exist."""
    stewards = {steward.code for steward in settings.stewards}
    indicators = registry.sources["indicators"]
    for index, row in enumerate(registry.indicators):
        if row.steward is not None and row.steward not in stewards:
            yield indicators.problem(index, "steward", *_unknown_steward(row.steward))
        if row.calendar not in calendars.codes:
            yield indicators.problem(index, "calendar", *_unknown_calendar(row.calendar, calendars))
        elif row.frequency not in calendars.frequencies(row.calendar):
            yield indicators.problem(
                index,
                "frequency",
                *_no_such_periods(row.calendar, row.frequency, calendars),
            )
    targets = registry.sources["targets"]
    for index, target in enumerate(registry.targets):
        try:
            calendars.period(target.period_code)
        except UnknownPeriodError:
            yield targets.problem(
                index,
                "period_code",
                f"không lịch nào có kỳ «{target.period_code}»; ghi như 2025, 2025-Q3, 2025-M07",
                f"no calendar has a period «{target.period_code}»; write it as 2025, 2025-Q3 or 2025-M07",
            )


def check_source(
    source: Source, registry: Registry, settings: Settings, calendars: Calendars, constants: ConstantChecker
) -> Iterator[Inconsistency]:
    """A source's name can be used, and its steward, its constants and what it owes are known."""
    if source.code in RESERVED_SOURCES or not _SOURCE_CODE.fullmatch(source.code):
        yield (
            (),
            f"không dùng được tên «{source.code}»; đặt tên tệp khác, chỉ gồm chữ không dấu, số, _ và -",
            f"the name «{source.code}» cannot be used; give the file another: plain letters, digits, _ and -",
        )
    if source.steward is not None and source.steward not in {steward.code for steward in settings.stewards}:
        yield ("steward",), *_unknown_steward(source.steward)
    yield from constants.unknown(source)
    owed = source.obligation
    if owed is None:
        return
    if owed.calendar not in calendars.codes:
        yield ("obligation", "calendar"), *_unknown_calendar(owed.calendar, calendars)
    elif owed.frequency not in calendars.frequencies(owed.calendar):
        yield (
            ("obligation", "frequency"),
            *_no_such_periods(owed.calendar, owed.frequency, calendars),
        )
    if owed.level is not None and owed.level not in {row.level for row in registry.organisations}:
        yield (
            ("obligation", "level"),
            f"không có tổ chức nào ở cấp «{owed.level}»",
            f"no organisation has the level «{owed.level}»",
        )
    if owed.organisation is not None and owed.organisation not in {row.code for row in registry.organisations}:
        yield (
            ("obligation", "organisation"),
            f"không có tổ chức nào mang mã «{owed.organisation}»",
            f"no organisation has the code «{owed.organisation}»",
        )


def _unknown_steward(code: str) -> tuple[str, str]:
    return (
        f"«{code}» không có trong stewards của workspace.yml; hãy khai báo hoặc sửa mã",
        f"«{code}» is not among the stewards of workspace.yml; declare it there or change the code",
    )


def _unknown_calendar(code: str, calendars: Calendars) -> tuple[str, str]:
    known = ", ".join(calendars.codes)
    return (
        f"«{code}» không có trong calendars của workspace.yml; hiện có: {known}",
        f"«{code}» is not among the calendars of workspace.yml; there are: {known}",
    )


def _no_such_periods(calendar: str, frequency: str, calendars: Calendars) -> tuple[str, str]:
    known = ", ".join(sorted(calendars.frequencies(calendar)))
    is_list = isinstance(calendars.definitions.get(calendar), ListCalendar)
    hint = ("; mỗi kỳ là một năm: frequency: A ở lịch", "; each is a year: frequency: A of the calendar")
    vi, en = hint if is_list and frequency == "A" else ("", "")
    return (
        f"lịch {calendar} không có kỳ {frequency}, chỉ có {known}{vi}",
        f"the calendar {calendar} has no periods of frequency {frequency}, only {known}{en}",
    )
