"""Small registries and a way to read one file by one recipe."""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from form_mutations import TIMES, check_no_shift, fallbacks_of

import ingest.tidy
from ingest.read import open_workbook
from ingest.recipe.load import load_source
from ingest.recipe.model import Source
from ingest.registry.models import Indicator, Organisation, TargetGroup
from ingest.resolve import Resolver
from ingest.tidy import Tidied
from ingest.time.calendar import Calendars

#: Mutations of the first file that a test reads; thousands over all tests of this folder in the long run.
MUTATIONS_OF_A_FIXTURE = 4
#: Recipes that point at a place by its number have said that it does not move.
_POSITION = re.compile(r"\b(row|position|column|columns|header): *\[?\{?(row: *|position: *)?[0-9]|\bto_row\b")
RECEIVED = dt.datetime(2025, 10, 1, 8, 0, tzinfo=dt.UTC)
FIRST_DAY = dt.date(1900, 1, 1)


def registry_of(
    organisations: Sequence[Any] = (), indicators: Sequence[Any] = (), groups: Sequence[tuple[str, str]] = ()
) -> SimpleNamespace:
    """A registry of organisations (code, or code and name, or code, name, from, to), indicators (code, or code and
    unit) and target groups (dimension, code)."""

    def organisation(item: Any) -> Organisation:
        code, name, start, end = (*((item, item) if isinstance(item, str) else item), None, None)[:4]
        return Organisation(
            code=code, name_vi=name, name_en=name, level="province", valid_from=start or FIRST_DAY, valid_to=end
        )

    def indicator(item: Any) -> Indicator:
        code, unit = (item, "dossier") if isinstance(item, str) else item
        return Indicator(code=code, name_vi=code, name_en=code, role="output", unit=unit)

    rows: dict[str, list[Any]] = {
        "organisations": [organisation(item) for item in organisations],
        "indicators": [indicator(item) for item in indicators],
        "target_groups": [
            TargetGroup(dimension=dimension, code=code, name_vi=code, name_en=code) for dimension, code in groups
        ],
    }
    return SimpleNamespace(tables=rows)


@pytest.fixture
def registry() -> Callable[..., SimpleNamespace]:
    return registry_of


@pytest.fixture
def read_with(tmp_path: Path) -> Callable[..., Tidied]:
    """Read a file (path, bytes, text of a csv, or rows of a sheet by name) by a recipe given as YAML.

    The first file that a test reads is mutated, too, and must not shift: every fixture is one of drift.
    """

    loaded: dict[str, Source] = {}
    mutated: set[str] = set()
    calendars = Calendars()

    def read(
        recipe: str,
        content: Any,
        registry: SimpleNamespace,
        *,
        name: str = "file.xlsx",
        received: dt.datetime = RECEIVED,
    ) -> Tidied:
        source = loaded.get(recipe)
        if source is None:
            path = tmp_path / "source.yml"
            path.write_text("name: {vi: a, en: b}\n" + textwrap.dedent(recipe), encoding="utf-8")
            source = loaded[recipe] = load_source(path)
        path, resolver = _file(content, tmp_path), Resolver(registry)

        def tidied() -> Tidied:
            return ingest.tidy.tidy(
                path, name, source, resolver, calendars, submission_id="0" * 16, received_at=received
            )

        result = tidied()
        if name not in mutated and result.rows_read and not _POSITION.search(recipe):
            mutated.add(name)
            whole = open_workbook(path, name, encoding=source.encoding, delimiter=source.delimiter)
            count, fallbacks = int(MUTATIONS_OF_A_FIXTURE * TIMES), fallbacks_of(source, resolver)
            check_no_shift(f"{name} {recipe}", whole, tidied, count, fallbacks=fallbacks)
        return result

    return read


def _file(content: Any, folder: Path) -> Path:
    if isinstance(content, Path):
        return content
    path = folder / "content"
    if isinstance(content, str):
        path.write_text(content, encoding="utf-8")
    elif isinstance(content, bytes):
        path.write_bytes(content)
    else:
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.active)
        for name, rows in (content if isinstance(content, dict) else {"Biểu": content}).items():
            worksheet = workbook.create_sheet(name)
            for row in rows:
                worksheet.append(row)
        workbook.save(path)
    return path


@pytest.fixture
def facts() -> Callable[..., list[tuple[Any, ...]]]:
    """Rows of a tidied file as tuples of the columns asked for, in reading order."""

    def rows(tidied: Tidied, *columns: str, totals: bool = False) -> list[tuple[Any, ...]]:
        table = tidied.totals if totals else tidied.observations
        return [tuple(row[column] for column in columns) for row in table.to_pylist()]

    return rows
