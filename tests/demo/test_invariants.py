"""The invariants of every release, on the two workspaces that come with the product: the demo and a new user's."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestration.command_line.main import call

pytestmark = pytest.mark.end_to_end


def published(workspace: Path) -> Path:
    """Run the workspace and give the DuckDB file of its release."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        call(["--workspace", str(workspace), "run"])
    database = workspace / "published" / "current" / "outturn.duckdb"
    assert database.exists(), output.getvalue()
    return database


@pytest.fixture(scope="module")
def demo_release(workspace: Path) -> Path:
    return published(workspace)


@pytest.fixture(scope="module")
def new_users_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "workspace"
    with contextlib.redirect_stdout(io.StringIO()):
        assert call(["init", str(folder)]) == 0
    return published(folder)


def test_invariants_hold_in_the_demo(
    demo_release: Path, invariant: Any, rows_that_break: Callable[[Any, Path], list[tuple[Any, ...]]]
) -> None:
    assert rows_that_break(invariant, demo_release) == []


def test_invariants_hold_in_a_new_workspace(
    new_users_release: Path, invariant: Any, rows_that_break: Callable[[Any, Path], list[tuple[Any, ...]]]
) -> None:
    assert rows_that_break(invariant, new_users_release) == []
