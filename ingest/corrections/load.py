"""Reads ``corrections.yml`` and checks it against the workspace; all problems at once, each with line and column."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from ingest.corrections.model import Correction, Ledger
from ingest.problem import Problem
from ingest.recipe.problems import SourceProblem, position
from ingest.registry import Registry
from ingest.time.calendar import Calendars
from ingest.time.period import UnknownPeriodError
from ingest.yaml_document import model_of, problem_of, read_document

CORRECTIONS_FILE = "corrections.yml"
#: Path of keys in the document, and what is wrong there in Vietnamese and English.
Fault = tuple[list[Any], str, str]


def load_corrections(
    folder: Path,
    problems: list[Problem],
    *,
    registry: Registry,
    calendars: Calendars,
    sources: Collection[str],
    stewards: Collection[str],
) -> tuple[Correction, ...]:
    """The ledger of a workspace, empty where there is none; every problem is added to ``problems``."""
    path = folder / CORRECTIONS_FILE
    if not path.is_file():
        return ()
    document = read_document(path, problems)
    ledger = None if document is None else model_of(Ledger, document, CORRECTIONS_FILE, problems)
    if ledger is None:
        return ()
    for named, vi, en in _faults(ledger, registry, calendars, sources, stewards):
        keys = _in_document(document, named)
        line, column = position(document, keys)
        field = ".".join(str(key + 1) if isinstance(key, int) else key for key in keys)
        problems.append(problem_of(SourceProblem(CORRECTIONS_FILE, line, column, field, vi, en)))
    return ledger.corrections


def _in_document(document: Any, keys: list[Any]) -> list[Any]:
    """The path without the number of a place that is written without a list."""
    found: list[Any] = []
    for key in keys:
        if isinstance(key, str) or isinstance(document, list):
            found.append(key)
            document = document[key]
    return found


def _faults(
    ledger: Ledger, registry: Registry, calendars: Calendars, sources: Collection[str], stewards: Collection[str]
) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, correction in enumerate(ledger.corrections):
        at: list[Any] = ["corrections", number]
        if correction.id in seen:
            yield [*at, "id"], f"«{correction.id}» đã được dùng ở trên", f"«{correction.id}» is used above already"
        seen.add(correction.id)
        if correction.source not in sources:
            name = correction.source
            yield [*at, "source"], f"không có nguồn «{name}»", f"there is no source «{name}»"
        if correction.owner not in stewards:
            yield (
                [*at, "owner"],
                f"«{correction.owner}» không có trong stewards của workspace.yml",
                f"«{correction.owner}» is not among the stewards of workspace.yml",
            )
        yield from _unknown_codes(correction, at, registry, calendars)


def _unknown_codes(correction: Correction, at: list[Any], registry: Registry, calendars: Calendars) -> Iterator[Fault]:
    known = {
        "indicator": {row.code for row in registry.indicators},
        "organisation": {row.code for row in registry.organisations},
    }
    for position_of_place, place in enumerate(correction.where):
        for key, codes in known.items():
            for code in getattr(place, key) or ():
                if code not in codes:
                    where = [*at, "where", position_of_place, key]
                    yield where, f"danh mục không có mã «{code}»", f"the registry has no code «{code}»"
        for code in place.period or ():
            try:
                calendars.period(code)
            except UnknownPeriodError:
                where = [*at, "where", position_of_place, "period"]
                yield where, f"không lịch nào có kỳ «{code}»", f"no calendar has a period «{code}»"
