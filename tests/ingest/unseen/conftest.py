"""A registry of bodies of several countries, and a way to read what a source hands in by its recipe alone."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from published_files import Case

from ingest.recipe.load import load_source
from ingest.resolve import Resolver
from ingest.tidy import tidy
from ingest.workspace import Workspace, load_workspace

RECEIVED = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
Figures = dict[tuple[str, ...], str]


@pytest.fixture(scope="session")
def workspace() -> Workspace:
    return load_workspace(Path(__file__).parent / "workspace")


@pytest.fixture
def read(workspace: Workspace, tmp_path: Path) -> Callable[[Case], tuple[Figures, dict[str, str]]]:
    """Every figure of a case's files, and every cell that is held back with its problem."""

    def figures_of(case: Case) -> tuple[Figures, dict[str, str]]:
        path = tmp_path / f"{case.name}.yml"
        path.write_text("name: {vi: a, en: b}\n" + textwrap.dedent(case.recipe), encoding="utf-8")
        source, resolver = load_source(path), Resolver(workspace.registry)
        figures: Figures = {}
        held_back: dict[str, str] = {}
        for name, content in case.files.items():
            file = tmp_path / "file"
            file.write_bytes(content)
            tidied = tidy(
                file, name, source, resolver, workspace.calendars, submission_id="0" * 16, received_at=RECEIVED
            )
            for row in tidied.observations.to_pylist():
                problems = [row[c] for c in row if c.endswith("_problem") and c != "text_problem" and row[c]]
                if problems:
                    held_back[row["cell"]] = problems[0]
                    continue
                key = tuple(
                    row[c]
                    for c in (
                        *("indicator_code", "organisation_code", "period_code"),
                        *("target_group_code", "measure_kind"),
                    )
                )
                key = (*key, row["accumulation"]) if case.accumulation else key
                assert key not in figures, f"{key} twice"
                figures[key] = _shown(row)
        return figures, held_back

    return figures_of


def _shown(row: dict[str, Any]) -> str:
    if row["value"] is not None:
        value = format(row["value"].normalize(), "f")
    elif row["value_high"] is not None:
        value = f"{row['value_low'].normalize():f}..{row['value_high'].normalize():f}"
    else:
        return str(row["obs_status"])
    return value if row["obs_status"] == "A" else f"{value} {row['obs_status']}"


@pytest.fixture
def full_key() -> Callable[[Case], Figures]:
    """The figures a case expects, with the parts of their keys that it leaves out."""

    def completed(case: Case) -> Figures:
        defaults = ("_T", "ACTUAL")
        return {
            key if len(key) > 4 else (*key, *defaults[len(key) - 3 :]): str(value)
            for key, value in case.figures.items()
        }

    return completed
