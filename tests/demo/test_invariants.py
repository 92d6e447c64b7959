"""The invariants of every release, on the workspace that comes with the product: the demo."""

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


def test_invariants_hold_in_the_demo(
    demo_release: Path, invariant: Any, rows_that_break: Callable[[Any, Path], list[tuple[Any, ...]]]
) -> None:
    assert rows_that_break(invariant, demo_release) == []
