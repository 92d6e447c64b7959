"""Small registries and a way to read one file by one recipe."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from ingest.recipe.load import load_source
from ingest.recipe.model import Source
from ingest.registry.models import Indicator, Organisation, TargetGroup
from ingest.resolve import Resolver
from ingest.tidy import Tidied, tidy
from ingest.time.calendar import Calendars

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
    """Read a file (path, bytes, text of a csv, or rows of a sheet by name) by a recipe given as YAML."""

    loaded: dict[str, Source] = {}
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
        return tidy(
            _file(content, tmp_path),
            name,
            source,
            Resolver(registry),
            calendars,
            submission_id="0" * 16,
            received_at=received,
        )

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
